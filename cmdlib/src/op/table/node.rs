//! Opcodes of nodes.

use serde_json::Value;

use crate::field::Params;
use crate::jobs::Submitted;
use crate::op::macros::opcodes;
use crate::op::{EvacuationMode, Int, MigrationMode, NonEmpty, OobAction, QueryStatus};
use crate::params::StorageType;

opcodes! {
    /// Adds a node, or takes one back.
    NodeAdd = "OP_NODE_ADD" (
        node_name: NonEmpty,
    ) {
        hv_state: Option<Params> = None,
        disk_state: Option<Params> = None,
        primary_ip: Option<NonEmpty> = None,
        secondary_ip: Option<NonEmpty> = None,
        readd: bool = false,
        group: Option<NonEmpty> = None,
        master_capable: Option<bool> = None,
        vm_capable: Option<bool> = None,
        ndparams: Option<Params> = None,
        node_setup: bool = false,
    } -> ();

    /// Submits the jobs that move instances away from a node.
    NodeEvacuate = "OP_NODE_EVACUATE" (
        node_name: NonEmpty,
        mode: EvacuationMode,
    ) {
        early_release: bool = false,
        node_uuid: Option<NonEmpty> = None,
        remote_node: Option<NonEmpty> = None,
        remote_node_uuid: Option<NonEmpty> = None,
        iallocator: Option<NonEmpty> = None,
        ignore_soft_errors: Option<bool> = None,
    } -> Submitted;

    /// Submits the jobs that migrate the primary instances of a node.
    NodeMigrate = "OP_NODE_MIGRATE" (
        node_name: NonEmpty,
    ) {
        node_uuid: Option<NonEmpty> = None,
        mode: Option<MigrationMode> = None,
        live: Option<bool> = None,
        target_node: Option<NonEmpty> = None,
        target_node_uuid: Option<NonEmpty> = None,
        allow_runtime_changes: bool = true,
        ignore_ipolicy: bool = false,
        iallocator: Option<NonEmpty> = None,
    } -> Submitted;

    /// Changes a unit of storage on a node.
    NodeModifyStorage = "OP_NODE_MODIFY_STORAGE" (
        node_name: NonEmpty,
        storage_type: StorageType,
        changes: Params,
    ) {
        node_uuid: Option<NonEmpty> = None,
        name: Option<NonEmpty> = None,
    } -> ();

    /// Resets a node's hardware.
    NodePowercycle = "OP_NODE_POWERCYCLE" (
        /// The node.
        node_name: NonEmpty,
    ) {
        /// The uuid that the node is expected to have.
        node_uuid: Option<NonEmpty> = None,
        /// Whether even the master is reset.
        force: bool = false,
    } -> Option<NonEmpty>;

    /// Tells which logical volumes nodes have.
    NodeQueryvols = "OP_NODE_QUERYVOLS" (
        output_fields: Vec<NonEmpty>,
    ) {
        nodes: Vec<NonEmpty> = Vec::new(),
    } -> Vec<Value>;

    /// Tells which units of storage nodes have.
    NodeQueryStorage = "OP_NODE_QUERY_STORAGE" (
        output_fields: Vec<NonEmpty>,
    ) {
        storage_type: Option<StorageType> = None,
        nodes: Vec<NonEmpty> = Vec::new(),
        name: Option<NonEmpty> = None,
    } -> Vec<Vec<Value>>;

    /// Removes a node from the cluster.
    NodeRemove = "OP_NODE_REMOVE" (
        node_name: NonEmpty,
    ) {
        node_uuid: Option<NonEmpty> = None,
    } -> ();

    /// Changes parameters and the role of a node.
    NodeSetParams = "OP_NODE_SET_PARAMS" (
        node_name: NonEmpty,
    ) {
        node_uuid: Option<NonEmpty> = None,
        force: bool = false,
        hv_state: Option<Params> = None,
        disk_state: Option<Params> = None,
        master_candidate: Option<bool> = None,
        offline: Option<bool> = None,
        drained: Option<bool> = None,
        auto_promote: bool = false,
        master_capable: Option<bool> = None,
        vm_capable: Option<bool> = None,
        secondary_ip: Option<NonEmpty> = None,
        ndparams: Option<Params> = None,
        powered: Option<bool> = None,
    } -> Vec<(NonEmpty, Value)>;

    /// Runs the out-of-band program for nodes: power and health.
    OobCommand = "OP_OOB_COMMAND" (
        command: OobAction,
    ) {
        node_names: Vec<NonEmpty> = Vec::new(),
        node_uuids: Option<Vec<NonEmpty>> = None,
        timeout: Int = 60,
        ignore_status: bool = false,
        power_delay: f64 = 2.0,
    } -> Vec<Vec<(QueryStatus, Value)>>;

    /// Repairs a unit of storage on a node.
    RepairNodeStorage = "OP_REPAIR_NODE_STORAGE" (
        node_name: NonEmpty,
        storage_type: StorageType,
    ) {
        node_uuid: Option<NonEmpty> = None,
        name: Option<NonEmpty> = None,
        ignore_consistency: bool = false,
    } -> ();

    /// Runs one of the commands that administrators have put on the nodes for it.
    RestrictedCommand = "OP_RESTRICTED_COMMAND" (
        nodes: Vec<NonEmpty>,
        command: NonEmpty,
    ) {
        use_locking: bool = false,
        node_uuids: Option<Vec<NonEmpty>> = None,
    } -> Vec<(bool, String)>;
}
