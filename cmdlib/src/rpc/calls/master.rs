//! Calls of the master and its daemons: hooks, allocator, files, the cluster's address, the job queue.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::field::Params;
use crate::hooks::{Environment, ScriptResult};
use crate::rpc::{FileDetails, MasterParams, Packed, Untyped};

crate::calls! {
    /// Changes an entry of the hosts file.
    action EtcHostsModify = "etc_hosts_modify" in |c| 900, Online, Cluster (
        mode: String,
        name: String,
        ip: Option<String>,
    ) => Untyped;

    /// Tells whether a file is there, and how it is.
    question GetFileInfo = "get_file_info" in |c| 300, Online, Nothing (
        path: String,
    ) => Untyped;

    /// Tells until when the watcher pauses.
    question GetWatcherPause = "get_watcher_pause" in |c| 60, Online, Nothing () => Untyped;

    /// Runs the scripts of a phase. The processor makes this call, no unit does.
    action HooksRunner = "hooks_runner" in |c| 900, Online, Nothing (
        /// The folder of the scripts, without the phase.
        path: String,
        /// `pre` or `post`.
        phase: String,
        /// Their environment.
        env: Environment,
    ) => Vec<ScriptResult>;

    /// Runs an allocator on the master.
    question IallocatorRunner = "iallocator_runner" in |c| 900, Online, Nothing (
        /// The allocator.
        name: String,
        /// The request document.
        document: String,
        /// Options for it.
        options: Params,
    ) => String;

    /// Lets the watcher pause, or go on.
    action SetWatcherPause = "set_watcher_pause" in |c| 60, Online, Nothing (
        until: Option<f64>,
    ) => Untyped;

    /// Removes the files of the job queue.
    action JobqueuePurge = "jobqueue_purge" in |c| 900, Online, Nothing () => Untyped;

    /// Renames files of the job queue.
    action JobqueueRename = "jobqueue_rename" in |c| 60, Online, Nothing (
        renames: Vec<(String, String)>,
    ) => Untyped;

    /// Says whether the job queue takes jobs.
    action JobqueueSetDrainFlag = "jobqueue_set_drain_flag" in |c| 60, Online, Nothing (
        drained: bool,
    ) => Untyped;

    /// Writes a file of the job queue.
    action JobqueueUpdate = "jobqueue_update" in |c| 60, Online, Nothing (
        file: String,
        content: Packed,
    ) => Untyped;

    /// Tells which node a node holds for the master.
    question MasterNodeName = "master_node_name" in |c| 60, Online, Nothing () => Untyped;

    /// Sets the cluster's address up.
    action NodeActivateMasterIp = "node_activate_master_ip" in |c| 300, Online, Cluster (
        master: MasterParams,
        use_external_script: bool,
    ) => Untyped;

    /// Changes the length of the network of the cluster's address.
    action NodeChangeMasterNetmask = "node_change_master_netmask" in |c| 300, Online, Node (
        old_netmask: u64,
        netmask: u64,
        ip: String,
        netdev: String,
    ) => Untyped;

    /// Takes the cluster's address down.
    action NodeDeactivateMasterIp = "node_deactivate_master_ip" in |c| 300, Online, Cluster (
        master: MasterParams,
        use_external_script: bool,
    ) => Untyped;

    /// Removes from a node what belongs to the cluster; its daemon ends then.
    action NodeLeaveCluster = "node_leave_cluster" in |c| 900, Online, Cluster (
        modify_ssh_setup: bool,
    ) => Untyped;

    /// Starts the daemons of a master.
    action NodeStartMasterDaemons = "node_start_master_daemons" in |c| 300, Online, Nothing (
        no_voting: bool,
    ) => Untyped;

    /// Stops the daemons of a master.
    action NodeStopMaster = "node_stop_master" in |c| 300, Online, Nothing () => Untyped;

    /// Writes a file on a node.
    action UploadFile = "upload_file" in |c| 900, Online, Nothing (
        file: FileDetails,
    ) => Untyped;

    /// Writes a file on a node, its owner by number.
    action UploadFileSingle = "upload_file_single" in |c| 900, Online, Nothing (
        path: String,
        content: Packed,
        mode: i64,
        owner: Value,
        group: Value,
        atime: f64,
        mtime: f64,
    ) => Untyped;

    /// Writes the files that tell nodes of the cluster.
    action WriteSsconfFiles = "write_ssconf_files" in |c| 900, Online, Nothing (
        values: BTreeMap<String, String>,
    ) => Untyped;
}
