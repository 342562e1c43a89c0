//! `errors`: each place that builds a refusal or failure, and whether a test reached it.
//!
//! The places are found in the source as calls of constructors, which the TOML names. What tells that one was reached
//! is the count of the report's region that the call stands in, which is finer than its line: the closure in
//! `map_err(|why| Refusal::new(..))` has a count of its own. A constructor that is handed on as a function is counted by
//! the `?` behind it. A helper that builds an error for several is one place. This stands in for branch coverage, which stable Rust lacks.

mod places;
pub mod render;

use std::collections::BTreeSet;
use std::path::Path;

pub use places::{Constructor, Place, places};

use crate::gate::{refuse_shorter_sources, unmeasured_bodies};
use crate::judge::{Finding, Outcome};
use crate::outline::{Outline, Phases};
use crate::percent::Percent;
use crate::progress::Progress;
use crate::reports::{self, Project, Wanted};
use crate::tree::{self, Source};
use crate::trouble::Trouble;

/// A place, and how often it built an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The unit, or the path where it is none.
    pub unit: String,
    /// The path.
    pub path: String,
    /// The phase, where the TOML names phases.
    pub phase: Option<String>,
    /// The function that it stands in.
    pub function: Option<String>,
    /// Line, column, constructor.
    pub place: Place,
    /// How often it was reached.
    pub hits: u64,
}

impl Site {
    /// Unit, phase and line, which name it.
    #[must_use]
    pub fn id(&self) -> String {
        let phase = self.phase.as_ref().or(self.function.as_ref()).map_or("-", String::as_str);
        format!("{} {phase} {}", self.unit, self.place.line)
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What a unit is called.
    pub unit_word: String,
    /// All places, by path and line.
    pub sites: Vec<Site>,
    /// The share that must be reached.
    pub threshold: Percent,
    /// Files that should have been measured and were not, in words.
    pub missing: Vec<String>,
    /// What one should know.
    pub notes: Vec<String>,
}

impl Verdict {
    /// How many places were reached.
    #[must_use]
    pub fn reached(&self) -> u64 {
        self.sites.iter().filter(|site| site.hits > 0).count() as u64
    }

    /// The share that was reached.
    #[must_use]
    pub fn percent(&self) -> Percent {
        Percent::of(self.reached(), self.sites.len() as u64)
    }

    /// How it ended.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if !self.missing.is_empty() {
            Outcome::Unmeasured
        } else if self.percent() < self.threshold {
            Outcome::Short
        } else {
            Outcome::Held
        }
    }

    /// The units that have places, by name.
    #[must_use]
    pub fn units(&self) -> BTreeSet<&str> {
        self.sites.iter().map(|site| site.unit.as_str()).collect()
    }

    /// The places of a unit.
    pub fn of_unit<'a>(&'a self, unit: &'a str) -> impl Iterator<Item = &'a Site> + 'a {
        self.sites.iter().filter(move |site| site.unit == unit)
    }
}

/// Finds the places and looks for them in a report.
///
/// # Errors
/// When there is no report that can be used, or no place to judge.
pub fn errors(
    wanted: &Wanted,
    threshold: Option<Percent>,
    start: &Path,
    progress: &mut Progress,
) -> Result<Verdict, Trouble> {
    let project = Project::find(start, wanted.config.as_deref())?;
    let config = &project.config;
    let Some(settings) = config.errors.as_ref().filter(|settings| !settings.constructors.is_empty()) else {
        return Err(Trouble::new("the configuration names nothing that builds an error", &project.place)
            .expected("[errors] constructors = [\"Error::new\", \"Other::*\"]")
            .remedy("name the constructors of your error types; `coverage errors --help` shows the keys"));
    };
    let sources = tree::sources(&project.root, config, &project.place)?;
    let is_meant = |source: &Source| match settings.sources.as_slice() {
        [] => source.unit.is_some(),
        globs => globs.iter().any(|glob| glob.matches(&source.path)),
    };
    let sources: Vec<Source> = sources.into_iter().filter(is_meant).collect();
    let mut found = Vec::new();
    for source in &sources {
        found.extend(in_file(&project, source, &settings.constructors)?);
    }
    if found.is_empty() {
        let names: Vec<String> = settings.constructors.iter().map(ToString::to_string).collect();
        return Err(Trouble::new(
            format!("no place calls {}", names.join(", ")),
            format!("{}, `errors`", project.place),
        )
        .expected("constructors that the sources call")
        .remedy("correct `errors.constructors` or `errors.sources`"));
    }
    let reported = reports::provide(wanted, &project, progress)?;
    refuse_shorter_sources(&project, &sources, &reported.report)?;
    let bodies = unmeasured_bodies(&project, &sources, &reported.report)?;
    let missing = bodies.into_iter().map(|(path, function)| Finding::Missing { path, function }.to_string()).collect();
    let mut notes = reported.notes;
    for site in &mut found {
        // Without a line in the report, the file is one of the missing.
        let Some(measured) = reported.report.files.get(&site.path).filter(|file| file.lines.total > 0) else {
            continue;
        };
        if measured.segments.is_empty() {
            return Err(Trouble::new("the report is a summary: it does not say which lines ran", &site.path)
                .expected("segments for each file")
                .remedy("make it without `--summary-only`"));
        }
        let (line, column) = site.place.counted;
        let of_line = || measured.hits().get(&line).copied();
        let hits = if site.place.is_vague { of_line() } else { measured.count_at(line, column) };
        let Some(hits) = hits else {
            notes.push(format!(
                "{}:{} holds no code by the report, and counts as not reached",
                site.path, site.place.line
            ));
            continue;
        };
        site.hits = hits;
    }
    let vague = found.iter().filter(|site| site.place.is_vague);
    notes.extend(vague.map(|site| {
        format!(
            "{}:{} hands {} on as a function with no `?` behind it: counted by its line",
            site.path, site.place.line, site.place.constructor
        )
    }));
    let threshold = threshold.unwrap_or(settings.threshold);
    Ok(Verdict { unit_word: config.units.name.clone(), sites: found, threshold, missing, notes })
}

fn in_file(project: &Project, source: &Source, constructors: &[Constructor]) -> Result<Vec<Site>, Trouble> {
    let text = project.source(&source.path)?;
    let wrong = |error: String| {
        Trouble::new(format!("a source file can't be parsed: {error}"), &source.path)
            .expected("Rust that the compiler takes")
            .remedy("correct it, or name it in `product.except`")
    };
    let none = Phases::new();
    let phases = if source.unit.is_some() { &project.config.units.phases } else { &none };
    let outline = Outline::read(&text, &source.path, phases).map_err(wrong)?;
    let found = places(&text, constructors).map_err(wrong)?;
    let site = |place: Place| {
        let function = outline.at(place.line);
        Site {
            unit: source.unit.clone().unwrap_or_else(|| source.path.clone()),
            path: source.path.clone(),
            phase: function.and_then(|function| function.phase.clone()),
            function: function.map(|function| function.name.clone()),
            place,
            hits: 0,
        }
    };
    Ok(found.into_iter().map(site).collect())
}
