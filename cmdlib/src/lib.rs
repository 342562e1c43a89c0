//! Ganeti's command library: the logical units of a cluster's master, in Rust.
//!
//! A logical unit executes one opcode: it resolves names, takes locks, checks, runs hooks, calls node daemons, asks an
//! allocator, and writes the configuration. What a phase may do is what its context lets it: a unit that changes something
//! before `exec` does not compile. All that lies outside is a seam (`processor::Seams`), so the same processor drives
//! production and tests. This crate has no test code path at all.

pub mod config;
pub mod cx;
pub mod error;
pub mod field;
pub mod hooks;
pub mod host;
pub mod iallocator;
pub mod ids;
pub mod jobs;
pub mod lazy;
pub mod locking;
pub mod lu;
pub mod net;
pub mod objects;
pub mod op;
pub mod params;
pub mod processor;
pub mod record;
pub mod rpc;
pub mod shape;
pub mod unit;

/// What the exported macros name.
#[doc(hidden)]
pub mod macros {
    pub use serde_json::Value;
}
