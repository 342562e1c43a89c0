//! A page of API coverage kept by hand: calls, what is written of each, the tests that make it.
//!
//! Two forms are read. *Plain*: a call is a line of one word between blank lines, a test a line `• Class.test`.
//! *Markdown*: a call is a heading `## call`, a test an item `* Class.test`, either in backticks or not. All other text is
//! kept as it stands: each entry holds its own source, so a page is written back byte for byte.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::trouble::Trouble;

/// How a page is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A call is a line of one word between blank lines.
    Plain,
    /// A call is a heading of the second level.
    Markdown,
}

/// What a page says of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Tests are listed.
    Explicit,
    /// None is listed, since so many make the call.
    Extensive,
    /// It is made in passing only.
    Implied,
    /// Neither of these.
    NotTested,
}

/// One call of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The call.
    pub call: String,
    /// What the page says of it.
    pub state: State,
    /// Whether the text says, beside the tests, that the call is implied by others.
    pub implied: bool,
    /// Names that the text says it had before.
    pub formerly: Vec<String>,
    /// The tests that are listed.
    pub tests: Vec<String>,
    /// All of the entry as it stands on the page; the other members are read from it.
    pub source: String,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How it is written.
    pub form: Form,
    /// What stands before the first call.
    pub head: String,
    /// The calls, in the order of the page.
    pub entries: Vec<Entry>,
}

/// The numbers of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// Calls.
    pub calls: usize,
    /// Tests listed, each as often as it is.
    pub links: usize,
    /// Tests listed, each once.
    pub tests: usize,
    /// Calls in each state.
    pub explicit: usize,
    /// Calls whose tests are too many to be listed.
    pub extensive: usize,
    /// Calls made in passing only.
    pub implied: usize,
    /// Calls without a test.
    pub not_tested: usize,
}

/// The form in JSON: numbers first, for readers; they are not needed to read it again.
#[derive(Serialize, Deserialize)]
struct Document {
    #[serde(flatten)]
    numbers: Option<Numbers>,
    form: Form,
    head: String,
    entries: Vec<Entry>,
}

impl Page {
    /// Reads a page, or the JSON that [`Page::json`] writes. `place` is what messages call it.
    ///
    /// # Errors
    /// When it is empty, names no call, or names one twice; when JSON has another shape or contradicts itself.
    pub fn read(text: &str, place: &str) -> Result<Self, Trouble> {
        if text.trim().is_empty() {
            return Err(unreadable("the page is empty", place));
        }
        if text.trim_start().starts_with('{') { Self::read_json(text, place) } else { Self::read_text(text, place) }
    }

    fn read_text(text: &str, place: &str) -> Result<Self, Trouble> {
        let lines: Vec<Range<usize>> = line_ranges(text);
        let is_markdown = headings(text, &lines, Form::Markdown).next().is_some();
        let form = if is_markdown { Form::Markdown } else { Form::Plain };
        let calls: Vec<(usize, &str)> = headings(text, &lines, form).collect();
        let Some((first, _)) = calls.first() else { return Err(unreadable("the page names no call", place)) };
        let mut known = BTreeSet::new();
        let mut entries = Vec::new();
        for (index, (line, call)) in calls.iter().enumerate() {
            if !known.insert(*call) {
                return Err(unreadable(format!("the page names `{call}` twice"), &format!("{place}:{}", line + 1)));
            }
            let start = lines[*line].start;
            let end = calls.get(index + 1).map_or(text.len(), |(next, _)| lines[*next].start);
            entries.push(entry(call, &text[start..end], form));
        }
        Ok(Self { form, head: text[..lines[*first].start].to_owned(), entries })
    }

    fn read_json(text: &str, place: &str) -> Result<Self, Trouble> {
        let document: Document = serde_json::from_str(text).map_err(|error| {
            let what = if error.is_data() { "the page has another shape" } else { "the page is not JSON" };
            unreadable(format!("{what}: {error}"), place)
        })?;
        let Document { form, head, entries, .. } = document;
        let page = Self { form, head, entries };
        let again = Self::read_text(&page.text(), place)?;
        let differs = again.entries.iter().zip(&page.entries).find(|(again, entry)| again != entry);
        let subject = match differs {
            Some((_, entry)) => format!("entry `{}`", entry.call),
            None if again == page => return Ok(page),
            None => "the page".to_owned(),
        };
        Err(unreadable(
            format!("{subject} contradicts itself: its `source` does not say what its other members say"),
            place,
        )
        .remedy("edit `source` (and `head`); the other members are read from it"))
    }

    /// The page as it was read.
    #[must_use]
    pub fn text(&self) -> String {
        std::iter::once(self.head.as_str()).chain(self.entries.iter().map(|entry| entry.source.as_str())).collect()
    }

    /// The page as one JSON object: its numbers, and in `entries` all of it.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        let document = Document {
            numbers: Some(self.numbers()),
            form: self.form,
            head: self.head.clone(),
            entries: self.entries.clone(),
        };
        serde_json::to_value(document).unwrap_or_default()
    }

    /// Counts.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        let links = || self.entries.iter().flat_map(|entry| &entry.tests);
        let of = |state| self.entries.iter().filter(|entry| entry.state == state).count();
        Numbers {
            calls: self.entries.len(),
            links: links().count(),
            tests: links().collect::<BTreeSet<_>>().len(),
            explicit: of(State::Explicit),
            extensive: of(State::Extensive),
            implied: of(State::Implied),
            not_tested: of(State::NotTested),
        }
    }
}

fn unreadable(what: impl Into<String>, place: &str) -> Trouble {
    Trouble::new(what, place)
        .expected(
            "a page with a heading `## CALL` for each call (or plain: the call alone between blank lines), each once",
        )
        .remedy("correct the page, or name another file")
}

fn line_ranges(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        let range = start..start + line.len();
        start = range.end;
        range
    });
    lines.collect()
}

/// The lines that name a call, by number from 0.
fn headings<'a>(text: &'a str, lines: &'a [Range<usize>], form: Form) -> impl Iterator<Item = (usize, &'a str)> {
    let mut is_code = false;
    lines.iter().enumerate().filter_map(move |(index, range)| {
        let line = text[range.clone()].trim_end();
        let blank = |other: Option<usize>| {
            other.and_then(|other| lines.get(other)).is_none_or(|range| text[range.clone()].trim().is_empty())
        };
        let call = match form {
            Form::Plain => (blank(index.checked_sub(1)) && blank(Some(index + 1))).then_some(line),
            Form::Markdown => {
                is_code ^= line.trim_start().starts_with("```");
                line.strip_prefix("## ").filter(|_| !is_code).map(|name| unquoted(name.trim()))
            }
        };
        call.filter(|call| is_word(call)).map(|call| (index, call))
    })
}

/// A name of a call or a test: one word that does not end like a sentence.
fn is_word(text: &str) -> bool {
    let begins = |each: char| each.is_ascii_alphanumeric() || each == '_' || each == '/';
    text.starts_with(begins)
        && !text.ends_with(['.', ':', ',', ';'])
        && text.chars().all(|each| begins(each) || ".:-{}<>[]#@()".contains(each))
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('`').and_then(|text| text.strip_suffix('`')).unwrap_or(text)
}

fn test(line: &str, form: Form) -> Option<&str> {
    let line = line.trim();
    let item = match form {
        Form::Plain => line.strip_prefix('•'),
        Form::Markdown => ["* ", "- ", "+ "].into_iter().find_map(|bullet| line.strip_prefix(bullet)),
    };
    item.map(|item| unquoted(item.trim())).filter(|item| is_word(item))
}

fn entry(call: &str, source: &str, form: Form) -> Entry {
    let mut tests = Vec::new();
    let mut text = String::new();
    for line in source.lines().skip(1) {
        match test(line, form) {
            Some(test) => tests.push(test.to_owned()),
            None => {
                text.push_str(line.trim());
                text.push(' ');
            }
        }
    }
    let (state, implied) = said(&text.to_lowercase(), !tests.is_empty());
    Entry { call: call.to_owned(), state, implied, formerly: former_names(&text), tests, source: source.to_owned() }
}

/// Reads what the text says. What is not understood is not taken for tested.
fn said(text: &str, has_tests: bool) -> (State, bool) {
    let says = |words: &[&str]| words.iter().any(|words| text.contains(words));
    let implied = says(&["side effect", "implied", "implicit", "callers", "in passing", "indirectly"]);
    let state = if has_tests {
        State::Explicit
    } else if says(&["not tested", "untested"]) {
        State::NotTested
    } else if says(&["extensively"]) {
        State::Extensive
    } else if implied {
        State::Implied
    } else {
        State::NotTested
    };
    (state, implied && state == State::Explicit)
}

/// The word after each `formerly`.
fn former_names(text: &str) -> Vec<String> {
    let mut words = text.split_whitespace();
    let mut names = Vec::new();
    while let Some(word) = words.next() {
        if word.trim_matches(|each: char| !each.is_alphanumeric()).eq_ignore_ascii_case("formerly") {
            let name = words.next().unwrap_or_default();
            let name = name.trim_matches(|each: char| !each.is_alphanumeric() && each != '_');
            names.extend((!name.is_empty()).then(|| name.to_owned()));
        }
    }
    names
}
