//! `lu try`: runs opcodes against a cluster's file, on healthy nodes, and tells what they do.

use std::fmt::Write as _;

use cmdlib::config::Snapshot;
use cmdlib::locking::Strategy;
use cmdlib::processor::{self, Ended};
use cmdlib::unit::Unit;
use serde_json::Value;

use super::arguments::Try;
use super::opcodes::{self, Planned};
use super::secrets::Secrets;
use super::trouble::Trouble;
use super::{BAD, GOOD, Streams, cluster, complain};
use crate::bench::{LuTest, Once};
use crate::finding::{Finding, Topic};
use crate::invariants::{self, Invariant};

/// How long an attempt to get all locks may take, in seconds; all of them are free.
const LIMIT_SECONDS: f64 = 30.0;
/// What the bench says of a call that a test should have scripted.
const UNEXPECTED: &str = "the test did not expect this call";
/// Longer values of parameters are cut.
const VALUE_MAX: usize = 80;

/// Runs the opcodes that are wanted; returns what is printed, and the exit code.
pub(super) fn attempt(
    wanted: &Try,
    units: &'static [Unit],
    streams: &mut Streams<'_>,
) -> Result<(String, u8), Trouble> {
    let cluster = cluster::read(&wanted.config)?;
    let secrets = cluster.secrets;
    let plan = plan(wanted, units, streams).map_err(|trouble| trouble.map(|text| secrets.printable(text)))?;
    for warning in &cluster.warnings {
        complain(streams, &format!("warning: {warning}\n"));
    }
    let (mut out, mut code, mut state) = (String::new(), GOOD, cluster.state);
    for (index, planned) in plan.iter().enumerate() {
        let place = if plan.len() > 1 { format!("{} of {}: ", index + 1, plan.len()) } else { String::new() };
        let mut secrets = secrets.clone();
        secrets.learn(&planned.op);
        out += &format!("{place}{}\n", title(planned, &secrets));
        if code != GOOD {
            out += "  not run, since one before it did not succeed\n";
            continue;
        }
        let once = run(planned, &state);
        secrets.also(|secret| once.journal.names.readable(secret));
        out += &secrets.printable(&told(planned, &once));
        if !matches!(once.ended, Ended::Success(_)) {
            code = BAD;
        }
        state = once.after;
    }
    Ok((out, code))
}

/// Reads all opcodes, in the order in which they run.
fn plan(wanted: &Try, units: &'static [Unit], streams: &mut Streams<'_>) -> Result<Vec<Planned>, Trouble> {
    let both = wanted.opcode.as_deref().is_some_and(|opcode| opcode == "-")
        && wanted.job.as_deref().is_some_and(|job| job == std::path::Path::new("-"));
    if both {
        let what = "both the opcode and the job are to come from standard input";
        return Err(Trouble::new(what, "--opcode - --job -").remedy("give one of them as a file"));
    }
    let mut plan = Vec::new();
    if let Some(job) = &wanted.job {
        plan.extend(opcodes::of_job(job, streams.input, units)?);
    }
    if let Some(opcode) = &wanted.opcode {
        plan.push(opcodes::of_argument(opcode, streams.input, units)?);
    }
    Ok(plan)
}

fn run(planned: &Planned, state: &Snapshot) -> Once {
    let bench = LuTest::new();
    bench.once(planned.unit.name, &planned.op, state, Strategy::Timed(LIMIT_SECONDS), &|seams, strategy| {
        processor::run(planned.unit, &planned.op, seams, strategy)
    })
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
