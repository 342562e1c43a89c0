//! Differences as people read them: what is wanted and what our run has, side by side, with names instead of uuids.

use std::fmt::Write;

use serde_json::Value;

use super::trace::Trace;
use super::verdict::Verdict;

/// So many differences of a trace are shown.
const SHOWN: usize = 12;
/// The width of each of the two columns.
const COLUMN: usize = 56;

/// Returns the text on a trace that is not held; on one that is, a single line.
#[must_use]
pub fn side_by_side(trace: &Trace, verdict: &Verdict) -> String {
    let mut out = String::new();
    let detail = match verdict {
        Verdict::Corrected(by) | Verdict::Pardoned(by) => format!(" ({})", by.join(", ")),
        _ => verdict.channel().map(|channel| format!(" in {channel}")).unwrap_or_default(),
    };
    let _ = writeln!(out, "{} ({}): {}{detail}", trace.id, trace.lu, verdict.as_str());
    let differences = verdict.differences();
    if differences.is_empty() {
        return out;
    }
    let _ = writeln!(out, "  {:COLUMN$} | ours", "wanted");
    for difference in differences.iter().take(SHOWN) {
        let text = |text: &str| named(text, &trace.config);
        let _ = writeln!(out, "  {}: {}", difference.channel, text(&difference.subject));
        let (wanted, ours) = (wrapped(&text(&difference.wanted)), wrapped(&text(&difference.ours)));
        for row in 0..wanted.len().max(ours.len()) {
            let cell = |column: &[String]| column.get(row).cloned().unwrap_or_default();
            let line = format!("    {:width$} | {}", cell(&wanted), cell(&ours), width = COLUMN - 2);
            let _ = writeln!(out, "{}", line.trim_end());
        }
    }
    if differences.len() > SHOWN {
        let _ = writeln!(out, "  .. and {} more", differences.len() - SHOWN);
    }
    out
}

/// Cuts a text into lines of a column's width, at blanks where there are any.
fn wrapped(text: &str) -> Vec<String> {
    let width = COLUMN - 2;
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        if !line.is_empty() && line.chars().count() + 1 + word.len() > width {
            lines.push(std::mem::take(&mut line));
        }
        while word.len() > width {
            lines.push(word.drain(..width).collect());
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word);
    }
    lines.push(line);
    lines
}

/// Puts names in the place of uuids.
fn named(text: &str, config: &Value) -> String {
    let mut out = text.to_owned();
    for table in ["nodes", "nodegroups", "instances", "networks"] {
        for (uuid, object) in config.get(table).and_then(Value::as_object).into_iter().flatten() {
            if let Some(name) = object.get("name").and_then(Value::as_str).filter(|_| out.contains(uuid.as_str())) {
                out = out.replace(uuid.as_str(), name);
            }
        }
    }
    out
}
