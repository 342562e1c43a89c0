//! How a command ends: what it prints, what GitHub is told, the exit code.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::ValueEnum;

use crate::cli::exit_code;
use crate::github::{Annotation, GitHub};
use crate::judge::Outcome;
use crate::progress::Progress;
use crate::render;
use crate::trouble::Trouble;

/// How a verdict is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    Markdown,
}

/// What a command has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// For standard output.
    pub out: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The same as Markdown, for a step summary.
    pub summary: String,
    /// What is wrong, at its place.
    pub annotations: Vec<Annotation>,
}

impl Said {
    /// Words and an outcome.
    #[must_use]
    pub fn new(out: String, outcome: Outcome) -> Self {
        Self { out, outcome, summary: String::new(), annotations: Vec::new() }
    }
}

/// Prints, and returns the exit code.
pub fn finish(result: Result<Said, Trouble>, wants_json: bool, github: &GitHub, progress: &mut Progress) -> ExitCode {
    progress.clear();
    let result = result.and_then(|said| github.summarize(&said.summary).map(|()| said));
    let (out, outcome) = match &result {
        Ok(said) => {
            let lines = github.lines(&said.annotations);
            if !lines.is_empty() {
                progress.say(&lines);
            }
            (said.out.clone(), said.outcome)
        }
        Err(trouble) => {
            progress.say(&trouble.to_string());
            // Who asked for JSON keeps standard output, and finds the reason there as well.
            (if wants_json { render::json_trouble(trouble) } else { String::new() }, Outcome::Unmeasured)
        }
    };
    // A reader that has seen enough closes the pipe; the verdict stays what it is.
    let _ = io::stdout().write_all(out.as_bytes()).and_then(|()| io::stdout().flush());
    ExitCode::from(exit_code(outcome))
}
