//! A file of values by id, each line read when it is asked for.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::TraceError;

pub(super) struct Drawer {
    path: PathBuf,
    /// The member of a line that holds the value.
    member: &'static str,
    index: OnceCell<Result<Index, TraceError>>,
}

struct Index {
    text: String,
    lines: BTreeMap<String, (usize, Range<usize>)>,
}

/// Reads only the id of a line: most lines are never asked for.
#[derive(Deserialize)]
struct Labelled {
    id: String,
}

impl Drawer {
    pub(super) fn new(path: PathBuf, member: &'static str) -> Self {
        Self { path, member, index: OnceCell::new() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the value with this id, as it stands, and its line.
    pub(super) fn get(&self, id: &str) -> Result<(Value, usize), TraceError> {
        let index = self.index.get_or_init(|| self.read()).as_ref().map_err(Clone::clone)?;
        let Some((line, range)) = index.lines.get(id) else {
            return Err(TraceError::of_text(format!("{id} is not in {}", self.path.display())));
        };
        let here = |text: String| TraceError::of_text(text).at(&self.path, *line);
        let mut value: Value =
            serde_json::from_str(&index.text[range.clone()]).map_err(|error| here(error.to_string()))?;
        let found = value.get_mut(self.member).map(Value::take);
        found.map(|value| (value, *line)).ok_or_else(|| here(format!("{id} has no member `{}`", self.member)))
    }

    fn read(&self) -> Result<Index, TraceError> {
        let text = super::read_file(&self.path)?;
        let mut lines = BTreeMap::new();
        let mut begin = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let range = begin..begin + line.len();
            begin = range.end;
            if line.trim().is_empty() {
                continue;
            }
            let here = |text: String| TraceError::of_text(text).at(&self.path, number + 1);
            let Labelled { id } = serde_json::from_str(line).map_err(|error| here(not_an_entry(&error)))?;
            if let Some((other, _)) = lines.insert(id.clone(), (number + 1, range)) {
                return Err(here(format!("{id} stands in line {other} already")));
            }
        }
        Ok(Index { text, lines })
    }
}

fn not_an_entry(error: &serde_json::Error) -> String {
    format!("no object with an id: {error}")
}
