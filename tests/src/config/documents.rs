//! The documents that the tests load, and how they are changed on the way.

use cmdlib::config::{Config, MemoryStorage, Snapshot};
use serde_json::Value;

/// The time at which tests change things.
pub(super) const NOW: f64 = 1_700_000_500.25;

/// The text of a small cluster: three nodes in two groups, a mirrored, a plain and a planned instance, a network, a spare
/// disk. `verify` finds nothing in it.
pub(super) const SMALL: &str = include_str!("small.json");

/// Returns the small cluster as JSON.
pub(super) fn small() -> Value {
    serde_json::from_str(SMALL).unwrap()
}

/// Returns the small cluster.
pub(super) fn small_snapshot() -> Snapshot {
    Snapshot::parse(SMALL.as_bytes()).unwrap()
}

/// Returns the small cluster with some of its document changed.
#[track_caller]
pub(super) fn changed(edit: impl FnOnce(&mut Value)) -> Snapshot {
    let mut document = small();
    edit(&mut document);
    Snapshot::read(&document).unwrap()
}

/// Returns a store of the small cluster that keeps nothing.
pub(super) fn small_store() -> Config {
    Config::new(small_snapshot(), MemoryStorage)
}
