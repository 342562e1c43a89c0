//! Tests of less than a whole unit: a helper by itself, or a unit up to a phase. They run in the one real processor, with a
//! stage of the test's own in place of the real one, and are judged like any run.

use std::rc::Rc;

use cmdlib::cx::{Check, Exec, Expand, View};
use cmdlib::error::{Failure, Refusal};
use cmdlib::field::Field;
use cmdlib::hooks::{Answers, Env, HookRun};
use cmdlib::locking::{Level, Locks, Request};
use cmdlib::op::{Common, OpCode};
use cmdlib::unit::{Checked, Expanded, Given, LogicalUnit};
use serde_json::Value;

use crate::bench::LuTest;
use crate::journal::op_text;
use crate::locks::LockNamed;
use crate::names::Names;
use crate::run::LuRun;
use crate::scope::key_of;

type Checking<L> = Rc<dyn Fn(&L, &Check) -> Result<Value, Refusal>>;
type Executing<L> = Rc<dyn Fn(&L, &Exec) -> Result<Value, Failure>>;

/// Which phase the test is called in.
enum At<L> {
    Check(Checking<L>),
    Exec(Executing<L>),
}

impl<L> Clone for At<L> {
    fn clone(&self) -> Self {
        match self {
            Self::Check(run) => Self::Check(Rc::clone(run)),
            Self::Exec(run) => Self::Exec(Rc::clone(run)),
        }
    }
}

type Expanding<L> = Rc<dyn Fn(&Expand) -> Result<(L, Wishes<L>), Refusal>>;

/// Which locks the stage takes: a unit's, or those that a test holds.
enum Wishes<L> {
    Unit(Locks<L>),
    Test(Vec<Request>),
}

struct StageGiven<L> {
    expand: Expanding<L>,
    at: At<L>,
    common: Common,
}

impl<L: 'static> Given for StageGiven<L> {
    fn arguments(&mut self, _: &View) -> Result<(), Refusal> {
        Ok(())
    }
    fn expand(&self, cx: &Expand) -> Result<Box<dyn Expanded>, Refusal> {
        let (lu, wishes) = (self.expand)(cx)?;
        Ok(Box::new(StageExpanded { lu, wishes, at: self.at.clone() }))
    }
    fn retry(&mut self) -> Option<Value> {
        None
    }
    fn common(&self) -> &Common {
        &self.common
    }
}

struct StageExpanded<L> {
    lu: L,
    wishes: Wishes<L>,
    at: At<L>,
}

impl<L: 'static> Expanded for StageExpanded<L> {
    fn levels(&self) -> Vec<(Level, bool)> {
        match &self.wishes {
            Wishes::Unit(locks) => locks.levels(),
            Wishes::Test(requests) => {
                let wished = Level::ALL.into_iter().filter(|level| requests.iter().any(|it| it.level == *level));
                wished.map(|level| (level, true)).collect()
            }
        }
    }
    fn contradiction(&self) -> Option<String> {
        match &self.wishes {
            Wishes::Unit(locks) => locks.contradiction(),
            Wishes::Test(_) => None,
        }
    }
    fn requests(&self, level: Level, cx: &View) -> Result<Vec<Request>, Refusal> {
        match &self.wishes {
            Wishes::Unit(locks) => locks.requests(&self.lu, level, cx),
            Wishes::Test(requests) => Ok(requests.iter().filter(|it| it.level == level).cloned().collect()),
        }
    }
    fn check(self: Box<Self>, cx: &Check) -> Result<Box<dyn Checked>, Refusal> {
        let result = match &self.at {
            At::Check(run) => run(&self.lu, cx)?,
            At::Exec(_) => Value::Null,
        };
        Ok(Box::new(StageChecked { lu: self.lu, at: self.at, result }))
    }
}

struct StageChecked<L> {
    lu: L,
    at: At<L>,
    result: Value,
}

impl<L: 'static> Checked for StageChecked<L> {
    fn hooks(&self, _: &View) -> Option<HookRun> {
        None
    }
    fn env(&self, _: &View) -> Env {
        Env::new()
    }
    fn exec(&mut self, cx: &Exec) -> Result<(), Failure> {
        if let At::Exec(run) = &self.at {
            self.result = run(&self.lu, cx)?;
        }
        Ok(())
    }
    fn answered(&mut self, _: &Answers) {}
    fn result(&self) -> Result<Value, String> {
        Ok(self.result.clone())
    }
}

fn of_unit<L: LogicalUnit>(op: L::Op) -> Expanding<L> {
    Rc::new(move |cx| {
        let mut op = op.clone();
        L::arguments(&mut op)?;
        let (lu, locks) = L::expand(op, cx)?;
        Ok((lu, Wishes::Unit(locks)))
    })
}

fn unit_title(op: &impl OpCode, phase: &str) -> String {
    format!("{} in {phase}", op_text(&op.write(), &Names::default()))
}

impl LuTest {
    /// Holds these locks in the next `check` or `exec` without a unit.
    pub fn holding(&mut self, locks: impl IntoIterator<Item = LockNamed>) -> &mut Self {
        self.holding.extend(locks);
        self
    }

    #[track_caller]
    fn without_unit(&mut self) -> Expanding<()> {
        let snapshot = self.config().snapshot();
        let mut requests: Vec<Request> = Vec::new();
        for named in std::mem::take(&mut self.holding) {
            let (level, mode) = (named.level, named.mode);
            if requests.iter().any(|other| other.level == level && other.mode != mode) {
                let place = format!("{}:{}", named.at.file(), named.at.line());
                panic!("{place}: all locks of level {level} are held in one mode, as a unit would hold them");
            }
            let names = match &named.name {
                Some(name) => Some([key_of(named.level, name, &[&snapshot], named.at).into()].into()),
                None => None,
            };
            requests.push(Request { level: named.level, mode: named.mode, names, opportunistic: None });
        }
        Rc::new(move |_| Ok(((), Wishes::Test(requests.clone()))))
    }

    #[track_caller]
    fn stage<L: 'static>(&mut self, title: &str, expand: Expanding<L>, at: At<L>) -> LuRun {
        self.run_stage(title, move || {
            Ok(Box::new(StageGiven { expand: Rc::clone(&expand), at: at.clone(), common: Common::default() }))
        })
    }

    /// Calls a helper with the context of a check, holding what `holding` said. Its result is the run's.
    ///
    /// ```
    /// use cmdlib::error::Code;
    /// use cmdlib::lu::shared::memory::check_free_memory;
    /// use testlib::{LuTest, MiB, free_memory};
    /// # use cmdlib::rpc::NodeInfo;
    ///
    /// let mut t = LuTest::new();
    /// let node = t.config().id_of_node("node1");
    /// t.rpc().on::<NodeInfo>().replies(free_memory(MiB(64)));
    /// t.check(move |cx| check_free_memory(&node, 65, "kvm", "a test", cx)).refused(Code::InsufficientResources, "64 MiB");
    /// ```
    #[track_caller]
    pub fn check<R: Field, E: Into<Refusal>>(&mut self, run: impl Fn(&Check) -> Result<R, E> + 'static) -> LuRun {
        let expand = self.without_unit();
        let at =
            At::Check(Rc::new(move |(): &(), cx: &Check| run(cx).map(|result| result.write()).map_err(Into::into)));
        self.stage("check without a unit", expand, at)
    }

    /// Calls a helper with the context of an execution, holding what `holding` said. Its result is the run's.
    #[track_caller]
    pub fn exec<R: Field, E: Into<Failure>>(&mut self, run: impl Fn(&Exec) -> Result<R, E> + 'static) -> LuRun {
        let expand = self.without_unit();
        let at = At::Exec(Rc::new(move |(): &(), cx: &Exec| run(cx).map(|result| result.write()).map_err(Into::into)));
        self.stage("exec without a unit", expand, at)
    }

    /// Runs a unit up to its check, with its locks, and calls the test there in place of it. Its result is the run's.
    #[track_caller]
    pub fn at_check<L: LogicalUnit, R: Field>(
        &mut self,
        op: L::Op,
        run: impl Fn(&L, &Check) -> Result<R, Refusal> + 'static,
    ) -> LuRun {
        let at = At::Check(Rc::new(move |lu: &L, cx: &Check| run(lu, cx).map(|result| result.write())));
        self.stage(&unit_title(&op, "check"), of_unit::<L>(op), at)
    }

    /// Runs a unit up to its execution, with its locks but without its own check, and calls the test there in place of it. Its
    /// result is the run's.
    #[track_caller]
    pub fn at_exec<L: LogicalUnit, R: Field>(
        &mut self,
        op: L::Op,
        run: impl Fn(&L, &Exec) -> Result<R, Failure> + 'static,
    ) -> LuRun {
        let at = At::Exec(Rc::new(move |lu: &L, cx: &Exec| run(lu, cx).map(|result| result.write())));
        self.stage(&unit_title(&op, "exec"), of_unit::<L>(op), at)
    }
}
