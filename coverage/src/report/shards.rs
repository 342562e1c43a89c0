//! Several reports as one: of a suite that ran in parts, on several machines.
//!
//! What a line is does not change by that (see the head of the library): counts of the same region of the same function
//! are added, and lines are counted anew from the regions. Whether that gives the numbers of llvm-cov is checked with
//! each part's own summary, file by file, so that a merged report is exact or refused.

use std::collections::BTreeMap;

use super::{Data, File, Function, GAP, LineSummary, Region, Report, SKIPPED, Summary, export, unusable};
use crate::lines::Segment;
use crate::trouble::Trouble;

impl Report {
    /// Reads several reports, given with what messages call them, as one.
    ///
    /// # Errors
    /// As for one; and when one says less than is needed to add it to others.
    pub fn merged(parts: &[(String, String)], roots: &[String]) -> Result<Self, Trouble> {
        let mut all: Option<Data> = None;
        for (place, text) in parts {
            let data = export(text, place)?;
            Self::of(&data, place, roots)?;
            check(&data).map_err(|what| {
                unusable(what, place).remedy("make it anew, whole: without `--summary-only` or `--skip-functions`")
            })?;
            all = Some(match all {
                None => data,
                Some(before) => added(before, data),
            });
        }
        let mut all = all.ok_or_else(|| unusable("there is no report", "the reports"))?;
        let summaries = summaries(&all.functions);
        for file in &mut all.files {
            file.summary.lines = summaries.get(&file.filename).copied().unwrap_or_default();
        }
        Self::of(&all, "the merged reports", roots)
    }
}

/// Whether the numbers of a report come out of its functions.
fn check(data: &Data) -> Result<(), String> {
    let summaries = summaries(&data.functions);
    for file in &data.files {
        let counted = summaries.get(&file.filename).copied().unwrap_or_default();
        if counted != file.summary.lines || (counted.count > 0 && file.segments.is_empty()) {
            return Err(format!(
                "the report can't be merged: its functions have {} of {} lines of {} covered, its summary says {} of {}",
                counted.covered, counted.count, file.filename, file.summary.lines.covered, file.summary.lines.count
            ));
        }
    }
    Ok(())
}

fn added(before: Data, more: Data) -> Data {
    let mut files: BTreeMap<String, Vec<Segment>> = BTreeMap::new();
    for file in before.files.into_iter().chain(more.files) {
        let segments = files.entry(file.filename).or_default();
        *segments = sum(segments, &file.segments);
    }
    let summary = || Summary { lines: LineSummary::default() };
    let files = files.into_iter().map(|(filename, segments)| File { filename, summary: summary(), segments });
    let mut functions: BTreeMap<_, Function> = BTreeMap::new();
    for function in before.functions.into_iter().chain(more.functions) {
        let place: Vec<_> =
            function.regions.iter().map(|each| (each.0, each.1, each.2, each.3, each.5, each.7)).collect();
        let key = (function.name.clone(), function.filenames.clone(), place);
        match functions.get_mut(&key) {
            None => drop(functions.insert(key, function)),
            Some(same) => {
                same.count += function.count;
                same.regions.iter_mut().zip(&function.regions).for_each(|(region, more)| region.4 += more.4);
            }
        }
    }
    Data { files: files.collect(), functions: functions.into_values().collect() }
}

/// Adds counts place by place: between two segments the count of the first one holds.
fn sum(one: &[Segment], other: &[Segment]) -> Vec<Segment> {
    let mut places: Vec<(u64, u64)> = one.iter().chain(other).map(|segment| (segment.0, segment.1)).collect();
    places.sort_unstable();
    places.dedup();
    let mut sides = [one, other].map(|segments| (segments.iter().peekable(), None::<Segment>));
    let mut all = Vec::new();
    for (line, column) in places {
        let mut entries = Vec::new();
        for (segments, current) in &mut sides {
            while let Some(segment) = segments.next_if(|segment| (segment.0, segment.1) == (line, column)) {
                *current = Some(*segment);
                entries.extend(segment.4.then_some(segment.5));
            }
        }
        let counted = || sides.iter().filter_map(|(_, current)| *current).filter(|segment| segment.3);
        let is_gap = !entries.is_empty() && entries.iter().all(|is_gap| *is_gap);
        let count = counted().map(|segment| segment.2).sum();
        all.push(Segment(line, column, count, counted().next().is_some(), !entries.is_empty(), is_gap));
    }
    all
}

/// Lines of each file: once for each function, the best of its instances.
fn summaries(functions: &[Function]) -> BTreeMap<String, LineSummary> {
    let mut groups: BTreeMap<(&str, u64, u64), LineSummary> = BTreeMap::new();
    for function in functions {
        // Regions of a function lie in one file; macros are booked where they are defined.
        let Some(first) = function.regions.first() else { continue };
        let Some(name) = function.filenames.get(first.5) else { continue };
        let own: Vec<&Region> = function.regions.iter().filter(|region| region.5 == first.5).collect();
        let best = groups.entry((name, first.0, first.1)).or_default();
        let lines = lines_of(&own);
        best.count = best.count.max(lines.count);
        best.covered = best.covered.max(lines.covered);
    }
    let mut files: BTreeMap<String, LineSummary> = BTreeMap::new();
    for ((name, ..), lines) in groups {
        let file = files.entry(name.to_owned()).or_default();
        file.count += lines.count;
        file.covered += lines.covered;
    }
    files
}

/// A line holds code if a region starts in it, or the innermost one from above reaches into it; it ran if one of these
/// did.
fn lines_of(regions: &[&Region]) -> LineSummary {
    let starts = regions.iter().map(|region| region.0).min().unwrap_or(0);
    let ends = regions.iter().map(|region| region.2).max().unwrap_or(0);
    let mut lines = LineSummary::default();
    for line in starts..=ends {
        let above = regions.iter().filter(|region| region.0 < line && line <= region.2);
        let above = above.max_by_key(|region| (region.0, region.1, u64::MAX - region.2, u64::MAX - region.3));
        let above = above.filter(|region| region.7 != SKIPPED);
        let here = || regions.iter().filter(|region| region.0 == line && region.7 != GAP && region.7 != SKIPPED);
        if above.is_some() || here().next().is_some() {
            lines.count += 1;
            lines.covered += u64::from(above.into_iter().copied().chain(here().copied()).any(|region| region.4 > 0));
        }
    }
    lines
}
