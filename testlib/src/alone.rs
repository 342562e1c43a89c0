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

#[cfg(test)]
mod tests {
    use cmdlib::config::Owner;
    use cmdlib::host::Clock as _;
    use cmdlib::locking::{InProcess, Level, Lock, LockManager, LockName, Mode, NotGranted};

    use super::*;
    use crate::failure::failure_of;

    fn node() -> [Lock; 1] {
        [Lock { level: Level::Node, name: LockName::One("node1".into()), mode: Mode::Exclusive }]
    }

    /// A lock manager of which job 2 holds the node; and its clock.
    fn taken() -> (InProcess<Alone>, Rc<MockClock>) {
        let clock = Rc::new(MockClock::default());
        let locks = InProcess::with(Alone::new(&clock));
        assert_eq!(locks.acquire(Owner(2), &node(), Wait::Forever), Ok(()));
        (locks, clock)
    }

    #[test]
    fn a_wait_with_a_limit_is_over_at_once_and_its_time_has_passed() {
        let (locks, clock) = taken();
        let before = clock.now();
        assert_eq!(locks.acquire(Owner(1), &node(), Wait::Seconds(30.0)), Err(NotGranted::TimedOut));
        assert_eq!((clock.now() - before, locks.waiting().len()), (30.0, 0));
    }

    #[test]
    fn a_wait_without_limit_is_an_error_and_no_hang() {
        let (locks, _) = taken();
        let failed = failure_of(|| drop(locks.acquire(Owner(1), &node(), Wait::Forever)));
        let told = "a wait for locks that never ends: job 1 waits for node/node1 exclusive, blocked by job 2";
        assert_eq!(failed.message, told);
        assert_eq!(locks.waiting(), []);
    }
}
