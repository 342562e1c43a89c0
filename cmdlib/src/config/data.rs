//! One state of the configuration, and its indexes. A change that does not touch an index leaves it alone.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::config::entity::{Entity, Gone};
use crate::config::lookup::Names;
use crate::config::table::Table;
use crate::field::Params;
use crate::ids::{DiskId, GroupId, Id, InstanceId, NodeId};
use crate::objects::{Cluster, Disk, FilterRule, Instance, Network, Node, NodeGroup};

/// One state of the whole configuration. It does not change any more; keeping it costs nothing.
#[derive(Debug, Clone)]
pub struct Snapshot(pub(crate) Arc<Data>);

impl Deref for Snapshot {
    type Target = Data;
    fn deref(&self) -> &Data {
        &self.0
    }
}

impl Snapshot {
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
    pub(crate) top: Params,
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
    instances_of_node: Arc<IndexMap<NodeId, BTreeSet<InstanceId>>>,
    nodes_of_group: Arc<IndexMap<GroupId, BTreeSet<NodeId>>>,
    owner_of_disk: Arc<IndexMap<DiskId, InstanceId>>,
}

fn link<K: Clone + Eq + std::hash::Hash, V: Clone + Ord>(
    index: &mut Arc<IndexMap<K, BTreeSet<V>>>,
    key: &K,
    value: &V,
) {
    if !index.get(key).is_some_and(|values| values.contains(value)) {
        Arc::make_mut(index).entry(key.clone()).or_default().insert(value.clone());
    }
}

fn unlink<K: Clone + Eq + std::hash::Hash, V: Clone + Ord>(
    index: &mut Arc<IndexMap<K, BTreeSet<V>>>,
    key: &K,
    value: &V,
) {
    if let Some(values) = Arc::make_mut(index).get_mut(key) {
        values.remove(value);
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
        self.links.owner_of_disk.get(disk)
    }

    /// Fills all indexes; for a state that was just read.
    pub(crate) fn index(&mut self) {
        self.names = AllNames {
            instances: Names::of(&self.instances),
            nodes: Names::of(&self.nodes),
            nodegroups: Names::of(&self.nodegroups),
            networks: Names::of(&self.networks),
        };
        let mut of_node: IndexMap<NodeId, BTreeSet<InstanceId>> = IndexMap::new();
        let mut owner_of_disk = IndexMap::new();
        for (id, instance) in self.instances.iter() {
            for node in self.linked_nodes(instance) {
                of_node.entry(node).or_default().insert(id.clone());
            }
            owner_of_disk.extend(instance.disks.iter().map(|disk| (disk.clone(), id.clone())));
        }
        let mut of_group: IndexMap<GroupId, BTreeSet<NodeId>> = IndexMap::new();
        for (id, node) in self.nodes.iter() {
            of_group.entry(node.group.clone()).or_default().insert(id.clone());
        }
        self.links = Links {
            instances_of_node: Arc::new(of_node),
            nodes_of_group: Arc::new(of_group),
            owner_of_disk: Arc::new(owner_of_disk),
        };
    }

    fn linked_nodes(&self, instance: &Instance) -> BTreeSet<NodeId> {
        let disks = instance.disks.iter().filter_map(|id| self.disks.get(id));
        let mirrored = disks.flat_map(|disk| disk.mirror()).flat_map(|(a, b)| [a, b]);
        let primary = Some(instance.primary_node.clone()).filter(|node| !node.is_empty());
        mirrored.chain(primary).collect()
    }

    pub(crate) fn relink_instance(&mut self, before: Option<&Arc<Instance>>, after: Option<&Arc<Instance>>) {
        self.names
            .instances
            .change(before.map(|it| (&it.uuid, it.name.as_str())), after.map(|it| (&it.uuid, it.name.as_str())));
        let same = |one: &Instance, two: &Instance| one.primary_node == two.primary_node && one.disks == two.disks;
        if matches!((before, after), (Some(before), Some(after)) if same(before, after)) {
            return;
        }
        if let Some(before) = before {
            let owned: BTreeSet<NodeId> = self.links.instances_of_node.keys().cloned().collect();
            for node in owned {
                unlink(&mut self.links.instances_of_node, &node, &before.uuid);
            }
            let owners = Arc::make_mut(&mut self.links.owner_of_disk);
            owners.retain(|_, owner| *owner != before.uuid);
        }
        if let Some(after) = after {
            for node in self.linked_nodes(after) {
                link(&mut self.links.instances_of_node, &node, &after.uuid);
            }
            let owners = Arc::make_mut(&mut self.links.owner_of_disk);
            owners.extend(after.disks.iter().map(|disk| (disk.clone(), after.uuid.clone())));
        }
    }

    pub(crate) fn relink_node(&mut self, before: Option<&Arc<Node>>, after: Option<&Arc<Node>>) {
        self.names
            .nodes
            .change(before.map(|it| (&it.uuid, it.name.as_str())), after.map(|it| (&it.uuid, it.name.as_str())));
        if before.map(|it| &it.group) == after.map(|it| &it.group) {
            return;
        }
        if let Some(before) = before {
            unlink(&mut self.links.nodes_of_group, &before.group, &before.uuid);
        }
        if let Some(after) = after {
            link(&mut self.links.nodes_of_group, &after.group, &after.uuid);
        }
    }

    pub(crate) fn relink_group(&mut self, before: Option<&Arc<NodeGroup>>, after: Option<&Arc<NodeGroup>>) {
        self.names
            .nodegroups
            .change(before.map(|it| (&it.uuid, it.name.as_str())), after.map(|it| (&it.uuid, it.name.as_str())));
    }

    pub(crate) fn relink_network(&mut self, before: Option<&Arc<Network>>, after: Option<&Arc<Network>>) {
        self.names
            .networks
            .change(before.map(|it| (&it.uuid, it.name.as_str())), after.map(|it| (&it.uuid, it.name.as_str())));
    }

    pub(crate) fn relink_disk(&mut self, before: Option<&Arc<Disk>>, after: Option<&Arc<Disk>>) {
        let moved = before.and_then(|disk| disk.mirror()) != after.and_then(|disk| disk.mirror());
        let Some(id) = after.or(before).map(|disk| disk.uuid.clone()) else { return };
        let owner = self.owner(&id).and_then(|owner| self.instances.get(owner)).cloned();
        if let (true, Some(owner)) = (moved, owner) {
            // The owner's nodes follow from its disks: link it anew.
            self.relink_instance(Some(&owner), None);
            self.relink_instance(None, Some(&owner));
        }
    }
}
