//! The change in a folder of its own: a worktree of git, which goes with the value.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Test, kept};
use crate::changed::patch::Patch;
use crate::git::Git;
use crate::progress::Progress;
use crate::reports::Project;
use crate::trouble::Trouble;

/// The worktree.
#[derive(Debug)]
pub(super) struct Tree {
    folder: TempDir,
    root: PathBuf,
    repository: PathBuf,
}

impl Tree {
    /// Checks a commit out.
    ///
    /// # Errors
    /// When git can't.
    pub(super) fn new(git: &Git, project: &Project, commit: &str, progress: &mut Progress) -> Result<Self, Trouble> {
        progress.show("checking the change out", commit);
        let wrong = |error: std::io::Error| {
            Trouble::new(format!("there is no room for a worktree: {error}"), "the folder for temporary files")
                .expected("a folder that can be written")
                .remedy("correct its permissions, or set TMPDIR")
        };
        // What a run that was killed left behind.
        git.must(&["worktree", "prune"])?;
        let folder = tempfile::Builder::new().prefix("pinned-").tempdir().map_err(wrong)?;
        let path = folder.path().canonicalize().map_err(wrong)?.join("tree");
        let shown = path.to_string_lossy().into_owned();
        git.must(&["worktree", "add", "--quiet", "--detach", "--force", &shown, commit])?;
        // The workspace may be a folder of the repository.
        let below = git.must(&["rev-parse", "--show-prefix"])?;
        Ok(Self { folder, root: path.join(below.trim()), repository: project.root.clone() })
    }

    /// The root of the workspace in it.
    #[must_use]
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Puts product files back to the base; tests inside of them stay as the change has them.
    ///
    /// # Errors
    /// When a test can't be kept without the fix, or git can't do it.
    pub(super) fn reset(
        &self,
        git: &Git,
        base: &str,
        patch: &Patch,
        product: &BTreeSet<String>,
        tests: &[Test],
    ) -> Result<(), Trouble> {
        for path in product {
            let before = git.run(&["show", &format!("{base}:./{path}")])?;
            let has_test = tests.iter().any(|test| test.path == *path);
            let refused = |what: String| {
                Trouble::new(what, path)
                    .expected("tests that can be run without the fix")
                    .remedy("move the test into a file of its own, or the change of the product into another commit")
            };
            match before {
                Some(_) if !has_test => {
                    git.must_in(&self.root, &["checkout", "--quiet", base, "--", path])?;
                }
                Some(before) => {
                    let file = self.root.join(path);
                    let change =
                        fs::read_to_string(&file).map_err(|error| refused(format!("it can't be read: {error}")))?;
                    let hunks = patch.files.iter().find(|file| file.path == *path).map(|file| file.hunks.as_slice());
                    let text = kept(&before, &change, hunks.unwrap_or_default()).map_err(refused)?;
                    fs::write(&file, text).map_err(|error| refused(format!("it can't be written: {error}")))?;
                }
                None if has_test => return Err(refused("a test stands in a new file of the product".to_owned())),
                None => fs::remove_file(self.root.join(path))
                    .map_err(|error| refused(format!("a new file can't be taken away: {error}")))?,
            }
        }
        Ok(())
    }

    /// Puts everything forward to the change again.
    ///
    /// # Errors
    /// When git can't.
    pub(super) fn restore(&self, git: &Git, commit: &str) -> Result<(), Trouble> {
        git.must_in(&self.root, &["reset", "--quiet", "--hard", commit]).map(drop)
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // The folder goes first: git then forgets the worktree. If that fails, the next run prunes it.
        let _ = fs::remove_dir_all(self.folder.path());
        let _ = Git::at(&self.repository).and_then(|git| git.run(&["worktree", "prune"]));
    }
}
