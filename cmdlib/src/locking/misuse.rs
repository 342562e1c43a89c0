//! What a request must not ask for. Whoever does has an error of a programmer: waiting would not help, or never end.

use std::fmt;

use crate::config::Owner;
use crate::locking::holdings::{Holdings, place};
use crate::locking::{Lock, LockName};

/// Why a request for locks is refused at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misuse {
    /// Locks are taken in order, and this one comes before what is held.
    Order {
        /// What was asked for.
        wanted: Lock,
        /// The last lock that is held.
        held: Lock,
    },
    /// A lock that is held shared, by itself or with its level, is wanted exclusive. Two owners that did so would wait for
    /// each other.
    Upgrade {
        /// What was asked for.
        wanted: Lock,
    },
    /// One request wants a lock in two modes.
    TwoModes {
        /// What was asked for, in the one mode.
        wanted: Lock,
    },
    /// Another request of the owner waits.
    Waiting {
        /// The owner.
        owner: Owner,
    },
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order { wanted, held } => write!(
                f,
                "lock {wanted} is asked for while {held} is held: locks are taken in order, a whole level before its names"
            ),
            Self::Upgrade { wanted } => {
                write!(f, "lock {wanted} is asked for while it is held shared: take it exclusive in the first place")
            }
            Self::TwoModes { wanted } => {
                write!(f, "lock {wanted} is asked for in another mode by the same request: ask for it in one")
            }
            Self::Waiting { owner } => {
                write!(f, "job {} asks for locks while another request of it waits: one after the other", owner.0)
            }
        }
    }
}
impl std::error::Error for Misuse {}

/// Returns a request in order, without what is held already.
pub(super) fn in_order(owner: Owner, request: &[Lock], holdings: &Holdings) -> Result<Vec<Lock>, Misuse> {
    let mut sorted = request.to_vec();
    sorted.sort();
    sorted.dedup();
    let highest = holdings.highest(owner);
    let mut wanted: Vec<Lock> = Vec::with_capacity(sorted.len());
    let (mut before, mut whole): (Option<&Lock>, Option<&Lock>) = (None, None);
    for lock in &sorted {
        let twice = before.replace(lock).is_some_and(|before| place(before) == place(lock));
        let within = whole.filter(|whole| whole.level == lock.level);
        if twice || within.is_some_and(|whole| whole.mode < lock.mode) {
            return Err(Misuse::TwoModes { wanted: lock.clone() });
        }
        if lock.name == LockName::All {
            whole = Some(lock);
        }
        match (holdings.mode(owner, lock), &highest) {
            (Some(held), _) if held < lock.mode => return Err(Misuse::Upgrade { wanted: lock.clone() }),
            (None, Some(highest)) if place(lock) < place(highest) => {
                return Err(Misuse::Order { wanted: lock.clone(), held: highest.clone() });
            }
            (None, _) if within.is_none() => wanted.push(lock.clone()),
            _ => {}
        }
    }
    Ok(wanted)
}
