//! Calls about instances.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::field::Params;
use crate::rpc::{FullInstance, InstanceMetadata, InstanceRuntime, PluggedDevice, Untyped};

crate::calls! {
    /// Prepares a node for an instance that is migrated to it.
    action AcceptInstance = "accept_instance" in |c| 900, Online, Instance (
        instance: FullInstance,
        info: Value,
        target: String,
    ) about Some(c.instance.name()) => Untyped;

    /// Tells how all instances of a node run.
    question AllInstancesInfo = "all_instances_info" in |c| 60, Online, Nothing (
        /// The hypervisors to ask.
        hypervisors: Vec<String>,
        /// The cluster's parameters, by hypervisor.
        hvparams: IndexMap<String, Params>,
    ) => IndexMap<String, InstanceRuntime>;

    /// Checks that a node has bridges; it fails naming those that it lacks.
    question BridgesExist = "bridges_exist" in |c| 60, Online, Nothing (
        /// Their names.
        bridges: Vec<String>,
    ) => Value;

    /// Plugs a device into a running instance, or out of it.
    action HotplugDevice = "hotplug_device" in |c| 900, Online, Instance (
        instance: FullInstance,
        action: String,
        kind: String,
        device: PluggedDevice,
        extra: Value,
        index: i64,
    ) about Some(c.instance.name()) => Untyped;

    /// Checks that devices can be plugged into a running instance; it fails saying why not.
    question HotplugSupported = "hotplug_supported" in |c| 900, Online, Nothing (
        instance: FullInstance,
    ) => Untyped;

    /// Checks hypervisor parameters against what the node has; it fails naming what does not fit.
    question HypervisorValidateParams = "hypervisor_validate_params" in |c| 900, Online, Nothing (
        /// The hypervisor.
        hypervisor: String,
        /// All its parameters.
        hvparams: Params,
    ) => Value;

    /// Changes the memory of a running instance.
    action InstanceBalloonMemory = "instance_balloon_memory" in |c| 900, Online, Instance (
        instance: FullInstance,
        memory_mib: u64,
    ) about Some(c.instance.name()) => Untyped;

    /// Ends a migration on the node that it went to.
    action InstanceFinalizeMigrationDst = "instance_finalize_migration_dst" in |c| 900, Online, Instance (
        instance: FullInstance,
        info: Value,
        success: bool,
    ) about Some(c.instance.name()) => Untyped;

    /// Ends a migration on the node that it came from.
    action InstanceFinalizeMigrationSrc = "instance_finalize_migration_src" in |c| 3600, Online, Instance (
        instance: FullInstance,
        success: bool,
        live: bool,
    ) about Some(c.instance.name()) => Untyped;

    /// Tells how far a migration is.
    question InstanceGetMigrationStatus = "instance_get_migration_status" in |c| 3600, Online, Nothing (
        instance: FullInstance,
    ) => Untyped;

    /// Tells how an instance runs; nothing of it if it does not.
    question InstanceInfo = "instance_info" in |c| 60, Online, Nothing (
        /// The instance's name.
        instance: String,
        /// Its hypervisor.
        hypervisor: String,
        /// The cluster's parameters for that hypervisor.
        hvparams: Arc<Params>,
    ) => InstanceRuntime;

    /// Tells which instances run on a node.
    question InstanceList = "instance_list" in |c| 60, Online, Nothing (
        hypervisors: Vec<String>,
        hvparams: IndexMap<String, Params>,
    ) => Untyped;

    /// Tells the metadata service of a node about an instance.
    action InstanceMetadataModify = "instance_metadata_modify" in |c| 60, Online, Instance (
        instance: InstanceMetadata,
    ) about Some(c.instance.name()) => Untyped;

    /// Checks that an instance can be migrated; it fails saying why not.
    question InstanceMigratable = "instance_migratable" in |c| 900, Online, Nothing (
        instance: FullInstance,
    ) => Untyped;

    /// Migrates an instance to another node.
    action InstanceMigrate = "instance_migrate" in |c| 3600, Online, Instance (
        cluster: String,
        instance: FullInstance,
        target: String,
        live: bool,
    ) about Some(c.instance.name()) => Untyped;

    /// Installs the operating system of an instance.
    action InstanceOsAdd = "instance_os_add" in |c| 86400, Online, Instance (
        instance: FullInstance,
        reinstall: bool,
        debug_level: u64,
    ) about Some(c.instance.name()) => Untyped;

    /// Reboots a running instance.
    action InstanceReboot = "instance_reboot" in |c| 900, Online, Instance (
        /// The instance.
        instance: FullInstance,
        /// `soft` or `hard`.
        reboot_type: String,
        /// How long its shutdown may take before it is forced, in seconds.
        shutdown_timeout: u64,
        /// Who asked for it and why.
        reason: Vec<Value>,
    ) about Some(c.instance.name()) => Value;

    /// Runs the rename script of an instance's operating system.
    action InstanceRunRename = "instance_run_rename" in |c| 3600, Online, Instance (
        instance: FullInstance,
        old_name: String,
        debug_level: u64,
    ) about Some(c.instance.name()) => Untyped;

    /// Stops an instance.
    action InstanceShutdown = "instance_shutdown" in |c| 900, Online, Instance (
        /// The instance.
        instance: FullInstance,
        /// How long it may take before it is forced, in seconds.
        timeout: u64,
        /// Who asked for it and why.
        reason: Vec<Value>,
    ) about Some(c.instance.name()) => Value;

    /// Starts an instance.
    action InstanceStart = "instance_start" in |c| 900, Online, Instance (
        /// The instance, with parameters for this start.
        instance: FullInstance,
        /// Whether it is held before its first instruction.
        startup_paused: bool,
        /// Who asked for it and why.
        reason: Vec<Value>,
    ) about Some(c.instance.name()) => Value;

    /// Tells what the node that an instance is migrated to must know.
    question MigrationInfo = "migration_info" in |c| 900, Online, Nothing (
        instance: FullInstance,
    ) => Untyped;
}
