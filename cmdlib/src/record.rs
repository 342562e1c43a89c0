//! What a run tells while it goes on. Tests and traces are made from it; production may log it.

use std::panic::Location;
use std::rc::Rc;

use serde_json::Value;

use crate::config::Written;
use crate::hooks::Environment;
use crate::ids::NodeId;
use crate::jobs::Submission;
use crate::locking::{Held, Level, Lock};
use crate::rpc::{AnyCall, Args, Trouble};

/// The steps of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The opcode is read and its arguments are looked at.
    Arguments,
    /// Names become objects, locks are wished for.
    Expand,
    /// Locks are taken.
    Locks,
    /// Prerequisites are checked.
    Check,
    /// Scripts run before.
    PreHooks,
    /// The work is done.
    Exec,
    /// Scripts run after.
    PostHooks,
    /// Everything is given back.
    CleanUp,
}

impl Phase {
    /// Returns the phase's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Arguments => "arguments",
            Self::Expand => "expand",
            Self::Locks => "locks",
            Self::Check => "check",
            Self::PreHooks => "pre hooks",
            Self::Exec => "exec",
            Self::PostHooks => "post hooks",
            Self::CleanUp => "clean-up",
        }
    }
}

/// A line for whoever submitted the job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// What kind of line.
    pub kind: LogKind,
    /// The line.
    pub text: String,
}

/// The kinds of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogKind {
    /// Something to know.
    Info,
    /// Something was left undone, or could not be looked at.
    Warning,
    /// What may help.
    Hint,
    /// Plain.
    Message,
    /// A step of several.
    Step,
    /// The path of the socket that ends a wait.
    DelayTest,
}

impl LogKind {
    /// Returns the kind's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Hint => "hint",
            Self::Message => "message",
            Self::Step => "step",
            Self::DelayTest => "delay-test",
        }
    }
}

/// What a call was, node by node.
#[derive(Debug)]
pub struct CallEvent<'a> {
    /// The call.
    pub call: &'a dyn AnyCall,
    /// What each node was sent and what it answered, in the order of the call.
    pub nodes: &'a Rc<[NodeCall]>,
}

/// A call to one node.
#[derive(Debug, Clone)]
pub struct NodeCall {
    /// The node.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// Whether it was called; nodes that are known to be down are not.
    pub contacted: bool,
    /// The arguments as they went to it.
    pub args: Args,
    /// What it answered.
    pub answer: Result<Value, Trouble>,
}

/// Something that happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// A phase begins.
    Phase(Phase),
    /// Locks were asked for.
    Locks {
        /// Which.
        request: &'a [Lock],
        /// With a number: so many of them would do.
        minimum: Option<usize>,
        /// What was granted; none if it was not in time.
        granted: Option<&'a [Lock]>,
    },
    /// All locks are held, and the checks begin.
    Started(&'a Held),
    /// Locks were given back.
    Released {
        /// Their level.
        level: Level,
        /// Which.
        locks: &'a [Lock],
    },
    /// Locks were made shared.
    Downgraded {
        /// Their level.
        level: Level,
        /// Which.
        locks: &'a [Lock],
    },
    /// All locks of a level were given back at the end.
    Freed {
        /// The level.
        level: Level,
        /// Which.
        locks: &'a [Lock],
    },
    /// A call was made.
    Call(&'a CallEvent<'a>),
    /// Scripts were about to run with this environment.
    Hooks {
        /// The environment.
        env: &'a Environment,
    },
    /// A line was logged.
    Log(&'a LogLine),
    /// The configuration was changed.
    Changed(&'a Written),
    /// Jobs were submitted.
    Jobs {
        /// Their opcodes in wire form.
        jobs: &'a [Vec<Value>],
        /// What became of them.
        answers: &'a [Submission],
    },
    /// The allocator is about to be asked.
    Allocator {
        /// The request, as a value.
        request: &'a crate::iallocator::Request,
        /// The document that it goes with.
        document: &'a Value,
    },
    /// Something was drawn by chance.
    Drawn {
        /// What kind of thing.
        kind: &'static str,
        /// What came out; a secret is told as such, without its value.
        value: &'a str,
    },
    /// Time passed.
    Slept {
        /// So many seconds.
        seconds: f64,
    },
    /// The unit prepared itself for another attempt.
    Retry,
}

/// Hears what happens.
pub trait Record {
    /// Hears of one thing, and where in the code it was done.
    fn note(&self, event: &Event<'_>, at: &'static Location<'static>);
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRecord;

impl Record for NoRecord {
    fn note(&self, _: &Event<'_>, _: &'static Location<'static>) {}
}
