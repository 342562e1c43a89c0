//! Types of parameters and results that say more than text or number, by topic.

mod args;
mod changes;
mod results;
mod secrets;
mod sets;
mod texts;
mod verify;
mod words;

pub use args::IntoArg;
pub use changes::{
    BriefChange, Changes, DiskSpec, DisksToRecreate, ExportTarget, Int, ItemChange, ItemRef, ListChange, NicKey,
    NicSpec, TextOrNumber,
};
pub use results::{MultiAllocated, QueryField, QueryFieldsResponse, QueryKind, QueryResponse, QueryStatus};
pub use secrets::{Handshake, PrivateByOs, PrivateParams, SecretParams};
pub use sets::AnySet;
pub use texts::{DiskIndex, Ipv4, Ipv4Network, Ipv6, Ipv6Network, NonEmpty};
pub use verify::{OptionalCheck, VerifyCode};
pub use words::{
    AllocPolicy, AllocatorMode, AllocatorTest, CreateMode, EvacuationMode, ExportMode, FileDriver, MigrationMode,
    NicMode, OobAction, QueryResource, RebootType, ReplaceMode, SshKeyType, TagKind,
};
