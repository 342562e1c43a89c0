//! What tests did: one line of JSON for each run of a call.

use std::path::Path;

use serde::Deserialize;

use crate::results::read_file;
use crate::trouble::Trouble;

/// The way by which a call was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// The test made it, without a client between.
    Direct,
    /// Directly, on the bench.
    Bench,
    /// Directly, as a recorded run was replayed.
    Replay,
    /// Directly, with the real lock manager.
    Processor,
    /// Through a client: the Remote API or a command.
    Client,
    /// Another call led to it.
    Implied,
}

impl Via {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Bench => "bench",
            Self::Replay => "replay",
            Self::Processor => "processor",
            Self::Client => "client",
            Self::Implied => "implied",
        }
    }
}

/// Where in a test a call was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// It is what the test is about.
    #[default]
    Body,
    /// It brings about what the test begins with.
    SetUp,
    /// It takes away what the test made.
    TearDown,
}

/// One run of a call.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Run {
    /// The test; none if whoever wrote the line could not tell.
    pub test: Option<String>,
    /// The call.
    pub call: String,
    /// The way.
    pub via: Via,
    /// Whether the run was as the test wanted it.
    pub ok: bool,
    /// Where in the test.
    #[serde(default, rename = "in")]
    pub part: Part,
    /// How the run itself ended: `success`, `refused (wrong_state)`, ..
    #[serde(default)]
    pub ended: Option<String>,
}

/// Reads lines of runs; `place` is what messages call them.
///
/// # Errors
/// When there is none, or one can't be read: a line that was cut off, too.
pub fn read(text: &str, place: &str) -> Result<Vec<Run>, Trouble> {
    let wrong = |what: String, place: String| {
        Trouble::new(what, place)
            .expected("lines `{\"test\": .., \"call\": .., \"via\": \"direct\", \"ok\": true}`; via is direct, bench, replay, processor, client or implied")
            .remedy("run the tests again, with LU_RUNS set to a new file")
    };
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = lines.map(|(index, line)| {
        serde_json::from_str(line)
            .map_err(|error| wrong(format!("a run can't be read: {error}"), format!("{place}:{}", index + 1)))
    });
    let runs = read.collect::<Result<Vec<Run>, _>>()?;
    if runs.is_empty() { Err(wrong("there is no run".to_owned(), place.to_owned())) } else { Ok(runs) }
}

/// Reads files of runs.
///
/// # Errors
/// When one can't be read, is empty or broken.
pub fn read_files<P: AsRef<Path>>(paths: &[P]) -> Result<Vec<Run>, Trouble> {
    let mut all = Vec::new();
    for path in paths {
        let path = path.as_ref();
        all.extend(read(&read_file(path, "recorded runs")?, &path.display().to_string())?);
    }
    Ok(all)
}
