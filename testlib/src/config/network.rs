//! Networks: pools of addresses.

use std::net::Ipv4Addr;
use std::panic::Location;

use cmdlib::ids::NetworkId;
use cmdlib::net::{AddressPool, Holder, ipv4, mac_prefix};
use cmdlib::objects::Network;
use serde_json::json;

use super::counted::Thing;
use super::lines::Line;
use super::mistake::mistake;
use super::parameters::valid_tag;
use super::{MockConfig, made};

/// A network of the cluster, to be changed: each setter does so at once.
///
/// It is a pool of addresses, of which the first and the last are kept from instances, as the gateway is. Instances
/// can only be in networks that their node's group is connected to:
/// [`GroupBuilder::connected`](super::GroupBuilder::connected).
///
/// ```
/// use testlib::MockConfig;
///
/// let mut config = MockConfig::new();
/// config.network("net1").cidr("10.1.0.0/28").gateway("10.1.0.1").reserve("10.1.0.5");
/// config.group("default").connected("net1", "bridged", "br1");
/// config.instance("web1").nic(|nic| nic.network("net1").ip("10.1.0.2"));
///
/// let net1 = config.snapshot().get(&config.id_of_network("net1")).unwrap();
/// assert_eq!(net1.reservations.as_deref(), Some("0010000000000000"));
/// assert_eq!(net1.ext_reservations.as_deref(), Some("1100010000000001"));
/// ```
pub struct NetworkBuilder<'c> {
    config: &'c mut MockConfig,
    id: NetworkId,
}

impl MockConfig {
    /// Returns the network of this name; makes it, if there is none: 10.0.1.0/24 the first, without a gateway, not
    /// connected to any group.
    ///
    /// # Panics
    /// It must be made and the name is empty.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// let net1 = config.network("net1").id();
    /// assert_eq!(config.snapshot().get(&net1).unwrap().network, "10.0.1.0/24");
    /// ```
    #[track_caller]
    pub fn network(&mut self, name: &str) -> NetworkBuilder<'_> {
        let line = Location::caller();
        let id = match self.known::<Network>(name) {
            Some(id) => id,
            None if name.is_empty() => mistake("a network needs a name"),
            None => self.make_network(name),
        };
        self.lines.note(id.as_str(), line);
        NetworkBuilder { config: self, id }
    }

    #[track_caller]
    fn make_network(&mut self, name: &str) -> NetworkId {
        let id = self.counted.next(Thing::Network);
        let cidr = format!("10.0.{}.0/24", self.counted.so_far(Thing::Network) % 256);
        let pool = new_pool(&cidr, None);
        self.store::<Network>(made(&json!({
            "uuid": id, "name": name, "network": cidr, "reservations": pool.to_text(Holder::Instance),
            "ext_reservations": pool.to_text(Holder::External), "tags": [], "serial_no": 1, "ctime": self.time(),
            "mtime": self.time(),
        })));
        NetworkId::new(id)
    }

    /// Returns a network's pool.
    #[track_caller]
    pub(super) fn pool(&self, id: &NetworkId) -> AddressPool {
        let network = self.object(id);
        let texts = (network.reservations.as_deref(), network.ext_reservations.as_deref());
        match AddressPool::new(&network.network, texts.0, texts.1) {
            Ok(pool) => pool,
            Err(why) => mistake(format!("network '{}': {why}", network.name)),
        }
    }

    pub(super) fn store_pool(&mut self, id: &NetworkId, pool: &AddressPool, line: Line) {
        self.put(id, line, |network| {
            network.reservations = Some(pool.to_text(Holder::Instance));
            network.ext_reservations = Some(pool.to_text(Holder::External));
        });
    }

    /// Gives the address of an instance back to its network, as far as that still is as it was.
    pub(super) fn release(&mut self, id: &NetworkId, address: &str, line: Line) {
        let Ok(network) = self.state.get(id) else { return };
        let texts = (network.reservations.as_deref(), network.ext_reservations.as_deref());
        let Ok(mut pool) = AddressPool::new(&network.network, texts.0, texts.1) else { return };
        if ipv4(address).is_ok_and(|address| pool.release(address, Holder::Instance).is_ok()) {
            self.store_pool(id, &pool, line);
        }
    }
}

#[track_caller]
fn new_pool(cidr: &str, gateway: Option<Ipv4Addr>) -> AddressPool {
    match AddressPool::begin(cidr, gateway) {
        Ok(pool) => pool,
        Err(why) => mistake(why),
    }
}

#[track_caller]
fn address(text: &str) -> Ipv4Addr {
    match ipv4(text) {
        Ok(address) => address,
        Err(why) => mistake(why),
    }
}

impl NetworkBuilder<'_> {
    /// Returns the network's uuid.
    #[must_use]
    pub fn id(&self) -> NetworkId {
        self.id.clone()
    }

    /// Sets the addresses: a network as `10.1.0.0/24`, of 16 to 30 bits. It has no gateway then, and what was reserved
    /// is free again.
    ///
    /// # Panics
    /// It is no such network, or instances have addresses of the former one.
    #[track_caller]
    pub fn cidr(self, cidr: &str) -> Self {
        let line = Location::caller();
        let holds = |nic: &cmdlib::objects::Nic| nic.network.as_ref() == Some(&self.id) && nic.ip.is_some();
        if let Some(instance) = self.config.state.instances.values().find(|it| it.nics.iter().any(holds)) {
            let names = (self.config.called(&self.id), self.config.short_name(&instance.name));
            mistake(format!("network '{}' can't have other addresses: instance '{}' has one", names.0, names.1));
        }
        let pool = new_pool(cidr, None);
        self.config.put(&self.id, line, |network| {
            network.network = pool.network().to_string();
            network.gateway = None;
        });
        self.config.store_pool(&self.id, &pool, line);
        self
    }

    /// Sets the gateway, whose address instances can't have.
    ///
    /// # Panics
    /// It is no address of the network, or taken.
    #[track_caller]
    pub fn gateway(self, gateway: &str) -> Self {
        let line = Location::caller();
        let this = self.reserve(gateway);
        this.config.put(&this.id, line, |network| network.gateway = Some(gateway.to_owned()));
        this
    }

    /// Sets the first three octets of the hardware addresses that its instances get.
    ///
    /// # Panics
    /// It is no such prefix.
    #[track_caller]
    pub fn mac_prefix(self, prefix: &str) -> Self {
        let line = Location::caller();
        let prefix = match mac_prefix(prefix) {
            Ok(prefix) => prefix,
            Err(why) => mistake(why),
        };
        self.config.put(&self.id, line, |network| network.mac_prefix = Some(prefix));
        self
    }

    /// Keeps an address from instances.
    ///
    /// # Panics
    /// It is no address of the network, or taken.
    #[track_caller]
    pub fn reserve(self, reserved: &str) -> Self {
        let line = Location::caller();
        let reserved = address(reserved);
        let mut pool = self.config.pool(&self.id);
        if pool.is_reserved(reserved, Holder::Instance) == Ok(true) {
            mistake(format!("an instance has the address {reserved}"));
        }
        if let Err(why) = pool.reserve(reserved, Holder::External) {
            mistake(format!("network '{}': {why}", self.config.called(&self.id)));
        }
        self.config.store_pool(&self.id, &pool, line);
        self
    }

    /// Adds a tag.
    ///
    /// # Panics
    /// It is no valid tag.
    #[track_caller]
    pub fn tag(self, tag: &str) -> Self {
        let tag = valid_tag(tag);
        self.config.put(&self.id, Location::caller(), |network| network.tags.extend([tag]));
        self
    }

    /// Changes whatever has no setter. Nothing is checked but what [`MockConfig::check`] checks.
    ///
    /// # Panics
    /// The uuid was changed.
    #[track_caller]
    pub fn change(self, change: impl FnOnce(&mut Network)) -> Self {
        self.config.put_by_hand(&self.id, change);
        self
    }
}
