//! The table of opcodes, a file for each family, and the type that holds any of them.
//!
//! Results are of the types that the reference promises; where it promises no more than a list or an object, the unit that
//! makes the result narrows the type. `Value` stands where it promises nothing.
//!
//! Source: ganeti 3.1, opcodes.py.
#![allow(missing_docs, reason = "parameters of opcodes whose unit does not stand yet get their line with it")]

mod backup;
mod cluster;
mod group;
mod instance;
mod instance_disks;
mod instance_move;
mod network;
mod node;
mod query;
mod tags;
mod test;

pub use backup::*;
pub use cluster::*;
pub use group::*;
pub use instance::*;
pub use instance_disks::*;
pub use instance_move::*;
pub use network::*;
pub use node::*;
pub use query::*;
pub use tags::*;
pub use test::*;

use crate::op::macros::any;

any! {
    TagsGet TagsSet TagsDel TagsSearch
    ClusterActivateMasterIp ClusterConfigQuery ClusterDeactivateMasterIp ClusterDestroy ClusterPostInit ClusterQuery ClusterRedistConf ClusterRename ClusterRenewCrypto ClusterRepairDiskSizes ClusterSetParams ClusterVerify ClusterVerifyConfig ClusterVerifyDisks ClusterVerifyGroup
    GroupAdd GroupAssignNodes GroupEvacuate GroupRemove GroupRename GroupSetParams GroupVerifyDisks
    NodeAdd NodeEvacuate NodeMigrate NodeModifyStorage NodePowercycle NodeQueryvols NodeQueryStorage NodeRemove NodeSetParams OobCommand RepairNodeStorage RestrictedCommand
    InstanceCreate InstanceMultiAlloc InstanceStartup InstanceShutdown InstanceReboot InstanceReinstall InstanceRemove InstanceRename InstanceSetParams InstanceConsole InstanceQueryData
    InstanceMigrate InstanceFailover InstanceMove InstanceChangeGroup
    InstanceActivateDisks InstanceDeactivateDisks InstanceGrowDisk InstanceRecreateDisks InstanceReplaceDisks
    BackupExport BackupPrepare BackupRemove
    NetworkAdd NetworkConnect NetworkDisconnect NetworkRemove NetworkRename NetworkSetParams
    Query QueryFields OsDiagnose ExtStorageDiagnose
    TestAllocator TestDelay TestDummy TestJqueue TestOsParams
}
