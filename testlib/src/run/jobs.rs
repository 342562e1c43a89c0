//! What a test says of jobs and of requests to the allocator.

use std::panic::Location;

use cmdlib::iallocator;
use cmdlib::jobs::Job;
use cmdlib::op;
use serde_json::Value;

use super::{LuRun, submitted};
use crate::finding::{Finding, Topic};
use crate::journal::{Step, What, op_text, request_text};
use crate::rpc::plural;

impl LuRun {
    /// These jobs were submitted, and no others. What every opcode has (comment, reason, priority, dependencies) is not
    /// compared: see `Judged::jobs`.
    #[track_caller]
    pub fn submitted(mut self, jobs: impl IntoIterator<Item = Job>) -> Self {
        let at = Location::caller();
        let written = |job: Job| job.0.iter().map(|op| plain(&op.write())).collect();
        let wanted: Vec<Vec<Value>> = jobs.into_iter().map(written).collect();
        let got: Vec<Vec<Value>> =
            submitted(&self.once.journal).iter().map(|job| job.iter().map(plain).collect()).collect();
        if wanted != got {
            let finding = Finding::new(Topic::Jobs, "other jobs were submitted");
            let mut finding = finding.wanted(self.jobs_text(&wanted), at).got(self.jobs_text(&got));
            for (number, (wanted, got)) in wanted.iter().zip(&got).enumerate() {
                for (wanted, got) in wanted.iter().zip(got) {
                    finding = self.differing(number, wanted, got).into_iter().fold(finding, Finding::got);
                }
            }
            self.note(finding);
        }
        self
    }

    /// How many jobs, and in each which opcodes about what.
    fn jobs_text(&self, jobs: &[Vec<Value>]) -> String {
        let names = &self.once.journal.names;
        let text = |job: &Vec<Value>| job.iter().map(|op| op_text(op, names)).collect::<Vec<_>>().join(", ");
        let texts: Vec<String> = jobs.iter().map(text).collect();
        if texts.is_empty() {
            "no job".to_owned()
        } else {
            format!("{}: {}", plural(texts.len(), "job"), texts.join(" | "))
        }
    }

    /// In which parameters two opcodes of one kind differ.
    fn differing(&self, number: usize, wanted: &Value, got: &Value) -> Vec<String> {
        let (Some(one), Some(two)) = (wanted.as_object(), got.as_object()) else { return Vec::new() };
        if one.get("OP_ID") != two.get("OP_ID") {
            return Vec::new();
        }
        let names = &self.once.journal.names;
        let shown = |value: Option<&Value>| value.map_or("absent".to_owned(), |it| names.readable(&it.to_string()));
        let keys = one.keys().chain(two.keys().filter(|key| !one.contains_key(*key)));
        let differing = keys.filter(|key| one.get(*key) != two.get(*key));
        let head = format!("job {}, {}", number + 1, op_text(got, names));
        differing.map(|key| format!("{head}: {key} is {}, not {}", shown(two.get(key)), shown(one.get(key)))).collect()
    }

    /// No job was submitted.
    #[track_caller]
    pub fn submitted_nothing(self) -> Self {
        self.submitted([])
    }

    /// These requests were made to the allocator, and no others.
    #[track_caller]
    pub fn allocated(mut self, requests: impl IntoIterator<Item = iallocator::Request>) -> Self {
        let at = Location::caller();
        let wanted: Vec<iallocator::Request> = requests.into_iter().collect();
        let of = |step: &Step| match &step.what {
            What::Allocator { request, .. } => Some((**request).clone()),
            _ => None,
        };
        let got: Vec<iallocator::Request> = self.once.journal.steps.iter().filter_map(of).collect();
        if wanted != got {
            let text = |requests: &[iallocator::Request]| {
                let texts: Vec<String> = requests.iter().map(|it| request_text(it, &self.once.journal.names)).collect();
                if texts.is_empty() { "no request".to_owned() } else { texts.join("; ") }
            };
            let finding = Finding::new(Topic::Allocator, "other requests were made to the allocator");
            let (mut wanted_text, mut got_text) = (text(&wanted), text(&got));
            if wanted_text == got_text {
                // What differs is what the short form leaves out.
                let (one, other) = (format!("{wanted:#?}"), format!("{got:#?}"));
                let differ = one.lines().zip(other.lines()).filter(|(one, other)| one != other);
                let (one, other): (Vec<&str>, Vec<&str>) = differ
                    .map(|(one, other)| (one.trim().trim_end_matches(','), other.trim().trim_end_matches(',')))
                    .unzip();
                wanted_text += &format!("; {}", one.join(", "));
                got_text += &format!("; {}", other.join(", "));
            }
            let finding = finding.wanted(wanted_text, at).got(got_text);
            self.note(finding);
        }
        self
    }

    /// The document that the allocator got is such that `holds`; `what` says in reports what that means.
    #[track_caller]
    pub fn document(mut self, what: &str, holds: impl Fn(&Value) -> bool) -> Self {
        let at = Location::caller();
        let of = |step: &Step| match &step.what {
            What::Allocator { document, .. } => Some(document.clone()),
            _ => None,
        };
        let documents: Vec<Value> = self.once.journal.steps.iter().filter_map(of).collect();
        if !documents.iter().any(holds) {
            let finding = Finding::new(Topic::Allocator, "the allocator's document differs").wanted(what, at);
            self.note(match documents.last() {
                None => finding.got("the allocator was not asked"),
                Some(document) => {
                    let request = self.once.journal.names.readable(&document["request"].to_string());
                    finding.got(format!("it is not so; its request is {request}"))
                }
            });
        }
        self
    }
}

/// Returns an opcode without what every opcode has.
fn plain(op: &Value) -> Value {
    let read = op::Any::read(op).map(|mut op| {
        *op.common_mut() = op::Common::default();
        op.write()
    });
    read.unwrap_or_else(|_| op.clone())
}
