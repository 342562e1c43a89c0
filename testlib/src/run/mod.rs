//! What happened in a run, and what a test says of it: expectations note findings, one verdict judges and panics once.

mod calls;
mod changes;
mod hooks;
mod jobs;
mod locks;
mod log;

use std::panic::Location;
use std::sync::Arc;

use cmdlib::error::Code;
use cmdlib::processor::Ended;
use cmdlib::record::LogKind;
use cmdlib::rpc::{AnyCall, Call};
use expect_test::Expect;
use serde_json::Value;

use crate::bench::Once;
use crate::finding::Finding;
use crate::invariants::Invariant;
use crate::journal::{Journal, Step, What};
use crate::report::{self, Wanted};
use crate::runs::{self, Part, Via};

/// A run that waits for its verdict.
///
/// Expectations (`locked`, `called`, `changed`, ..) note what is wrong; a verdict (`succeeded`, `returned`, `refused`,
/// `failed`, ..) judges, and fails the test once with the whole report. A run that is never judged fails the test.
#[must_use = "a run is judged by a verdict: succeeded(), returned(..), refused(..), failed(..)"]
pub struct LuRun {
    title: String,
    once: Once,
    findings: Vec<Finding>,
    story: Option<Expect>,
    judged: bool,
    pub(crate) via: Via,
    pub(crate) part: Part,
    at: &'static Location<'static>,
}

impl std::fmt::Debug for LuRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LuRun({}: {})", self.title, self.once.ended)
    }
}

impl Drop for LuRun {
    fn drop(&mut self) {
        if !self.judged && !std::thread::panicking() {
            let (file, line) = (self.at.file(), self.at.line());
            panic!(
                "{file}:{line}: the run of {} was never judged: end it with a verdict such as .succeeded()",
                self.title
            );
        }
    }
}

/// A run after its verdict, to be read.
#[derive(Debug)]
pub struct Judged {
    pub(crate) once: Once,
}

impl Judged {
    /// The steps of the run.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.once.journal
    }

    /// The lines that were logged: kind and text.
    #[must_use]
    pub fn log(&self) -> Vec<(LogKind, String)> {
        log_lines(&self.once.journal).into_iter().map(|(_, kind, text)| (kind, text)).collect()
    }

    /// The configuration after the run.
    #[must_use]
    pub fn config(&self) -> &cmdlib::config::Snapshot {
        &self.once.after
    }

    /// The configuration before the run.
    #[must_use]
    pub fn config_before(&self) -> &cmdlib::config::Snapshot {
        &self.once.before
    }

    /// The calls of one kind, in order, each with the names of the nodes that were called.
    #[must_use]
    pub fn calls<C: Call>(&self) -> Vec<(C, Vec<String>)> {
        let of = |(_, call, nodes): (usize, &dyn AnyCall, Vec<String>)| {
            Some((call.as_any().downcast_ref::<C>()?.clone(), nodes))
        };
        calls(&self.once.journal).into_iter().filter_map(of).collect()
    }

    /// The jobs that were submitted, completed.
    #[must_use]
    pub fn jobs(&self) -> Vec<Vec<Value>> {
        submitted(&self.once.journal)
    }
}

impl std::fmt::Debug for Once {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.ended)
    }
}

fn calls(journal: &Journal) -> Vec<(usize, &dyn AnyCall, Vec<String>)> {
    fn of(step: &Step) -> Option<(usize, &dyn AnyCall, Vec<String>)> {
        let What::Call { call, nodes } = &step.what else { return None };
        let contacted = nodes.iter().filter(|node| node.contacted).map(|node| node.name.clone()).collect();
        Some((step.number, &**call, contacted))
    }
    journal.steps.iter().filter_map(of).collect()
}

fn log_lines(journal: &Journal) -> Vec<(usize, LogKind, String)> {
    let of = |step: &Step| match &step.what {
        What::Log(line) => Some((step.number, line.kind, journal.names.readable(&line.text))),
        _ => None,
    };
    journal.steps.iter().filter_map(of).collect()
}

fn submitted(journal: &Journal) -> Vec<Vec<Value>> {
    let of = |step: &Step| match &step.what {
        What::Jobs { jobs, .. } => Some(jobs.clone()),
        _ => None,
    };
    journal.steps.iter().filter_map(of).flatten().collect()
}

impl LuRun {
    pub(crate) fn new(title: String, once: Once, findings: Vec<Finding>, at: &'static Location<'static>) -> Self {
        let findings = once.findings.iter().cloned().chain(findings).collect();
        Self { title, once, findings, story: None, judged: false, via: Via::Bench, part: Part::Body, at }
    }

    fn note(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// The whole journal is this text. Run with `UPDATE_EXPECT=1` it is written into the test.
    pub fn story(mut self, expect: Expect) -> Self {
        self.story = Some(expect);
        self
    }

    /// The run succeeded, with whatever result.
    #[track_caller]
    pub fn succeeded(self) -> Judged {
        let good = matches!(self.once.ended, Ended::Success(_));
        self.judge(good, &Wanted::new("success"))
    }

    /// The run succeeded with this result.
    #[track_caller]
    pub fn returned(self, result: impl Into<Value>) -> Judged {
        let result = result.into();
        let good = matches!(&self.once.ended, Ended::Success(got) if *got == result);
        let names = &self.once.journal.names;
        let mut wanted = Wanted::new(format!("success: {}", names.readable(&result.to_string())));
        if let (false, Ended::Success(got)) = (good, &self.once.ended) {
            wanted = wanted.compared(&result, got);
        }
        self.judge(good, &wanted)
    }

    /// The run was refused with this code, by a text that contains `part`.
    #[track_caller]
    pub fn refused(self, code: Code, part: &str) -> Judged {
        let good = match &self.once.ended {
            Ended::Refused(refusal) => refusal.code == code && self.says(&refusal.text, part),
            _ => false,
        };
        whole(part);
        self.judge(good, &Wanted::new(format!("refused ({code}): ..{part}..")))
    }

    /// The execution failed, with a text that contains `part`.
    #[track_caller]
    pub fn failed(self, part: &str) -> Judged {
        let good = matches!(&self.once.ended, Ended::Failed(failure) if self.says(&failure.text, part));
        whole(part);
        self.judge(good, &Wanted::new(format!("failed: ..{part}..")))
    }

    /// A script that ran before stopped the run, with an output that contains `part`.
    #[track_caller]
    pub fn hook_aborted(self, part: &str) -> Judged {
        let good = match &self.once.ended {
            Ended::HooksAborted(scripts) => scripts.iter().any(|script| self.says(&script.output, part)),
            _ => false,
        };
        self.judge(good, &Wanted::new(format!("aborted by hooks: ..{part}..")))
    }

    /// The locks were not granted in time.
    #[track_caller]
    pub fn lock_timed_out(self) -> Judged {
        let good = self.once.ended == Ended::LockTimeout;
        self.judge(good, &Wanted::new("locks not granted in time"))
    }

    /// The run ended in an error of a programmer, with a text that contains `part`. For tests of the processor.
    #[track_caller]
    pub fn internal_error(mut self, part: &str) -> Judged {
        let good = match &self.once.ended {
            Ended::Internal(why) | Ended::BadResult(why) => self.says(why, part),
            _ => false,
        };
        whole(part);
        if good {
            // It is what the test wants.
            self.findings.retain(|finding| finding.invariant != Some(Invariant::NoInternalError));
        }
        self.judge(good, &Wanted::new(format!("internal error: ..{part}..")))
    }

    fn says(&self, text: &str, part: &str) -> bool {
        text.contains(part) || self.once.journal.names.readable(text).contains(part)
    }

    /// Tells the matrix of `coverage api` what ran, and what it submitted. A stage of the test's own is no opcode.
    fn record_run(&self, ok: bool) {
        let id = |op: &Value| op.get("OP_ID").and_then(Value::as_str).map(str::to_owned);
        if let Some(call) = id(&self.once.op) {
            runs::record(&call, self.via, self.part, ok, &runs::words(&self.once.ended));
        }
        for call in submitted(&self.once.journal).iter().flatten().filter_map(id) {
            runs::record(&call, Via::Implied, self.part, ok, "submitted");
        }
    }

    #[track_caller]
    fn judge(mut self, good: bool, wanted: &Wanted) -> Judged {
        self.judged = true;
        let findings = crate::finding::folded(std::mem::take(&mut self.findings));
        self.record_run(good && findings.is_empty());
        if !good || !findings.is_empty() {
            let report = report::render(&self.title, &self.once, wanted, good, &findings);
            panic!("{report}");
        }
        if let Some(story) = self.story.take() {
            story.assert_eq(&without_indentation(&self.once.journal.to_string()));
        }
        crate::again::replay(&self.once);
        let Self { once, .. } = &mut self;
        Judged { once: once.take() }
    }
}

/// A run that was looked at without a verdict.
#[cfg(feature = "proptest")]
pub(crate) struct Examined {
    pub(crate) ended: Ended,
    findings: Vec<Finding>,
    /// What a failed verdict would show.
    pub(crate) report: String,
    journal: Journal,
}

#[cfg(feature = "proptest")]
impl LuRun {
    /// Returns how the run ended.
    pub(crate) fn ended(&self) -> &Ended {
        &self.once.ended
    }

    /// Judges the run by all that is checked after every run, however it ended, and does not panic.
    pub(crate) fn examined(mut self, more: Vec<Finding>) -> Examined {
        self.judged = true;
        let found = std::mem::take(&mut self.findings).into_iter().chain(more).collect();
        let findings = crate::finding::folded(found);
        let report = if findings.is_empty() {
            String::new()
        } else {
            report::render(&self.title, &self.once, &Wanted::new(""), true, &findings)
        };
        let once = self.once.take();
        Examined { ended: once.ended, findings, report, journal: once.journal }
    }
}

#[cfg(feature = "proptest")]
impl Examined {
    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Returns what was found, without the details.
    pub(crate) fn titles(&self) -> Vec<String> {
        self.findings.iter().map(|finding| finding.title.clone()).collect()
    }

    /// Tells whether the allocator had to answer.
    pub(crate) fn asked_the_allocator(&self) -> bool {
        calls(&self.journal).iter().any(|(_, call, _)| call.as_any().is::<cmdlib::rpc::IallocatorRunner>())
    }
}

/// Every text contains an empty one: a verdict with it would be half a verdict.
#[track_caller]
fn whole(part: &str) {
    assert!(!part.is_empty(), "a verdict needs a part of the text that the run ends with");
}

impl Once {
    /// Takes all of it, for whoever holds only a reference.
    fn take(&mut self) -> Self {
        Self {
            unit: self.unit,
            injected: self.injected,
            units: self.units,
            varies: self.varies,
            op: self.op.take(),
            strategy: self.strategy,
            seconds: self.seconds,
            ended: self.ended.clone(),
            before: self.before.clone(),
            after: self.after.clone(),
            changes: std::mem::take(&mut self.changes),
            journal: std::mem::take(&mut self.journal),
            findings: std::mem::take(&mut self.findings),
            locks_left: std::mem::take(&mut self.locks_left),
            reserved: std::mem::take(&mut self.reserved),
            secrets: Arc::clone(&self.secrets),
        }
    }
}

/// Takes away the indentation that all lines have: inline literals are read without it.
fn without_indentation(text: &str) -> String {
    let indentation = text.lines().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    text.lines().map(|line| format!("{}\n", &line[indentation..])).collect()
}
