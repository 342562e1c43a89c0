//! The counted run: all tests of the workspace under cargo-llvm-cov, once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::config::{Run, Runner};
use crate::files;
use crate::process;
use crate::progress::Progress;
use crate::tools::{Compiler, Tools};
use crate::trouble::Trouble;

/// What cargo says of the workspace.
#[derive(Debug)]
pub struct Workspace {
    /// Its build output.
    pub target: PathBuf,
    /// All that `cargo metadata` printed: packages, targets, features.
    metadata: String,
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

impl Workspace {
    /// Asks cargo.
    ///
    /// # Errors
    /// When cargo fails or answers something else.
    pub fn ask(root: &Path) -> Result<Self, Trouble> {
        let mut cargo = Command::new(process::cargo());
        let metadata = process::ask(cargo.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root))?;
        let read: Metadata = serde_json::from_str(&metadata).map_err(|error| {
            Trouble::new(format!("cargo's answer can't be read: {error}"), "`cargo metadata`")
                .expected("an object with `target_directory`")
                .remedy("run it by hand and see what it says")
        })?;
        Ok(Self { target: read.target_directory, metadata })
    }
}

/// Runs the tests and returns the text of the report.
///
/// # Errors
/// When tests fail (their output is shown), or no report comes out.
pub fn measure(
    root: &Path,
    workspace: &Workspace,
    run: &Run,
    compiler: &Compiler,
    tools: &Tools,
    progress: &mut Progress,
) -> Result<String, Trouble> {
    let folder = workspace.target.join("coverage");
    let report = files::take_away(&folder, "report.json", "the old report")?;
    let build = Build { root, workspace, run, compiler, objects: objects_folder(workspace) };
    let is_same = build.is_recorded();
    let _ = fs::remove_file(build.record());
    // Profiles of earlier runs go always; what was built goes if something else was built than would be now.
    let clean = if is_same { "--profraw-only" } else { "--workspace" };
    let cleaning = &mut command(root, run, tools);
    process::ask(cleaning.args(["llvm-cov", "clean", clean])).map_err(|trouble| {
        trouble.expected("cargo-llvm-cov takes old profiles away").remedy("remove target/llvm-cov-target by hand")
    })?;
    let mut counted = command(root, run, tools);
    counted.arg("llvm-cov");
    if run.runner == Runner::Nextest {
        counted.arg("nextest");
    }
    counted.args(["--no-clean", "--no-fail-fast", "--workspace", "--json", "--output-path"]);
    counted.arg(&report).args(&run.arguments);
    let ran = process::watch(&mut counted, "counted run", progress);
    build.write_record();
    let shown = "`cargo llvm-cov --workspace --json`";
    let ran = ran.map_err(|error| {
        Trouble::new(format!("cargo-llvm-cov can't be started: {error}"), shown)
            .expected("a program that runs")
            .remedy("install it anew: `cargo install --locked --force cargo-llvm-cov`")
    })?;
    if !ran.status.success() {
        progress.say(&ran.text);
        return Err(Trouble::new(
            format!("the counted run failed with {}", ran.status),
            format!("{shown}, output above"),
        )
        .expected("a workspace that builds, and tests that pass")
        .remedy(match run.runner {
            Runner::CargoTest => "make `GATE=1 cargo test --workspace` pass",
            Runner::Nextest => {
                "make `GATE=1 cargo nextest run --workspace` pass; if it is missing, `cargo install --locked cargo-nextest`"
            }
        }));
    }
    fs::read_to_string(&report).map_err(|error| {
        Trouble::new(format!("there is no report: {error}"), "target/coverage/report.json")
            .expected("a report from a run that went well")
            .remedy("run it by hand: `cargo llvm-cov --workspace --json`")
    })
}

/// cargo-llvm-cov in the environment of the counted run.
fn command(root: &Path, run: &Run, tools: &Tools) -> Command {
    let mut command = Command::new(&tools.cargo_llvm_cov);
    command.current_dir(root);
    process::forget_own_package(&mut command);
    for name in &run.unset {
        command.env_remove(name);
    }
    command.envs(&run.set).env("GATE", "1");
    command.env("LLVM_COV", &tools.llvm.cov).env("LLVM_PROFDATA", &tools.llvm.profdata);
    command
}

fn objects_folder(workspace: &Workspace) -> PathBuf {
    let own = std::env::var_os("CARGO_LLVM_COV_TARGET_DIR").map(PathBuf::from);
    own.unwrap_or_else(|| workspace.target.join("llvm-cov-target"))
}

/// What the counted run builds, and the record of what it built last.
///
/// cargo-llvm-cov reads every program of these packages that lies in its target folder. One that an earlier set of
/// features or dependencies left there would add lines that no test of today can reach. By default it rebuilds the
/// workspace at each run for that reason; the gate does so only when what determines the names of programs changed,
/// or when somebody else built there.
struct Build<'a> {
    root: &'a Path,
    workspace: &'a Workspace,
    run: &'a Run,
    compiler: &'a Compiler,
    objects: PathBuf,
}

impl Build<'_> {
    fn record(&self) -> PathBuf {
        self.workspace.target.join("coverage").join("built")
    }

    fn is_recorded(&self) -> bool {
        fs::read_to_string(self.record()).is_ok_and(|recorded| recorded == self.state())
    }

    /// If it can't be written, the next run builds anew.
    fn write_record(&self) {
        let _ = fs::write(self.record(), self.state());
    }

    fn state(&self) -> String {
        let file = |name: &str| fs::read_to_string(self.root.join(name)).unwrap_or_default();
        let relevant = |name: &str| name.contains("RUSTFLAGS") || name.starts_with("CARGO_PROFILE_");
        let variables: BTreeSet<String> = std::env::vars_os()
            .map(|(name, value)| format!("{}={}", name.to_string_lossy(), value.to_string_lossy()))
            .filter(|variable| relevant(variable.split('=').next().unwrap_or_default()))
            .collect();
        format!(
            "{:?}\n{:?}\n{variables:?}\n{}\n{}\n{}\n{}\n{:?}\n",
            self.compiler.machine,
            self.run.arguments,
            self.workspace.metadata,
            file("Cargo.lock"),
            file("Cargo.toml"),
            file(".cargo/config.toml"),
            self.programs()
        )
    }

    /// Programs and libraries in the target folder, by name. Their content is cargo's to keep up to date.
    fn programs(&self) -> BTreeSet<String> {
        let list = |folder: &Path| -> Vec<PathBuf> {
            let entries = folder.read_dir().into_iter().flatten().filter_map(Result::ok);
            entries.map(|entry| entry.path()).collect()
        };
        let profiles = list(&self.objects);
        let folders =
            profiles.iter().flat_map(|profile| [profile.clone(), profile.join("deps"), profile.join("examples")]);
        folders
            .flat_map(|folder| list(&folder))
            .filter(|file| {
                let ending = file.extension().map(|ending| ending.to_string_lossy().into_owned());
                matches!(ending.as_deref(), None | Some("exe" | "dll" | "so" | "dylib")) && file.is_file()
            })
            .filter_map(|file| file.strip_prefix(&self.objects).ok().map(|file| file.display().to_string()))
            .collect()
    }
}
