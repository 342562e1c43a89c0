//! What the matrix is made of: given as files, or measured by running the tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::config::Config;
use crate::files;
use crate::measure::Workspace;
use crate::process;
use crate::progress::Progress;
use crate::reports::Project;
use crate::results::{Results, read_file};
use crate::trouble::Trouble;

use super::calls::{self, Call};
use super::matrix::{self, Matrix};
use super::runs;

/// The variable that names the file which tests append their runs to.
const VARIABLE: &str = "LU_RUNS";

/// Where the three parts come from.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Sources {
    /// The catalogue: JSON lines `{"call": NAME}`, or what `lu list --json` prints; `-` is standard input [default: `api.list` of coverage.toml is run]
    #[arg(long, value_name = "FILE")]
    pub calls: Option<PathBuf>,
    /// Recorded runs, JSON lines; may be repeated [default: the tests are run]
    #[arg(long, value_name = "FILE", requires = "results")]
    pub runs: Vec<PathBuf>,
    /// How the tests of these runs ended: JUnit's XML, or what the runner printed; may be repeated
    #[arg(long, value_name = "FILE", requires = "runs")]
    pub results: Vec<PathBuf>,
}

/// Reads or measures, and makes the matrix.
pub(super) fn matrix(sources: &Sources, progress: &mut Progress) -> Result<Matrix, Trouble> {
    let given = |path: &PathBuf| -> Result<Vec<Call>, Trouble> {
        if path.as_os_str() == "-" {
            calls::read(&super::command::standard_input()?, "standard input")
        } else {
            calls::read(&read_file(path, "a list of calls")?, &path.display().to_string())
        }
    };
    let calls = sources.calls.as_ref().map(given).transpose()?;
    if let (Some(calls), false) = (&calls, sources.runs.is_empty()) {
        return joined(calls, &sources.runs, &Results::read_files(&sources.results)?);
    }
    let Project { root, config, place } = Project::here()?;
    let calls = match calls {
        Some(calls) => calls,
        None => listed(&config, &place, &root, progress)?,
    };
    if !sources.runs.is_empty() {
        return joined(&calls, &sources.runs, &Results::read_files(&sources.results)?);
    }
    let (file, results) = run_tests(&config, &root, progress)?;
    joined(&calls, &[file], &results)
}

fn joined(calls: &[Call], files: &[PathBuf], results: &Results) -> Result<Matrix, Trouble> {
    Ok(matrix::matrix(calls, &runs::read_files(files)?, results.by_name()))
}

fn listed(config: &Config, place: &str, root: &Path, progress: &mut Progress) -> Result<Vec<Call>, Trouble> {
    let Some((program, words)) = config.api.list.split_first() else {
        return Err(Trouble::new("nothing says which calls there are", format!("{place}, `api.list`"))
            .expected("a command that prints the catalogue")
            .remedy("write it, or give the catalogue with `--calls FILE`"));
    };
    progress.show("listing the calls", "");
    let text = process::ask(Command::new(own(program)).args(words).current_dir(root))?;
    progress.clear();
    calls::read(&text, &format!("`{}`", config.api.list.join(" ")))
}

/// Runs the tests with the recording on, and returns its file and their results.
fn run_tests(config: &Config, root: &Path, progress: &mut Progress) -> Result<(PathBuf, Results), Trouble> {
    let folder = Workspace::ask(root)?.target.join("coverage");
    let file = files::take_away(&folder, "runs.jsonl", "the old recording")?;
    let default = || ["cargo", "test", "--workspace", "--no-fail-fast"].map(str::to_owned).to_vec();
    let words = if config.api.tests.is_empty() { default() } else { config.api.tests.clone() };
    let shown = format!("`{}`", words.join(" "));
    let mut command = Command::new(own(&words[0]));
    command.args(&words[1..]).current_dir(root).env(VARIABLE, &file);
    for name in &config.run.unset {
        command.env_remove(name);
    }
    command.envs(&config.run.set).env("GATE", "1").env("CARGO_TERM_COLOR", "never");
    let ran = process::watch(&mut command, "tests", progress).map_err(|error| {
        Trouble::new(format!("the tests can't be started: {error}"), &shown)
            .expected("a program that runs the tests")
            .remedy("correct `api.tests`")
    })?;
    let results = Results::read(&ran.text, &shown).inspect_err(|_| progress.say(&ran.text))?;
    // Tests that fail don't count, and that is all; a build that fails leaves no results.
    Ok((file, results))
}

/// Cargo by the name that it calls itself; everything else by its own.
fn own(program: &str) -> std::ffi::OsString {
    if program == "cargo" { process::cargo() } else { program.into() }
}
