//! What `try` and `record` run: a cluster, opcodes, and what nodes answer.

use cmdlib::config::Snapshot;
use cmdlib::locking::Strategy;
use cmdlib::processor;
use serde_json::Value;

use super::answers::Answers;
use super::opcodes::{self, Planned};
use super::redact::Redactor;
use super::secrets::Secrets;
use super::trouble::Trouble;
use super::{Streams, answers, arguments, cluster, complain};
use crate::bench::{LuTest, Once};
use crate::library::Library;

/// How long an attempt to get all locks may take, in seconds; all of them are free.
const LIMIT_SECONDS: f64 = 30.0;

/// All that is run.
pub(super) struct Subject {
    pub(super) state: Snapshot,
    /// The opcodes, in the order in which they run.
    pub(super) plan: Vec<Planned>,
    pub(super) answers: Answers,
    pub(super) secrets: Secrets,
}

impl Subject {
    /// Reads all of it, and warns of what is wrong with the configuration. If so wanted, names, addresses and secrets are
    /// replaced.
    pub(super) fn read(
        wanted: &arguments::Subject,
        redacted: bool,
        library: &Library,
        streams: &mut Streams<'_>,
    ) -> Result<Self, Trouble> {
        let mut document = cluster::document(&wanted.config)?;
        // What is wrong with it is told before what is wrong with anything else.
        let mut cluster = cluster::of_document(&document, &wanted.config)?;
        let hidden = |trouble: Trouble| trouble.map(|text| cluster.secrets.printable(text));
        let mut plan = plan(wanted, library, streams).map_err(hidden)?;
        let mut lines = wanted.answers.as_deref().map(answers::lines).transpose().map_err(hidden)?.unwrap_or_default();
        if redacted {
            for word in redact(&mut document, &mut plan, &mut lines) {
                complain(streams, &format!("warning: not redacted, since it is a word of configurations: {word}\n"));
            }
            cluster = cluster::of_document(&document, &wanted.config)?;
        }
        let mut secrets = cluster.secrets;
        lines.iter().for_each(|(_, line)| secrets.learn(line));
        let place = wanted.answers.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
        let answers = Answers::read(&lines, &place, library, &cluster.state)
            .map_err(|trouble| trouble.map(|text| secrets.printable(text)))?;
        for warning in &cluster.warnings {
            complain(streams, &format!("warning: {warning}\n"));
        }
        Ok(Self { state: cluster.state, plan, answers, secrets })
    }

    /// Runs one of the opcodes.
    pub(super) fn run(&self, planned: &Planned, state: &Snapshot, library: &Library) -> Once {
        let mut bench = LuTest::new().units(library.clone());
        self.answers.script(bench.rpc(), state);
        let strategy = Strategy::Timed(LIMIT_SECONDS);
        bench.once(planned.unit.name, &planned.op, state, strategy, &[], &|seams, strategy| {
            processor::run(planned.unit, &planned.op, seams, strategy)
        })
    }
}

/// Replaces names, addresses and secrets; returns the names that were kept.
fn redact(document: &mut Value, plan: &mut [Planned], lines: &mut [(usize, Value)]) -> Vec<String> {
    let ops: Vec<&Value> = plan.iter().map(|planned| &planned.op).collect();
    let answers: Vec<&Value> = lines.iter().map(|(_, line)| line).collect();
    let redactor = Redactor::new(document, &ops, &answers);
    redactor.redact(document);
    plan.iter_mut().for_each(|planned| redactor.redact(&mut planned.op));
    lines.iter_mut().for_each(|(_, line)| redactor.redact(line));
    redactor.kept()
}

/// Reads all opcodes, in the order in which they run.
fn plan(wanted: &arguments::Subject, library: &Library, streams: &mut Streams<'_>) -> Result<Vec<Planned>, Trouble> {
    let both = wanted.opcode.as_deref().is_some_and(|opcode| opcode == "-")
        && wanted.job.as_deref().is_some_and(|job| job == std::path::Path::new("-"));
    if both {
        let what = "both the opcode and the job are to come from standard input";
        return Err(Trouble::new(what, "--opcode - --job -").remedy("give one of them as a file"));
    }
    let mut plan = Vec::new();
    if let Some(job) = &wanted.job {
        plan.extend(opcodes::of_job(job, streams.input, library.units)?);
    }
    if let Some(opcode) = &wanted.opcode {
        plan.push(opcodes::of_argument(opcode, streams.input, library.units)?);
    }
    Ok(plan)
}
