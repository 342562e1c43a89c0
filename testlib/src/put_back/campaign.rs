//! Runs the test binary once for each defect, with the tests that meet it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use cmdlib::unit::Unit;
use serde_json::Value;

use crate::put_back::active::{LEARN, PUT_BACK};
use crate::put_back::{Defect, Outcome};

/// The exit code of a test binary some of whose tests failed.
const TESTS_FAILED: i32 = 101;

/// A campaign over the units of a table: each defect is tried against the tests of its unit.
#[must_use = "a campaign is run: .run().holds()"]
#[derive(Debug)]
pub struct Campaign {
    units: &'static [Unit],
    tests: String,
    explained: BTreeMap<String, String>,
}

/// Returns a campaign over these units. It runs the test binary that it is called from.
pub fn of(units: &'static [Unit]) -> Campaign {
    Campaign { units, tests: String::new(), explained: BTreeMap::new() }
}

impl Campaign {
    /// Takes only tests whose path begins like this. Without it all are taken, but the one that asks.
    pub fn tests(mut self, prefix: impl Into<String>) -> Self {
        self.tests = prefix.into();
        self
    }

    /// Says why no test needs to notice a defect: `InstanceStartup: share lock instance`.
    pub fn explained(mut self, defect: impl Into<String>, reason: impl Into<String>) -> Self {
        self.explained.insert(defect.into(), reason.into());
        self
    }

    /// Runs it.
    ///
    /// # Panics
    /// It can't be measured: the binary does not run, or its tests fail without a defect.
    #[must_use = "an outcome is judged: .holds()"]
    pub fn run(self) -> Outcome {
        assert!(std::env::var_os(PUT_BACK).is_none(), "{PUT_BACK} is set: a campaign sets it itself");
        let learned = self.learn();
        let defects: Vec<(&Defect, &BTreeSet<String>)> = learned.met.iter().collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let take = || defects.get(next.fetch_add(1, Ordering::Relaxed));
            std::iter::from_fn(take)
                .filter(|(defect, tests)| !caught(defect, tests))
                .map(|(defect, _)| (*defect).clone())
                .collect::<Vec<_>>()
        };
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let survivors = thread::scope(|scope| {
            let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            let join = |handle: thread::ScopedJoinHandle<'_, Vec<Defect>>| {
                handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            handles.into_iter().flat_map(join).collect::<BTreeSet<_>>()
        });
        Outcome::new(self.units, learned, &survivors, self.explained)
    }

    /// Runs the tests without a defect, and returns what they meet.
    fn learn(&self) -> Learned {
        let file = LearnFile::new();
        let mut command = binary();
        command.env(LEARN, &file.0).args(["--test-threads", "2", "--skip", &asking()]);
        if !self.tests.is_empty() {
            command.arg(&self.tests);
        }
        let output = run(&mut command);
        assert!(output.status.success(), "the tests fail without any defect:\n{}", text(&output));
        let mut learned = Learned::default();
        let mut sure = BTreeSet::new();
        for line in file.lines().into_iter().filter(|line| line.test.starts_with(&self.tests)) {
            learned.units.insert(line.unit.clone());
            let Some((defect, is_sure)) = line.defect else { continue };
            if is_sure {
                sure.insert(defect.clone());
            }
            learned.met.entry(defect).or_default().insert(line.test);
        }
        let known = |defect: &Defect| self.units.iter().any(|unit| unit.name == defect.unit);
        learned.met.retain(|defect, _| sure.contains(defect) && known(defect));
        learned
    }
}

/// What the tests meet.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    /// The units that they run.
    pub(crate) units: BTreeSet<String>,
    /// The tests that meet each defect.
    pub(crate) met: BTreeMap<Defect, BTreeSet<String>>,
}

/// Tells whether one of the tests fails. Few are tried first, since most defects fail many.
fn caught(defect: &Defect, tests: &BTreeSet<String>) -> bool {
    const FIRST: usize = 4;
    let tests: Vec<&String> = tests.iter().collect();
    let (first, rest) = tests.split_at(FIRST.min(tests.len()));
    [first, rest].into_iter().filter(|tests| !tests.is_empty()).any(|tests| one_fails(defect, tests))
}

fn one_fails(defect: &Defect, tests: &[&String]) -> bool {
    let output = run(binary().env(PUT_BACK, defect.to_string()).arg("--exact").args(tests));
    let all_passed = format!("test result: ok. {} passed", tests.len());
    match output.status.code() {
        Some(TESTS_FAILED) => true,
        Some(0) if text(&output).contains(&all_passed) => false,
        other => panic!("{defect}: the test binary ended with {other:?}:\n{}", text(&output)),
    }
}

fn binary() -> Command {
    let path = std::env::current_exe().unwrap_or_else(|why| panic!("cannot find the test binary: {why}"));
    let mut command = Command::new(path);
    // To find the names of a backtrace takes longer than the test.
    command.env("RUST_BACKTRACE", "0");
    // Stories are to tell of a defect, not to be written anew with it.
    command.env_remove("UPDATE_EXPECT");
    command
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|why| panic!("cannot run the test binary: {why}"))
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The test that asks, which is not to ask again.
fn asking() -> String {
    thread::current().name().unwrap_or("put_back").to_owned()
}

/// The file to which tests write what they meet; it goes with this.
struct LearnFile(PathBuf);

impl LearnFile {
    fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("put-back-{}-{}.jsonl", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        if let Err(why) = std::fs::write(&path, "") {
            panic!("cannot write {}: {why}", path.display());
        }
        Self(path)
    }

    fn lines(&self) -> Vec<LearnedLine> {
        let text =
            std::fs::read_to_string(&self.0).unwrap_or_else(|why| panic!("cannot read {}: {why}", self.0.display()));
        let read =
            |line: &str| LearnedLine::read(line).unwrap_or_else(|why| panic!("{}: {line}: {why}", self.0.display()));
        text.lines().map(read).collect()
    }
}

/// A line of it: a unit that a test runs, and maybe a defect that it meets.
struct LearnedLine {
    test: String,
    unit: String,
    defect: Option<(Defect, bool)>,
}

impl LearnedLine {
    fn read(line: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(line).map_err(|why| why.to_string())?;
        let text = |name: &str| value[name].as_str().ok_or_else(|| format!("it has no '{name}'"));
        let defect = match value.get("defect") {
            Some(_) => Some((text("defect")?.parse()?, value["sure"] == true)),
            None => None,
        };
        Ok(Self { test: text("test")?.to_owned(), unit: text("unit")?.to_owned(), defect })
    }
}

impl Drop for LearnFile {
    fn drop(&mut self) {
        // Whether it can be removed is of no consequence to anybody.
        _ = std::fs::remove_file(&self.0);
    }
}
