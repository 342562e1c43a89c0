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
        let text = StrComparison::new(&pretty(wanted), &pretty(got)).to_string();
        self.comparison = Some(without_colour(&text));
        self
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

fn line_of(at: &Location<'_>) -> String {
    format!("{}:{}", at.file(), at.line())
}

/// Returns the whole report.
pub(crate) fn render(title: &str, once: &Once, wanted: &Wanted, good: bool, findings: &[Finding]) -> String {
    let mut out = String::new();
    let names = &once.journal.names;
    let got = cut(&names.readable(&once.ended.to_string()));
    out += &if good {
        format!("{title}: {got}, but not as it should be\n")
    } else {
        format!("{title}: wanted {}, got {got}\n", cut(&wanted.text))
    };
    if let (false, Ended::Refused(_) | Ended::Failed(_), true) = (good, &once.ended, findings.is_empty()) {
        out += &format!("  the last step of the journal shows where\n");
    }
    for (index, finding) in findings.iter().enumerate() {
        out += &format!("  {}. {}\n", index + 1, finding.title);
        if let Some((text, at)) = &finding.wanted {
            out += &format!("       wanted   {}   ({})\n", cut(text), line_of(at));
        }
        for got in &finding.got {
            out += &format!("       got      {}\n", cut(got));
        }
        if let Some((text, at)) = &finding.nearest {
            out += &format!("       nearest  {}   ({})\n", cut(text), line_of(at));
        }
        if let Some(hint) = &finding.hint {
            out += &format!("       hint     {hint}\n");
        }
    }
    if let Some(comparison) = &wanted.comparison {
        out += &format!("result (< wanted, > got)\n");
        comparison.lines().filter(|line| !line.trim().is_empty()).for_each(|line| out += &format!("  {line}\n"));
    }
    let changes = once.changes.lines(names);
    if !changes.is_empty() {
        out += &format!("changes\n");
        changes.iter().for_each(|line| out += &format!("  {}\n", cut(line)));
    }
    out += &format!("journal\n");
    once.journal.lines(true).iter().for_each(|line| out += &format!("{}\n", cut(line)));
    out.truncate(out.trim_end().len());
    out
}
