//! What grants locks in a run: the mock lock manager, which grants all at once unless a test says that another job holds
//! something, or the real one; and the names of locks in expectations.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::Location;
use std::rc::Rc;

use cmdlib::config::Owner;
use cmdlib::locking::{InProcess, Level, Lock, LockManager, LockName, Mode, NotGranted, Wait};

use crate::alone::Alone;
use crate::host::MockClock;

/// The other job, which holds what is taken.
const OTHER: Owner = Owner(2);

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
    behind: Behind,
    /// Called when locks of a level were granted.
    pub(crate) granted: RefCell<Vec<crate::moment::OnGrant>>,
}

/// What grants them.
enum Behind {
    Mock(Mock),
    Real(InProcess<Alone>),
}

impl Granting {
    /// Grants all but what is taken.
    pub(crate) fn mock(taken: BTreeSet<(Level, String)>) -> Rc<Self> {
        Rc::new(Self { behind: Behind::Mock(Mock { taken, held: RefCell::default() }), granted: RefCell::default() })
    }

    /// Grants as the real lock manager does; what is taken is held by another job.
    pub(crate) fn real(taken: &BTreeSet<(Level, String)>, clock: &Rc<MockClock>) -> Rc<Self> {
        let locks = InProcess::with(Alone::new(clock));
        let exclusive = |(level, name): &(Level, String)| Lock {
            level: *level,
            name: LockName::One(name.as_str().into()),
            mode: Mode::Exclusive,
        };
        let taken: Vec<Lock> = taken.iter().map(exclusive).collect();
        let granted = locks.acquire(OTHER, &taken, Wait::Forever);
        debug_assert!(granted.is_ok(), "nobody else is there yet");
        Rc::new(Self { behind: Behind::Real(locks), granted: RefCell::default() })
    }

    /// Returns what the owner never gave back.
    pub(crate) fn left(&self, owner: Owner) -> Vec<Lock> {
        match &self.behind {
            Behind::Mock(mock) => mock.left(),
            Behind::Real(real) => real.held(owner),
        }
    }

    fn behind(&self) -> &dyn LockManager {
        match &self.behind {
            Behind::Mock(mock) => mock,
            Behind::Real(real) => real,
        }
    }

    fn tell(&self, locks: &[Lock]) {
        let levels: BTreeSet<Level> = locks.iter().map(|lock| lock.level).collect();
        let granted = self.granted.borrow();
        levels.into_iter().for_each(|level| granted.iter().for_each(|it| it(level)));
    }
}

impl LockManager for Granting {
    fn acquire(&self, owner: Owner, request: &[Lock], wait: Wait) -> Result<(), NotGranted> {
        self.behind().acquire(owner, request, wait)?;
        self.tell(request);
        Ok(())
    }

    fn acquire_some(
        &self,
        owner: Owner,
        request: &[Lock],
        minimum: usize,
        wait: Wait,
    ) -> Result<Vec<Lock>, NotGranted> {
        let granted = self.behind().acquire_some(owner, request, minimum, wait)?;
        self.tell(&granted);
        Ok(granted)
    }

    fn release(&self, owner: Owner, level: Level, keep: &[Lock]) {
        self.behind().release(owner, level, keep);
    }

    fn downgrade(&self, owner: Owner, level: Level) {
        self.behind().downgrade(owner, level);
    }

    fn free(&self, owner: Owner, level: Level) {
        self.behind().free(owner, level);
    }
}

/// The mock lock manager, which knows of one job.
struct Mock {
    taken: BTreeSet<(Level, String)>,
    held: RefCell<BTreeMap<(Level, LockName), Mode>>,
}

impl Mock {
    fn left(&self) -> Vec<Lock> {
        let lock = |((level, name), mode): (&(Level, LockName), &Mode)| Lock {
            level: *level,
            name: name.clone(),
            mode: *mode,
        };
        self.held.borrow().iter().map(lock).collect()
    }

    fn is_free(&self, lock: &Lock) -> bool {
        match &lock.name {
            LockName::All => !self.taken.iter().any(|(level, _)| *level == lock.level),
            LockName::One(name) => !self.taken.contains(&(lock.level, name.to_string())),
        }
    }

    fn grant(&self, locks: &[Lock]) {
        self.held.borrow_mut().extend(locks.iter().map(|lock| ((lock.level, lock.name.clone()), lock.mode)));
    }
}

impl LockManager for Mock {
    fn acquire(&self, _: Owner, request: &[Lock], _: Wait) -> Result<(), NotGranted> {
        if !request.iter().all(|lock| self.is_free(lock)) {
            return Err(NotGranted::TimedOut);
        }
        self.grant(request);
        Ok(())
    }

    fn acquire_some(&self, _: Owner, request: &[Lock], minimum: usize, _: Wait) -> Result<Vec<Lock>, NotGranted> {
        let free: Vec<Lock> = request.iter().filter(|lock| self.is_free(lock)).cloned().collect();
        if free.len() < minimum {
            return Err(NotGranted::TimedOut);
        }
        self.grant(&free);
        Ok(free)
    }

    fn release(&self, _: Owner, level: Level, keep: &[Lock]) {
        self.held.borrow_mut().retain(|(of, _), _| *of != level);
        self.grant(keep);
    }

    fn downgrade(&self, _: Owner, level: Level) {
        let mut held = self.held.borrow_mut();
        held.iter_mut().filter(|((of, _), _)| *of == level).for_each(|(_, mode)| *mode = Mode::Shared);
    }

    fn free(&self, _: Owner, level: Level) {
        self.held.borrow_mut().retain(|(of, _), _| *of != level);
    }
}
