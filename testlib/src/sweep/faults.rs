//! The fault sweep: an opcode runs once to learn where it can be disturbed, then once per point and fault.

use std::panic::Location;

use cmdlib::locking::Strategy;
use cmdlib::op::OpCode;
use cmdlib::processor::Ended;
use cmdlib::record::Phase;
use cmdlib::unit::Unit;
use serde_json::Value;

use crate::bench::{LuTest, Once, execution, title_of};
use crate::finding::{Finding, Topic, folded};
use crate::report::{self, Wanted};
use crate::sweep::inject::Injection;
use crate::sweep::judge::{self, Checks, plain};
use crate::sweep::learn::{Case, Learned};
use crate::sweep::matrix::{Matrix, Row, Violation};
use crate::sweep::point::Target;
use crate::sweep::{Fault, Outcome, Point, paste};

/// The way in which a sweep takes locks. That both ways come out the same is checked after every run of a test.
pub(super) const STRATEGY: Strategy = Strategy::Timed(30.0);

/// Where an expectation holds: at a point, for any fault or for one.
#[derive(Debug, Clone)]
pub struct Where {
    point: Point,
    fault: Option<Fault>,
}

impl From<Point> for Where {
    fn from(point: Point) -> Self {
        Self { point, fault: None }
    }
}

impl From<(Point, Fault)> for Where {
    fn from((point, fault): (Point, Fault)) -> Self {
        Self { point, fault: Some(fault) }
    }
}

/// What a test expects of some faults, whatever the rules say.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    /// The unit that it is about; none for any.
    pub(super) unit: Option<&'static str>,
    pub(super) at: Where,
    pub(super) outcome: Outcome,
    /// Whether the rules hold beside it: it is allowed then, and not demanded.
    pub(super) allowed: bool,
    pub(super) reason: String,
    pub(super) line: &'static Location<'static>,
}

impl Expected {
    fn covers(&self, case: &Case) -> bool {
        let fault = |wanted: &Fault| match (wanted, &case.fault) {
            (Fault::Malformed(how), Fault::Malformed(_)) if how.is_empty() => true,
            (wanted, fault) => wanted == fault,
        };
        self.at.point.covers(&case.point) && self.at.fault.as_ref().is_none_or(fault)
    }
}

/// A fault sweep that waits for its verdict: [`LuTest::fault_sweep`].
#[must_use = "a sweep runs when it is judged: end it with .holds()"]
pub struct FaultSweep<'t> {
    bench: &'t mut LuTest,
    op: Value,
    expected: Vec<Expected>,
    judged: bool,
    line: &'static Location<'static>,
}

impl std::fmt::Debug for FaultSweep<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FaultSweep({})", title_of(self.bench.unit_of(&self.op), &self.op))
    }
}

impl Drop for FaultSweep<'_> {
    fn drop(&mut self) {
        if !self.judged && !std::thread::panicking() {
            panic!("{}:{}: the sweep was never judged: end it with .holds()", self.line.file(), self.line.line());
        }
    }
}

impl LuTest {
    /// Runs an opcode once to learn its calls, runs of hooks and of the allocator, questions to the machine and changes of the
    /// configuration; then once per point and fault. The script stays in force, and the fault takes the place of the answer.
    /// Faults that a unit can't tell apart share a run: answers that can't be read; an answer that was lost, and none.
    ///
    /// After each run: no error of a programmer; the class of error that the phase allows, or success with a warning or a
    /// result that names what was left undone; all checks that follow every run; what was set up is taken down again.
    ///
    /// ```
    /// use cmdlib::op;
    /// use testlib::LuTest;
    ///
    /// let mut t = LuTest::three_nodes_five_instances();
    /// t.fault_sweep(op::InstanceShutdown::new("web2")).holds();
    /// ```
    #[track_caller]
    pub fn fault_sweep(&mut self, op: impl OpCode) -> FaultSweep<'_> {
        FaultSweep { bench: self, op: op.write(), expected: Vec::new(), judged: false, line: Location::caller() }
    }
}

impl FaultSweep<'_> {
    /// Expects an outcome where the rules would want another one, for a reason. An expectation that meets no fault of the
    /// sweep fails it.
    #[track_caller]
    pub fn expecting(mut self, at: impl Into<Where>, outcome: Outcome, reason: &str) -> Self {
        let line = Location::caller();
        self.expected.push(Expected {
            unit: None,
            at: at.into(),
            outcome,
            allowed: false,
            reason: reason.to_owned(),
            line,
        });
        self
    }

    /// Runs the sweep and judges it, once. Returns the matrix of what happened.
    ///
    /// # Panics
    /// A run is not as it should be.
    #[track_caller]
    pub fn holds(mut self) -> Matrix {
        self.judged = true;
        let setup = format!("// in place of the sweep in {}", self.line.file());
        let swept = sweep(self.bench, &self.op, &self.expected, &setup);
        self.bench.forget_script();
        swept.judged()
    }
}

/// Sweeps one opcode.
pub(super) fn sweep(bench: &LuTest, op: &Value, expected: &[Expected], setup: &str) -> Matrix {
    let unit = bench.unit_of(op);
    let before = bench.cluster().snapshot();
    let run = execution(unit, op);
    let once = |injection: &Injection| bench.once(unit.name, op, &before, STRATEGY, &[injection], &run);
    let mut checks = Checks::default();

    let learning = bench.once(unit.name, op, &before, STRATEGY, &[], &run);
    let learned = Learned::of(&learning);
    let mut sweep = Sweep {
        unit,
        op,
        setup,
        expected,
        met: vec![false; expected.len()],
        second: Vec::new(),
        matrix: Matrix::new(title_of(unit, op), learned.alike),
    };
    sweep.learning(&learning, checks.after(&learning, op, bench.allowed()));
    let mut last: Option<(&Case, Once)> = None;
    for case in &learned.cases {
        let injection = Injection::planned([(&case.point, &case.fault)]);
        let (once, found, came) = match last.take() {
            Some((lost, once)) if case.is_like(lost) => (once, Vec::new(), true),
            _ => {
                let once = once(&injection);
                let found = checks.after(&once, op, bench.allowed());
                (once, found, injection.came())
            }
        };
        let right = sweep.case(case, &once, found, came, &learned);
        for then in sweep.clean_up(case, &once, &learned) {
            let injection = Injection::planned([(&case.point, &case.fault), (&then.point, &then.fault)]);
            let twice = bench.once(unit.name, op, &before, STRATEGY, &[&injection], &run);
            let found = checks.after(&twice, op, bench.allowed());
            sweep.second(case, &then, (&once, &twice), found);
        }
        last = right.then_some((case, once));
    }
    sweep.unmet();
    sweep.matrix
}

struct Sweep<'a> {
    unit: &'static Unit,
    op: &'a Value,
    setup: &'a str,
    expected: &'a [Expected],
    /// Which of them were met.
    met: Vec<bool>,
    /// Pairs of points that were tried.
    second: Vec<(Point, Point)>,
    matrix: Matrix,
}

impl Sweep<'_> {
    fn learning(&mut self, once: &Once, mut findings: Vec<Finding>) {
        findings.extend(once.findings.iter().cloned());
        if !findings.is_empty() {
            let (report, test) =
                (self.report(once, findings), format!("{}\n{}", self.setup, paste::run(self.op, None)));
            self.matrix.violations.push(Violation { what: "without any fault".to_owned(), report, test });
        }
    }

    /// Judges a run with a fault. Returns whether it is as it should be.
    fn case(&mut self, case: &Case, once: &Once, mut findings: Vec<Finding>, came: bool, learned: &Learned) -> bool {
        let outcome = judge::outcome(once, case, learned);
        let meant = |it: &Expected| it.covers(case) && (!it.allowed || it.outcome == outcome);
        let wanted = self.expected.iter().position(meant);
        if let Some(index) = wanted {
            self.met[index] = true;
            let expected = &self.expected[index];
            if expected.outcome != outcome {
                findings.push(
                    Finding::new(Topic::Unit, "the sweep expects another outcome of this fault")
                        .wanted(format!("{} ({})", expected.outcome, expected.reason), expected.line)
                        .got(outcome.to_string()),
                );
            }
        } else {
            findings.extend(judge::class(once, case, learned, outcome));
        }
        findings.extend(judge::left_behind(once));
        if !came {
            findings.push(Finding::new(Topic::Setup, "the fault was planned and never came").got(
                "the run before it differs from the one that was learned: something depends on more than its input",
            ));
        }
        let right = findings.is_empty();
        if !right {
            let what = format!("{}: {}", case.point, case.fault);
            let test = paste::faults_test(self.setup, self.op, &[case]);
            let report = self.report(once, findings);
            self.matrix.violations.push(Violation { what, report, test });
        }
        self.matrix.rows.push(Row {
            phase: case.phase,
            point: case.point.clone(),
            fault: case.fault.clone(),
            outcome,
            expected: wanted.map(|index| self.expected[index].reason.clone()),
        });
        right
    }

    /// Returns the faults of what a run does only because of a fault: its clean-up. One each is enough, a refusal.
    fn clean_up(&mut self, case: &Case, once: &Once, learned: &Learned) -> Vec<Case> {
        if !matches!(once.ended, Ended::Failed(_)) {
            return Vec::new();
        }
        let mut then = learned.refusals_beyond(once);
        then.retain(|it| !self.second.contains(&(case.point.clone(), it.point.clone())));
        self.second.extend(then.iter().map(|it| (case.point.clone(), it.point.clone())));
        then
    }

    /// Judges a run in which the clean-up after a fault has one, too: the first error wins (R27).
    fn second(&mut self, first: &Case, then: &Case, (once, twice): (&Once, &Once), mut findings: Vec<Finding>) {
        if plain(&twice.ended) != Outcome::InternalError && once.ended != twice.ended {
            let names = &twice.journal.names;
            findings.push(
                Finding::new(Topic::Unit, "a fault in the clean-up hides the first error (R27)")
                    .got(names.readable(&twice.ended.to_string()))
                    .got(format!("without it: {}", names.readable(&once.ended.to_string())))
                    .hint("what fails in a clean-up is a warning"),
            );
        }
        findings.extend(judge::left_behind(twice));
        if !findings.is_empty() {
            let what = format!("{}: {}; then {}: {}", first.point, first.fault, then.point, then.fault);
            let test = paste::faults_test(self.setup, self.op, &[first, then]);
            let report = self.report(twice, findings);
            self.matrix.violations.push(Violation { what, report, test });
        }
        self.matrix.clean_ups.push((first.point.clone(), first.fault.clone(), then.point.clone(), plain(&twice.ended)));
    }

    fn report(&self, once: &Once, findings: Vec<Finding>) -> String {
        report::render(&title_of(self.unit, self.op), once, &Wanted::new(""), true, &folded(findings))
    }

    /// Expectations about all units are looked at when all have run.
    fn unmet(&mut self) {
        for (expected, met) in self.expected.iter().zip(&self.met) {
            if *met {
                self.matrix.met.push(expected.line);
            } else if expected.unit.is_none() {
                self.matrix.violations.push(never_met(expected));
            }
        }
    }
}

/// Returns what is wrong with an expectation that nothing meets any more.
pub(super) fn never_met(expected: &Expected) -> Violation {
    let fault = expected.at.fault.as_ref().map(|fault| format!(", {fault}")).unwrap_or_default();
    let report = format!(
        "{} ({}) is expected, but nothing in the sweep is like this (any more): take the expectation away\n",
        expected.outcome, expected.reason
    );
    let place = format!("{}:{}", expected.line.file(), expected.line.line());
    Violation { what: format!("{}{fault}   ({place})", expected.at.point), report, test: String::new() }
}

/// Returns the word for how a fault at this place should end a run.
pub(super) fn should(case: &Case) -> String {
    let name = case.nodes.first().or(case.about.as_ref()).cloned();
    let name = name.unwrap_or_else(|| "on purpose".to_owned());
    match (case.phase, &case.point.target, &case.fault) {
        (_, Target::Hooks(_), Fault::ScriptFails) if case.phase == Phase::PreHooks => {
            ".hook_aborted(\"on purpose\")".to_owned()
        }
        (Phase::PreHooks | Phase::PostHooks, ..) => format!(".warned({name:?}).succeeded()"),
        (Phase::Exec, ..) => format!(".failed({name:?})"),
        _ => format!(".refused(cmdlib::error::Code::Environment, {name:?})"),
    }
}
