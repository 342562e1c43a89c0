//! Defects put back: does a unit's own test suite notice when the unit forgets a lock, ignores an error, skips its hooks?
//!
//! A defect is put around a unit, never into it: around its stages, or around the seams that it talks to. So the library under
//! test is built once, and a defect is a word that a test is given when it runs. A campaign first runs the tests to learn which of
//! them meet which defect, then runs those that meet one until one fails: hundreds in one process, each with a defect of its own.
//! A defect that none of them notices survives: a test is missing, or what was taken away is not needed.
//!
//! ```no_run
//! testlib::put_back::of(cmdlib::lu::UNITS)
//!     .tests("lu::")
//!     .explained("TagsGet: share lock instance", "it reads only")
//!     .run()
//!     .holds();
//! ```
//! A survivor is looked at by hand: `LU_PUT_BACK='InstanceStartup: skip pre hooks' cargo test -p tests lu::instance::startup`.

mod active;
mod campaign;
mod defect;
mod meets;
mod outcome;
mod seams;
mod stages;

pub use campaign::{Defects, of};
pub use defect::{Defect, HookSide, What};
pub use outcome::Outcome;

pub(crate) use active::{active, learn, wrap};
pub(crate) use meets::written_after;
pub(crate) use seams::Around;
