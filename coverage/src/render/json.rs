//! JSON, for programs. Keys are only ever added.

use serde_json::{Value, json};

use super::{next, remark};
use crate::changed::{Reached, ReachedFile, Uncovered};
use crate::cli::exit_code;
use crate::judge::{Group, Outcome, Row, Verdict};
use crate::report::Lines;
use crate::trouble::Trouble;

/// The verdict as one JSON object.
#[must_use]
pub fn json(verdict: &Verdict) -> String {
    let word = match verdict.outcome() {
        Outcome::Held => "held",
        Outcome::Short => "short",
        Outcome::Unmeasured => "unmeasured",
    };
    let rows = |rows: &[Row]| rows.iter().map(|each| row(verdict, each)).collect::<Vec<_>>();
    let findings = verdict
        .findings
        .iter()
        .map(|finding| json!({ "kind": finding.kind(), "subject": finding.subject(), "text": finding.to_string() }));
    pretty(&json!({
        "verdict": word,
        "exit": exit_code(verdict.outcome()),
        "product": group(&verdict.product),
        "unit": verdict.unit_word,
        "units": rows(&verdict.units),
        "others": rows(&verdict.others),
        "beside": verdict.beside.iter().map(group).collect::<Vec<_>>(),
        "without_lines": verdict.without_lines,
        "changed": verdict.changed.as_ref().map(changed),
        "next": next(verdict).into_iter().map(|(path, each)| place(path, each)).collect::<Vec<_>>(),
        "findings": findings.collect::<Vec<_>>(),
        "notes": verdict.notes,
    }))
}

/// What stopped the measurement, as one JSON object.
#[must_use]
pub fn json_trouble(trouble: &Trouble) -> String {
    pretty(&json!({
        "verdict": "unmeasured",
        "exit": exit_code(Outcome::Unmeasured),
        "error": {
            "what": trouble.what,
            "where": trouble.place,
            "expected": trouble.expected,
            "do": trouble.remedy,
        },
    }))
}

pub(crate) fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn group(group: &Group) -> Value {
    let mut value = numbers(group.lines);
    value["name"] = json!(group.name);
    value["threshold"] = json!(group.threshold.map(|threshold| threshold.number()));
    value
}

fn row(verdict: &Verdict, row: &Row) -> Value {
    let mut value = numbers(row.lines);
    value["name"] = json!(row.name);
    value["file"] = json!(row.path);
    value["threshold"] = json!(row.threshold.map(|threshold| threshold.number()));
    value["remark"] = json!(remark(verdict, row));
    value["uncovered"] = row.uncovered.iter().map(|each| json!([each.lines.start, each.lines.end])).collect();
    value["places"] = row.uncovered.iter().map(|each| place(&row.path, each)).collect();
    value
}

fn changed(reached: &Reached) -> Value {
    let mut value = numbers(reached.lines);
    value["name"] = json!("changed lines");
    value["base"] = json!(reached.base);
    value["threshold"] = json!(reached.threshold.number());
    let file = |file: &ReachedFile| {
        let mut value = numbers(file.lines);
        value["name"] = json!(file.path);
        value["places"] = file.uncovered.iter().map(|each| place(&file.path, each)).collect();
        value
    };
    value["files"] = reached.files.iter().map(file).collect();
    value
}

fn place(path: &str, uncovered: &Uncovered) -> Value {
    let Uncovered { lines, phase, function, .. } = uncovered;
    json!({ "file": path, "start": lines.start, "end": lines.end, "phase": phase, "function": function })
}

fn numbers(lines: Lines) -> Value {
    let percent = (lines.total > 0).then(|| lines.percent().number());
    json!({ "name": null, "percent": percent, "covered": lines.covered, "lines": lines.total })
}
