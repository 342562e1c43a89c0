//! Markdown, for step summaries and comments.

use std::fmt::Write as _;

use super::{conclusion, group_remark, length, next, notable, percent, remark, without_range};
use crate::changed::Uncovered;
use crate::judge::{Verdict, plural};
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
        let ranges = without_range(row).unwrap_or_else(|| ranges(&row.path, &row.uncovered));
        let (percent, remark) = (lines.percent(), remark(verdict, row));
        let _ = writeln!(out, "| {name} | {percent} % | {}/{} | {remark} | {ranges} |", lines.covered, lines.total);
    }
    if let Some(changed) = &verdict.changed {
        let _ = writeln!(out, "\n| lines changed since {} | lines | covered | uncovered |", changed.base);
        out.push_str("| --- | ---: | ---: | --- |\n");
        let row = |name: &str, lines: crate::report::Lines, ranges: &str| {
            format!("| {name} | {} % | {}/{} | {ranges} |\n", lines.percent(), lines.covered, lines.total)
        };
        for file in &changed.files {
            out.push_str(&row(&escaped(&file.path), file.lines, &ranges(&file.path, &file.uncovered)));
        }
        out.push_str(&row("**together**", changed.lines, ""));
    }
    let next = next(verdict);
    if !next.is_empty() {
        out.push_str("\nWhat to test next, longest first:\n\n");
    }
    for (path, uncovered) in next {
        let _ = writeln!(out, "- {}: {}", plural(length(uncovered), "line"), place(path, uncovered));
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

fn ranges(path: &str, uncovered: &[Uncovered]) -> String {
    let spans: Vec<String> = uncovered.iter().map(|uncovered| place(path, uncovered)).collect();
    spans.join("<br>")
}

fn place(path: &str, uncovered: &Uncovered) -> String {
    format!("`{path}:{}` {}", uncovered.lines, escaped(&uncovered.label)).trim_end().to_owned()
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}
