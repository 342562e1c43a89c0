//! Opcodes that take instances elsewhere.

use crate::jobs::Submitted;
use crate::op::macros::opcodes;
use crate::op::{MigrationMode, NonEmpty};

opcodes! {
    /// Moves a running instance to another node.
    InstanceMigrate = "OP_INSTANCE_MIGRATE" (
        /// The instance.
        instance_name: String,
    ) {
        /// The uuid that the instance is expected to have.
        instance_uuid: Option<NonEmpty> = None,
        /// Whether it runs on meanwhile.
        mode: Option<MigrationMode> = None,
        /// The same, in its old form.
        live: Option<bool> = None,
        /// Where to, for disks that any node can reach.
        target_node: Option<NonEmpty> = None,
        /// The uuid that the target is expected to have.
        target_node_uuid: Option<NonEmpty> = None,
        /// Whether its memory may be reduced so that it fits.
        allow_runtime_changes: bool = true,
        /// Whether the instance policy does not matter.
        ignore_ipolicy: bool = false,
        /// Whether a failed migration is cleaned up instead.
        cleanup: bool = false,
        /// The allocator that says where to.
        iallocator: Option<NonEmpty> = None,
        /// Whether it may be stopped and started if it can't be migrated.
        allow_failover: bool = false,
        /// Whether different versions of the hypervisor don't matter.
        ignore_hvversions: bool = false,
    } -> ();

    /// Stops an instance and starts it on another node.
    InstanceFailover = "OP_INSTANCE_FAILOVER" (
        /// The instance.
        instance_name: String,
    ) {
        /// The uuid that the instance is expected to have.
        instance_uuid: Option<NonEmpty> = None,
        /// How long its shutdown may take before it is forced, in seconds.
        shutdown_timeout: u64 = 120,
        /// Whether degraded disks don't matter.
        ignore_consistency: bool = false,
        /// Where to, for disks that any node can reach.
        target_node: Option<NonEmpty> = None,
        /// The uuid that the target is expected to have.
        target_node_uuid: Option<NonEmpty> = None,
        /// Whether the instance policy does not matter.
        ignore_ipolicy: bool = false,
        /// Whether a failed failover is cleaned up instead.
        cleanup: bool = false,
        /// The allocator that says where to.
        iallocator: Option<NonEmpty> = None,
    } -> ();

    /// Moves an instance to another node by copying its disks.
    InstanceMove = "OP_INSTANCE_MOVE" (
        instance_name: String,
        target_node: NonEmpty,
    ) {
        instance_uuid: Option<NonEmpty> = None,
        shutdown_timeout: u64 = 120,
        ignore_ipolicy: bool = false,
        target_node_uuid: Option<NonEmpty> = None,
        compress: String = "none".to_owned(),
        ignore_consistency: bool = false,
    } -> ();

    /// Moves an instance to another node group.
    InstanceChangeGroup = "OP_INSTANCE_CHANGE_GROUP" (
        instance_name: String,
    ) {
        instance_uuid: Option<NonEmpty> = None,
        early_release: bool = false,
        iallocator: Option<NonEmpty> = None,
        target_groups: Option<Vec<NonEmpty>> = None,
    } -> Submitted;
}
