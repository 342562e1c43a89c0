//! The lock manager of one process: the table of locks, and threads that wait for it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::config::Owner;
use crate::locking::{Answer, Level, Lock, LockManager, LockTable, NotGranted, Wait, Waiting};

/// What lets one thread at a time at the table, and lets threads wait for a change of it.
pub trait Monitor {
    /// Does something with the table, alone.
    fn with<R>(&self, act: impl FnOnce(&mut LockTable) -> R) -> R;

    /// Waits until `ready` returns something, and not longer than `limit`. `ready` is asked at once, and whenever somebody was
    /// woken. None means that the time is up.
    fn wait<R>(&self, limit: Wait, ready: impl FnMut(&mut LockTable) -> Option<R>) -> Option<R>;

    /// Wakes all that wait. One condition for all is enough for the twenty or so jobs that a cluster runs at once.
    fn wake(&self);
}

/// Threads of the operating system.
#[derive(Debug, Default)]
pub struct Threads {
    table: Mutex<LockTable>,
    changed: Condvar,
}

impl Threads {
    fn table(&self) -> MutexGuard<'_, LockTable> {
        // The table checks a request before it changes anything: whoever panicked has not left it torn.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Monitor for Threads {
    fn with<R>(&self, act: impl FnOnce(&mut LockTable) -> R) -> R {
        act(&mut self.table())
    }

    fn wait<R>(&self, limit: Wait, mut ready: impl FnMut(&mut LockTable) -> Option<R>) -> Option<R> {
        let mut table = self.table();
        let mut answer = ready(&mut table);
        match limit.duration() {
            None => {
                while answer.is_none() {
                    table = self.changed.wait(table).unwrap_or_else(PoisonError::into_inner);
                    answer = ready(&mut table);
                }
            }
            Some(time) if answer.is_none() => {
                let unanswered = |table: &mut LockTable| {
                    answer = ready(table);
                    answer.is_none()
                };
                drop(self.changed.wait_timeout_while(table, time, unanswered));
            }
            Some(_) => {}
        }
        answer
    }

    fn wake(&self) {
        self.changed.notify_all();
    }
}

impl Wait {
    /// Returns how long this is at most, if there is a limit. What is no time is none at all.
    #[must_use]
    pub fn duration(self) -> Option<Duration> {
        match self {
            Self::Forever => None,
            Self::Seconds(seconds) if seconds > 0.0 => Duration::try_from_secs_f64(seconds).ok(),
            Self::Seconds(_) => Some(Duration::ZERO),
        }
    }
}

/// The lock manager of one process. Jobs share it by `Arc`, each from a thread of its own; [`LockTable`] has its rules.
///
/// ```
/// use std::sync::Arc;
/// use cmdlib::config::Owner;
/// use cmdlib::locking::{InProcess, Level, Lock, LockManager, LockName, Mode, Wait};
///
/// let locks = Arc::new(InProcess::new());
/// let big = Lock { level: Level::Cluster, name: LockName::One("BGL".into()), mode: Mode::Exclusive };
/// locks.acquire(Owner(1), &[big.clone()], Wait::Forever)?;
/// let other = Arc::clone(&locks);
/// let job = std::thread::spawn(move || other.acquire(Owner(2), &[big], Wait::Forever));
/// locks.free(Owner(1), Level::Cluster);
/// assert_eq!(job.join().ok(), Some(Ok(())));
/// # Ok::<(), cmdlib::locking::NotGranted>(())
/// ```
#[derive(Debug, Default)]
pub struct InProcess<M = Threads> {
    monitor: M,
}

impl InProcess {
    /// Returns a lock manager for threads of this process.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<M: Monitor> InProcess<M> {
    /// Returns a lock manager whose waits are `monitor`'s.
    pub fn with(monitor: M) -> Self {
        Self { monitor }
    }

    /// Takes a request that waits back: it ends as if its time were up.
    pub fn cancel(&self, owner: Owner) {
        self.change(|table| table.cancel(owner));
    }

    /// Takes all back from a job that died, also while it waited.
    pub fn forget(&self, owner: Owner) {
        self.change(|table| table.forget(owner));
    }

    /// Returns what a job holds, in the order of locks.
    pub fn held(&self, owner: Owner) -> Vec<Lock> {
        self.monitor.with(|table| table.held(owner))
    }

    /// Returns which jobs hold something.
    pub fn owners(&self) -> Vec<Owner> {
        self.monitor.with(|table| table.owners())
    }

    /// Returns the requests that wait, in the order in which they are served.
    pub fn waiting(&self) -> Vec<Waiting> {
        self.monitor.with(|table| table.waiting())
    }

    fn change(&self, act: impl FnOnce(&mut LockTable) -> Vec<Owner>) {
        let woken = self.monitor.with(act);
        if !woken.is_empty() {
            self.monitor.wake();
        }
    }

    /// Takes a request back, unless it was granted while the time ran out: both in one look at the table.
    fn time_is_up(&self, owner: Owner) -> Answer {
        let mut answer = None;
        self.change(|table| {
            let woken = table.cancel(owner);
            answer = table.answer(owner);
            woken
        });
        answer.unwrap_or(Answer::Cancelled)
    }

    fn ask(&self, owner: Owner, request: &[Lock], least: Option<usize>, wait: Wait) -> Result<Vec<Lock>, NotGranted> {
        let asked = self.monitor.with(|table| table.request(owner, request, least)).map_err(NotGranted::Refused)?;
        if !asked.woken.is_empty() {
            self.monitor.wake();
        }
        if let Some(granted) = asked.granted {
            return Ok(granted);
        }
        // However the wait ends, the request does not outlive it.
        let _over = Cancel { locks: self, owner };
        let answer = self.monitor.wait(wait, |table| table.answer(owner));
        match answer.unwrap_or_else(|| self.time_is_up(owner)) {
            Answer::Granted(locks) => Ok(locks),
            Answer::Cancelled => Err(NotGranted::TimedOut),
        }
    }
}

/// Takes a request back when its wait is over.
struct Cancel<'a, M: Monitor> {
    locks: &'a InProcess<M>,
    owner: Owner,
}

impl<M: Monitor> Drop for Cancel<'_, M> {
    fn drop(&mut self) {
        self.locks.cancel(self.owner);
    }
}

impl<M: Monitor> LockManager for InProcess<M> {
    fn acquire(&self, owner: Owner, request: &[Lock], wait: Wait) -> Result<(), NotGranted> {
        self.ask(owner, request, None, wait).map(drop)
    }

    fn acquire_some(
        &self,
        owner: Owner,
        request: &[Lock],
        minimum: usize,
        wait: Wait,
    ) -> Result<Vec<Lock>, NotGranted> {
        self.ask(owner, request, Some(minimum), wait)
    }

    fn release(&self, owner: Owner, level: Level, keep: &[Lock]) {
        self.change(|table| table.release(owner, level, keep));
    }

    fn downgrade(&self, owner: Owner, level: Level) {
        self.change(|table| table.downgrade(owner, level));
    }

    fn free(&self, owner: Owner, level: Level) {
        self.change(|table| table.free(owner, level));
    }

    fn prioritize(&self, owner: Owner, priority: i64) {
        self.change(|table| table.prioritize(owner, priority));
    }
}

impl<L: LockManager + ?Sized> LockManager for Arc<L> {
    fn acquire(&self, owner: Owner, request: &[Lock], wait: Wait) -> Result<(), NotGranted> {
        (**self).acquire(owner, request, wait)
    }

    fn acquire_some(
        &self,
        owner: Owner,
        request: &[Lock],
        minimum: usize,
        wait: Wait,
    ) -> Result<Vec<Lock>, NotGranted> {
        (**self).acquire_some(owner, request, minimum, wait)
    }

    fn release(&self, owner: Owner, level: Level, keep: &[Lock]) {
        (**self).release(owner, level, keep);
    }

    fn downgrade(&self, owner: Owner, level: Level) {
        (**self).downgrade(owner, level);
    }

    fn free(&self, owner: Owner, level: Level) {
        (**self).free(owner, level);
    }

    fn prioritize(&self, owner: Owner, priority: i64) {
        (**self).prioritize(owner, priority);
    }
}
