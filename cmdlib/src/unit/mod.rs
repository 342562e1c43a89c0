//! What a logical unit is. Its phases are types: `expand` makes it, `check` makes its plan, `exec` acts on the plan. What is
//! learned in a phase travels in what the phase returns; no field is "set later".

mod stages;
mod table;

pub use stages::{Checked, Expanded, Given};
pub use table::{NoUnit, Unit, executing, find};

use crate::cx::{Check, Exec, Expand};
use crate::error::{Failure, Refusal};
use crate::hooks::Hooks;
use crate::locking::{Locks, Mode};
use crate::op::OpCode;

/// The result of a unit's opcode.
pub type ResultOf<L> = <<L as LogicalUnit>::Op as OpCode>::Output;

/// Executes one opcode.
pub trait LogicalUnit: Sized + 'static {
    /// Its opcode: input and result.
    type Op: OpCode;
    /// What `check` established and `exec` acts on.
    type Plan: 'static;

    /// Its hooks, if it has any.
    const HOOKS: Option<Hooks<Self>> = None;
    /// How the big lock is held. Exclusive is for what needs the whole cluster to stand still.
    const BIG_LOCK: Mode = Mode::Shared;

    /// Refuses what can be refused from the request alone, and completes it.
    ///
    /// # Errors
    /// The request is malformed or contradicts itself.
    fn arguments(_op: &mut Self::Op) -> Result<(), Refusal> {
        Ok(())
    }

    /// Turns names into objects and wishes for locks. It decides nothing that depends on values that may change before the
    /// locks are held.
    ///
    /// # Errors
    /// A name is unknown, or the request can't be met whatever the state of the cluster.
    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal>;

    /// Checks all that can be checked, with all locks held, and plans. It changes nothing, and may run twice.
    ///
    /// # Errors
    /// A prerequisite does not hold.
    fn check(&self, cx: &Check) -> Result<Self::Plan, Refusal>;

    /// Does the work.
    ///
    /// # Errors
    /// Something failed; the unit says in its documentation what is left then.
    fn exec(&self, plan: &mut Self::Plan, cx: &Exec) -> Result<ResultOf<Self>, Failure>;

    /// After a temporary lack of resources: changes the opcode for another attempt and returns true, or gives up.
    fn retry(_op: &mut Self::Op) -> bool {
        false
    }
}
