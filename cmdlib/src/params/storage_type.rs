//! The types of storage that disks lie on.

use std::fmt;

/// A type of storage (ganeti 3.1, constants: `ST_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StorageType {
    /// Given block devices.
    Blockdev,
    /// None at all.
    Diskless,
    /// A provider outside of Ganeti.
    Ext,
    /// Files on one node.
    File,
    /// A Gluster volume.
    Gluster,
    /// Physical volumes of LVM.
    LvmPv,
    /// Volume groups of LVM.
    LvmVg,
    /// A pool of Ceph's object store.
    Rados,
    /// Files that all nodes see.
    SharedFile,
}

impl StorageType {
    /// All of them, by name.
    pub const ALL: [StorageType; 9] = {
        use StorageType::*;
        [Blockdev, Diskless, Ext, File, Gluster, LvmPv, LvmVg, Rados, SharedFile]
    };

    /// Its name in opcodes and calls.
    pub const fn as_str(self) -> &'static str {
        match self {
            StorageType::Blockdev => "blockdev",
            StorageType::Diskless => "diskless",
            StorageType::Ext => "ext",
            StorageType::File => "file",
            StorageType::Gluster => "gluster",
            StorageType::LvmPv => "lvm-pv",
            StorageType::LvmVg => "lvm-vg",
            StorageType::Rados => "rados",
            StorageType::SharedFile => "sharedfile",
        }
    }

    /// The type of this name.
    pub fn parse(name: &str) -> Option<StorageType> {
        StorageType::ALL.into_iter().find(|storage| storage.as_str() == name)
    }

    /// Whether nodes report how much of it is free (ganeti 3.1, constants: `STS_REPORT`).
    pub const fn reports_space(self) -> bool {
        matches!(self, StorageType::File | StorageType::LvmPv | StorageType::LvmVg)
    }

    /// Whether it can be listed as storage of a node (ganeti 3.1, constants: `STS_REPORT_NODE_STORAGE`).
    pub const fn reports_node_storage(self) -> bool {
        self.reports_space() || matches!(self, StorageType::Gluster | StorageType::SharedFile)
    }
}

impl fmt::Display for StorageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
