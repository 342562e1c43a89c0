//! All that lies outside of a run, in one trail: what the record hears, and what the lock manager is asked.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::Location;
use std::rc::Rc;
use std::sync::Arc;

use cmdlib::config::{Config, MemoryStorage, Owner, Reserved, Snapshot, Storage, StorageError};
use cmdlib::host::Host;
use cmdlib::jobs::{JobQueue, Submission};
use cmdlib::locking::{Level, Lock, LockManager, LockName, Misuse, Mode, NotGranted, Strategy, Wait};
use cmdlib::op::OpCode;
use cmdlib::processor::{self, Ended, Seams};
use cmdlib::record::{Event, Record};
use cmdlib::rpc::{HooksRunner, Message, Transport, Trouble};
use cmdlib::unit::{self, Unit};
use serde_json::{Value, json};
use testlib::{LuTest, MockClock, MockConfig, MockDoorbell, MockNet, MockRandom};

use super::units::UNITS;

/// What a node answers to the runner of hooks: path, phase, node.
type Answer = Box<dyn Fn(&str, &str, &str) -> Result<Value, Trouble>>;

/// What is outside, before the run.
pub(crate) struct Outside {
    pub(crate) config: MockConfig,
    taken: BTreeSet<(Level, Option<String>)>,
    misuse: Option<Misuse>,
    seconds_per_lock: f64,
    answer: Answer,
    storage: Box<dyn Storage>,
}

/// What happened.
pub(crate) struct Walked {
    pub(crate) ended: Ended,
    pub(crate) trail: Vec<String>,
    pub(crate) left: Vec<String>,
    pub(crate) reserved: Vec<(Owner, Reserved)>,
    pub(crate) before: Snapshot,
    pub(crate) after: Snapshot,
    /// Path, phase and environment of each run of hooks.
    pub(crate) hooks: Vec<HooksRun>,
}

/// The cluster that all these tests walk through: the master node1, node2 and node3.
pub(crate) fn outside() -> Outside {
    let mut config = testlib::clusters::three_nodes_five_instances();
    config.network("net1").cidr("10.0.0.0/24");
    let answer: Answer = Box::new(|_, _, _| Ok(json!([])));
    Outside {
        config,
        taken: BTreeSet::new(),
        misuse: None,
        seconds_per_lock: 0.0,
        answer,
        storage: Box::new(MemoryStorage),
    }
}

/// The same cluster in a bench.
pub(crate) fn bench() -> LuTest {
    LuTest::with(outside().config).units(UNITS)
}

/// What a script that fails answers.
pub(crate) fn script_fails(output: &str) -> Result<Value, Trouble> {
    Ok(json!([["10-check", 1, output], ["20-next", 2, "good"]]))
}

impl Outside {
    /// Nothing of this level is granted.
    pub(crate) fn taken(mut self, level: Level) -> Self {
        self.taken.insert((level, None));
        self
    }

    /// One node is not granted.
    pub(crate) fn node_taken(mut self, level: Level, name: &str) -> Self {
        let id = self.config.id_of_node(name);
        self.taken.insert((level, Some(id.to_string())));
        self
    }

    /// Each request breaks the rules of the lock manager.
    pub(crate) fn refused(mut self, misuse: Misuse) -> Self {
        self.misuse = Some(misuse);
        self
    }

    /// Each request takes a while to be granted.
    pub(crate) fn slow(mut self, seconds: f64) -> Self {
        self.seconds_per_lock = seconds;
        self
    }

    /// What the runner of hooks answers.
    pub(crate) fn scripts(mut self, answer: impl Fn(&str, &str, &str) -> Result<Value, Trouble> + 'static) -> Self {
        self.answer = Box::new(answer);
        self
    }

    /// Where the configuration is kept.
    pub(crate) fn kept(mut self, storage: impl Storage + 'static) -> Self {
        self.storage = Box::new(storage);
        self
    }

    /// Walks, with time-outs.
    pub(crate) fn walk(self, op: impl OpCode) -> Walked {
        self.go(&op.write(), Strategy::Timed(30.0))
    }

    /// Walks, and waits for each lock as long as it takes.
    pub(crate) fn walk_blocking(self, op: impl OpCode) -> Walked {
        self.go(&op.write(), Strategy::Blocking)
    }

    /// Walks with an opcode in wire form.
    pub(crate) fn go(self, op: &Value, strategy: Strategy) -> Walked {
        self.with_seams(|seams| processor::execute(UNITS, op, seams, strategy))
    }

    /// Has an opcode run in a way of the test's own.
    pub(crate) fn through(self, op: &Value, run: impl FnOnce(&Unit, &Value, &Seams) -> Ended) -> Walked {
        let id = op["OP_ID"].as_str().expect("an opcode has an id");
        let unit = unit::find(UNITS, id).expect("the tests have a unit for it");
        self.with_seams(|seams| run(unit, op, seams))
    }

    fn with_seams(self, run: impl FnOnce(&Seams) -> Ended) -> Walked {
        let before = self.config.snapshot();
        let store = Arc::new(Config::new(before.clone(), Kept(self.storage)));
        let trail = Rc::new(Trail::of(&before));
        let clock = Rc::new(MockClock::default());
        let locks = Rc::new(Locks {
            trail: Rc::clone(&trail),
            clock: Rc::clone(&clock),
            taken: self.taken,
            misuse: self.misuse,
            seconds: self.seconds_per_lock,
            held: RefCell::default(),
            requests: Cell::default(),
        });
        let nodes = Rc::new(Nodes { answer: self.answer, hooks: RefCell::default() });
        let host = Host {
            clock,
            random: Rc::new(MockRandom::default()),
            net: Rc::new(MockNet::new()),
            doorbell: Rc::new(MockDoorbell::new()),
        };
        let seams = Seams {
            owner: Owner(7),
            config: Arc::clone(&store),
            transport: Rc::<Nodes>::clone(&nodes),
            locks: Rc::<Locks>::clone(&locks),
            jobs: Rc::new(NoJobs),
            host,
            record: Rc::<Trail>::clone(&trail),
        };
        let ended = run(&seams);
        let left = locks.held.borrow().iter().map(|((level, name), mode)| trail.lock(*level, name, *mode)).collect();
        let (trail, hooks) = (trail.lines.take(), nodes.hooks.take());
        Walked { ended, trail, left, reserved: store.reserved(), before, after: store.snapshot(), hooks }
    }
}

impl Walked {
    /// Nothing is left behind: no lock, no reservation.
    #[track_caller]
    pub(crate) fn left_nothing(self) -> Self {
        assert_eq!(self.left, [""; 0], "locks are left after {}", self.ended);
        assert_eq!(self.reserved, [], "reservations are left after {}", self.ended);
        self
    }

    /// Tells whether a line of the trail begins so.
    pub(crate) fn has(&self, begin: &str) -> bool {
        self.trail.iter().any(|line| line.trim_start().starts_with(begin))
    }

    /// Returns the lines of the trail that begin with one of these.
    pub(crate) fn only(&self, begins: &[&str]) -> Vec<&str> {
        let wanted = |line: &&str| begins.iter().any(|begin| line.starts_with(begin));
        self.trail.iter().map(|line| line.trim_start()).filter(wanted).collect()
    }

    /// Returns which hooks ran: path and phase.
    pub(crate) fn scripts(&self) -> Vec<(&str, &str)> {
        self.hooks.iter().map(|(path, phase, _)| (path.as_str(), phase.as_str())).collect()
    }

    /// Returns the whole trail as a text.
    pub(crate) fn story(&self) -> String {
        self.trail.iter().map(|line| format!("{line}\n")).chain([format!("{}\n", self.ended)]).collect()
    }
}

struct Kept(Box<dyn Storage>);

impl Storage for Kept {
    fn save(&self, snapshot: &Snapshot) -> Result<(), StorageError> {
        self.0.save(snapshot)
    }
}

struct Trail {
    lines: RefCell<Vec<String>>,
    names: BTreeMap<String, String>,
}

impl Trail {
    fn of(state: &Snapshot) -> Self {
        let mut names = BTreeMap::new();
        names.extend(state.nodes.values().map(|it| (it.uuid.to_string(), it.name.clone())));
        names.extend(state.nodegroups.values().map(|it| (it.uuid.to_string(), it.name.clone())));
        names.extend(state.networks.values().map(|it| (it.uuid.to_string(), it.name.clone())));
        Self { lines: RefCell::default(), names }
    }

    fn push(&self, line: impl Into<String>) {
        self.lines.borrow_mut().push(line.into());
    }

    fn lock(&self, level: Level, name: &LockName, mode: Mode) -> String {
        let name = match name {
            LockName::All => "(all)",
            LockName::One(name) => self.names.get(&**name).map_or(&**name, String::as_str),
        };
        format!("{level}/{} {mode}", name.replace(".example.com", ""))
    }

    fn locks(&self, locks: &[Lock]) -> String {
        let texts: Vec<String> = locks.iter().map(|it| self.lock(it.level, &it.name, it.mode)).collect();
        texts.join(", ")
    }
}

impl Record for Trail {
    fn note(&self, event: &Event<'_>, _: &'static Location<'static>) {
        match event {
            Event::Phase(phase) => self.push(phase.as_str()),
            Event::Started(_) => self.push("  started"),
            Event::Log(line) => self.push(format!("  {}: {}", line.kind.as_str(), line.text)),
            Event::Changed(written) => self.push(if written.whole { "  wrote all" } else { "  wrote an object" }),
            Event::Retry => self.push("  retry"),
            Event::Call(call) => {
                let hooks = call.call.as_any().downcast_ref::<HooksRunner>().expect("nothing else is called");
                let nodes: Vec<String> = call.nodes.iter().map(|it| it.name.replace(".example.com", "")).collect();
                self.push(format!("  hooks {} {} @{}", hooks.path, hooks.phase, nodes.join(", @")));
            }
            Event::Released { locks, .. } => self.push(format!("  told: gave back {}", self.locks(locks))),
            Event::Downgraded { locks, .. } => self.push(format!("  told: shares {}", self.locks(locks))),
            Event::Freed { locks, .. } => self.push(format!("  told: freed {}", self.locks(locks))),
            // The lock manager tells these itself.
            Event::Locks { .. } => {}
            Event::Hooks { .. } => {}
            other => self.push(format!("  {other:?}")),
        }
    }
}

struct Locks {
    trail: Rc<Trail>,
    clock: Rc<MockClock>,
    taken: BTreeSet<(Level, Option<String>)>,
    misuse: Option<Misuse>,
    seconds: f64,
    held: RefCell<BTreeMap<(Level, LockName), Mode>>,
    requests: Cell<usize>,
}

impl Locks {
    fn is_free(&self, lock: &Lock) -> bool {
        let one = match &lock.name {
            LockName::All => None,
            LockName::One(name) => Some(name.to_string()),
        };
        !self.taken.contains(&(lock.level, None)) && !self.taken.contains(&(lock.level, one))
    }

    fn hold(&self, locks: &[Lock]) {
        self.held.borrow_mut().extend(locks.iter().map(|it| ((it.level, it.name.clone()), it.mode)));
    }

    fn waits(&self, wait: Wait) -> String {
        self.requests.set(self.requests.get() + 1);
        self.clock.advance(self.seconds);
        match wait {
            Wait::Forever => "for ever".to_owned(),
            Wait::Seconds(seconds) => format!("within {seconds:.0} s"),
        }
    }
}

impl LockManager for Locks {
    fn acquire(&self, owner: Owner, request: &[Lock], wait: Wait) -> Result<(), NotGranted> {
        assert_eq!(owner, Owner(7), "locks belong to the job");
        if let Some(misuse) = &self.misuse {
            return Err(NotGranted::Refused(misuse.clone()));
        }
        let good = request.iter().all(|lock| self.is_free(lock));
        let not = if good { "" } else { ": not granted" };
        let waits = self.waits(wait);
        self.trail.push(format!("  lock {} {waits}{not}", self.trail.locks(request)));
        if good {
            self.hold(request);
        }
        good.then_some(()).ok_or(NotGranted::TimedOut)
    }

    fn acquire_some(&self, _: Owner, request: &[Lock], minimum: usize, wait: Wait) -> Result<Vec<Lock>, NotGranted> {
        let free: Vec<Lock> = request.iter().filter(|lock| self.is_free(lock)).cloned().collect();
        let waits = self.waits(wait);
        self.trail.push(format!("  lock {minimum} or more of {} {waits}", self.trail.locks(request)));
        if free.len() < minimum {
            return Err(NotGranted::TimedOut);
        }
        self.hold(&free);
        Ok(free)
    }

    fn release(&self, _: Owner, level: Level, keep: &[Lock]) {
        self.trail.push(format!("  keep of {level} [{}]", self.trail.locks(keep)));
        self.held.borrow_mut().retain(|(of, _), _| *of != level);
        self.hold(keep);
    }

    fn downgrade(&self, _: Owner, level: Level) {
        self.trail.push(format!("  share {level}"));
        self.held
            .borrow_mut()
            .iter_mut()
            .filter(|((of, _), _)| *of == level)
            .for_each(|(_, mode)| *mode = Mode::Shared);
    }

    fn free(&self, _: Owner, level: Level) {
        self.trail.push(format!("  free {level}"));
        self.held.borrow_mut().retain(|(of, _), _| *of != level);
    }

    fn prioritize(&self, _: Owner, priority: i64) {
        self.trail.push(format!("  priority {priority}"));
    }
}

/// Path, phase and variables of scripts.
type HooksRun = (String, String, BTreeMap<String, String>);

struct Nodes {
    answer: Answer,
    hooks: RefCell<Vec<HooksRun>>,
}

impl Transport for Nodes {
    fn send(&self, batch: &[Message<'_>], _: &Snapshot) -> Vec<Result<Value, Trouble>> {
        let of =
            |message: &Message<'_>| message.call.as_any().downcast_ref::<HooksRunner>().expect("hooks only").clone();
        if let Some(hooks) = batch.first().map(of) {
            self.hooks.borrow_mut().push((hooks.path, hooks.phase, (*hooks.env).clone()));
        }
        let answer = |message: &Message<'_>| {
            let hooks = of(message);
            (self.answer)(&hooks.path, &hooks.phase, &message.name.replace(".example.com", ""))
        };
        batch.iter().map(answer).collect()
    }
}

struct NoJobs;

impl JobQueue for NoJobs {
    fn submit(&self, jobs: &[Vec<Value>]) -> Vec<Submission> {
        jobs.iter().map(|_| Submission::Accepted(1)).collect()
    }
}
