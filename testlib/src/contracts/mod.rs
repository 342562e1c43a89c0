//! Lock contracts: does a unit hold the locks that what it does needs, and no others?
//!
//! After every run it is looked at whether the locks were held that its changes ([`CHANGES`]) and its calls (the table of calls
//! has it) need. On demand, [`of`] looks at all runs of the units' tests together, and finds
//! - a *needless lock*: no run needed any lock of the level;
//! - a *needlessly exclusive lock*: whenever one was needed, shared would have done;
//! - an *unlocked read*: what the unit decides by may have changed before it acts.
//!
//! What a unit reads is not tracked, it is tried: whatever another job may do to the objects that a run is about is done once
//! before the run begins, and once when its execution begins. If the run would have gone another way, and does not when the
//! change comes late, it needs the lock that keeps that change away. With the lock held that job could not have come; without
//! it the unit acts on what is not true any more. It is an unlocked read if it would have been refused, and now acts and
//! tells nobody. A unit that only answers has answered as of its check.
//!
//! ```no_run
//! testlib::contracts::of(cmdlib::lu::UNITS)
//!     .tests("lu::")
//!     .explained("TestDelay: needlessly exclusive lock node", "it is to keep other jobs waiting")
//!     .run()
//!     .holds();
//! ```
//! Here lives what knows which lock is needed for what.

mod after_run;
mod campaign;
mod learn;
mod needs;
mod outcome;
mod table;

pub use campaign::{Contracts, of};
pub use outcome::{Finding, Outcome};
pub use table::{CHANGES, Change, table};

pub(crate) use after_run::after_run;
pub(crate) use learn::learn;
