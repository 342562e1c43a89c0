//! Moving instances and their disks to other nodes.

use std::collections::BTreeSet;

use cmdlib::ids::{DiskId, InstanceId, NodeId};
use cmdlib::objects::{Disk, LogicalId};
use cmdlib::params::DiskTemplate;

use super::MockConfig;
use super::lines::Line;
use super::mistake::mistake;

/// Sets the nodes of a disk and its children.
fn set_nodes(disk: &mut Disk, nodes: &[NodeId]) {
    disk.nodes = nodes.to_vec();
    disk.children.iter_mut().for_each(|child| set_nodes(child, nodes));
}

impl MockConfig {
    /// Makes a node the primary one, with what disks have to do for it.
    pub(super) fn move_to(&mut self, id: &InstanceId, node: &NodeId, line: Line) {
        let instance = self.object(id);
        let former = instance.primary_node.clone();
        if former == *node {
            self.lines.note(id.as_str(), line);
            return;
        }
        for disk_id in &instance.disks {
            let disk = self.object(disk_id);
            match disk.mirror() {
                Some((a, b)) if a == *node || b == *node => {}
                Some(_) => self.replace_side(disk_id, &former, node, line),
                None if matches!(disk.dev_type, DiskTemplate::Plain | DiskTemplate::File) => {
                    self.put(disk_id, line, |disk| set_nodes(disk, std::slice::from_ref(node)));
                }
                None => {}
            }
        }
        self.put(id, line, |instance| instance.primary_node = node.clone());
    }

    /// Makes a node the other side of all mirrored disks.
    #[track_caller]
    pub(super) fn mirror_to(&mut self, id: &InstanceId, node: &NodeId, line: Line) {
        self.not_primary(id, node);
        let instance = self.object(id);
        let mirrored: Vec<DiskId> =
            instance.disks.iter().filter(|disk| self.object(disk).mirror().is_some()).cloned().collect();
        if mirrored.is_empty() {
            mistake(format!("instance '{}' has no mirrored disk", self.called(id)));
        }
        for disk in mirrored {
            let Some((a, b)) = self.object(&disk).mirror() else { continue };
            let former = if a == instance.primary_node { b } else { a };
            if former != *node {
                self.replace_side(&disk, &former, node, line);
            }
        }
        self.lines.note(id.as_str(), line);
    }

    /// Puts a node in place of another one as a side of a mirror, with a minor of its own.
    fn replace_side(&mut self, id: &DiskId, former: &NodeId, node: &NodeId, line: Line) {
        let disk = self.object(id);
        let Some(drbd) = disk.logical_id.as_drbd() else { return };
        let minor = self.free_minor(node);
        let number = |value: &serde_json::Value| value.as_i64().unwrap_or(0);
        let (mut nodes, mut minors) = (drbd.nodes.clone(), (number(&drbd.minors.0), number(&drbd.minors.1)));
        if nodes.0 == *former {
            (nodes.0, minors.0) = (node.clone(), minor);
        } else {
            (nodes.1, minors.1) = (node.clone(), minor);
        }
        let secret = disk.logical_id.secret().unwrap_or_default();
        let logical_id = LogicalId::drbd((&nodes.0, &nodes.1), number(&drbd.port), minors, secret);
        self.put(id, line, |disk| {
            disk.logical_id = logical_id;
            set_nodes(disk, &[nodes.0, nodes.1]);
        });
    }

    /// Returns the lowest minor number that no mirror uses on the node.
    pub(super) fn free_minor(&self, node: &NodeId) -> i64 {
        let mut taken = BTreeSet::new();
        for disk in self.state.disks.values().flat_map(|disk| disk.tree()) {
            if let (Some((a, b)), Some(drbd)) = (disk.mirror(), disk.logical_id.as_drbd()) {
                taken.extend(drbd.minors.0.as_i64().filter(|_| a == *node));
                taken.extend(drbd.minors.1.as_i64().filter(|_| b == *node));
            }
        }
        (0..).find(|minor| !taken.contains(minor)).unwrap_or(0)
    }
}
