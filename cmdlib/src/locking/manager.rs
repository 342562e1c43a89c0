//! The seam to a lock manager, and what a run holds of its locks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::config::{Data, Owner};
use crate::locking::{Level, Misuse, Mode};

/// The name of a lock within its level.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockName {
    /// The whole level.
    All,
    /// One lock.
    One(Arc<str>),
}

/// One lock in one mode.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lock {
    /// Its level.
    pub level: Level,
    /// Its name.
    pub name: LockName,
    /// How it is held.
    pub mode: Mode,
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            LockName::All => write!(f, "{}/all {}", self.level, self.mode),
            LockName::One(name) => write!(f, "{}/{name} {}", self.level, self.mode),
        }
    }
}

/// How long locks are waited for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wait {
    /// Until they are granted.
    Forever,
    /// So many seconds.
    Seconds(f64),
}

/// Locks were not granted. Nothing of the request is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotGranted {
    /// Not in time, or somebody cancelled the wait.
    TimedOut,
    /// Waiting would not help: the request has an error of its programmer.
    Refused(Misuse),
}

impl fmt::Display for NotGranted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("locks not granted in time"),
            Self::Refused(misuse) => misuse.fmt(f),
        }
    }
}
impl std::error::Error for NotGranted {}

/// How a run takes its locks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Strategy {
    /// One after the other, each waited for as long as it takes; opportunistic wishes take all.
    Blocking,
    /// Together where they are known beforehand, within so many seconds for all.
    Timed(f64),
}

/// Grants locks. Requests of one owner come in the order of levels, never below what is held.
pub trait LockManager {
    /// Grants the whole request, or nothing of it.
    ///
    /// # Errors
    /// It was not granted in time, or breaks the rules.
    fn acquire(&self, owner: Owner, request: &[Lock], wait: Wait) -> Result<(), NotGranted>;

    /// Grants those that are free, but at least `minimum`.
    ///
    /// # Errors
    /// There were not so many in time, or the request breaks the rules.
    fn acquire_some(&self, owner: Owner, request: &[Lock], minimum: usize, wait: Wait)
    -> Result<Vec<Lock>, NotGranted>;

    /// Takes locks of one level back, and keeps `keep`: all of the level that stays held.
    fn release(&self, owner: Owner, level: Level, keep: &[Lock]);

    /// Makes all locks of a level shared.
    fn downgrade(&self, owner: Owner, level: Level);

    /// Takes all locks of a level back.
    fn free(&self, owner: Owner, level: Level);

    /// Serves an owner's requests with this priority from now on, one that waits included; a small number is served first, and
    /// 0 is what all begin with. A manager without queues has no use for it.
    fn prioritize(&self, _owner: Owner, _priority: i64) {}
}

/// What is held of one level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldLevel {
    /// The mode of the whole level, if it is held.
    pub all: Option<Mode>,
    /// Single locks.
    pub names: BTreeMap<Arc<str>, Mode>,
}

/// What a run holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    levels: BTreeMap<Level, HeldLevel>,
}

impl Held {
    pub(crate) fn add(&mut self, locks: &[Lock]) {
        for lock in locks {
            let level = self.levels.entry(lock.level).or_default();
            match &lock.name {
                LockName::All => level.all = Some(lock.mode),
                LockName::One(name) => drop(level.names.insert(Arc::clone(name), lock.mode)),
            }
        }
    }

    pub(crate) fn take(&mut self, level: Level) -> Option<HeldLevel> {
        self.levels.remove(&level)
    }

    pub(crate) fn put(&mut self, level: Level, held: HeldLevel) {
        self.levels.insert(level, held);
    }

    /// Returns what is held of a level.
    #[must_use]
    pub fn level(&self, level: Level) -> Option<&HeldLevel> {
        self.levels.get(&level)
    }

    /// Returns the levels of which something is held, in order.
    pub fn levels(&self) -> impl Iterator<Item = (Level, &HeldLevel)> {
        self.levels.iter().map(|(level, held)| (*level, held))
    }

    /// Returns the locks held of a level by name; all of those that exist, if the whole level is held.
    #[must_use]
    pub fn names(&self, level: Level, config: &Data) -> BTreeSet<Arc<str>> {
        match self.levels.get(&level) {
            Some(HeldLevel { all: Some(_), .. }) => level.keys(config),
            Some(held) => held.names.keys().cloned().collect(),
            None => BTreeSet::new(),
        }
    }

    /// Returns how a lock is held, if it is.
    #[must_use]
    pub fn mode(&self, level: Level, name: &str) -> Option<Mode> {
        let held = self.levels.get(&level)?;
        held.all.max(held.names.get(name).copied())
    }
}

impl HeldLevel {
    /// Returns the locks.
    #[must_use]
    pub fn locks(&self, level: Level) -> Vec<Lock> {
        let all = self.all.map(|mode| Lock { level, name: LockName::All, mode });
        let one = |(name, mode): (&Arc<str>, &Mode)| Lock { level, name: LockName::One(Arc::clone(name)), mode: *mode };
        all.into_iter().chain(self.names.iter().map(one)).collect()
    }
}
