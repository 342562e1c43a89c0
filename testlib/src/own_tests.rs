//! The tests of the binary that runs, once more in a process of its own: what campaigns are made of.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use cmdlib::unit::Unit;
use serde_json::{Value, json};

/// Something that is found out about units by running their tests, again and again. It runs the test binary that it is called
/// from.
#[must_use = "a campaign is run: .run().holds()"]
#[derive(Debug)]
pub struct Campaign<K> {
    pub(crate) units: &'static [Unit],
    pub(crate) tests: String,
    pub(crate) explained: BTreeMap<String, String>,
    kind: PhantomData<K>,
}

impl<K> Campaign<K> {
    pub(crate) fn of(units: &'static [Unit]) -> Self {
        Self { units, tests: String::new(), explained: BTreeMap::new(), kind: PhantomData }
    }

    /// Takes only tests whose path begins like this. Without it all are taken, but the one that asks.
    pub fn tests(mut self, prefix: impl Into<String>) -> Self {
        self.tests = prefix.into();
        self
    }

    /// Says why something that is found is right: the unit, and what is found, as it is shown. What is not found any more must go.
    pub fn explained(mut self, finding: impl Into<String>, reason: impl Into<String>) -> Self {
        self.explained.insert(finding.into(), reason.into());
        self
    }
}

/// Tells a process that a campaign has started it.
const CAMPAIGN: &str = "LU_CAMPAIGN";
/// The exit code of a test binary some of whose tests failed.
const TESTS_FAILED: i32 = 101;

/// Tells whether a campaign has started this process: another one in it would run its tests without end.
pub(crate) fn inside_a_campaign() -> bool {
    std::env::var_os(CAMPAIGN).is_some()
}

/// Something that was noted while a test ran.
pub(crate) struct Noted {
    pub(crate) test: String,
    pub(crate) what: Value,
}

/// Notes what a run teaches, if a campaign wants to know: `variable` names its file.
pub(crate) fn note(variable: &str, lines: impl FnOnce() -> Vec<Value>) {
    let Some(path) = std::env::var_os(variable) else { return };
    let thread = thread::current();
    let Some(test) = thread.name().filter(|name| *name != "main") else { return };
    let lines: String = lines().iter().map(|what| format!("{}\n", json!({"test": test, "what": what}))).collect();
    // One write, so that lines of tests that run at the same time never mix.
    let written = OpenOptions::new().append(true).open(&path).and_then(|mut file| file.write_all(lines.as_bytes()));
    if let Err(why) = written {
        panic!("{variable}: cannot write {}: {why}", path.display());
    }
}

/// Runs the tests whose path begins with `prefix`, but the one that asks, and returns what they noted.
///
/// # Panics
/// They fail.
pub(crate) fn learn(variable: &str, prefix: &str) -> Vec<Noted> {
    let file = NoteFile::with("");
    let asking = thread::current().name().unwrap_or("main").to_owned();
    let mut command = binary();
    command.env(variable, &file.0).args(["--skip", &asking]);
    if !prefix.is_empty() {
        command.arg(prefix);
    }
    let output = run(&mut command);
    assert!(output.status.success(), "the tests fail as they are:\n{}", text(&output));
    let mut lines = file.lines();
    lines.retain(|line| line.test.starts_with(prefix));
    lines
}

/// Runs just these tests, each with a word that it is given by the file that `variable` names: `test`, a tab, the word.
/// Returns those that fail.
///
/// # Panics
/// They end otherwise than tests do.
pub(crate) fn failing(words: &BTreeMap<&String, impl fmt::Display>, variable: &str) -> BTreeSet<String> {
    let text: String = words.iter().map(|(test, word)| format!("{test}\t{word}\n")).collect();
    let file = NoteFile::with(&text);
    let mut command = binary();
    command.env(variable, &file.0).arg("--exact").args(words.keys());
    let output = run(&mut command);
    let told = String::from_utf8_lossy(&output.stdout);
    let failed = |line: &str| line.strip_prefix("test ")?.strip_suffix(" ... FAILED").map(str::to_owned);
    let failed: BTreeSet<String> = told.lines().filter_map(failed).collect();
    let ran = told.contains(&format!("running {} test", words.len()));
    let as_told = if failed.is_empty() { Some(0) } else { Some(TESTS_FAILED) };
    assert!(ran && output.status.code() == as_told, "the tests ended with {}:\n{}", output.status, self::text(&output));
    failed
}

fn binary() -> Command {
    let path = std::env::current_exe().unwrap_or_else(|why| panic!("cannot find the test binary: {why}"));
    let mut command = Command::new(path);
    command.env(CAMPAIGN, "1");
    // With one alone, threads do not have the names of their tests.
    let threads = thread::available_parallelism().map_or(2, usize::from).max(2);
    command.args(["--test-threads", &threads.to_string()]);
    // To find the names of a backtrace takes longer than the test.
    command.env("RUST_BACKTRACE", "0");
    // Stories are to tell of a defect, not to be written anew with it. Who counts runs counts each test once.
    ["UPDATE_EXPECT", "LU_RUNS", "LU_REPLAY_RUNS"].iter().for_each(|name| _ = command.env_remove(name));
    command
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|why| panic!("cannot run the test binary: {why}"))
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A file for the tests; it goes with this.
struct NoteFile(PathBuf);

impl NoteFile {
    fn with(text: &str) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("campaign-{}-{}.jsonl", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        if let Err(why) = std::fs::write(&path, text) {
            panic!("cannot write {}: {why}", path.display());
        }
        Self(path)
    }

    fn lines(&self) -> Vec<Noted> {
        let text =
            std::fs::read_to_string(&self.0).unwrap_or_else(|why| panic!("cannot read {}: {why}", self.0.display()));
        let read = |line: &str| -> Option<Noted> {
            let mut line: Value = serde_json::from_str(line).ok()?;
            Some(Noted { test: line["test"].as_str()?.to_owned(), what: line["what"].take() })
        };
        text.lines().map(|line| read(line).unwrap_or_else(|| panic!("{}: no note: {line}", self.0.display()))).collect()
    }
}

impl Drop for NoteFile {
    fn drop(&mut self) {
        // Whether it can be removed is of no consequence to anybody.
        _ = std::fs::remove_file(&self.0);
    }
}
