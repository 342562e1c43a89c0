//! The verdict in words: one module a format.

mod json;
mod markdown;
mod text;

pub(crate) use json::pretty;
pub use json::{json, json_trouble};
pub(crate) use markdown::escaped;
pub use markdown::{markdown, markdown_trouble};
pub use text::text;

use crate::changed::Uncovered;
use crate::judge::{Finding, Group, Outcome, Row, Verdict, plural};

/// The last line of a verdict.
fn conclusion(verdict: &Verdict) -> String {
    let findings = plural(verdict.findings.len() as u64, "finding");
    match verdict.outcome() {
        Outcome::Held => "held".to_owned(),
        Outcome::Short => format!("not held: {findings}"),
        Outcome::Unmeasured => format!("could not measure: {findings}"),
    }
}

/// What is said of a row beside its numbers.
fn remark(verdict: &Verdict, row: &Row) -> String {
    remarks(verdict, &row.path)
}

fn group_remark(verdict: &Verdict, group: &Group) -> String {
    if group.threshold.is_none() { "not judged".to_owned() } else { remarks(verdict, &group.name) }
}

fn remarks(verdict: &Verdict, subject: &str) -> String {
    let remarks = verdict.findings_of(subject).map(|finding| match finding {
        Finding::Missing { .. } => "not measured".to_owned(),
        Finding::Below { threshold, .. } => format!("below {} %", threshold.brief()),
        Finding::New { threshold, .. } => format!("new, below {} %", threshold.brief()),
        Finding::Fell { before, .. } => format!("fell from {} %", before.percent),
        Finding::Unneeded { .. } => "needs no waiver".to_owned(),
        Finding::Changed { threshold, .. } => format!("below {} %", threshold.brief()),
    });
    remarks.collect::<Vec<_>>().join(", ")
}

/// The share of a group, or a dash if it has no line.
fn percent(group: &Group) -> String {
    if group.lines.total == 0 { "-".to_owned() } else { group.lines.percent().to_string() }
}

/// The other files of the product that are worth a line: those with a finding, and if the product is below its
/// threshold, those that pull it down.
fn notable(verdict: &Verdict) -> impl Iterator<Item = &Row> {
    let below = |finding: &Finding| matches!(finding, Finding::Below { .. });
    let is_short = verdict.findings_of(&verdict.product.name).any(below);
    let wanted = verdict.product.threshold.filter(|_| is_short);
    verdict.others.iter().filter(move |row| {
        wanted.is_some_and(|wanted| row.lines.percent() < wanted) || verdict.findings_of(&row.path).next().is_some()
    })
}

/// Where lines are uncovered only in some instances, there is no range to name.
fn without_range(row: &Row) -> Option<String> {
    let uncovered = row.lines.uncovered();
    (uncovered > 0 && row.uncovered.is_empty()).then(|| {
        format!("{} uncovered in single instances of generic or macro-made functions", plural(uncovered, "line"))
    })
}

const NEXT_MAX: usize = 10;

/// What to test next: the longest of all uncovered ranges of the product, with their paths.
fn next(verdict: &Verdict) -> Vec<(&str, &Uncovered)> {
    let rows = verdict.units.iter().chain(&verdict.others);
    let mut all: Vec<_> =
        rows.flat_map(|row| row.uncovered.iter().map(|uncovered| (row.path.as_str(), uncovered))).collect();
    all.sort_by_key(|(path, uncovered)| (u64::MAX - length(uncovered), *path, uncovered.lines));
    all.truncate(NEXT_MAX);
    all
}

fn length(uncovered: &Uncovered) -> u64 {
    uncovered.lines.end - uncovered.lines.start + 1
}
