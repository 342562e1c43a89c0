//! Moments of a run at which another job changes the cluster.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::Location;
use std::rc::Rc;

use cmdlib::config::{ChangeError, Snapshot};
use cmdlib::locking::Level;
use cmdlib::processor::Seams;
use cmdlib::record::{Event, Phase, Record};

use crate::config::MockConfig;
use crate::diff::Changes;
use crate::disturbance::{Disturbance, Inside};
use crate::finding::{Finding, Topic};
use crate::host::BEGIN;

/// A moment in a run at which a test interferes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub(crate) At);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Granted(Level),
    Executing,
}

/// The moment at which locks of this level are granted for the first time.
#[must_use]
pub fn granted(level: Level) -> Moment {
    Moment(At::Granted(level))
}

/// The moment at which the execution begins: the checks are through, the hooks have run. What the run holds a lock on no other
/// job changes then.
///
/// ```
/// use cmdlib::op;
/// use testlib::{LuTest, executing};
///
/// let mut t = LuTest::three_nodes_five_instances();
/// t.when(executing(), |cluster| _ = cluster.node("node2").offline());
/// t.run(op::InstanceStartup::new("web2")).warned("node2").succeeded();
/// ```
#[must_use]
pub fn executing() -> Moment {
    Moment(At::Executing)
}

/// Something that another job does, and the line that says so.
#[derive(Clone)]
pub(crate) struct Interference {
    moment: Moment,
    change: Rc<dyn Fn(&mut MockConfig)>,
    at: &'static Location<'static>,
}

impl Interference {
    #[track_caller]
    pub(crate) fn new(moment: Moment, change: impl Fn(&mut MockConfig) + 'static) -> Self {
        Self { moment, change: Rc::new(change), at: Location::caller() }
    }
}

/// Called when locks of a level were granted.
pub(crate) type OnGrant = Box<dyn Fn(Level)>;

/// The interferences of runs on a cluster, and which of them have come.
pub(crate) struct OtherJobs {
    all: Vec<Interference>,
    cluster: MockConfig,
    came: Rc<RefCell<BTreeSet<usize>>>,
}

impl OtherJobs {
    pub(crate) fn new(all: &[Interference], cluster: &MockConfig) -> Self {
        Self { all: all.to_vec(), cluster: cluster.clone(), came: Rc::default() }
    }

    /// Puts this state in the place of the cluster's at a moment.
    #[track_caller]
    pub(crate) fn one(moment: Moment, state: &Snapshot, cluster: &MockConfig) -> Self {
        let state = state.clone();
        Self::new(&[Interference::new(moment, move |cluster| _ = cluster.load(state.clone()))], cluster)
    }
}

impl Disturbance for OtherJobs {
    fn begin(&self) {
        self.came.borrow_mut().clear();
    }

    fn wrap(&self, seams: Seams, inside: &Inside) -> Seams {
        if self.all.is_empty() {
            return seams;
        }
        let (all, cluster, came) = (self.all.clone(), self.cluster.clone(), Rc::clone(&self.came));
        let (config, recorder) = (seams.config.clone(), Rc::clone(&inside.recorder));
        let come = Rc::new(move |moment| {
            for (index, it) in all.iter().enumerate() {
                if it.moment != moment || !came.borrow_mut().insert(index) {
                    continue;
                }
                let before = config.snapshot();
                let mut cluster = cluster.clone();
                cluster.load(before.clone()).running(BEGIN);
                (it.change)(&mut cluster);
                let wanted = cluster.snapshot();
                let changed = config.change(BEGIN, |draft| {
                    draft.become_state(&wanted);
                    Ok::<(), ChangeError>(())
                });
                if changed.is_ok() {
                    recorder.interference(Changes::between(&before, &wanted));
                }
            }
        });
        let on_grant = Rc::clone(&come);
        inside.locks.granted.borrow_mut().push(Box::new(move |level| on_grant(granted(level))));
        let on_phase = move |phase| {
            if phase == Phase::Exec {
                come(executing());
            }
        };
        Seams { record: Rc::new(Heard { inner: seams.record, on_phase }), ..seams }
    }

    fn findings(&self) -> Vec<Finding> {
        let came = self.came.borrow();
        let late = self.all.iter().enumerate().filter(|(index, _)| !came.contains(index));
        late.map(|(_, it)| {
            let (wanted, got) = match it.moment.0 {
                At::Granted(level) => (format!("locks of level {level} granted"), "no lock of that level was granted"),
                At::Executing => ("the execution begins".to_owned(), "nothing was executed"),
            };
            Finding::new(Topic::Script, "the moment to interfere never came").wanted(wanted, it.at).got(got)
        })
        .collect()
    }
}

/// Hears of phases.
struct Heard<F> {
    inner: Rc<dyn Record>,
    on_phase: F,
}

impl<F: Fn(Phase)> Record for Heard<F> {
    fn note(&self, event: &Event<'_>, at: &'static Location<'static>) {
        self.inner.note(event, at);
        if let Event::Phase(phase) = event {
            (self.on_phase)(*phase);
        }
    }
}
