//! Attempts to run an opcode: how long each may take to get all locks, how urgent it is, and with which opcode it is made.
//!
//! Source: ganeti 3.1, mcpu.py, jqueue/__init__.py and constants.

use serde_json::Value;

use crate::locking::Strategy;
use crate::processor::run::{Stop, ended, once};
use crate::processor::{Ended, Seams};
use crate::unit::Unit;

const SHORTEST: f64 = 5.0;
const LONGEST: f64 = 75.0;
const TOGETHER: f64 = 1800.0;
/// By how much a limit varies, both ways together: jobs that fight for the same locks get out of step.
const VARIATION: f64 = 0.1;

/// The most urgent priority: only with it is a lock waited for without limit.
pub const PRIORITY_HIGHEST: i64 = -20;

/// Returns the limits, in seconds, of one attempt after the other. After the last, an opcode that is not yet of the most
/// urgent priority becomes more urgent by one and begins anew; one that is waits as long as it takes.
///
/// ```
/// let limits = cmdlib::processor::attempt_seconds();
/// assert_eq!(limits.len(), 28);
/// assert_eq!(limits[0], 5.0);
/// ```
#[must_use]
pub fn attempt_seconds() -> Vec<f64> {
    let mut limits = vec![SHORTEST];
    let mut sum = SHORTEST;
    let mut last = SHORTEST;
    while sum < TOGETHER {
        last = (last * 1.05).powf(1.25).clamp(SHORTEST, LONGEST);
        limits.push(last);
        sum += last;
    }
    limits
}

/// One attempt to run an opcode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attempt {
    /// How it takes its locks.
    pub strategy: Strategy,
    /// How urgent it is; a small number is more urgent.
    pub priority: i64,
}

/// The attempts to run an opcode, one after the other, without end.
#[derive(Debug, Clone)]
pub struct Attempts {
    priority: i64,
    limits: std::vec::IntoIter<f64>,
}

impl Attempts {
    /// Returns the attempts of an opcode that begins with this priority.
    #[must_use]
    pub fn new(priority: i64) -> Self {
        Self { priority, limits: attempt_seconds().into_iter() }
    }

    /// Returns the next attempt. `fraction`, from 0 up to 1, is the chance by which its limit varies.
    pub fn next(&mut self, fraction: f64) -> Attempt {
        if self.limits.len() == 0 && self.priority > PRIORITY_HIGHEST {
            *self = Self::new(self.priority - 1);
        }
        let varied = |limit: f64| limit + limit * VARIATION * (fraction - 0.5);
        let strategy = self.limits.next().map_or(Strategy::Blocking, |limit| Strategy::Timed(varied(limit)));
        Attempt { strategy, priority: self.priority }
    }
}

/// Runs an opcode, attempt after attempt, until it ends otherwise than for want of locks. A unit that asks for another attempt
/// gets it, with the opcode that it changed; if it asks for one more than there are, its refusal stands.
///
/// Before each attempt `go_on` is asked: a queue notes the priority there, and says no when the job was cancelled, which ends as
/// `LockTimeout`.
pub fn run_attempts(
    unit: &Unit,
    op: &Value,
    seams: &Seams,
    priority: i64,
    mut go_on: impl FnMut(Attempt) -> bool,
) -> Ended {
    let mut attempts = Attempts::new(priority);
    let mut changed: Option<Value> = None;
    let result = loop {
        let attempt = attempts.next(seams.host.random.fraction());
        if !go_on(attempt) {
            break Err(Stop::LockTimeout);
        }
        seams.locks.prioritize(seams.owner, attempt.priority);
        match once(unit, changed.as_ref().unwrap_or(op), seams, attempt.strategy, |given| given) {
            Err(Stop::LockTimeout) => {}
            Err(Stop::Again(_, refusal)) if attempt.strategy == Strategy::Blocking => {
                break Err(Stop::Refused(refusal));
            }
            Err(Stop::Again(op, _)) => changed = Some(op),
            result => break result,
        }
    };
    seams.locks.prioritize(seams.owner, 0);
    ended(result)
}
