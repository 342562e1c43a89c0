//! Patterns of paths: `*` and `?` inside one folder, `**` over folders. Paths are relative to the workspace, with `/`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};

/// A pattern such as `cmdlib/src/lu/*/**/*.rs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    parts: Vec<String>,
}

impl Glob {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Says what is wrong with it: empty, absolute, leading out of the workspace, or with `[`, `{`, `\`.
    pub fn new(pattern: &str) -> Result<Self, String> {
        let parts: Vec<String> = pattern.split('/').map(str::to_owned).collect();
        if parts.iter().any(|part| part.is_empty() || part == "." || part == "..") {
            return Err(format!("`{pattern}`: wanted a pattern relative to the workspace, without `.` and `..`"));
        }
        if pattern.contains(['[', ']', '{', '}', '\\', '!']) {
            return Err(format!("`{pattern}`: a pattern knows `*`, `?` and `**` only"));
        }
        if parts.iter().any(|part| part != "**" && part.contains("**")) {
            return Err(format!("`{pattern}`: `**` stands alone between slashes"));
        }
        Ok(Self { parts })
    }

    /// Whether `path` is meant.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let path: Vec<&str> = path.split('/').collect();
        folders(&self.parts, &path)
    }

    /// The folder below which all that is meant lies; empty for the whole workspace.
    #[must_use]
    pub fn folder(&self) -> String {
        let fixed = self.parts.iter().take_while(|part| !part.contains(['*', '?'])).count();
        // A pattern without stars is a file: its folder ends before it.
        self.parts[..fixed.min(self.parts.len() - 1)].join("/")
    }
}

fn folders(parts: &[String], path: &[&str]) -> bool {
    match parts.split_first() {
        None => path.is_empty(),
        Some((part, rest)) if part == "**" => (0..=path.len()).any(|skipped| folders(rest, &path[skipped..])),
        Some((part, rest)) => match path.split_first() {
            Some((name, below)) => name_matches(part.as_bytes(), name.as_bytes()) && folders(rest, below),
            None => false,
        },
    }
}

fn name_matches(pattern: &[u8], name: &[u8]) -> bool {
    match pattern.split_first() {
        None => name.is_empty(),
        Some((b'*', rest)) => (0..=name.len()).any(|skipped| name_matches(rest, &name[skipped..])),
        Some((wanted, rest)) => match name.split_first() {
            Some((got, below)) => (*wanted == b'?' || wanted == got) && name_matches(rest, below),
            None => false,
        },
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts.join("/"))
    }
}

impl<'de> Deserialize<'de> for Glob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
