//! `lu try`: runs opcodes against a cluster's file, on healthy nodes, and tells what they do.

use std::fmt::Write as _;

use cmdlib::processor::Ended;
use serde_json::Value;

use super::arguments::Try;
use super::opcodes::Planned;
use super::secrets::Secrets;
use super::subject::Subject;
use super::trouble::Trouble;
use super::{BAD, GOOD, Streams, complain};
use crate::bench::Once;
use crate::finding::{Finding, Topic};
use crate::invariants::{self, Invariant};
use crate::library::Library;

/// What the bench says of a call that a test should have scripted.
const UNEXPECTED: &str = "the test did not expect this call";
/// Longer values of parameters are cut.
const VALUE_MAX: usize = 80;

/// Runs the opcodes that are wanted; returns what is printed, and the exit code.
pub(super) fn attempt(wanted: &Try, library: &Library, streams: &mut Streams<'_>) -> Result<(String, u8), Trouble> {
    let subject = Subject::read(&wanted.subject, false, library, streams)?;
    let plan = &subject.plan;
    let (mut out, mut code, mut state) = (String::new(), GOOD, subject.state.clone());
    for (index, planned) in plan.iter().enumerate() {
        let place = if plan.len() > 1 { format!("{} of {}: ", index + 1, plan.len()) } else { String::new() };
        let mut secrets = subject.secrets.clone();
        secrets.learn(&planned.op);
        out += &format!("{place}{}\n", title(planned, &secrets));
        if code != GOOD {
            out += "  not run, since one before it did not succeed\n";
            continue;
        }
        let once = subject.run(planned, &state, library);
        secrets.also(|secret| once.journal.names.readable(secret));
        out += &secrets.printable(&told(planned, &once));
        if !matches!(once.ended, Ended::Success(_)) {
            code = BAD;
        }
        state = once.after;
    }
    for answer in subject.answers.unused() {
        complain(streams, &format!("warning: nobody asked for this answer: {}\n", subject.secrets.printable(&answer)));
    }
    Ok((out, code))
}

/// Returns the opcode with the parameters that were given, what every opcode has left out unless it does something.
fn title(planned: &Planned, secrets: &Secrets) -> String {
    let common = |name: &str| matches!(name, "OP_ID" | "debug_level" | "priority" | "depends" | "comment" | "reason");
    let idle = |name: &str, value: &Value| common(name) || (name == "dry_run" && *value == Value::Bool(false));
    let mut out = planned.unit.op_id.to_owned();
    for (name, value) in planned.op.as_object().into_iter().flatten().filter(|(name, value)| !idle(name, value)) {
        let text = secrets.printable(&value.to_string());
        let cut: String = text.chars().take(VALUE_MAX).collect();
        let _ = write!(out, " {name}={cut}{}", if cut.len() < text.len() { ".." } else { "" });
    }
    out
}

/// Tells what an opcode did: journal, changes, outcome, and what the bench could not do for it.
fn told(planned: &Planned, once: &Once) -> String {
    let names = &once.journal.names;
    let mut out = String::new();
    section(&mut out, "journal", once.journal.lines(false));
    section(&mut out, "would change (nothing is written)", or_nothing(once.changes.lines(names)));
    let mut outcome = vec![names.readable(&once.ended.to_string())];
    outcome.extend(planned.status.as_ref().map(|status| format!("in the job file: {status}")));
    section(
        &mut out,
        "outcome",
        outcome.iter().flat_map(|text| text.lines()).map(|line| format!("  {line}")).collect(),
    );
    let (unanswered, others): (Vec<Finding>, Vec<Finding>) =
        findings(planned, once).into_iter().partition(|it| it.topic == Topic::Rpc);
    section(&mut out, "not answered: healthy nodes can't", unanswered.iter().map(unanswered_line).collect());
    section(&mut out, "wrong: this must hold after any run", others.iter().map(finding_line).collect());
    // There is no test here that could have expected it.
    out.replace(UNEXPECTED, "healthy nodes have no answer to this")
}

fn section(out: &mut String, head: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "{head}");
    for line in lines {
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn or_nothing(lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() { vec!["  nothing".to_owned()] } else { lines.iter().map(|line| format!("  {line}")).collect() }
}

fn findings(planned: &Planned, once: &Once) -> Vec<Finding> {
    // An internal error is the outcome already.
    let left_out = [(Invariant::NoInternalError, String::new())];
    let after = invariants::after_run(once, None, &planned.op, &left_out);
    crate::finding::folded(once.findings.iter().cloned().chain(after).collect())
}

fn finding_line(finding: &Finding) -> String {
    let hint = finding.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("  {}: {}{hint}", finding.title, finding.got.join(", "))
}

/// Tells of a call that nobody answers, without the advice to script it.
fn unanswered_line(finding: &Finding) -> String {
    let why = finding.hint.as_deref().unwrap_or_default().split(": script it").next().unwrap_or_default();
    format!("  {}: {why}", finding.got.join(", "))
}
