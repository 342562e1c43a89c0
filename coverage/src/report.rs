//! Reads the report of llvm-cov (`llvm.coverage.json.export`).

mod shards;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::lines::{self, Segment, Span};
use crate::percent::Percent;
use crate::trouble::Trouble;

/// The type that llvm-cov writes into its reports.
pub const KIND: &str = "llvm.coverage.json.export";

// Beyond this no source file goes; it keeps a broken report from being worked on for ever.
const LINES_MAX: u64 = 10_000_000;

/// How many lines hold code, and how many of them ran.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lines {
    /// Lines that ran.
    pub covered: u64,
    /// Lines that hold code.
    pub total: u64,
}

impl Lines {
    /// The share that ran.
    #[must_use]
    pub fn percent(self) -> Percent {
        Percent::of(self.covered, self.total)
    }

    /// How many did not run.
    #[must_use]
    pub fn uncovered(self) -> u64 {
        self.total - self.covered
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { covered: self.covered + other.covered, total: self.total + other.total }
    }
}

/// What the report says of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measured {
    /// The numbers of llvm-cov's summary.
    pub lines: Lines,
    /// The lines that never ran, and those of closures and functions that were never called.
    pub uncovered: Vec<Span>,
    /// The last line that the report speaks of.
    pub last: u64,
    /// Where counts change; empty if the report is a summary.
    pub segments: Vec<Segment>,
}

impl Measured {
    /// How often each line that holds code ran.
    #[must_use]
    pub fn hits(&self) -> BTreeMap<u64, u64> {
        lines::counts(&self.segments)
    }

    /// How often the code at this place ran; `None` if there is none. Columns are bytes, from 1.
    #[must_use]
    pub fn count_at(&self, line: u64, column: u64) -> Option<u64> {
        let before = self.segments.iter().take_while(|segment| (segment.0, segment.1) <= (line, column));
        before.last().filter(|segment| segment.3).map(|segment| segment.2)
    }
}

/// A report, by paths relative to the workspace, with `/`. Files outside of the workspace are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The files.
    pub files: BTreeMap<String, Measured>,
}

#[derive(Deserialize)]
struct Export {
    #[serde(rename = "type")]
    kind: String,
    data: Vec<Data>,
}

#[derive(Deserialize)]
struct Data {
    files: Vec<File>,
    #[serde(default)]
    functions: Vec<Function>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    summary: Summary,
    // Absent with `--summary-only`, which says enough for a verdict.
    #[serde(default)]
    segments: Vec<Segment>,
}

#[derive(Deserialize)]
struct Summary {
    lines: LineSummary,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
struct LineSummary {
    count: u64,
    covered: u64,
}

#[derive(Deserialize)]
struct Function {
    // Absent from reports that other programs cut; it matters only when reports are merged.
    #[serde(default)]
    name: String,
    count: u64,
    filenames: Vec<String>,
    regions: Vec<Region>,
}

/// Line and column of start and end, count, file, expanded file, kind.
#[derive(Deserialize)]
struct Region(u64, u64, u64, u64, u64, usize, IgnoredAny, u64);

// Kinds of regions.
const CODE: u64 = 0;
const SKIPPED: u64 = 2;
const GAP: u64 = 3;

impl Report {
    /// Reads a report. `place` is what messages call it, `roots` are the ways to write the workspace's folder.
    ///
    /// # Errors
    /// When it is empty, no JSON, of another kind or shape, or contradicts itself.
    pub fn read(text: &str, place: &str, roots: &[String]) -> Result<Self, Trouble> {
        Self::of(&export(text, place)?, place, roots)
    }

    fn of(data: &Data, place: &str, roots: &[String]) -> Result<Self, Trouble> {
        let never_called = never_called(&data.functions).map_err(|what| unusable(what, place))?;
        let mut files = BTreeMap::new();
        for file in &data.files {
            let measured = measured(file, never_called.get(file.filename.as_str())).map_err(|what| {
                unusable(format!("{}: {what}", inside(&file.filename, roots).as_deref().unwrap_or("a file")), place)
            })?;
            if let Some(path) = inside(&file.filename, roots)
                && files.insert(path.clone(), measured).is_some()
            {
                return Err(unusable(format!("the report names {path} twice"), place));
            }
        }
        if files.is_empty() {
            return Err(unusable("the report names no file of this workspace", place)
                .remedy("make it in this folder, or with `cargo llvm-cov --remap-path-prefix`"));
        }
        Ok(Self { files })
    }
}

/// The one export that a report holds.
fn export(text: &str, place: &str) -> Result<Data, Trouble> {
    if text.trim().is_empty() {
        return Err(unusable("the report is empty", place));
    }
    let export: Export = serde_json::from_str(text).map_err(|error| {
        let what = if error.is_data() { "the report has another shape" } else { "the report is not JSON" };
        unusable(format!("{what}: {error}"), place)
    })?;
    if export.kind != KIND {
        return Err(unusable(format!("the report is of the kind `{}`", export.kind), place));
    }
    let exports = export.data.len();
    let [data] = <[Data; 1]>::try_from(export.data).map_err(|_| {
        let what = match exports {
            0 => "the report is empty: it holds no export".to_owned(),
            several => format!("the report holds {several} exports"),
        };
        unusable(what, place)
    })?;
    if data.files.is_empty() {
        return Err(unusable("the report is empty: it names no file", place));
    }
    Ok(data)
}

fn unusable(what: impl Into<String>, place: &str) -> Trouble {
    Trouble::new(what, place)
        .expected(format!("one `{KIND}` with files, as `cargo llvm-cov --workspace --json` writes it"))
        .remedy("make it anew, or let the gate do so: leave out `--no-run`")
}

/// The path inside the workspace, if it lies there. Relative paths do.
fn inside(name: &str, roots: &[String]) -> Option<String> {
    let name = name.replace('\\', "/");
    for root in roots {
        let root = root.replace('\\', "/");
        if let Some(below) = name.strip_prefix(root.trim_end_matches('/'))
            && let Some(below) = below.strip_prefix('/')
        {
            return Some(below.to_owned());
        }
    }
    let is_absolute = name.starts_with('/') || name.as_bytes().get(1) == Some(&b':');
    (!is_absolute).then_some(name)
}

fn measured(file: &File, never_called: Option<&BTreeSet<u64>>) -> Result<Measured, String> {
    let LineSummary { count, covered } = file.summary.lines;
    if covered > count || count > LINES_MAX {
        return Err(format!("{covered} of {count} lines covered can't be"));
    }
    if !file.segments.is_sorted_by_key(|segment| (segment.0, segment.1)) {
        return Err("its segments are out of order".to_owned());
    }
    let last = file.segments.last().map_or(0, |segment| segment.0);
    if last > LINES_MAX {
        return Err(format!("it can't have a line {last}"));
    }
    let mut uncovered: BTreeSet<u64> =
        lines::counts(&file.segments).into_iter().filter(|(_, count)| *count == 0).map(|(line, _)| line).collect();
    uncovered.extend(never_called.into_iter().flatten());
    let lines = Lines { covered, total: count };
    Ok(Measured { lines, uncovered: lines::spans(uncovered), last, segments: file.segments.clone() })
}

/// The lines of functions and closures of which no instance was ever called, by file.
fn never_called(functions: &[Function]) -> Result<BTreeMap<&str, BTreeSet<u64>>, String> {
    struct Group {
        called: bool,
        lines: BTreeSet<u64>,
    }
    // Instances of one function (generic, or compiled into several binaries) start at the same place.
    let mut groups: BTreeMap<(&str, u64, u64), Group> = BTreeMap::new();
    for function in functions {
        let code = || function.regions.iter().filter(|region| region.7 == CODE);
        let Some(start) = code().map(|region| (region.0, region.1)).min() else { continue };
        let Some(name) = code().find_map(|region| function.filenames.get(region.5)) else {
            return Err("the report has a function without a file".to_owned());
        };
        let group = groups
            .entry((name.as_str(), start.0, start.1))
            .or_insert_with(|| Group { called: false, lines: BTreeSet::new() });
        group.called |= function.count > 0 || code().any(|region| region.4 > 0);
        for region in code().filter(|region| function.filenames.get(region.5) == Some(name)) {
            if region.0 > region.2 || region.2 > LINES_MAX {
                return Err(format!("the report has a function with lines from {} to {}", region.0, region.2));
            }
            if !group.called {
                group.lines.extend(region.0..=region.2);
            }
        }
    }
    let mut files: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    for ((name, ..), group) in groups {
        if !group.called {
            files.entry(name).or_default().extend(group.lines);
        }
    }
    Ok(files)
}
