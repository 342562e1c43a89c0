//! Which line of the test said something about an object last.

use std::collections::BTreeMap;
use std::panic::Location;

/// A line of a test.
pub(crate) type Line = &'static Location<'static>;

/// Lines by the uuid of what they are about.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    by_id: BTreeMap<String, Line>,
    last: Option<Line>,
}

impl Lines {
    pub(super) fn note(&mut self, id: &str, line: Line) {
        self.by_id.insert(id.to_owned(), line);
        self.last = Some(line);
    }

    pub(super) fn note_all(&mut self, line: Line) {
        self.last = Some(line);
    }

    pub(super) fn forget(&mut self, id: &str) {
        self.by_id.remove(id);
    }

    pub(super) fn get(&self, id: &str) -> Option<Line> {
        self.by_id.get(id).copied()
    }

    pub(super) fn last(&self) -> Option<Line> {
        self.last
    }

    /// Puts one line in place of all: that of the call that built it all.
    pub(super) fn all_at(&mut self, line: Line) {
        self.by_id.values_mut().for_each(|it| *it = line);
        self.last = Some(line);
    }
}
