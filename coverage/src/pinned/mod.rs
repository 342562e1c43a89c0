//! `pinned`: proof that a bug fix is pinned by a test.
//!
//! The change is checked out into a folder of its own, its product files are put back to the base, and the tests that it
//! adds or touches are run there: each must fail, and not merely because nothing compiles. Then the product is put
//! forward again, and each must pass ten times of ten.
//!
//! # What is found, and what is not
//! A test is a function with an attribute that ends in `test`, in a file that a `mod` of a cargo target leads to; its
//! name is that path of modules. It is touched if a hunk of the patch lies in it. Tests that a macro makes, doc tests,
//! and tests whose data files alone changed are not found; name those that cargo lists otherwise. Tests inside of product
//! files are kept hunk by hunk: a hunk that changes product and tests together is refused.

mod kept;
pub mod render;
mod run;
mod tests;
mod tree;

use std::collections::BTreeSet;
use std::path::Path;

pub use kept::kept;
pub use run::{RUNS, There};
pub use tests::Test;

use crate::changed::patch::{self, Patch};
use crate::config::Config;
use crate::git::{DEEPEN, Git};
use crate::judge::Outcome;
use crate::measure::Workspace;
use crate::progress::Progress;
use crate::reports::Project;
use crate::trouble::Trouble;

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The TOML, if not the one at the root of the workspace.
    pub config: Option<std::path::PathBuf>,
    /// The revision without the fix.
    pub base: String,
    /// The commit with the fix; else HEAD and what is not committed yet.
    pub change: Option<String>,
    /// Names of tests, whole or their ends; without any, those that the change adds or touches.
    pub tests: Vec<String>,
    /// Whether tests that do not compile without the fix are enough.
    pub may_not_compile: bool,
}

/// The trailer of a commit that declares the same as [`Options::may_not_compile`].
pub const TRAILER: (&str, &str) = ("Pin", "compile-error");

/// What one test showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The test.
    pub test: Test,
    /// How it ended without the fix.
    pub there: There,
    /// How often of [`RUNS`] it passed with it; 0 if it was not asked, since it failed to fail.
    pub passed: u32,
    /// Whether it proves the fix.
    pub is_pin: bool,
}

/// What all tests showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The merge base, in short.
    pub base: String,
    /// The product files that were put back, or taken away.
    pub reset: Vec<String>,
    /// The tests.
    pub shown: Vec<Shown>,
    /// What one should know.
    pub notes: Vec<String>,
}

impl Verdict {
    /// Held if there are tests, and each is a pin.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if !self.shown.is_empty() && self.shown.iter().all(|shown| shown.is_pin) {
            Outcome::Held
        } else {
            Outcome::Short
        }
    }
}

/// Runs the tests without the fix and with it.
///
/// # Errors
/// When the history is cut, there is no base, no product file changed, or cargo fails otherwise than by a compile error
/// on the base.
pub fn pinned(options: &Options, start: &Path, progress: &mut Progress) -> Result<Verdict, Trouble> {
    let project = Project::find(start, options.config.as_deref())?;
    let git = Git::at(&project.root)?;
    if git.is_shallow()? {
        return Err(Trouble::new("the history is cut, so the base may be a wrong one", "this clone")
            .expected("a clone with its history")
            .remedy(DEEPEN));
    }
    let change = match &options.change {
        Some(change) => git.commit(change)?,
        None => git.with_uncommitted()?,
    };
    let base = git.merge_base_of(&options.base, &change)?;
    let patch = patch::read(&git.patch(&base, Some(&change))?).map_err(|what| {
        Trouble::new(format!("git's patch can't be read: {what}"), format!("`git diff {base} {change}`"))
            .expected("a patch with heads `diff --git a/.. b/..` and whole hunks")
            .remedy("run the command by hand and see what it prints")
    })?;
    let short = base.chars().take(12).collect::<String>();
    let product = product_files(&project.config, &patch);
    if product.is_empty() {
        return Err(Trouble::new(
            format!("no file of {} differs from {short}", project.config.product.name),
            "`--base`",
        )
        .expected("a change that fixes something in the product")
        .remedy("name the revision before the fix"));
    }
    let mut notes = Vec::new();
    if options.change.is_none() {
        let untracked = git.untracked()?;
        let rust = untracked.iter().filter(|path| path.ends_with(".rs"));
        notes.extend(rust.map(|path| format!("{path} is not known to git, and no part of the change: `git add` it")));
    }
    let tree = tree::Tree::new(&git, &project, &change, progress)?;
    let all = tests::list(tree.root())?;
    let selected = if options.tests.is_empty() { touched(&all, &patch) } else { named(&all, &options.tests)? };
    let mut verdict = Verdict { base: short, reset: product.iter().cloned().collect(), shown: Vec::new(), notes };
    if selected.is_empty() {
        return Ok(verdict);
    }
    let may_not_compile = options.may_not_compile || git.has_trailer(&base, &change, TRAILER)?;
    tree.reset(&git, &base, &patch, &product, &selected)?;
    let target = Workspace::ask(&project.root)?.target.join("pinned");
    let mut cargo = run::Cargo { tree: tree.root(), target, run: &project.config.run, progress };
    for test in selected {
        let there = cargo.there(&test)?;
        let is_pin = there.is_failure(may_not_compile);
        verdict.shown.push(Shown { test, there, passed: 0, is_pin });
    }
    tree.restore(&git, &change)?;
    for shown in verdict.shown.iter_mut().filter(|shown| shown.is_pin) {
        shown.passed = cargo.here(&shown.test)?;
        shown.is_pin = shown.passed == RUNS;
    }
    cargo.clean(&all);
    Ok(verdict)
}

/// The product files that the patch touches: those of today, those that are gone, and the former names of renamed ones.
fn product_files(config: &Config, patch: &Patch) -> BTreeSet<String> {
    let meant = |path: &&String| config.product.sources.iter().any(|glob| glob.matches(path));
    let files = patch.files.iter().flat_map(|file| std::iter::once(&file.path).chain(&file.before));
    files.chain(&patch.gone).filter(meant).cloned().collect()
}

/// The tests that a hunk lies in.
fn touched(all: &[Test], patch: &Patch) -> Vec<Test> {
    let is_touched = |test: &&Test| {
        let hunks = patch.files.iter().filter(|file| file.path == test.path).flat_map(|file| &file.hunks);
        hunks.into_iter().any(|hunk| match hunk.added {
            Some(added) => added.start <= test.lines.end && test.lines.start <= added.end,
            None => test.lines.start <= hunk.after && hunk.after < test.lines.end,
        })
    };
    all.iter().filter(is_touched).cloned().collect()
}

/// The tests of these names: whole, or ends of them that are whole names.
fn named(all: &[Test], names: &[String]) -> Result<Vec<Test>, Trouble> {
    let mut found: Vec<Test> = Vec::new();
    for name in names {
        let end = format!("::{name}");
        let mut matching: Vec<&Test> = all.iter().filter(|test| test.name == *name).collect();
        if matching.is_empty() {
            matching = all.iter().filter(|test| test.name.ends_with(&end)).collect();
        }
        let wrong = |what: String, remedy: String| {
            Trouble::new(what, "the names of tests")
                .expected("names as cargo prints them, or their ends")
                .remedy(remedy)
        };
        match matching.as_slice() {
            [one] => found.push((*one).clone()),
            [] => return Err(wrong(format!("there is no test `{name}`"), "see `cargo test -- --list`".to_owned())),
            several => {
                let names: Vec<String> = several.iter().map(|test| format!("{} ({})", test.name, test.path)).collect();
                return Err(wrong(format!("`{name}` may be several tests"), format!("name one: {}", names.join(", "))));
            }
        }
    }
    Ok(found)
}
