//! Calls to node daemons: the table of calls (`calls`), their wire form (`wire`), and the seam to what carries them.
//! A call is a value: logical unit, script, healthy node and journal deal with the same one.

mod call;
mod calls;
mod replies;
mod transport;
mod wire;

#[doc(hidden)]
pub use call::{About, ArgReader};
pub use call::{Action, AnyCall, Call, Kind, Needs, Question, Scope};
pub use calls::*;
pub use replies::{Assembled, HvInfo, InstanceRuntime, LvStatus, NodeInfoReply, OsEntry, RunState, SpaceInfo};
pub use transport::{CallError, Doing, Message, Transport, Trouble};
pub use wire::*;
