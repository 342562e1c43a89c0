//! Runs the test binary once for each defect, with the tests that meet it.

use std::collections::{BTreeMap, BTreeSet};

use cmdlib::unit::Unit;

use crate::own_tests;
use crate::put_back::active::{LEARN, PUT_BACK};
use crate::put_back::{Defect, Outcome};

/// A campaign over the units of a table: each defect is tried against the tests of its unit.
#[must_use = "a campaign is run: .run().holds()"]
#[derive(Debug)]
pub struct Campaign {
    units: &'static [Unit],
    tests: String,
    explained: BTreeMap<String, String>,
}

/// Returns a campaign over these units. It runs the test binary that it is called from.
pub fn of(units: &'static [Unit]) -> Campaign {
    Campaign { units, tests: String::new(), explained: BTreeMap::new() }
}

impl Campaign {
    /// Takes only tests whose path begins like this. Without it all are taken, but the one that asks.
    pub fn tests(mut self, prefix: impl Into<String>) -> Self {
        self.tests = prefix.into();
        self
    }

    /// Says why no test needs to notice a defect: `InstanceStartup: share lock instance`.
    pub fn explained(mut self, defect: impl Into<String>, reason: impl Into<String>) -> Self {
        self.explained.insert(defect.into(), reason.into());
        self
    }

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
        let defects: Vec<(&Defect, &BTreeSet<String>)> = learned.met.iter().collect();
        let survivors = own_tests::on_all_processors(&defects, |(defect, tests)| {
            (!caught(defect, tests)).then(|| (*defect).clone())
        });
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

/// Tells whether one of the tests fails. Few are tried first, since most defects fail many.
fn caught(defect: &Defect, tests: &BTreeSet<String>) -> bool {
    const FIRST: usize = 4;
    let tests: Vec<&String> = tests.iter().collect();
    let (first, rest) = tests.split_at(FIRST.min(tests.len()));
    let fails = |tests: &[&String]| own_tests::one_fails(tests, PUT_BACK, &defect.to_string());
    [first, rest].into_iter().filter(|tests| !tests.is_empty()).any(fails)
}
