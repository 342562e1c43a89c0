//! The proof in words: one function a format.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{RUNS, Shown, There, Verdict};
use crate::cli::exit_code;
use crate::judge::{Outcome, plural};
use crate::render::pretty;

/// As plain text.
#[must_use]
pub fn text(verdict: &Verdict) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "files of the product put back to {}", verdict.base);
    for path in &verdict.reset {
        let _ = writeln!(out, "  {path}");
    }
    if !verdict.shown.is_empty() {
        out.push_str("tests of the change\n");
    }
    for shown in &verdict.shown {
        let _ = writeln!(out, "  {}  {}", if shown.is_pin { "pin   " } else { "no pin" }, shown.test.name);
        for line in words(shown) {
            let _ = writeln!(out, "          {line}");
        }
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
    let mut out = format!("## Pinned since {}: {}\n\n", verdict.base, conclusion(verdict));
    for shown in &verdict.shown {
        let word = if shown.is_pin { "pin" } else { "**no pin**" };
        let _ = writeln!(out, "- {word}: `{}`: {}", shown.test.name, words(shown).join("; "));
    }
    for note in &verdict.notes {
        let _ = writeln!(out, "- {note}");
    }
    out
}

/// As one JSON object.
#[must_use]
pub fn json(verdict: &Verdict) -> String {
    let word = if verdict.outcome() == Outcome::Held { "held" } else { "short" };
    pretty(&json!({
        "verdict": word,
        "exit": exit_code(verdict.outcome()),
        "base": verdict.base,
        "reset": verdict.reset,
        "tests": verdict.shown.iter().map(test).collect::<Vec<_>>(),
        "notes": verdict.notes,
        "conclusion": conclusion(verdict),
    }))
}

fn test(shown: &Shown) -> Value {
    let (there, why) = match &shown.there {
        There::Failed(why) => ("failed", Some(why)),
        There::Passed => ("passed", None),
        There::Ignored => ("ignored", None),
        There::NotCompiled(why) => ("not_compiled", Some(why)),
    };
    json!({
        "name": shown.test.name,
        "package": shown.test.package,
        "target": shown.test.target.join(" "),
        "file": shown.test.path,
        "line": shown.test.lines.start,
        "pin": shown.is_pin,
        "without_fix": there,
        "why": why,
        "passed": shown.passed,
        "runs": RUNS,
    })
}

/// What a test showed, a line a run.
fn words(shown: &Shown) -> Vec<String> {
    let passed = || format!("with the fix it passes {} of {RUNS} times", shown.passed);
    let is_borne = shown.is_pin || shown.passed > 0;
    match &shown.there {
        There::Failed(why) => vec![format!("without the fix it fails: {why}"), passed()],
        There::NotCompiled(why) if is_borne => {
            vec![format!("without the fix it does not compile, as declared: {why}"), passed()]
        }
        There::NotCompiled(why) => vec![
            format!("without the fix it does not compile: {why}"),
            "write it with what the base has, or declare it: `--may-not-compile`, or a trailer `Pin: compile-error`"
                .to_owned(),
        ],
        There::Passed => vec!["without the fix it passes: it does not show the bug".to_owned()],
        There::Ignored => vec!["it is ignored: it shows nothing".to_owned()],
    }
}

fn conclusion(verdict: &Verdict) -> String {
    let all = verdict.shown.len() as u64;
    let pins = verdict.shown.iter().filter(|shown| shown.is_pin).count();
    if all == 0 {
        "not held: the change adds or touches no test; write one that fails without the fix, or name it".to_owned()
    } else if verdict.outcome() == Outcome::Held {
        format!("held: {}, red without the fix, green with it", plural(all, "test"))
    } else {
        format!("not held: of {} {pins} proved the fix", plural(all, "test"))
    }
}
