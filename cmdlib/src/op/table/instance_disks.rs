//! Opcodes of instances' disks.

use crate::op::macros::opcodes;
use crate::op::{DiskIndex, DisksToRecreate, NonEmpty, ReplaceMode};

opcodes! {
    /// Makes the disks of an instance available on its nodes.
    InstanceActivateDisks = "OP_INSTANCE_ACTIVATE_DISKS" (
        instance_name: String,
    ) {
        instance_uuid: Option<NonEmpty> = None,
        ignore_size: bool = false,
        wait_for_sync: bool = false,
    } -> Vec<(NonEmpty, NonEmpty, Option<NonEmpty>)>;

    /// Takes the disks of a stopped instance down.
    InstanceDeactivateDisks = "OP_INSTANCE_DEACTIVATE_DISKS" (
        instance_name: String,
    ) {
        instance_uuid: Option<NonEmpty> = None,
        force: bool = false,
    } -> ();

    /// Makes a disk of an instance larger.
    InstanceGrowDisk = "OP_INSTANCE_GROW_DISK" (
        instance_name: String,
        disk: DiskIndex,
        amount: u64,
    ) {
        instance_uuid: Option<NonEmpty> = None,
        wait_for_sync: bool = true,
        absolute: bool = false,
        ignore_ipolicy: bool = false,
    } -> ();

    /// Makes missing disks of an instance anew.
    InstanceRecreateDisks = "OP_INSTANCE_RECREATE_DISKS" (
        instance_name: String,
    ) {
        instance_uuid: Option<NonEmpty> = None,
        disks: DisksToRecreate = DisksToRecreate::default(),
        nodes: Vec<NonEmpty> = Vec::new(),
        node_uuids: Option<Vec<NonEmpty>> = None,
        iallocator: Option<NonEmpty> = None,
    } -> ();

    /// Replaces one side of an instance's mirrored disks.
    InstanceReplaceDisks = "OP_INSTANCE_REPLACE_DISKS" (
        /// The instance.
        instance_name: String,
        /// Which side.
        mode: ReplaceMode,
    ) {
        /// The uuid that the instance is expected to have.
        instance_uuid: Option<NonEmpty> = None,
        /// Whether locks are given back early.
        early_release: bool = false,
        /// Whether the instance policy does not matter.
        ignore_ipolicy: bool = false,
        /// The disks, by index; none means all.
        disks: Vec<DiskIndex> = Vec::new(),
        /// The new secondary node.
        remote_node: Option<NonEmpty> = None,
        /// The uuid that the new secondary is expected to have.
        remote_node_uuid: Option<NonEmpty> = None,
        /// The allocator that says where to.
        iallocator: Option<NonEmpty> = None,
    } -> ();
}
