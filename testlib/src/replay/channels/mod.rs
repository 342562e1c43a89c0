//! What is compared, channel by channel: what the trace has, what our run did, and in what they differ.

mod changes;
mod jobs;
mod locks;
mod outcome;
mod rpc;

pub use changes::Changes;
pub use locks::{GivenBack, LockMode, Locks};
pub use outcome::Outcome;
pub use rpc::NodeCall;

use std::fmt;

use serde_json::Value;

use super::json::first_difference;
use super::trace::{Event, Trace};

/// What is compared, in order of weight: a trace that differs counts under the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// The result; or class and code of the error.
    Outcome,
    /// Locks asked for, held, given back.
    Locks,
    /// Calls to nodes.
    Rpc,
    /// Documents for the allocator.
    Allocator,
    /// Jobs submitted.
    Jobs,
    /// What changed in the configuration.
    Changes,
}

impl Channel {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [Self::Outcome, Self::Locks, Self::Rpc, Self::Allocator, Self::Jobs, Self::Changes];

    /// Returns the channel's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Locks => "locks",
            Self::Rpc => "rpc",
            Self::Allocator => "allocator",
            Self::Jobs => "jobs",
            Self::Changes => "changes",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that is not as recorded, or not as a correction says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where.
    pub channel: Channel,
    /// In what.
    pub subject: String,
    /// What is wanted: what was recorded, or what a correction says.
    pub wanted: String,
    /// What our run has.
    pub ours: String,
}

impl Difference {
    pub(super) fn new(
        channel: Channel,
        subject: impl Into<String>,
        wanted: impl Into<String>,
        ours: impl Into<String>,
    ) -> Self {
        Self { channel, subject: subject.into(), wanted: wanted.into(), ours: ours.into() }
    }
}

/// A run, by channel: a recorded one or ours.
#[derive(Debug, Clone, PartialEq)]
pub struct Channels {
    /// How it ended.
    pub outcome: Outcome,
    /// Its locks.
    pub locks: Locks,
    /// Its calls to nodes, in order. The document of a call to the allocator is in `allocator` instead.
    pub rpc: Vec<NodeCall>,
    /// Its documents for the allocator, in order.
    pub allocator: Vec<Value>,
    /// The jobs of each submission: lists of opcodes in wire form.
    pub jobs: Vec<Vec<Vec<Value>>>,
    /// What it changed.
    pub changes: Changes,
}

impl Channels {
    /// Returns what a trace recorded.
    #[must_use]
    pub fn recorded(trace: &Trace) -> Self {
        let mut allocator = Vec::new();
        let rpc = trace.calls().map(|call| {
            let mut call = NodeCall::recorded(call);
            allocator.extend(call.take_document());
            call
        });
        let rpc = rpc.collect();
        let jobs = trace.events.iter().filter_map(|event| match event {
            // A job is a list of opcodes; each is kept as it was recorded.
            Event::Jobs(jobs, _) => Some(jobs.clone()),
            _ => None,
        });
        Self {
            outcome: Outcome::recorded(&trace.ending),
            locks: Locks::recorded(trace),
            rpc,
            allocator,
            jobs: jobs.collect(),
            changes: Changes::recorded(trace),
        }
    }

    /// Returns in what `ours` differs on one channel. `unordered` compares what comes in an order as if it had none.
    #[must_use]
    pub fn differences(&self, ours: &Self, channel: Channel, unordered: bool) -> Vec<Difference> {
        match channel {
            Channel::Outcome => self.outcome.differences(&ours.outcome),
            Channel::Locks => self.locks.differences(&ours.locks),
            Channel::Rpc => rpc::differences(&self.rpc, &ours.rpc, unordered),
            Channel::Allocator => documents(&self.allocator, &ours.allocator),
            Channel::Jobs => jobs::differences(&self.jobs, &ours.jobs, unordered),
            Channel::Changes => self.changes.differences(&ours.changes),
        }
    }
}

fn documents(recorded: &[Value], ours: &[Value]) -> Vec<Difference> {
    let mut found = Vec::new();
    if recorded.len() != ours.len() {
        let count = |all: &[Value]| format!("{} documents", all.len());
        found.push(Difference::new(Channel::Allocator, "the allocator is asked", count(recorded), count(ours)));
    }
    for (index, (recorded, ours)) in recorded.iter().zip(ours).enumerate() {
        if let Some((path, wanted, ours)) = first_difference(recorded, ours) {
            found.push(Difference::new(Channel::Allocator, format!("document {}{path}", index + 1), wanted, ours));
        }
    }
    found
}
