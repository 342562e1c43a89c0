//! Calls about disks and storage.

use indexmap::IndexMap;
use serde_json::Value;

use crate::field::Params;
use crate::rpc::{
    AnnotatedDisk, AnnotatedDisks, Assembled, DiskRename, DisksOfSeveral, FullInstance, LvStatus, PerNode, PlainDisk,
    Untyped,
};

crate::calls! {
    /// Tells how large block devices are.
    question BdevSizes = "bdev_sizes" in |c| 60, Online, Node (
        devices: Vec<String>,
    ) => Untyped;

    /// Adds children to a mirrored disk.
    action BlockdevAddchildren = "blockdev_addchildren" in |c| 900, Online, NodeResOrInstance (
        disk: AnnotatedDisk,
        children: AnnotatedDisks,
    ) about c.disk.owner() => Untyped;

    /// Makes the device of a disk available on a node.
    action BlockdevAssemble = "blockdev_assemble" in |c| 900, Online, NodeResOrInstance (
        /// The disk.
        disk: AnnotatedDisk,
        /// The instance that it belongs to.
        instance: FullInstance,
        /// Whether it is opened for writing.
        as_primary: bool,
        /// The disk's index.
        index: u64,
    ) about Some(c.instance.name()) => Assembled;

    /// Closes disks, so that another node can open them.
    action BlockdevClose = "blockdev_close" in |c| 900, Online, NodeResOrInstance (
        instance: String,
        disks: AnnotatedDisks,
    ) about Some(&*c.instance) => Untyped;

    /// Copies a disk onto one of another template.
    action BlockdevConvert = "blockdev_convert" in |c| 3600, Online, NodeResOrInstance (
        source: AnnotatedDisk,
        target: AnnotatedDisk,
    ) about c.source.owner() => Untyped;

    /// Makes a disk.
    action BlockdevCreate = "blockdev_create" in |c| 900, Online, NodeResOrInstance (
        disk: AnnotatedDisk,
        size: u64,
        owner: String,
        on_primary: bool,
        info: String,
        exclusive_storage: bool,
    ) about Some(&*c.owner) => Untyped;

    /// Tells how a disk is; nothing if it is not there.
    question BlockdevFind = "blockdev_find" in |c| 900, Online, Nothing (
        disk: AnnotatedDisk,
    ) => Untyped;

    /// Tells how large disks are.
    question BlockdevGetdimensions = "blockdev_getdimensions" in |c| 900, Online, Nothing (
        disks: DisksOfSeveral,
    ) => Untyped;

    /// Tells how far mirrored disks are.
    question BlockdevGetmirrorstatus = "blockdev_getmirrorstatus" in |c| 900, Online, Nothing (
        disks: AnnotatedDisks,
    ) => Untyped;

    /// Tells how far mirrored disks of several instances are, each node of its own.
    question BlockdevGetmirrorstatusMulti = "blockdev_getmirrorstatus_multi" in |c| 900, Online, Node (
        disks: PerNode<DisksOfSeveral>,
    ) => Untyped;

    /// Makes a disk larger.
    action BlockdevGrow = "blockdev_grow" in |c| 900, Online, NodeResOrInstance (
        disk: AnnotatedDisk,
        amount: u64,
        dry_run: bool,
        backing_store: bool,
        exclusive_storage: bool,
    ) about c.disk.owner() => Untyped;

    /// Writes an image onto a disk.
    action BlockdevImage = "blockdev_image" in |c| 3600, Online, NodeResOrInstance (
        disk: AnnotatedDisk,
        image: String,
        size: u64,
    ) about c.disk.owner() => Untyped;

    /// Opens disks.
    action BlockdevOpen = "blockdev_open" in |c| 900, Online, NodeResOrInstance (
        instance: String,
        disks: AnnotatedDisks,
        exclusive: bool,
    ) about Some(&*c.instance) => Untyped;

    /// Stops the synchronisation of mirrored disks, or lets it go on.
    action BlockdevPauseResumeSync = "blockdev_pause_resume_sync" in |c| 900, Online, NodeResOrInstance (
        disks: AnnotatedDisks,
        pause: bool,
    ) about c.disks.owner() => Untyped;

    /// Removes a disk.
    action BlockdevRemove = "blockdev_remove" in |c| 900, Online, NodeResOrInstance (
        disk: AnnotatedDisk,
    ) about c.disk.owner() => Untyped;

    /// Takes children from a mirrored disk.
    action BlockdevRemovechildren = "blockdev_removechildren" in |c| 900, Online, NodeResOrInstance (
        disk: AnnotatedDisk,
        children: AnnotatedDisks,
    ) about c.disk.owner() => Untyped;

    /// Gives volumes other names.
    action BlockdevRename = "blockdev_rename" in |c| 900, Online, NodeResOrInstance (
        disks: Vec<DiskRename>,
    ) about c.disks.first().and_then(|it| it.disk.owner()) => Untyped;

    /// Notes on a volume whose it is.
    action BlockdevSetinfo = "blockdev_setinfo" in |c| 900, Online, NodeResOrInstance (
        disk: AnnotatedDisk,
        info: String,
    ) about c.disk.owner() => Untyped;

    /// Takes the device of a disk down on a node.
    action BlockdevShutdown = "blockdev_shutdown" in |c| 900, Online, NodeResOrInstance (
        /// The disk.
        disk: AnnotatedDisk,
    ) about c.disk.owner() => Value;

    /// Makes a snapshot of a disk.
    action BlockdevSnapshot = "blockdev_snapshot" in |c| 900, Online, Instance (
        disk: AnnotatedDisk,
        name: Option<String>,
        size_mib: Option<u64>,
    ) about c.disk.owner() => Untyped;

    /// Wipes a part of a disk.
    action BlockdevWipe = "blockdev_wipe" in |c| 3600, Online, NodeResOrInstance (
        disk: AnnotatedDisk,
        offset: u64,
        size: u64,
    ) about c.disk.owner() => Untyped;

    /// Connects the sides of mirrored disks.
    action DrbdAttachNet = "drbd_attach_net" in |c| 900, Online, NodeResOrInstance (
        disks: AnnotatedDisks,
        multimaster: bool,
    ) about c.disks.owner() => Untyped;

    /// Disconnects the sides of mirrored disks.
    action DrbdDisconnectNet = "drbd_disconnect_net" in |c| 900, Online, NodeResOrInstance (
        disks: AnnotatedDisks,
    ) about c.disks.owner() => Untyped;

    /// Tells the path of the helper of DRBD.
    question DrbdHelper = "drbd_helper" in |c| 60, Online, Nothing () => Untyped;

    /// Tells which mirrored disks are not as they should be, by uuid.
    question DrbdNeedsActivation = "drbd_needs_activation" in |c| 900, Online, Node (
        /// The disks to look at, instance by instance.
        disks: DisksOfSeveral,
    ) => Vec<String>;

    /// Waits a while for mirrored disks, and tells how far they are.
    question DrbdWaitSync = "drbd_wait_sync" in |c| 3600, Online, Nothing (
        disks: AnnotatedDisks,
    ) => Untyped;

    /// Makes the folder of the file disks of an instance.
    action FileStorageDirCreate = "file_storage_dir_create" in |c| 300, Online, Nothing (
        path: String,
    ) => Untyped;

    /// Removes the folder of the file disks of an instance.
    action FileStorageDirRemove = "file_storage_dir_remove" in |c| 300, Online, Nothing (
        path: String,
    ) => Untyped;

    /// Renames the folder of the file disks of an instance.
    action FileStorageDirRename = "file_storage_dir_rename" in |c| 300, Online, Nothing (
        from: String,
        to: String,
    ) => Untyped;

    /// Tells which logical volumes a node has, by `group/volume`.
    question LvList = "lv_list" in |c| 60, Online, Node (
        /// The volume groups; none means all.
        groups: Vec<String>,
    ) => IndexMap<String, LvStatus>;

    /// Tells a running instance that a disk has grown.
    action ResizeDisk = "resize_disk" in |c| 900, Online, Instance (
        instance: FullInstance,
        disk: PlainDisk,
        size_mib: u64,
    ) about Some(c.instance.name()) => Untyped;

    /// Runs an operation on a unit of storage.
    action StorageExecute = "storage_execute" in |c| 900, Online, Node (
        kind: String,
        options: Vec<Value>,
        name: String,
        operation: String,
    ) => Untyped;

    /// Tells which units of storage a node has.
    question StorageList = "storage_list" in |c| 900, Online, Node (
        kind: String,
        options: Vec<Value>,
        name: Option<String>,
        fields: Vec<String>,
    ) => Untyped;

    /// Changes a unit of storage.
    action StorageModify = "storage_modify" in |c| 900, Online, Node (
        kind: String,
        options: Vec<Value>,
        name: String,
        changes: Params,
    ) => Untyped;

    /// Tells which volume groups a node has, and how large they are.
    question VgList = "vg_list" in |c| 60, Online, Nothing () => Untyped;
}
