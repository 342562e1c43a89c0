//! Opcodes of instances.

use std::num::NonZeroU64;

use indexmap::IndexMap;
use serde_json::Value;

use crate::field::Params;
use crate::objects::AdminSource;
use crate::op::macros::opcodes;
use crate::op::{
    Changes, CreateMode, DiskSpec, FileDriver, Handshake, Int, MultiAllocated, NicSpec, NonEmpty, PrivateParams,
    RebootType, SecretParams,
};
use crate::params::{DiskTemplate, Hypervisor};

opcodes! {
    /// Makes an instance, or imports one.
    InstanceCreate = "OP_INSTANCE_CREATE" (
        instance_name: String,
        disks: Vec<DiskSpec>,
        mode: CreateMode,
        nics: Vec<NicSpec>,
    ) {
        force_variant: bool = false,
        wait_for_sync: bool = true,
        name_check: bool = false,
        ignore_ipolicy: bool = false,
        opportunistic_locking: bool = false,
        beparams: Params = Params::new(),
        disk_template: Option<DiskTemplate> = None,
        group_name: Option<NonEmpty> = None,
        file_driver: Option<FileDriver> = None,
        file_storage_dir: Option<NonEmpty> = None,
        hvparams: Params = Params::new(),
        hypervisor: Option<Hypervisor> = None,
        iallocator: Option<NonEmpty> = None,
        identify_defaults: bool = false,
        ip_check: bool = false,
        conflicts_check: bool = true,
        no_install: Option<bool> = None,
        osparams: Params = Params::new(),
        osparams_private: Option<PrivateParams> = None,
        osparams_secret: Option<SecretParams> = None,
        os_type: Option<NonEmpty> = None,
        pnode: Option<NonEmpty> = None,
        pnode_uuid: Option<NonEmpty> = None,
        snode: Option<NonEmpty> = None,
        snode_uuid: Option<NonEmpty> = None,
        source_handshake: Option<Handshake> = None,
        source_instance_name: Option<NonEmpty> = None,
        source_shutdown_timeout: u64 = 120,
        source_x509_ca: Option<NonEmpty> = None,
        src_node: Option<NonEmpty> = None,
        src_node_uuid: Option<NonEmpty> = None,
        src_path: Option<NonEmpty> = None,
        compress: String = "none".to_owned(),
        start: bool = true,
        forthcoming: bool = false,
        commit: bool = false,
        tags: Vec<NonEmpty> = Vec::new(),
        instance_communication: bool = false,
        helper_startup_timeout: Option<Int> = None,
        helper_shutdown_timeout: Option<Int> = None,
    } -> Vec<NonEmpty>;

    /// Finds places for several new instances, and submits the jobs that make them.
    InstanceMultiAlloc = "OP_INSTANCE_MULTI_ALLOC" () {
        opportunistic_locking: bool = false,
        iallocator: Option<NonEmpty> = None,
        instances: Vec<Value> = Vec::new(),
    } -> MultiAllocated;

    /// Starts an instance.
    InstanceStartup = "OP_INSTANCE_STARTUP" (
        /// The instance.
        instance_name: String,
    ) {
        /// The uuid that the instance is expected to have.
        instance_uuid: Option<NonEmpty> = None,
        /// Whether it is started even if secondary nodes fail.
        force: bool = false,
        /// Whether an offline primary node is no error: the instance is only marked as up.
        ignore_offline_nodes: bool = false,
        /// Hypervisor parameters for this start only.
        hvparams: Params = Params::new(),
        /// Backend parameters for this start only.
        beparams: Params = Params::new(),
        /// Whether the wanted state stays as it is.
        no_remember: bool = false,
        /// Whether it is held before its first instruction.
        startup_paused: bool = false,
        /// How long a shutdown that has to come first may take, in seconds.
        shutdown_timeout: u64 = 120,
    } -> ();

    /// Stops an instance.
    InstanceShutdown = "OP_INSTANCE_SHUTDOWN" (
        /// The instance.
        instance_name: String,
    ) {
        /// The uuid that the instance is expected to have.
        instance_uuid: Option<NonEmpty> = None,
        /// Whether the wanted state does not matter.
        force: bool = false,
        /// Whether an offline primary node is no error: the instance is only marked as down.
        ignore_offline_nodes: bool = false,
        /// How long it may take before it is forced, in seconds.
        timeout: u64 = 120,
        /// Whether the wanted state stays as it is.
        no_remember: bool = false,
        /// Who wants it; the administrator if not given.
        admin_state_source: Option<AdminSource> = None,
    } -> ();

    /// Reboots an instance.
    InstanceReboot = "OP_INSTANCE_REBOOT" (
        /// The instance.
        instance_name: String,
        /// How it is rebooted.
        reboot_type: RebootType,
    ) {
        /// The uuid that the instance is expected to have.
        instance_uuid: Option<NonEmpty> = None,
        /// How long its shutdown may take before it is forced, in seconds.
        shutdown_timeout: u64 = 120,
        /// Whether it is started even if secondary nodes fail.
        ignore_secondaries: bool = false,
    } -> ();

    /// Installs the operating system of an instance anew.
    InstanceReinstall = "OP_INSTANCE_REINSTALL" (
        instance_name: String,
    ) {
        instance_uuid: Option<NonEmpty> = None,
        force_variant: bool = false,
        os_type: Option<NonEmpty> = None,
        osparams: Option<Params> = None,
        osparams_private: Option<PrivateParams> = None,
        osparams_secret: Option<SecretParams> = None,
    } -> ();

    /// Removes an instance and its disks.
    InstanceRemove = "OP_INSTANCE_REMOVE" (
        instance_name: String,
    ) {
        instance_uuid: Option<NonEmpty> = None,
        shutdown_timeout: u64 = 120,
        ignore_failures: bool = false,
    } -> ();

    /// Gives an instance another name.
    InstanceRename = "OP_INSTANCE_RENAME" (
        instance_name: String,
        new_name: NonEmpty,
    ) {
        instance_uuid: Option<NonEmpty> = None,
        name_check: bool = false,
        ip_check: bool = false,
    } -> NonEmpty;

    /// Changes parameters of an instance, its disks and its network interfaces.
    InstanceSetParams = "OP_INSTANCE_SET_PARAMS" (
        instance_name: String,
    ) {
        instance_uuid: Option<NonEmpty> = None,
        force: bool = false,
        force_variant: bool = false,
        ignore_ipolicy: bool = false,
        nics: Changes<NicSpec> = Changes::default(),
        disks: Changes<DiskSpec> = Changes::default(),
        beparams: Params = Params::new(),
        runtime_mem: Option<NonZeroU64> = None,
        hvparams: Params = Params::new(),
        disk_template: Option<DiskTemplate> = None,
        ext_params: Params = Params::new(),
        file_driver: Option<FileDriver> = None,
        file_storage_dir: Option<NonEmpty> = None,
        pnode: Option<NonEmpty> = None,
        pnode_uuid: Option<NonEmpty> = None,
        remote_node: Option<NonEmpty> = None,
        remote_node_uuid: Option<NonEmpty> = None,
        iallocator: Option<NonEmpty> = None,
        os_name: Option<NonEmpty> = None,
        osparams: Params = Params::new(),
        osparams_private: Option<PrivateParams> = None,
        wait_for_sync: bool = true,
        offline: Option<bool> = None,
        conflicts_check: bool = true,
        hotplug: bool = true,
        instance_communication: Option<bool> = None,
    } -> Vec<(NonEmpty, Value)>;

    /// Tells how to reach the console of an instance.
    InstanceConsole = "OP_INSTANCE_CONSOLE" (
        instance_name: String,
    ) {
        instance_uuid: Option<NonEmpty> = None,
    } -> Params;

    /// Tells what instances are like, down to their disks.
    InstanceQueryData = "OP_INSTANCE_QUERY_DATA" () {
        use_locking: bool = false,
        instances: Vec<NonEmpty> = Vec::new(),
        static_: bool = false,
    } -> IndexMap<String, Params>;
}
