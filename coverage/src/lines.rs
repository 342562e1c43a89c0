//! Lines from the segments of a report, by the rules of `llvm-cov show`.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

/// A point where the count changes: line, column, count, whether it has a count, whether a region starts here,
/// whether that region is a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Segment(pub u64, pub u64, pub u64, pub bool, pub bool, pub bool);

impl Segment {
    fn line(&self) -> u64 {
        self.0
    }

    fn count(&self) -> u64 {
        self.2
    }

    fn has_count(&self) -> bool {
        self.3
    }

    fn is_entry(&self) -> bool {
        self.4
    }

    fn starts_region(&self) -> bool {
        !self.5 && self.has_count() && self.is_entry()
    }
}

/// Lines from `start` to `end`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First line.
    pub start: u64,
    /// Last line.
    pub end: u64,
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.start == self.end { write!(f, "{}", self.start) } else { write!(f, "{}-{}", self.start, self.end) }
    }
}

/// How often each line that holds code was run. Segments must be in order, as llvm-cov writes them.
///
/// This is `LineCoverageStats` of LLVM: a line holds code if a region starts in it or one from above reaches into it,
/// and its count is the largest of these.
#[must_use]
pub fn counts(segments: &[Segment]) -> BTreeMap<u64, u64> {
    let mut counts = BTreeMap::new();
    let mut rest = segments;
    let mut above: Option<Segment> = None;
    let mut next_line = segments.first().map_or(0, Segment::line);
    while let Some(first) = rest.first() {
        let line = first.line();
        if let Some(above) = above.filter(Segment::has_count) {
            counts.extend((next_line..line).map(|between| (between, above.count())));
        }
        let here = rest.iter().take_while(|segment| segment.line() == line).count();
        let (here, later) = rest.split_at(here);
        if let Some(count) = count_of_line(here, above) {
            counts.insert(line, count);
        }
        above = here.last().copied();
        next_line = line + 1;
        rest = later;
    }
    counts
}

fn count_of_line(here: &[Segment], above: Option<Segment>) -> Option<u64> {
    let starts = || here.iter().filter(|segment| segment.starts_region());
    let skipped = here.first().is_some_and(|first| !first.has_count() && first.is_entry());
    let reached = above.is_some_and(|above| above.has_count());
    let holds_code = (!skipped && (reached || starts().next().is_some()))
        || here.iter().any(|segment| segment.is_entry() && segment.has_count());
    let largest = starts().map(Segment::count).max();
    holds_code.then(|| above.map_or(0, |above| above.count()).max(largest.unwrap_or(0)))
}

/// Puts neighbouring lines together.
#[must_use]
pub fn spans(lines: impl IntoIterator<Item = u64>) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for line in lines {
        match spans.last_mut() {
            Some(last) if last.end + 1 == line => last.end = line,
            _ => spans.push(Span { start: line, end: line }),
        }
    }
    spans
}
