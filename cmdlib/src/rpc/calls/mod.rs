//! The table of calls, a file for each family, and constructors for those that most make alike.
//!
//! Which lock a call needs is judged by rule R32: what changes something needs one, what only asks needs one where all who ask
//! have it. Calls that are made on the master, and those that don't say which instance they are about, need none here: the
//! tests of their units look at the locks. Replies get a type as soon as a unit reads them; until then they are `Untyped`.
//!
//! Source: ganeti 3.1, rpc_defs.py.
#![allow(missing_docs, reason = "arguments of calls that no unit makes yet get their line with it")]

mod export;
mod instance;
mod master;
mod node;
mod os;
mod storage;

pub use export::*;
pub use instance::*;
pub use master::*;
pub use node::*;
pub use os::*;
pub use storage::*;

use serde_json::Value;

use crate::config::Data;
use crate::field::{Field, Misfit};
use crate::objects::Instance;
use crate::rpc::{AnyCall, Call, HvSpec};

/// Hands the calls whose replies are typed to another macro, so that they can be walked.
#[macro_export]
macro_rules! for_each_call {
    ($then:path) => {
        $then! {
            BlockdevAssemble, BlockdevShutdown, DrbdNeedsActivation, LvList, AllInstancesInfo, BridgesExist,
            HypervisorValidateParams, InstanceInfo, InstanceReboot, InstanceShutdown, InstanceStart,
            OsDiagnose, HooksRunner, IallocatorRunner, NodeInfo, NodePowercycle, TestDelay,
        }
    };
}

/// Hands the calls whose replies have no type so far to another macro.
#[macro_export]
macro_rules! for_each_untyped_call {
    ($then:path) => {
        $then! {
            BdevSizes, BlockdevAddchildren, BlockdevClose, BlockdevConvert, BlockdevCreate, BlockdevFind,
            BlockdevGetdimensions, BlockdevGetmirrorstatus, BlockdevGetmirrorstatusMulti, BlockdevGrow,
            BlockdevImage, BlockdevOpen, BlockdevPauseResumeSync, BlockdevRemove, BlockdevRemovechildren,
            BlockdevRename, BlockdevSetinfo, BlockdevSnapshot, BlockdevWipe, DrbdAttachNet,
            DrbdDisconnectNet, DrbdHelper, DrbdWaitSync, FileStorageDirCreate, FileStorageDirRemove,
            FileStorageDirRename, ResizeDisk, StorageExecute, StorageList, StorageModify, VgList,
            AcceptInstance, HotplugDevice, HotplugSupported, InstanceBalloonMemory,
            InstanceFinalizeMigrationDst, InstanceFinalizeMigrationSrc, InstanceGetMigrationStatus,
            InstanceList, InstanceMetadataModify, InstanceMigratable, InstanceMigrate, InstanceOsAdd,
            InstanceRunRename, MigrationInfo, ExportInfo, ExportList, ExportRemove, ExportStart,
            FinalizeExport, ImpexpAbort, ImpexpCleanup, ImpexpStatus, ImportStart, X509CertCreate,
            X509CertRemove, ExtstorageDiagnose, OsExport, OsValidate, EtcHostsModify, GetFileInfo,
            GetWatcherPause, SetWatcherPause, JobqueuePurge, JobqueueRename, JobqueueSetDrainFlag,
            JobqueueUpdate, MasterNodeName, NodeActivateMasterIp, NodeChangeMasterNetmask,
            NodeDeactivateMasterIp, NodeLeaveCluster, NodeStartMasterDaemons, NodeStopMaster, UploadFile,
            UploadFileSingle, WriteSsconfFiles, NodeConfigureOvs, NodeCryptoTokens, NodeDemoteFromMc,
            NodeEnsureDaemon, NodeHasIpAddress, NodeSshKeyAdd, NodeSshKeyRemove, NodeSshKeysRenew,
            NodeVerify, NodeVolumes, RestrictedCommand, RunOob, NodeVerifyLight, Version,
        }
    };
}

/// The reply of a call that has no type so far: it gets one as soon as a unit reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct Untyped(pub Value);

impl Field for Untyped {
    fn read(value: &Value) -> Result<Self, Misfit> {
        Ok(Self(value.clone()))
    }
    fn write(&self) -> Value {
        self.0.clone()
    }
}

macro_rules! table {
    ($names:ident $read:ident $($call:ident),+ $(,)?) => {
        const $names: &[&str] = &[$(<$call as Call>::NAME),+];

        fn $read(procedure: &str, args: &[Value]) -> Option<Result<Box<dyn AnyCall>, Misfit>> {
            fn read<C: Call>(args: &[Value]) -> Result<Box<dyn AnyCall>, Misfit> {
                C::read(args).map(|call| Box::new(call) as Box<dyn AnyCall>)
            }
            match procedure {
                $(<$call as Call>::NAME => Some(read::<$call>(args)),)+
                _ => None,
            }
        }
    };
}
macro_rules! typed {
    ($($calls:tt)+) => { table! { TYPED read_typed $($calls)+ } };
}
macro_rules! untyped {
    ($($call:ident),+ $(,)?) => {
        // A call that got a type of reply belongs to the other list.
        $(const _: fn(<$call as Call>::Reply) -> Untyped = |reply| reply;)+
        table! { UNTYPED read_untyped $($call),+ }
    };
}
for_each_call!(typed);
for_each_untyped_call!(untyped);

/// Returns the names of all calls of the table.
pub fn names() -> impl Iterator<Item = &'static str> {
    TYPED.iter().chain(UNTYPED).copied()
}

/// Tells whether the reply of a call has no type so far.
#[must_use]
pub fn is_untyped(procedure: &str) -> bool {
    UNTYPED.contains(&procedure)
}

/// Reads a call as a node gets it: its name and its arguments. None if the table has no such call.
///
/// # Errors
/// The arguments are not those of the call: which, and why.
#[must_use]
pub fn read(procedure: &str, args: &[Value]) -> Option<Result<Box<dyn AnyCall>, Misfit>> {
    read_typed(procedure, args).or_else(|| read_untyped(procedure, args))
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
