//! Nodes.

use std::net::Ipv4Addr;
use std::panic::Location;

use cmdlib::ids::NodeId;
use cmdlib::net::ipv4;
use cmdlib::objects::{Node, NodeGroup};
use cmdlib::params::tables;
use serde_json::Value;

use super::MockConfig;
use super::counted::Thing;
use super::lines::Line;
use super::mistake::{listed, mistake};
use super::parameters::{own_parameter, valid_tag};

/// A node of the cluster, to be changed: each setter does so at once.
///
/// Roles follow the rules of the real system: an offline or drained node is no master candidate, a node is not offline
/// and drained, and when a candidate goes, the first node that could be one takes its place while the pool has room.
///
/// ```
/// use testlib::MockConfig;
///
/// let mut config = MockConfig::new();
/// config.node("node2").offline();
/// config.node("node3").not_vm_capable().ndparam("spindle_count", 4).tag("storage-only");
/// config.check().unwrap();
/// ```
pub struct NodeBuilder<'c> {
    config: &'c mut MockConfig,
    id: NodeId,
}

impl MockConfig {
    /// Returns the node of this name; makes it, if there is none: in the first group, in service, able to do anything,
    /// with addresses that count up, single-homed if the master is.
    ///
    /// # Panics
    /// It must be made and the name is empty.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// let node2 = config.node("node2").id();
    /// assert_eq!(config.snapshot().get(&node2).unwrap().primary_ip, "192.0.2.2");
    /// ```
    #[track_caller]
    pub fn node(&mut self, name: &str) -> NodeBuilder<'_> {
        let line = Location::caller();
        let id = match self.known::<Node>(name) {
            Some(id) => id,
            None if name.is_empty() => mistake("a node needs a name"),
            None => self.make_node(name, line),
        };
        self.lines.note(id.as_str(), line);
        NodeBuilder { config: self, id }
    }

    fn make_node(&mut self, name: &str, line: Line) -> NodeId {
        let id = self.counted.next(Thing::Node);
        let (primary, secondary) = self.free_addresses();
        let master = self.state.nodes.get(&self.state.cluster.master_node);
        let single_homed = master.is_some_and(|it| it.primary_ip == it.secondary_ip);
        let secondary = if single_homed { primary.clone() } else { secondary };
        let name = self.full_name::<Node>(name);
        self.store(self.new_node(&id, &name, (&primary, &secondary)));
        self.settle_roles(line);
        NodeId::new(id)
    }

    /// Returns the first addresses, from the new node's number on, that no node has.
    fn free_addresses(&self) -> (String, String) {
        let taken = |address: &str| self.holder(address).is_some();
        let mut number = self.counted.so_far(Thing::Node);
        loop {
            let (primary, secondary) = addresses(number);
            if !taken(&primary) && !taken(&secondary) {
                return (primary, secondary);
            }
            number += 1;
        }
    }

    /// Returns what has an address: a node, the cluster, or an instance outside of networks.
    fn holder(&self, address: &str) -> Option<String> {
        if self.state.cluster.master_ip == address {
            return Some("the cluster".to_owned());
        }
        let has = |node: &&std::sync::Arc<Node>| node.primary_ip == address || node.secondary_ip == address;
        let node = self.state.nodes.values().find(has);
        node.map(|node| format!("node '{}'", self.short_name(&node.name)))
    }
}

/// Returns the primary and the secondary address of the n-th node.
pub(super) fn addresses(number: u64) -> (String, String) {
    match u32::try_from(number) {
        Ok(number @ ..=250) => (format!("192.0.2.{number}"), format!("198.51.100.{number}")),
        number => {
            let number = number.unwrap_or(u32::MAX) & 0x000f_ffff;
            let from = |base: Ipv4Addr| Ipv4Addr::from_bits(base.to_bits() + number).to_string();
            (from(Ipv4Addr::new(10, 64, 0, 0)), from(Ipv4Addr::new(10, 96, 0, 0)))
        }
    }
}

impl NodeBuilder<'_> {
    /// Returns the node's uuid.
    #[must_use]
    pub fn id(&self) -> NodeId {
        self.id.clone()
    }

    /// Marks the node as down: it is not contacted. It is no longer drained, and no candidate.
    ///
    /// # Panics
    /// It is the master.
    #[track_caller]
    pub fn offline(self) -> Self {
        self.not_the_master("go offline");
        self.role(Location::caller(), |node| {
            node.offline = true;
            node.drained = false;
            node.master_candidate = false;
        })
    }

    /// Marks the node as one that gets no new instances. It is no longer offline, and no candidate.
    ///
    /// # Panics
    /// It is the master.
    #[track_caller]
    pub fn drained(self) -> Self {
        self.not_the_master("be drained");
        self.role(Location::caller(), |node| {
            node.drained = true;
            node.offline = false;
            node.master_candidate = false;
        })
    }

    /// Puts the node back into service: neither offline nor drained.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.node("node2").offline();
    /// config.node("node2").online();
    /// assert!(config.snapshot().get(&config.id_of_node("node2")).unwrap().master_candidate);
    /// ```
    #[track_caller]
    pub fn online(self) -> Self {
        self.role(Location::caller(), |node| {
            node.offline = false;
            node.drained = false;
        })
    }

    /// Makes the node one that can't run instances.
    ///
    /// # Panics
    /// There are instances on it.
    #[track_caller]
    pub fn not_vm_capable(self) -> Self {
        let instances = self.config.state.instances_of_node(&self.id);
        if !instances.is_empty() {
            let names: Vec<String> = instances.iter().map(|id| self.config.called(id)).collect();
            let names = listed(names.iter().map(String::as_str));
            mistake(format!("node '{}' runs instances or mirrors their disks: {names}", self.name()));
        }
        self.set(Location::caller(), |node| node.vm_capable = false)
    }

    /// Makes the node one that can't become a master candidate, and is none.
    ///
    /// # Panics
    /// It is the master.
    #[track_caller]
    pub fn not_master_capable(self) -> Self {
        self.not_the_master("lose the ability to be one");
        self.role(Location::caller(), |node| {
            node.master_capable = false;
            node.master_candidate = false;
        })
    }

    /// Makes the node a master candidate, even if the pool is full; or takes it out of the pool, which becomes smaller
    /// if it could not be filled otherwise.
    ///
    /// # Panics
    /// It is to be one and is offline, drained or not able to; it is to be none and is the master.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.node("node2").candidate(false);
    /// assert_eq!(config.snapshot().cluster.candidate_pool_size, 1);
    /// config.check().unwrap();
    /// ```
    #[track_caller]
    pub fn candidate(self, candidate: bool) -> Self {
        let node = self.config.object(&self.id);
        if candidate {
            let why = match (node.offline, node.drained, node.master_capable) {
                (true, ..) => Some("is offline"),
                (_, true, _) => Some("is drained"),
                (.., false) => Some("is not master capable"),
                _ => None,
            };
            if let Some(why) = why {
                mistake(format!("node '{}' {why}: it can't be a master candidate", self.name()));
            }
        } else {
            self.not_the_master("leave the pool of candidates");
        }
        let this = self.set(Location::caller(), |node| node.master_candidate = candidate);
        this.config.shrink_pool();
        this
    }

    /// Makes the node the master, hence a candidate in service.
    ///
    /// # Panics
    /// It is not master capable.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.node("node2").master();
    /// config.node("node1").offline();
    /// config.check().unwrap();
    /// ```
    #[track_caller]
    pub fn master(self) -> Self {
        let line = Location::caller();
        if !self.config.object(&self.id).master_capable {
            mistake(format!("node '{}' is not master capable", self.name()));
        }
        let id = self.id();
        self.config.change(|draft| draft.update_cluster(|cluster| cluster.master_node = id));
        self.role(line, |node| {
            node.master_candidate = true;
            node.offline = false;
            node.drained = false;
        })
    }

    /// Moves the node to another group.
    ///
    /// # Panics
    /// There is no such group: make it before, with [`MockConfig::group`].
    #[track_caller]
    pub fn group(self, name: &str) -> Self {
        let group = self.config.id_of::<NodeGroup>(name);
        self.set(Location::caller(), |node| node.group = group)
    }

    /// Sets the address that calls go to. The secondary address of a single-homed node goes with it.
    ///
    /// # Panics
    /// It is no IPv4 address, or taken.
    #[track_caller]
    pub fn primary_ip(self, address: &str) -> Self {
        let address = self.free_address(address);
        self.set(Location::caller(), |node| {
            if node.secondary_ip == node.primary_ip {
                node.secondary_ip.clone_from(&address);
            }
            node.primary_ip = address;
        })
    }

    /// Sets the address that disks are mirrored over. The node's primary address makes it single-homed.
    ///
    /// # Panics
    /// It is no IPv4 address, or taken.
    #[track_caller]
    pub fn secondary_ip(self, address: &str) -> Self {
        let address = self.free_address(address);
        self.set(Location::caller(), |node| node.secondary_ip = address)
    }

    /// Sets whether the node has power, as far as known.
    #[track_caller]
    pub fn powered(self, powered: bool) -> Self {
        self.set(Location::caller(), |node| node.powered = powered)
    }

    /// Sets a node parameter of this node.
    ///
    /// # Panics
    /// There is no such parameter, the value is of another type, or a single node can't have it (`exclusive_storage` is
    /// the group's, or the cluster's).
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.node("node1").ndparam("oob_program", "/usr/bin/ipmi");
    /// ```
    #[track_caller]
    pub fn ndparam(self, key: &str, value: impl Into<Value>) -> Self {
        let value = own_parameter("node parameter", &tables::NODE, key, value, "a group or the cluster");
        self.set(Location::caller(), |node| drop(node.ndparams.insert(key.to_owned(), value)))
    }

    /// Adds a tag.
    ///
    /// # Panics
    /// It is no valid tag.
    #[track_caller]
    pub fn tag(self, tag: &str) -> Self {
        let tag = valid_tag(tag);
        self.set(Location::caller(), |node| node.tags.extend([tag]))
    }

    /// Changes whatever has no setter. Nothing is checked but what [`MockConfig::check`] checks.
    ///
    /// # Panics
    /// The uuid was changed.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.node("node1").change(|node| node.serial_no = 7);
    /// ```
    #[track_caller]
    pub fn change(self, change: impl FnOnce(&mut Node)) -> Self {
        self.config.put_by_hand(&self.id, change);
        self
    }

    fn set(self, line: Line, change: impl FnOnce(&mut Node)) -> Self {
        self.config.put(&self.id, line, change);
        self
    }

    /// Changes the node's role, and then what follows from it for others.
    fn role(self, line: Line, change: impl FnOnce(&mut Node)) -> Self {
        let this = self.set(line, change);
        this.config.settle_roles(line);
        this
    }

    fn name(&self) -> String {
        self.config.called(&self.id)
    }

    #[track_caller]
    fn not_the_master(&self, what: &str) {
        if self.config.state.cluster.master_node == self.id {
            let name = self.name();
            mistake(format!("node '{name}' is the master, which can't {what}; make another node the master first"));
        }
    }

    #[track_caller]
    fn free_address(&self, address: &str) -> String {
        if let Err(why) = ipv4(address) {
            mistake(why);
        }
        let node = self.config.object(&self.id);
        if node.primary_ip == address || node.secondary_ip == address {
            return address.to_owned();
        }
        match self.config.holder(address) {
            Some(holder) => mistake(format!("{holder} has the address {address}")),
            None => address.to_owned(),
        }
    }
}
