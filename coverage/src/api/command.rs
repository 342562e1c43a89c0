//! `coverage api ..`: arguments and what they do.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};

use crate::files;
use crate::github::{Annotation, GitHub};
use crate::judge::Outcome;
use crate::output::Said;
use crate::progress::Progress;
use crate::reports::Project;
use crate::results::read_file;
use crate::trouble::Trouble;

use super::baseline::{self, Baseline};
use super::diff;
use super::measure::{self, Sources};
use super::page::Page;
use super::render;

const MORE: &str = "\
CLASSES
  both         directly and through a client (gold)
  direct only  by tests that hand the call over themselves (silver)
  client only  through a client (silver)
  implied      another call leads to it, or it is set-up or tear-down
  not tested

WHAT COUNTS
  A run counts if it was as its test wanted it (`ok`) and the test passed; what
  failed, was skipped, or has no result does not. Of tests of one name the worst
  outcome counts.

EXIT CODES
  0  held; a page and reality agree
  1  a call fell a class; a page and reality differ
  2  could not tell: no runs, no results, an unusable page or baseline

A RUN, one line of JSON each, appended by tests to the file that LU_RUNS names
  {\"test\": \"TestImages.test_cache\", \"call\": \"cache_image\", \"via\": \"client\", \"ok\": true}
  via    direct (bench, replay, processor: direct as well), client, implied
  in     body (default), set-up, tear-down
  ended  how the run itself ended, in words

coverage.toml
  [api]
  list = [\"cargo\", \"lu\", \"list\", \"--json\"]   # prints the catalogue
  tests = [\"cargo\", \"test\", \"--workspace\", \"--no-fail-fast\"]
  baseline = \"api.baseline\"
";

/// Says which call is tested by what: the API coverage matrix, and hand-kept pages.
#[derive(Debug, clap::Args)]
#[command(after_long_help = MORE, after_help = "`--help` says what the classes are, what counts, and how runs are recorded.")]
pub struct Api {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Prints all calls with their classes and tests
    Matrix {
        #[command(flatten)]
        sources: Sources,
        /// How it is printed
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        #[command(flatten)]
        github: GitHub,
    },
    /// Fails when a call fell a class against the committed baseline
    Check {
        #[command(flatten)]
        sources: Sources,
        /// The baseline [default: `api.baseline` of coverage.toml, else api.baseline]
        #[arg(long, value_name = "FILE")]
        baseline: Option<PathBuf>,
        /// Write the baseline; it only rises
        #[arg(long)]
        update: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        github: GitHub,
    },
    /// Reads a hand-kept page
    Import {
        /// The page; `-` is standard input
        page: PathBuf,
        /// As JSON, which `export` takes
        #[arg(long)]
        json: bool,
    },
    /// Writes a page back, byte for byte, from the page itself or from the JSON of `import`
    Export {
        /// The page or its JSON [default: standard input]
        #[arg(default_value = "-", hide_default_value = true)]
        page: PathBuf,
    },
    /// Says where a hand-kept page and reality differ
    Diff {
        /// The page; `-` is standard input
        page: PathBuf,
        #[command(flatten)]
        sources: Sources,
        /// As JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        github: GitHub,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    /// A page of the form that people keep by hand
    Markdown,
    Csv,
    Html,
}

impl Api {
    /// Whether JSON was asked for.
    #[must_use]
    pub fn wants_json(&self) -> bool {
        match &self.action {
            Action::Matrix { format, .. } => *format == Format::Json,
            Action::Check { json, .. } | Action::Import { json, .. } | Action::Diff { json, .. } => *json,
            Action::Export { .. } => false,
        }
    }

    /// What GitHub shall be told.
    #[must_use]
    pub fn github(&self) -> GitHub {
        match &self.action {
            Action::Matrix { github, .. } | Action::Check { github, .. } | Action::Diff { github, .. } => {
                github.clone()
            }
            Action::Import { .. } | Action::Export { .. } => GitHub::default(),
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// When what it needs can't be read or measured.
    pub fn run(self, progress: &mut Progress) -> Result<Said, Trouble> {
        match self.action {
            Action::Matrix { sources, format, .. } => {
                let matrix = measure::matrix(&sources, progress)?;
                let out = match format {
                    Format::Text => render::text(&matrix),
                    Format::Json => format!("{:#}\n", render::json(&matrix)),
                    Format::Markdown => render::markdown(&matrix),
                    Format::Csv => render::csv(&matrix),
                    Format::Html => render::html(&matrix),
                };
                Ok(Said { summary: fenced("API coverage", &render::text(&matrix)), ..Said::new(out, Outcome::Held) })
            }
            Action::Check { sources, baseline, update, json, .. } => check(&sources, baseline, update, json, progress),
            Action::Import { page, json } => {
                let page = read_page(&page)?;
                let out = if json { format!("{:#}\n", page.json()) } else { render::page_text(&page) };
                Ok(Said::new(out, Outcome::Held))
            }
            Action::Export { page } => Ok(Said::new(read_page(&page)?.text(), Outcome::Held)),
            Action::Diff { page: path, sources, json, .. } => {
                let page = read_page(&path)?;
                let matrix = measure::matrix(&sources, progress)?;
                let differences = diff::diff(&page, &matrix);
                let text = render::diff_text(&differences, &matrix.notes);
                let out =
                    if json { format!("{:#}\n", render::diff_json(&differences, &matrix.notes)) } else { text.clone() };
                let at = |it: &diff::Difference| {
                    Annotation::of_file(&path.display().to_string(), "API coverage", &it.to_string())
                };
                Ok(Said {
                    summary: fenced("API coverage: page and reality", &text),
                    annotations: differences.iter().map(at).collect(),
                    ..Said::new(out, if differences.is_empty() { Outcome::Held } else { Outcome::Short })
                })
            }
        }
    }
}

fn check(
    sources: &Sources,
    baseline: Option<PathBuf>,
    update: bool,
    json: bool,
    progress: &mut Progress,
) -> Result<Said, Trouble> {
    let path = match baseline {
        Some(path) => path,
        None => {
            let project = Project::here()?;
            project.root.join(project.config.api.baseline)
        }
    };
    let place = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let known = files::read_if_there(&path, "the baseline", &place)?;
    let known = known.map(|text| Baseline::read(&text, &place)).transpose()?;
    if known.is_none() && !update {
        return Err(Trouble::new("there is no baseline, so nothing would be judged", place)
            .expected("what each call had reached")
            .remedy("write it with `coverage api check --update`, and commit it"));
    }
    let matrix = measure::matrix(sources, progress)?;
    let baseline = if update { baseline::updated(&matrix, known.as_ref()) } else { known.unwrap_or_default() };
    let mut checked = baseline::check(&matrix, &baseline);
    if update {
        files::write_whole(&path, &baseline.to_string(), "the baseline", &place)?;
        checked.notes.push(format!("{place} written"));
    }
    let text = render::check_text(&matrix, &checked);
    let out = if json { format!("{:#}\n", render::check_json(&matrix, &checked)) } else { text.clone() };
    Ok(Said {
        summary: fenced("API coverage", &text),
        annotations: checked
            .losses
            .iter()
            .map(|loss| Annotation::of_file(&place, "API coverage", &loss.to_string()))
            .collect(),
        ..Said::new(out, if checked.losses.is_empty() { Outcome::Held } else { Outcome::Short })
    })
}

fn fenced(title: &str, text: &str) -> String {
    format!("## {title}\n\n```text\n{}\n```\n", text.trim_end())
}

fn read_page(path: &Path) -> Result<Page, Trouble> {
    if path.as_os_str() == "-" {
        return Page::read(&standard_input()?, "standard input");
    }
    Page::read(&read_file(path, "a page of API coverage")?, &path.display().to_string())
}

/// All of standard input.
pub(super) fn standard_input() -> Result<String, Trouble> {
    let mut text = String::new();
    let read = io::stdin().read_to_string(&mut text);
    read.map(|_| text).map_err(|error| {
        Trouble::new(format!("it can't be read: {error}"), "standard input")
            .expected("text in UTF-8")
            .remedy("name a file")
    })
}
