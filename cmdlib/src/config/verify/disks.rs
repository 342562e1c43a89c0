//! The disks, attached or not.

use std::collections::BTreeSet;

use super::{FindingKind, Judge, disk_name};
use crate::ids::NodeId;
use crate::objects::Disk;

impl Judge<'_> {
    pub(super) fn disks(&mut self) {
        let data = self.data;
        self.filing(&data.disks);
        for disk in data.disks.values() {
            if !matches!(disk.mode.as_str(), "rw" | "ro") {
                let text = format!("{} has mode '{}', which must be rw or ro", disk_name(data, disk), disk.mode);
                self.find(FindingKind::DiskMode, text);
            }
            let mut gone = BTreeSet::new();
            self.gone_nodes(disk, &mut gone);
            for node in gone {
                let text = format!("{} lies on node {node}, which is not in the configuration", disk_name(data, disk));
                self.find(FindingKind::NodeOfDiskGone, text);
            }
        }
    }

    fn gone_nodes(&self, disk: &Disk, gone: &mut BTreeSet<NodeId>) {
        let mut look = |node: &NodeId| {
            if self.data.nodes.get(node).is_none() {
                gone.insert(node.clone());
            }
        };
        disk.nodes.iter().for_each(&mut look);
        disk.mirror().iter().for_each(|(a, b)| [a, b].into_iter().for_each(&mut look));
        disk.children.iter().for_each(|child| self.gone_nodes(child, gone));
    }
}
