//! What a sweep has found: a matrix of points and disturbances, and what is not as it should be.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::Location;

use cmdlib::record::Phase;
use serde_json::{Value, json};

use crate::rpc::plural;
use crate::sweep::{Fault, Outcome, Point};

/// One run of a fault sweep.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) phase: Phase,
    pub(super) point: Point,
    pub(super) fault: Fault,
    pub(super) outcome: Outcome,
    /// Why it is expected, if a test says so.
    pub(super) expected: Option<String>,
}

/// Something that is not as it should be.
#[derive(Debug, Clone)]
pub(super) struct Violation {
    pub(super) what: String,
    pub(super) report: String,
    /// The case as an ordinary test.
    pub(super) test: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.what)?;
        self.report.lines().try_for_each(|line| writeln!(f, "     {line}"))?;
        if self.test.is_empty() {
            return Ok(());
        }
        writeln!(f, "     as an ordinary test")?;
        self.test.lines().try_for_each(|line| writeln!(f, "       {line}"))
    }
}

/// What happened in a fault sweep: point by point, what became of each fault. [`fmt::Display`] shows it as a table, in which
/// the spoilt answers of a point share a field.
#[derive(Debug, Clone)]
pub struct Matrix {
    pub(super) title: String,
    pub(super) rows: Vec<Row>,
    pub(super) violations: Vec<Violation>,
    /// Faults of what a run does only because of another fault: the first point and fault, the second point, the outcome.
    pub(super) clean_ups: Vec<(Point, Fault, Point, Outcome)>,
    /// Spoilt answers that were left out, since a unit can't tell them from one that was tried.
    pub(super) alike: usize,
    /// The expectations that were met, by their lines.
    pub(super) met: Vec<&'static Location<'static>>,
}

/// The columns, in order.
pub(super) const COLUMNS: [&str; 8] =
    ["refused", "offline", "unreachable", "lost reply", "malformed", "script fails", "says no", "opposite"];

impl Matrix {
    pub(super) fn new(title: String, alike: usize) -> Self {
        Self { title, rows: Vec::new(), violations: Vec::new(), clean_ups: Vec::new(), alike, met: Vec::new() }
    }

    /// Returns the number of runs with a fault, or with two: the second in the clean-up.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.rows.len() + self.clean_ups.len()
    }

    /// Returns the number of points at which faults were put.
    #[must_use]
    pub fn points(&self) -> usize {
        self.by_point().len()
    }

    /// Returns the outcome of each fault at each point, as JSON: for pages and other programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let row = |row: &Row| {
            let mut out = json!({
                "phase": row.phase.as_str(),
                "point": row.point.to_string(),
                "fault": row.fault.to_string(),
                "outcome": row.outcome.to_string(),
            });
            if let Some(reason) = &row.expected {
                out["expected"] = reason.as_str().into();
            }
            out
        };
        let clean_up = |(point, fault, then, outcome): &(Point, Fault, Point, Outcome)| {
            json!({
                "point": point.to_string(),
                "fault": fault.to_string(),
                "then": then.to_string(),
                "outcome": outcome.to_string(),
            })
        };
        json!({
            "sweep": self.title,
            "cases": self.rows.iter().map(row).collect::<Vec<_>>(),
            "clean-ups": self.clean_ups.iter().map(clean_up).collect::<Vec<_>>(),
            "alike": self.alike,
            "violations": self.violations.iter().map(|it| it.what.as_str()).collect::<Vec<_>>(),
        })
    }

    fn by_point(&self) -> Vec<(&Row, BTreeMap<&'static str, Vec<String>>)> {
        let mut points: Vec<(&Row, BTreeMap<&'static str, Vec<String>>)> = Vec::new();
        for row in &self.rows {
            let index = points.iter().position(|(first, _)| first.point == row.point && first.phase == row.phase);
            let index = index.unwrap_or_else(|| {
                points.push((row, BTreeMap::new()));
                points.len() - 1
            });
            let told = points[index].1.entry(row.fault.column()).or_default();
            let outcome = row.outcome.to_string();
            if !told.contains(&outcome) {
                told.push(outcome);
            }
        }
        points
    }

    /// Fails if anything is not as it should be.
    #[track_caller]
    pub(super) fn judged(self) -> Self {
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

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points = self.by_point();
        let used: Vec<&str> =
            COLUMNS.into_iter().filter(|it| points.iter().any(|(_, of)| of.contains_key(it))).collect();
        let mut lines: Vec<Vec<String>> =
            vec![["phase", "point"].iter().chain(&used).map(|it| (*it).to_owned()).collect()];
        for (row, of) in points {
            let fields = used.iter().map(|column| of.get(column).map_or_else(|| "-".to_owned(), |all| all.join(" / ")));
            lines.push([row.phase.as_str().to_owned(), row.point.to_string()].into_iter().chain(fields).collect());
        }
        let (faults, points) = (plural(self.rows.len(), "fault"), plural(self.points(), "point"));
        writeln!(f, "{}: {faults} at {points}, {} in clean-ups", self.title, self.clean_ups.len())?;
        write_table(f, &lines)
    }
}

/// Writes lines with their fields below each other.
pub(super) fn write_table(f: &mut fmt::Formatter<'_>, lines: &[Vec<String>]) -> fmt::Result {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(String::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for line in lines {
        let fields: Vec<String> = line.iter().zip(&widths).map(|(field, width)| format!("{field:<width$}")).collect();
        writeln!(f, "  {}", fields.join("  ").trim_end())?;
    }
    Ok(())
}
