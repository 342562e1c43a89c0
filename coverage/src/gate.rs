//! One `gate`, from options to verdict.

use std::collections::BTreeMap;
use std::path::Path;

use crate::baseline::Baseline;
use crate::changed;
use crate::config::Config;
use crate::files;
use crate::judge::{self, Input, Outcome, Verdict, plural};
use crate::outline::{self, Outline};
use crate::percent::Percent;
use crate::progress::Progress;
use crate::report::Report;
use crate::reports::{self, Project, Wanted};
use crate::source;
use crate::tree::{self, Source};
use crate::trouble::Trouble;
use crate::waivers::{self, Date};

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The TOML, and where the report comes from.
    pub wanted: Wanted,
    /// Stands in for the thresholds of the TOML.
    pub fail_under: Option<Percent>,
    /// Whether to write the baseline.
    pub update: bool,
    /// The revision to compare with, if changed lines are judged.
    pub base: Option<String>,
    /// The day, for waivers; else the clock's.
    pub today: Option<Date>,
}

/// Measures, or reads a report, and judges.
///
/// # Errors
/// When nothing could be measured.
pub fn gate(options: &Options, start: &Path, progress: &mut Progress) -> Result<Verdict, Trouble> {
    let project = Project::find(start, options.wanted.config.as_deref())?;
    let Project { root, config, place } = &project;
    let sources = tree::sources(root, config, place)?;
    let baseline = read_baseline(root, config)?;
    let changed = options.base.as_ref().map(|base| changed::since(base, root, &sources)).transpose()?;
    // A file that is not there is no reason to run the tests for a minute, so all that is above comes first.
    let reported = reports::provide(&options.wanted, &project, progress)?;
    let (report, machine) = (&reported.report, reported.machine.as_ref());
    refuse_shorter_sources(&project, &sources, report)?;
    let bodies = unmeasured_bodies(&project, &sources, report)?;
    let outlines = outlines(&project, &sources, report)?;
    let mut input = Input {
        config,
        fail_under: options.fail_under,
        sources: &sources,
        report,
        bodies: &bodies,
        baseline: baseline.as_ref(),
        machine,
        outlines: &outlines,
        changed: changed.as_ref(),
        today: options.today.unwrap_or_else(waivers::today),
    };
    let mut verdict = judge::judge(&input)?;
    if options.update && verdict.outcome() != Outcome::Unmeasured {
        let machine = machine.ok_or_else(|| {
            Trouble::new("the baseline can't be written: it records the compiler, and there is none", "`rustc -vV`")
                .expected("the compiler that the report was made with")
                .remedy("install Rust with rustup")
        })?;
        let updated = judge::updated(&verdict, baseline.as_ref(), machine);
        write_baseline(root, config, &updated)?;
        input.baseline = Some(&updated);
        verdict = judge::judge(&input)?;
        verdict.notes.push(format!("{} written: {}", config.baseline.file, plural(updated.files.len() as u64, "file")));
    }
    verdict.notes.extend(reported.notes);
    Ok(verdict)
}

/// The functions of all files that have uncovered lines.
fn outlines(project: &Project, sources: &[Source], report: &Report) -> Result<BTreeMap<String, Outline>, Trouble> {
    let mut outlines = BTreeMap::new();
    let none = outline::Phases::new();
    for Source { path, unit } in sources {
        if report.files.get(path).is_some_and(|measured| !measured.uncovered.is_empty()) {
            // What the compiler took and the parser does not goes without names.
            let phases = if unit.is_some() { &project.config.units.phases } else { &none };
            let outline = Outline::read(&project.source(path)?, path, phases);
            outlines.insert(path.clone(), outline.unwrap_or_default());
        }
    }
    Ok(outlines)
}

fn read_baseline(root: &Path, config: &Config) -> Result<Option<Baseline>, Trouble> {
    let place = &config.baseline.file;
    let text = files::read_if_there(&root.join(place), "the baseline", place)?;
    text.map(|text| Baseline::read(&text, place)).transpose()
}

fn write_baseline(root: &Path, config: &Config, baseline: &Baseline) -> Result<(), Trouble> {
    let place = &config.baseline.file;
    files::write_whole(&root.join(place), &baseline.to_string(), "the baseline", place)
}

pub(crate) fn refuse_shorter_sources(project: &Project, sources: &[Source], report: &Report) -> Result<(), Trouble> {
    for source in sources {
        let Some(measured) = report.files.get(&source.path) else { continue };
        let there = project.source(&source.path)?.lines().count() as u64;
        if measured.last > there {
            return Err(Trouble::new(
                format!("the report knows a line {} of a file with {}", measured.last, plural(there, "line")),
                &source.path,
            )
            .expected("a report of these sources")
            .remedy("make it anew, or let the gate do so: leave out `--no-run`"));
        }
    }
    Ok(())
}

/// Files without a line in the report that have a function body.
pub(crate) fn unmeasured_bodies(
    project: &Project,
    sources: &[Source],
    report: &Report,
) -> Result<BTreeMap<String, String>, Trouble> {
    let mut bodies = BTreeMap::new();
    for source in sources {
        if report.files.get(&source.path).is_some_and(|measured| measured.lines.total > 0) {
            continue;
        }
        let body = source::first_body(&project.source(&source.path)?).map_err(|error| {
            Trouble::new(format!("a file is not in the report and can't be parsed: {error}"), &source.path)
                .expected("Rust that says whether it has a function body")
                .remedy("correct it, or name it in `product.except`")
        })?;
        bodies.extend(body.map(|function| (source.path.clone(), function)));
    }
    Ok(bodies)
}
