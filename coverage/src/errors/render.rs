//! The places in words: one function a format.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Site, Verdict};
use crate::cli::exit_code;
use crate::judge::{Outcome, plural};
use crate::percent::Percent;
use crate::render::pretty;

/// As plain text: the units, then what no test reached.
#[must_use]
pub fn text(verdict: &Verdict) -> String {
    let mut out = format!("places that build an error, by {}\n", verdict.unit_word);
    let width = verdict.units().iter().map(|unit| unit.len()).max().unwrap_or(0);
    for (unit, reached, all) in numbers(verdict) {
        let line = format!("  {unit:<width$}  {:>5} %  ({reached}/{all})", Percent::of(reached, all));
        let _ = writeln!(out, "{line}");
    }
    let missed = missed(verdict);
    if !missed.is_empty() {
        out.push_str("\nno test reached\n");
    }
    let width = missed.iter().map(|site| site.id().len()).max().unwrap_or(0);
    for site in missed {
        let at = format!("{}:{}:{}", site.path, site.place.line, site.place.column);
        let _ = writeln!(out, "  {:<width$}  {}  at {at}", site.id(), site.place.constructor);
    }
    out.push('\n');
    for missing in &verdict.missing {
        let _ = writeln!(out, "error: {missing}");
    }
    for note in &verdict.notes {
        let _ = writeln!(out, "note: {note}");
    }
    let _ = writeln!(out, "{}", conclusion(verdict));
    out
}

/// As Markdown.
#[must_use]
pub fn markdown(verdict: &Verdict) -> String {
    let mut out = format!("## Places that build an error: {}\n\n", conclusion(verdict));
    let _ = writeln!(out, "| {} | reached | places |\n| --- | ---: | ---: |", verdict.unit_word);
    for (unit, reached, all) in numbers(verdict) {
        let _ = writeln!(out, "| {unit} | {} % | {reached}/{all} |", Percent::of(reached, all));
    }
    let missed = missed(verdict);
    if !missed.is_empty() {
        out.push_str("\nNo test reached:\n\n");
    }
    for site in missed {
        let _ = writeln!(out, "- {}: `{}` at `{}:{}`", site.id(), site.place.constructor, site.path, site.place.line);
    }
    if !verdict.missing.is_empty() || !verdict.notes.is_empty() {
        out.push('\n');
    }
    for words in verdict.missing.iter().chain(&verdict.notes) {
        let _ = writeln!(out, "- {words}");
    }
    out
}

/// As one JSON object.
#[must_use]
pub fn json(verdict: &Verdict) -> String {
    let word = match verdict.outcome() {
        Outcome::Held => "held",
        Outcome::Short => "short",
        Outcome::Unmeasured => "unmeasured",
    };
    let unit = |(unit, reached, all): (&str, u64, u64)| json!({ "name": unit, "places": all, "reached": reached });
    pretty(&json!({
        "verdict": word,
        "exit": exit_code(verdict.outcome()),
        "percent": verdict.percent().number(),
        "threshold": verdict.threshold.number(),
        "reached": verdict.reached(),
        "unit": verdict.unit_word,
        "units": numbers(verdict).map(unit).collect::<Vec<_>>(),
        "places": verdict.sites.iter().map(place).collect::<Vec<_>>(),
        "missing": verdict.missing,
        "notes": verdict.notes,
    }))
}

fn place(site: &Site) -> Value {
    json!({
        "id": site.id(),
        "unit": site.unit,
        "phase": site.phase,
        "line": site.place.line,
        "column": site.place.column,
        "file": site.path,
        "function": site.function,
        "constructor": site.place.constructor,
        "hits": site.hits,
        "by_line": site.place.is_vague,
    })
}

/// Units with the numbers of reached and of all places.
fn numbers(verdict: &Verdict) -> impl Iterator<Item = (&str, u64, u64)> {
    verdict.units().into_iter().map(|unit| {
        let reached = verdict.of_unit(unit).filter(|site| site.hits > 0).count();
        (unit, reached as u64, verdict.of_unit(unit).count() as u64)
    })
}

fn missed(verdict: &Verdict) -> Vec<&Site> {
    verdict.sites.iter().filter(|site| site.hits == 0).collect()
}

fn conclusion(verdict: &Verdict) -> String {
    let (reached, all) = (verdict.reached(), verdict.sites.len() as u64);
    let numbers = format!("{} % of {} reached ({reached}/{all})", verdict.percent(), plural(all, "place"));
    match verdict.outcome() {
        Outcome::Held => format!("held: {numbers}"),
        Outcome::Short => format!("not held: {numbers}, wanted {} %", verdict.threshold.brief()),
        Outcome::Unmeasured => {
            format!("could not measure: {} not in the report", plural(verdict.missing.len() as u64, "file"))
        }
    }
}
