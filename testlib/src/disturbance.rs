//! What comes between a run and what lies outside of it: the seams may be wrapped before the run gets them. Sweeps do so, and
//! whatever else must happen to a run without a line of the unit or of its test being changed.

use std::rc::Rc;
use std::sync::Arc;

use cmdlib::config::{Config, MemoryStorage, Snapshot, Storage, StorageError};
use cmdlib::processor::Seams;

use crate::finding::Finding;
use crate::journal::Recorder;
use crate::locks::Granting;
use crate::rpc::Nodes;

/// What is innermost, whatever is wrapped around it.
pub(crate) struct Inside {
    pub(crate) nodes: Rc<Nodes>,
    pub(crate) locks: Rc<Granting>,
    pub(crate) recorder: Rc<Recorder>,
}

/// Wraps the seams of a run.
pub(crate) trait Disturbance {
    /// A run begins: whatever counts what it sees counts anew.
    fn begin(&self) {}
    /// Returns where the configuration is kept.
    fn storage(&self, inner: Box<dyn Storage>) -> Box<dyn Storage> {
        inner
    }
    /// Returns the seams that the run gets.
    fn wrap(&self, seams: Seams, _inside: &Inside) -> Seams {
        seams
    }
    /// Returns what did not come as it was meant to.
    fn findings(&self) -> Vec<Finding> {
        Vec::new()
    }
}

/// A storage of whatever kind.
struct AnyStorage(Box<dyn Storage>);

impl Storage for AnyStorage {
    fn save(&self, snapshot: &Snapshot) -> Result<(), StorageError> {
        self.0.save(snapshot)
    }
}

/// Returns the store that a run begins with.
pub(crate) fn store(before: &Snapshot, disturbances: &[&dyn Disturbance]) -> Arc<Config> {
    let storage = disturbances.iter().fold(Box::new(MemoryStorage) as Box<dyn Storage>, |inner, it| {
        it.begin();
        it.storage(inner)
    });
    Arc::new(Config::new(before.clone(), AnyStorage(storage)))
}
