//! What is wrong with a file of traces, and where.

use std::fmt;
use std::path::{Path, PathBuf};

/// A file of traces can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceError {
    file: Option<PathBuf>,
    line: Option<usize>,
    text: String,
}

impl TraceError {
    pub(crate) fn of_file(file: &Path, text: impl Into<String>) -> Self {
        Self { file: Some(file.to_owned()), line: None, text: text.into() }
    }

    pub(crate) fn of_text(text: impl Into<String>) -> Self {
        Self { file: None, line: None, text: text.into() }
    }

    /// Says where it was found; what is known already stays.
    pub(crate) fn at(mut self, file: &Path, line: usize) -> Self {
        if self.file.is_none() {
            (self.file, self.line) = (Some(file.to_owned()), Some(line));
        }
        self
    }
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}:", file.display())?;
        }
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        if self.file.is_some() {
            f.write_str(" ")?;
        }
        f.write_str(&self.text)
    }
}

impl std::error::Error for TraceError {}
