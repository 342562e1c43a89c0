//! One `gate`, from options to verdict.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::baseline::{Baseline, Machine};
use crate::config::{self, Config};
use crate::judge::{self, Input, Outcome, Verdict, plural};
use crate::measure::{self, Workspace};
use crate::percent::Percent;
use crate::progress::Progress;
use crate::report::Report;
use crate::source;
use crate::tools::{self, Compiler};
use crate::tree::{self, Source};
use crate::trouble::Trouble;

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The TOML, if not the one at the root of the workspace.
    pub config: Option<PathBuf>,
    /// A report to judge instead of running the tests.
    pub report: Option<PathBuf>,
    /// Stands in for the thresholds of the TOML.
    pub fail_under: Option<Percent>,
    /// Whether to write the baseline.
    pub update: bool,
    /// Whether missing tools may be installed.
    pub may_install: bool,
}

/// Measures, or reads a report, and judges.
///
/// # Errors
/// When nothing could be measured.
pub fn gate(options: &Options, start: &Path, progress: &mut Progress) -> Result<Verdict, Trouble> {
    let root = tree::root(start)?;
    let (config, place) = read_config(options.config.as_deref(), &root)?;
    let sources = tree::sources(&root, &config, &place)?;
    let baseline = read_baseline(&root, &config)?;
    // A report of a file that was not there is no reason to run the tests for a minute, so all that is above comes first.
    let (report, machine, notes) = match &options.report {
        Some(path) => given_report(path, &root)?,
        None => measured_report(options, &root, &config, progress)?,
    };
    refuse_shorter_sources(&root, &sources, &report)?;
    let bodies = unmeasured_bodies(&root, &sources, &report)?;
    let mut input = Input {
        config: &config,
        fail_under: options.fail_under,
        sources: &sources,
        report: &report,
        bodies: &bodies,
        baseline: baseline.as_ref(),
        machine: machine.as_ref(),
    };
    let mut verdict = judge::judge(&input)?;
    if options.update && verdict.outcome() != Outcome::Unmeasured {
        let machine = machine.as_ref().ok_or_else(|| {
            Trouble::new("the baseline can't be written: it records the compiler, and there is none", "`rustc -vV`")
                .expected("the compiler that the report was made with")
                .remedy("install Rust with rustup")
        })?;
        let updated = judge::updated(&verdict, baseline.as_ref(), machine);
        write_baseline(&root, &config, &updated)?;
        input.baseline = Some(&updated);
        verdict = judge::judge(&input)?;
        verdict.notes.push(format!("{} written: {}", config.baseline.file, plural(updated.files.len() as u64, "file")));
    }
    verdict.notes.extend(notes);
    Ok(verdict)
}

/// The folder that the gate was started in.
pub(crate) fn here() -> Result<PathBuf, Trouble> {
    std::env::current_dir().map_err(|error| {
        Trouble::new(format!("there is no current folder: {error}"), "this process")
            .expected("a folder inside the workspace")
            .remedy("change into it")
    })
}

/// Reads the TOML: the one that was named, else the workspace's. Returns what messages call it, too.
pub(crate) fn read_config(named: Option<&Path>, root: &Path) -> Result<(Config, String), Trouble> {
    let path = named.map(Path::to_owned).unwrap_or_else(|| root.join(config::FILE));
    let place = named.map_or(config::FILE.to_owned(), |path| path.display().to_string());
    let text = fs::read_to_string(&path).map_err(|error| {
        Trouble::new(format!("the configuration can't be read: {error}"), &place)
            .expected("a TOML that says what the product is")
            .remedy("write one (`coverage gate --help` shows one), or name it with `--config FILE`")
    })?;
    Ok((Config::read(&text, &place)?, place))
}

fn read_baseline(root: &Path, config: &Config) -> Result<Option<Baseline>, Trouble> {
    let place = &config.baseline.file;
    match fs::read_to_string(root.join(place)) {
        Ok(text) => Baseline::read(&text, place).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Trouble::new(format!("the baseline can't be read: {error}"), place)
            .expected("a text file, or none")
            .remedy("correct its permissions")),
    }
}

fn write_baseline(root: &Path, config: &Config, baseline: &Baseline) -> Result<(), Trouble> {
    let place = &config.baseline.file;
    write_whole(&root.join(place), &baseline.to_string(), place)
}

/// Writes a baseline; an interrupted run leaves the old one.
pub(crate) fn write_whole(path: &Path, text: &str, place: &str) -> Result<(), Trouble> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        Trouble::new(format!("the baseline can't be written: {error}"), place)
            .expected("a file that can be written")
            .remedy("correct its permissions, or `baseline.file`")
    })
}

type Reported = (Report, Option<Machine>, Vec<String>);

fn given_report(path: &Path, root: &Path) -> Result<Reported, Trouble> {
    let place = path.display().to_string();
    let text = fs::read(path).map_err(|error| {
        Trouble::new(format!("there is no report: {error}"), &place)
            .expected("a file as `cargo llvm-cov --workspace --json --output-path FILE` writes it")
            .remedy("make it, or leave out `--no-run`")
    })?;
    let report = Report::read(&String::from_utf8_lossy(&text), &place, &roots(root))?;
    Ok((report, Compiler::ask(root).ok().map(|compiler| compiler.machine), Vec::new()))
}

fn measured_report(
    options: &Options,
    root: &Path,
    config: &Config,
    progress: &mut Progress,
) -> Result<Reported, Trouble> {
    let compiler = Compiler::ask(root)?;
    let workspace = Workspace::ask(root)?;
    let tools = tools::provide(&compiler, root, &workspace.target, options.may_install, progress)?;
    let text = measure::measure(root, &workspace, &config.run, &compiler, &tools, progress)?;
    let report = Report::read(&text, "target/coverage/report.json", &roots(root))?;
    Ok((report, Some(compiler.machine), tools.notes))
}

/// The ways to write the workspace's folder: as it was reached, and after links.
pub(crate) fn roots(root: &Path) -> Vec<String> {
    let canonical = root.canonicalize().ok();
    std::iter::once(root.to_owned()).chain(canonical).map(|root| root.display().to_string()).collect()
}

fn refuse_shorter_sources(root: &Path, sources: &[Source], report: &Report) -> Result<(), Trouble> {
    for source in sources {
        let Some(measured) = report.files.get(&source.path) else { continue };
        let there = read_source(root, &source.path)?.lines().count() as u64;
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
fn unmeasured_bodies(root: &Path, sources: &[Source], report: &Report) -> Result<BTreeMap<String, String>, Trouble> {
    let mut bodies = BTreeMap::new();
    for source in sources {
        if report.files.get(&source.path).is_some_and(|measured| measured.lines.total > 0) {
            continue;
        }
        let body = source::first_body(&read_source(root, &source.path)?).map_err(|error| {
            Trouble::new(format!("a file is not in the report and can't be parsed: {error}"), &source.path)
                .expected("Rust that says whether it has a function body")
                .remedy("correct it, or name it in `product.except`")
        })?;
        bodies.extend(body.map(|function| (source.path.clone(), function)));
    }
    Ok(bodies)
}

/// A file of the product.
pub(crate) fn read_source(root: &Path, path: &str) -> Result<String, Trouble> {
    fs::read_to_string(root.join(path)).map_err(|error| {
        Trouble::new(format!("a source file can't be read: {error}"), path)
            .expected("Rust in UTF-8")
            .remedy("correct it, or name it in `product.except`")
    })
}
