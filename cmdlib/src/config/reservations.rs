//! What running jobs have reserved and not stored yet. A reservation is keyed by its execution context, so that two of one
//! job live side by side and all of them go together (H30, H80).

use std::collections::BTreeMap;
use std::fmt;

use crate::config::data::{Data, Snapshot};
use crate::ids::{NetworkId, NodeId};
use crate::net::{AddressPool, Holder, ipv4};

/// The execution context of a job: the job's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner(pub u64);

/// Something that may exist once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reserved {
    /// A uuid, of whatever object.
    Uuid(String),
    /// A hardware address.
    Mac(String),
    /// An address of a network.
    Ip(NetworkId, String),
    /// A logical volume: `group/volume`.
    Volume(String),
    /// The minor number of a mirrored disk on a node.
    Minor(NodeId, i64),
    /// The secret of a mirrored disk.
    Secret(String),
    /// A TCP port.
    Port(i64),
}

impl Reserved {
    /// Returns the one spelling of the same thing.
    fn canonical(self) -> Self {
        match self {
            Self::Mac(mac) => Self::Mac(mac.to_ascii_lowercase()),
            other => other,
        }
    }
}

impl fmt::Display for Reserved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uuid(uuid) => write!(f, "uuid {uuid}"),
            Self::Mac(mac) => write!(f, "hardware address {mac}"),
            Self::Ip(network, ip) => write!(f, "address {ip} of network {network}"),
            Self::Volume(volume) => write!(f, "volume {volume}"),
            Self::Minor(node, minor) => write!(f, "minor {minor} on node {node}"),
            Self::Secret(_) => f.write_str("a secret"),
            Self::Port(port) => write!(f, "port {port}"),
        }
    }
}

/// Something is in use already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What is taken.
    pub what: Reserved,
    /// The job that has it reserved; none if the configuration has it.
    pub by: Option<Owner>,
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.by {
            Some(owner) => write!(f, "{} is reserved by job {}", self.what, owner.0),
            None => write!(f, "{} is in use", self.what),
        }
    }
}
impl std::error::Error for Taken {}

#[derive(Debug, Default)]
pub(crate) struct Reservations {
    taken: BTreeMap<Reserved, Owner>,
}

impl Reservations {
    pub(crate) fn add(&mut self, owner: Owner, what: Reserved, config: &Snapshot) -> Result<(), Taken> {
        let what = what.canonical();
        if let Some(by) = self.taken.get(&what) {
            return Err(Taken { by: Some(*by), what });
        }
        if config.uses(&what) {
            return Err(Taken { by: None, what });
        }
        self.taken.insert(what, owner);
        Ok(())
    }

    pub(crate) fn drop_owner(&mut self, owner: Owner) {
        self.taken.retain(|_, other| *other != owner);
    }

    pub(crate) fn list(&self) -> Vec<(Owner, Reserved)> {
        self.taken.iter().map(|(what, owner)| (*owner, what.clone())).collect()
    }
}

impl Data {
    /// Tells whether the configuration has this already.
    #[must_use]
    pub fn uses(&self, what: &Reserved) -> bool {
        match what {
            Reserved::Uuid(uuid) => self.has_uuid(uuid),
            Reserved::Mac(mac) => self.nics().any(|nic| nic.mac.eq_ignore_ascii_case(mac)),
            Reserved::Ip(network, ip) => {
                self.nics().any(|nic| nic.network.as_ref() == Some(network) && nic.ip.as_deref() == Some(ip))
                    || self.marked_as_used(network, ip)
            }
            Reserved::Volume(volume) => self.volumes().any(|(group, name)| format!("{group}/{name}") == *volume),
            Reserved::Minor(node, minor) => self.mirrors().any(|drbd| {
                let at = |on: &NodeId, number: &serde_json::Value| on == node && number.as_i64() == Some(*minor);
                at(&drbd.nodes.0, &drbd.minors.0) || at(&drbd.nodes.1, &drbd.minors.1)
            }),
            Reserved::Secret(secret) => self.all_disks().any(|disk| disk.logical_id.secret() == Some(secret)),
            Reserved::Port(port) => {
                self.instances.values().any(|it| it.network_port == Some(*port))
                    || self.mirrors().any(|drbd| drbd.port.as_i64() == Some(*port))
            }
        }
    }

    /// Whether the network's own list has the address as an instance's. What is kept from instances is not looked at: who may
    /// have such an address is for the caller to say.
    fn marked_as_used(&self, network: &NetworkId, ip: &str) -> bool {
        let Some(network) = self.networks.get(network) else { return false };
        let pool = AddressPool::new(&network.network, network.reservations.as_deref(), None);
        let marked = |pool: AddressPool| pool.is_reserved(ipv4(ip).ok()?, Holder::Instance).ok();
        pool.ok().and_then(marked).unwrap_or(false)
    }

    fn has_uuid(&self, uuid: &str) -> bool {
        let id = |it: &str| it == uuid;
        self.cluster.uuid == uuid
            || self.nodes.ids().any(|it| id(it.as_str()))
            || self.nodegroups.ids().any(|it| id(it.as_str()))
            || self.instances.ids().any(|it| id(it.as_str()))
            || self.networks.ids().any(|it| id(it.as_str()))
            || self.disks.ids().any(|it| id(it.as_str()))
            || self.all_disks().any(|it| id(it.uuid.as_str()))
            || self.filters.contains_key(uuid)
            || self.nics().any(|nic| nic.uuid == uuid)
    }
}
