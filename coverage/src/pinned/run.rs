//! Runs single tests with cargo, and reads how they ended from libtest's summary.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Test;
use crate::config::Run;
use crate::process::{self, Ran};
use crate::progress::Progress;
use crate::trouble::Trouble;

/// How often a test must pass with the fix.
pub const RUNS: u32 = 10;

/// How a test ended without the fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum There {
    /// It failed, and said why.
    Failed(String),
    /// It passed.
    Passed,
    /// It is ignored.
    Ignored,
    /// Its target does not compile; the compiler's first error.
    NotCompiled(String),
}

impl There {
    /// Whether that shows that the fix is needed.
    #[must_use]
    pub fn is_failure(&self, may_not_compile: bool) -> bool {
        match self {
            Self::Failed(_) => true,
            Self::NotCompiled(_) => may_not_compile,
            Self::Passed | Self::Ignored => false,
        }
    }
}

/// Cargo in the worktree.
pub(super) struct Cargo<'a> {
    pub(super) tree: &'a Path,
    pub(super) target: PathBuf,
    pub(super) run: &'a Run,
    pub(super) progress: &'a mut Progress,
}

enum Ended {
    Passed,
    Failed(String),
    Ignored,
}

impl Cargo<'_> {
    /// Runs a test once, without the fix.
    pub(super) fn there(&mut self, test: &Test) -> Result<There, Trouble> {
        let built = self.cargo(test, &["--no-run"], "building without the fix")?;
        if !built.status.success() {
            // Whatever else cargo can't do (a dependency that it can't get) proves nothing.
            if !built.text.contains("error: could not compile") {
                return Err(self.broken("without the fix cargo fails before it compiles", &built, test));
            }
            let first = built.text.lines().find(|line| line.starts_with("error")).unwrap_or_default();
            return Ok(There::NotCompiled(first.to_owned()));
        }
        Ok(match self.ended(test, "without the fix")? {
            Ended::Passed => There::Passed,
            Ended::Failed(why) => There::Failed(why),
            Ended::Ignored => There::Ignored,
        })
    }

    /// Runs a test with the fix until it does not pass; returns how often it passed.
    pub(super) fn here(&mut self, test: &Test) -> Result<u32, Trouble> {
        let built = self.cargo(test, &["--no-run"], "building with the fix")?;
        if !built.status.success() {
            return Err(self.broken("with the fix it does not build", &built, test));
        }
        for passed in 0..RUNS {
            if !matches!(self.ended(test, &format!("with the fix, {} of {RUNS}", passed + 1))?, Ended::Passed) {
                return Ok(passed);
            }
        }
        Ok(RUNS)
    }

    /// Takes away what was built of the workspace: the next worktree has another path, and shares dependencies only.
    pub(super) fn clean(&mut self, tests: &[Test]) {
        let packages: BTreeSet<&str> = tests.iter().map(|test| test.package.as_str()).collect();
        let mut command = Command::new(process::cargo());
        command.arg("clean").env("CARGO_TARGET_DIR", &self.target).current_dir(self.tree);
        command.args(packages.iter().flat_map(|package| ["--package", package]));
        // It saves room, no more.
        let _ = process::ask(&mut command);
    }

    fn ended(&mut self, test: &Test, doing: &str) -> Result<Ended, Trouble> {
        let ran = self.cargo(test, &["--", "--exact", &test.name], doing)?;
        match summary(&ran.out) {
            Some((1, 0, 0)) => Ok(Ended::Passed),
            Some((0, 1, 0)) => Ok(Ended::Failed(reason(&ran.out))),
            Some((0, 0, 1)) => Ok(Ended::Ignored),
            // The process died of it: that is a failure like any other.
            None if !ran.status.success() && ran.out.contains("\nrunning 1 test") => {
                Ok(Ended::Failed("the test's process died".to_owned()))
            }
            _ => Err(self.broken("the test does not run", &ran, test)),
        }
    }

    fn cargo(&mut self, test: &Test, words: &[&str], doing: &str) -> Result<Ran, Trouble> {
        let mut command = Command::new(process::cargo());
        process::forget_own_package(&mut command);
        for name in &self.run.unset {
            command.env_remove(name);
        }
        command.envs(&self.run.set).env("CARGO_TARGET_DIR", &self.target).env("CARGO_TERM_COLOR", "never");
        command.env_remove("RUST_TEST_NOCAPTURE").env("RUST_BACKTRACE", "0");
        command.args(["test", "--package", &test.package]).args(&test.target).args(words).current_dir(self.tree);
        process::watch(&mut command, &format!("{doing}: {}", test.name), self.progress).map_err(|error| {
            Trouble::new(format!("cargo can't be started: {error}"), "`cargo test`")
                .expected("cargo on the path")
                .remedy("install Rust with rustup")
        })
    }

    fn broken(&mut self, what: &str, ran: &Ran, test: &Test) -> Trouble {
        self.progress.say(&ran.text);
        let command =
            format!("`cargo test --package {} {} -- --exact {}`", test.package, test.target.join(" "), test.name);
        Trouble::new(format!("{what}: cargo ended with {}", ran.status), format!("{command}, output above"))
            .expected("a test that cargo builds and runs")
            .remedy("run it by hand; the test must be run by libtest, and be in a `mod` that no `cfg` turns off")
    }
}

/// Numbers of passed, failed and ignored tests.
fn summary(text: &str) -> Option<(u32, u32, u32)> {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix("test result: "))?;
    let number = |word: &str| -> Option<u32> {
        let part = line.split([';', '.']).find_map(|part| part.trim().strip_suffix(word))?;
        part.trim().parse().ok()
    };
    Some((number("passed")?, number("failed")?, number("ignored")?))
}

/// Where the test panicked, and its first words; or what it returned.
fn reason(text: &str) -> String {
    let mut lines = text.lines().skip_while(|line| !line.contains(" panicked at "));
    if let Some(place) = lines.next().and_then(|line| line.split(" panicked at ").nth(1)) {
        let words = lines.find(|line| !line.trim().is_empty()).unwrap_or_default();
        return format!("{place} {}", words.trim());
    }
    let returned = text.lines().find(|line| line.starts_with("Error: "));
    returned.unwrap_or("it did not say why").to_owned()
}
