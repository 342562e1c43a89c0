//! Sweeps of whole tables of units: which opcodes succeed is found out by trying, and each way that a unit goes is swept once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::panic::Location;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use cmdlib::locking::Strategy;
use cmdlib::processor::Ended;
use cmdlib::unit::Unit;
use serde_json::{Value, json};

use crate::bench::{LuTest, Once, execution, title_of};
use crate::finding::folded;
use crate::invariants;
use crate::journal::{Step, What};
use crate::library::Library;
use crate::odd::{self, Odd};
use crate::report::{self, Wanted};
use crate::rpc::plural;
use crate::sweep::faults::{self, Expected, STRATEGY, Where, never_met};
use crate::sweep::interference::{self, Interferences};
use crate::sweep::matrix::{Matrix, Violation, write_table};
use crate::sweep::{Outcome, opcodes, page, paste};

/// Sweeps a whole table of units: on all [odd clusters](crate::odd), with faults, and with interference. Opcodes are made from
/// what their parameters say; a unit none of whose opcodes succeeds on any cluster fails the sweep.
///
/// ```no_run
/// testlib::sweep::all(cmdlib::lu::UNITS).holds();
/// ```
pub fn all(units: &'static [Unit]) -> UnitSweeps {
    UnitSweeps { units, library: None, expected: Vec::new(), odd: true, faults: true, interferences: true }
}

/// Sweeps of a table of units that wait for their verdict: [`all`].
#[must_use = "sweeps run when they are judged: end them with .holds()"]
pub struct UnitSweeps {
    units: &'static [Unit],
    library: Option<fn() -> Library>,
    expected: Vec<Expected>,
    odd: bool,
    faults: bool,
    interferences: bool,
}

impl fmt::Debug for UnitSweeps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnitSweeps({})", plural(self.units.len(), "unit"))
    }
}

impl UnitSweeps {
    /// Says what healthy nodes answer to calls that are the units' own: `sweep::all(UNITS).library(library).holds()`.
    pub fn library(mut self, library: fn() -> Library) -> Self {
        self.library = Some(library);
        self
    }

    /// Allows an outcome of faults in a unit, where the rules would want another one, for a reason. What nothing in the sweep
    /// makes use of fails it.
    #[track_caller]
    pub fn allowing(mut self, unit: &'static str, at: impl Into<Where>, outcome: Outcome, reason: &str) -> Self {
        self.expected.push(Expected {
            unit: Some(unit),
            at: at.into(),
            outcome,
            allowed: true,
            reason: reason.to_owned(),
            line: Location::caller(),
        });
        self
    }

    /// Only runs all opcodes on all odd clusters.
    pub fn only_odd_clusters(mut self) -> Self {
        (self.odd, self.faults, self.interferences) = (true, false, false);
        self
    }

    /// Only sweeps with faults.
    pub fn only_faults(mut self) -> Self {
        (self.odd, self.faults, self.interferences) = (false, true, false);
        self
    }

    /// Only sweeps with interference.
    pub fn only_interferences(mut self) -> Self {
        (self.odd, self.faults, self.interferences) = (false, false, true);
        self
    }

    /// Runs the sweeps, on all processors, and judges them once. Returns what happened.
    ///
    /// # Panics
    /// A run is not as it should be, or nothing can be said of a unit.
    #[track_caller]
    pub fn holds(self) -> UnitsSwept {
        let next = AtomicUsize::new(0);
        let swept: Mutex<BTreeMap<usize, UnitSwept>> = Mutex::default();
        let work = || {
            while let Some(unit) = self.units.get(next.fetch_add(1, Ordering::Relaxed)) {
                let index = self.units.iter().position(|it| std::ptr::eq(it, unit)).unwrap_or_default();
                let done = self.sweep(unit);
                swept.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(index, done);
            }
        };
        let workers = std::thread::available_parallelism().map_or(1, usize::from).min(self.units.len().max(1));
        std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
        let units = swept.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_values().collect();
        let mut swept = UnitsSwept { units, violations: Vec::new() };
        if self.faults {
            let met: BTreeSet<_> = swept.units.iter().flat_map(|unit| &unit.faults).flat_map(|it| &it.met).collect();
            let unmet = self.expected.iter().filter(|it| !met.contains(&it.line));
            swept.violations = unmet.map(never_met).collect();
        }
        swept.judged()
    }

    fn bench(&self, odd: &Odd) -> LuTest {
        let library = self.library.map_or_else(|| Library::new(self.units), |library| library());
        let mut bench = LuTest::with((odd.make)()).units(library);
        bench.iallocator().healthy();
        bench
    }

    fn sweep(&self, unit: &'static Unit) -> UnitSwept {
        let mut swept = UnitSwept::new(unit.name);
        let mut paths: BTreeMap<String, (&Odd, Value)> = BTreeMap::new();
        let mut kinds: BTreeMap<BTreeSet<String>, (&Odd, Value)> = BTreeMap::new();
        for odd in odd::ALL {
            let bench = self.bench(odd);
            let before = bench.cluster().snapshot();
            for op in opcodes::of(unit, &before) {
                let run = |strategy| bench.once(unit.name, &op, &before, strategy, &[], &execution(unit, &op));
                let once = run(STRATEGY);
                swept.opcodes += 1;
                if self.odd {
                    let other = run(Strategy::Blocking);
                    let test = format!("{}\n{}", self.setup(odd), paste::run(&op, None));
                    swept.check(&title_of(unit, &op), odd, (&once, &other), &op, test);
                }
                match &once.ended {
                    Ended::Success(_) => {
                        swept.happy += 1;
                        *swept.by_cluster.entry(odd.name).or_default() += 1;
                        kinds.entry(kinds_of(&once)).or_insert_with(|| (odd, op.clone()));
                        paths.entry(path_of(&once)).or_insert((odd, op));
                    }
                    ended => _ = swept.refusals.insert(once.journal.names.readable(&ended.to_string())),
                }
            }
        }
        swept.paths = paths.len();
        if paths.is_empty() {
            swept.violations.push(swept.nothing_to_say());
        }
        let expected: Vec<Expected> =
            self.expected.iter().filter(|it| it.unit.is_none_or(|name| name == unit.name)).cloned().collect();
        for (odd, op) in paths.into_values().filter(|_| self.faults) {
            swept.faults.push(faults::sweep(&self.bench(odd), &op, &expected, &self.setup(odd)));
        }
        for (odd, op) in kinds.into_values().filter(|_| self.interferences) {
            swept.interferences.push(interference::sweep(&self.bench(odd), &op, &self.setup(odd)));
        }
        swept
    }

    fn setup(&self, odd: &Odd) -> String {
        let own = match self.library {
            Some(_) => ".units(library())",
            None if std::ptr::eq(self.units, cmdlib::lu::UNITS) => "",
            None => ".units(UNITS)",
        };
        format!("let mut t = testlib::LuTest::with({}()){own};\nt.iallocator().healthy();", odd.path)
    }
}

/// Returns the kinds of things that a run did: those of a way, in whatever order and number. For other jobs it does not
/// matter how often and where a unit asks.
fn kinds_of(once: &Once) -> BTreeSet<String> {
    let kind = |step: &Step| match &step.what {
        What::Locks { granted, minimum, .. } => {
            let levels: BTreeSet<String> = granted.iter().flatten().map(|lock| lock.level.to_string()).collect();
            Some(format!("lock {levels:?} {}", minimum.is_some()))
        }
        What::Call { call, .. } => Some(call.procedure().to_owned()),
        What::Changed(_) => Some("write".to_owned()),
        What::Jobs { .. } => Some("submit".to_owned()),
        _ => None,
    };
    once.journal.steps.iter().filter_map(kind).collect()
}

/// Returns the way that a run went: what it locked, called, wrote and submitted, in which phase, to one node or several; what
/// was done several times in a row counts once.
fn path_of(once: &Once) -> String {
    let mut way: Vec<String> = Vec::new();
    for step in &once.journal.steps {
        let what = match &step.what {
            What::Locks { granted, minimum, .. } => {
                let levels: BTreeSet<String> = granted.iter().flatten().map(|lock| lock.level.to_string()).collect();
                format!("lock {levels:?} {}", minimum.is_some())
            }
            What::Call { call, nodes } => {
                format!("{} {}", call.procedure(), several(nodes.iter().filter(|it| it.contacted).count()))
            }
            What::Changed(written) => format!("write {}", written.whole),
            What::Jobs { jobs, .. } => format!("submit {}", several(jobs.len())),
            What::Hooks { .. } | What::Released(_) | What::Downgraded(_) | What::Allocator { .. } => kind(step),
            _ => continue,
        };
        let what = format!("{} {what}", step.phase.as_str());
        if way.last() != Some(&what) {
            way.push(what);
        }
    }
    way.extend(once.journal.asked.iter().map(|asked| asked.kind.to_owned()));
    way.join("; ")
}

fn kind(step: &Step) -> String {
    match &step.what {
        What::Hooks { env } => format!("hooks {:?}", env.get("GANETI_HOOKS_PATH")),
        What::Released(_) => "release".to_owned(),
        What::Downgraded(_) => "share".to_owned(),
        _ => "ask".to_owned(),
    }
}

fn several(number: usize) -> &'static str {
    match number {
        0 => "none",
        1 => "one",
        _ => "several",
    }
}

/// What the sweeps of one unit have found.
#[derive(Debug, Clone)]
struct UnitSwept {
    name: &'static str,
    opcodes: usize,
    happy: usize,
    by_cluster: BTreeMap<&'static str, usize>,
    paths: usize,
    refusals: BTreeSet<String>,
    faults: Vec<Matrix>,
    interferences: Vec<Interferences>,
    violations: Vec<Violation>,
}

/// So many refusals are told of a unit that nothing can be said of.
const REFUSALS_TOLD: usize = 5;

impl UnitSwept {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            opcodes: 0,
            happy: 0,
            by_cluster: BTreeMap::new(),
            paths: 0,
            refusals: BTreeSet::new(),
            faults: Vec::new(),
            interferences: Vec::new(),
            violations: Vec::new(),
        }
    }

    /// Judges a run on an odd cluster.
    fn check(&mut self, title: &str, odd: &Odd, (once, other): (&Once, &Once), op: &Value, test: String) {
        let mut findings = invariants::after_run(once, Some(other), op, &[]);
        findings.extend(once.findings.iter().cloned());
        if !findings.is_empty() {
            self.violations.push(Violation {
                what: format!("on the cluster '{}'", odd.name),
                report: report::render(title, once, &Wanted::new(""), true, &folded(findings)),
                test,
            });
        }
    }

    fn nothing_to_say(&self) -> Violation {
        let mut report =
            format!("{} were tried, and none succeeds on any odd cluster\n", plural(self.opcodes, "opcode"));
        report += "hint: say in testlib/src/sweep/opcodes.rs what its parameters mean, or add an odd cluster for it\n";
        for refusal in self.refusals.iter().take(REFUSALS_TOLD) {
            report += &format!("{refusal}\n");
        }
        Violation { what: format!("nothing can be said of {}", self.name), report, test: String::new() }
    }

    fn all_violations(&self) -> impl Iterator<Item = &Violation> {
        let faults = self.faults.iter().flat_map(|it| &it.violations);
        self.violations.iter().chain(faults).chain(self.interferences.iter().flat_map(|it| &it.violations))
    }
}

/// What the sweeps of a table of units have found. [`fmt::Display`] shows a line a unit, and then each matrix.
#[derive(Debug, Clone)]
pub struct UnitsSwept {
    units: Vec<UnitSwept>,
    violations: Vec<Violation>,
}

impl UnitsSwept {
    /// Returns the number of runs: opcodes that were tried, and runs with a fault or an interference.
    #[must_use]
    pub fn runs(&self) -> usize {
        let of = |unit: &UnitSwept| {
            let faults: usize = unit.faults.iter().map(Matrix::runs).sum();
            let interferences: usize = unit.interferences.iter().map(Interferences::runs).sum();
            unit.opcodes + faults + interferences
        };
        self.units.iter().map(of).sum()
    }

    /// Returns all of it as JSON: for pages and other programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let unit = |unit: &UnitSwept| {
            json!({
                "unit": unit.name,
                "opcodes": unit.opcodes,
                "succeeded": unit.by_cluster,
                "paths": unit.paths,
                "faults": unit.faults.iter().map(Matrix::json).collect::<Vec<_>>(),
                "interferences": unit.interferences.iter().map(Interferences::json).collect::<Vec<_>>(),
                "violations": unit.violations.iter().map(|it| it.what.as_str()).collect::<Vec<_>>(),
            })
        };
        self.units.iter().map(unit).collect()
    }

    /// Returns a page to be kept beside the tests, in Markdown: what came of each fault, and of what other jobs did, unit by unit.
    #[must_use]
    pub fn page(&self, title: &str) -> String {
        let of = |unit: &UnitSwept| {
            let faults = (!unit.faults.is_empty()).then(|| page::of_faults(&unit.faults));
            let others = (!unit.interferences.is_empty()).then(|| page::of_interferences(&unit.interferences));
            let tables: Vec<String> = faults.into_iter().chain(others).collect();
            format!("\n## {}\n\n{}", unit.name, tables.join("\n"))
        };
        let head = format!("# {title}\n\nMade by sweeps of all units: `UPDATE_EXPECT=1` writes it anew.\n");
        format!("{head}{}", self.units.iter().map(of).collect::<String>())
    }

    /// Returns a line a unit: how many opcodes were tried, how many of them succeed, how many ways they go, and how often those
    /// were disturbed.
    #[must_use]
    pub fn summary(&self) -> String {
        struct Table(Vec<Vec<String>>);
        impl fmt::Display for Table {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_table(f, &self.0)
            }
        }
        let head =
            ["unit", "opcodes", "succeed", "ways", "points", "faults", "interferences", "left out", "violations"];
        let line = |unit: &UnitSwept| {
            let numbers = [
                unit.opcodes,
                unit.happy,
                unit.paths,
                unit.faults.iter().map(Matrix::points).sum(),
                unit.faults.iter().map(Matrix::runs).sum(),
                unit.interferences.iter().map(Interferences::runs).sum(),
                unit.interferences.iter().map(Interferences::skipped).sum(),
                unit.all_violations().count(),
            ];
            [unit.name.to_owned()].into_iter().chain(numbers.iter().map(ToString::to_string)).collect()
        };
        let head = head.map(str::to_owned).to_vec();
        Table([head].into_iter().chain(self.units.iter().map(line)).collect()).to_string()
    }

    #[track_caller]
    fn judged(self) -> Self {
        let bad: Vec<(&str, &Violation)> = self
            .units
            .iter()
            .flat_map(|unit| unit.all_violations().map(|it| (unit.name, it)))
            .chain(self.violations.iter().map(|it| ("expected", it)))
            .collect();
        if bad.is_empty() {
            return self;
        }
        let mut text = format!("{} of {} not as they should be\n", bad.len(), plural(self.runs(), "run"));
        for (index, (unit, violation)) in bad.iter().enumerate() {
            text += &format!("  {}. {unit}: {violation}", index + 1);
        }
        panic!("{text}{}", self.summary());
    }
}

impl fmt::Display for UnitsSwept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary())?;
        for unit in &self.units {
            unit.faults.iter().try_for_each(|matrix| write!(f, "\n{matrix}"))?;
            unit.interferences.iter().try_for_each(|table| write!(f, "\n{table}"))?;
        }
        Ok(())
    }
}
