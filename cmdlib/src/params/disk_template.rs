//! How the disks of an instance are made.

use std::fmt;

use super::storage_type::StorageType;
use super::table::Table;
use super::tables;

/// A disk template (ganeti 3.1, constants: `DT_*`); its methods are the sets of templates there (`DTS_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiskTemplate {
    /// Block devices that exist already.
    Blockdev,
    /// No disks.
    Diskless,
    /// Logical volumes on two nodes, mirrored by DRBD.
    Drbd,
    /// Disks of a provider outside of Ganeti.
    Ext,
    /// Files on one node.
    File,
    /// Files on a Gluster volume.
    Gluster,
    /// Logical volumes on one node.
    Plain,
    /// Ceph block devices.
    Rbd,
    /// Files that all nodes see.
    SharedFile,
}

use DiskTemplate::{Blockdev, Diskless, Drbd, Ext, File, Gluster, Plain, Rbd, SharedFile};

impl DiskTemplate {
    /// All of them, by name.
    pub const ALL: [DiskTemplate; 9] = [Blockdev, Diskless, Drbd, Ext, File, Gluster, Plain, Rbd, SharedFile];

    /// Its name in opcodes and in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Blockdev => "blockdev",
            Diskless => "diskless",
            Drbd => "drbd",
            Ext => "ext",
            File => "file",
            Gluster => "gluster",
            Plain => "plain",
            Rbd => "rbd",
            SharedFile => "sharedfile",
        }
    }

    /// The template of this name. What instances with disks of several templates show (`mixed`) is none.
    pub fn parse(name: &str) -> Option<DiskTemplate> {
        DiskTemplate::ALL.into_iter().find(|template| template.as_str() == name)
    }

    /// Where its disks lie (ganeti 3.1, constants: `MAP_DISK_TEMPLATE_STORAGE_TYPE`).
    pub const fn storage_type(self) -> StorageType {
        match self {
            Blockdev => StorageType::Blockdev,
            Diskless => StorageType::Diskless,
            Drbd | Plain => StorageType::LvmVg,
            Ext => StorageType::Ext,
            File => StorageType::File,
            Gluster => StorageType::Gluster,
            Rbd => StorageType::Rados,
            SharedFile => StorageType::SharedFile,
        }
    }

    /// Its parameters, as users set them (ganeti 3.1, constants: `DISK_DT_DEFAULTS`).
    pub const fn parameters(self) -> Table {
        tables::of_disk_template(self)
    }

    /// Whether nodes report how much space there is for it.
    pub const fn reports_space(self) -> bool {
        self.storage_type().reports_space()
    }

    /// Whether its disks are logical volumes, alone or below something else.
    pub const fn lvm(self) -> bool {
        matches!(self, Drbd | Plain)
    }

    /// Whether its disks are DRBD devices.
    pub const fn drbd(self) -> bool {
        matches!(self, Drbd)
    }

    /// Whether another node can run the instance without copying its disks: [`int_mirror`](Self::int_mirror) or
    /// [`ext_mirror`](Self::ext_mirror).
    pub const fn mirrored(self) -> bool {
        self.int_mirror() || self.ext_mirror()
    }

    /// Whether Ganeti itself mirrors its disks to a secondary node.
    pub const fn int_mirror(self) -> bool {
        matches!(self, Drbd)
    }

    /// Whether its disks are seen by several nodes, by means outside of Ganeti.
    pub const fn ext_mirror(self) -> bool {
        matches!(self, Blockdev | Diskless | Ext | Gluster | Rbd | SharedFile)
    }

    /// Whether its disks can grow.
    pub const fn growable(self) -> bool {
        matches!(self, Drbd | Ext | File | Gluster | Plain | Rbd | SharedFile)
    }

    /// Whether its disks are files.
    pub const fn filebased(self) -> bool {
        matches!(self, File | Gluster | SharedFile)
    }

    /// Whether its disks are block devices.
    pub const fn block(self) -> bool {
        matches!(self, Blockdev | Drbd | Ext | Plain | Rbd)
    }

    /// Whether its disks can be copied to another node when the instance moves.
    pub const fn copyable(self) -> bool {
        matches!(self, File | Plain)
    }

    /// Whether existing volumes can become disks.
    pub const fn may_adopt(self) -> bool {
        matches!(self, Blockdev | Plain)
    }

    /// Whether disks come from existing volumes only.
    pub const fn must_adopt(self) -> bool {
        matches!(self, Blockdev)
    }

    /// Whether it works on nodes with exclusive storage.
    pub const fn excl_storage(self) -> bool {
        matches!(self, Plain)
    }

    /// Whether free space is not checked before disks are made.
    pub const fn no_free_space_check(self) -> bool {
        matches!(self, Ext | File | Gluster | Rbd | SharedFile)
    }

    /// Whether the hypervisor can choose to use its disks from user space (parameter `access`).
    pub const fn have_access(self) -> bool {
        matches!(self, Ext | Gluster | Rbd)
    }

    /// Whether the path of a disk has the name of the instance in it.
    pub const fn instance_dependent_path(self) -> bool {
        matches!(self, File | SharedFile)
    }

    /// Whether disks can be snapshot, for backups.
    pub const fn snapshot_capable(self) -> bool {
        matches!(self, Drbd | Ext | Plain)
    }

    /// Whether disks of this template can be converted to another one.
    pub const fn convertible_from(self) -> bool {
        !matches!(self, Diskless)
    }

    /// Whether disks of another template can be converted to this one.
    pub const fn convertible_to(self) -> bool {
        !matches!(self, Blockdev | Diskless)
    }
}

impl fmt::Display for DiskTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
