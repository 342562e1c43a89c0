//! The verdict: a pure function of thresholds, files, report and baseline.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::baseline::{Baseline, Machine, Mark};
use crate::changed::{self, Changed, Reached, Uncovered};
use crate::config::Config;
use crate::outline::Outline;
use crate::percent::Percent;
use crate::report::{Lines, Report};
use crate::tree::Source;
use crate::trouble::Trouble;
use crate::waivers::{self, Date};

/// All that a verdict depends on.
#[derive(Debug)]
pub struct Input<'a> {
    /// The committed TOML.
    pub config: &'a Config,
    /// Stands in for the thresholds of product, units and files, if given.
    pub fail_under: Option<Percent>,
    /// The files of the product.
    pub sources: &'a [Source],
    /// The report.
    pub report: &'a Report,
    /// Of the files without a line in the report, those with a function body, and the name of their first function.
    pub bodies: &'a BTreeMap<String, String>,
    /// The committed baseline, if there is one.
    pub baseline: Option<&'a Baseline>,
    /// What the report was made with, if known.
    pub machine: Option<&'a Machine>,
    /// The functions of files, by path, so that uncovered lines are named by the phase that they stand in.
    pub outlines: &'a BTreeMap<String, Outline>,
    /// The lines of a change, if they are to be judged.
    pub changed: Option<&'a Changed>,
    /// The day, for waivers.
    pub today: Date,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All thresholds and the baseline hold.
    Held,
    /// Something is below a threshold or below the baseline.
    Short,
    /// A file that must be measured was not.
    Unmeasured,
}

/// The verdict, with all that a report says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The product as a whole.
    pub product: Group,
    /// What a unit is called.
    pub unit_word: String,
    /// The units that have lines, worst first.
    pub units: Vec<Row>,
    /// The other files of the product that have lines, worst first.
    pub others: Vec<Row>,
    /// What is not judged.
    pub beside: Vec<Group>,
    /// The lines of the change, if they were judged.
    pub changed: Option<Reached>,
    /// Files of the product without a line of their own: types, derives, macro calls.
    pub without_lines: Vec<String>,
    /// What is wrong. Empty: held.
    pub findings: Vec<Finding>,
    /// What one should know.
    pub notes: Vec<String>,
}

/// Files taken together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Their lines.
    pub lines: Lines,
    /// What they must reach; `None` if they are not judged.
    pub threshold: Option<Percent>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The name of the unit, or the path.
    pub name: String,
    /// The path.
    pub path: String,
    /// Its lines.
    pub lines: Lines,
    /// What it must reach; `None` if only the baseline judges it.
    pub threshold: Option<Percent>,
    /// The uncovered lines.
    pub uncovered: Vec<Uncovered>,
}

/// One reason why the gate does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A file has a function body, yet the report does not name it.
    Missing {
        /// The path.
        path: String,
        /// The first function.
        function: String,
    },
    /// The product or a unit is below its threshold.
    Below {
        /// The product's name or the unit's path.
        subject: String,
        /// What it has.
        lines: Lines,
        /// What it must have.
        threshold: Percent,
    },
    /// A file that the baseline does not know is below the threshold of the product.
    New {
        /// The path.
        path: String,
        /// What it has.
        lines: Lines,
        /// What it must have.
        threshold: Percent,
    },
    /// The product or a file has fallen under the baseline.
    Fell {
        /// The product's name or the path.
        subject: String,
        /// What it had.
        before: Mark,
        /// What it has.
        now: Mark,
        /// Why its waiver does not hold, if it has one.
        waiver: Option<String>,
    },
    /// Lines of the change did not run.
    Changed {
        /// The merge base.
        base: String,
        /// The changed lines.
        lines: Lines,
        /// What they must have.
        threshold: Percent,
    },
    /// A waiver for what has not fallen.
    Unneeded {
        /// What it names.
        subject: String,
    },
}

impl Finding {
    /// The word for it in JSON.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::Below { .. } => "below",
            Self::New { .. } => "new",
            Self::Fell { .. } => "fell",
            Self::Changed { .. } => "changed",
            Self::Unneeded { .. } => "waiver",
        }
    }

    /// The path, or the name of the product.
    #[must_use]
    pub fn subject(&self) -> &str {
        match self {
            Self::Missing { path, .. } | Self::New { path, .. } => path,
            Self::Below { subject, .. } | Self::Fell { subject, .. } | Self::Unneeded { subject } => subject,
            Self::Changed { .. } => "changed lines",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path, function } => write!(
                f,
                "{path} was not measured: it has a function body (`{function}`), but no line in the report; \
                 is it in no `mod`, turned off by a `cfg`, or the report made without `--workspace`?"
            ),
            Self::Below { subject, lines, threshold } => {
                write!(
                    f,
                    "{subject} has {} % of its lines covered ({}/{})",
                    lines.percent(),
                    lines.covered,
                    lines.total
                )?;
                write!(f, ", wanted {} %: {}", threshold.brief(), enough(*lines, *threshold))
            }
            Self::New { path, lines, threshold } => {
                write!(f, "{path} is not in the baseline and has {} % of its lines covered", lines.percent())?;
                write!(f, " ({}/{}), wanted {} %: ", lines.covered, lines.total, threshold.brief())?;
                f.write_str(&enough(*lines, *threshold))
            }
            Self::Fell { subject, before, now, waiver } => {
                write!(
                    f,
                    "{subject} fell from {} % with {} uncovered to {} % with {}: ",
                    before.percent.exact(),
                    plural(before.uncovered, "line"),
                    now.percent.exact(),
                    now.uncovered
                )?;
                waiver.iter().try_for_each(|why| write!(f, "{why}; "))?;
                f.write_str("cover what was added, or what is not reached any more")
            }
            Self::Changed { base, lines, threshold } => {
                let (percent, threshold_words) = (lines.percent(), threshold.brief());
                write!(f, "of the lines changed since {base}, {percent} % are covered")?;
                write!(f, " ({}/{}), wanted {threshold_words} %: ", lines.covered, lines.total)?;
                f.write_str(&enough(*lines, *threshold))
            }
            Self::Unneeded { subject } => {
                write!(f, "{subject} has a waiver in the configuration, but has not fallen: take the waiver out")
            }
        }
    }
}

fn enough(lines: Lines, threshold: Percent) -> String {
    let wanted = (lines.covered..=lines.total).find(|covered| Percent::of(*covered, lines.total) >= threshold);
    format!("{} more would do", plural(wanted.unwrap_or(lines.total) - lines.covered, "line"))
}

/// `1 line`, `2 lines`.
#[must_use]
pub fn plural(count: u64, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

impl Verdict {
    /// How it ended.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if self.findings.iter().any(|finding| matches!(finding, Finding::Missing { .. })) {
            Outcome::Unmeasured
        } else if self.findings.is_empty() {
            Outcome::Held
        } else {
            Outcome::Short
        }
    }

    /// The findings about one file, or about the product by its name.
    pub fn findings_of<'a>(&'a self, subject: &'a str) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(move |finding| finding.subject() == subject)
    }
}

/// Judges.
///
/// # Errors
/// When the report holds no line of the product, or was made from other sources.
pub fn judge(input: &Input<'_>) -> Result<Verdict, Trouble> {
    let config = input.config;
    refuse_other_sources(input)?;
    let product = Group {
        name: config.product.name.clone(),
        lines: input
            .sources
            .iter()
            .fold(Lines::default(), |sum, source| sum.plus(lines_of(input.report, &source.path))),
        threshold: Some(input.fail_under.unwrap_or(config.product.threshold)),
    };
    if product.lines.total == 0 {
        return Err(Trouble::new(format!("the report holds no line of {}", product.name), "the report")
            .expected("the product's files, as a run of the whole workspace gives them")
            .remedy("make the report with `--workspace`; with `-p` of a test crate the library is missing"));
    }
    let rows = |units: bool| {
        let mut rows: Vec<Row> = input
            .sources
            .iter()
            .filter(|source| source.unit.is_some() == units && lines_of(input.report, &source.path).total > 0)
            .map(|source| row(input, source))
            .collect();
        rows.sort_by(|one, other| {
            let badness = |row: &Row| (row.lines.percent(), u64::MAX - row.lines.uncovered());
            badness(one).cmp(&badness(other)).then_with(|| one.path.cmp(&other.path))
        });
        rows
    };
    let without_lines = input.sources.iter().map(|source| source.path.clone());
    let mut verdict = Verdict {
        product,
        unit_word: config.units.name.clone(),
        units: rows(true),
        others: rows(false),
        beside: beside(input),
        changed: None,
        without_lines: without_lines.filter(|path| lines_of(input.report, path).total == 0).collect(),
        findings: Vec::new(),
        notes: Vec::new(),
    };
    verdict.findings.extend(
        input.bodies.iter().map(|(path, function)| Finding::Missing { path: path.clone(), function: function.clone() }),
    );
    verdict.without_lines.retain(|path| !input.bodies.contains_key(path));
    judge_thresholds(&mut verdict);
    if let Some(changed) = input.changed {
        judge_changed(&mut verdict, changed, input)?;
    }
    match input.baseline {
        None => verdict
            .notes
            .push("there is no baseline yet: only the thresholds judge (`cargo gate --update` writes one)".into()),
        Some(baseline) if input.machine != Some(&baseline.machine) => {
            verdict.notes.push(format!(
                "the baseline is of {} on {}, this is {}: only the thresholds judge",
                baseline.machine.compiler,
                baseline.machine.system,
                input
                    .machine
                    .map_or("unknown".to_owned(), |machine| format!("{} on {}", machine.compiler, machine.system))
            ));
        }
        Some(baseline) => judge_baseline(&mut verdict, baseline, input),
    }
    Ok(verdict)
}

fn lines_of(report: &Report, path: &str) -> Lines {
    report.files.get(path).map_or(Lines::default(), |measured| measured.lines)
}

fn row(input: &Input<'_>, source: &Source) -> Row {
    let wanted = match source.unit {
        Some(_) => Some(input.config.units.threshold),
        None => input.config.files.as_ref().map(|files| files.threshold),
    };
    let uncovered = input.report.files.get(&source.path).map_or(&[][..], |measured| &measured.uncovered);
    Row {
        name: source.unit.clone().unwrap_or_else(|| source.path.clone()),
        path: source.path.clone(),
        lines: lines_of(input.report, &source.path),
        threshold: wanted.map(|wanted| input.fail_under.unwrap_or(wanted)),
        uncovered: Uncovered::cut(uncovered, input.outlines.get(&source.path)),
    }
}

fn refuse_other_sources(input: &Input<'_>) -> Result<(), Trouble> {
    let known: BTreeSet<&str> = input.sources.iter().map(|source| source.path.as_str()).collect();
    let meant = |path: &str| {
        let any = |globs: &[crate::glob::Glob]| globs.iter().any(|glob| glob.matches(path));
        any(&input.config.product.sources) && !any(&input.config.product.except)
    };
    match input.report.files.keys().find(|path| meant(path) && !known.contains(path.as_str())) {
        None => Ok(()),
        Some(path) => Err(Trouble::new(format!("the report names {path}, which is not there"), "the report")
            .expected("a report of these sources")
            .remedy("make it anew, or let the gate do so: leave out `--no-run`")),
    }
}

fn beside(input: &Input<'_>) -> Vec<Group> {
    let product: BTreeSet<&str> = input.sources.iter().map(|source| source.path.as_str()).collect();
    let sum = |globs: &[crate::glob::Glob]| {
        let files = input.report.files.iter().filter(|(path, _)| !product.contains(path.as_str()));
        files
            .filter(|(path, _)| globs.iter().any(|glob| glob.matches(path)))
            .fold(Lines::default(), |sum, (_, measured)| sum.plus(measured.lines))
    };
    let groups = input.config.beside.iter();
    groups.map(|beside| Group { name: beside.name.clone(), lines: sum(&beside.sources), threshold: None }).collect()
}

fn judge_thresholds(verdict: &mut Verdict) {
    let product = (&verdict.product.name, verdict.product.lines, verdict.product.threshold);
    let files = verdict.units.iter().chain(&verdict.others).map(|row| (&row.path, row.lines, row.threshold));
    let below = std::iter::once(product).chain(files).filter_map(|(subject, lines, threshold)| {
        let threshold = threshold.filter(|threshold| lines.percent() < *threshold)?;
        Some(Finding::Below { subject: subject.clone(), lines, threshold })
    });
    let below: Vec<Finding> = below.collect();
    verdict.findings.extend(below);
}

fn judge_changed(verdict: &mut Verdict, changed: &Changed, input: &Input<'_>) -> Result<(), Trouble> {
    let reached = changed::reached(changed, input.report, input.config.changed.threshold, input.outlines)?;
    if reached.lines.total == 0 {
        verdict.notes.push(format!("no line of code in {} was changed since {}", verdict.product.name, reached.base));
    } else if reached.lines.percent() < reached.threshold {
        let (base, lines, threshold) = (reached.base.clone(), reached.lines, reached.threshold);
        verdict.findings.push(Finding::Changed { base, lines, threshold });
    }
    verdict.changed = Some(reached);
    Ok(())
}

fn judge_baseline(verdict: &mut Verdict, baseline: &Baseline, input: &Input<'_>) {
    let mut falls = Vec::new();
    let mut findings = Vec::new();
    let mut rises = 0;
    let units: BTreeSet<String> = verdict.units.iter().map(|row| row.path.clone()).collect();
    let is_waived = |path: &str| waivers::holds_for(path, &input.config.waivers, input.today);
    if let Some(now) = product_fall(verdict, baseline, is_waived) {
        let subject = verdict.product.name.clone();
        falls.push(Finding::Fell { subject, before: baseline.product, now, waiver: None });
    }
    for row in verdict.units.iter().chain(&verdict.others) {
        let now = Mark::of(row.lines);
        match baseline.files.get(&row.path) {
            Some(before) if before.falls_to(now) => {
                falls.push(Finding::Fell { subject: row.path.clone(), before: *before, now, waiver: None });
            }
            Some(before) => rises += u64::from(before.rises_to(now)),
            // A new unit has its own threshold, judged already; another file meets that of the product.
            None => {
                let wanted =
                    verdict.product.threshold.filter(|wanted| !units.contains(&row.path) && now.percent < *wanted);
                findings.extend(wanted.map(|threshold| Finding::New {
                    path: row.path.clone(),
                    lines: row.lines,
                    threshold,
                }));
                rises += u64::from(wanted.is_none());
            }
        }
    }
    let applied = waivers::apply(falls, &input.config.waivers, input.today);
    verdict.findings.extend(applied.findings);
    verdict.findings.extend(findings);
    verdict.notes.extend(applied.notes);
    if rises > 0 {
        verdict.notes.push(format!("{} better or new: `cargo gate --update` writes it down", plural(rises, "file")));
    }
    let there: BTreeSet<&str> = input.sources.iter().map(|source| source.path.as_str()).collect();
    let gone = baseline.files.keys().filter(|path| !there.contains(path.as_str())).count();
    if gone > 0 {
        verdict.notes.push(format!(
            "{} of the baseline moved or gone: `cargo gate --update` takes it out",
            plural(gone as u64, "file")
        ));
    }
}

/// What the product has fallen to, if it fell. Files that the baseline does not know are left out: they meet their
/// threshold alone, and adding a good one to a better product is no fall. A file whose fall is waived counts as if it
/// had no more uncovered lines than before.
fn product_fall(verdict: &Verdict, baseline: &Baseline, is_waived: impl Fn(&str) -> bool) -> Option<Mark> {
    let rows = verdict.units.iter().chain(&verdict.others);
    let known = rows.filter_map(|row| Some((row, baseline.files.get(&row.path)?)));
    let now = known.fold(Lines::default(), |sum, (row, before)| {
        let fell = before.falls_to(Mark::of(row.lines)) && is_waived(&row.path);
        let borne = if fell { row.lines.uncovered() - before.uncovered } else { 0 };
        sum.plus(Lines { covered: row.lines.covered + borne, total: row.lines.total })
    });
    let now = Mark::of(now);
    baseline.product.falls_to(now).then_some(now)
}

/// The baseline after this verdict. It only rises: what fell keeps its old mark, waived or not, and a new file below the
/// threshold is not written down. A baseline of another machine is written anew.
#[must_use]
pub fn updated(verdict: &Verdict, old: Option<&Baseline>, machine: &Machine) -> Baseline {
    let old = old.filter(|old| old.machine == *machine);
    let keep = |before: Mark, now: Mark| if before.falls_to(now) { before } else { now };
    let fallen = old.filter(|old| product_fall(verdict, old, |_| false).is_some());
    let product = fallen.map_or(Mark::of(verdict.product.lines), |old| old.product);
    let mut files = BTreeMap::new();
    for row in verdict.units.iter().chain(&verdict.others) {
        let now = Mark::of(row.lines);
        let before = old.and_then(|old| old.files.get(&row.path).copied());
        let is_refused = verdict.findings_of(&row.path).any(|finding| matches!(finding, Finding::New { .. }));
        if !is_refused {
            files.insert(row.path.clone(), before.map_or(now, |before| keep(before, now)));
        }
    }
    Baseline { machine: machine.clone(), product, files }
}
