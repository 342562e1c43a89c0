//! The networks, and whether the addresses of instances are reserved in them.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use indexmap::IndexMap;

use super::{FindingKind, Judge, instance_name};
use crate::ids::NetworkId;
use crate::net::{AddressPool, Holder, ipv4};
use crate::objects::{Instance, Nic};

/// The pool of a network, and which of its addresses interfaces have.
struct Used {
    pool: AddressPool,
    by_interfaces: BTreeSet<Ipv4Addr>,
}

impl Judge<'_> {
    pub(super) fn networks(&mut self) {
        let data = self.data;
        self.filing(&data.networks);
        let mut pools: IndexMap<NetworkId, Used> = IndexMap::new();
        for (id, network) in data.networks.iter() {
            let marks = (network.reservations.as_deref(), network.ext_reservations.as_deref());
            match AddressPool::new(&network.network, marks.0, marks.1) {
                Ok(pool) => drop(pools.insert(id.clone(), Used { pool, by_interfaces: BTreeSet::new() })),
                Err(problem) => {
                    self.find(FindingKind::NetworkPool, format!("network '{}': {problem}", network.name));
                }
            }
        }
        for instance in data.instances.values() {
            for (index, nic) in instance.nics.iter().enumerate() {
                self.nic_network(instance, index, nic, &mut pools);
            }
        }
        for (id, used) in pools {
            self.unused_reservations(&id, &used);
        }
    }

    fn nic_network(&mut self, instance: &Instance, index: usize, nic: &Nic, pools: &mut IndexMap<NetworkId, Used>) {
        let Some(id) = &nic.network else { return };
        let owner = || format!("network interface {index} of instance '{}'", instance_name(instance));
        let Some(network) = self.data.networks.get(id) else {
            let text = format!("{} is in network {id}, which is not in the configuration", owner());
            return self.find(FindingKind::NetworkOfNicGone, text);
        };
        // Without a pool the network is a finding by itself.
        let (Some(ip), Some(Used { pool, by_interfaces })) = (&nic.ip, pools.get_mut(id)) else { return };
        let address = ipv4(ip).ok();
        by_interfaces.extend(address);
        if !address.is_some_and(|address| pool.is_reserved(address, Holder::Instance).unwrap_or(false)) {
            let text = format!("{} has address {ip}, which network '{}' has not reserved", owner(), network.name);
            self.find(FindingKind::AddressNotReserved, text);
        }
    }

    /// Finds what is reserved for instances and no interface has: nobody can use it, and nobody gives it back.
    fn unused_reservations(&mut self, id: &NetworkId, used: &Used) {
        let unused: Vec<Ipv4Addr> =
            used.pool.instance_addresses().filter(|address| !used.by_interfaces.contains(address)).collect();
        let (Some(first), Some(network)) = (unused.first(), self.data.networks.get(id)) else { return };
        let more = if unused.len() > 1 { format!(" and {} more", unused.len() - 1) } else { String::new() };
        let text =
            format!("network '{}' has reserved {first}{more} for instances, but no interface uses it", network.name);
        self.find(FindingKind::ReservationUnused, text);
    }
}
