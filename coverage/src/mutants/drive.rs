//! Driving cargo-mutants: which mutants, those that are left to try, one run.

use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::config::Config;
use crate::process;
use crate::progress::Progress;
use crate::results::{Outcome, Results};
use crate::trouble::Trouble;

use super::known::Known;
use super::outcomes::{self, Mutant};

/// Where in `target/mutants` is what is known from before.
const KNOWN: &str = "known.json";

/// cargo-mutants in this workspace.
pub(super) struct Drive<'a> {
    pub(super) root: &'a Path,
    pub(super) config: &'a Config,
    pub(super) program: PathBuf,
    /// `target/mutants`: its output, and what is known from before.
    pub(super) folder: PathBuf,
}

impl Drive<'_> {
    /// Lists the mutants of these files; with a base, only those on lines that changed since.
    pub(super) fn list(&self, files: &[String], base: Option<&str>) -> Result<Vec<Mutant>, Trouble> {
        let mut command = self.command();
        command.args(["--list", "--json"]);
        for file in files {
            command.args(["--file", file]);
        }
        if let Some(base) = base {
            let patch = self.patch(base)?;
            if patch.trim().is_empty() {
                return Ok(Vec::new());
            }
            let path = self.folder.join("base.diff");
            self.write(&path, &patch)?;
            command.arg("--in-diff").arg(path);
        }
        let text = process::ask(&mut command)?;
        // Where a patch meets no file, a word comes instead of a list.
        if text.trim().is_empty() {
            Ok(Vec::new())
        } else {
            outcomes::read_list(&text, "`cargo mutants --list --json`")
        }
    }

    fn patch(&self, base: &str) -> Result<String, Trouble> {
        let mut git = self.git();
        git.args(["diff", "--no-ext-diff", "--no-color", "--src-prefix=a/", "--dst-prefix=b/", "--merge-base", base]);
        process::ask(&mut git).map_err(|trouble| {
            trouble
                .expected(format!("a revision `{base}` that shares a history with this one"))
                .remedy(format!("fetch it (`git fetch --unshallow` in a shallow clone), or name another one with `--base`: `{base}` was tried"))
        })
    }

    /// The base where none was named: what the remote calls its main line, else `main`.
    pub(super) fn default_base(&self) -> Result<String, Trouble> {
        for name in ["origin/HEAD", "origin/main", "main", "master"] {
            if process::ask(self.git().args(["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")]))
                .is_ok()
            {
                return Ok(name.to_owned());
            }
        }
        Err(Trouble::new("there is nothing to compare with", "this repository")
            .expected("one of origin/HEAD, origin/main, main, master")
            .remedy("name one with `--base REV`, or take all mutants with `--all`"))
    }

    fn git(&self) -> Command {
        let mut git = Command::new("git");
        git.current_dir(self.root);
        git
    }

    /// What is known of these mutants from earlier runs, from one that was interrupted too: on this very tree, or with
    /// `survivors` on an earlier one.
    pub(super) fn known(&self, wanted: &[Mutant], survivors: bool) -> Known {
        let mut before = Known::read(&self.folder.join(KNOWN));
        let last = fs::read_to_string(self.outcomes()).unwrap_or_default();
        before.fates.extend(outcomes::read(&last, "target/mutants").unwrap_or_default());
        let hash = |file: &String| {
            let mut hasher = DefaultHasher::new();
            fs::read(self.root.join(file)).ok().hash(&mut hasher);
            (file.clone(), hasher.finish())
        };
        let files = wanted.iter().map(|mutant| &mutant.file).collect::<BTreeSet<_>>();
        let now = Known::nothing(self.tree(), before.files.keys().chain(files).map(hash).collect());
        before.carried_to(now, survivors)
    }

    /// Tries these mutants, and adds what came of them to what is known.
    pub(super) fn run(
        &self,
        left: &[Mutant],
        known: &mut Known,
        jobs: usize,
        progress: &mut Progress,
    ) -> Result<(), Trouble> {
        if left.is_empty() {
            return Ok(());
        }
        let limit = self.unmutated(progress)?;
        // In this order: outcomes that lie there are always of the tree that is remembered.
        match fs::remove_dir_all(self.folder.join("mutants.out")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(self.unwritable(&error)),
            _ => {}
        }
        self.remember(known)?;
        let config = self.folder.join("mutants.toml");
        let patterns: Vec<String> = left.iter().map(|mutant| format!("^{}$", regex_of(&mutant.name))).collect();
        self.write(&config, &format!("examine_re = {}\n", toml::Value::from(patterns)))?;
        let mut command = self.command();
        command.arg("--config").arg(&config).arg("--output").arg(&self.folder);
        let files: BTreeSet<&str> = left.iter().map(|mutant| mutant.file.as_str()).collect();
        for file in files {
            command.args(["--file", file]);
        }
        command.args(["--jobs", &jobs.to_string(), "--colors", "never", "--copy-target=false"]);
        command.args(["--baseline", "skip", "--timeout", &limit.to_string()]);
        command.args(["--test-package", &self.config.mutants.package, "--"]).args(&self.config.mutants.arguments);
        let ran = process::watch(&mut command, "mutants", progress).map_err(|error| {
            Trouble::new(format!("cargo-mutants can't be started: {error}"), "`cargo mutants`")
                .expected("a program that runs")
                .remedy("install it anew: `cargo install --locked --force cargo-mutants`")
        })?;
        let text = fs::read_to_string(self.outcomes()).map_err(|error| {
            progress.say(&ran.text);
            Trouble::new(
                format!("cargo-mutants left no outcomes ({}): {error}", ran.status),
                "target/mutants/mutants.out",
            )
            .expected("outcomes.json")
            .remedy("see what it said above")
        })?;
        known.fates.extend(outcomes::read(&text, "target/mutants/mutants.out/outcomes.json")?);
        self.remember(known)
    }

    /// Runs the tests on the tree as it is: they must pass, else every mutant would seem to be caught. cargo-mutants' own
    /// run before the first mutant asks the tests of the mutated package, which here has none. Returns the time in seconds
    /// that tests may take with a mutant.
    fn unmutated(&self, progress: &mut Progress) -> Result<u64, Trouble> {
        // The machine may be busier by then. A mutant that never ends is rare; one whose time-out hides that it survives is worse.
        const LEAST: u64 = 300;
        let test = |more: &[&str]| {
            let mut command = Command::new(process::cargo());
            command
                .args(["test", "--package", &self.config.mutants.package])
                .args(more)
                .args(&self.config.mutants.arguments);
            self.prepare(&mut command);
            command
        };
        let shown = format!("`{}`", process::shown(&test(&[])));
        let failed = |what: String| {
            Trouble::new(what, &shown)
                .expected("tests that pass, so that a failure means a mutant was noticed")
                .remedy("make them pass; or correct `mutants.package` and `mutants.arguments`")
        };
        let mut run = |more: &[&str], doing: &str| {
            process::watch(&mut test(more), doing, progress)
                .map_err(|error| failed(format!("the tests can't be started: {error}")))
        };
        let built = run(&["--no-run"], "building the tests without any mutant")?;
        if !built.status.success() {
            progress.say(&built.text);
            return Err(failed("the tests do not build without any mutant".to_owned()));
        }
        let begin = Instant::now();
        let ran = run(&[], "tests without any mutant")?;
        if !ran.status.success() {
            progress.say(&ran.text);
            return Err(failed("the tests fail without any mutant".to_owned()));
        }
        if Results::read(&ran.text, &shown)?.count(Outcome::Passed) == 0 {
            return Err(failed("no test was run".to_owned()));
        }
        Ok((begin.elapsed().as_secs() * 10).max(LEAST))
    }

    fn remember(&self, known: &Known) -> Result<(), Trouble> {
        self.write(&self.folder.join(KNOWN), &serde_json::to_string(known).unwrap_or_default())
    }

    fn outcomes(&self) -> PathBuf {
        self.folder.join("mutants.out").join("outcomes.json")
    }

    fn write(&self, path: &Path, text: &str) -> Result<(), Trouble> {
        fs::create_dir_all(&self.folder).and_then(|()| fs::write(path, text)).map_err(|error| self.unwritable(&error))
    }

    fn unwritable(&self, error: &io::Error) -> Trouble {
        Trouble::new(format!("target/mutants can't be written: {error}"), self.folder.display().to_string())
            .expected("a folder that can be written")
            .remedy("correct its permissions")
    }

    /// cargo-mutants in the environment of the counted run, with the least that a build needs.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("mutants");
        self.prepare(&mut command);
        // Each copy of the tree builds in a folder of its own. Without line tables that takes less; which line a test failed
        // in is of no interest here.
        command.env_remove("CARGO_TARGET_DIR").env("CARGO_PROFILE_DEV_DEBUG", "none");
        command
    }

    fn prepare(&self, command: &mut Command) {
        command.current_dir(self.root);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        for name in &self.config.run.unset {
            command.env_remove(name);
        }
        // A mutant fails hundreds of tests: a backtrace for each takes longer than all of them.
        command.envs(&self.config.run.set).env("GATE", "1").env("RUST_BACKTRACE", "0").env("CARGO_TERM_COLOR", "never");
    }

    /// What the tree looks like, as a text that differs when it does; none outside of a repository.
    fn tree(&self) -> Option<String> {
        let ask = |words: &[&str]| process::ask(self.git().args(words)).ok();
        let mut hasher = DefaultHasher::new();
        ask(&["diff", "--no-ext-diff", "--binary", "HEAD"])?.hash(&mut hasher);
        for path in ask(&["ls-files", "--others", "--exclude-standard", "-z"])?.split_terminator('\0') {
            (path, fs::read(self.root.join(path)).ok()).hash(&mut hasher);
        }
        let mutants = &self.config.mutants;
        (&mutants.package, &mutants.arguments).hash(&mut hasher);
        Some(format!("{} {:016x}", ask(&["rev-parse", "HEAD"])?.trim(), hasher.finish()))
    }
}

/// A name as a regular expression that means it alone. Letters, `<` and `>` would get a meaning by a backslash.
fn regex_of(name: &str) -> String {
    let mut out = String::with_capacity(name.len() * 2);
    for each in name.chars() {
        if r"\.+*?()|[]{}^$#&-~".contains(each) {
            out.push('\\');
        }
        out.push(each);
    }
    out
}
