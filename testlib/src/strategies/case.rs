//! One case: a cluster, an opcode, and nodes that fail; what comes of it, and how an ordinary test says it.

use std::collections::BTreeSet;
use std::fmt;

use cmdlib::error::Code;
use cmdlib::locking::Strategy as Locking;
use cmdlib::processor::Ended;
use cmdlib::unit::Unit;
use proptest::collection::vec;
use proptest::prelude::Strategy;
use serde_json::Value;

use crate::bench::LuTest;
use crate::config::MockConfig;
use crate::finding::{Finding, Topic};
use crate::library::Library;
use crate::run::Examined;
use crate::strategies::cluster::{ClusterPlan, clusters};
use crate::strategies::faults::{self, Fault, FaultPlan, faults};
use crate::strategies::lines::Line;
use crate::strategies::opcodes::{Opcode, OpcodePlan, opcodes};

/// Most faults of a case.
const FAULTS_MAX: usize = 3;

/// A case before it has been run.
#[derive(Debug, Clone, PartialEq)]
pub struct CasePlan {
    /// The cluster.
    pub cluster: ClusterPlan,
    /// The opcode.
    pub opcode: OpcodePlan,
    /// What nodes do instead of what they should.
    pub faults: Vec<FaultPlan>,
}

/// Cases of a unit, on healthy nodes or on some that fail.
pub(super) fn cases(unit: &Unit, failing: bool) -> impl Strategy<Value = CasePlan> + use<> {
    let count = if failing { 1..=FAULTS_MAX } else { 0..=0 };
    (clusters(), opcodes(unit), vec(faults(), count)).prop_map(|(cluster, opcode, faults)| CasePlan {
        cluster,
        opcode,
        faults,
    })
}

/// What cases are run with.
#[derive(Clone)]
pub(super) struct Bench {
    pub(super) library: Library,
}

/// A case as it is run.
pub(super) struct Case {
    bench: Bench,
    lines: Vec<Line>,
    op: Opcode,
    faults: Vec<Fault>,
}

/// What came of a case.
pub(super) struct Ran {
    pub(super) case: Case,
    pub(super) examined: Examined,
}

impl Bench {
    /// Runs a case. Its faults hit what is called: one after the other, each in a run with those before it.
    #[track_caller]
    pub(super) fn run(&self, plan: &CasePlan) -> Ran {
        let lines = plan.cluster.lines();
        let mut config = MockConfig::new();
        lines.iter().for_each(|line| line.apply(&mut config));
        let op = plan.opcode.on(&config.snapshot());
        let mut case = Case { bench: self.clone(), lines, op, faults: Vec::new() };
        for fault in &plan.faults {
            let mut t = case.test(&config);
            t.only(Locking::Blocking);
            let seen = t.run_json(&case.op.json).examined(Vec::new());
            case.faults.extend(fault.after(seen.journal(), &case.faults));
        }
        let examined = case.test(&config).run_json(&case.op.json);
        let wrong = |title: &str| vec![Finding::new(Topic::Unit, title)];
        let unit = cmdlib::unit::find(self.library.units, case.id()).map(|unit| (unit.read)(&case.op.json).is_ok());
        let more = match (case.op.ill_typed, examined.ended(), unit) {
            (true, Ended::Refused(refusal), Some(false)) if refusal.code == Code::WrongInput => Vec::new(),
            (true, ..) => wrong("something that its parameter does not take was not refused as wrong input"),
            (false, _, Some(false)) => wrong("what all parameters take can't be read"),
            _ => Vec::new(),
        };
        Ran { examined: examined.examined(more), case }
    }
}

impl Case {
    fn id(&self) -> &str {
        self.op.json.get("OP_ID").and_then(Value::as_str).unwrap_or_default()
    }

    fn test(&self, config: &MockConfig) -> LuTest {
        let mut t = LuTest::with(config.clone()).units(self.bench.library.clone());
        faults::script(&self.faults, t.rpc());
        t.iallocator().healthy();
        t
    }

    /// Returns the case as an ordinary test that wants what came of it.
    fn rust(&self, ended: &Ended, says: impl Fn(&str) -> String, allocator: bool) -> String {
        let verdict = verdict(ended, says);
        let mut uses = BTreeSet::from(["use testlib::LuTest;".to_owned()]);
        uses.extend(faults::types(&self.faults).map(|call| format!("use cmdlib::rpc::{call};")));
        let ids = |units: &[Unit]| units.iter().map(|unit| unit.op_id).collect::<Vec<_>>();
        let mut body = if ids(self.bench.library.units) == ids(cmdlib::lu::UNITS) {
            vec!["let mut t = LuTest::new();".to_owned()]
        } else {
            vec!["let mut t = LuTest::new().units(library());".to_owned()]
        };
        body.extend(self.lines.iter().map(|line| format!("t.config(){line};")));
        body.extend(faults::lines(&self.faults));
        body.extend(allocator.then(|| "t.iallocator().healthy();".to_owned()));
        let op = &self.op.json;
        if verdict.contains("Code::") {
            uses.insert("use cmdlib::error::Code;".to_owned());
        }
        body.push(format!("t.run_json(&json!({op})){verdict};"));
        let body = body.join("\n");
        if body.contains("MiB(") {
            uses.remove("use testlib::LuTest;");
            uses.insert("use testlib::{LuTest, MiB};".to_owned());
        }
        uses.insert("use serde_json::json;".to_owned());
        let body = body.replace("serde_json::json!", "json!").replace('\n', "\n    ");
        let uses: Vec<String> = uses.into_iter().collect();
        format!("{}\n\n#[test]\nfn {}() {{\n    {body}\n}}\n", uses.join("\n"), self.name())
    }

    /// Returns a name for the test; a person finds a better one.
    fn name(&self) -> String {
        format!("{}_on_a_cluster_found_by_chance", self.id().trim_start_matches("OP_").to_lowercase())
    }
}

/// Returns the verdict that a run would pass, were it all right.
fn verdict(ended: &Ended, says: impl Fn(&str) -> String) -> String {
    match ended {
        // What should have come of an error, its author knows better.
        Ended::Success(_) | Ended::Internal(_) | Ended::BadResult(_) | Ended::OpCodeUnknown(_) => {
            ".succeeded()".to_owned()
        }
        Ended::Refused(refusal) => format!(".refused(Code::{:?}, {:?})", refusal.code, says(&refusal.text)),
        Ended::Failed(failure) => format!(".failed({:?})", says(&failure.text)),
        Ended::HooksAborted(scripts) => {
            let output = scripts.first().map(|script| says(&script.output)).unwrap_or_default();
            format!(".hook_aborted({output:?})")
        }
        Ended::LockTimeout => ".lock_timed_out()".to_owned(),
    }
}

impl Ran {
    /// Returns the case as an ordinary test. Its verdict is what happened: where that is wrong, its author writes what should
    /// have happened.
    pub(super) fn test(&self) -> String {
        let names = &self.examined.journal().names;
        let allocator = self.examined.asked_the_allocator();
        self.case.rust(&self.examined.ended, |text| names.readable(text), allocator)
    }
}

impl fmt::Debug for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.test())
    }
}
