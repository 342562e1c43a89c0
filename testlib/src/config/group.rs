//! Node groups.

use std::panic::Location;

use cmdlib::ids::GroupId;
use cmdlib::objects::{Network, NodeGroup};
use cmdlib::params::tables;
use serde_json::{Value, json};

use super::counted::Thing;
use super::lines::Line;
use super::mistake::{mistake, typed, unknown};
use super::parameters::{limits, policy_entry, template, valid_tag};
use super::{MockConfig, begin, made};

/// The modes of network interfaces.
pub(super) const NIC_MODES: [&str; 3] = ["bridged", "openvswitch", "routed"];
/// How allocators may use a group.
const ALLOC_POLICIES: [&str; 3] = ["preferred", "last_resort", "unallocable"];

/// A node group of the cluster, to be changed: each setter does so at once.
///
/// ```
/// use testlib::MockConfig;
///
/// let mut config = MockConfig::new();
/// config.network("net1");
/// config.group("rack-b").alloc_policy("last_resort").connected("net1", "bridged", "br1");
/// config.node("node2").group("rack-b");
/// config.check().unwrap();
/// ```
pub struct GroupBuilder<'c> {
    config: &'c mut MockConfig,
    id: GroupId,
}

impl MockConfig {
    /// Returns the node group of this name; makes it, if there is none, without nodes and without parameters of its
    /// own.
    ///
    /// # Panics
    /// It must be made and the name is empty.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.group("default").diskparam("drbd", "metavg", "fastvg");
    /// ```
    #[track_caller]
    pub fn group(&mut self, name: &str) -> GroupBuilder<'_> {
        let line = Location::caller();
        let id = match self.known::<NodeGroup>(name) {
            Some(id) => id,
            None if name.is_empty() => mistake("a node group needs a name"),
            None => {
                let id = self.counted.next(Thing::Group);
                self.store::<NodeGroup>(made(&begin::group(&id, name, self.time())));
                GroupId::new(id)
            }
        };
        self.lines.note(id.as_str(), line);
        GroupBuilder { config: self, id }
    }
}

impl GroupBuilder<'_> {
    /// Returns the group's uuid.
    #[must_use]
    pub fn id(&self) -> GroupId {
        self.id.clone()
    }

    /// Sets a node parameter for the group's nodes.
    ///
    /// # Panics
    /// There is no such parameter, or the value is of another type.
    #[track_caller]
    pub fn ndparam(self, key: &str, value: impl Into<Value>) -> Self {
        let value = typed("node parameter", &tables::NODE, key, value);
        self.set(Location::caller(), |group| drop(group.ndparams.insert(key.to_owned(), value)))
    }

    /// Lets each disk have its physical volumes to itself, on all nodes of the group.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.group("default").exclusive_storage();
    /// let state = config.snapshot();
    /// assert!(state.exclusive_storage(&state.get(&config.id_of_node("node1")).unwrap()).unwrap());
    /// ```
    #[track_caller]
    pub fn exclusive_storage(self) -> Self {
        self.ndparam("exclusive_storage", true)
    }

    /// Sets a parameter of a disk template for the group's nodes.
    ///
    /// # Panics
    /// There is no such template or parameter, or the value is of another type.
    #[track_caller]
    pub fn diskparam(self, of: &str, key: &str, value: impl Into<Value>) -> Self {
        let value = typed(&format!("parameter of disk template '{of}'"), &template(of).parameters(), key, value);
        self.set(Location::caller(), |group| {
            group.diskparams.entry(of.to_owned()).or_default().insert(key.to_owned(), value);
        })
    }

    /// Sets an entry of the group's part of the instance policy, such as `vcpu-ratio` or `disk-templates`.
    ///
    /// # Panics
    /// A policy has no such entry, or (`std`) that of a group has not.
    #[track_caller]
    pub fn ipolicy(self, key: &str, value: impl Into<Value>) -> Self {
        policy_entry(key);
        if key == "std" {
            mistake("a node group has no standard specification of its own: it is the cluster's");
        }
        let value = value.into();
        self.set(Location::caller(), |group| drop(group.ipolicy.insert(key.to_owned(), value)))
    }

    /// Sets the least of something that an instance on these nodes must have: `memory-size` and `disk-size` in MiB,
    /// `cpu-count`, `disk-count`, `nic-count`, `spindle-use`. The group's limits are its own from then on.
    ///
    /// # Panics
    /// There is no such specification.
    #[track_caller]
    pub fn ipolicy_min(self, key: &str, least: u64) -> Self {
        let line = Location::caller();
        let limits = limits(&self.config.state.group_ipolicy(&self.config.object(&self.id)), "min", key, least);
        self.set(line, |group| drop(group.ipolicy.insert("minmax".to_owned(), limits)))
    }

    /// Sets the most of something that an instance on these nodes may have, as [`ipolicy_min`](Self::ipolicy_min) the
    /// least.
    ///
    /// # Panics
    /// There is no such specification.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.group("default").ipolicy_max("memory-size", 1024);
    /// ```
    #[track_caller]
    pub fn ipolicy_max(self, key: &str, most: u64) -> Self {
        let line = Location::caller();
        let limits = limits(&self.config.state.group_ipolicy(&self.config.object(&self.id)), "max", key, most);
        self.set(line, |group| drop(group.ipolicy.insert("minmax".to_owned(), limits)))
    }

    /// Sets how allocators may use the group: `preferred`, `last_resort` or `unallocable`.
    ///
    /// # Panics
    /// It is another word.
    #[track_caller]
    pub fn alloc_policy(self, policy: &str) -> Self {
        if !ALLOC_POLICIES.contains(&policy) {
            mistake(unknown("allocation policy", policy, &ALLOC_POLICIES));
        }
        self.set(Location::caller(), |group| policy.clone_into(&mut group.alloc_policy))
    }

    /// Connects a network with this mode (`bridged`, `routed` or `openvswitch`) and link, without a VLAN.
    ///
    /// # Panics
    /// There is no such network, or no such mode.
    #[track_caller]
    pub fn connected(self, network: &str, mode: &str, link: &str) -> Self {
        self.connected_by(network, mode, link, "", Location::caller())
    }

    /// Connects a network as [`connected`](Self::connected), over Open vSwitch and with VLANs, such as `.7` or `:5:6`.
    ///
    /// # Panics
    /// There is no such network.
    #[track_caller]
    pub fn connected_vlan(self, network: &str, link: &str, vlan: &str) -> Self {
        self.connected_by(network, "openvswitch", link, vlan, Location::caller())
    }

    #[track_caller]
    fn connected_by(self, network: &str, mode: &str, link: &str, vlan: &str, line: Line) -> Self {
        let network = self.config.id_of::<Network>(network);
        if !NIC_MODES.contains(&mode) {
            mistake(unknown("mode", mode, &NIC_MODES));
        }
        let how = made(&json!({ "mode": mode, "link": link, "vlan": vlan }));
        self.set(line, |group| drop(group.networks.insert(network.to_string(), how)))
    }

    /// Adds a tag.
    ///
    /// # Panics
    /// It is no valid tag.
    #[track_caller]
    pub fn tag(self, tag: &str) -> Self {
        let tag = valid_tag(tag);
        self.set(Location::caller(), |group| group.tags.extend([tag]))
    }

    /// Changes whatever has no setter. Nothing is checked but what [`MockConfig::check`] checks.
    ///
    /// # Panics
    /// The uuid was changed.
    #[track_caller]
    pub fn change(self, change: impl FnOnce(&mut NodeGroup)) -> Self {
        self.config.put_by_hand(&self.id, change);
        self
    }

    fn set(self, line: Line, change: impl FnOnce(&mut NodeGroup)) -> Self {
        self.config.put(&self.id, line, change);
        self
    }
}
