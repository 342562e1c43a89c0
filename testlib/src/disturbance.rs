//! What comes between a run and what lies outside of it: each seam may be wrapped before the run gets it. Sweeps do so, and
//! whatever else must happen to a run without a line of the unit or of its test being changed.

use std::rc::Rc;
use std::sync::Arc;

use cmdlib::config::{Config, MemoryStorage, Snapshot, Storage, StorageError};
use cmdlib::host::Host;
use cmdlib::jobs::JobQueue;
use cmdlib::locking::LockManager;
use cmdlib::rpc::Transport;

use crate::finding::Finding;

/// Wraps the seams of a run.
pub(crate) trait Disturbance {
    /// A run begins: whatever counts what it sees counts anew.
    fn begin(&self) {}
    /// Returns where the configuration is kept.
    fn storage(&self) -> Box<dyn Storage> {
        Box::new(MemoryStorage)
    }
    fn transport(&self, inner: Rc<dyn Transport>) -> Rc<dyn Transport> {
        inner
    }
    fn locks(&self, inner: Rc<dyn LockManager>) -> Rc<dyn LockManager> {
        inner
    }
    fn jobs(&self, inner: Rc<dyn JobQueue>) -> Rc<dyn JobQueue> {
        inner
    }
    fn host(&self, inner: Host) -> Host {
        inner
    }
    /// Returns what did not come as it was meant to.
    fn findings(&self) -> Vec<Finding> {
        Vec::new()
    }
}

/// Leaves everything as it is.
pub(crate) struct Undisturbed;

impl Disturbance for Undisturbed {}

/// A storage of whatever kind.
struct AnyStorage(Box<dyn Storage>);

impl Storage for AnyStorage {
    fn save(&self, snapshot: &Snapshot) -> Result<(), StorageError> {
        self.0.save(snapshot)
    }
}

/// Returns the store that a run begins with.
pub(crate) fn store(before: &Snapshot, disturbance: &dyn Disturbance) -> Arc<Config> {
    disturbance.begin();
    Arc::new(Config::new(before.clone(), AnyStorage(disturbance.storage())))
}
