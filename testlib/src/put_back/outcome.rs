//! What came of a campaign.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use cmdlib::unit::Unit;
use serde_json::{Value, json};

use crate::put_back::Defect;
use crate::put_back::campaign::Learned;

/// What came of a campaign: by unit, how many defects its tests met, and which of them none noticed.
///
/// [`fmt::Display`] shows it as a table.
#[derive(Debug)]
pub struct Outcome {
    units: Vec<OfUnit>,
    /// What is explained although it is caught or never met.
    needless: Vec<String>,
}

#[derive(Debug)]
struct OfUnit {
    name: &'static str,
    /// Whether a test runs it.
    run: bool,
    tried: usize,
    survivors: Vec<Survivor>,
}

impl OfUnit {
    fn new(name: &'static str, run: bool) -> Self {
        Self { name, run, tried: 0, survivors: Vec::new() }
    }
}

#[derive(Debug)]
struct Survivor {
    defect: Defect,
    /// How many tests met it.
    tests: usize,
    reason: Option<String>,
}

impl Outcome {
    pub(crate) fn new(
        units: &[Unit],
        learned: Learned,
        survivors: &BTreeSet<Defect>,
        mut explained: BTreeMap<String, String>,
    ) -> Self {
        let mut of_units: Vec<OfUnit> =
            units.iter().map(|unit| OfUnit::new(unit.name, learned.units.contains(unit.name))).collect();
        for (defect, tests) in learned.met {
            let Some(unit) = of_units.iter_mut().find(|unit| unit.name == defect.unit) else { continue };
            unit.tried += 1;
            if survivors.contains(&defect) {
                let reason = explained.remove(&defect.to_string());
                unit.survivors.push(Survivor { defect, tests: tests.len(), reason });
            }
        }
        Self { units: of_units, needless: explained.into_keys().collect() }
    }

    /// Returns how many defects were tried.
    #[must_use]
    pub fn tried(&self) -> usize {
        self.units.iter().map(|unit| unit.tried).sum()
    }

    /// Returns the defects that no test noticed and nobody explained.
    #[must_use]
    pub fn survivors(&self) -> Vec<&Defect> {
        let all = self.units.iter().flat_map(|unit| &unit.survivors);
        all.filter(|it| it.reason.is_none()).map(|it| &it.defect).collect()
    }

    /// Fails unless every defect was noticed or explained, every explanation is needed, and every unit was run.
    ///
    /// # Panics
    /// It shows what is wrong.
    #[track_caller]
    pub fn holds(self) -> Self {
        let never_run: Vec<&str> = self.units.iter().filter(|unit| !unit.run).map(|unit| unit.name).collect();
        let survivors = self.survivors();
        let mut wrong = Vec::new();
        if let Some(first) = survivors.first() {
            wrong.push(format!(
                "{} survived: a test is missing, or what was taken away is not needed. See for yourself:\n    \
                 LU_PUT_BACK='{first}' cargo test",
                crate::rpc::plural(survivors.len(), "defect")
            ));
        }
        wrong.extend(
            self.needless.iter().map(|it| format!("'{it}' is explained, but tests notice it or never meet it")),
        );
        wrong.extend(never_run.iter().map(|unit| format!("{unit}: no test runs it")));
        assert!(wrong.is_empty(), "defects put back: {}\n{self}", wrong.join("\n"));
        self
    }

    /// Returns it as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let survivor =
            |it: &Survivor| json!({"defect": it.defect.what.to_string(), "tests": it.tests, "explained": it.reason});
        let unit = |unit: &OfUnit| {
            let survivors: Vec<Value> = unit.survivors.iter().map(survivor).collect();
            json!({"unit": unit.name, "tried": unit.tried, "survivors": survivors})
        };
        self.units.iter().map(unit).collect()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<20} {:>5}  {:>6}", "unit", "tried", "caught")?;
        for unit in &self.units {
            writeln!(f, "{:<20} {:>5}  {:>6}", unit.name, unit.tried, unit.tried - unit.survivors.len())?;
            for it in &unit.survivors {
                let by = crate::rpc::plural(it.tests, "test");
                match &it.reason {
                    Some(reason) => writeln!(f, "    explained  {}: {reason}", it.defect.what)?,
                    None => writeln!(f, "    survived   {} ({by})", it.defect.what)?,
                }
            }
        }
        Ok(())
    }
}
