//! Arguments, output, exit codes.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::api;
use crate::config::Runner;
use crate::errors;
use crate::gate;
use crate::github::{self, Annotation, GitHub};
use crate::judge::{Outcome, Verdict};
use crate::mutants;
use crate::output::{self, Format};
use crate::page;
use crate::percent::Percent;
use crate::pinned;
use crate::progress::Progress;
use crate::render;
use crate::reports::{self, Wanted};
use crate::results;
use crate::trouble::Trouble;
use crate::waivers::{self, Date};

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
  red, unless a waiver bears it for a time. With `--no-run` the report is taken
  to be of the compiler that is installed here.

  A waiver bears the fall of one file, or of the product by its name, until the
  end of its day; the baseline keeps its mark. One that nothing needs is red.

  With `--base REV` the lines that changed since the merge base with REV, what is
  not committed included, must reach `changed.threshold` together. A change with
  no line of code in the product holds; one of nothing at all is an error.

  A line is what llvm-cov's summary counts. Lines that a macro makes belong to
  the file that defines the macro.

SHARDS
  A suite that runs in parts writes one report a part, and one gate merges them:
    GATE=1 cargo llvm-cov nextest --workspace --partition hash:1/2 \\
        --json --output-path 1.json           # and 2/2, with `run.set` and
    cargo gate --no-run 1.json --no-run 2.json              # `run.unset` done

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

  [units.phases]                      # functions, constants: words for reports
  check = \"check\"

  [files]                             # each other file; new ones must reach
  threshold = 50                      # the threshold of the product

  [changed]                           # `--base`
  threshold = 95

  [[waiver]]
  for = \"cmdlib/src/config/store.rs\"
  reason = \"the old format goes with version 2\"
  until = 2026-12-31                  # the last day of it
  at_least = 90                       # no deeper; may be left out

  [[beside]]                          # shown, not judged
  name = \"testlib\"
  sources = [\"testlib/src/**/*.rs\"]

  [baseline]
  file = \"coverage.baseline\"

  [run]
  runner = \"cargo-test\"               # or nextest
  arguments = []                      # more for `cargo llvm-cov --workspace`
  unset = [\"LU_TRACES\"]               # variables that the tests must not see
  set = { PROPTEST_RNG_SEED = \"1\" }   # variables that they see
";

/// What `errors --help` ends with.
const ABOUT_ERRORS: &str = "\
WHAT IS COUNTED
  A place is a call of one of the constructors that coverage.toml names, in the
  files of the units (or of `errors.sources`), test code apart. Its id is unit,
  phase and line. It was reached if the region of the report that it stands in
  ran: the closure in `map_err(|why| Error::new(..))` has a count of its own. A
  constructor that is handed on, `map_err(Error::new)?`, is counted by the `?`;
  where none follows, by its line, and a note says so.
  The tests are run as by `coverage gate`, unless `--no-run` names a report:
  after a gate, target/coverage/report.json.

EXIT CODES
  0  held
  1  fewer places reached than the threshold asks for
  2  could not measure: no constructors, no places, report unusable, tests failed

coverage.toml
  [units.phases]                      # functions and constants of a unit
  check = \"check\"
  HOOKS = \"hooks\"

  [errors]
  constructors = [\"Refusal::*\", \"Failure::new\"]
  sources = []                        # patterns, if not the units
  threshold = 98
";

/// What `pinned --help` ends with.
const ABOUT_PINNED: &str = "\
WHAT IS PROVED
  The change (HEAD with what is not committed, or `--change`) is checked out into
  a folder of its own. The files of the product are put back to the merge base
  with REV, and each test that the change adds or touches is run once: it must
  fail. Then the product is put forward, and the test must pass ten times of
  ten. Nothing in your working tree is touched.

  A test that does not compile without the fix proves little: that is borne only
  with `--may-not-compile`, or if a commit of the change has the trailer
  `Pin: compile-error`. Tests inside of product files are kept hunk by hunk; a
  hunk that changes product and tests together is refused.

  Not found by themselves: tests that macros make, doc tests, tests of which
  only data files changed. What is built lies in target/pinned.

EXIT CODES
  0  each test fails without the fix and passes with it
  1  one does not, or the change has no test
  2  could not measure: no base, a shallow clone, no product file changed, the
     change does not build, bad arguments
";

/// Measures what the tests of a workspace reach, and judges it.
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
    /// Lists the places that build an error, and those that no test reached
    #[command(after_long_help = ABOUT_ERRORS, after_help = "`--help` says what is counted, and the exit codes.")]
    Errors(Errors),
    /// Proves that the tests of a bug fix fail without it and pass with it
    #[command(after_long_help = ABOUT_PINNED, after_help = "`--help` says what is proved, and the exit codes.")]
    Pinned(Pinned),
    Api(api::command::Api),
    Tests(results::command::Tests),
    Mutants(mutants::command::Mutants),
    Page(page::command::Page),
}

#[derive(Debug, clap::Args)]
struct Gate {
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    source: Source,
    /// Threshold for product, units and files, instead of those in the configuration
    #[arg(long, value_name = "PERCENT")]
    fail_under: Option<Percent>,
    /// Write the baseline; it only rises
    #[arg(long)]
    update: bool,
    /// Judge also the lines that changed since the merge base with this revision
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// The day on which waivers are judged [default: the clock's, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = waivers::read_day)]
    today: Option<Date>,
}

#[derive(Debug, clap::Args)]
struct Errors {
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    source: Source,
    /// The share of places that must be reached, instead of that in the configuration
    #[arg(long, value_name = "PERCENT")]
    fail_under: Option<Percent>,
}

#[derive(Debug, clap::Args)]
struct Pinned {
    #[command(flatten)]
    output: Output,
    /// The revision without the fix
    #[arg(long, value_name = "REV")]
    base: String,
    /// The commit with the fix [default: HEAD and what is not committed]
    #[arg(long, value_name = "REV")]
    change: Option<String>,
    /// Tests that do not compile without the fix are enough
    #[arg(long)]
    may_not_compile: bool,
    /// The configuration [default: coverage.toml at the root of the workspace]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The tests, by name or end of it [default: those that the change adds or touches]
    #[arg(value_name = "TEST")]
    tests: Vec<String>,
}

/// How a verdict is printed.
#[derive(Debug, Clone, clap::Args)]
struct Output {
    /// How the verdict is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    #[command(flatten)]
    github: GitHub,
}

impl Output {
    fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

/// Where a report comes from.
#[derive(Debug, clap::Args)]
struct Source {
    /// Judge this report of `cargo llvm-cov --json`, run no tests; several (of shards) are merged
    #[arg(long, value_name = "REPORT")]
    no_run: Vec<PathBuf>,
    /// What runs the tests [default: `run.runner` of the configuration, else cargo-test]
    #[arg(long, value_enum)]
    runner: Option<Runner>,
    /// Never install tools: end with 2 and name the commands
    #[arg(long)]
    no_install: bool,
    /// The configuration [default: coverage.toml at the root of the workspace]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Source {
    fn wanted(self) -> Wanted {
        Wanted { config: self.config, reports: self.no_run, runner: self.runner, may_install: !self.no_install }
    }
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
    let progress = &mut progress;
    match Arguments::parse().command {
        Command::Gate(arguments) => {
            let options = gate::Options {
                wanted: arguments.source.wanted(),
                fail_under: arguments.fail_under,
                update: arguments.update,
                base: arguments.base,
                today: arguments.today,
            };
            let verdict = reports::current_folder().and_then(|start| gate::gate(&options, &start, progress));
            finish(
                arguments.output,
                verdict,
                Verdict::outcome,
                [render::text, render::json, render::markdown],
                github::of_verdict,
                progress,
            )
        }
        Command::Errors(arguments) => {
            let wanted = arguments.source.wanted();
            let verdict = reports::current_folder()
                .and_then(|start| errors::errors(&wanted, arguments.fail_under, &start, progress));
            let formats = [errors::render::text, errors::render::json, errors::render::markdown];
            finish(arguments.output, verdict, errors::Verdict::outcome, formats, github::of_places, progress)
        }
        Command::Pinned(arguments) => {
            let options = pinned::Options {
                config: arguments.config,
                base: arguments.base,
                change: arguments.change,
                tests: arguments.tests,
                may_not_compile: arguments.may_not_compile,
            };
            let verdict = reports::current_folder().and_then(|start| pinned::pinned(&options, &start, progress));
            let formats = [pinned::render::text, pinned::render::json, pinned::render::markdown];
            finish(arguments.output, verdict, pinned::Verdict::outcome, formats, |_| Vec::new(), progress)
        }
        Command::Api(api) => {
            let (wants_json, github) = (api.wants_json(), api.github());
            output::finish(api.run(progress), wants_json, &github, progress)
        }
        Command::Tests(tests) => {
            let (wants_json, github) = (tests.wants_json(), tests.github.clone());
            output::finish(tests.run(), wants_json, &github, progress)
        }
        Command::Mutants(mutants) => {
            let (wants_json, github) = (mutants.wants_json(), mutants.github.clone());
            output::finish(mutants.run(progress), wants_json, &github, progress)
        }
        Command::Page(page) => {
            let wants_json = page.json;
            output::finish(page.run(), wants_json, &GitHub::default(), progress)
        }
    }
}

/// Prints a verdict, or what stopped it, as text, JSON or Markdown.
fn finish<V>(
    output: Output,
    result: Result<V, Trouble>,
    outcome: fn(&V) -> Outcome,
    [text, json, markdown]: [fn(&V) -> String; 3],
    annotations: fn(&V) -> Vec<Annotation>,
    progress: &mut Progress,
) -> ExitCode {
    progress.clear();
    let format = output.format();
    let github = output.github;
    let result = result.and_then(|verdict| github.summarize(&markdown(&verdict)).map(|()| verdict));
    let (text, outcome) = match &result {
        Ok(verdict) => {
            let lines = github.lines(&annotations(verdict));
            if !lines.is_empty() {
                progress.say(&lines);
            }
            let render = match format {
                Format::Text => text,
                Format::Json => json,
                Format::Markdown => markdown,
            };
            (render(verdict), outcome(verdict))
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
