//! Results in words, Markdown, JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Outcome, Results, Test};
use crate::judge::plural;
use crate::render::escaped;

fn head(results: &Results) -> String {
    let number = |outcome: Outcome| (results.count(outcome), outcome.as_str());
    let parts = [Outcome::Passed, Outcome::Failed, Outcome::Skipped].map(number);
    let parts = parts.iter().filter(|(count, word)| *count > 0 || *word == "failed");
    let parts: Vec<String> = parts.map(|(count, word)| format!("{count} {word}")).collect();
    format!("{}: {}", plural(results.tests.len() as u64, "test"), parts.join(", "))
}

fn seconds(test: &Test) -> String {
    test.duration.map_or_else(|| "-".to_owned(), |duration| format!("{:.3} s", duration.as_secs_f64()))
}

fn full(test: &Test) -> String {
    if test.class.is_empty() { test.name.clone() } else { format!("{} {}", test.class, test.name) }
}

/// The results in words: which tests failed, which took longest.
#[must_use]
pub fn text(results: &Results, slowest: usize) -> String {
    let mut out = String::new();
    for test in results.failed() {
        let _ = writeln!(out, "failed  {}", full(test));
        for line in test.message.trim().lines() {
            let _ = writeln!(out, "{}", format!("        {line}").trim_end());
        }
    }
    for test in results.slowest(slowest) {
        let _ = writeln!(out, "{:>9}  {}", seconds(test), full(test));
    }
    out + &head(results) + "\n"
}

/// The results as Markdown.
#[must_use]
pub fn markdown(results: &Results, slowest: usize) -> String {
    let mut out = format!("## {}\n", head(results));
    for test in results.failed() {
        let message = test.message.trim().replace("```", "'''");
        let _ = write!(
            out,
            "\n<details><summary>failed: {}</summary>\n\n```text\n{message}\n```\n\n</details>\n",
            escaped(&full(test))
        );
    }
    let slow = results.slowest(slowest);
    if !slow.is_empty() {
        out.push_str("\n| slowest | |\n| --- | ---: |\n");
    }
    for test in slow {
        let _ = writeln!(out, "| {} | {} |", escaped(&full(test)), seconds(test));
    }
    out
}

/// The results as one JSON object.
#[must_use]
pub fn json(results: &Results, slowest: usize) -> Value {
    let test = |test: &Test| {
        json!({
            "class": test.class,
            "name": test.name,
            "outcome": test.outcome.as_str(),
            "seconds": test.duration.map(|duration| duration.as_secs_f64()),
            "message": test.message,
        })
    };
    json!({
        "passed": results.count(Outcome::Passed),
        "failed": results.count(Outcome::Failed),
        "skipped": results.count(Outcome::Skipped),
        "slowest": results.slowest(slowest).into_iter().map(test).collect::<Vec<_>>(),
        "tests": results.tests.iter().map(test).collect::<Vec<_>>(),
    })
}
