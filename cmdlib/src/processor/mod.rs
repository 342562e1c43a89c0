//! The processor: runs one opcode, once. It drives production and tests alike; all that lies outside is a seam.
//!
//! It leaves nothing behind on any exit, panics included: locks are freed, reservations dropped, and the hook for changed
//! configurations runs if and only if the configuration was written. Attempts are repeated by `attempts`.
//!
//! Source: ganeti 3.1, mcpu.py.

mod attempts;
mod hooks;
mod locks;
mod run;
mod seams;

pub use attempts::{Attempt, Attempts, PRIORITY_HIGHEST, attempt_seconds, run_attempts};
pub(crate) use run::Stop;
pub use run::{Ended, execute, run, run_around, run_stage};
pub use seams::Seams;
