//! A unit on its way, as the processor holds it: one trait object per stage, each made by the one before. No `Option`, no
//! downcast.

use serde_json::Value;

use crate::cx::{Check, Exec, Expand, View};
use crate::error::{Failure, Refusal};
use crate::field::Field;
use crate::hooks::{Answers, Env, HookRun};
use crate::locking::{Level, Locks, Request};
use crate::op::{Common, OpCode};
use crate::unit::LogicalUnit;

/// An opcode that was read.
pub trait Given {
    /// Looks at the arguments.
    ///
    /// # Errors
    /// The unit refuses them.
    fn arguments(&mut self, cx: &View) -> Result<(), Refusal>;
    /// Makes the unit; anew at each attempt.
    ///
    /// # Errors
    /// The unit refuses.
    fn expand(&self, cx: &Expand) -> Result<Box<dyn Expanded>, Refusal>;
    /// Changes the opcode for another attempt and returns it in wire form; none if there is no other way.
    fn retry(&mut self) -> Option<Value>;
    /// Returns what every opcode has.
    fn common(&self) -> &Common;
}

/// A unit whose names are resolved.
pub trait Expanded {
    /// Returns the levels of which it wishes locks, in order; and whether what it wishes is known now.
    fn levels(&self) -> Vec<(Level, bool)>;
    /// Returns what the programmer of its locks did wrong, if anything.
    fn contradiction(&self) -> Option<String>;
    /// Returns what it wishes of a level.
    ///
    /// # Errors
    /// The unit refuses.
    fn requests(&self, level: Level, cx: &View) -> Result<Vec<Request>, Refusal>;
    /// Checks.
    ///
    /// # Errors
    /// The unit refuses.
    fn check(self: Box<Self>, cx: &Check) -> Result<Box<dyn Checked>, Refusal>;
}

/// A unit whose prerequisites hold.
pub trait Checked {
    /// Returns where its hooks run.
    fn hooks(&self, cx: &View) -> Option<HookRun>;
    /// Returns the variables of its hooks.
    fn env(&self, cx: &View) -> Env;
    /// Does the work.
    ///
    /// # Errors
    /// It failed.
    fn exec(&mut self, cx: &Exec) -> Result<(), Failure>;
    /// Tells it the answers of the scripts that ran after.
    fn answered(&mut self, answers: &Answers);
    /// Returns its result in wire form.
    ///
    /// # Errors
    /// It is not of the form that the opcode promises: why.
    fn result(&self) -> Result<Value, String>;
}

/// An opcode that was read, with its unit.
pub(crate) struct Read<L: LogicalUnit> {
    pub(crate) op: L::Op,
}

impl<L: LogicalUnit> Given for Read<L> {
    fn arguments(&mut self, _: &View) -> Result<(), Refusal> {
        L::arguments(&mut self.op)
    }

    fn expand(&self, cx: &Expand) -> Result<Box<dyn Expanded>, Refusal> {
        let (lu, locks) = L::expand(self.op.clone(), cx)?;
        Ok(Box::new(Wishing { lu, locks }))
    }

    fn retry(&mut self) -> Option<Value> {
        L::retry(&mut self.op).then(|| self.op.write())
    }

    fn common(&self) -> &Common {
        self.op.common()
    }
}

struct Wishing<L: LogicalUnit> {
    lu: L,
    locks: Locks<L>,
}

impl<L: LogicalUnit> Expanded for Wishing<L> {
    fn levels(&self) -> Vec<(Level, bool)> {
        self.locks.levels()
    }

    fn contradiction(&self) -> Option<String> {
        self.locks.contradiction()
    }

    fn requests(&self, level: Level, cx: &View) -> Result<Vec<Request>, Refusal> {
        self.locks.requests(&self.lu, level, cx)
    }

    fn check(self: Box<Self>, cx: &Check) -> Result<Box<dyn Checked>, Refusal> {
        let plan = self.lu.check(cx)?;
        Ok(Box::new(Planned { lu: self.lu, plan, output: None }))
    }
}

struct Planned<L: LogicalUnit> {
    lu: L,
    plan: L::Plan,
    /// None until `exec` has succeeded.
    output: Option<<L::Op as OpCode>::Output>,
}

impl<L: LogicalUnit> Checked for Planned<L> {
    fn hooks(&self, cx: &View) -> Option<HookRun> {
        L::HOOKS.map(|hooks| {
            let (pre, post) = (hooks.nodes)(&self.lu, &self.plan, cx);
            HookRun { path: hooks.path, object: hooks.object, pre, post }
        })
    }

    fn env(&self, cx: &View) -> Env {
        L::HOOKS.map_or_else(Env::new, |hooks| (hooks.env)(&self.lu, &self.plan, cx))
    }

    fn exec(&mut self, cx: &Exec) -> Result<(), Failure> {
        self.output = Some(self.lu.exec(&mut self.plan, cx)?);
        Ok(())
    }

    fn answered(&mut self, answers: &Answers) {
        let heard = L::HOOKS.and_then(|hooks| hooks.answered);
        if let (Some(heard), Some(output)) = (heard, &mut self.output) {
            heard(&self.lu, answers, output);
        }
    }

    fn result(&self) -> Result<Value, String> {
        let value = self.output.as_ref().map_or(Value::Null, Field::write);
        <L::Op as OpCode>::Output::read(&value).map(|_| ()).map_err(|misfit| misfit.to_string())?;
        Ok(value)
    }
}
