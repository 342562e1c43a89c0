//! The tests of `motd`, one module per unit, and what they share with the command `lu`.

#[cfg(test)]
mod command;
#[cfg(test)]
mod node_motd;
#[cfg(test)]
mod tools;

use motd::rpc::{MotdRead, MotdWrite};
use testlib::Library;

/// Returns the units of the crate, and what healthy nodes answer to its calls.
#[must_use]
pub fn library() -> Library {
    Library::new(motd::UNITS).answers(|_: &MotdRead, _, _| Ok(String::new())).answers(|_: &MotdWrite, _, _| Ok(()))
}
