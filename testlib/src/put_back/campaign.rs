//! Runs the tests that meet defects: each process runs many tests, each of them with a defect of its own.

use std::collections::{BTreeMap, BTreeSet};

use cmdlib::unit::Unit;

use crate::own_tests::{self, Campaign};
use crate::put_back::active::{BY_TEST, LEARN, PUT_BACK};
use crate::put_back::{Defect, Outcome};

/// Each defect is tried against the tests of its unit.
#[derive(Debug)]
pub struct Defects;

/// Returns a campaign over these units. It runs the test binary that it is called from.
pub fn of(units: &'static [Unit]) -> Campaign<Defects> {
    Campaign::of(units)
}

impl Campaign<Defects> {
    /// Runs it. In a process that another campaign has started it has nothing to try.
    ///
    /// # Panics
    /// It can't be measured: the binary does not run, or its tests fail without a defect.
    #[must_use = "an outcome is judged: .holds()"]
    pub fn run(self) -> Outcome {
        if own_tests::inside_a_campaign() {
            return Outcome::new(&[], Learned::default(), &BTreeSet::new(), BTreeMap::new());
        }
        assert!(std::env::var_os(PUT_BACK).is_none(), "{PUT_BACK} is set: a campaign sets it itself");
        let learned = self.learn();
        let survivors = survivors(&learned.met);
        Outcome::new(self.units, learned, &survivors, self.explained)
    }

    /// Runs the tests without a defect, and returns what they meet.
    fn learn(&self) -> Learned {
        let mut learned = Learned::default();
        let mut sure = BTreeSet::new();
        for note in own_tests::learn(LEARN, &self.tests) {
            let text = |name: &str| note.what[name].as_str();
            learned.units.extend(text("unit").map(str::to_owned));
            let Some(defect) = text("defect") else { continue };
            let defect: Defect = defect.parse().unwrap_or_else(|why| panic!("{LEARN}: {why}"));
            if note.what["sure"] == true {
                sure.insert(defect.clone());
            }
            learned.met.entry(defect).or_default().insert(note.test);
        }
        let known = |defect: &Defect| self.units.iter().any(|unit| unit.name == defect.unit);
        learned.met.retain(|defect, _| sure.contains(defect) && known(defect));
        learned
    }
}

/// What the tests meet.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    /// The units that they run.
    pub(crate) units: BTreeSet<String>,
    /// The tests that meet each defect.
    pub(crate) met: BTreeMap<Defect, BTreeSet<String>>,
}

/// Returns the defects with which no test that meets them fails.
fn survivors(met: &BTreeMap<Defect, BTreeSet<String>>) -> BTreeSet<Defect> {
    let mut survivors = BTreeSet::new();
    let mut left: Vec<(&Defect, Vec<&String>)> =
        met.iter().map(|(defect, tests)| (defect, tests.iter().collect())).collect();
    // Most defects are noticed by the first tests that meet them: few are tried first, then more and more.
    let mut at_once = 1;
    while !left.is_empty() {
        // Whoever has few tests to choose from chooses first.
        left.sort_by_key(|(defect, tests)| (tests.len(), *defect));
        let mut tried: BTreeMap<&String, &Defect> = BTreeMap::new();
        for (defect, tests) in &mut left {
            let (taken, later): (Vec<&String>, Vec<&String>) =
                std::mem::take(tests).into_iter().partition(|test| tried.contains_key(test));
            let (now, not_now) = later.split_at(at_once.min(later.len()));
            tried.extend(now.iter().map(|test| (*test, *defect)));
            *tests = taken.into_iter().chain(not_now.iter().copied()).collect();
        }
        let failed = own_tests::failing(&tried, BY_TEST);
        let noticed: BTreeSet<&Defect> = failed.iter().filter_map(|test| tried.get(test)).copied().collect();
        left.retain(|(defect, _)| !noticed.contains(defect));
        survivors.extend(left.iter().filter(|(_, tests)| tests.is_empty()).map(|(defect, _)| (*defect).clone()));
        left.retain(|(_, tests)| !tests.is_empty());
        at_once *= 2;
    }
    survivors
}
