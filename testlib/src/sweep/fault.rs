//! What can go wrong at a point.

use std::fmt;

use cmdlib::rpc::{AnyCall, Trouble};
use serde_json::{Value, json};

use crate::sweep::malformed;
use crate::sweep::point::Target;

/// What can go wrong at a point of a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fault {
    /// The node says no. A name does not resolve, a socket does not open, a state is not stored, a job is not taken.
    Refused,
    /// The node is known to be down and was not called.
    Offline,
    /// The node gave no answer.
    Unreachable,
    /// The node did what it was told, but its answer was lost.
    LostReply,
    /// The answer is of a wrong form: how it was spoilt, as the matrix names it.
    Malformed(String),
    /// A script fails.
    ScriptFails,
    /// The allocator says no.
    SaysNo,
    /// The answer is the opposite: something listens, somebody comes.
    Opposite,
}

const ON_PURPOSE: &str = "a fault on purpose";

impl Fault {
    /// Returns the fault of an answer that is spoilt in this way: `empty`, `missing memory_free in [2][0]`. In an expectation,
    /// an empty text means any way.
    #[must_use]
    pub fn malformed(how: &str) -> Self {
        Self::Malformed(how.to_owned())
    }

    /// Returns what a node answers in the place of `answer`; none if the fault is none of this kind of answer.
    pub(super) fn spoil(&self, target: &Target, answer: &Result<Value, Trouble>) -> Option<Result<Value, Trouble>> {
        Some(match self {
            Self::Refused => Err(Trouble::Refused(ON_PURPOSE.to_owned())),
            Self::Offline => Err(Trouble::Offline),
            Self::Unreachable => Err(Trouble::Unreachable("connection timed out".to_owned())),
            Self::LostReply => Err(Trouble::Unreachable("connection closed before the reply".to_owned())),
            Self::Malformed(how) => {
                let variants = spoilt(target, answer.as_ref().ok()?);
                Ok(variants.into_iter().find(|(name, _)| name == how)?.1)
            }
            Self::ScriptFails if matches!(target, Target::Hooks(_) | Target::ConfigUpdate) => {
                Ok(json!([["fault", 1, ON_PURPOSE]]))
            }
            Self::SaysNo if *target == Target::Allocator => {
                Ok(json!({"success": false, "info": ON_PURPOSE, "result": null}).to_string().into())
            }
            Self::ScriptFails | Self::SaysNo | Self::Opposite => return None,
        })
    }

    /// Returns the fault as a test writes it.
    pub(super) fn rust(&self) -> String {
        match self {
            Self::Malformed(how) => format!("Fault::malformed({how:?})"),
            other => format!("Fault::{other:?}"),
        }
    }

    /// Returns the column that it has in a matrix.
    pub(super) fn column(&self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Offline => "offline",
            Self::Unreachable => "unreachable",
            Self::LostReply => "lost reply",
            Self::Malformed(_) => "malformed",
            Self::ScriptFails => "script fails",
            Self::SaysNo => "says no",
            Self::Opposite => "opposite",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(how) => write!(f, "malformed ({how})"),
            other => f.write_str(other.column()),
        }
    }
}

fn spoilt(target: &Target, answer: &Value) -> Vec<(String, Value)> {
    match (target, answer.as_str()) {
        (Target::Allocator, Some(text)) => malformed::text_variants(text),
        _ => malformed::variants(answer),
    }
}

/// A fault that is worth a run.
pub(super) struct Planned {
    pub(super) fault: Fault,
    /// Whether the unit can't use the answer: then somebody must be told.
    pub(super) unusable: bool,
}

impl Planned {
    pub(super) fn unusable(fault: Fault) -> Self {
        Self { fault, unusable: true }
    }
}

/// Returns the faults that an answer of nodes may have, and the number of those that a unit can't tell from one of them: of
/// the answers that can't be read, one stands for all.
pub(super) fn faults_of_call(
    call: &dyn AnyCall,
    target: &Target,
    answer: &Result<Value, Trouble>,
) -> (Vec<Planned>, usize) {
    use cmdlib::rpc::{Kind, Scope};
    let mut faults = vec![Planned::unusable(Fault::Refused)];
    let plain = !matches!(target, Target::Hooks(_) | Target::ConfigUpdate | Target::Allocator);
    if plain && call.kind() == Kind::Action {
        faults.push(Planned::unusable(Fault::LostReply));
    }
    // Right after the one that shows it as well.
    faults.push(Planned::unusable(Fault::Unreachable));
    if call.scope() == Scope::Online {
        faults.push(Planned::unusable(Fault::Offline));
    }
    match target {
        Target::Hooks(_) => faults.push(Planned::unusable(Fault::ScriptFails)),
        // Nobody waits for what these say (ganeti 3.1, mcpu.py).
        Target::ConfigUpdate => faults.push(Planned { fault: Fault::ScriptFails, unusable: false }),
        Target::Allocator => faults.push(Planned::unusable(Fault::SaysNo)),
        _ => {}
    }
    let mut alike = 0;
    if let Ok(answer) = answer {
        let mut unreadable = false;
        for (how, spoilt) in spoilt(target, answer) {
            let unusable = call.misfit(&spoilt).is_some();
            if unusable && std::mem::replace(&mut unreadable, true) {
                alike += 1;
            } else {
                faults.push(Planned { fault: Fault::Malformed(how), unusable });
            }
        }
    }
    (faults, alike)
}
