//! What must hold whatever comes, tried for all units of a table.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;

use cmdlib::processor::Ended;
use cmdlib::unit::Unit;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::library::Library;
use crate::rpc::plural;
use crate::strategies::case::{Bench, CasePlan, cases};

const CASES: u32 = 100;
const SEED: u64 = 1;
/// Looking for something smaller ends after so many runs.
const SHRINK_MAX: u32 = 2_000;

/// Runs opcodes by chance on clusters by chance, for each unit of a library (a table of units is one). Whatever comes of it, no
/// unit panics, the configuration has no new finding, locks and reservations are given back, who refuses has changed nothing and told no node to do anything, both
/// ways of taking locks give the same: all that is checked after every run ([`Invariant`](crate::Invariant)). What a parameter
/// takes is read, and what it does not take is refused as wrong input.
///
/// What fails is made as small as possible, and shown with its report and as an ordinary test. That test is what is kept, not
/// the seed: give it a name and the verdict that should have been.
///
/// The seed is fixed and printed. `PROPTEST_CASES` sets the number of cases a unit, `PROPTEST_RNG_SEED` another seed.
///
/// ```
/// let held = testlib::strategies::properties(cmdlib::lu::UNITS).cases(2).hold();
/// assert_eq!(held.cases(), 2 * cmdlib::lu::UNITS.len());
/// ```
pub fn properties(library: impl Into<Library>) -> Properties {
    Properties { bench: Bench { library: library.into() }, cases: CASES, seed: SEED, failing: false }
}

/// Properties that wait for their verdict: [`properties`].
#[must_use = "properties are tried when they are judged: end them with .hold()"]
pub struct Properties {
    bench: Bench,
    cases: u32,
    seed: u64,
    failing: bool,
}

impl fmt::Debug for Properties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Properties({})", plural(self.bench.library.units.len(), "unit"))
    }
}

/// Returns a number of the environment.
fn from_environment<T: std::str::FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is '{text}', but must be a whole number")))
}

impl Properties {
    /// Sets how many cases are tried for each unit; `PROPTEST_CASES` has precedence.
    pub fn cases(mut self, cases: u32) -> Self {
        self.cases = cases;
        self
    }

    /// Sets where chance begins; `PROPTEST_RNG_SEED` has precedence.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Lets nodes fail: refuse, not answer, go offline, answer nonsense.
    pub fn on_failing_nodes(mut self) -> Self {
        self.failing = true;
        self
    }

    /// Tries all units, and judges them once. Returns how runs ended.
    ///
    /// # Panics
    /// Something does not hold: the message has the smallest case of each unit, its report, and a test that shows it.
    #[track_caller]
    pub fn hold(mut self) -> Held {
        self.cases = from_environment("PROPTEST_CASES").unwrap_or(self.cases);
        self.seed = from_environment("PROPTEST_RNG_SEED").unwrap_or(self.seed);
        let mut held = Held { seed: self.seed, units: Vec::new() };
        let mut failures = Vec::new();
        for unit in self.bench.library.units {
            match self.try_unit(unit) {
                Ok(ends) => held.units.push((unit.name, ends)),
                Err(failure) => failures.push(failure),
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
        held
    }

    fn try_unit(&self, unit: &'static Unit) -> Result<Ends, String> {
        let ends = RefCell::new(Ends::default());
        let tried = Cell::new(0);
        // What is made smaller stays the same fault.
        let first: RefCell<Option<Vec<String>>> = RefCell::default();
        let mut runner = self.runner(unit);
        let result = runner.run(&cases(unit, self.failing), |plan| {
            let ran = self.bench.run(&plan);
            let titles = ran.examined.titles();
            let mut first = first.borrow_mut();
            if first.is_none() {
                tried.set(tried.get() + 1);
                ends.borrow_mut().count(&ran.examined.ended);
            }
            if titles.is_empty() || first.as_ref().is_some_and(|first| !first.iter().any(|it| titles.contains(it))) {
                return Ok(());
            }
            first.get_or_insert(titles);
            Err(TestCaseError::fail("it does not hold"))
        });
        match result {
            Ok(()) => Ok(ends.into_inner()),
            Err(TestError::Fail(_, plan)) => Err(self.failure(unit, tried.get(), &plan)),
            Err(TestError::Abort(why)) => Err(format!("{}: no cases: {why}", unit.name)),
        }
    }

    fn runner(&self, unit: &Unit) -> TestRunner {
        let config = Config {
            cases: self.cases,
            failure_persistence: None,
            max_shrink_iters: SHRINK_MAX,
            source_file: None,
            ..Config::default()
        };
        // Each unit has its own clusters.
        let mut seed = [0; 32];
        let bytes = self.seed.to_le_bytes().into_iter().chain(unit.op_id.bytes());
        bytes.enumerate().for_each(|(index, byte)| seed[index % 32] ^= byte);
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
    }

    fn failure(&self, unit: &Unit, case: u32, plan: &CasePlan) -> String {
        let ran = self.bench.run(plan);
        format!(
            "{}: case {case} with seed {} does not hold; the smallest that was found:\n{}\n\n\
             keep it as a test, with a name and the verdict that should have been:\n\n{}",
            unit.name,
            self.seed,
            ran.examined.report,
            ran.test()
        )
    }
}

/// How runs of one unit ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ends(BTreeMap<&'static str, usize>);

impl Ends {
    fn count(&mut self, ended: &Ended) {
        let how = match ended {
            Ended::Success(_) => "succeeded",
            Ended::Refused(_) | Ended::OpCodeUnknown(_) => "refused",
            Ended::Failed(_) => "failed",
            Ended::HooksAborted(_) => "aborted by hooks",
            Ended::LockTimeout => "not granted locks",
            Ended::BadResult(_) | Ended::Internal(_) => "internal errors",
        };
        *self.0.entry(how).or_default() += 1;
    }
}

/// Properties that hold.
#[derive(Debug)]
pub struct Held {
    seed: u64,
    units: Vec<(&'static str, Ends)>,
}

impl Held {
    /// Returns how many cases were run.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.units.iter().flat_map(|(_, ends)| ends.0.values()).sum()
    }

    /// Returns how many runs of a unit ended in a way, such as `succeeded`, `refused` or `failed`.
    #[must_use]
    pub fn ended(&self, unit: &str, how: &str) -> usize {
        let of = self.units.iter().filter(|(name, _)| *name == unit);
        of.filter_map(|(_, ends)| ends.0.get(how)).sum()
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} with seed {}", plural(self.cases(), "case"), self.seed)?;
        for (unit, ends) in &self.units {
            let ends: Vec<String> = ends.0.iter().map(|(how, count)| format!("{count} {how}")).collect();
            writeln!(f, "  {unit:<20} {}", ends.join(", "))?;
        }
        Ok(())
    }
}

/// Returns a case as an ordinary test that wants what came of it.
#[must_use]
#[track_caller]
pub fn test_of(library: impl Into<Library>, plan: &CasePlan) -> String {
    Bench { library: library.into() }.run(plan).test()
}
