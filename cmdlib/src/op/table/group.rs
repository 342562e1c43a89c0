//! Opcodes of node groups.

use indexmap::IndexMap;
use serde_json::Value;

use crate::field::Params;
use crate::jobs::Submitted;
use crate::lu::group::DiskReport;
use crate::op::macros::opcodes;
use crate::op::{AllocPolicy, NonEmpty};
use crate::params::DiskTemplate;

opcodes! {
    /// Adds a node group.
    GroupAdd = "OP_GROUP_ADD" (
        group_name: NonEmpty,
    ) {
        alloc_policy: Option<AllocPolicy> = None,
        ndparams: Option<Params> = None,
        diskparams: Option<IndexMap<DiskTemplate, Params>> = None,
        hv_state: Option<Params> = None,
        disk_state: Option<Params> = None,
        ipolicy: Option<Params> = None,
    } -> Option<Submitted>;

    /// Moves nodes to a node group.
    GroupAssignNodes = "OP_GROUP_ASSIGN_NODES" (
        group_name: NonEmpty,
        nodes: Vec<NonEmpty>,
    ) {
        force: bool = false,
        node_uuids: Option<Vec<NonEmpty>> = None,
    } -> ();

    /// Moves all instances of a node group to other groups.
    GroupEvacuate = "OP_GROUP_EVACUATE" (
        /// The group.
        group_name: NonEmpty,
    ) {
        /// Whether disk replacements give locks back early.
        early_release: bool = false,
        /// The allocator that says where to; the cluster's default if not given.
        iallocator: Option<NonEmpty> = None,
        /// The groups to choose from; none means all others.
        target_groups: Option<Vec<NonEmpty>> = None,
        /// Whether one job runs after the other.
        sequential: bool = false,
        /// Whether instances are stopped and started rather than migrated.
        force_failover: bool = false,
    } -> Submitted;

    /// Removes a node group.
    GroupRemove = "OP_GROUP_REMOVE" (
        group_name: NonEmpty,
    ) {} -> ();

    /// Gives a node group another name.
    GroupRename = "OP_GROUP_RENAME" (
        group_name: NonEmpty,
        new_name: NonEmpty,
    ) {} -> NonEmpty;

    /// Changes parameters of a node group.
    GroupSetParams = "OP_GROUP_SET_PARAMS" (
        group_name: NonEmpty,
    ) {
        alloc_policy: Option<AllocPolicy> = None,
        ndparams: Option<Params> = None,
        diskparams: Option<IndexMap<DiskTemplate, Params>> = None,
        hv_state: Option<Params> = None,
        disk_state: Option<Params> = None,
        ipolicy: Option<Params> = None,
    } -> Vec<(NonEmpty, Value)>;

    /// Finds instances of a node group whose disks are missing or must be activated.
    GroupVerifyDisks = "OP_GROUP_VERIFY_DISKS" (
        /// The group.
        group_name: NonEmpty,
    ) {
        /// Whether all instances and nodes must be locked; else those that are free are looked at.
        is_strict: bool = true,
    } -> DiskReport;
}
