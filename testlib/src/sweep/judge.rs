//! Whether a run with a fault ended as it should.

use std::collections::BTreeSet;

use cmdlib::error::Code;
use cmdlib::processor::Ended;
use cmdlib::record::Phase;
use serde_json::Value;

use crate::bench::Once;
use crate::diff::Changes;
use crate::finding::{Finding, Topic};
use crate::invariants::{self, Invariant};
use crate::journal::What;
use crate::sweep::learn::{Case, Learned, result, warnings};
use crate::sweep::point::Target;
use crate::sweep::{Fault, Outcome};

/// The checks that follow every run, made cheap for many runs that begin with one state.
#[derive(Default)]
pub(super) struct Checks {
    /// Changes that left the configuration valid.
    valid: Vec<Changes>,
}

impl Checks {
    pub(super) fn after(&mut self, once: &Once, op: &Value, allowed: &[(Invariant, String)]) -> Vec<Finding> {
        let known = once.changes.0.is_empty() || self.valid.contains(&once.changes);
        let mut leave_out = allowed.to_vec();
        if known {
            leave_out.push((Invariant::ValidConfiguration, "the same changes were looked at".to_owned()));
        }
        let findings = invariants::after_run(once, None, op, &leave_out);
        if !known && !findings.iter().any(|it| it.invariant == Some(Invariant::ValidConfiguration)) {
            self.valid.push(once.changes.clone());
        }
        findings
    }
}

/// Returns how a run with a fault ended.
pub(super) fn outcome(once: &Once, case: &Case, learned: &Learned) -> Outcome {
    match &once.ended {
        Ended::Success(_) if told(once, case, learned) => Outcome::Warned,
        ended => plain(ended),
    }
}

/// Returns how a run ended, whatever was told.
pub(super) fn plain(ended: &Ended) -> Outcome {
    match ended {
        Ended::Success(_) => Outcome::Succeeded,
        Ended::Refused(refusal) => Outcome::Refused(refusal.code),
        Ended::Failed(_) => Outcome::Failed,
        Ended::HooksAborted(_) => Outcome::HooksAborted,
        Ended::LockTimeout => Outcome::LockTimedOut,
        // A sweep has a unit, so an unknown opcode is the error of a programmer, too.
        Ended::BadResult(_) | Ended::Internal(_) | Ended::OpCodeUnknown(_) => Outcome::InternalError,
    }
}

/// Tells whether whoever submitted the job learns which answers were missing: each node is named by a warning that would not
/// be there otherwise, by a result that is another one, or by the error. The instance that a call is about stands for all.
fn told(once: &Once, case: &Case, learned: &Learned) -> bool {
    let names = &once.journal.names;
    let mut lines: Vec<String> =
        warnings(&once.journal).into_iter().filter(|line| !learned.warnings.contains(line)).collect();
    let result = result(&once.ended).filter(|result| learned.result.as_ref() != Some(result));
    lines.extend(result.map(|result| names.readable(&result)));
    if !matches!(once.ended, Ended::Success(_)) {
        lines.push(names.readable(&once.ended.to_string()));
    }
    let named = |name: &String| lines.iter().any(|line| has_word(line, name));
    if matches!(case.point.target, Target::Submit | Target::Write) {
        return !lines.is_empty();
    }
    // A run that goes on tells of each of them; one that ends may end because of the first.
    let nodes = match once.ended {
        Ended::Success(_) => !case.nodes.is_empty() && case.nodes.iter().all(named),
        _ => case.nodes.iter().any(named),
    };
    nodes || case.about.as_ref().is_some_and(named)
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|it: char| !it.is_ascii_alphanumeric() && it != '-' && it != '_').any(|part| part == word)
}

fn wrong(title: impl Into<String>) -> Finding {
    Finding::new(Topic::Unit, title)
}

/// Returns what is wrong with how the run ended, by the rules for any unit.
pub(super) fn class(once: &Once, case: &Case, learned: &Learned, outcome: Outcome) -> Vec<Finding> {
    let mut findings = Vec::new();
    let usable = case.nodes.is_empty() && case.about.is_none();
    match outcome {
        Outcome::InternalError => return findings,
        Outcome::Succeeded if !may_be_silent(case) => {
            let several = case.nodes.len() > 1;
            let all = if several { format!(" ({})", case.nodes.join(", ")) } else { String::new() };
            findings.push(
                wrong("an answer was not usable, and nobody is told")
                    .got(format!("{}{all}: {}; neither a new warning nor the result names it", case.point, case.fault))
                    .hint(
                        "warn, or mark it in the result (R44, R49); where it does not matter, expect it with a reason",
                    ),
            );
        }
        Outcome::Refused(code) if !codes(case).contains(&code) && !usable => {
            let wanted: Vec<String> = codes(case).iter().map(ToString::to_string).collect();
            findings.push(
                wrong("the refusal has another code than a node that misbehaves (R24)")
                    .got(format!("{code}, where {} would say what happened", wanted.join(" or "))),
            );
        }
        Outcome::Refused(_) if case.phase >= Phase::PreHooks => {
            findings.push(wrong("a refusal after the checks").got(format!("in phase '{}'", case.phase.as_str())));
        }
        Outcome::Failed if case.phase < Phase::Exec => {
            findings.push(wrong("an execution error without an execution").got(once.ended.to_string()));
        }
        Outcome::HooksAborted if !matches!(case.point.target, Target::Hooks(_)) => {
            findings.push(wrong("hooks are said to have aborted the run, but none did"));
        }
        Outcome::LockTimedOut => findings.push(wrong("the unit asks for another attempt because of a fault")),
        Outcome::Refused(_) | Outcome::Failed if !usable && !told(once, case, learned) => {
            findings.push(
                wrong("the error does not say where the fault was")
                    .got(once.journal.names.readable(&once.ended.to_string()))
                    .hint("name the node, or the object that the call was about, in the error or in a warning (R28)"),
            );
        }
        _ => {}
    }
    if case.phase == Phase::PostHooks && !matches!(outcome, Outcome::Warned | Outcome::Succeeded) {
        findings.push(wrong("a fault after the execution undid its success (R76)"));
    }
    findings
}

fn may_be_silent(case: &Case) -> bool {
    let usable = case.nodes.is_empty() && case.about.is_none();
    match case.point.target {
        // A state that is not stored, or a job that is not taken, can't be passed over.
        Target::Write | Target::Submit | Target::Resolve | Target::Open => false,
        // Scripts on offline nodes are not missed (ganeti 3.1, hooksmaster.py).
        Target::Hooks(_) | Target::ConfigUpdate => usable || case.fault == Fault::Offline,
        Target::Allocator => matches!(case.fault, Fault::Malformed(_)),
        _ => usable,
    }
}

/// Returns the codes that a refusal because of a fault may have.
fn codes(case: &Case) -> Vec<Code> {
    match (&case.point.target, &case.fault) {
        (Target::Resolve, _) => vec![Code::Resolver],
        (Target::Allocator, Fault::SaysNo) => vec![Code::InsufficientResources],
        (_, Fault::Offline) => vec![Code::Environment, Code::WrongState],
        _ => vec![Code::Environment],
    }
}

/// What is set up by one call and taken down by another, both about the thing in their first argument.
const UNDONE_BY: [(&str, &str); 3] = [
    ("blockdev_assemble", "blockdev_shutdown"),
    ("blockdev_create", "blockdev_remove"),
    ("file_storage_dir_create", "file_storage_dir_remove"),
];

/// Calls after which what was set up for an instance is in use: from then on it stays.
const USED_BY: [&str; 1] = ["instance_start"];

/// Returns what a failed run has set up and did not even try to take down. A reply that was lost counts as done.
pub(super) fn left_behind(once: &Once) -> Vec<Finding> {
    if !matches!(once.ended, Ended::Failed(_)) {
        return Vec::new();
    }
    let mut up: BTreeSet<(&str, String, String, Option<String>)> = BTreeSet::new();
    for step in &once.journal.steps {
        let What::Call { call, nodes } = &step.what else { continue };
        let about = call.instance();
        if USED_BY.contains(&call.procedure()) && nodes.iter().any(|node| node.answer.is_ok()) {
            up.retain(|(.., owner)| *owner != about);
        }
        let Some(pair) = UNDONE_BY.iter().find(|pair| pair.0 == call.procedure() || pair.1 == call.procedure()) else {
            continue;
        };
        let assembles = pair.0 == "blockdev_assemble";
        let was_up = assembles && about.as_ref().is_some_and(|name| disks_were_active(once, name));
        for node in nodes.iter().filter(|node| node.contacted && !was_up) {
            let thing = node.args.first().map(thing_of).unwrap_or_default();
            let key = (pair.0, node.name.clone(), thing, about.clone());
            let done = match &node.answer {
                Ok(_) | Err(cmdlib::rpc::Trouble::Malformed(_)) => true,
                Err(cmdlib::rpc::Trouble::Unreachable(why)) => why.contains("before the reply"),
                Err(_) => false,
            };
            if call.procedure() == pair.1 {
                up.remove(&key);
            } else if done {
                up.insert(key);
            }
        }
    }
    let told = |(call, node, thing, _): (&str, String, String, Option<String>)| {
        let names = &once.journal.names;
        wrong("a failed run left something behind that it had set up")
            .got(format!("{call} of {} @{}", names.name(&thing), names.name(&node)))
            .hint("what was set up is taken down again, also where its reply was lost")
    };
    up.into_iter().map(told).collect()
}

fn thing_of(argument: &Value) -> String {
    let object = argument.as_array().and_then(|parts| parts.first()).unwrap_or(argument);
    object.get("uuid").and_then(Value::as_str).map_or_else(|| object.to_string(), str::to_owned)
}

fn disks_were_active(once: &Once, name: &str) -> bool {
    once.before.named::<cmdlib::objects::Instance>(name).is_ok_and(|instance| instance.disks_active)
}
