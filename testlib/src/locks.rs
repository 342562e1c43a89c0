//! The mock lock manager: it grants all at once, unless a test says that another job holds something; and the names of locks
//! in expectations.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::Location;
use std::rc::Rc;

use cmdlib::config::Owner;
use cmdlib::locking::{Level, Lock, LockManager, LockName, Mode, NotGranted, Wait};

/// A lock as a test names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockNamed {
    pub(crate) level: Level,
    /// None means the whole level.
    pub(crate) name: Option<String>,
    pub(crate) mode: Mode,
    pub(crate) at: &'static Location<'static>,
}

/// A lock that is shared: of an instance, a node, a group or a network, by name.
#[track_caller]
#[must_use]
pub fn shared(level: Level, name: impl Into<String>) -> LockNamed {
    LockNamed { level, name: Some(name.into()), mode: Mode::Shared, at: Location::caller() }
}

/// A lock that is held alone: of an instance, a node, a group or a network, by name.
#[track_caller]
#[must_use]
pub fn exclusive(level: Level, name: impl Into<String>) -> LockNamed {
    LockNamed { level, name: Some(name.into()), mode: Mode::Exclusive, at: Location::caller() }
}

/// All locks of a level, shared: the marker, not a list of names.
#[track_caller]
#[must_use]
pub fn all_shared(level: Level) -> LockNamed {
    LockNamed { level, name: None, mode: Mode::Shared, at: Location::caller() }
}

/// All locks of a level, exclusive: the marker, not a list of names.
#[track_caller]
#[must_use]
pub fn all_exclusive(level: Level) -> LockNamed {
    LockNamed { level, name: None, mode: Mode::Exclusive, at: Location::caller() }
}

/// What a test says of locks before the run.
#[derive(Debug, Clone, Default)]
pub struct MockLocks {
    pub(crate) taken: Vec<(Level, String, &'static Location<'static>)>,
}

impl MockLocks {
    /// Another job holds this lock all along: timed attempts for it expire, opportunistic wishes go without it.
    #[track_caller]
    pub fn taken(&mut self, level: Level, name: impl Into<String>) -> &mut Self {
        self.taken.push((level, name.into(), Location::caller()));
        self
    }
}

/// Grants locks in one run.
pub(crate) struct Granting {
    taken: BTreeSet<(Level, String)>,
    held: RefCell<BTreeMap<(Level, LockName), Mode>>,
    /// Called when locks of a level were granted.
    pub(crate) granted: RefCell<Option<crate::bench::OnGrant>>,
}

impl Granting {
    pub(crate) fn new(taken: BTreeSet<(Level, String)>) -> Rc<Self> {
        Rc::new(Self { taken, held: RefCell::default(), granted: RefCell::default() })
    }

    /// Returns what was never given back.
    pub(crate) fn left(&self) -> Vec<Lock> {
        let lock = |((level, name), mode): (&(Level, LockName), &Mode)| Lock {
            level: *level,
            name: name.clone(),
            mode: *mode,
        };
        self.held.borrow().iter().map(lock).collect()
    }

    fn free(&self, lock: &Lock) -> bool {
        match &lock.name {
            LockName::All => !self.taken.iter().any(|(level, _)| *level == lock.level),
            LockName::One(name) => !self.taken.contains(&(lock.level, name.to_string())),
        }
    }

    fn grant(&self, locks: &[Lock]) {
        self.held.borrow_mut().extend(locks.iter().map(|lock| ((lock.level, lock.name.clone()), lock.mode)));
        let levels: BTreeSet<Level> = locks.iter().map(|lock| lock.level).collect();
        if let Some(granted) = &*self.granted.borrow() {
            levels.into_iter().for_each(granted);
        }
    }
}

impl LockManager for Granting {
    fn acquire(&self, _: Owner, request: &[Lock], _: Wait) -> Result<(), NotGranted> {
        if !request.iter().all(|lock| self.free(lock)) {
            return Err(NotGranted);
        }
        self.grant(request);
        Ok(())
    }

    fn acquire_some(&self, _: Owner, request: &[Lock], minimum: usize, _: Wait) -> Result<Vec<Lock>, NotGranted> {
        let free: Vec<Lock> = request.iter().filter(|lock| self.free(lock)).cloned().collect();
        if free.len() < minimum {
            return Err(NotGranted);
        }
        self.grant(&free);
        Ok(free)
    }

    fn release(&self, _: Owner, level: Level, keep: &[Lock]) {
        let mut held = self.held.borrow_mut();
        held.retain(|(of, _), _| *of != level);
        held.extend(keep.iter().map(|lock| ((lock.level, lock.name.clone()), lock.mode)));
    }

    fn downgrade(&self, _: Owner, level: Level) {
        self.held
            .borrow_mut()
            .iter_mut()
            .filter(|((of, _), _)| *of == level)
            .for_each(|(_, mode)| *mode = Mode::Shared);
    }

    fn free(&self, _: Owner, level: Level) {
        self.held.borrow_mut().retain(|(of, _), _| *of != level);
    }
}
