//! The networks, and whether the addresses of instances are reserved in them.

use indexmap::IndexMap;

use super::{FindingKind, Judge, instance_name};
use crate::ids::NetworkId;
use crate::net::{AddressPool, Holder, ipv4};
use crate::objects::{Instance, Nic};

impl Judge<'_> {
    pub(super) fn networks(&mut self) {
        let data = self.data;
        self.filing(&data.networks);
        let mut pools: IndexMap<NetworkId, AddressPool> = IndexMap::new();
        for (id, network) in data.networks.iter() {
            let marks = (network.reservations.as_deref(), network.ext_reservations.as_deref());
            match AddressPool::new(&network.network, marks.0, marks.1) {
                Ok(pool) => drop(pools.insert(id.clone(), pool)),
                Err(problem) => {
                    self.find(FindingKind::NetworkPool, format!("network '{}': {problem}", network.name));
                }
            }
        }
        for instance in data.instances.values() {
            for (index, nic) in instance.nics.iter().enumerate() {
                self.nic_network(instance, index, nic, &pools);
            }
        }
    }

    fn nic_network(&mut self, instance: &Instance, index: usize, nic: &Nic, pools: &IndexMap<NetworkId, AddressPool>) {
        let Some(id) = &nic.network else { return };
        let owner = || format!("network interface {index} of instance '{}'", instance_name(instance));
        let Some(network) = self.data.networks.get(id) else {
            let text = format!("{} is in network {id}, which is not in the configuration", owner());
            return self.find(FindingKind::NetworkOfNicGone, text);
        };
        // Without a pool the network is a finding by itself.
        let (Some(ip), Some(pool)) = (&nic.ip, pools.get(id)) else { return };
        let reserved = ipv4(ip).is_ok_and(|ip| pool.is_reserved(ip, Holder::Instance).unwrap_or(false));
        if !reserved {
            let text = format!("{} has address {ip}, which network '{}' has not reserved", owner(), network.name);
            self.find(FindingKind::AddressNotReserved, text);
        }
    }
}
