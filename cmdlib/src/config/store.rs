//! The store: the current state, its changes one at a time, its reservations.

use std::fmt;
use std::sync::{Mutex, MutexGuard};

use crate::config::changes::Draft;
use crate::config::data::Snapshot;
use crate::config::entity::Gone;
use crate::config::reservations::{Owner, Reservations, Reserved, Taken};
use crate::config::storage::{Storage, StorageError};

/// Why a change was not stored. Nothing of it was.
#[derive(Debug)]
pub enum ChangeError {
    /// The object is not, or no longer, in the configuration.
    Gone(Gone),
    /// The object was changed since the copy that is to replace it was taken.
    Stale {
        /// What kind of object.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// An object of that name exists.
    Exists {
        /// What kind of object.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// The new state could not be kept.
    Storage(StorageError),
}

impl fmt::Display for ChangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone(gone) => gone.fmt(f),
            Self::Stale { kind, name } => write!(f, "{kind} '{name}' was changed meanwhile; try again"),
            Self::Exists { kind, name } => write!(f, "a {kind} named '{name}' exists already"),
            Self::Storage(error) => write!(f, "the configuration could not be stored: {error}"),
        }
    }
}
impl std::error::Error for ChangeError {}

impl From<Gone> for ChangeError {
    fn from(gone: Gone) -> Self {
        Self::Gone(gone)
    }
}

/// What a change did.
#[derive(Debug, Clone)]
pub struct Written {
    /// The state before.
    pub before: Snapshot,
    /// The state after.
    pub after: Snapshot,
    /// Whether anything was stored.
    pub changed: bool,
    /// Whether the whole document was written, rather than an object of it: only then the hook for changed configurations
    /// runs (ganeti 3.1, mcpu.py).
    pub whole: bool,
}

/// The configuration of a cluster.
pub struct Config {
    state: Mutex<State>,
    storage: Box<dyn Storage>,
}

struct State {
    current: Snapshot,
    reservations: Reservations,
}

impl Config {
    /// Returns the store of a state that `storage` already has.
    pub fn new(current: Snapshot, storage: impl Storage + 'static) -> Self {
        Self { state: Mutex::new(State { current, reservations: Reservations::default() }), storage: Box::new(storage) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves the state whole: it is only ever replaced by a finished one.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Returns the current state.
    pub fn snapshot(&self) -> Snapshot {
        self.state().current.clone()
    }

    /// Makes a change, which sees no other in between, and stores it.
    ///
    /// # Errors
    /// What `change` says, or that the new state could not be kept. Nothing is changed then.
    pub fn change<R, E: From<ChangeError>>(
        &self,
        now: f64,
        change: impl FnOnce(&mut Draft) -> Result<R, E>,
    ) -> Result<(R, Written), E> {
        let mut state = self.state();
        let before = state.current.clone();
        let mut draft = Draft::new(&before, now);
        let result = change(&mut draft)?;
        let (changed, whole) = (draft.changed, draft.whole);
        let after = if changed { draft.finish() } else { before.clone() };
        if changed {
            self.storage.save(&after).map_err(ChangeError::Storage)?;
            state.current = after.clone();
        }
        Ok((result, Written { before, after, changed, whole }))
    }

    /// Reserves something for an execution context until that drops what it has reserved.
    ///
    /// # Errors
    /// It is in use, or reserved by another.
    pub fn reserve(&self, owner: Owner, what: Reserved) -> Result<(), Taken> {
        let mut state = self.state();
        let State { current, reservations } = &mut *state;
        reservations.add(owner, what, current)
    }

    /// Drops what an execution context has reserved.
    pub fn drop_reservations(&self, owner: Owner) {
        self.state().reservations.drop_owner(owner);
    }

    /// Returns what is reserved at the moment.
    pub fn reserved(&self) -> Vec<(Owner, Reserved)> {
        self.state().reservations.list()
    }
}
