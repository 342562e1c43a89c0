//! Units that run at the same time, on one lock manager and one configuration.

use std::collections::BTreeMap;
use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use cmdlib::config::{Config, MemoryStorage, Owner, Snapshot};
use cmdlib::host::Host;
use cmdlib::jobs::{JobQueue, Submission};
use cmdlib::locking::{InProcess, LockManager, Wait};
use cmdlib::objects::{AdminState, Instance};
use cmdlib::op::{self, OpCode, TagKind};
use cmdlib::processor::{self, Ended, Seams};
use cmdlib::record::{Event, Record};
use cmdlib::rpc::{AnyCall, Call, InstanceStart, Message, Transport, Trouble};
use cmdlib::{lu, unit};
use serde_json::Value;
use testlib::{GiB, Healthy, MockClock, MockConfig, MockDoorbell, MockNet, MockRandom};

use super::{locks, text};

/// The job that lets all others wait at first.
const STARTER: Owner = Owner(1000);

/// What all runs share.
struct Cluster {
    config: Arc<Config>,
    locks: Arc<InProcess>,
    /// How many calls are on their way that start an instance, node by node; and the most that ever were.
    starting: Mutex<BTreeMap<String, usize>>,
    together: AtomicUsize,
}

/// Nodes that are healthy, and slow: whoever calls lets others run.
struct Nodes(Arc<Cluster>);

impl Nodes {
    fn answer(&self, message: &Message<'_>, config: &Snapshot) -> Result<Value, Trouble> {
        let count = |by: isize| {
            let mut starting = self.0.starting.lock().unwrap();
            let count = starting.entry(message.name.clone()).or_default();
            *count = count.checked_add_signed(by).unwrap();
            *count
        };
        let starts = message.call.as_any().is::<InstanceStart>();
        if starts {
            self.0.together.fetch_max(count(1), Ordering::Relaxed);
        }
        (0..20).for_each(|_| thread::yield_now());
        if starts {
            count(-1);
        }
        let node = config.nodes.get(&message.node).expect("calls go to nodes that exist");
        answer(message.call, node, config).unwrap_or_else(|| panic!("no answer to {}", message.call.procedure()))
    }
}

macro_rules! answers {
    ($($call:ident)+) => {
        fn answer(call: &dyn AnyCall, node: &cmdlib::objects::Node, config: &Snapshot) -> Option<Result<Value, Trouble>> {
            fn one<C: Call + Healthy>(
                call: &dyn AnyCall,
                node: &cmdlib::objects::Node,
                config: &Snapshot,
            ) -> Option<Result<Value, Trouble>> {
                let reply = call.as_any().downcast_ref::<C>()?.answer(node, config);
                Some(reply.map(|reply| cmdlib::field::Field::write(&reply)).map_err(Trouble::Unreachable))
            }
            None$(.or_else(|| one::<cmdlib::rpc::$call>(call, node, config)))+
        }
    };
}
answers! {
    BlockdevAssemble BlockdevShutdown BridgesExist HooksRunner HypervisorValidateParams InstanceInfo InstanceShutdown
    InstanceStart NodeInfo
}

impl Transport for Nodes {
    fn send(&self, batch: &[Message<'_>], config: &Snapshot) -> Vec<Result<Value, Trouble>> {
        batch.iter().map(|message| self.answer(message, config)).collect()
    }
}

struct NoJobs;

impl JobQueue for NoJobs {
    fn submit(&self, _: &[Vec<Value>]) -> Vec<Submission> {
        Vec::new()
    }
}

/// Lets others run at each step.
struct Pausing;

impl Record for Pausing {
    fn note(&self, _: &Event<'_>, _: &'static Location<'static>) {
        thread::yield_now();
    }
}

impl Cluster {
    fn of(config: &MockConfig) -> Arc<Self> {
        Arc::new(Self {
            config: Arc::new(Config::new(config.snapshot(), MemoryStorage)),
            locks: Arc::new(InProcess::new()),
            starting: Mutex::default(),
            together: AtomicUsize::new(0),
        })
    }

    /// Runs an opcode as a job of its own, attempt after attempt.
    fn run(self: &Arc<Self>, owner: Owner, op: &Value) -> Ended {
        let id = op["OP_ID"].as_str().expect("an opcode has an id");
        let unit = unit::find(lu::UNITS, id).expect("it has a unit");
        let seams = Seams {
            owner,
            config: Arc::clone(&self.config),
            transport: Rc::new(Nodes(Arc::clone(self))),
            locks: Rc::new(Arc::clone(&self.locks)),
            jobs: Rc::new(NoJobs),
            host: Host {
                clock: Rc::new(MockClock::default()),
                random: Rc::new(MockRandom::default()),
                net: Rc::new(MockNet::new()),
                doorbell: Rc::new(MockDoorbell::new()),
            },
            record: Rc::new(Pausing),
        };
        processor::run_attempts(unit, op, &seams, 0, |_| true)
    }

    /// Runs all of these at once, each in a thread of its own.
    fn run_all(self: &Arc<Self>, ops: &[Value]) -> Vec<Ended> {
        // All wait at the big lock, and go on together.
        assert_eq!(self.locks.acquire(STARTER, &locks("cluster/BGL exclusive"), Wait::Forever), Ok(()));
        let job = |(number, op): (usize, &Value)| {
            let (cluster, op) = (Arc::clone(self), op.clone());
            thread::spawn(move || cluster.run(Owner(1 + number as u64), &op))
        };
        let jobs: Vec<_> = ops.iter().enumerate().map(job).collect();
        while self.locks.waiting().len() < ops.len() {
            thread::yield_now();
        }
        self.locks.forget(STARTER);
        jobs.into_iter().map(|job| job.join().expect("a run does not panic")).collect()
    }
}

fn cluster() -> MockConfig {
    let mut config = testlib::clusters::three_nodes_five_instances();
    config.instance("web3").on("node1").plain(GiB(1));
    config
}

fn tagged(kind: TagKind, name: Option<&str>, tag: &str) -> Value {
    let op = op::TagsSet::new(kind, vec![tag.to_owned()]);
    op::TagsSet { name: name.map(str::to_owned), ..op }.write()
}

fn instance(state: &Snapshot, name: &str) -> Arc<Instance> {
    let id = state.find::<Instance>(name).expect("nobody took it away");
    state.get(&id).expect("it was just found")
}

#[test]
fn starts_on_one_node_and_changes_of_tags_run_side_by_side() {
    let before = cluster();
    let ops = [
        op::InstanceStartup::new("web1").write(),
        op::InstanceStartup::new("web3").write(),
        tagged(TagKind::Instance, Some("web1"), "one"),
        tagged(TagKind::Instance, Some("web1"), "two"),
        tagged(TagKind::Node, Some("node1"), "rack"),
        tagged(TagKind::Cluster, None, "whole"),
        op::InstanceShutdown::new("web2").write(),
        op::InstanceShutdown::new("db1").write(),
    ];
    let mut together = 0;
    for _ in 0..10 {
        let cluster = Cluster::of(&before);
        let ended = cluster.run_all(&ops);
        let failed: Vec<String> =
            ended.iter().filter(|it| !matches!(it, Ended::Success(_))).map(ToString::to_string).collect();
        assert_eq!(failed, [""; 0]);
        assert_eq!((cluster.locks.owners(), cluster.locks.waiting()), (vec![], vec![]));
        assert_eq!(cluster.config.reserved(), []);
        let after = cluster.config.snapshot();
        assert_eq!(after.verify(), before.snapshot().verify());
        let states = ["web1", "web3", "web2", "db1"].map(|name| instance(&after, name).admin_state);
        assert_eq!(states, [AdminState::Up, AdminState::Up, AdminState::Down, AdminState::Down]);
        assert_eq!(instance(&after, "web1").tags, ["one".to_owned(), "two".to_owned()].into());
        assert_eq!(after.cluster.tags, ["whole".to_owned()].into());
        together = together.max(cluster.together.load(Ordering::Relaxed));
    }
    assert_eq!(together, 1, "the memory of a node is locked while an instance starts there");
}

#[test]
fn of_two_that_start_one_instance_the_second_finds_it_running() {
    let mut before = cluster();
    before.instance("web4").on("node2").plain(GiB(1));
    let cluster = Cluster::of(&before);
    let ops = ["web4", "web4"].map(|name| op::InstanceStartup::new(name).write());
    let ended = cluster.run_all(&ops);
    assert!(ended.iter().all(|it| matches!(it, Ended::Success(_))), "{ended:?}");
    assert_eq!(instance(&cluster.config.snapshot(), "web4").admin_state, AdminState::Up);
    assert_eq!(cluster.together.load(Ordering::Relaxed), 1);
}

#[test]
fn a_job_that_died_keeps_nobody_waiting() {
    let before = cluster();
    let cluster = Cluster::of(&before);
    let dead = Owner(77);
    let held = "cluster/BGL shared, instance/web1.example.com exclusive";
    assert_eq!(cluster.locks.acquire(dead, &locks(held), Wait::Forever), Ok(()));
    let other = Arc::clone(&cluster);
    let starts = thread::spawn(move || other.run(Owner(1), &op::InstanceStartup::new("web1").write()));
    while cluster.locks.waiting().is_empty() {
        thread::yield_now();
    }
    assert_eq!(text(&cluster.locks.waiting()[0].wanted[..1]), "instance/web1.example.com exclusive");
    cluster.locks.forget(dead);
    assert!(matches!(starts.join().expect("a run does not panic"), Ended::Success(_)));
    assert_eq!(cluster.locks.owners(), []);
}
