//! What the gate asks git: revisions, merge bases, differences. Everything is relative to the workspace.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::trouble::Trouble;

/// A repository, seen from the root of the workspace.
#[derive(Debug)]
pub struct Git {
    root: PathBuf,
}

impl Git {
    /// Asks whether there is a repository.
    ///
    /// # Errors
    /// When git is missing, or this is no working tree of a repository.
    pub fn at(root: &Path) -> Result<Self, Trouble> {
        let git = Self { root: root.to_owned() };
        let inside = git.run(&["rev-parse", "--is-inside-work-tree"])?;
        if inside.as_deref().map(str::trim) == Some("true") {
            return Ok(git);
        }
        Err(Trouble::new("the workspace is in no git repository", "the root of the workspace")
            .expected("a working tree of git")
            .remedy("run it in a clone; without git, only what needs no older revision works"))
    }

    /// The commit that a revision means.
    ///
    /// # Errors
    /// When there is none.
    pub fn commit(&self, revision: &str) -> Result<String, Trouble> {
        let missing = |what: String| {
            let remedy = match self.is_shallow() {
                Ok(true) => DEEPEN.to_owned(),
                _ => "fetch it (`git fetch origin main`, then `--base origin/main`), or name another".to_owned(),
            };
            Trouble::new(what, "`--base`").expected("a branch, tag or commit of this repository").remedy(remedy)
        };
        // What begins with a dash would be read as an option.
        if revision.is_empty() || revision.starts_with('-') {
            return Err(missing(format!("`{revision}` is no revision")));
        }
        let found = self.run(&["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")])?;
        found
            .map(|commit| commit.trim().to_owned())
            .ok_or_else(|| missing(format!("there is no revision `{revision}`")))
    }

    /// The commit from which HEAD and `revision` went apart.
    ///
    /// # Errors
    /// When there is no such revision, or no common commit.
    pub fn merge_base(&self, revision: &str) -> Result<String, Trouble> {
        self.merge_base_of(revision, "HEAD")
    }

    /// The commit from which `change` and `revision` went apart.
    ///
    /// # Errors
    /// When there is no such revision, or no common commit.
    pub fn merge_base_of(&self, revision: &str, change: &str) -> Result<String, Trouble> {
        let commit = self.commit(revision)?;
        if let Some(base) = self.run(&["merge-base", &commit, change])? {
            return Ok(base.trim().to_owned());
        }
        let remedy = if self.is_shallow()? { DEEPEN } else { "name a revision that the change descends from" };
        Err(Trouble::new(format!("the change and `{revision}` have no commit in common"), "`--base`")
            .expected("a merge base to compare with")
            .remedy(remedy))
    }

    /// Whether the history was cut when the repository was cloned.
    ///
    /// # Errors
    /// When git can't be asked.
    pub fn is_shallow(&self) -> Result<bool, Trouble> {
        Ok(self.must(&["rev-parse", "--is-shallow-repository"])?.trim() == "true")
    }

    /// The patch from a commit to the working tree, or to another commit. What the user's configuration could change
    /// about its form is said here.
    ///
    /// # Errors
    /// When git fails.
    pub fn patch(&self, base: &str, to: Option<&str>) -> Result<String, Trouble> {
        let mut words = vec!["-c", "core.quotePath=true", "diff", "--no-color", "--no-ext-diff", "--no-textconv"];
        words.extend(["--relative", "--find-renames", "--unified=0", "--inter-hunk-context=0"]);
        words.extend(["--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules", base]);
        words.extend(to);
        words.push("--");
        self.must(&words)
    }

    /// HEAD with what is not committed yet: a commit that no branch names.
    ///
    /// # Errors
    /// When git fails.
    pub fn with_uncommitted(&self) -> Result<String, Trouble> {
        let commit = self.must(&["stash", "create"])?;
        let commit = if commit.trim().is_empty() { self.must(&["rev-parse", "HEAD"])? } else { commit };
        Ok(commit.trim().to_owned())
    }

    /// Whether a commit after `base` up to `change` has this trailer.
    ///
    /// # Errors
    /// When git fails.
    pub fn has_trailer(&self, base: &str, change: &str, (key, value): (&str, &str)) -> Result<bool, Trouble> {
        let format = format!("--format=%(trailers:key={key},valueonly)");
        let values = self.must(&["log", &format, &format!("{base}..{change}")])?;
        Ok(values.lines().any(|line| line.trim() == value))
    }

    /// Files that git does not track and does not ignore.
    ///
    /// # Errors
    /// When git fails.
    pub fn untracked(&self) -> Result<Vec<String>, Trouble> {
        let listed = self.must(&["ls-files", "--others", "--exclude-standard", "-z"])?;
        Ok(listed.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }

    /// What a command prints; `None` if it fails.
    ///
    /// # Errors
    /// When git can't be started.
    pub fn run(&self, words: &[&str]) -> Result<Option<String>, Trouble> {
        let output = command(&self.root, words).output().map_err(|error| {
            Trouble::new(format!("git can't be started: {error}"), shown(words))
                .expected("git on the path")
                .remedy("install git")
        })?;
        Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
    }

    /// What a command prints.
    ///
    /// # Errors
    /// When it can't be started or fails.
    pub fn must(&self, words: &[&str]) -> Result<String, Trouble> {
        self.must_in(&self.root, words)
    }

    /// What a command prints that is run in another folder.
    ///
    /// # Errors
    /// When it can't be started or fails.
    pub fn must_in(&self, folder: &Path, words: &[&str]) -> Result<String, Trouble> {
        let wrong = |what: String| {
            Trouble::new(what, shown(words)).expected("git does it").remedy("run the command by hand, see what it says")
        };
        let output =
            command(folder, words).output().map_err(|error| wrong(format!("git can't be started: {error}")))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it printed nothing");
        Err(wrong(format!("git failed with {}: {last}", output.status)))
    }
}

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(words).current_dir(folder).stdin(Stdio::null());
    // A hook of git sets these for the command that it serves.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
    command
}

/// What to do about a history that was cut.
pub const DEEPEN: &str = "this clone is shallow: `git fetch --unshallow` (or `--deepen=100`); in a workflow, check out with `fetch-depth: 0`";

fn shown(words: &[&str]) -> String {
    format!("`git {}`", words.join(" "))
}
