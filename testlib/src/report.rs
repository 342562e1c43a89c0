//! The report of a run that is not as its test wants it: the outcome in the head line; the findings, causes first; what
//! changed; the journal. Plain ASCII, names and not uuids, so that logs and golden tests can read it.

use std::panic::Location;

use cmdlib::processor::Ended;
use pretty_assertions::StrComparison;
use serde_json::Value;

use crate::bench::Once;
use crate::finding::Finding;

/// Longer values are cut in the middle.
const WIDTH: usize = 160;

/// What a verdict wanted.
pub(crate) struct Wanted {
    text: String,
    comparison: Option<String>,
}

impl Wanted {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), comparison: None }
    }

    /// Adds a comparison, line by line, of two results.
    pub(crate) fn compared(mut self, wanted: &Value, got: &Value) -> Self {
        let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string());
        let text = without_colour(&StrComparison::new(&pretty(wanted), &pretty(got)).to_string());
        // The first line tells which side is which, in words that are not ours.
        let lines = text.lines().skip(1).filter(|line| !line.trim().is_empty());
        self.comparison = Some(lines.map(|line| format!("  {}\n", signed(line))).collect());
        self
    }
}

/// What is wanted and missing has a minus, what is there and not wanted a plus.
fn signed(line: &str) -> String {
    match (line.strip_prefix('<'), line.strip_prefix('>')) {
        (Some(wanted), _) => format!("-{wanted}"),
        (_, Some(got)) => format!("+{got}"),
        _ => line.to_owned(),
    }
}

/// Takes terminal colours out: reports are read in logs.
fn without_colour(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(|it| *it == 'm');
        } else {
            plain.push(character);
        }
    }
    plain
}

/// Cuts a long text in the middle, and says how long it was.
fn cut(text: &str) -> String {
    let length = text.chars().count();
    if length <= WIDTH {
        return text.to_owned();
    }
    let head: String = text.chars().take(WIDTH / 2).collect();
    let tail: String = text.chars().skip(length - WIDTH / 4).collect();
    format!("{head} ..({length} characters).. {tail}")
}

/// Puts lines together that differ in nothing but their step.
fn in_steps(lines: &[String]) -> Vec<String> {
    const STEP: &str = " in step ";
    let mut told: Vec<(String, Vec<String>, String)> = Vec::new();
    for line in lines {
        let parts = line.rsplit_once(STEP).map(|(head, rest)| {
            let digits = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
            (head.to_owned(), vec![rest[..digits].to_owned()], rest[digits..].to_owned())
        });
        let (head, steps, tail) = parts.unwrap_or_else(|| (line.clone(), Vec::new(), String::new()));
        match told.iter_mut().find(|(other, _, end)| *other == head && *end == tail) {
            Some((_, more, _)) => more.extend(steps),
            None => told.push((head, steps, tail)),
        }
    }
    let text = |(head, steps, tail): (String, Vec<String>, String)| match steps.len() {
        0 => head,
        1 => format!("{head}{STEP}{}{tail}", steps[0]),
        _ => format!("{head} in steps {}{tail}", steps.join(", ")),
    };
    told.into_iter().map(text).collect()
}

fn line_of(at: &Location<'_>) -> String {
    format!("{}:{}", at.file(), at.line())
}

/// Returns the whole report.
pub(crate) fn render(title: &str, once: &Once, wanted: &Wanted, good: bool, findings: &[Finding]) -> String {
    let mut out = String::new();
    let names = &once.journal.names;
    let (mut got, mut wanted_text) = (cut(&names.readable(&once.ended.to_string())), cut(&wanted.text));
    if !good && got == wanted_text {
        // What differs is what names or the cut hide.
        (got, wanted_text) = (once.ended.to_string(), wanted.text.clone());
    }
    out += &if good {
        format!("{title}: {got}, but not as it should be\n")
    } else {
        format!("{title}: wanted {wanted_text}, got {got}\n")
    };
    let stopped = !matches!(once.ended, Ended::Success(_) | Ended::BadResult(_));
    if let (false, true, Some(phase)) = (good, stopped, once.journal.ended_in) {
        out += &format!("  it ended in phase '{}', after step {}\n", phase.as_str(), once.journal.steps.len());
    }
    for (index, finding) in findings.iter().enumerate() {
        let rule = finding.invariant.map(|it| format!("   (Invariant::{it:?})")).unwrap_or_default();
        out += &format!("  {}. {}{rule}\n", index + 1, finding.title);
        if let Some((text, at)) = &finding.wanted {
            out += &format!("       wanted   {}   ({})\n", cut(text), line_of(at));
        }
        for got in in_steps(&finding.got) {
            for (index, line) in got.lines().enumerate() {
                let head = if index == 0 { "got" } else { "" };
                out += &format!("       {head:<8} {}\n", cut(line));
            }
        }
        if let Some((text, at)) = &finding.nearest {
            out += &format!("       nearest  {}   ({})\n", cut(text), line_of(at));
        }
        if let Some(hint) = &finding.hint {
            out += &format!("       hint     {hint}\n");
        }
    }
    if let Some(comparison) = &wanted.comparison {
        out += "result   (- wanted, + got)\n";
        out += comparison;
    }
    let changes = once.changes.lines(names);
    if !changes.is_empty() {
        out += "changes\n";
        changes.iter().for_each(|line| out += &format!("  {}\n", cut(line)));
    }
    out += "journal\n";
    once.journal.lines(true).iter().for_each(|line| out += &format!("{}\n", cut(line)));
    out.truncate(out.trim_end().len());
    out
}
