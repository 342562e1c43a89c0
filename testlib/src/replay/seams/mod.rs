//! What takes the place of the outside while a trace is replayed: everything answers as recorded.

mod host;
mod jobs;
mod locks;
mod nodes;
mod record;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use cmdlib::config::{Config, MemoryStorage, Owner, Snapshot};
use cmdlib::host::Host;
use cmdlib::locking::Strategy;
use cmdlib::processor::{self, Ended, Seams};
use cmdlib::rpc::{Message, Trouble};
use cmdlib::unit::Unit;
use serde_json::Value;

use self::host::{RecordedClock, RecordedHost, RecordedRandom};
use self::jobs::RecordedJobs;
use self::locks::RecordedLocks;
use self::nodes::RecordedNodes;
use self::record::Notes;
use super::channels::{Changes, Channels, Outcome};
use super::trace::{Mode, Trace};

/// What nodes answer that nobody recorded: as those of a healthy cluster.
pub type Unrecorded = fn(&Message<'_>, &Snapshot) -> Result<Value, Trouble>;

/// The job of all recorded runs.
const JOB: Owner = Owner(1);
/// The time for all locks together, in seconds.
const TIMED: f64 = 30.0;

/// Requests without recorded answer.
type Unanswered = Rc<RefCell<Vec<String>>>;

/// What our run did.
#[derive(Debug)]
pub(super) struct Run {
    /// How it ended.
    pub(super) ended: Ended,
    /// What it did, by channel.
    pub(super) channels: Channels,
    /// Questions that nobody had asked when the trace was recorded.
    pub(super) unanswered: Vec<String>,
}

/// Runs the opcode of a trace once. With `healthy`, it answers calls that were not recorded; else they fail.
pub(super) fn run(trace: &Trace, unit: &Unit, config: &Snapshot, healthy: Option<Unrecorded>) -> Run {
    let notes = Rc::new(Notes::default());
    let unanswered = Unanswered::default();
    let store = Arc::new(Config::new(config.clone(), MemoryStorage));
    let clock = Rc::new(RecordedClock::new(trace.now));
    let host = Rc::new(RecordedHost::new(trace, Rc::clone(&clock), Rc::clone(&unanswered)));
    let seams = Seams {
        owner: JOB,
        config: Arc::clone(&store),
        transport: Rc::new(RecordedNodes::new(trace, healthy, Rc::clone(&unanswered))),
        locks: Rc::new(RecordedLocks::new(trace)),
        jobs: Rc::new(RecordedJobs::new(trace)),
        host: Host {
            clock,
            random: Rc::new(RecordedRandom::new(trace, Rc::clone(&unanswered))),
            net: Rc::clone(&host) as _,
            doorbell: host,
        },
        record: Rc::clone(&notes) as _,
    };
    let strategy = match trace.mode {
        Mode::Blocking => Strategy::Blocking,
        Mode::Timed => Strategy::Timed(TIMED),
    };
    let ended = processor::run(unit, &trace.op, &seams, strategy);
    drop(seams);
    let mut channels = notes.channels(Outcome::of(&ended));
    channels.changes = Changes::of_states(config, &store.snapshot());
    let unanswered = unanswered.borrow().clone();
    Run { ended, channels, unanswered }
}
