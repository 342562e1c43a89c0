//! Arguments, output, exit codes.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::api;
use crate::gate::{self, Options};
use crate::github::{self, GitHub};
use crate::judge::Outcome;
use crate::mutants;
use crate::output;
use crate::page;
use crate::percent::Percent;
use crate::progress::Progress;
use crate::render;
use crate::results;

/// What `--help` ends with.
const MORE: &str = "\
WHAT IS JUDGED
  Each unit (a file that `units.sources` means) and the product as a whole must
  reach their thresholds, and nothing may fall under the committed baseline: a
  file falls if its percentage is lower AND more of its lines are uncovered, and
  so does the product, files that the baseline does not know left out; those
  must reach the threshold, no more. What rose is a note. Under another compiler
  or system than the baseline's only the thresholds judge. `--update` writes
  what rose, what is new and what is gone; what fell keeps its mark and stays
  red. With `--no-run` the report is taken to be of the compiler that is
  installed here.

  A line is what llvm-cov's summary counts. Lines that a macro makes belong to
  the file that defines the macro.

EXIT CODES
  0  held
  1  below a threshold or below the baseline
  2  could not measure: tools missing, tests failed, report unusable, a file
     with a function body not in the report, bad configuration or arguments

ENVIRONMENT
  GATE=1            is set for the tests. Tests that need something optional
                    (recorded traces, a browser, another program) skip when they
                    see it, so that all machines count the same lines.
  LLVM_COV, LLVM_PROFDATA
                    tools to use, both or none. Else the toolchain's own, or
                    llvm-cov-N on the path, after trying that they read this
                    compiler's profiles. Else `rustup component add llvm-tools`
                    is run; cargo-llvm-cov is installed into target/tools.

coverage.toml
  [product]
  name = \"cmdlib\"
  sources = [\"cmdlib/src/**/*.rs\"]    # `*` and `?` in a folder, `**` over folders
  except = []                         # files that can't be measured
  threshold = 90                      # percent of lines

  [units]
  name = \"LU\"
  sources = [\"cmdlib/src/lu/*/**/*.rs\"]
  threshold = 90

  [[beside]]                          # shown, not judged
  name = \"testlib\"
  sources = [\"testlib/src/**/*.rs\"]

  [baseline]
  file = \"coverage.baseline\"

  [run]
  arguments = []                      # more for `cargo llvm-cov --workspace`
  unset = [\"LU_TRACES\"]               # variables that the tests must not see
  set = { PROPTEST_RNG_SEED = \"1\" }   # variables that they see
";

/// Measures what the tests reach, and judges it.
#[derive(Debug, Parser)]
#[command(name = "coverage", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs all tests of the workspace under cargo-llvm-cov and judges each unit and the product
    #[command(after_long_help = MORE, after_help = "`--help` says what is judged, the exit codes, and how coverage.toml looks.")]
    Gate(Gate),
    Api(api::command::Api),
    Tests(results::command::Tests),
    Mutants(mutants::command::Mutants),
    Page(page::command::Page),
}

#[derive(Debug, clap::Args)]
struct Gate {
    /// How the verdict is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Judge this report (of `cargo llvm-cov --workspace --json`) instead of running the tests
    #[arg(long, value_name = "REPORT")]
    no_run: Option<PathBuf>,
    /// Threshold for product and units, instead of those in the configuration
    #[arg(long, value_name = "PERCENT")]
    fail_under: Option<Percent>,
    /// Never install tools: end with 2 and name the commands
    #[arg(long)]
    no_install: bool,
    /// Write the baseline; it only rises
    #[arg(long)]
    update: bool,
    /// The configuration [default: coverage.toml at the root of the workspace]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    github: GitHub,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
}

/// The exit code of an outcome.
#[must_use]
pub fn exit_code(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Held => 0,
        Outcome::Short => 1,
        Outcome::Unmeasured => 2,
    }
}

/// Does what the command line asks.
#[must_use]
pub fn main() -> ExitCode {
    let mut progress = Progress::on_stderr();
    match Arguments::parse().command {
        Command::Gate(arguments) => gate_main(arguments, &mut progress),
        Command::Api(api) => {
            let (wants_json, github) = (api.wants_json(), api.github());
            output::finish(api.run(&mut progress), wants_json, &github, &mut progress)
        }
        Command::Tests(tests) => {
            let (wants_json, github) = (tests.wants_json(), tests.github.clone());
            output::finish(tests.run(), wants_json, &github, &mut progress)
        }
        Command::Page(page) => {
            let wants_json = page.json;
            output::finish(page.run(), wants_json, &GitHub::default(), &mut progress)
        }
        Command::Mutants(mutants) => {
            let (wants_json, github) = (mutants.wants_json(), mutants.github.clone());
            output::finish(mutants.run(&mut progress), wants_json, &github, &mut progress)
        }
    }
}

fn gate_main(arguments: Gate, progress: &mut Progress) -> ExitCode {
    let format = arguments.format;
    let options = Options {
        config: arguments.config,
        report: arguments.no_run,
        fail_under: arguments.fail_under,
        update: arguments.update,
        may_install: !arguments.no_install,
    };
    let result = gate::here().and_then(|start| gate::gate(&options, &start, progress));
    progress.clear();
    let github = arguments.github;
    let result = result.and_then(|verdict| github.summarize(&render::markdown(&verdict)).map(|()| verdict));
    let (text, outcome) = match &result {
        Ok(verdict) => {
            let lines = github.lines(&github::of_verdict(verdict));
            if !lines.is_empty() {
                progress.say(&lines);
            }
            let text = match format {
                Format::Text => render::text(verdict),
                Format::Json => render::json(verdict),
                Format::Markdown => render::markdown(verdict),
            };
            (text, verdict.outcome())
        }
        Err(trouble) => {
            progress.say(&trouble.to_string());
            // Who asked for JSON or Markdown keeps standard output, and finds the reason there as well.
            let text = match format {
                Format::Text => String::new(),
                Format::Json => render::json_trouble(trouble),
                Format::Markdown => render::markdown_trouble(trouble),
            };
            (text, Outcome::Unmeasured)
        }
    };
    // A reader that has seen enough closes the pipe; the verdict stays what it is.
    let _ = io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush());
    ExitCode::from(exit_code(outcome))
}
