//! Where a report comes from: files that were given, or a counted run.

use std::fs;
use std::path::{Path, PathBuf};

use crate::baseline::Machine;
use crate::config::{self, Config};
use crate::measure::{self, Workspace};
use crate::progress::Progress;
use crate::report::Report;
use crate::tools::{self, Compiler};
use crate::tree;
use crate::trouble::Trouble;

/// What all commands that need a report ask for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The TOML, if not the one at the root of the workspace.
    pub config: Option<PathBuf>,
    /// Reports to judge instead of running the tests; several are merged.
    pub reports: Vec<PathBuf>,
    /// What runs the tests, if not what the TOML says.
    pub runner: Option<config::Runner>,
    /// Whether missing tools may be installed.
    pub may_install: bool,
}

/// A workspace and its TOML.
#[derive(Debug)]
pub struct Project {
    /// Its root.
    pub root: PathBuf,
    /// The TOML.
    pub config: Config,
    /// What messages call the TOML.
    pub place: String,
}

impl Project {
    /// Finds the workspace around a folder, and reads its TOML.
    ///
    /// # Errors
    /// When there is none, or it can't be read.
    pub fn find(start: &Path, config: Option<&Path>) -> Result<Self, Trouble> {
        let root = tree::root(start)?;
        let path = config.map_or_else(|| root.join(config::FILE), Path::to_owned);
        let place = config.map_or(config::FILE.to_owned(), |path| path.display().to_string());
        let text = fs::read_to_string(&path).map_err(|error| {
            Trouble::new(format!("the configuration can't be read: {error}"), &place)
                .expected("a TOML that says what the product is")
                .remedy("write one (`coverage gate --help` shows one), or name it with `--config FILE`")
        })?;
        Ok(Self { root, config: Config::read(&text, &place)?, place })
    }

    /// Finds the workspace around the current folder.
    ///
    /// # Errors
    /// When there is none, or its TOML can't be read.
    pub fn here() -> Result<Self, Trouble> {
        Self::find(&current_folder()?, None)
    }

    /// The text of a source file.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn source(&self, path: &str) -> Result<String, Trouble> {
        fs::read_to_string(self.root.join(path)).map_err(|error| {
            Trouble::new(format!("a source file can't be read: {error}"), path)
                .expected("Rust in UTF-8")
                .remedy("correct it, or name it in `product.except`")
        })
    }
}

/// The folder that the command was started in.
///
/// # Errors
/// When it is gone.
pub fn current_folder() -> Result<PathBuf, Trouble> {
    std::env::current_dir().map_err(|error| {
        Trouble::new(format!("there is no current folder: {error}"), "this process")
            .expected("a folder inside the workspace")
            .remedy("change into it")
    })
}

/// A report, and what is known of its making.
#[derive(Debug)]
pub struct Reported {
    /// The report.
    pub report: Report,
    /// Compiler and system, if known.
    pub machine: Option<Machine>,
    /// What one should know.
    pub notes: Vec<String>,
}

/// Reads the reports that were given, or runs the tests.
///
/// # Errors
/// When there is no report that can be used.
pub fn provide(wanted: &Wanted, project: &Project, progress: &mut Progress) -> Result<Reported, Trouble> {
    if wanted.reports.is_empty() { measured(wanted, project, progress) } else { given(&wanted.reports, &project.root) }
}

fn given(paths: &[PathBuf], root: &Path) -> Result<Reported, Trouble> {
    let mut parts = Vec::new();
    for path in paths {
        let place = path.display().to_string();
        let text = fs::read(path).map_err(|error| {
            Trouble::new(format!("there is no report: {error}"), &place)
                .expected("a file as `cargo llvm-cov --workspace --json --output-path FILE` writes it")
                .remedy("make it, or leave out `--no-run`")
        })?;
        parts.push((place, String::from_utf8_lossy(&text).into_owned()));
    }
    let report = match parts.as_slice() {
        [(place, text)] => Report::read(text, place, &roots(root))?,
        parts => Report::merged(parts, &roots(root))?,
    };
    Ok(Reported { report, machine: Compiler::ask(root).ok().map(|compiler| compiler.machine), notes: Vec::new() })
}

fn measured(wanted: &Wanted, project: &Project, progress: &mut Progress) -> Result<Reported, Trouble> {
    let root = &project.root;
    let mut run = project.config.run.clone();
    run.runner = wanted.runner.unwrap_or(run.runner);
    let compiler = Compiler::ask(root)?;
    let workspace = Workspace::ask(root)?;
    let tools = tools::provide(&compiler, root, &workspace.target, wanted.may_install, progress)?;
    let text = measure::measure(root, &workspace, &run, &compiler, &tools, progress)?;
    let report = Report::read(&text, "target/coverage/report.json", &roots(root))?;
    Ok(Reported { report, machine: Some(compiler.machine), notes: tools.notes })
}

/// The ways to write the workspace's folder: as it was reached, and after links.
pub(crate) fn roots(root: &Path) -> Vec<String> {
    let canonical = root.canonicalize().ok();
    std::iter::once(root.to_owned()).chain(canonical).map(|root| root.display().to_string()).collect()
}
