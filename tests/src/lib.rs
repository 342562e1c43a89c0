//! The tests of the library, mirroring `cmdlib/src`: one module per logical unit in `lu`, and the rest beside it. One test
//! binary. A test is a sentence, states one fact, and goes through the public API.
#![cfg(test)]

mod bench;
mod cli;
mod config;
mod contracts;
mod iallocator;
mod locking;
mod lu;
mod net;
mod odd;
mod op;
mod params;
mod pinned;
mod processor;
mod properties;
mod put_back;
mod replay;
mod rpc;
mod sweeps;

use std::path::Path;

use serde_json::{Map, Value};

/// Facts about the reference, from a file with them. None where they are not, and under the gate, which counts nothing that is
/// optional.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn facts(file: &str) -> Option<Map<String, Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/ganeti").join(file);
    if is_counted() || !path.exists() {
        eprintln!("skipped: there are no facts about the reference at ../shared");
        return None;
    }
    Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
}

/// Tells whether the gate counts the lines of this run. What needs something optional stays away then, and so does what runs
/// units by the thousand: lines that it passes are not lines that somebody tested.
fn is_counted() -> bool {
    std::env::var_os("GATE").is_some()
}
