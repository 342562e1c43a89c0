//! The real lock manager in a run that is alone: there is one thread, so whoever waits waits in vain.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::OnceLock;

use cmdlib::locking::{LockTable, Monitor, Wait};

use crate::host::MockClock;

/// Which lock manager all runs use.
const VARIABLE: &str = "LU_LOCKS";

/// Tells whether all runs use the real lock manager. The one place that looks at the environment.
///
/// # Panics
/// The variable has a value that means nothing.
pub(crate) fn real_for_all() -> bool {
    static REAL: OnceLock<bool> = OnceLock::new();
    *REAL.get_or_init(|| match std::env::var(VARIABLE).as_deref() {
        Err(std::env::VarError::NotPresent) | Ok("" | "mock") => false,
        Ok("real") => true,
        other => panic!("{VARIABLE} is {other:?}: it is 'real' or 'mock'"),
    })
}

/// Waits of a single thread: the time passes at once, and a wait without limit is a mistake.
pub(crate) struct Alone {
    table: RefCell<LockTable>,
    clock: Rc<MockClock>,
}

impl Alone {
    pub(crate) fn new(clock: &Rc<MockClock>) -> Self {
        Self { table: RefCell::default(), clock: Rc::clone(clock) }
    }
}

impl Monitor for Alone {
    fn with<R>(&self, act: impl FnOnce(&mut LockTable) -> R) -> R {
        act(&mut self.table.borrow_mut())
    }

    fn wait<R>(&self, limit: Wait, ready: impl FnMut(&mut LockTable) -> Option<R>) -> Option<R> {
        let answer = self.with(ready);
        match limit {
            _ if answer.is_some() => answer,
            Wait::Seconds(seconds) => {
                self.clock.advance(seconds);
                None
            }
            Wait::Forever => {
                let waiting = self.with(|table| table.waiting());
                let text = |it: &cmdlib::locking::Waiting| {
                    let wanted: Vec<String> = it.wanted.iter().map(ToString::to_string).collect();
                    let others: Vec<String> = it.blocked_by.iter().map(|owner| owner.0.to_string()).collect();
                    format!("job {} waits for {}, blocked by job {}", it.owner.0, wanted.join(", "), others.join(", "))
                };
                let waiting: Vec<String> = waiting.iter().map(text).collect();
                panic!("a wait for locks that never ends: {}", waiting.join("; "))
            }
        }
    }

    fn wake(&self) {}
}
