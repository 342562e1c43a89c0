//! Locks: their levels as types, the wishes of logical units, the seam to a lock manager, and the one of a process. The order in
//! which wishes are granted is the processor's business.
//!
//! Source: ganeti 3.1, locking.py, mcpu.py and the lock daemon's rules.

mod holdings;
mod in_process;
mod level;
mod manager;
mod misuse;
mod table;
mod wish;

pub use in_process::{InProcess, Monitor, Threads};
pub use level::{After, Level, LockLevel, Mode, NodeRes};
pub use manager::{Held, HeldLevel, Lock, LockManager, LockName, NotGranted, Strategy, Wait};
pub use misuse::Misuse;
pub use table::{Answer, Asked, LockTable, Waiting};
pub use wish::{Locks, Request, Want};
