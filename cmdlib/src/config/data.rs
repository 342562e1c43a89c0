//! One state of the configuration, and its indexes. A change that does not touch an index leaves it alone.

use std::collections::BTreeSet;
use std::hash::Hash;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;

use crate::config::entity::{Entity, Gone};
use crate::config::load::{MANY, both};
use crate::config::lookup::Names;
use crate::config::table::{FastMap, Table};
use crate::config::verify::Finding;
use crate::field::Params;
use crate::ids::{DiskId, GroupId, Id, InstanceId, NetworkId, NodeId};
use crate::objects::{Cluster, Disk, FilterRule, Instance, Network, Node, NodeGroup};
use crate::params::Hypervisor;

/// One state of the whole configuration. It does not change any more; keeping it costs nothing.
#[derive(Debug, Clone)]
pub struct Snapshot(Arc<State>);

#[derive(Debug)]
struct State {
    data: Data,
    /// What `verify` found: the state stays as it is, so it is looked for once.
    findings: OnceLock<Vec<Finding>>,
}

impl From<Data> for Snapshot {
    fn from(data: Data) -> Self {
        Self(Arc::new(State { data, findings: OnceLock::new() }))
    }
}

impl Deref for Snapshot {
    type Target = Data;
    fn deref(&self) -> &Data {
        &self.0.data
    }
}

impl Snapshot {
    /// Returns what `verify` finds. It is looked for once, and kept.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        self.0.findings.get_or_init(|| self.verify())
    }

    /// Tells whether two snapshots are the very same state.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The tables of the configuration.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// The top level of the document: order of its members, and those that have no table.
    pub(crate) top: Arc<Params>,
    /// The cluster.
    pub cluster: Arc<Cluster>,
    /// The nodes.
    pub nodes: Table<Node>,
    /// The node groups.
    pub nodegroups: Table<NodeGroup>,
    /// The instances.
    pub instances: Table<Instance>,
    /// The networks.
    pub networks: Table<Network>,
    /// The disks of all instances, and those that none has.
    pub disks: Table<Disk>,
    /// The rules of the job scheduler, by uuid.
    pub filters: Arc<IndexMap<String, FilterRule>>,
    pub(crate) names: AllNames,
    pub(crate) links: Links,
    pub(crate) hvparams: ClusterHvparams,
}

/// The hypervisor parameters of the cluster, each filled when it is asked for first: they are many, and most calls carry them.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClusterHvparams(Arc<[OnceLock<Arc<Params>>; Hypervisor::ALL.len()]>);

impl ClusterHvparams {
    pub(crate) fn get(&self, hypervisor: Hypervisor, fill: impl FnOnce() -> Params) -> Arc<Params> {
        Arc::clone(self.0[hypervisor as usize].get_or_init(|| Arc::new(fill())))
    }
}

/// The indexes by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct AllNames {
    pub(crate) instances: Names<Instance>,
    pub(crate) nodes: Names<Node>,
    pub(crate) nodegroups: Names<NodeGroup>,
    pub(crate) networks: Names<Network>,
}

/// The indexes by reference.
#[derive(Debug, Clone, Default)]
pub(crate) struct Links {
    instances_of_node: Index<NodeId, InstanceId>,
    nodes_of_group: Index<GroupId, NodeId>,
    /// More than one owner is an error that `verify` finds; until it is mended none of them may be forgotten.
    owners_of_disk: Index<DiskId, InstanceId>,
}

/// An index by one kind of reference. The sets are shared as well, so that a change copies the one that it touches.
#[derive(Debug, Clone)]
struct Index<K, V>(Arc<FastMap<K, Arc<BTreeSet<V>>>>);

impl<K, V> Default for Index<K, V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Clone + Eq + Hash, V: Clone + Ord> Index<K, V> {
    fn get(&self, key: &K) -> Option<&BTreeSet<V>> {
        self.0.get(key).map(Arc::as_ref)
    }

    fn link(&mut self, key: &K, value: &V) {
        if !self.get(key).is_some_and(|values| values.contains(value)) {
            let values = Arc::make_mut(&mut self.0).entry(key.clone()).or_default();
            Arc::make_mut(values).insert(value.clone());
        }
    }

    fn unlink(&mut self, key: &K, value: &V) {
        if !self.get(key).is_some_and(|values| values.contains(value)) {
            return;
        }
        let index = Arc::make_mut(&mut self.0);
        if let Some(values) = index.get_mut(key) {
            Arc::make_mut(values).remove(value);
            if values.is_empty() {
                index.swap_remove(key);
            }
        }
    }

    /// Returns the keys that lead to the value.
    fn keys_of(&self, value: &V) -> Vec<K> {
        self.0.iter().filter(|(_, values)| values.contains(value)).map(|(key, _)| key.clone()).collect()
    }
}

impl Data {
    /// Returns the object with this id.
    ///
    /// # Errors
    /// It is not, or no longer, in the configuration.
    pub fn get<T: Entity>(&self, id: &Id<T>) -> Result<Arc<T>, Gone> {
        T::table(self).get(id).cloned().ok_or_else(|| Gone::new(T::KIND, id.as_str()))
    }

    /// Puts the cluster in place of the former one.
    pub(crate) fn set_cluster(&mut self, cluster: Cluster) {
        self.cluster = Arc::new(cluster);
        self.hvparams = ClusterHvparams::default();
    }

    /// Returns the instances whose disks or whose run are on the node, as primary or secondary, by uuid.
    #[must_use]
    pub fn instances_of_node(&self, node: &NodeId) -> BTreeSet<InstanceId> {
        self.links.instances_of_node.get(node).cloned().unwrap_or_default()
    }

    /// Returns the nodes of the group, by uuid.
    #[must_use]
    pub fn members(&self, group: &GroupId) -> BTreeSet<NodeId> {
        self.links.nodes_of_group.get(group).cloned().unwrap_or_default()
    }

    /// Returns the instance that the disk is attached to.
    #[must_use]
    pub fn owner(&self, disk: &DiskId) -> Option<&InstanceId> {
        self.links.owners_of_disk.get(disk).and_then(BTreeSet::first)
    }

    /// Fills all indexes; for a state that was just read.
    pub(crate) fn index(&mut self) {
        let names = || AllNames {
            instances: Names::of(&self.instances),
            nodes: Names::of(&self.nodes),
            nodegroups: Names::of(&self.nodegroups),
            networks: Names::of(&self.networks),
        };
        let few = self.instances.len() < MANY;
        (self.links, self.names) = if few { (self.linked(), names()) } else { both(|| self.linked(), names) };
    }

    fn linked(&self) -> Links {
        let mut links = Links::default();
        for (id, instance) in self.instances.iter() {
            self.linked_nodes(instance).iter().for_each(|node| links.instances_of_node.link(node, id));
            instance.disks.iter().for_each(|disk| links.owners_of_disk.link(disk, id));
        }
        for (id, node) in self.nodes.iter() {
            links.nodes_of_group.link(&node.group, id);
        }
        links
    }

    fn linked_nodes(&self, instance: &Instance) -> BTreeSet<NodeId> {
        let disks = instance.disks.iter().filter_map(|id| self.disks.get(id));
        let mirrored = disks.flat_map(|disk| disk.mirror()).flat_map(|(a, b)| [a, b]);
        let primary = Some(instance.primary_node.clone()).filter(|node| !node.is_empty());
        mirrored.chain(primary).collect()
    }

    pub(crate) fn relink_instance(
        &mut self,
        id: &InstanceId,
        before: Option<&Arc<Instance>>,
        after: Option<&Arc<Instance>>,
    ) {
        self.names.instances.change(id, name_of(before), name_of(after));
        let same = |one: &Instance, two: &Instance| one.primary_node == two.primary_node && one.disks == two.disks;
        if matches!((before, after), (Some(before), Some(after)) if same(before, after)) {
            return;
        }
        if let Some(before) = before {
            // Not `linked_nodes`: a disk may have changed, or gone, since they were linked.
            for node in self.links.instances_of_node.keys_of(id) {
                self.links.instances_of_node.unlink(&node, id);
            }
            before.disks.iter().for_each(|disk| self.links.owners_of_disk.unlink(disk, id));
        }
        if let Some(after) = after {
            for node in self.linked_nodes(after) {
                self.links.instances_of_node.link(&node, id);
            }
            after.disks.iter().for_each(|disk| self.links.owners_of_disk.link(disk, id));
        }
    }

    pub(crate) fn relink_node(&mut self, id: &NodeId, before: Option<&Arc<Node>>, after: Option<&Arc<Node>>) {
        self.names.nodes.change(id, name_of(before), name_of(after));
        if before.map(|it| &it.group) == after.map(|it| &it.group) {
            return;
        }
        if let Some(before) = before {
            self.links.nodes_of_group.unlink(&before.group, id);
        }
        if let Some(after) = after {
            self.links.nodes_of_group.link(&after.group, id);
        }
    }

    pub(crate) fn relink_group(
        &mut self,
        id: &GroupId,
        before: Option<&Arc<NodeGroup>>,
        after: Option<&Arc<NodeGroup>>,
    ) {
        self.names.nodegroups.change(id, name_of(before), name_of(after));
    }

    pub(crate) fn relink_network(
        &mut self,
        id: &NetworkId,
        before: Option<&Arc<Network>>,
        after: Option<&Arc<Network>>,
    ) {
        self.names.networks.change(id, name_of(before), name_of(after));
    }

    pub(crate) fn relink_disk(&mut self, id: &DiskId, before: Option<&Arc<Disk>>, after: Option<&Arc<Disk>>) {
        if before.and_then(|disk| disk.mirror()) == after.and_then(|disk| disk.mirror()) {
            return;
        }
        // The owner's nodes follow from its disks: link it anew.
        for owner in self.links.owners_of_disk.get(id).cloned().unwrap_or_default() {
            if let Some(instance) = self.instances.get(&owner).cloned() {
                self.relink_instance(&owner, Some(&instance), None);
                self.relink_instance(&owner, None, Some(&instance));
            }
        }
    }
}

fn name_of<T: Entity>(object: Option<&Arc<T>>) -> Option<&str> {
    object.map(|it| it.name())
}
