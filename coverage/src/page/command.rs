//! `coverage page ..`: arguments and what they do.

use std::path::{Path, PathBuf};

use crate::files;
use crate::judge::{Outcome, plural};
use crate::measure::Workspace;
use crate::output::Said;
use crate::report::Report;
use crate::reports::{self, Project};
use crate::results::{Results, read_file};
use crate::tree;
use crate::trouble::Trouble;

use super::inputs::{self, File};
use super::render::{self, Parts};

const MORE: &str = "\
EXAMPLE
  cargo gate
  coverage errors --format json > target/coverage/errors.json
  coverage mutants --all --format json > target/coverage/mutants.json
  coverage api matrix --format json > target/coverage/api.json
  coverage page --errors target/coverage/errors.json \\
    --mutants target/coverage/mutants.json --api target/coverage/api.json \\
    --tests target/nextest/default/junit.xml

EXIT CODES
  0  written
  2  a part can't be read, or is of other sources
";

/// Writes the report as one page of HTML that opens from disk.
#[derive(Debug, clap::Args)]
#[command(after_long_help = MORE, after_help = "`--help` has an example. What is not given is not shown.")]
pub struct Page {
    /// The page [default: target/coverage/index.html]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The report of llvm-cov [default: target/coverage/report.json, which `cargo gate` leaves]
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// What `coverage errors` printed as JSON
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// What `coverage mutants` printed as JSON
    #[arg(long, value_name = "FILE")]
    mutants: Option<PathBuf>,
    /// What `coverage api matrix` printed as JSON
    #[arg(long, value_name = "FILE")]
    api: Option<PathBuf>,
    /// Results of tests; may be repeated
    #[arg(long, value_name = "FILE")]
    tests: Vec<PathBuf>,
    /// How many of the slowest tests are shown
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    slowest: usize,
    /// Say as JSON what was written
    #[arg(long)]
    pub json: bool,
}

impl Page {
    /// Does it.
    ///
    /// # Errors
    /// When a part can't be read, or the page can't be written.
    pub fn run(self) -> Result<Said, Trouble> {
        let project = Project::here()?;
        let Project { root, config, place } = &project;
        let folder = if self.out.is_none() || self.report.is_none() {
            Workspace::ask(root)?.target.join("coverage")
        } else {
            PathBuf::new()
        };
        let report = self.report.clone().unwrap_or_else(|| folder.join("report.json"));
        let files = files(&project, &tree::sources(root, config, place)?, &report)?;
        let parts = Parts {
            product: &config.product.name,
            unit_word: &config.units.name,
            files: &files,
            errors: part(self.errors.as_deref(), "errors")?,
            mutants: part(self.mutants.as_deref(), "mutants")?,
            api: part(self.api.as_deref(), "api matrix")?,
            results: if self.tests.is_empty() { None } else { Some(Results::read_files(&self.tests)?) },
            slowest: self.slowest,
        };
        let out = self.out.clone().unwrap_or_else(|| folder.join("index.html"));
        files::write_whole(&out, &render::html(&parts), "the page", &out.display().to_string())?;
        let (file, count) = (out.display().to_string(), files.len());
        let said = if self.json {
            format!("{:#}\n", serde_json::json!({ "page": file, "files": count }))
        } else {
            format!("{file}: {}\n", plural(count as u64, "file"))
        };
        Ok(Said::new(said, Outcome::Held))
    }
}

fn part<T: serde::de::DeserializeOwned>(path: Option<&Path>, command: &str) -> Result<Option<T>, Trouble> {
    let Some(path) = path else { return Ok(None) };
    let text = read_file(path, &format!("what `coverage {command}` prints as JSON"))?;
    inputs::read(&text, &path.display().to_string(), command).map(Some)
}

/// The product's files that the report names, with their sources.
fn files(project: &Project, sources: &[tree::Source], path: &Path) -> Result<Vec<File>, Trouble> {
    let place = path.display().to_string();
    let text = read_file(path, "the report that `cargo gate` leaves")?;
    let report = Report::read(&text, &place, &reports::roots(&project.root))?;
    let hits = inputs::hits(&text, &place)?;
    let mut files = Vec::new();
    for source in sources {
        let Some(measured) = report.files.get(&source.path).filter(|measured| measured.lines.total > 0) else {
            continue;
        };
        let text = project.source(&source.path)?;
        // Names in the report are absolute, and end with the path in the workspace.
        let end = format!("/{}", source.path);
        let hits = hits.iter().find(|(name, _)| **name == source.path || name.ends_with(&end));
        files.push(File {
            path: source.path.clone(),
            unit: source.unit.clone(),
            covered: measured.lines.covered,
            total: measured.lines.total,
            hits: hits.map(|(_, hits)| hits.clone()).unwrap_or_default(),
            source: text,
        });
    }
    if files.is_empty() {
        return Err(Trouble::new("the report names no file of the product", place)
            .expected("a report of this workspace")
            .remedy("make it anew: `cargo gate`"));
    }
    Ok(files)
}
