//! The lines of a change: what differs from the merge base, and what of it tests reached.

pub mod patch;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::git::Git;
use crate::lines::{Span, spans};
use crate::outline::Outline;
use crate::percent::Percent;
use crate::report::{Lines, Report};
use crate::tree::Source;
use crate::trouble::Trouble;

/// New and changed lines of the product.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// The merge base, in short.
    pub base: String,
    /// The lines, by path.
    pub files: BTreeMap<String, Vec<Span>>,
}

/// Asks git what changed since the merge base with `revision`: commits, and what is not committed yet.
///
/// # Errors
/// When there is no such revision or merge base, nothing differs at all, or git's patch can't be read.
pub fn since(revision: &str, root: &Path, sources: &[Source]) -> Result<Changed, Trouble> {
    let git = Git::at(root)?;
    let base = git.merge_base(revision)?;
    let short: String = base.chars().take(12).collect();
    let text = git.patch(&base, None)?;
    let patch = patch::read(&text).map_err(|what| {
        Trouble::new(format!("git's patch can't be read: {what}"), format!("`git diff {short}`"))
            .expected("a patch with heads `diff --git a/.. b/..` and whole hunks")
            .remedy("run the command by hand and see what it prints")
    })?;
    let untracked = git.untracked()?;
    if patch.files.is_empty() && patch.gone.is_empty() && untracked.is_empty() {
        return Err(Trouble::new(format!("nothing differs from the merge base {short}"), "`--base`")
            .expected("a revision from which this tree differs")
            .remedy("name an older one, or leave out `--base`"));
    }
    let product: BTreeSet<&str> = sources.iter().map(|source| source.path.as_str()).collect();
    let mut files = BTreeMap::new();
    for file in patch.files {
        if product.contains(file.path.as_str()) {
            files.insert(file.path, file.hunks.iter().filter_map(|hunk| hunk.added).collect());
        }
    }
    for path in untracked.into_iter().filter(|path| product.contains(path.as_str())) {
        files.insert(path, vec![Span { start: 1, end: u64::MAX }]);
    }
    Ok(Changed { base: short, files })
}

/// Whether tests reached what was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The merge base, in short.
    pub base: String,
    /// All changed lines that hold code.
    pub lines: Lines,
    /// What they must reach.
    pub threshold: Percent,
    /// The files that changed lines with code are in.
    pub files: Vec<ReachedFile>,
}

/// The changed lines of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachedFile {
    /// The path.
    pub path: String,
    /// Those that hold code.
    pub lines: Lines,
    /// Those that did not run.
    pub uncovered: Vec<Uncovered>,
}

/// Lines that did not run, inside of one function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncovered {
    /// The lines.
    pub lines: Span,
    /// The phase of the unit, where the TOML names phases.
    pub phase: Option<String>,
    /// The function.
    pub function: Option<String>,
    /// Both, as reports say it; empty outside of functions.
    pub label: String,
}

impl Uncovered {
    /// Cuts lines by the functions that they stand in.
    #[must_use]
    pub fn cut(spans: &[Span], outline: Option<&Outline>) -> Vec<Self> {
        let whole = |span: &Span| vec![(*span, None)];
        let parts = spans.iter().flat_map(|span| outline.map_or_else(|| whole(span), |outline| outline.cut(*span)));
        let uncovered = parts.map(|(lines, function)| Self {
            lines,
            phase: function.and_then(|function| function.phase.clone()),
            function: function.map(|function| function.name.clone()),
            label: function.map_or_else(String::new, |function| function.label()),
        });
        uncovered.collect()
    }
}

/// Compares changed lines with a report.
///
/// # Errors
/// When the report has no counts of single lines.
pub fn reached(
    changed: &Changed,
    report: &Report,
    threshold: Percent,
    outlines: &BTreeMap<String, Outline>,
) -> Result<Reached, Trouble> {
    let mut reached = Reached { base: changed.base.clone(), lines: Lines::default(), threshold, files: Vec::new() };
    for (path, added) in &changed.files {
        // Without a line in the report: nothing to run in it, or a finding of its own.
        let Some(measured) = report.files.get(path).filter(|measured| measured.lines.total > 0) else { continue };
        if measured.segments.is_empty() {
            return Err(Trouble::new("the report is a summary: it does not say which lines ran", path)
                .expected("segments for each file")
                .remedy("make it without `--summary-only`"));
        }
        let missed: BTreeSet<u64> =
            measured.uncovered.iter().flat_map(|span| span.start..=span.end.min(measured.last)).collect();
        let code: BTreeSet<u64> = measured.hits().into_keys().chain(missed.iter().copied()).collect();
        let touched = |line: &u64| added.iter().any(|span| span.start <= *line && *line <= span.end);
        let code = code.into_iter().filter(touched);
        let (uncovered, covered): (Vec<u64>, Vec<u64>) = code.partition(|line| missed.contains(line));
        let lines = Lines { covered: covered.len() as u64, total: (covered.len() + uncovered.len()) as u64 };
        if lines.total > 0 {
            let uncovered = Uncovered::cut(&spans(uncovered), outlines.get(path));
            reached.lines = reached.lines.plus(lines);
            reached.files.push(ReachedFile { path: path.clone(), lines, uncovered });
        }
    }
    reached
        .files
        .sort_by(|one, other| one.lines.percent().cmp(&other.lines.percent()).then_with(|| one.path.cmp(&other.path)));
    Ok(reached)
}
