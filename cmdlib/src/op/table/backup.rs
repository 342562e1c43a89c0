//! Opcodes of exports.

use crate::field::Params;
use crate::op::macros::opcodes;
use crate::op::{ExportMode, ExportTarget, Handshake, Int, NonEmpty};

opcodes! {
    /// Exports an instance to a node, or to another cluster.
    BackupExport = "OP_BACKUP_EXPORT" (
        instance_name: String,
        target_node: ExportTarget,
    ) {
        instance_uuid: Option<NonEmpty> = None,
        compress: String = "none".to_owned(),
        shutdown_timeout: u64 = 120,
        target_node_uuid: Option<NonEmpty> = None,
        shutdown: bool = true,
        remove_instance: bool = false,
        ignore_remove_failures: bool = false,
        mode: ExportMode = ExportMode::Local,
        x509_key_name: Option<Handshake> = None,
        destination_x509_ca: Option<NonEmpty> = None,
        zero_free_space: bool = false,
        zeroing_timeout_fixed: Option<Int> = None,
        zeroing_timeout_per_mib: Option<f64> = None,
        long_sleep: bool = false,
    } -> (bool, Vec<bool>);

    /// Makes what another cluster must be told before an export to it.
    BackupPrepare = "OP_BACKUP_PREPARE" (
        instance_name: String,
        mode: ExportMode,
    ) {
        instance_uuid: Option<NonEmpty> = None,
    } -> Option<Params>;

    /// Removes the exports of an instance from all nodes.
    BackupRemove = "OP_BACKUP_REMOVE" (
        instance_name: String,
    ) {
        instance_uuid: Option<NonEmpty> = None,
    } -> ();
}
