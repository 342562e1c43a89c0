//! What was found out about the locks of units.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use cmdlib::locking::{Level, Mode};
use cmdlib::unit::Unit;
use serde_json::{Value, json};

use crate::contracts::needs::Needs;
use crate::rpc::plural;

/// What is wrong with the locks of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// It takes locks of this level, and no run needed any.
    NeedlessLock(Level),
    /// It takes locks of this level exclusively, and shared would have done in every run.
    NeedlesslyExclusive(Level),
    /// It acts on what it has read of an object without the object's lock.
    UnlockedRead(Level),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeedlessLock(level) => write!(f, "needless lock {level}"),
            Self::NeedlesslyExclusive(level) => write!(f, "needlessly exclusive lock {level}"),
            Self::UnlockedRead(level) => write!(f, "unlocked read {level}"),
        }
    }
}

/// What was found out about the locks of units: which they take, which they need, and what is wrong with that.
///
/// [`fmt::Display`] shows it as a table.
#[derive(Debug)]
pub struct Outcome {
    units: Vec<OfUnit>,
    /// What is explained although it is not found.
    needless: Vec<String>,
}

#[derive(Debug)]
struct OfUnit {
    name: &'static str,
    /// Whether a test runs it.
    run: bool,
    /// Level by level: how locks are held at most, and needed at most.
    locks: Vec<(Level, Mode, Option<Mode>)>,
    found: Vec<Found>,
}

#[derive(Debug)]
struct Found {
    finding: Finding,
    /// What shows it.
    example: String,
    reason: Option<String>,
}

impl OfUnit {
    fn new(name: &'static str, needs: Option<&Needs>, explained: &mut BTreeMap<String, String>) -> Self {
        let Some(needs) = needs else { return Self { name, run: false, locks: Vec::new(), found: Vec::new() } };
        let locks: Vec<_> =
            needs.held.iter().map(|(level, held)| (*level, *held, needs.needed.get(level).copied())).collect();
        let of_lock = |(level, held, needed): &(Level, Mode, Option<Mode>)| match (held, needed) {
            (_, None) => Some((
                Finding::NeedlessLock(*level),
                "no change, no call and nothing that is decided needs one".to_owned(),
            )),
            (Mode::Exclusive, Some(Mode::Shared)) => {
                Some((Finding::NeedlesslyExclusive(*level), "shared would do in every run".to_owned()))
            }
            _ => None,
        };
        let of_read = |(level, changes): (&Level, &BTreeSet<String>)| {
            let first = changes.first()?;
            Some((
                Finding::UnlockedRead(*level),
                format!("refused after `{first}`, done if that comes after the check"),
            ))
        };
        let found = locks.iter().filter_map(of_lock).chain(needs.unlocked.iter().filter_map(of_read));
        let explain = |(finding, example): (Finding, String)| {
            let reason = explained.remove(&format!("{name}: {finding}"));
            Found { finding, example, reason }
        };
        let found = found.map(explain).collect();
        Self { name, run: true, locks, found }
    }
}

impl Outcome {
    pub(crate) fn new(
        units: &[Unit],
        needs: &BTreeMap<String, Needs>,
        mut explained: BTreeMap<String, String>,
    ) -> Self {
        let units = units.iter().map(|unit| OfUnit::new(unit.name, needs.get(unit.name), &mut explained)).collect();
        Self { units, needless: explained.into_keys().collect() }
    }

    /// Returns what is wrong and explained by nobody: the unit's name, and what it is.
    #[must_use]
    pub fn findings(&self) -> Vec<(&str, Finding)> {
        let of = |unit: &OfUnit| {
            let found = unit.found.iter().filter(|it| it.reason.is_none());
            found.map(|it| (unit.name, it.finding)).collect::<Vec<_>>()
        };
        self.units.iter().flat_map(of).collect()
    }

    /// Fails unless nothing is wrong that is not explained, every explanation is needed, and every unit was run.
    ///
    /// # Panics
    /// It shows what is wrong.
    #[track_caller]
    pub fn holds(self) -> Self {
        let mut wrong = Vec::new();
        let findings = self.findings().len();
        if findings > 0 {
            wrong.push(format!("{}: mend the unit, or say why it is so: .explained(..)", plural(findings, "finding")));
        }
        wrong.extend(self.needless.iter().map(|it| format!("'{it}' is explained, but not found")));
        let never_run = self.units.iter().filter(|unit| !unit.run);
        wrong.extend(never_run.map(|unit| format!("{}: no test runs it", unit.name)));
        assert!(wrong.is_empty(), "lock contracts: {}\n{self}", wrong.join("\n"));
        self
    }

    /// Returns it as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let lock = |(level, held, needed): &(Level, Mode, Option<Mode>)| {
            let needed = needed.map(|mode| mode.to_string());
            json!({"lock": level.as_str(), "held": held.to_string(), "needed": needed})
        };
        let found =
            |it: &Found| json!({"finding": it.finding.to_string(), "example": it.example, "explained": it.reason});
        let unit = |unit: &OfUnit| {
            json!({
                "unit": unit.name,
                "locks": unit.locks.iter().map(lock).collect::<Vec<_>>(),
                "findings": unit.found.iter().map(found).collect::<Vec<_>>(),
            })
        };
        self.units.iter().map(unit).collect()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = |mode: Option<Mode>| mode.map_or_else(|| "-".to_owned(), |mode| mode.to_string());
        writeln!(f, "{:<20} {:<10} {:<10} needed", "unit", "lock", "held")?;
        for unit in &self.units {
            if unit.locks.is_empty() {
                writeln!(f, "{:<20} -", unit.name)?;
            }
            for (index, (level, held, needed)) in unit.locks.iter().enumerate() {
                let name = if index == 0 { unit.name } else { "" };
                writeln!(f, "{name:<20} {:<10} {:<10} {}", level.as_str(), mode(Some(*held)), mode(*needed))?;
            }
            for it in &unit.found {
                match &it.reason {
                    Some(reason) => writeln!(f, "    explained  {}: {reason}", it.finding)?,
                    None => writeln!(f, "    found      {}: {}", it.finding, it.example)?,
                }
            }
        }
        Ok(())
    }
}
