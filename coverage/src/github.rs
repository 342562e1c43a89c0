//! What GitHub shows of a verdict: annotations at lines of the change, and the summary of a step. Both are plain text: no
//! token is needed, so pull requests from forks have them, too.

use std::fmt;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use crate::errors;
use crate::judge::{Finding, Verdict};
use crate::trouble::Trouble;

/// GitHub shows ten of a kind for each step; beyond this only the log grows.
const MOST: usize = 50;

/// What GitHub shall be told.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct GitHub {
    /// Print GitHub's `::error` lines, on standard error
    #[arg(long)]
    pub annotations: bool,
    /// Append the verdict as Markdown to this file: "$GITHUB_STEP_SUMMARY"
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
}

/// A word at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// The path, relative to the repository; none if it is about no file.
    pub file: Option<String>,
    /// First and last line.
    pub lines: Option<(u64, u64)>,
    /// What it is about.
    pub title: String,
    /// What is wrong.
    pub message: String,
}

impl Annotation {
    /// About a file as a whole.
    #[must_use]
    pub fn of_file(file: &str, title: &str, message: &str) -> Self {
        Self { file: Some(file.to_owned()), lines: None, title: title.to_owned(), message: message.to_owned() }
    }

    /// About lines of a file.
    #[must_use]
    pub fn of_lines(file: &str, lines: (u64, u64), title: &str, message: &str) -> Self {
        Self { lines: Some(lines), ..Self::of_file(file, title, message) }
    }
}

impl fmt::Display for Annotation {
    /// GitHub's workflow command.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("::error ")?;
        if let Some(file) = &self.file {
            write!(f, "file={},", property(file))?;
        }
        if let Some((first, last)) = self.lines {
            write!(f, "line={first},endLine={last},")?;
        }
        write!(f, "title={}::{}", property(&self.title), data(&self.message))
    }
}

fn data(text: &str) -> String {
    text.trim_end().replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// What is wrong with a verdict of the gate, at its lines.
#[must_use]
pub fn of_verdict(verdict: &Verdict) -> Vec<Annotation> {
    let mut all = Vec::new();
    for finding in &verdict.findings {
        if let (Finding::Changed { .. }, Some(changed)) = (finding, &verdict.changed) {
            for (file, span) in
                changed.files.iter().flat_map(|file| file.uncovered.iter().map(move |span| (file, span)))
            {
                let lines = (span.lines.start, span.lines.end);
                all.push(Annotation::of_lines(&file.path, lines, "changed and not covered", &finding.to_string()));
            }
            continue;
        }
        let subject = finding.subject();
        let rows = || verdict.units.iter().chain(&verdict.others);
        let row = rows().find(|row| row.path == subject);
        let spans = row.map(|row| row.uncovered.as_slice()).unwrap_or_default();
        if spans.is_empty() {
            let is_file = row.is_some() || matches!(finding, Finding::Missing { .. });
            let whole = Annotation::of_file(subject, "coverage", &finding.to_string());
            all.push(if is_file { whole } else { Annotation { file: None, ..whole } });
        }
        all.extend(spans.iter().map(|span| {
            Annotation::of_lines(subject, (span.lines.start, span.lines.end), "not covered", &finding.to_string())
        }));
    }
    all
}

/// The places that build an error and that no test reached.
#[must_use]
pub fn of_places(verdict: &errors::Verdict) -> Vec<Annotation> {
    let unreached = verdict.sites.iter().filter(|site| site.hits == 0);
    let at = |site: &errors::Site| {
        let line = site.place.line;
        Annotation::of_lines(&site.path, (line, line), "error not reached", &format!("no test reaches {}", site.id()))
    };
    unreached.map(at).collect()
}

impl GitHub {
    /// The lines to print.
    #[must_use]
    pub fn lines(&self, annotations: &[Annotation]) -> String {
        if !self.annotations {
            return String::new();
        }
        annotations.iter().take(MOST).map(|annotation| format!("{annotation}\n")).collect()
    }

    /// Appends the summary.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn summarize(&self, markdown: &str) -> Result<(), Trouble> {
        let Some(path) = &self.summary else { return Ok(()) };
        let written = OpenOptions::new().append(true).create(true).open(path);
        written.and_then(|mut file| file.write_all(format!("{}\n", markdown.trim_end()).as_bytes())).map_err(|error| {
            Trouble::new(format!("the summary can't be written: {error}"), path.display().to_string())
                .expected("a file that can be appended to")
                .remedy("name one with `--summary FILE`")
        })
    }
}
