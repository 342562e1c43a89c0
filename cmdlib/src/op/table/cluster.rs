//! Opcodes of the cluster.

use std::num::NonZeroU64;

use indexmap::IndexMap;
use serde_json::Value;

use crate::field::Params;
use crate::jobs::Submitted;
use crate::op::macros::opcodes;
use crate::op::{AnySet, Int, ListChange, NicSpec, NonEmpty, OptionalCheck, PrivateByOs, SshKeyType, VerifyCode};
use crate::params::{DiskTemplate, Hypervisor};

opcodes! {
    /// Sets the cluster's address up on the master node.
    ClusterActivateMasterIp = "OP_CLUSTER_ACTIVATE_MASTER_IP" () {} -> ();

    /// Tells values of the cluster's configuration.
    ClusterConfigQuery = "OP_CLUSTER_CONFIG_QUERY" (
        output_fields: Vec<NonEmpty>,
    ) {} -> Vec<Value>;

    /// Takes the cluster's address down on the master node.
    ClusterDeactivateMasterIp = "OP_CLUSTER_DEACTIVATE_MASTER_IP" () {} -> ();

    /// Ends the cluster.
    ClusterDestroy = "OP_CLUSTER_DESTROY" () {} -> NonEmpty;

    /// Runs the hooks of a new cluster.
    ClusterPostInit = "OP_CLUSTER_POST_INIT" () {} -> bool;

    /// Tells what the cluster is like.
    ClusterQuery = "OP_CLUSTER_QUERY" () {} -> Params;

    /// Sends the configuration to all nodes once more.
    ClusterRedistConf = "OP_CLUSTER_REDIST_CONF" () {} -> ();

    /// Gives the cluster another name.
    ClusterRename = "OP_CLUSTER_RENAME" (
        name: NonEmpty,
    ) {} -> NonEmpty;

    /// Makes new certificates and keys for the nodes.
    ClusterRenewCrypto = "OP_CLUSTER_RENEW_CRYPTO" () {
        node_certificates: bool = false,
        renew_ssh_keys: bool = false,
        ssh_key_type: Option<SshKeyType> = None,
        ssh_key_bits: Option<NonZeroU64> = None,
        verbose: bool = false,
        debug: bool = false,
    } -> ();

    /// Corrects the sizes of disks in the configuration by what nodes tell.
    ClusterRepairDiskSizes = "OP_CLUSTER_REPAIR_DISK_SIZES" () {
        instances: Vec<NonEmpty> = Vec::new(),
    } -> Vec<(NonEmpty, u64, NonEmpty, u64)>;

    /// Changes parameters of the cluster.
    ClusterSetParams = "OP_CLUSTER_SET_PARAMS" () {
        force: bool = false,
        hv_state: Option<Params> = None,
        disk_state: Option<Params> = None,
        vg_name: Option<String> = None,
        enabled_hypervisors: Option<Vec<Hypervisor>> = None,
        hvparams: Option<IndexMap<String, Params>> = None,
        beparams: Option<Params> = None,
        os_hvp: Option<IndexMap<String, Params>> = None,
        osparams: Option<IndexMap<String, Params>> = None,
        osparams_private_cluster: Option<PrivateByOs> = None,
        diskparams: Option<IndexMap<DiskTemplate, Params>> = None,
        candidate_pool_size: Option<NonZeroU64> = None,
        max_running_jobs: Option<NonZeroU64> = None,
        max_tracked_jobs: Option<NonZeroU64> = None,
        uid_pool: Option<Vec<(Int, Int)>> = None,
        add_uids: Option<Vec<(Int, Int)>> = None,
        remove_uids: Option<Vec<(Int, Int)>> = None,
        maintain_node_health: Option<bool> = None,
        prealloc_wipe_disks: Option<bool> = None,
        nicparams: Option<NicSpec> = None,
        ndparams: Option<Params> = None,
        ipolicy: Option<Params> = None,
        drbd_helper: Option<String> = None,
        default_iallocator: Option<String> = None,
        default_iallocator_params: Option<Params> = None,
        mac_prefix: Option<NonEmpty> = None,
        master_netdev: Option<String> = None,
        master_netmask: Option<u64> = None,
        reserved_lvs: Option<Vec<NonEmpty>> = None,
        hidden_os: Option<Vec<(ListChange, NonEmpty)>> = None,
        blacklisted_os: Option<Vec<(ListChange, NonEmpty)>> = None,
        use_external_mip_script: Option<bool> = None,
        enabled_disk_templates: Option<Vec<DiskTemplate>> = None,
        modify_etc_hosts: Option<bool> = None,
        file_storage_dir: Option<String> = None,
        shared_file_storage_dir: Option<String> = None,
        gluster_storage_dir: Option<String> = None,
        install_image: Option<String> = None,
        instance_communication_network: Option<String> = None,
        zeroing_image: Option<String> = None,
        compression_tools: Option<Vec<NonEmpty>> = None,
        enabled_user_shutdown: Option<bool> = None,
        enabled_data_collectors: Option<IndexMap<String, bool>> = None,
        data_collector_interval: Option<IndexMap<String, Int>> = None,
    } -> Option<Submitted>;

    /// Submits the jobs that verify the cluster.
    ClusterVerify = "OP_CLUSTER_VERIFY" () {
        debug_simulate_errors: bool = false,
        error_codes: bool = false,
        skip_checks: AnySet<OptionalCheck> = AnySet::default(),
        ignore_errors: AnySet<VerifyCode> = AnySet::default(),
        verbose: bool = false,
        group_name: Option<NonEmpty> = None,
        verify_clutter: bool = false,
    } -> Submitted;

    /// Verifies the configuration.
    ClusterVerifyConfig = "OP_CLUSTER_VERIFY_CONFIG" () {
        debug_simulate_errors: bool = false,
        error_codes: bool = false,
        ignore_errors: AnySet<VerifyCode> = AnySet::default(),
        verbose: bool = false,
    } -> bool;

    /// Submits a job for each node group that verifies its disks.
    ClusterVerifyDisks = "OP_CLUSTER_VERIFY_DISKS" () {
        group_name: Option<NonEmpty> = None,
        is_strict: bool = true,
    } -> Submitted;

    /// Verifies the nodes and instances of a node group.
    ClusterVerifyGroup = "OP_CLUSTER_VERIFY_GROUP" (
        group_name: NonEmpty,
    ) {
        debug_simulate_errors: bool = false,
        error_codes: bool = false,
        skip_checks: AnySet<OptionalCheck> = AnySet::default(),
        ignore_errors: AnySet<VerifyCode> = AnySet::default(),
        verbose: bool = false,
        verify_clutter: bool = false,
    } -> bool;
}
