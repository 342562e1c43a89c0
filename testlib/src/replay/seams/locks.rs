//! Locks as they were granted when the trace was recorded.

use std::collections::BTreeSet;

use cmdlib::config::Owner;
use cmdlib::locking::{self, Level, Lock, LockManager, NotGranted, Wait};

use crate::replay::trace::{Event, LockCall, LockName, Trace};

/// What is granted does not depend on how requests are put together: the reference's and ours are not cut alike.
pub(super) struct RecordedLocks {
    /// Locks that somebody else had all the time.
    taken: BTreeSet<(Level, LockName)>,
    /// Levels of which some were taken, and those that were free.
    free: Vec<(Level, BTreeSet<LockName>)>,
}

impl RecordedLocks {
    pub(super) fn new(trace: &Trace) -> Self {
        let (mut taken, mut free) = (BTreeSet::new(), Vec::new());
        for event in &trace.events {
            match event {
                Event::Locks(LockCall::Wait(false), locks) => {
                    taken.extend(locks.iter().map(|lock| (lock.level, lock.name.clone())));
                }
                Event::Locks(LockCall::Opportunistic(granted), locks) => {
                    let level = locks.first().map_or(Level::Node, |lock| lock.level);
                    free.push((level, granted.iter().map(|(_, name)| name.clone()).collect()));
                }
                _ => {}
            }
        }
        Self { taken, free }
    }
}

/// Returns the name of a lock as traces have it.
pub(super) fn name(lock: &Lock) -> LockName {
    match &lock.name {
        locking::LockName::All => LockName::All,
        locking::LockName::One(name) => LockName::One(name.to_string()),
    }
}

impl LockManager for RecordedLocks {
    fn acquire(&self, _: Owner, request: &[Lock], _: Wait) -> Result<(), NotGranted> {
        let taken = request.iter().any(|lock| self.taken.contains(&(lock.level, name(lock))));
        if taken { Err(NotGranted::TimedOut) } else { Ok(()) }
    }

    fn acquire_some(&self, _: Owner, request: &[Lock], minimum: usize, _: Wait) -> Result<Vec<Lock>, NotGranted> {
        let is_free = |lock: &&Lock| {
            self.free.iter().find(|(level, _)| *level == lock.level).is_none_or(|(_, free)| free.contains(&name(lock)))
        };
        let granted: Vec<Lock> = request.iter().filter(is_free).cloned().collect();
        if granted.len() < minimum { Err(NotGranted::TimedOut) } else { Ok(granted) }
    }

    fn release(&self, _: Owner, _: Level, _: &[Lock]) {}
    fn downgrade(&self, _: Owner, _: Level) {}
    fn free(&self, _: Owner, _: Level) {}
}
