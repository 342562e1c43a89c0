//! Runs the tests of units in a process of their own, with other jobs.

use std::collections::BTreeMap;

use cmdlib::unit::Unit;

use crate::contracts::Outcome;
use crate::contracts::learn::LEARN;
use crate::contracts::needs::Needs;
use crate::own_tests::{self, Campaign};

/// Lock contracts over all runs of the tests of units.
#[derive(Debug)]
pub struct Contracts;

/// Returns a campaign over these units. It runs the test binary that it is called from.
pub fn of(units: &'static [Unit]) -> Campaign<Contracts> {
    Campaign::of(units)
}

impl Campaign<Contracts> {
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
