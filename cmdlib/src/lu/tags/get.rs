//! `TagsGet` returns the tags of an object.
//!
//! | | |
//! |---|---|
//! | locks | the object's, shared, with `use_locking`; else none |
//! | refusals | `unknown_entity`: no such object, or no longer; `wrong_input`: no name |
//!
//! Source: ganeti 3.1, cmdlib/tags.py.

use super::target::Target;
use crate::cx::{Check, Exec, Expand};
use crate::error::{Failure, Refusal};
use crate::locking::{Locks, Mode};
use crate::op::{self, IntoArg, NonEmpty};
use crate::unit::LogicalUnit;

/// Returns the tags of an object.
pub struct TagsGet {
    target: Target,
}

impl LogicalUnit for TagsGet {
    type Op = op::TagsGet;
    /// The tags.
    type Plan = Vec<NonEmpty>;

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let target = Target::find(op.kind, op.name.as_deref(), cx)?;
        let locks = if op.use_locking { target.lock(Mode::Shared) } else { Locks::none() };
        Ok((Self { target }, locks))
    }

    fn check(&self, cx: &Check) -> Result<Self::Plan, Refusal> {
        Ok(self.target.tags(&cx.config())?.iter().map(IntoArg::into_arg).collect())
    }

    fn exec(&self, tags: &mut Self::Plan, _: &Exec) -> Result<Vec<NonEmpty>, Failure> {
        Ok(std::mem::take(tags))
    }
}
