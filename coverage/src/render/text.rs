//! Plain text, for terminals and logs.

use std::fmt::Write as _;

use super::{conclusion, group_remark, length, next, notable, percent, remark, without_range};
use crate::changed::Uncovered;
use crate::judge::{Row, Verdict, plural};

/// The verdict as plain ASCII text.
#[must_use]
pub fn text(verdict: &Verdict) -> String {
    let mut out = String::new();
    let groups = || std::iter::once(&verdict.product).chain(&verdict.beside);
    let names = verdict.units.iter().chain(notable(verdict)).map(|row| row.name.len() + 2);
    let changed = verdict.changed.iter().flat_map(|changed| &changed.files).map(|file| file.path.len() + 2);
    let width = names.chain(groups().map(|group| group.name.len())).chain(changed).max().unwrap_or(0);
    let line = |name: &str, percent: &str, covered: u64, total: u64, remark: &str| {
        let numbers = format!("({covered}/{total})");
        let line = format!("{name:<width$}  {percent:>5} %  {numbers:<13}  {remark}");
        format!("{}\n", line.trim_end())
    };
    let rows = |out: &mut String, rows: &mut dyn Iterator<Item = &Row>| {
        for row in rows {
            let percent = row.lines.percent().to_string();
            let name = format!("  {}", row.name);
            out.push_str(&line(&name, &percent, row.lines.covered, row.lines.total, &remark(verdict, row)));
            ranges(out, &row.path, &row.uncovered);
            if let Some(words) = without_range(row) {
                let _ = writeln!(out, "      {words}");
            }
        }
    };
    let _ = writeln!(out, "each {}, worst first", verdict.unit_word);
    rows(&mut out, &mut verdict.units.iter());
    if notable(verdict).next().is_some() {
        let _ = writeln!(out, "other files of {}", verdict.product.name);
        rows(&mut out, &mut notable(verdict));
    }
    out.push('\n');
    for group in groups() {
        let words = group_remark(verdict, group);
        out.push_str(&line(&group.name, &percent(group), group.lines.covered, group.lines.total, &words));
    }
    if let Some(changed) = &verdict.changed {
        let words = verdict.findings_of("changed lines").map(|_| format!("below {} %", changed.threshold.brief()));
        let _ = writeln!(out, "\nlines changed since {}", changed.base);
        for file in &changed.files {
            let percent = file.lines.percent().to_string();
            out.push_str(&line(&format!("  {}", file.path), &percent, file.lines.covered, file.lines.total, ""));
            ranges(&mut out, &file.path, &file.uncovered);
        }
        let (lines, words) = (changed.lines, words.collect::<String>());
        out.push_str(&line("  together", &lines.percent().to_string(), lines.covered, lines.total, &words));
    }
    let next = next(verdict);
    if !next.is_empty() {
        let _ = writeln!(out, "\nwhat to test next, longest first");
        let width = next.iter().map(|(path, uncovered)| format!("{path}:{}", uncovered.lines).len()).max().unwrap_or(0);
        for (path, uncovered) in next {
            let place = format!("{path}:{}", uncovered.lines);
            let lines = plural(length(uncovered), "line");
            let line = format!("  {lines:<9}  {place:<width$}  {}", uncovered.label);
            let _ = writeln!(out, "{}", line.trim_end());
        }
    }
    out.push('\n');
    for (index, finding) in verdict.findings.iter().enumerate() {
        let _ = writeln!(out, "{:>3}. {finding}", index + 1);
    }
    for note in &verdict.notes {
        let _ = writeln!(out, "note: {note}");
    }
    let _ = writeln!(out, "{}", conclusion(verdict));
    out
}

fn ranges(out: &mut String, path: &str, uncovered: &[Uncovered]) {
    for Uncovered { lines, label, .. } in uncovered {
        let line = format!("      {path}:{lines}  {label}");
        let _ = writeln!(out, "{}", line.trim_end());
    }
}
