//! One opcode, once.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use serde_json::Value;

use crate::cx::{Asking, Check, Exec, Expand, Run};
use crate::error::{Code, Failure, Refusal};
use crate::hooks::FailedScript;
use crate::locking::{Level, Mode, NotGranted, Strategy};
use crate::op;
use crate::processor::Seams;
use crate::processor::hooks::Scripts;
use crate::processor::locks::Taking;
use crate::record::{Event, Phase};
use crate::unit::{self, Given, NoUnit, Unit};

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended {
    /// With this result.
    Success(Value),
    /// A prerequisite does not hold; nothing was changed.
    Refused(Refusal),
    /// The execution failed.
    Failed(Failure),
    /// Scripts that ran before stopped it.
    HooksAborted(Vec<FailedScript>),
    /// The locks were not granted in time, or the unit asks for another attempt.
    LockTimeout,
    /// The unit's result is not what its opcode promises; what it did stays done.
    BadResult(String),
    /// An error of a programmer: a panic, or contradictory declarations.
    Internal(String),
    /// No unit executes the opcode.
    OpCodeUnknown(NoUnit),
}

impl Ended {
    /// Returns the name of the class of error, as the queue stores it (ganeti 3.1, errors.py); none for success.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        match self {
            Self::Success(_) | Self::LockTimeout => None,
            Self::Refused(_) => Some("OpPrereqError"),
            Self::Failed(_) | Self::Internal(_) => Some("OpExecError"),
            Self::HooksAborted(_) => Some("HooksAbort"),
            Self::BadResult(_) => Some("OpResultError"),
            Self::OpCodeUnknown(_) => Some("OpCodeUnknown"),
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Success(result) => write!(f, "success: {result}"),
            Self::Refused(refusal) => write!(f, "refused ({}): {refusal}", refusal.code),
            Self::Failed(failure) => write!(f, "failed: {failure}"),
            Self::HooksAborted(scripts) => {
                f.write_str("aborted by hooks:")?;
                scripts.iter().try_for_each(|it| write!(f, " {} on {}: {}", it.script, it.node, it.output))
            }
            Self::LockTimeout => f.write_str("locks not granted in time"),
            Self::BadResult(why) => write!(f, "bad result: {why}"),
            Self::Internal(why) => write!(f, "internal error: {why}"),
            Self::OpCodeUnknown(why) => why.fmt(f),
        }
    }
}

/// Why a run does not go on.
pub(crate) enum Stop {
    Refused(Refusal),
    Failed(Failure),
    HooksAborted(Vec<FailedScript>),
    LockTimeout,
    /// The unit asks for another attempt, with this opcode. If there is none, the refusal stands.
    Again(Value, Refusal),
    BadResult(String),
    Internal(String),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<NotGranted> for Stop {
    fn from(why: NotGranted) -> Self {
        match why {
            NotGranted::TimedOut => Self::LockTimeout,
            NotGranted::Refused(misuse) => Self::Internal(misuse.to_string()),
        }
    }
}

impl From<Stop> for Ended {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(refusal) => Self::Refused(refusal),
            Stop::Failed(failure) => Self::Failed(failure),
            Stop::HooksAborted(scripts) => Self::HooksAborted(scripts),
            Stop::LockTimeout | Stop::Again(..) => Self::LockTimeout,
            Stop::BadResult(why) => Self::BadResult(why),
            Stop::Internal(why) => Self::Internal(why),
        }
    }
}

/// Runs an opcode, given in wire form, with the unit that the table has for it, as `run` does.
#[must_use]
pub fn execute(units: &[Unit], op: &Value, seams: &Seams, strategy: Strategy) -> Ended {
    let id = match op::members(op) {
        Ok((id, _)) => id,
        Err(refusal) => return Ended::Refused(refusal),
    };
    match unit::executing(units, id) {
        Ok(unit) => run(unit, op, seams, strategy),
        Err(why) => Ended::OpCodeUnknown(why),
    }
}

/// Runs an opcode, given in wire form, with its unit. One attempt: if the locks are not granted in time, or the unit asks for
/// another attempt, it ends as `LockTimeout`.
#[must_use]
pub fn run(unit: &Unit, op: &Value, seams: &Seams, strategy: Strategy) -> Ended {
    run_around(unit, op, seams, strategy, |given| given)
}

/// Runs an opcode like [`run`], with what `around` makes of its unit. For whoever puts something around the stages of a unit:
/// testlib does.
#[must_use]
pub fn run_around(
    unit: &Unit,
    op: &Value,
    seams: &Seams,
    strategy: Strategy,
    around: impl FnOnce(Box<dyn Given>) -> Box<dyn Given>,
) -> Ended {
    ended(once(unit, op, seams, strategy, around))
}

/// The same, with what only the driver of attempts needs to know.
pub(crate) fn once(
    unit: &Unit,
    op: &Value,
    seams: &Seams,
    strategy: Strategy,
    around: impl FnOnce(Box<dyn Given>) -> Box<dyn Given>,
) -> Result<Value, Stop> {
    let read = || (unit.read)(op).and_then(|given| refuse_redacted(op).map(|()| around(given)));
    stage(unit.op_id, unit.big_lock, read, seams, strategy)
}

pub(crate) fn ended(result: Result<Value, Stop>) -> Ended {
    result.map_or_else(Ended::from, Ended::Success)
}

/// Runs what `read` makes, once. For whoever puts a stage of its own in place of a unit's: testlib does.
#[must_use]
pub fn run_stage(
    op_id: &'static str,
    big_lock: Mode,
    read: impl FnOnce() -> Result<Box<dyn Given>, Refusal>,
    seams: &Seams,
    strategy: Strategy,
) -> Ended {
    ended(stage(op_id, big_lock, read, seams, strategy))
}

fn stage(
    op_id: &'static str,
    big_lock: Mode,
    read: impl FnOnce() -> Result<Box<dyn Given>, Refusal>,
    seams: &Seams,
    strategy: Strategy,
) -> Result<Value, Stop> {
    let run = Run::new(seams.clone(), op_id);
    let attempt = AssertUnwindSafe(|| attempt(&run, big_lock, read, strategy));
    let result =
        catch_unwind(attempt).unwrap_or_else(|panic| Err(Stop::Internal(format!("panic: {}", panic_text(&*panic)))));
    clean_up(&run);
    result
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without a message".to_owned())
}

/// What a secret parameter looks like in a job file; the value itself is kept nowhere.
const REDACTED: &str = "<redacted>";

fn attempt(
    run: &Rc<Run>,
    big_lock: Mode,
    read: impl FnOnce() -> Result<Box<dyn Given>, Refusal>,
    strategy: Strategy,
) -> Result<Value, Stop> {
    let mut taking = Taking::new(run, strategy);
    run.enter(Phase::Locks);
    taking.big_lock(big_lock)?;

    run.enter(Phase::Arguments);
    let mut given = read()?;
    run.common.replace(given.common().clone());
    let expand = Expand { view: run.view() };
    given.arguments(&expand)?;

    run.enter(Phase::Expand);
    let expanded = given.expand(&expand)?;

    run.enter(Phase::Locks);
    taking.levels(&*expanded, &expand)?;
    run.note(&Event::Started(&run.held.borrow()));

    run.enter(Phase::Check);
    run.refresh();
    let check = Check { asking: Asking { view: run.view() } };
    let mut checked = expanded.check(&check).map_err(|refusal| another_attempt(run, &mut *given, refusal))?;

    run.enter(Phase::PreHooks);
    let scripts = Scripts::new(run, checked.hooks(&check), checked.env(&check));
    scripts.pre()?;
    if given.common().dry_run {
        check.info("dry run: the operation is not executed");
        return Ok(Value::Null);
    }

    run.enter(Phase::Exec);
    run.refresh();
    let exec = Exec { check };
    // Whatever happens from here on, what was written gets its hook: a panic too.
    let done = catch_unwind(AssertUnwindSafe(|| {
        checked.exec(&exec).map_err(Stop::Failed)?;
        run.enter(Phase::PostHooks);
        let answers = scripts.post(checked.env(&exec))?;
        checked.answered(&answers);
        Ok::<(), Stop>(())
    }));
    let updated = if run.wrote.get() { scripts.config_update() } else { Ok(()) };
    // The first error wins: what went wrong in the execution is not hidden by what comes after (R27).
    match done {
        Ok(result) => result?,
        Err(panic) => std::panic::resume_unwind(panic),
    }
    updated?;
    checked.result().map_err(Stop::BadResult)
}

fn another_attempt(run: &Run, given: &mut dyn Given, refusal: Refusal) -> Stop {
    if refusal.code != Code::TemporarilyInsufficient {
        return Stop::Refused(refusal);
    }
    let Some(op) = given.retry() else { return Stop::Refused(refusal) };
    run.note(&Event::Retry);
    Stop::Again(op, refusal)
}

fn refuse_redacted(op: &Value) -> Result<(), Refusal> {
    let secrets = op.get("osparams_secret").and_then(Value::as_object);
    let redacted = secrets.is_some_and(|secrets| secrets.values().any(|value| value == REDACTED));
    if redacted {
        return Err(Refusal::wrong_input("secret parameters are not kept with a job: submit it again with them"));
    }
    Ok(())
}

fn clean_up(run: &Rc<Run>) {
    run.enter(Phase::CleanUp);
    let seams = &run.seams;
    seams.config.drop_reservations(seams.owner);
    for level in Level::ALL.into_iter().rev().chain([Level::Cluster]) {
        let held = run.held.borrow_mut().take(level);
        if let Some(held) = held {
            seams.locks.free(seams.owner, level);
            run.note(&Event::Freed { level, locks: &held.locks(level) });
        }
    }
}
