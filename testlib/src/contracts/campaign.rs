//! Runs the tests of units in a process of their own, with other jobs.

use std::collections::BTreeMap;

use cmdlib::unit::Unit;

use crate::contracts::Outcome;
use crate::contracts::learn::LEARN;
use crate::contracts::needs::Needs;
use crate::own_tests;

/// Lock contracts over all runs of the tests of units.
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

    /// Says why a unit may do so: `TestDelay: needlessly exclusive lock node`. What is not found any more must go.
    pub fn explained(mut self, finding: impl Into<String>, reason: impl Into<String>) -> Self {
        self.explained.insert(finding.into(), reason.into());
        self
    }

    /// Runs it. In a process that another campaign has started it has nothing to look at.
    ///
    /// # Panics
    /// It can't be measured: the binary does not run, or its tests fail.
    #[must_use = "an outcome is judged: .holds()"]
    pub fn run(self) -> Outcome {
        if own_tests::inside_a_campaign() {
            return Outcome::new(&[], &BTreeMap::new(), BTreeMap::new());
        }
        let mut needs: BTreeMap<String, Needs> = BTreeMap::new();
        for note in own_tests::learn(LEARN, &self.tests) {
            let unit = note.what["unit"].as_str().unwrap_or_default().to_owned();
            let read = Needs::read(&note.what["needs"]);
            needs.entry(unit).or_default().add(read.unwrap_or_else(|| panic!("{LEARN}: no needs: {}", note.what)));
        }
        Outcome::new(self.units, &needs, self.explained)
    }
}
