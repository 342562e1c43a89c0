//! What came of all traces, logical unit by logical unit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Value, json};

use super::channels::Channel;
use super::trace::Trace;
use super::verdict::Verdict;

/// At most this part of all traces may be pardoned, in percent.
pub const PARDONED_OF_ALL: f64 = 5.0;
/// At most this part of one logical unit's traces may be pardoned, in percent.
pub const PARDONED_OF_ONE: f64 = 15.0;

/// How many traces of one logical unit came to which verdict. Each counts once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// All.
    pub total: usize,
    /// As recorded.
    pub equal: usize,
    /// Right where the reference is wrong.
    pub corrected: usize,
    /// Not compared in full.
    pub pardoned: usize,
    /// The reference crashed, ours did well.
    pub crash_ok: usize,
    /// The reference crashed, ours did not well.
    pub crash_bad: usize,
    /// Different, by first channel.
    pub differs: BTreeMap<Channel, usize>,
}

/// What came of all traces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    lus: BTreeMap<String, Counts>,
    unknown: BTreeSet<String>,
}

fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 100.0 } else { part as f64 * 100.0 / whole as f64 }
}

impl Counts {
    fn add(&mut self, verdict: &Verdict) {
        self.total += 1;
        match verdict {
            Verdict::Equal => self.equal += 1,
            Verdict::Corrected(_) => self.corrected += 1,
            Verdict::Pardoned(_) => self.pardoned += 1,
            Verdict::CrashOk => self.crash_ok += 1,
            Verdict::CrashBad(_) => self.crash_bad += 1,
            Verdict::Differs(_) => {
                *self.differs.entry(verdict.channel().unwrap_or(Channel::Outcome)).or_default() += 1;
            }
        }
    }

    fn too_many_pardoned(&self) -> bool {
        percent(self.pardoned, self.total.max(1)) > PARDONED_OF_ONE
    }

    fn held(&self, pardons: bool) -> usize {
        let pardoned = if pardons && !self.too_many_pardoned() { self.pardoned } else { 0 };
        self.equal + self.corrected + self.crash_ok + pardoned
    }
}

impl Summary {
    /// Counts a trace; without a verdict it is one of an unknown unit.
    pub fn add(&mut self, trace: &Trace, verdict: Option<&Verdict>) {
        match verdict {
            Some(verdict) => self.lus.entry(trace.lu.clone()).or_default().add(verdict),
            None => drop(self.unknown.insert(trace.lu.clone())),
        }
    }

    /// Returns the counts by logical unit.
    #[must_use]
    pub fn lus(&self) -> &BTreeMap<String, Counts> {
        &self.lus
    }

    /// Returns the logical units of traces that nobody could run.
    #[must_use]
    pub fn unknown_lus(&self) -> &BTreeSet<String> {
        &self.unknown
    }

    fn total(&self) -> usize {
        self.lus.values().map(|it| it.total).sum()
    }

    /// Tells whether pardons are within the limit of all traces.
    fn pardons_hold(&self) -> bool {
        percent(self.lus.values().map(|it| it.pardoned).sum(), self.total().max(1)) <= PARDONED_OF_ALL
    }

    /// Returns how many of all traces are held, in percent. Where more are pardoned than may be, none of the pardoned counts.
    #[must_use]
    pub fn held_percent(&self) -> f64 {
        let pardons = self.pardons_hold();
        percent(self.lus.values().map(|it| it.held(pardons)).sum(), self.total())
    }

    /// Returns how many traces of a logical unit are held, in percent.
    #[must_use]
    pub fn held_percent_of(&self, lu: &str) -> f64 {
        let pardons = self.pardons_hold();
        self.lus.get(lu).map_or(100.0, |it| percent(it.held(pardons), it.total))
    }

    /// Returns where more traces are pardoned than may be.
    #[must_use]
    pub fn limits_exceeded(&self) -> Vec<String> {
        let mut found = Vec::new();
        if !self.pardons_hold() {
            found
                .push(format!("more than {PARDONED_OF_ALL} % of all traces are pardoned: none of them counts as held"));
        }
        for (lu, _) in self.lus.iter().filter(|(_, counts)| counts.too_many_pardoned()) {
            found.push(format!("more than {PARDONED_OF_ONE} % of {lu} are pardoned: none of them counts as held"));
        }
        found
    }

    /// Returns the counts as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let counts = |it: &Counts| {
            let differs: serde_json::Map<String, Value> =
                it.differs.iter().map(|(channel, count)| (channel.to_string(), (*count).into())).collect();
            json!({
                "total": it.total, "equal": it.equal, "corrected": it.corrected, "pardoned": it.pardoned,
                "crash_ok": it.crash_ok, "crash_bad": it.crash_bad, "differs": differs,
            })
        };
        let lus: serde_json::Map<String, Value> = self.lus.iter().map(|(lu, it)| (lu.clone(), counts(it))).collect();
        json!({"lus": lus, "unknown_lus": self.unknown})
    }
}

impl fmt::Display for Summary {
    /// Writes a table, and below it what it does not say.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.lus.keys().map(String::len).max().unwrap_or(0).max("logical unit".len());
        writeln!(
            f,
            "{:width$}  {:>6} {:>6} {:>9} {:>8} {:>8} {:>9}  {:>6}  differs in",
            "logical unit", "total", "equal", "corrected", "pardoned", "crash_ok", "crash_bad", "held"
        )?;
        for (lu, it) in &self.lus {
            let differs: Vec<String> = it.differs.iter().map(|(channel, count)| format!("{channel} {count}")).collect();
            let row = format!(
                "{lu:width$}  {:>6} {:>6} {:>9} {:>8} {:>8} {:>9}  {:>5.1}%  {}",
                it.total,
                it.equal,
                it.corrected,
                it.pardoned,
                it.crash_ok,
                it.crash_bad,
                self.held_percent_of(lu),
                differs.join(", ")
            );
            writeln!(f, "{}", row.trim_end())?;
        }
        writeln!(f, "{:.1}% of {} traces held", self.held_percent(), self.total())?;
        for text in self.limits_exceeded() {
            writeln!(f, "{text}")?;
        }
        if !self.unknown.is_empty() {
            let names: Vec<&str> = self.unknown.iter().map(String::as_str).collect();
            writeln!(f, "no logical unit for: {}", names.join(", "))?;
        }
        Ok(())
    }
}
