//! The recording of which test ran which opcode, for the matrix of `coverage api`: off, unless the environment names a file.
//!
//! Each run is one line of JSON, written whole by one appending write, so that lines of tests and processes that run at the
//! same time never mix. A line tells of the run; whether the *test* passed only its runner knows, whose results are read
//! beside it.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::OnceLock;

use cmdlib::processor::Ended;
use serde_json::json;

/// The variable that names the file: an absolute path, since tests of different crates run in different folders.
const VARIABLE: &str = "LU_RUNS";

/// The way by which an opcode was run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Via {
    /// Handed to the bench by the test.
    Bench,
    /// The same, with the real lock manager.
    Processor,
    /// Handed to the processor by a replay.
    Replay,
    /// Not run at all: submitted by another unit.
    Implied,
}

impl Via {
    fn as_str(self) -> &'static str {
        match self {
            Self::Bench => "bench",
            Self::Processor => "processor",
            Self::Replay => "replay",
            Self::Implied => "implied",
        }
    }
}

/// Where in its test an opcode was run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Body,
    SetUp,
}

/// Appends a run, if that is wanted. `ok`: it was as the test wanted it.
///
/// # Panics
/// The file can't be written: a recording with holes would say that less is tested than is.
pub(crate) fn record(call: &str, via: Via, part: Part, ok: bool, ended: &str) {
    static FILE: OnceLock<Option<File>> = OnceLock::new();
    let Some(mut file) = FILE.get_or_init(open).as_ref() else { return };
    let part = match part {
        Part::Body => "body",
        Part::SetUp => "set-up",
    };
    let line = json!({"test": test(), "call": call, "via": via.as_str(), "ok": ok, "in": part, "ended": ended});
    if let Err(error) = file.write_all(format!("{line}\n").as_bytes()) {
        panic!("{VARIABLE}: the run of {call} can't be recorded: {error}");
    }
}

fn open() -> Option<File> {
    let path = std::env::var_os(VARIABLE).filter(|path| !path.is_empty())?;
    let path = Path::new(&path);
    assert!(path.is_absolute(), "{VARIABLE}: '{}' is no absolute path: tests run in several folders", path.display());
    let file = OpenOptions::new().append(true).create(true).open(path);
    Some(file.unwrap_or_else(|error| panic!("{VARIABLE}: '{}' can't be appended to: {error}", path.display())))
}

/// The test that runs: libtest names its thread so. A test that is alone may run on the main thread: then the runner named it
/// with `--exact`.
fn test() -> Option<String> {
    let thread = std::thread::current();
    if let Some(name) = thread.name().filter(|name| *name != "main") {
        return Some(name.to_owned());
    }
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut names = words.iter().filter(|word| !word.starts_with('-'));
    let name = names.next().filter(|_| words.iter().any(|word| word == "--exact"));
    name.filter(|_| names.next().is_none()).cloned()
}

/// How a run ended, in words that stay the same.
pub(crate) fn words(ended: &Ended) -> String {
    match ended {
        Ended::Success(_) => "success".to_owned(),
        Ended::Refused(refusal) => format!("refused ({})", refusal.code),
        Ended::Failed(_) => "failed".to_owned(),
        Ended::HooksAborted(_) => "aborted by hooks".to_owned(),
        Ended::LockTimeout => "locks not granted in time".to_owned(),
        Ended::BadResult(_) => "bad result".to_owned(),
        Ended::Internal(_) => "internal error".to_owned(),
        Ended::OpCodeUnknown(_) => "unknown opcode".to_owned(),
    }
}
