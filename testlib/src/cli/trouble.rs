//! The one error of the command: the input can't be used.

use std::fmt;

/// Why nothing was done. Each part is a lower-case fragment without a final dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    /// What is wrong; several lines for several facts.
    what: String,
    /// Where: a file, an option.
    place: String,
    /// What should have been there.
    expected: String,
    /// What to do about it.
    remedy: String,
}

impl Trouble {
    /// Says what is wrong and where.
    pub(super) fn new(what: impl Into<String>, place: impl Into<String>) -> Self {
        Self { what: what.into(), place: place.into(), expected: String::new(), remedy: String::new() }
    }

    /// Says what should have been there.
    pub(super) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// Says what to do.
    pub(super) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// Changes all words, so that secrets don't leave.
    pub(super) fn map(self, change: impl Fn(&str) -> String) -> Self {
        Self {
            what: change(&self.what),
            place: change(&self.place),
            expected: change(&self.expected),
            remedy: change(&self.remedy),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, line) in self.what.lines().enumerate() {
            if index == 0 {
                write!(f, "error: {line}")?;
            } else {
                write!(f, "\n  {line}")?;
            }
        }
        for (label, text) in [("where", &self.place), ("expected", &self.expected), ("do", &self.remedy)] {
            for (index, line) in text.lines().enumerate() {
                write!(f, "\n  {:<8}  {line}", if index == 0 { label } else { "" })?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Trouble {}
