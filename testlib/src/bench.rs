//! The bench: a cluster, a script for what lies outside, and a run of an opcode on both ways of taking locks.

use std::collections::BTreeSet;
use std::panic::Location;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use cmdlib::config::{Owner, Snapshot};
use cmdlib::error::Refusal;
use cmdlib::host::Clock as _;
use cmdlib::locking::{Level, Strategy};
use cmdlib::op::OpCode;
use cmdlib::processor::{self, Ended, Seams};
use cmdlib::rpc::AnyCall;
use cmdlib::unit::{Given, Unit};
use serde_json::Value;

use crate::config::MockConfig;
use crate::contracts;
use crate::diff::Changes;
use crate::disturbance::{self, Disturbance, Inside};
use crate::finding::{Finding, Topic};
use crate::healthy::{Healthy, answer_one};
use crate::heard::heard;
use crate::hooks::MockHooks;
use crate::host::{BEGIN, MockClock, MockDoorbell, MockHost, MockNet};
use crate::iallocator::ScriptedIallocator;
use crate::invariants::{self, Invariant};
use crate::jobs::MockQueue;
use crate::journal::{Journal, Recorder, What};
use crate::library::Library;
use crate::locks::{Granting, MockLocks};
use crate::moment::{Interference, Moment, OtherJobs};
use crate::names::Names;
use crate::put_back;
use crate::rpc::{Nodes, ScriptedRpc};
use crate::run::LuRun;
use crate::runs::{Part, Via};
use crate::scope::key_of;
use crate::secrets::Secrets;
use crate::sweep::{Fault, Injection, Point};

/// How long a timed attempt may take, in seconds of the mock clock.
const TIMED_SECONDS: f64 = 30.0;
/// The job that every run belongs to.
const OWNER: Owner = Owner(1);

/// A test bench for logical units.
///
/// In the simplest case a test needs nothing but an opcode: what it does not script is answered by healthy nodes, consistent
/// with the cluster, all locks are granted, every job is taken.
///
/// ```
/// use cmdlib::error::Code;
/// use cmdlib::op;
/// use testlib::LuTest;
///
/// let mut t = LuTest::new();
/// t.run(op::InstanceStartup::new("web1")).refused(Code::UnknownEntity, "web1");
/// ```
pub struct LuTest {
    config: MockConfig,
    rpc: ScriptedRpc,
    locks: MockLocks,
    host: MockHost,
    units: &'static [Unit],
    rejects_jobs: Option<String>,
    interferences: Vec<Interference>,
    faults: Vec<(Point, Fault, &'static Location<'static>)>,
    allowed: Vec<(Invariant, String)>,
    strategies: Vec<Strategy>,
    real_locks: bool,
    pub(crate) holding: Vec<crate::locks::LockNamed>,
}

impl std::fmt::Debug for LuTest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LuTest")
    }
}

impl LuTest {
    /// Returns a bench with the smallest cluster: a master node, no instance, default parameters.
    #[must_use]
    #[track_caller]
    #[expect(clippy::new_without_default, reason = "a bench is made on purpose, not by default")]
    pub fn new() -> Self {
        Self::with(MockConfig::new())
    }

    /// Returns a bench with this cluster.
    #[must_use]
    pub fn with(config: MockConfig) -> Self {
        Self {
            config,
            rpc: ScriptedRpc::default(),
            locks: MockLocks::default(),
            host: MockHost::default(),
            units: cmdlib::lu::UNITS,
            rejects_jobs: None,
            interferences: Vec::new(),
            faults: Vec::new(),
            allowed: Vec::new(),
            strategies: vec![Strategy::Timed(TIMED_SECONDS), Strategy::Blocking],
            real_locks: crate::alone::real_for_all(),
            holding: Vec::new(),
        }
    }

    /// Returns a bench with three nodes and no instance.
    #[must_use]
    #[track_caller]
    pub fn three_nodes() -> Self {
        Self::with(crate::clusters::three_nodes())
    }

    /// Returns a bench with three nodes and five instances of different kinds.
    #[must_use]
    #[track_caller]
    pub fn three_nodes_five_instances() -> Self {
        Self::with(crate::clusters::three_nodes_five_instances())
    }

    /// Uses the units of another crate: those that `cmdlib::units!` made there, or a whole [`Library`].
    #[must_use]
    pub fn units(mut self, library: impl Into<Library>) -> Self {
        let Library { units, answers, .. } = library.into();
        self.units = units;
        self.rpc.own.extend(answers);
        self
    }

    /// Lets healthy nodes answer a call of another crate, too.
    pub fn knows<C: Healthy>(&mut self) -> &mut Self {
        self.rpc.own.push(Rc::new(|call: &dyn AnyCall, node, config| answer_one::<C>(call, node, config)));
        self
    }

    /// The cluster, to be changed before the run.
    pub fn config(&mut self) -> &mut MockConfig {
        &mut self.config
    }

    /// The script of the nodes.
    pub fn rpc(&mut self) -> &mut ScriptedRpc {
        &mut self.rpc
    }

    /// The script of the allocator.
    pub fn iallocator(&mut self) -> ScriptedIallocator<'_> {
        ScriptedIallocator { rpc: &mut self.rpc }
    }

    /// The script of the hooks.
    pub fn hooks(&mut self) -> MockHooks<'_> {
        MockHooks { rpc: &mut self.rpc }
    }

    /// What other jobs hold.
    pub fn locks(&mut self) -> &mut MockLocks {
        &mut self.locks
    }

    /// Has locks granted by the real lock manager, in this run and all later ones. What [`MockLocks::taken`] names is held by
    /// another job then; a wait that nobody can end lets its time pass at once, and is an error if it has no limit.
    pub fn real_locks(&mut self) -> &mut Self {
        self.real_locks = true;
        self
    }

    /// Says what is expected of the network: names that are looked up, hosts that are pinged. It is a mockall mock, made for
    /// each way of taking locks.
    pub fn net(&mut self, expect: impl Fn(&mut MockNet) + 'static) -> &mut Self {
        self.host.net = Some(Rc::new(expect));
        self
    }

    /// Says what is expected of the socket that ends a wait; the clock can be moved by it.
    pub fn doorbell(&mut self, expect: impl Fn(&mut MockDoorbell, &Rc<MockClock>) + 'static) -> &mut Self {
        self.host.doorbell = Some(Rc::new(expect));
        self
    }

    /// The queue refuses all jobs, and says why.
    pub fn rejects_jobs(&mut self, why: impl Into<String>) -> &mut Self {
        self.rejects_jobs = Some(why.into());
        self
    }

    /// Changes the cluster at a moment of the run, as another job would have done. The change counts as the cluster's, not as
    /// the unit's. It runs once for each way of taking locks.
    #[track_caller]
    pub fn when(&mut self, moment: Moment, change: impl Fn(&mut MockConfig) + 'static) -> &mut Self {
        self.interferences.push(Interference::new(moment, change));
        self
    }

    /// Puts a fault in the place of one answer of the next run, whatever a script or a healthy node says there. A sweep that
    /// finds something prints this line.
    ///
    /// ```
    /// use cmdlib::op;
    /// use cmdlib::rpc::InstanceStart;
    /// use testlib::LuTest;
    /// use testlib::sweep::{Fault, Point};
    ///
    /// let mut t = LuTest::three_nodes_five_instances();
    /// t.inject(Point::call::<InstanceStart>().node("node1"), Fault::Refused);
    /// t.run(op::InstanceStartup::new("web1")).failed("node1");
    /// ```
    #[track_caller]
    pub fn inject(&mut self, point: Point, fault: Fault) -> &mut Self {
        self.faults.push((point, fault, Location::caller()));
        self
    }

    /// Leaves one of the checks that follow every run out, for a reason.
    pub fn allow(&mut self, invariant: Invariant, reason: impl Into<String>) -> &mut Self {
        self.allowed.push((invariant, reason.into()));
        self
    }

    /// Takes locks in one way only; without this both are run and compared.
    pub fn only(&mut self, strategy: Strategy) -> &mut Self {
        self.strategies = vec![strategy];
        self
    }

    /// Runs an opcode. The script goes with the run: another one begins with none.
    #[track_caller]
    pub fn run(&mut self, op: impl OpCode) -> LuRun {
        self.run_json(&op.write())
    }

    /// Runs an opcode that brings about what the test begins with. It must succeed, and the cluster goes on as it left it. The
    /// script up to here is that of this run.
    ///
    /// ```
    /// use cmdlib::op;
    /// use testlib::LuTest;
    ///
    /// let mut t = LuTest::new();
    /// t.set_up(op::TagsSet { name: None, ..op::TagsSet::new(op::TagKind::Cluster, ["rack:1"]) });
    /// t.run(op::TagsGet { name: None, ..op::TagsGet::new(op::TagKind::Cluster) }).returned(serde_json::json!(["rack:1"]));
    /// ```
    #[track_caller]
    pub fn set_up(&mut self, op: impl OpCode) -> &mut Self {
        let mut run = self.run(op);
        run.part = Part::SetUp;
        let state = run.succeeded().config().clone();
        self.config.load(state);
        self
    }

    /// Runs an opcode in wire form.
    #[track_caller]
    pub fn run_json(&mut self, op: &Value) -> LuRun {
        let unit = self.unit_of(op);
        self.go(&title_of(unit, op), unit.name, op, execution(unit, op))
    }

    /// Returns the unit that executes an opcode.
    #[track_caller]
    pub(crate) fn unit_of(&self, op: &Value) -> &'static Unit {
        let id = op.get("OP_ID").and_then(Value::as_str).unwrap_or_default();
        let Some(unit) = cmdlib::unit::find(self.units, id) else {
            let known: Vec<&str> = self.units.iter().map(|unit| unit.op_id).collect();
            let near = crate::names::nearest(id, known.iter().copied());
            let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            panic!("no unit executes the opcode '{id}'{near} (units: {})", known.join(", "));
        };
        unit
    }

    /// Runs a stage of the test's own.
    #[track_caller]
    pub(crate) fn run_stage(&mut self, title: &str, make: impl Fn() -> Result<Box<dyn Given>, Refusal>) -> LuRun {
        let mode = cmdlib::locking::Mode::Shared;
        self.go(title, "", &Value::Null, |seams, strategy| {
            processor::run_stage("OP_TEST_STAGE", mode, &make, seams, strategy)
        })
    }

    #[track_caller]
    fn go(&mut self, title: &str, unit: &'static str, op: &Value, run: impl Fn(&Seams, Strategy) -> Ended) -> LuRun {
        let at = Location::caller();
        let before = self.config.snapshot();
        let mut findings = Vec::new();
        if let Err(why) = self.config.check() {
            findings.push(
                Finding::new(Topic::Setup, "the cluster is not valid")
                    .got(why)
                    .hint("if that is meant, say so: `.broken(\"why\", ..)`"),
            );
        }
        // Whoever waits as long as it takes for what is never given back waits for ever.
        let strategies: Vec<Strategy> = self
            .strategies
            .iter()
            .copied()
            .filter(|it| self.locks.taken.is_empty() || *it != Strategy::Blocking)
            .collect();
        let faults = Injection::new(&self.faults);
        let once = |strategy| self.once(unit, op, &before, strategy, &[&faults], &run);
        let mut runs: Vec<Once> = strategies.into_iter().map(once).collect();
        if let Some(once) = runs.first().filter(|once| !once.unit.is_empty()) {
            contracts::learn(self, once, &run);
        }
        self.forget_script();
        let other = if runs.len() > 1 { runs.pop() } else { None };
        let Some(once) = runs.pop() else { panic!("a run needs a way of taking locks") };
        findings.extend(invariants::after_run(&once, other.as_ref(), op, &self.allowed));
        let via = if self.real_locks { Via::Processor } else { Via::Bench };
        let mut run = LuRun::new(title.to_owned(), once, findings, at);
        run.via = via;
        run
    }

    /// Returns the cluster as it stands.
    pub(crate) fn cluster(&self) -> &MockConfig {
        &self.config
    }

    /// Returns which checks are left out.
    pub(crate) fn allowed(&self) -> &[(Invariant, String)] {
        &self.allowed
    }

    /// Tells whether the test says that other jobs interfere, or injects faults.
    pub(crate) fn is_disturbed(&self) -> bool {
        !self.interferences.is_empty() || !self.faults.is_empty()
    }

    /// Forgets what belongs to one run only.
    pub(crate) fn forget_script(&mut self) {
        self.rpc.clear();
        self.interferences.clear();
        self.faults.clear();
        self.locks = MockLocks::default();
    }

    /// Runs an opcode once, in one way of taking locks. `unit` is the unit's name.
    pub(crate) fn once(
        &self,
        unit: &'static str,
        op: &Value,
        before: &Snapshot,
        strategy: Strategy,
        disturbances: &[&dyn Disturbance],
        run: &impl Fn(&Seams, Strategy) -> Ended,
    ) -> Once {
        let with = |defect: Option<&dyn Disturbance>| {
            let all: Vec<_> = disturbances.iter().copied().chain(defect).collect();
            self.once_with(unit, op, before, strategy, &all, run)
        };
        let Some(what) = put_back::active(unit) else {
            let once = with(None);
            put_back::learn(&once, |call, it| {
                let node = once.before.nodes.get(&it.node);
                node.is_some_and(|node| matches!(self.rpc.healthy(call, node, &once.before), Some(Ok(_))))
            });
            return once;
        };
        let bring = match what {
            put_back::What::WriteBefore(call) => {
                // What is written after the call is known when the call has succeeded.
                let succeeds = put_back::Around::new(put_back::What::IgnoreError(call.clone()), None);
                put_back::written_after(&with(Some(&succeeds)), call)
            }
            _ => None,
        };
        with(Some(&put_back::Around::new(what.clone(), bring)))
    }

    fn once_with(
        &self,
        unit: &'static str,
        op: &Value,
        before: &Snapshot,
        strategy: Strategy,
        disturbances: &[&dyn Disturbance],
        run: &impl Fn(&Seams, Strategy) -> Ended,
    ) -> Once {
        let other_jobs = OtherJobs::new(&self.interferences, &self.config);
        let all: Vec<&dyn Disturbance> =
            [&other_jobs as &dyn Disturbance].into_iter().chain(disturbances.iter().copied()).collect();
        let recorder = Rc::new(Recorder::default());
        let clock = Rc::new(MockClock::default());
        let config = disturbance::store(before, &all);
        let nodes = Nodes::new(&self.rpc, &recorder, &clock, Names::of(&[before]));
        let taken: BTreeSet<(Level, String)> =
            self.locks.taken.iter().map(|(level, name, at)| (*level, key_of(*level, name, &[before], at))).collect();
        let locks = if self.real_locks { Granting::real(&taken, &clock) } else { Granting::mock(taken) };
        let innermost = Seams {
            owner: OWNER,
            config: Arc::clone(&config),
            transport: Rc::<Nodes>::clone(&nodes),
            locks: Rc::<Granting>::clone(&locks),
            jobs: Rc::new(MockQueue::new(self.rejects_jobs.clone())),
            host: self.host.host(&clock),
            record: Rc::<Recorder>::clone(&recorder),
        };
        let inside = Inside { nodes, locks, recorder };
        let seams = all.iter().fold(innermost, |seams, it| it.wrap(seams, &inside));
        let Inside { nodes, locks, recorder } = inside;
        let seams = Seams { host: heard(seams.host, &clock, &recorder), ..seams };
        let ended = run(&seams, strategy);
        drop(seams);
        let after = config.snapshot();
        let journal = recorder.finish(Names::of(&[before, &after]));
        let mut findings = nodes.findings();
        findings.extend(all.iter().flat_map(|it| it.findings()));
        Once {
            unit,
            units: self.units,
            injected: !self.faults.is_empty(),
            varies: self.allowed.iter().any(|(allowed, _)| *allowed == Invariant::SameBothWays),
            op: op.clone(),
            strategy,
            seconds: clock.now() - BEGIN,
            ended,
            before: before.clone(),
            after,
            changes: changes_of(&journal),
            journal,
            findings,
            locks_left: locks.left(OWNER),
            reserved: config.reserved(),
            secrets: self.config.secrets(),
        }
    }
}

/// Returns what executes an opcode.
pub(crate) fn execution(unit: &Unit, op: &Value) -> impl Fn(&Seams, Strategy) -> Ended {
    move |seams, strategy| processor::run_around(unit, op, seams, strategy, |given| put_back::wrap(unit.name, given))
}

/// Returns what a report calls the run of an opcode: `InstanceStartup(web1)`.
pub(crate) fn title_of(unit: &Unit, op: &Value) -> String {
    let about = crate::journal::op_text(op, &Names::default());
    format!("{}{}", unit.name, about.strip_prefix(unit.op_id).unwrap_or_default())
}

/// One execution in one way of taking locks.
pub(crate) struct Once {
    /// The name of the unit; empty for a stage of the test's own.
    pub(crate) unit: &'static str,
    /// The table that has it.
    pub(crate) units: &'static [Unit],
    /// The test says that no two runs need be alike.
    pub(crate) varies: bool,
    /// Whether the test injected faults.
    pub(crate) injected: bool,
    /// The opcode in wire form, as it was given.
    pub(crate) op: Value,
    pub(crate) strategy: Strategy,
    /// How long it took by the mock clock.
    pub(crate) seconds: f64,
    pub(crate) ended: Ended,
    pub(crate) before: Snapshot,
    pub(crate) after: Snapshot,
    /// What the unit changed; interference does not count.
    pub(crate) changes: Changes,
    pub(crate) journal: Journal,
    pub(crate) findings: Vec<Finding>,
    pub(crate) locks_left: Vec<cmdlib::locking::Lock>,
    pub(crate) reserved: Vec<(Owner, cmdlib::config::Reserved)>,
    /// The secrets of the configuration before, as soon as somebody has looked for them.
    pub(crate) secrets: Arc<OnceLock<Secrets>>,
}

fn changes_of(journal: &Journal) -> Changes {
    let mut changes = Changes::default();
    for step in &journal.steps {
        if let What::Changed(written) = &step.what {
            changes.then(Changes::between(&written.before, &written.after));
        }
    }
    changes
}
