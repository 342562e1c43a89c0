//! The configuration store: snapshots that cost nothing to keep, indexes, typed changes with serial numbers, reservations,
//! verification, persistence. It knows no logical unit and makes no call.

mod changes;
mod data;
mod entity;
mod load;
mod lookup;
mod policy;
mod reservations;
mod storage;
mod store;
mod table;
mod verify;
mod views;

pub use changes::{Draft, Status};
pub use data::{Data, Snapshot};
pub use entity::{Entity, Gone};
pub use load::LoadError;
pub use lookup::ByName;
pub use reservations::{Owner, Reserved, Taken};
pub use storage::{FileStorage, MemoryStorage, Storage, StorageError};
pub use store::{ChangeError, Config, Written};
pub use table::{Changed, Table};
pub use verify::{Finding, FindingKind, UNREAD, UNREAD_OF_INSTANCE};
pub use views::secondaries;
