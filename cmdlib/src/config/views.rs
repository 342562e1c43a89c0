//! What follows from the stored state: parameters filled from the levels above, the nodes of instances, the volumes of
//! disks. The stored state itself is never filled.
//!
//! Source: ganeti 3.1, objects.py (filling) and config/__init__.py (look-ups).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::config::data::Data;
use crate::config::entity::Gone;
use crate::field::Params;
use crate::ids::{GroupId, InstanceId, NodeId};
use crate::objects::{Disk, Drbd, Instance, Nic, Node, NodeGroup};
use crate::params::{DiskTemplate, Hypervisor, Table, fill, lay_over, tables, upgrade_be};

const DEFAULT: &str = "default";

impl Data {
    /// Returns a node's name, or its uuid if it is gone: for messages.
    #[must_use]
    pub fn node_name(&self, node: &NodeId) -> String {
        self.nodes.get(node).map_or_else(|| node.to_string(), |it| it.name.clone())
    }

    /// Returns the name of the master node.
    #[must_use]
    pub fn master_name(&self) -> String {
        self.node_name(&self.cluster.master_node)
    }

    /// Returns the hypervisor parameters of the cluster.
    #[must_use]
    pub fn cluster_hvparams(&self, hypervisor: &str) -> Arc<Params> {
        let stored = self.cluster.hvparams.get(hypervisor);
        match Hypervisor::parse(hypervisor) {
            Some(known) => self.hvparams.get(known, || {
                let mut filled = known.parameters().defaults();
                stored.into_iter().for_each(|stored| lay_over(&mut filled, stored));
                filled
            }),
            None => Arc::new(stored.cloned().unwrap_or_default()),
        }
    }

    /// Returns an instance's hypervisor parameters, filled from its system's and the cluster's.
    #[must_use]
    pub fn instance_hvparams(&self, instance: &Instance) -> Arc<Params> {
        let mut filled = self.cluster_hvparams(&instance.hypervisor);
        let of_os = self.cluster.os_hvp.get(&instance.os).and_then(|it| it.get(&instance.hypervisor));
        let own = without_globals(&instance.hvparams, &tables::HYPERVISOR);
        for own in of_os.into_iter().chain([&own]).filter(|it| !it.is_empty()) {
            lay_over(Arc::make_mut(&mut filled), own);
        }
        filled
    }

    /// Returns an instance's backend parameters, filled from the cluster's.
    #[must_use]
    pub fn instance_beparams(&self, instance: &Instance) -> Params {
        let mut own = instance.beparams.clone();
        upgrade_be(&mut own);
        let mut filled = self.cluster_beparams();
        lay_over(&mut filled, &own);
        filled
    }

    /// Returns the backend parameters of the cluster.
    #[must_use]
    pub fn cluster_beparams(&self) -> Params {
        let mut stored = self.cluster.beparams.get(DEFAULT).cloned().unwrap_or_default();
        upgrade_be(&mut stored);
        let mut filled = tables::BACKEND.defaults();
        lay_over(&mut filled, &stored);
        filled
    }

    /// Returns the mode, link and vlan of a network interface, filled from the cluster's.
    #[must_use]
    pub fn nicparams(&self, nic: &Nic) -> Params {
        fill(&self.cluster_nicparams(), &nic.nicparams)
    }

    /// Returns the parameters of network interfaces of the cluster.
    #[must_use]
    pub fn cluster_nicparams(&self) -> Params {
        let stored = self.cluster.nicparams.get(DEFAULT).cloned().unwrap_or_default();
        fill(&tables::NIC.defaults(), &stored)
    }

    /// Returns the public parameters of an instance's operating system, filled from the cluster's: those of the bare name,
    /// then those with the variant, then its own.
    #[must_use]
    pub fn osparams(&self, os: &str, own: &Params) -> Params {
        let bare = os.split('+').next().unwrap_or(os);
        let of = |name: &str| self.cluster.osparams.get(name).cloned().unwrap_or_default();
        fill(&fill(&of(bare), &of(os)), own)
    }

    /// Returns the node parameters of the cluster.
    #[must_use]
    pub fn cluster_ndparams(&self) -> Params {
        let mut stored = self.cluster.ndparams.clone();
        // Old files say null for no program; no other parameter had that form.
        if stored.get("oob_program").is_some_and(Value::is_null) {
            stored.shift_remove("oob_program");
        }
        fill(&tables::NODE.defaults(), &stored)
    }

    /// Returns a node's parameters, filled from its group's and the cluster's. What can't be set for a single node is not
    /// looked at there.
    ///
    /// # Errors
    /// Its group does not exist.
    pub fn ndparams(&self, node: &Node) -> Result<Params, Gone> {
        let group = self.get(&node.group)?;
        let group = fill(&self.cluster_ndparams(), &group.ndparams);
        Ok(fill(&group, &without_globals(&node.ndparams, &tables::NODE)))
    }

    /// Tells whether disks have their physical volumes to themselves on the node.
    ///
    /// # Errors
    /// Its group does not exist.
    pub fn exclusive_storage(&self, node: &Node) -> Result<bool, Gone> {
        Ok(self.ndparams(node)?.get("exclusive_storage").and_then(Value::as_bool).unwrap_or(false))
    }

    /// Returns the parameters of a disk template in a group.
    #[must_use]
    pub fn group_diskparams(&self, group: &NodeGroup, template: DiskTemplate) -> Params {
        let stored = self.cluster.diskparams.get(template.as_str()).cloned().unwrap_or_default();
        let cluster = fill(&template.parameters().defaults(), &stored);
        group.diskparams.get(template.as_str()).map_or_else(|| cluster.clone(), |own| fill(&cluster, own))
    }

    /// Returns an instance's disks, in order.
    ///
    /// # Errors
    /// One of them does not exist.
    pub fn disks_of(&self, instance: &Instance) -> Result<Vec<Arc<Disk>>, Gone> {
        instance.disks.iter().map(|id| self.get(id)).collect()
    }

    /// Returns the nodes, other than the primary one, that an instance's disks live on, by uuid.
    ///
    /// # Errors
    /// One of its disks does not exist.
    pub fn secondaries(&self, instance: &Instance) -> Result<Vec<NodeId>, Gone> {
        Ok(secondaries(&self.disks_of(instance)?, &instance.primary_node))
    }

    /// Returns the nodes that an instance's disks live on, the primary one first.
    ///
    /// # Errors
    /// One of its disks does not exist.
    pub fn nodes_of(&self, instance: &Instance) -> Result<Vec<NodeId>, Gone> {
        let mut nodes = vec![instance.primary_node.clone()];
        nodes.extend(self.secondaries(instance)?);
        Ok(nodes)
    }

    /// Returns the groups of an instance's nodes.
    ///
    /// # Errors
    /// A disk or a node does not exist.
    pub fn groups_of(&self, instance: &Instance) -> Result<BTreeSet<GroupId>, Gone> {
        self.nodes_of(instance)?.iter().map(|node| Ok(self.get(node)?.group.clone())).collect()
    }

    /// Returns the instances that have a node in the group, as primary or secondary.
    #[must_use]
    pub fn instances_of_group(&self, group: &GroupId) -> BTreeSet<InstanceId> {
        self.members(group).iter().flat_map(|node| self.instances_of_node(node)).collect()
    }

    /// Returns the template of an instance: that of its disks, `diskless` without any, `mixed` with several.
    ///
    /// # Errors
    /// One of its disks does not exist.
    pub fn template_of(&self, instance: &Instance) -> Result<String, Gone> {
        let templates: BTreeSet<&str> = self.disks_of(instance)?.iter().map(|disk| disk.dev_type.as_str()).collect();
        let mut templates = templates.into_iter();
        Ok(match (templates.next(), templates.next()) {
            (None, _) => "diskless".to_owned(),
            (Some(only), None) => only.to_owned(),
            _ => "mixed".to_owned(),
        })
    }

    /// Returns the volumes, as `group/volume`, that an instance has on each of its nodes; forthcoming disks have none yet.
    ///
    /// # Errors
    /// One of its disks does not exist.
    pub fn volumes_of(&self, instance: &Instance) -> Result<BTreeMap<NodeId, BTreeSet<String>>, Gone> {
        let mut found: BTreeMap<NodeId, BTreeSet<String>> = BTreeMap::new();
        for (node, volume) in self.volume_list(instance)? {
            found.entry(node).or_default().insert(volume);
        }
        Ok(found)
    }

    /// Returns the same one by one: node by node, the primary one first, on each in order of the disks.
    ///
    /// # Errors
    /// One of its disks does not exist.
    pub fn volume_list(&self, instance: &Instance) -> Result<Vec<(NodeId, String)>, Gone> {
        let mut found = IndexMap::from([(instance.primary_node.clone(), Vec::new())]);
        for disk in self.disks_of(instance)? {
            collect_volumes(&disk, &instance.primary_node, &mut found);
        }
        let pairs = |(node, volumes): (NodeId, Vec<String>)| volumes.into_iter().map(move |it| (node.clone(), it));
        Ok(found.into_iter().flat_map(pairs).collect())
    }

    /// Returns all network interfaces.
    pub fn nics(&self) -> impl Iterator<Item = &Nic> {
        self.instances.values().flat_map(|instance| &instance.nics)
    }

    /// Returns all disks with their children.
    pub(crate) fn all_disks(&self) -> impl Iterator<Item = &Disk> {
        self.disks.values().flat_map(|disk| disk.tree())
    }

    pub(crate) fn mirrors(&self) -> impl Iterator<Item = Drbd> {
        self.all_disks().filter(|disk| disk.dev_type == DiskTemplate::Drbd).filter_map(|disk| disk.logical_id.as_drbd())
    }

    pub(crate) fn volumes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all_disks()
            .filter(|disk| disk.dev_type == DiskTemplate::Plain)
            .filter_map(|disk| disk.logical_id.as_pair())
    }
}

/// Parameters that are for the whole cluster do not count where a single object has them: they were once stored there.
fn without_globals(own: &Params, table: &Table) -> Params {
    let mut own = own.clone();
    own.retain(|name, _| !table.get(name).is_some_and(|row| row.global));
    own
}

/// Returns the nodes, other than the primary one, that disks live on, by uuid.
#[must_use]
pub fn secondaries(disks: &[Arc<Disk>], primary: &NodeId) -> Vec<NodeId> {
    let mirrors = disks.iter().flat_map(|disk| disk.tree()).filter_map(Disk::mirror_uuids);
    let mut nodes: BTreeSet<&str> = mirrors.flat_map(|(a, b)| [a, b]).collect();
    nodes.remove(primary.as_str());
    nodes.into_iter().map(NodeId::new).collect()
}

fn collect_volumes(disk: &Disk, node: &NodeId, found: &mut IndexMap<NodeId, Vec<String>>) {
    match disk.dev_type {
        DiskTemplate::Plain if !disk.forthcoming => {
            if let Some((group, volume)) = disk.logical_id.as_pair() {
                found.entry(node.clone()).or_default().push(format!("{group}/{volume}"));
            }
        }
        DiskTemplate::Drbd => {
            for side in disk.nodes_for(node) {
                disk.children.iter().for_each(|child| collect_volumes(child, &side, found));
            }
        }
        _ => disk.children.iter().for_each(|child| collect_volumes(child, node, found)),
    }
}
