//! Network interfaces of instances.

use cmdlib::config::Reserved;
use cmdlib::field::Params;
use cmdlib::ids::{InstanceId, NetworkId};
use cmdlib::net::{Holder, ipv4, ipv6, mac_address};
use cmdlib::objects::{Network, Nic};
use serde_json::{Value, json};

use super::counted::Thing;
use super::lines::Line;
use super::mistake::{listed, mistake};
use super::{MockConfig, made};

/// A network interface to be added to an instance. Without a word it has the cluster's mode and link, no address, and
/// the next hardware address.
///
/// What can't be is refused at the line of the instance's [`nic`](super::InstanceBuilder::nic).
///
/// ```
/// use testlib::MockConfig;
///
/// let mut config = MockConfig::new();
/// config.instance("web1").nic(|nic| nic.bridged("br1").ip("10.9.0.7").named("uplink"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct NicBuilder {
    mac: Option<String>,
    ip: Option<String>,
    network: Option<String>,
    name: Option<String>,
    nicparams: Params,
}

impl NicBuilder {
    /// Attaches it to a bridge.
    #[must_use]
    pub fn bridged(self, bridge: &str) -> Self {
        self.mode("bridged", bridge)
    }

    /// Attaches it to a switch of Open vSwitch.
    #[must_use]
    pub fn openvswitch(self, switch: &str) -> Self {
        self.mode("openvswitch", switch)
    }

    /// Has its packets routed by this routing table. The real system wants an address, too.
    #[must_use]
    pub fn routed(self, table: &str) -> Self {
        self.mode("routed", table)
    }

    /// Sets the VLAN, such as `.7` or `:5:6`.
    #[must_use]
    pub fn vlan(mut self, vlan: &str) -> Self {
        self.nicparams.insert("vlan".to_owned(), vlan.into());
        self
    }

    /// Sets the address. In a network, it must be one of its free ones.
    #[must_use]
    pub fn ip(mut self, address: &str) -> Self {
        self.ip = Some(address.to_owned());
        self
    }

    /// Puts it into a network, which must be connected to the group of the instance's node; mode and link are those of
    /// the connection.
    #[must_use]
    pub fn network(mut self, name: &str) -> Self {
        self.network = Some(name.to_owned());
        self
    }

    /// Sets the hardware address.
    #[must_use]
    pub fn mac(mut self, address: &str) -> Self {
        self.mac = Some(address.to_owned());
        self
    }

    /// Sets the name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    fn mode(mut self, mode: &str, link: &str) -> Self {
        self.nicparams.insert("mode".to_owned(), mode.into());
        self.nicparams.insert("link".to_owned(), link.into());
        self
    }
}

impl MockConfig {
    /// Adds an interface to an instance; the first one takes the place of the one that nobody asked for.
    #[track_caller]
    pub(super) fn add_nic(&mut self, instance: &InstanceId, nic: NicBuilder, line: Line) {
        #[expect(clippy::manual_map, reason = "a closure would hide the test's line")]
        let network = match &nic.network {
            Some(name) => Some(self.id_of::<Network>(name)),
            None => None,
        };
        let connection = match &network {
            Some(network) => self.connection(instance, network),
            None => Params::new(),
        };
        if network.is_some() && !nic.nicparams.is_empty() {
            mistake("an interface in a network has the mode, link and VLAN of the connection: leave them out");
        }
        if self.default_nics.remove(instance) {
            self.remove_nics(instance, line);
        }
        if let Some(ip) = &nic.ip {
            self.take_address(ip, network.as_ref(), line);
        }
        let mac = self.mac_for(nic.mac.as_deref(), network.as_ref());
        let uuid = self.counted.next(Thing::Nic);
        let mut members = Params::from_iter([("uuid".to_owned(), uuid.into()), ("mac".to_owned(), mac.into())]);
        let mut put = |key: &str, value: Option<Value>| {
            members.extend(value.map(|value| (key.to_owned(), value)));
        };
        put("ip", nic.ip.map(Value::from));
        put("network", network.map(|id| id.as_str().into()));
        put("name", nic.name.map(Value::from));
        put("nicparams", Some(if connection.is_empty() { nic.nicparams } else { connection }.into()));
        let nic: Nic = made(&members.into());
        self.put(instance, line, |instance| instance.nics.push(nic));
    }

    /// Takes all interfaces of an instance away.
    pub(super) fn remove_nics(&mut self, instance: &InstanceId, line: Line) {
        let nics = self.object(instance).nics.clone();
        self.put(instance, line, |instance| instance.nics.clear());
        for nic in nics {
            if let (Some(network), Some(ip)) = (&nic.network, &nic.ip) {
                self.release(network, ip, line);
            }
            self.counted.give_back(Thing::Nic, &nic.uuid);
            self.give_mac_back(&nic.mac);
        }
    }

    /// Returns how a network is connected to the group of the instance's node.
    #[track_caller]
    fn connection(&self, instance: &InstanceId, network: &NetworkId) -> Params {
        let node = self.object(&self.object(instance).primary_node);
        let group = self.object(&node.group);
        match group.networks.get(network.as_str()) {
            Some(connection) => connection.clone(),
            None => {
                let connected = group.networks.keys().map(|id| self.called(&NetworkId::new(id.as_str())));
                let connected: Vec<String> = connected.collect();
                mistake(format!(
                    "network '{0}' is not connected to node group '{1}' (connected: {2}); \
                     connect it first: .group(\"{1}\").connected(\"{0}\", \"bridged\", \"br0\")",
                    self.called(network),
                    group.name,
                    listed(connected.iter().map(String::as_str)),
                ))
            }
        }
    }

    #[track_caller]
    fn take_address(&mut self, ip: &str, network: Option<&NetworkId>, line: Line) {
        let Some(network) = network else {
            if ipv4(ip).is_err() && ipv6(ip).is_err() {
                mistake(format!("\"{ip}\" is no address"));
            }
            return;
        };
        let name = self.called(network);
        let mut pool = self.pool(network);
        let address = match ipv4(ip) {
            Ok(address) => address,
            Err(why) => mistake(why),
        };
        if pool.is_reserved(address, Holder::External) == Ok(true) {
            mistake(format!("network '{name}': address {ip} is kept from instances"));
        }
        if let Err(why) = pool.reserve(address, Holder::Instance) {
            mistake(format!("network '{name}': {why}"));
        }
        self.store_pool(network, &pool, line);
    }

    #[track_caller]
    fn mac_for(&mut self, wanted: Option<&str>, network: Option<&NetworkId>) -> String {
        let Some(wanted) = wanted else {
            let own = network.and_then(|id| self.object(id).mac_prefix.clone());
            let prefix = own.unwrap_or_else(|| self.state.cluster.mac_prefix.clone());
            return self.next_mac(&prefix);
        };
        match mac_address(wanted) {
            Ok(mac) if self.state.uses(&Reserved::Mac(mac.clone())) => {
                mistake(format!("another interface has the hardware address {mac}"))
            }
            Ok(mac) => mac,
            Err(why) => mistake(why),
        }
    }

    /// Adds the interface that an instance has if nobody says anything.
    pub(super) fn default_nic(&mut self) -> Value {
        let prefix = self.state.cluster.mac_prefix.clone();
        json!({ "uuid": self.counted.next(Thing::Nic), "mac": self.next_mac(&prefix), "nicparams": {} })
    }
}
