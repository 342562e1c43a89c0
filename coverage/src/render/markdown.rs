//! Markdown, for step summaries and comments.

use std::fmt::Write as _;

use super::{conclusion, group_remark, notable, percent, remark, without_range};
use crate::judge::{Row, Verdict};
use crate::trouble::Trouble;

/// The verdict as Markdown.
#[must_use]
pub fn markdown(verdict: &Verdict) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "## Coverage of {}: {}\n", verdict.product.name, conclusion(verdict));
    for (index, finding) in verdict.findings.iter().enumerate() {
        let _ = writeln!(out, "{}. {}", index + 1, escaped(&finding.to_string()));
    }
    if !verdict.findings.is_empty() {
        out.push('\n');
    }
    out.push_str("| | lines | covered | |\n| --- | ---: | ---: | --- |\n");
    for group in std::iter::once(&verdict.product).chain(&verdict.beside) {
        let (name, words) = (escaped(&group.name), group_remark(verdict, group));
        let (lines, percent) = (group.lines, percent(group));
        let _ = writeln!(out, "| **{name}** | {percent} % | {}/{} | {words} |", lines.covered, lines.total);
    }
    let _ =
        writeln!(out, "\n| {} | lines | covered | | uncovered |\n| --- | ---: | ---: | --- | --- |", verdict.unit_word);
    for row in verdict.units.iter().chain(notable(verdict)) {
        let (name, lines) = (escaped(&row.name), row.lines);
        let (percent, remark, ranges) = (lines.percent(), remark(verdict, row), ranges(row));
        let _ = writeln!(out, "| {name} | {percent} % | {}/{} | {remark} | {ranges} |", lines.covered, lines.total);
    }
    if !verdict.notes.is_empty() {
        out.push('\n');
    }
    for note in &verdict.notes {
        let _ = writeln!(out, "- {}", escaped(note));
    }
    out
}

/// What stopped the measurement, as Markdown.
#[must_use]
pub fn markdown_trouble(trouble: &Trouble) -> String {
    format!("## Coverage: could not measure\n\n```text\n{trouble}\n```\n")
}

fn ranges(row: &Row) -> String {
    let spans: Vec<String> = row.uncovered.iter().map(|span| format!("`{}:{span}`", row.path)).collect();
    without_range(row).unwrap_or_else(|| spans.join("<br>"))
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}
