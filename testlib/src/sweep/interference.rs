//! The interference sweep: at each grant of locks, other jobs have changed what the run is about.

use std::fmt;
use std::panic::Location;

use cmdlib::error::Code;
use cmdlib::locking::Level;
use cmdlib::op::OpCode;
use cmdlib::processor::Ended;
use cmdlib::rpc::{Args, Kind};
use serde_json::{Value, json};

use crate::bench::{LuTest, Once, execution, title_of};
use crate::finding::{Finding, Topic, folded};
use crate::journal::{Step, What, call_text};
use crate::moment::{OtherJobs, granted};
use crate::report::{self, Wanted};
use crate::rpc::plural;
use crate::sweep::changes::{About, Change, Changes};
use crate::sweep::faults::STRATEGY;
use crate::sweep::judge::{Checks, plain};
use crate::sweep::matrix::{Violation, write_table};
use crate::sweep::{Outcome, paste};

/// An interference sweep that waits for its verdict: [`LuTest::interference_sweep`].
#[must_use = "a sweep runs when it is judged: end it with .holds()"]
pub struct InterferenceSweep<'t> {
    bench: &'t mut LuTest,
    op: Value,
    judged: bool,
    line: &'static Location<'static>,
}

impl fmt::Debug for InterferenceSweep<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InterferenceSweep({})", title_of(self.bench.unit_of(&self.op), &self.op))
    }
}

impl Drop for InterferenceSweep<'_> {
    fn drop(&mut self) {
        if !self.judged && !std::thread::panicking() {
            panic!("{}:{}: the sweep was never judged: end it with .holds()", self.line.file(), self.line.line());
        }
    }
}

impl LuTest {
    /// Runs an opcode once to learn what it is about: the objects that it names, locks, calls and changes. Then, for each of
    /// them and each thing that another job may do to it, once per level of locks: at the moment when those are granted, that
    /// job is through.
    ///
    /// The run must succeed on what is true now, just as it would on a cluster that was so from the beginning; or be refused,
    /// as `unknown_entity` or `wrong_state`, or as it would be there (R36). All checks that follow every run apply.
    ///
    /// ```
    /// use cmdlib::op;
    /// use testlib::LuTest;
    ///
    /// let mut t = LuTest::three_nodes_five_instances();
    /// t.interference_sweep(op::InstanceStartup::new("web1")).holds();
    /// ```
    #[track_caller]
    pub fn interference_sweep(&mut self, op: impl OpCode) -> InterferenceSweep<'_> {
        InterferenceSweep { bench: self, op: op.write(), judged: false, line: Location::caller() }
    }
}

impl InterferenceSweep<'_> {
    /// Runs the sweep and judges it, once. Returns what happened.
    ///
    /// # Panics
    /// A run is not as it should be.
    #[track_caller]
    pub fn holds(mut self) -> Interferences {
        self.judged = true;
        let setup = format!("// in place of the sweep in {}", self.line.file());
        let swept = sweep(self.bench, &self.op, &setup);
        self.bench.forget_script();
        swept.judged()
    }
}

/// What happened in an interference sweep: what another job did, and what came of the run, by the level of locks at whose
/// grant it was done. [`fmt::Display`] shows it as a table.
#[derive(Debug, Clone)]
pub struct Interferences {
    pub(super) title: String,
    pub(super) levels: Vec<Level>,
    /// What was done, and what came of it level by level.
    pub(super) rows: Vec<(String, Vec<Outcome>)>,
    pub(super) skipped: usize,
    pub(super) violations: Vec<Violation>,
}

impl Interferences {
    /// Returns the number of runs with an interference.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.rows.len() * self.levels.len()
    }

    /// Returns the number of changes that no job could have made to this cluster, and that were left out.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// Returns the outcome of each interference at each level, as JSON: for pages and other programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let case = |(change, outcomes): &(String, Vec<Outcome>)| {
            let by_level =
                self.levels.iter().zip(outcomes).map(|(level, it)| (level.to_string(), it.to_string().into()));
            json!({"change": change, "outcomes": by_level.collect::<cmdlib::field::Params>()})
        };
        json!({
            "sweep": self.title,
            "cases": self.rows.iter().map(case).collect::<Vec<_>>(),
            "skipped": self.skipped,
            "violations": self.violations.iter().map(|it| it.what.as_str()).collect::<Vec<_>>(),
        })
    }

    #[track_caller]
    fn judged(self) -> Self {
        if self.violations.is_empty() {
            return self;
        }
        let (bad, all) = (self.violations.len(), self.runs());
        let mut text = format!("{}: {bad} of {} not as they should be\n", self.title, plural(all, "run"));
        for (index, violation) in self.violations.iter().enumerate() {
            text += &format!("  {}. {violation}", index + 1);
        }
        panic!("{text}{self}");
    }
}

impl fmt::Display for Interferences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["another job".to_owned()].into_iter().chain(self.levels.iter().map(ToString::to_string));
        let line = |(change, outcomes): &(String, Vec<Outcome>)| {
            [change.clone()].into_iter().chain(outcomes.iter().map(ToString::to_string)).collect()
        };
        let lines: Vec<Vec<String>> = [head.collect()].into_iter().chain(self.rows.iter().map(line)).collect();
        let (runs, skipped) = (plural(self.runs(), "interference"), self.skipped);
        writeln!(f, "{}: {runs}, {skipped} left out because no job could do that", self.title)?;
        write_table(f, &lines)
    }
}

/// Sweeps one opcode.
pub(super) fn sweep(bench: &LuTest, op: &Value, setup: &str) -> Interferences {
    let unit = bench.unit_of(op);
    let before = bench.cluster().snapshot();
    let run = execution(unit, op);
    let learning = bench.once(unit.name, op, &before, STRATEGY, &[], &run);
    let title = title_of(unit, op);
    let levels = levels_of(&learning);
    let mut swept =
        Interferences { title: title.clone(), levels, rows: Vec::new(), skipped: 0, violations: Vec::new() };
    if swept.levels.is_empty() {
        return swept;
    }
    let changes = Changes::of(bench.cluster(), &About::of(&learning));
    let (all, skipped) = (changes.all, changes.skipped);
    swept.skipped = skipped;
    let mut checks = Checks::default();
    for change in all {
        // What is locked is the object, whatever it is called by then.
        let now = change.now(op);
        let fresh = bench.once(unit.name, &now, &change.state, STRATEGY, &[], &execution(unit, &now));
        let Change { text, state, .. } = change;
        let mut outcomes = Vec::new();
        for level in swept.levels.clone() {
            let other_job = OtherJobs::one(granted(level), &state, bench.cluster());
            let once = bench.once(unit.name, op, &before, STRATEGY, &[&other_job], &run);
            let mut findings = checks.after(&once, op, bench.allowed());
            findings.extend(judged(&once, &fresh));
            outcomes.push(plain(&once.ended));
            if !findings.is_empty() {
                swept.violations.push(Violation {
                    what: format!("locks of level {level} granted: {text}"),
                    report: report::render(&title, &once, &Wanted::new(""), true, &folded(findings)),
                    test: paste::interference_test(setup, op, &format!("{level:?}"), &text),
                });
            }
        }
        swept.rows.push((text, outcomes));
    }
    swept
}

/// Returns the levels whose grant is a moment at which the unit may have looked something up before: all but the first lock.
/// Levels that are granted together are one moment.
fn levels_of(once: &Once) -> Vec<Level> {
    let mut levels = Vec::new();
    for step in &once.journal.steps {
        if let What::Locks { granted: Some(locks), .. } = &step.what {
            let last = locks.iter().map(|lock| lock.level).max().filter(|level| *level != Level::Cluster);
            if let Some(level) = last.filter(|level| !levels.contains(level)) {
                levels.push(level);
            }
        }
    }
    levels
}

fn wrong(title: &str) -> Finding {
    Finding::new(Topic::Unit, title)
}

/// Compares a run during which the cluster was changed with one on the changed cluster.
pub(crate) fn judged(once: &Once, fresh: &Once) -> Vec<Finding> {
    let names = &once.journal.names;
    let now = || format!("on the cluster as it is now: {}", names.readable(&fresh.ended.to_string()));
    let got = || names.readable(&once.ended.to_string());
    match (&once.ended, &fresh.ended) {
        (Ended::Internal(_) | Ended::BadResult(_), _) => Vec::new(),
        (Ended::Refused(refusal), _) if matches!(refusal.code, Code::UnknownEntity | Code::WrongState) => Vec::new(),
        (Ended::Refused(one), Ended::Refused(two)) if one.code == two.code => Vec::new(),
        (Ended::Refused(_), _) => {
            vec![
                wrong("refused as neither unknown_entity nor wrong_state, because of another job (R36)")
                    .got(got())
                    .got(now()),
            ]
        }
        (Ended::Success(_), Ended::Success(_)) => differs(once, fresh),
        (Ended::Success(_), _) => {
            vec![wrong("it succeeded on what is not true any more (R36)").got(got()).got(now())]
        }
        (one, two) if one == two => Vec::new(),
        _ => vec![wrong("another job made it end otherwise than by a refusal (R36)").got(got()).got(now())],
    }
}

/// Returns in what a run differs from the one on the changed cluster. One that took locks as far as they were free works on
/// what it got (R38).
fn differs(once: &Once, fresh: &Once) -> Vec<Finding> {
    let as_free = |step: &Step| matches!(step.what, What::Locks { minimum: Some(_), .. });
    if once.journal.steps.iter().any(as_free) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let hint = "what was looked up before the locks were held is looked up again afterwards (R36)";
    let names = &once.journal.names;
    if once.ended != fresh.ended {
        let finding =
            wrong("its result is not that of the cluster as it is now").got(names.readable(&once.ended.to_string()));
        findings.push(finding.got(format!("wanted: {}", names.readable(&fresh.ended.to_string()))).hint(hint));
    }
    let (one, two) = (calls(once), calls(fresh));
    let extra: Vec<&Sent> = one.iter().filter(|sent| !two.contains(sent)).collect();
    let missing: Vec<&Sent> = two.iter().filter(|sent| !one.contains(sent)).collect();
    // A question too many or too few may be due to what is locked; one in the place of another is not, nor is an action.
    let instead = |sent: &&&Sent| sent.acts || missing.iter().any(|other| other.procedure == sent.procedure);
    let wrongly: Vec<String> = extra.iter().filter(instead).map(|sent| sent.text.clone()).collect();
    let unmade = missing.iter().filter(|sent| sent.acts || extra.iter().any(|other| other.procedure == sent.procedure));
    let unmade: Vec<String> = unmade.map(|sent| format!("wanted: {}", sent.text)).collect();
    if !wrongly.is_empty() || !unmade.is_empty() {
        let finding = wrong("its calls are not those that the cluster needs as it is now").hint(hint);
        findings.push(wrongly.into_iter().chain(unmade).fold(finding, Finding::got));
    }
    let (one, two) = (once.changes.in_full(names), fresh.changes.in_full(&fresh.journal.names));
    if one != two {
        let finding = wrong("its changes are not those of the cluster as it is now").hint(hint);
        let finding = one.iter().filter(|line| !two.contains(line)).cloned().fold(finding, Finding::got);
        findings.push(
            two.iter().filter(|line| !one.contains(line)).map(|it| format!("wanted: {it}")).fold(finding, Finding::got),
        );
    }
    findings
}

/// What one node was sent.
#[derive(PartialEq)]
struct Sent {
    procedure: &'static str,
    acts: bool,
    text: String,
    node: String,
    args: Args,
}

/// Returns what nodes were sent in a run.
fn calls(once: &Once) -> Vec<Sent> {
    let names = &once.journal.names;
    let mut all = Vec::new();
    for step in &once.journal.steps {
        let What::Call { call, nodes } = &step.what else { continue };
        let (procedure, acts) = (call.procedure(), call.kind() == Kind::Action);
        all.extend(nodes.iter().filter(|node| node.contacted).map(|node| Sent {
            procedure,
            acts,
            text: call_text(&**call, Some(&node.name), names),
            node: node.name.clone(),
            args: node.args.clone(),
        }));
    }
    all
}
