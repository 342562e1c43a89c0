//! A score in words, Markdown, JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::github::Annotation;
use crate::judge::plural;
use crate::render::escaped;

use super::baseline::Judged;
use super::outcomes::Mutant;
use super::score::{Count, Score};

fn end(score: &Score, judged: &Judged) -> String {
    let word = if judged.findings.is_empty() { "held" } else { "not held" };
    let total = score.total;
    if total.viable() == 0 {
        return format!("{word}: no viable mutant; {}", score.kind);
    }
    format!(
        "{word}: {} % of the viable mutants caught ({} of {}); {} timed out, {} unviable; {}",
        total.percent(),
        total.caught,
        total.viable(),
        total.timed_out,
        total.unviable,
        score.kind
    )
}

/// The files, worst first.
fn worst_first(score: &Score) -> Vec<(&String, &super::score::File)> {
    let mut files: Vec<_> = score.files.iter().collect();
    files.sort_by_key(|(path, file)| (file.count.percent(), path.as_str()));
    files
}

/// The score in words.
#[must_use]
pub fn text(score: &Score, judged: &Judged) -> String {
    let width = score.files.keys().map(String::len).max().unwrap_or_default();
    let mut out = String::new();
    for (path, file) in worst_first(score) {
        let count = file.count;
        let percent = if count.viable() == 0 { "-".to_owned() } else { count.percent().to_string() };
        let _ = writeln!(out, "{path:<width$}  {percent:>5} %  ({}/{})", count.caught, count.viable());
        let lines = |out: &mut String, word: &str, mutants: &[Mutant]| {
            for mutant in mutants {
                let _ = writeln!(out, "    {word}  {path}:{}  {}", mutant.line, mutant.change());
            }
        };
        lines(&mut out, "survived ", &file.survivors);
        lines(&mut out, "timed out", &file.timed_out);
    }
    out.push('\n');
    judged.findings.iter().for_each(|finding| out.push_str(&format!("  {finding}\n")));
    judged.notes.iter().for_each(|note| out.push_str(&format!("note: {note}\n")));
    out + &end(score, judged) + "\n"
}

/// The score as Markdown.
#[must_use]
pub fn markdown(score: &Score, judged: &Judged) -> String {
    let mut out = format!("## Mutants: {}\n\n", end(score, judged));
    for finding in &judged.findings {
        let _ = writeln!(out, "- {}", escaped(finding));
    }
    out.push_str("\n| file | caught | | survivors |\n| --- | ---: | ---: | --- |\n");
    for (path, file) in worst_first(score) {
        let Count { caught, .. } = file.count;
        let survivors: Vec<String> =
            file.survivors.iter().map(|it| format!("{}: {}", it.line, escaped(it.change()))).collect();
        let _ = writeln!(
            out,
            "| {} | {} % | {caught}/{} | {} |",
            escaped(path),
            file.count.percent(),
            file.count.viable(),
            survivors.join("<br>")
        );
    }
    out
}

/// The score as one JSON object.
#[must_use]
pub fn json(score: &Score, judged: &Judged) -> Value {
    let mutant = |it: &Mutant| json!({ "line": it.line, "change": it.change(), "name": it.name });
    let count = |count: Count| {
        json!({
            "percent": (count.viable() > 0).then(|| count.percent().number()),
            "caught": count.caught,
            "missed": count.missed,
            "timed_out": count.timed_out,
            "unviable": count.unviable,
        })
    };
    let files = score.files.iter().map(|(path, file)| {
        let mut value = count(file.count);
        value["file"] = path.as_str().into();
        value["survivors"] = file.survivors.iter().map(mutant).collect();
        value["timeouts"] = file.timed_out.iter().map(mutant).collect();
        value
    });
    json!({
        "verdict": if judged.findings.is_empty() { "held" } else { "short" },
        "kind": score.kind.to_string(),
        "total": count(score.total),
        "untried": score.untried,
        "files": files.collect::<Vec<_>>(),
        "findings": judged.findings,
        "notes": judged.notes,
    })
}

/// The survivors, at their lines.
#[must_use]
pub fn annotations(score: &Score) -> Vec<Annotation> {
    let survivors = score.files.values().flat_map(|file| &file.survivors);
    let at = |it: &Mutant| {
        let message = format!("no test fails with: {}", it.change());
        Annotation::of_lines(&it.file, (it.line, it.line), "a mutant survives", &message)
    };
    survivors.map(at).collect()
}

/// How many are to be tried, in words.
#[must_use]
pub fn beginning(kind: &super::score::Kind, wanted: usize, known: usize) -> String {
    let resumed = if known > 0 { format!(", {known} of them known from before") } else { String::new() };
    format!("mutants: {}: {}{resumed}", kind, plural(wanted as u64, "mutant"))
}
