//! Sweeps: many runs of one opcode, each disturbed at another point. They find what scripted tests don't.
//!
//! - The *fault sweep* ([`LuTest::fault_sweep`](crate::LuTest::fault_sweep)) puts a fault in the place of each answer from
//!   outside: nodes, hooks, allocator, machine, storage, job queue.
//! - The *interference sweep* ([`LuTest::interference_sweep`](crate::LuTest::interference_sweep)) removes and changes, at
//!   each grant of locks, each object that the run is about.
//! - [`all`] does both for whole tables of units, on all [odd clusters](crate::odd), with opcodes that it makes from what
//!   their parameters say. Nothing lists units or opcodes: what is added later is swept as well.
//!
//! Here lives what plans, runs, judges and tells sweeps. What wraps seams for one run is a `Disturbance`, which others may
//! use as well.

mod allocator;
mod changes;
mod fault;
mod faults;
mod inject;
mod interference;
mod judge;
mod learn;
mod malformed;
mod matrix;
mod opcodes;
mod outcome;
mod page;
mod paste;
mod point;
mod units;

pub(crate) use changes::{About, Change, Changes};
pub use fault::Fault;
pub use faults::{FaultSweep, Where};
pub(crate) use inject::Injection;
pub(crate) use interference::judged;
pub use interference::{InterferenceSweep, Interferences};
pub(crate) use learn::warnings;
pub use matrix::Matrix;
pub use outcome::Outcome;
pub use point::Point;
pub use units::{UnitSweeps, UnitsSwept, all};
