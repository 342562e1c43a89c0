//! `TagsDel` takes tags from an object. It takes all of them or none.
//!
//! | | |
//! |---|---|
//! | locks | the object's, exclusive; none for the cluster, whose tags are written by compare-and-write |
//! | changes | the object's tags |
//! | refusals | `unknown_entity`: no such object, or no longer, or it lacks a tag; `wrong_input`: no name, a tag that is none |
//!
//! Source: ganeti 3.1, cmdlib/tags.py.

use std::collections::BTreeSet;

use super::target::{Target, checked};
use crate::cx::{Check, Exec, Expand};
use crate::error::{Failure, Refusal};
use crate::locking::{Locks, Mode};
use crate::op;
use crate::unit::LogicalUnit;

/// Takes tags from an object.
pub struct TagsDel {
    op: op::TagsDel,
    target: Target,
}

impl LogicalUnit for TagsDel {
    type Op = op::TagsDel;
    /// The tags to take away.
    type Plan = BTreeSet<String>;

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let target = Target::find(op.kind, op.name.as_deref(), cx)?;
        let locks = target.lock(Mode::Exclusive);
        Ok((Self { op, target }, locks))
    }

    fn check(&self, cx: &Check) -> Result<Self::Plan, Refusal> {
        let there = self.target.tags(&cx.config())?;
        let tags = checked(&self.op.tags)?;
        missing(&there, &tags).map_err(Refusal::unknown)?;
        Ok(tags)
    }

    fn exec(&self, tags: &mut Self::Plan, cx: &Exec) -> Result<(), Failure> {
        cx.change(|draft| {
            // The cluster is not locked: others may have taken tags away since the check.
            let mut outcome = Ok(());
            self.target.change(draft, |there| {
                outcome = missing(there, tags);
                if outcome.is_ok() {
                    there.retain(|tag| !tags.contains(tag));
                }
            })?;
            outcome.map_err(Failure::new)
        })
    }
}

/// Says no where the object lacks a tag that is to be taken away.
fn missing(there: &BTreeSet<String>, tags: &BTreeSet<String>) -> Result<(), String> {
    let missing: Vec<&str> = tags.difference(there).map(String::as_str).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("the object does not have the tags {}", missing.join(", "))) }
}
