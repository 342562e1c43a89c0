//! A defect around the stages of a unit: its wishes for locks, and its hooks.

use std::collections::BTreeSet;

use cmdlib::cx::{Check, Exec, Expand, View};
use cmdlib::error::{Failure, Refusal};
use cmdlib::hooks::{Answers, Env, HookRun, NodeSet};
use cmdlib::locking::{Level, Mode, Request};
use cmdlib::op::Common;
use cmdlib::unit::{Checked, Expanded, Given};
use serde_json::Value;

use crate::put_back::{HookSide, What};

/// A stage with a defect around it.
pub(crate) struct Wrapped<S: ?Sized> {
    pub(crate) what: &'static What,
    pub(crate) inner: Box<S>,
}

impl Given for Wrapped<dyn Given> {
    fn arguments(&mut self, cx: &View) -> Result<(), Refusal> {
        self.inner.arguments(cx)
    }
    fn expand(&self, cx: &Expand) -> Result<Box<dyn Expanded>, Refusal> {
        Ok(Box::new(Wrapped { what: self.what, inner: self.inner.expand(cx)? }))
    }
    fn retry(&mut self) -> Option<Value> {
        self.inner.retry()
    }
    fn common(&self) -> &Common {
        self.inner.common()
    }
}

impl Expanded for Wrapped<dyn Expanded> {
    fn levels(&self) -> Vec<(Level, bool)> {
        self.inner.levels()
    }
    fn contradiction(&self) -> Option<String> {
        self.inner.contradiction()
    }
    fn requests(&self, level: Level, cx: &View) -> Result<Vec<Request>, Refusal> {
        let mut requests = self.inner.requests(level, cx)?;
        requests.iter_mut().for_each(|request| worsen(self.what, request));
        Ok(requests)
    }
    fn check(self: Box<Self>, cx: &Check) -> Result<Box<dyn Checked>, Refusal> {
        Ok(Box::new(Wrapped { what: self.what, inner: self.inner.check(cx)? }))
    }
}

/// The wish stays, so that the unit may ask what is held.
fn worsen(what: &What, request: &mut Request) {
    match what {
        What::DropLock(level) if *level == request.level => request.names = Some(BTreeSet::new()),
        What::NarrowLock(level) if *level == request.level => {
            if let Some(names) = &mut request.names {
                *names = names.pop_first().into_iter().collect();
            }
        }
        What::ShareLock(level) if *level == request.level => request.mode = Mode::Shared,
        _ => {}
    }
}

impl Checked for Wrapped<dyn Checked> {
    fn hooks(&self, cx: &View) -> Option<HookRun> {
        let hooks = self.inner.hooks(cx)?;
        Some(match self.what {
            What::SkipHooks(HookSide::Pre) => HookRun { pre: NodeSet::default(), ..hooks },
            What::SkipHooks(HookSide::Post) => HookRun { post: NodeSet::default(), ..hooks },
            _ => hooks,
        })
    }
    fn env(&self, cx: &View) -> Env {
        self.inner.env(cx)
    }
    fn exec(&mut self, cx: &Exec) -> Result<(), Failure> {
        self.inner.exec(cx)
    }
    fn answered(&mut self, answers: &Answers) {
        self.inner.answered(answers);
    }
    fn result(&self) -> Result<Value, String> {
        self.inner.result()
    }
}
