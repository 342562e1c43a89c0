//! Calls to node daemons: the table of calls (`calls.rs`), their wire form (`wire.rs`), and the seam to what carries them.
//! A call is a value: logical unit, script, healthy node and journal deal with the same one.

mod call;
mod calls;
mod replies;
mod transport;
mod wire;

pub use call::{Action, AnyCall, Call, Kind, Needs, Question, Scope};
pub use calls::*;
pub use replies::{Assembled, HvInfo, InstanceRuntime, LvStatus, NodeInfoReply, OsEntry, RunState, SpaceInfo};
pub use transport::{CallError, Doing, Message, Transport, Trouble};
pub use wire::{AnnotatedDisk, AnnotatedDisks, Encode, FullInstance, HvSpec, PerNode, StorageUnit, Wire};
