//! `coverage tests ..`: arguments and what they do.

use std::path::PathBuf;

use super::{Outcome as Ended, Results, json, markdown, text};
use crate::github::{Annotation, GitHub};
use crate::judge::Outcome;
use crate::output::{Format, Said};
use crate::trouble::Trouble;

const MORE: &str = "\
WHAT IS READ
  JUnit's XML (nextest with `[profile.ci.junit] path = \"junit.xml\"`, pytest, ..);
  what `cargo test` or `cargo nextest run` printed; libtest's JSON, nextest's
  `--message-format libtest-json` too. libtest's words hold no durations.

EXIT CODES
  0  no test failed
  1  a test failed
  2  the results are empty, cut off or not understood
";

/// Says how tests ended: which failed, and which took longest.
#[derive(Debug, clap::Args)]
#[command(after_long_help = MORE, after_help = "`--help` says what is read, and the exit codes.")]
pub struct Tests {
    /// Files of results
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// How many of the slowest tests are shown
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    slowest: usize,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// What GitHub shall be told
    #[command(flatten)]
    pub github: GitHub,
}

impl Tests {
    /// Whether JSON was asked for.
    #[must_use]
    pub fn wants_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Does it.
    ///
    /// # Errors
    /// When a file can't be read or is unusable.
    pub fn run(self) -> Result<Said, Trouble> {
        let results = Results::read_files(&self.files)?;
        let summary = markdown(&results, self.slowest);
        let out = match self.format {
            Format::Text => text(&results, self.slowest),
            Format::Json => format!("{:#}\n", json(&results, self.slowest)),
            Format::Markdown => summary.clone(),
        };
        let annotations = results.failed().map(|test| {
            let message = if test.message.is_empty() { "failed" } else { &test.message };
            match test.place() {
                Some((file, line)) => Annotation::of_lines(&file, (line, line), &test.name, message),
                None => Annotation { file: None, lines: None, title: test.name.clone(), message: message.to_owned() },
            }
        });
        let outcome = if results.count(Ended::Failed) == 0 { Outcome::Held } else { Outcome::Short };
        Ok(Said { summary, annotations: annotations.collect(), ..Said::new(out, outcome) })
    }
}
