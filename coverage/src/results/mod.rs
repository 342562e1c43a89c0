//! Results of tests, as runners write them: JUnit (nextest, pytest, ..), libtest's words and JSON, nextest's words.

pub mod command;
mod junit;
mod lines;
mod render;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

pub use render::{json, markdown, text};

use crate::trouble::Trouble;

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It passed, perhaps after another attempt.
    Passed,
    /// It was not run.
    Skipped,
    /// It failed, ran out of time, or died.
    Failed,
}

impl Outcome {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }
}

/// One test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// What holds it: JUnit's class, nextest's binary; empty if the runner does not say.
    pub class: String,
    /// Its name.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took, if the runner says so.
    pub duration: Option<Duration>,
    /// What it said when it failed.
    pub message: String,
}

impl Test {
    /// The names by which others may call it: `test`, `Class.test`, `path.to.Class.test`.
    fn names(&self) -> impl Iterator<Item = String> {
        let last = self.class.rsplit(['.', ':']).next().unwrap_or_default();
        let with = |class: &str| (!class.is_empty()).then(|| format!("{class}.{}", self.name));
        let mut names = vec![self.name.clone()];
        names.extend(with(&self.class));
        names.extend(with(last).filter(|_| last != self.class));
        names.into_iter()
    }

    /// Where it failed, if the message says so as Rust's panics do: `panicked at FILE:LINE:COLUMN`.
    #[must_use]
    pub fn place(&self) -> Option<(String, u64)> {
        let at = self.message.split("panicked at ").nth(1)?.lines().next()?;
        let mut parts = at.trim_end_matches(':').rsplitn(3, ':');
        let (_column, line, file) = (parts.next()?, parts.next()?, parts.next()?);
        Some((file.to_owned(), line.parse().ok()?))
    }
}

/// The results of one or several runs of the tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Results {
    /// The tests, in the order in which they were read.
    pub tests: Vec<Test>,
}

impl Results {
    /// Reads one file of results; `place` is what messages call it.
    ///
    /// # Errors
    /// When it is empty, not understood, cut off, or names no test.
    pub fn read(text: &str, place: &str) -> Result<Self, Trouble> {
        let begin = text.trim_start();
        let read = if begin.is_empty() {
            Err("the results are empty".to_owned())
        } else if begin.starts_with('<') {
            junit::read(text)
        } else if begin.starts_with('{') {
            lines::read_json(text)
        } else {
            lines::read_words(text)
        };
        let unusable = |what: String| {
            Trouble::new(what, place)
                .expected(
                    "JUnit's XML, or what `cargo test` or `cargo nextest run` prints, whole, with at least one test",
                )
                .remedy(
                    "run the tests again and keep their output: `cargo test --workspace --no-fail-fast > FILE 2>&1`",
                )
        };
        match read {
            Ok(tests) if tests.is_empty() => Err(unusable("the results name no test".to_owned())),
            Ok(tests) => Ok(Self { tests }),
            Err(what) => Err(unusable(what)),
        }
    }

    /// Reads several files.
    ///
    /// # Errors
    /// When one can't be read or is unusable.
    pub fn read_files<P: AsRef<Path>>(paths: &[P]) -> Result<Self, Trouble> {
        let mut all = Self::default();
        for path in paths {
            all.tests.extend(
                Self::read(&read_file(path.as_ref(), "results of tests")?, &path.as_ref().display().to_string())?.tests,
            );
        }
        Ok(all)
    }

    /// The outcome of each test by each name that it has. Of tests with one name the worst outcome counts.
    #[must_use]
    pub fn by_name(&self) -> BTreeMap<String, Outcome> {
        let mut all: BTreeMap<String, Outcome> = BTreeMap::new();
        for test in &self.tests {
            for name in test.names() {
                all.entry(name).and_modify(|worst| *worst = test.outcome.max(*worst)).or_insert(test.outcome);
            }
        }
        all
    }

    /// How many ended so.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.tests.iter().filter(|test| test.outcome == outcome).count()
    }

    /// The tests that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Test> {
        self.tests.iter().filter(|test| test.outcome == Outcome::Failed)
    }

    /// The tests that took longest, longest first; those without a duration are left out.
    #[must_use]
    pub fn slowest(&self, number: usize) -> Vec<&Test> {
        let mut timed: Vec<&Test> = self.tests.iter().filter(|test| test.duration.is_some()).collect();
        timed.sort_by(|one, other| other.duration.cmp(&one.duration).then_with(|| one.name.cmp(&other.name)));
        timed.truncate(number);
        timed
    }
}

/// Reads a text file that somebody named.
///
/// # Errors
/// When it can't be read.
pub fn read_file(path: &Path, what: &str) -> Result<String, Trouble> {
    std::fs::read_to_string(path).map_err(|error| {
        Trouble::new(format!("a file can't be read: {error}"), path.display().to_string())
            .expected(format!("{what}, in UTF-8"))
            .remedy("make the file, or name another one")
    })
}
