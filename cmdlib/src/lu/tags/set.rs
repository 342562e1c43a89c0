//! `TagsSet` adds tags to an object.
//!
//! | | |
//! |---|---|
//! | locks | the object's, exclusive; none for the cluster, whose tags are written by compare-and-write |
//! | changes | the object's tags; nothing if it has them all |
//! | refusals | `unknown_entity`: no such object, or no longer; `wrong_input`: no name, a tag that is none, too many tags |
//!
//! Source: ganeti 3.1, cmdlib/tags.py.

use std::collections::BTreeSet;

use super::target::{Target, checked};
use crate::cx::{Check, Exec, Expand};
use crate::error::{Failure, Refusal};
use crate::locking::{Locks, Mode};
use crate::op;
use crate::params::TAGS_PER_OBJECT_MAX;
use crate::unit::LogicalUnit;

/// Adds tags to an object.
pub struct TagsSet {
    op: op::TagsSet,
    target: Target,
}

impl LogicalUnit for TagsSet {
    type Op = op::TagsSet;
    /// The tags to add.
    type Plan = BTreeSet<String>;

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let target = Target::find(op.kind, op.name.as_deref(), cx)?;
        let locks = target.lock(Mode::Exclusive);
        Ok((Self { op, target }, locks))
    }

    fn check(&self, cx: &Check) -> Result<Self::Plan, Refusal> {
        let there = self.target.tags(&cx.config())?;
        let tags = checked(&self.op.tags)?;
        room(&there, &tags).map_err(Refusal::wrong_input)?;
        Ok(tags)
    }

    fn exec(&self, tags: &mut Self::Plan, cx: &Exec) -> Result<(), Failure> {
        cx.change(|draft| {
            // The cluster is not locked: others may have added tags since the check.
            let mut outcome = Ok(());
            self.target.change(draft, |there| {
                outcome = room(there, tags);
                if outcome.is_ok() {
                    there.append(tags);
                }
            })?;
            outcome.map_err(Failure::new)
        })
    }
}

/// Says no where an object would have more tags than it may.
fn room(there: &BTreeSet<String>, more: &BTreeSet<String>) -> Result<(), String> {
    let count = there.union(more).count();
    if count <= TAGS_PER_OBJECT_MAX {
        return Ok(());
    }
    Err(format!("an object may have {TAGS_PER_OBJECT_MAX} tags; this one would have {count}"))
}
