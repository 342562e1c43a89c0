//! Locks: their levels as types, the wishes of logical units, and the seam to a lock manager. The order in which wishes are
//! granted is the processor's business.
//!
//! Source: ganeti 3.1, locking.py, mcpu.py and the lock daemon's rules.

mod level;
mod manager;
mod wish;

pub use level::{After, Level, LockLevel, Mode, NodeRes};
pub use manager::{Held, HeldLevel, Lock, LockManager, LockName, NotGranted, Strategy, Wait};
pub use wish::{Locks, Request, Want};
