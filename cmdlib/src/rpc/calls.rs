//! The table of calls that the standing units make, and constructors for those that most make alike.
//!
//! Source: ganeti 3.1, rpc_defs.py; the locks are those of rule R32.

use serde_json::Value;

use crate::config::Data;
use crate::field::Params;
use crate::hooks::ScriptResult;
use crate::objects::Instance;
use crate::rpc::{
    AnnotatedDisk, AnnotatedDisks, Assembled, FullInstance, HvSpec, InstanceRuntime, LvStatus, NodeInfoReply, OsEntry,
    PerNode, StorageUnit,
};

/// Hands the table to another macro, so that it can be walked.
#[macro_export]
macro_rules! for_each_call {
    ($then:path) => {
        $then! {
            InstanceInfo, InstanceStart, InstanceShutdown, InstanceReboot, BlockdevAssemble, BlockdevShutdown, BridgesExist,
            NodeInfo, AllInstancesInfo, HypervisorValidateParams, HooksRunner, IallocatorRunner, LvList, DrbdNeedsActivation,
            OsDiagnose, NodePowercycle, TestDelay,
        }
    };
}

crate::calls! {
    /// Tells how an instance runs; nothing of it if it does not.
    question InstanceInfo = "instance_info" in |c| 60, Online, Nothing (
        /// The instance's name.
        instance: String,
        /// Its hypervisor.
        hypervisor: String,
        /// The cluster's parameters for that hypervisor.
        hvparams: Params,
    ) => InstanceRuntime;

    /// Tells how all instances of a node run.
    question AllInstancesInfo = "all_instances_info" in |c| 60, Online, Nothing (
        /// The hypervisors to ask.
        hypervisors: Vec<String>,
        /// The cluster's parameters, by hypervisor.
        hvparams: indexmap::IndexMap<String, Params>,
    ) => indexmap::IndexMap<String, InstanceRuntime>;

    /// Tells how much memory, storage and processors a node has.
    question NodeInfo = "node_info" in |c| 60, Online, Nothing (
        /// The storage to tell about.
        storage: Option<PerNode<Vec<StorageUnit>>>,
        /// The hypervisors to tell about.
        hypervisors: Vec<HvSpec>,
    ) => NodeInfoReply;

    /// Checks that a node has bridges; it fails naming those that it lacks.
    question BridgesExist = "bridges_exist" in |c| 60, Online, Nothing (
        /// Their names.
        bridges: Vec<String>,
    ) => Value;

    /// Checks hypervisor parameters against what the node has; it fails naming what does not fit.
    question HypervisorValidateParams = "hypervisor_validate_params" in |c| 900, Online, Nothing (
        /// The hypervisor.
        hypervisor: String,
        /// All its parameters.
        hvparams: Params,
    ) => Value;

    /// Tells which operating systems a node has.
    question OsDiagnose = "os_diagnose" in |c| 300, Online, Nothing () => Vec<OsEntry>;

    /// Tells which logical volumes a node has, by `group/volume`.
    question LvList = "lv_list" in |c| 60, Online, Node (
        /// The volume groups; none means all.
        groups: Vec<String>,
    ) => indexmap::IndexMap<String, LvStatus>;

    /// Tells which mirrored disks are not as they should be, by uuid.
    question DrbdNeedsActivation = "drbd_needs_activation" in |c| 900, Online, Node (
        /// The disks to look at, instance by instance.
        disks: Vec<AnnotatedDisks>,
    ) => Vec<String>;

    /// Runs an allocator on the master.
    question IallocatorRunner = "iallocator_runner" in |c| 900, Online, Nothing (
        /// The allocator.
        name: String,
        /// The request document.
        document: String,
        /// Options for it.
        options: Params,
    ) => String;

    /// Starts an instance.
    action InstanceStart = "instance_start" in |c| 900, Online, Instance (
        /// The instance, with parameters for this start.
        instance: FullInstance,
        /// Whether it is held before its first instruction.
        startup_paused: bool,
        /// Who asked for it and why.
        reason: Vec<Value>,
    ) about c.instance.name() => Value;

    /// Stops an instance.
    action InstanceShutdown = "instance_shutdown" in |c| 900, Online, Instance (
        /// The instance.
        instance: FullInstance,
        /// How long it may take before it is forced, in seconds.
        timeout: u64,
        /// Who asked for it and why.
        reason: Vec<Value>,
    ) about c.instance.name() => Value;

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
    ) about c.instance.name() => Value;

    /// Makes the device of a disk available on a node.
    action BlockdevAssemble = "blockdev_assemble" in |c| 900, Online, NodeResOrInstance (
        /// The disk.
        disk: AnnotatedDisk,
        /// The instance that it belongs to.
        instance: FullInstance,
        /// Whether it is opened for writing.
        as_primary: bool,
        /// The disk's index.
        index: u64,
    ) about c.instance.name() => Assembled;

    /// Takes the device of a disk down on a node.
    action BlockdevShutdown = "blockdev_shutdown" in |c| 900, Online, NodeResOrInstance (
        /// The disk.
        disk: AnnotatedDisk,
    ) about c.disk.instance().name.as_str() => Value;

    /// Resets a node's hardware. It is meant for nodes in trouble: offline ones are called, and no lock is needed.
    action NodePowercycle = "node_powercycle" in |c| 900, Everywhere, Nothing (
        /// The cluster's default hypervisor.
        hypervisor: String,
        /// The cluster's parameters for it.
        hvparams: Params,
    ) => Option<String>;

    /// Lets a node wait. It only tests locks and queue, so no lock is needed.
    action TestDelay = "test_delay" in |c| (c.duration + 5.0).floor(), Online, Nothing (
        /// How long, in seconds.
        duration: f64,
    ) => Value;

    /// Runs the scripts of a phase. The processor makes this call, no unit does.
    action HooksRunner = "hooks_runner" in |c| 900, Online, Nothing (
        /// The folder of the scripts, without the phase.
        path: String,
        /// `pre` or `post`.
        phase: String,
        /// Their environment.
        env: std::collections::BTreeMap<String, String>,
    ) => Vec<ScriptResult>;
}

impl InstanceInfo {
    /// Asks for an instance.
    #[must_use]
    pub fn of(instance: &Instance, config: &Data) -> Self {
        let hypervisor = instance.hypervisor.clone();
        Self { instance: instance.name.clone(), hvparams: config.cluster_hvparams(&hypervisor), hypervisor }
    }
}

impl NodeInfo {
    /// Asks for memory only, by one hypervisor.
    #[must_use]
    pub fn memory(hypervisor: &str, config: &Data) -> Self {
        Self { storage: None, hypervisors: vec![HvSpec::of(hypervisor, config)] }
    }
}
