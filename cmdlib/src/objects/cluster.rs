//! The cluster itself: defaults for everything, and what there is once.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::field::Params;
use crate::ids::NodeId;
use crate::objects::{Private, object};

object! {
    /// The cluster (ganeti 3.1, objects.py). Parameters are as stored; `config::views` fills them. The largest are shared
    /// by all copies of it.
    Cluster {
        /// Its uuid.
        uuid: String = String::new(),
        /// Its name.
        cluster_name: String,
        /// The public RSA host key.
        rsahostkeypub: String = String::new(),
        /// The public DSA host key.
        dsahostkeypub: Option<String>,
        /// The highest TCP port ever given out.
        highest_used_port: i64,
        /// Ports that were given back.
        tcpudp_port_pool: BTreeSet<i64> = BTreeSet::new(),
        /// The first three octets of instances' hardware addresses.
        mac_prefix: String,
        /// The volume group; none without LVM.
        volume_group_name: Option<String>,
        /// Patterns of volumes that are not ours.
        reserved_lvs: Vec<String> = Vec::new(),
        /// The helper of mirrored disks.
        drbd_usermode_helper: Option<String>,
        /// The node that runs the master daemon.
        master_node: NodeId,
        /// The cluster's own address.
        master_ip: String,
        /// The interface that it is on.
        master_netdev: String,
        /// The length of its network.
        master_netmask: Option<i64>,
        /// Whether a script sets the address up.
        use_external_mip_script: bool = false,
        /// The folder of file disks.
        file_storage_dir: String = String::new(),
        /// The folder of shared file disks.
        shared_file_storage_dir: String = String::new(),
        /// The folder of Gluster disks.
        gluster_storage_dir: String = String::new(),
        /// The hypervisors in use; the first is the default.
        enabled_hypervisors: Vec<String>,
        /// Hypervisor parameters, by hypervisor.
        hvparams: Arc<IndexMap<String, Params>> = Arc::default(),
        /// Hypervisor parameters, by operating system and hypervisor.
        os_hvp: IndexMap<String, IndexMap<String, Params>> = IndexMap::new(),
        /// Backend parameters, below `default`.
        beparams: IndexMap<String, Params> = IndexMap::new(),
        /// Parameters of operating systems' scripts, by system.
        osparams: IndexMap<String, Params> = IndexMap::new(),
        /// Those that must not show.
        osparams_private_cluster: IndexMap<String, Private> = IndexMap::new(),
        /// Parameters of network interfaces, below `default`.
        nicparams: IndexMap<String, Params> = IndexMap::new(),
        /// Node parameters.
        ndparams: Params = Params::new(),
        /// Disk parameters, by template.
        diskparams: Arc<IndexMap<String, Params>> = Arc::default(),
        /// How many master candidates are wanted.
        candidate_pool_size: i64,
        /// Whether the hosts file is kept.
        modify_etc_hosts: bool = true,
        /// Whether keys are distributed.
        modify_ssh_setup: bool = true,
        /// Whether nodes look after themselves.
        maintain_node_health: bool = false,
        /// Whether new disks are wiped.
        prealloc_wipe_disks: bool = false,
        /// Ranges of user ids for instances.
        uid_pool: Vec<Value> = Vec::new(),
        /// The allocator that is asked when none is named.
        default_iallocator: String = String::new(),
        /// Options for it.
        default_iallocator_params: Params = Params::new(),
        /// Operating systems that are not listed.
        hidden_os: BTreeSet<String> = BTreeSet::new(),
        /// Operating systems that are not to be used.
        blacklisted_os: BTreeSet<String> = BTreeSet::new(),
        /// The family of primary addresses: 2 or 10.
        primary_ip_family: i64 = 2,
        /// The instance policy.
        ipolicy: Arc<Params> = Arc::default(),
        /// What hypervisors have, as set by hand.
        hv_state_static: Params = Params::new(),
        /// What storage has, as set by hand.
        disk_state_static: Params = Params::new(),
        /// The disk templates in use; the first is the default.
        enabled_disk_templates: Vec<String> = Vec::new(),
        /// The certificates of master candidates, by node.
        candidate_certs: IndexMap<String, String> = IndexMap::new(),
        /// How many jobs run at once.
        max_running_jobs: Option<i64>,
        /// How many jobs are looked after at once.
        max_tracked_jobs: Option<i64>,
        /// The image of the installation helper.
        install_image: String = String::new(),
        /// The network over which instances talk to their node.
        instance_communication_network: String = String::new(),
        /// The image of the zeroing helper.
        zeroing_image: String = String::new(),
        /// Programs for compressed exports.
        compression_tools: Vec<String> = Vec::new(),
        /// Whether users may stop their instances.
        enabled_user_shutdown: bool = false,
        /// Which data collectors run, and how often.
        data_collectors: Arc<Params> = Arc::default(),
        /// The type of the nodes' keys.
        ssh_key_type: Option<String>,
        /// Their length.
        ssh_key_bits: Option<i64>,
        /// Its tags.
        tags: BTreeSet<String> = BTreeSet::new(),
        /// Counts its changes.
        serial_no: i64 = 1,
        /// When it was made, in seconds since 1970.
        ctime: f64 = 0.0,
        /// When it was changed last, in seconds since 1970.
        mtime: f64 = 0.0,
    }
}

impl Cluster {
    /// Returns the hypervisor that is used where none is named.
    #[must_use]
    pub fn default_hypervisor(&self) -> &str {
        self.enabled_hypervisors.first().map_or("", String::as_str)
    }
}
