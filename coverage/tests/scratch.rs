//! A copy of the demo workspace in a folder of its own, and the binary run in it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

pub(crate) struct Scratch {
    home: TempDir,
}

/// What a run of the binary gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let home = TempDir::new().unwrap();
        copy(&fixtures().join("demo"), &home.path().join("demo"));
        fs::create_dir(home.path().join("bin")).unwrap();
        Self { home }
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.home.path().canonicalize().unwrap()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home().join("demo").join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> &Self {
        fs::write(self.path(name), text).unwrap();
        self
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Changes one file by replacing text that must be in it.
    pub(crate) fn replace(&self, name: &str, from: &str, to: &str) -> &Self {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no `{from}`");
        self.write(name, &text.replace(from, to))
    }

    /// Puts a fake program on the path.
    #[cfg(unix)]
    pub(crate) fn fake(&self, program: &str, name: &str) -> &Self {
        std::os::unix::fs::symlink(fixtures().join("fakes").join(program), self.home().join("bin").join(name)).unwrap();
        self
    }

    /// What the fakes were asked to do.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.home().join("log")).unwrap_or_default()
    }

    /// The binary with an environment that has nothing but the fakes.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_coverage"));
        command.args(words).current_dir(self.path("")).env_clear();
        command
            .env("PATH", self.home().join("bin"))
            .env("FAKES", fixtures().join("fakes"))
            .env("FAKE_HOME", self.home());
        // The gate's own lines count too when these tests are the counted ones.
        if let Some(profile) = std::env::var_os("LLVM_PROFILE_FILE") {
            command.env("LLVM_PROFILE_FILE", profile);
        }
        command
    }

    pub(crate) fn gate(&self, words: &[&str]) -> Run {
        let words: Vec<&str> = ["gate"].iter().chain(words).copied().collect();
        run(&mut self.command(&words))
    }
}

/// A git without the user's configuration, whose commits are the same everywhere.
pub(crate) fn git(folder: &Path, words: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(words).current_dir(folder);
    for (name, value) in GIT_ENVIRONMENT {
        git.env(name, value);
    }
    let Output { status, stdout, stderr } = git.output().unwrap();
    assert!(status.success(), "git {words:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap().trim().to_owned()
}

/// What makes git the same everywhere.
pub(crate) const GIT_ENVIRONMENT: [(&str, &str); 8] = [
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_SYSTEM", "/dev/null"),
    ("GIT_AUTHOR_NAME", "author"),
    ("GIT_AUTHOR_EMAIL", "author@example.com"),
    ("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"),
    ("GIT_COMMITTER_NAME", "author"),
    ("GIT_COMMITTER_EMAIL", "author@example.com"),
    ("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"),
];

pub(crate) fn run(command: &mut Command) -> Run {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in from.read_dir().unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Says why a test is skipped, on standard error, past the capture of tests that pass.
pub(crate) fn say(why: &str) {
    let _ = writeln!(std::io::stderr(), "{why}");
}
