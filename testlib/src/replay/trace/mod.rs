//! What a trace says: one recorded run.

pub(super) mod env;
mod event;
mod read;

pub use event::{Answer, AskedLock, Call, CalledNode, Event, LockCall, LockKind, LockName, Question};

use std::rc::Rc;

use serde_json::Value;

use super::corpus::Shelf;
use super::{Corpus, TraceError};

/// What the origin of a trace begins with that the bench recorded.
pub(crate) const BENCH: &str = "bench";

/// How a run took its locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Each lock was waited for.
    Blocking,
    /// There were thirty seconds for all of them.
    Timed,
}

/// How a recorded run ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ending {
    /// With this result.
    Result(Value),
    /// With an error.
    Error {
        /// Its class.
        class: String,
        /// Its code, if it had one.
        code: Option<String>,
        /// Its words, which are not compared.
        text: String,
    },
    /// The locks were not granted in time.
    LockTimeout,
    /// The reference died of an exception that is none of its errors.
    Crash {
        /// The exception's class.
        class: String,
        /// Its words.
        text: String,
        /// The file and function in which it was raised.
        place: String,
    },
}

/// A member of the configuration that was changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Where.
    pub path: Vec<String>,
    /// What was there; nothing if it was added.
    pub before: Option<Value>,
    /// What is there now; nothing if it was removed.
    pub after: Option<Value>,
}

/// One recorded run.
#[derive(Debug, Clone)]
pub struct Trace {
    /// Its name.
    pub id: String,
    /// Where it comes from.
    pub origin: String,
    /// The logical unit, without `LU`.
    pub lu: String,
    /// The opcode in wire form.
    pub op: Value,
    /// The configuration before the run, as a document.
    pub config: Rc<Value>,
    /// How locks were taken.
    pub mode: Mode,
    /// The clock at the start.
    pub now: f64,
    /// All that crossed the boundary of the logical unit, in order.
    pub events: Vec<Event>,
    /// How it ended.
    pub ending: Ending,
    /// What it changed in the configuration.
    pub changes: Vec<Change>,
    /// Whether the order of events depends on the arbitrary order of a set.
    pub unordered: bool,
}

impl Trace {
    /// Reads a trace that stands for itself: one line of JSON that holds its configuration.
    ///
    /// # Errors
    /// It is no trace, or it refers to values or a configuration elsewhere.
    pub fn parse(line: &str) -> Result<Self, TraceError> {
        Self::read(line, None)
    }

    pub(super) fn read(line: &str, shelf: Option<&Shelf>) -> Result<Self, TraceError> {
        read::trace(line, shelf)
    }

    /// Reads all traces of a file.
    ///
    /// # Errors
    /// It can't be read, or a line is no trace.
    pub fn of_file(path: impl AsRef<std::path::Path>) -> Result<Vec<Self>, TraceError> {
        Corpus::open(path)?.all().collect()
    }

    /// Tells whether the bench recorded it: then it shows what our units do, and no defect of the reference.
    #[must_use]
    pub fn is_of_the_bench(&self) -> bool {
        self.origin.strip_prefix(BENCH).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    }

    /// Returns the calls to nodes, in order.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.events.iter().filter_map(|event| match event {
            Event::Call(call) => Some(call),
            _ => None,
        })
    }

    /// Tells whether the reference got as far as checking, with all locks held.
    #[must_use]
    pub fn started(&self) -> bool {
        self.events.contains(&Event::Start)
    }
}
