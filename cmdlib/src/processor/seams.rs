//! All that lies outside of a run.

use std::rc::Rc;
use std::sync::Arc;

use crate::config::{Config, Owner};
use crate::host::Host;
use crate::jobs::JobQueue;
use crate::locking::LockManager;
use crate::record::Record;
use crate::rpc::Transport;

/// All that lies outside of a run. Cheap to clone.
#[derive(Clone)]
pub struct Seams {
    /// The job that is run.
    pub owner: Owner,
    /// The configuration.
    pub config: Arc<Config>,
    /// What carries calls to nodes.
    pub transport: Rc<dyn Transport>,
    /// What grants locks.
    pub locks: Rc<dyn LockManager>,
    /// What takes jobs.
    pub jobs: Rc<dyn JobQueue>,
    /// The machine.
    pub host: Host,
    /// What hears of it all.
    pub record: Rc<dyn Record>,
}
