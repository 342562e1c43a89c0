//! The one error of the gate: it could not measure.

use std::fmt;

/// Why nothing could be measured. Each part is a lower-case fragment without a final dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong.
    pub what: String,
    /// Where: a file, a line of it, an option, a command.
    pub place: String,
    /// What should have been there.
    pub expected: String,
    /// What to do about it; several lines for several commands.
    pub remedy: String,
}

impl Trouble {
    /// Says what is wrong and where.
    #[must_use]
    pub fn new(what: impl Into<String>, place: impl Into<String>) -> Self {
        Self { what: what.into(), place: place.into(), expected: String::new(), remedy: String::new() }
    }

    /// Says what should have been there.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not measure: {}", self.what)?;
        for (label, text) in [("where", &self.place), ("expected", &self.expected), ("do", &self.remedy)] {
            for (index, line) in text.lines().enumerate() {
                write!(f, "\n  {:<8}  {line}", if index == 0 { label } else { "" })?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Trouble {}
