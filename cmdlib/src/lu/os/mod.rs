//! Units about operating systems, as nodes have them for instances.

mod diagnose;

pub use diagnose::{OsDiagnose, OsField};
