//! Faults put in the place of answers: between the run and the seams that the script and the healthy nodes are behind.

use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cmdlib::config::{Snapshot, Storage, StorageError};
use cmdlib::host::{Doorbell, Host, HostName, Net, Unresolved, Waited};
use cmdlib::jobs::{JobQueue, Submission};
use cmdlib::processor::Seams;
use cmdlib::rpc::{Message, Transport, Trouble};
use serde_json::Value;

use crate::disturbance::{Disturbance, Inside};
use crate::finding::{Finding, Topic};
use crate::sweep::point::{Counts, Target, is_node, target_of};
use crate::sweep::{Fault, Point};

const ON_PURPOSE: &str = "a fault on purpose";

/// The faults of one run.
pub(crate) struct Injection {
    faults: Rc<Faults>,
    writes: Arc<Writes>,
}

struct Planned {
    point: Point,
    fault: Fault,
    at: Option<&'static Location<'static>>,
    fired: Cell<bool>,
}

struct Faults {
    planned: Vec<Planned>,
    counts: RefCell<Counts>,
}

/// Which states are not stored, by number from 1 on. What keeps a configuration may be called from anywhere, so this has no
/// part in `Faults`.
struct Writes {
    fail: Vec<usize>,
    count: AtomicUsize,
}

impl Injection {
    pub(crate) fn new(faults: &[(Point, Fault, &'static Location<'static>)]) -> Self {
        Self::of(faults.iter().map(|(point, fault, at)| (point.clone(), fault.clone(), Some(*at))))
    }

    /// Returns one that a test did not ask for.
    pub(super) fn planned<'a>(faults: impl IntoIterator<Item = (&'a Point, &'a Fault)>) -> Self {
        Self::of(faults.into_iter().map(|(point, fault)| (point.clone(), fault.clone(), None)))
    }

    fn of(faults: impl Iterator<Item = (Point, Fault, Option<&'static Location<'static>>)>) -> Self {
        let planned: Vec<Planned> =
            faults.map(|(point, fault, at)| Planned { point, fault, at, fired: Cell::new(false) }).collect();
        let writes = planned.iter().filter(|it| it.point.target == Target::Write && it.fault == Fault::Refused);
        let fail = writes.map(|it| it.point.nth.unwrap_or(1)).collect();
        Self {
            faults: Rc::new(Faults { planned, counts: RefCell::default() }),
            writes: Arc::new(Writes { fail, count: AtomicUsize::new(0) }),
        }
    }

    /// Returns the faults that have not come.
    fn missed(&self) -> impl Iterator<Item = &Planned> {
        let written = self.writes.count.load(Ordering::Relaxed);
        self.faults.planned.iter().filter(move |it| match it.point.target {
            Target::Write => it.fault != Fault::Refused || it.point.nth.unwrap_or(1) > written,
            _ => !it.fired.get(),
        })
    }

    /// Tells whether all faults have come.
    pub(super) fn came(&self) -> bool {
        self.missed().next().is_none()
    }
}

impl Disturbance for Injection {
    fn begin(&self) {
        self.faults.counts.borrow_mut().clear();
        self.faults.planned.iter().for_each(|it| it.fired.set(false));
        self.writes.count.store(0, Ordering::Relaxed);
    }
    fn storage(&self, _: Box<dyn Storage>) -> Box<dyn Storage> {
        Box::new(Full(Arc::clone(&self.writes)))
    }
    fn wrap(&self, seams: Seams, _: &Inside) -> Seams {
        if self.faults.planned.is_empty() {
            return seams;
        }
        let faults = || Rc::clone(&self.faults);
        let Host { net, doorbell, .. } = seams.host.clone();
        let machine = Rc::new(Machine { net, doorbell, faults: faults() });
        let net: Rc<dyn Net> = Rc::<Machine>::clone(&machine);
        Seams {
            transport: Rc::new(Line { inner: seams.transport, faults: faults() }),
            jobs: Rc::new(Queue { inner: seams.jobs, faults: faults() }),
            host: Host { net, doorbell: machine, ..seams.host },
            ..seams
        }
    }
    fn findings(&self) -> Vec<Finding> {
        let told = self.missed().filter_map(|it| {
            let text = format!("{} at {}", it.fault, it.point);
            Some(Finding::new(Topic::Script, "the fault never came").wanted(text, it.at?))
        });
        told.map(|finding| {
            finding.got("nothing like this was answered in the run, or not so often").hint(
                "does the unit get there? is it a fault of this kind of answer? `t.fault_sweep(..)` lists what there is",
            )
        })
        .collect()
    }
}

impl Faults {
    /// Returns the fault that comes at the nth answer of a kind, if one does.
    fn at(&self, target: &Target, node: Option<&str>, nth: usize) -> Option<&Planned> {
        self.planned.iter().find(|it| {
            let here = match (&it.point.node, node) {
                (Some(wanted), Some(name)) => is_node(wanted, name),
                (None, None) => true,
                _ => false,
            };
            here && it.point.is_about(target) && it.point.nth.unwrap_or(1) == nth
        })
    }

    /// Tells whether a question to the machine, or to the queue, is answered wrongly.
    fn here(&self, target: &Target, fault: &Fault) -> bool {
        let nth = self.counts.borrow_mut().next(target, None);
        let planned = self.at(target, None, nth).filter(|it| it.fault == *fault);
        planned.is_some_and(|it| {
            it.fired.set(true);
            true
        })
    }
}

/// Calls to nodes.
struct Line {
    inner: Rc<dyn Transport>,
    faults: Rc<Faults>,
}

impl Transport for Line {
    fn send(&self, batch: &[Message<'_>], config: &Snapshot) -> Vec<Result<Value, Trouble>> {
        let mut answers = self.inner.send(batch, config);
        let Some(first) = batch.first() else { return answers };
        let target = target_of(first.call);
        // The allocator runs on the master: which node that is does not matter.
        let one = target == Target::Allocator;
        let mut counts = self.faults.counts.borrow_mut();
        let together = counts.next(&target, None);
        for (message, answer) in batch.iter().zip(&mut answers) {
            let nth = counts.next(&target, Some(&message.name));
            let planned = self.faults.at(&target, None, together);
            let planned = planned.or_else(|| self.faults.at(&target, Some(&message.name), nth).filter(|_| !one));
            if let Some((it, spoilt)) = planned.and_then(|it| Some((it, it.fault.spoil(&target, answer)?))) {
                it.fired.set(true);
                *answer = spoilt;
            }
        }
        answers
    }
}

struct Queue {
    inner: Rc<dyn JobQueue>,
    faults: Rc<Faults>,
}

impl JobQueue for Queue {
    fn submit(&self, jobs: &[Vec<Value>]) -> Vec<Submission> {
        if self.faults.here(&Target::Submit, &Fault::Refused) {
            return jobs.iter().map(|_| Submission::Rejected(ON_PURPOSE.to_owned())).collect();
        }
        self.inner.submit(jobs)
    }
}

/// Questions to the machine.
struct Machine {
    net: Rc<dyn Net>,
    doorbell: Rc<dyn Doorbell>,
    faults: Rc<Faults>,
}

fn opposite(waited: Waited) -> Waited {
    match waited {
        Waited::Reached => Waited::TimedOut,
        Waited::TimedOut => Waited::Reached,
    }
}

impl Net for Machine {
    fn resolve(&self, name: &str) -> Result<HostName, Unresolved> {
        let answer = self.net.resolve(name);
        if self.faults.here(&Target::Resolve, &Fault::Refused) {
            return Err(Unresolved { name: name.to_owned(), text: ON_PURPOSE.to_owned() });
        }
        answer
    }
    fn ping(&self, host: &str, port: u16, seconds: f64) -> bool {
        self.net.ping(host, port, seconds) ^ self.faults.here(&Target::Ping, &Fault::Opposite)
    }
}

impl Doorbell for Machine {
    fn open(&self) -> Result<String, String> {
        let opened = self.doorbell.open();
        if self.faults.here(&Target::Open, &Fault::Refused) { Err(ON_PURPOSE.to_owned()) } else { opened }
    }
    fn accept(&self, seconds: f64) -> Waited {
        let waited = self.doorbell.accept(seconds);
        if self.faults.here(&Target::Accept, &Fault::Opposite) { opposite(waited) } else { waited }
    }
    fn receive(&self, seconds: f64) -> Waited {
        let waited = self.doorbell.receive(seconds);
        if self.faults.here(&Target::Receive, &Fault::Opposite) { opposite(waited) } else { waited }
    }
    fn close(&self) {
        self.doorbell.close();
    }
}

/// Keeps what a run stores, but for what it can't.
struct Full(Arc<Writes>);

impl Storage for Full {
    fn save(&self, _: &Snapshot) -> Result<(), StorageError> {
        let number = self.0.count.fetch_add(1, Ordering::Relaxed) + 1;
        if self.0.fail.contains(&number) { Err(StorageError(ON_PURPOSE.to_owned())) } else { Ok(()) }
    }
}
