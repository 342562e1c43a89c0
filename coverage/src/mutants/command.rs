//! `coverage mutants ..`: arguments and what they do.

use std::path::PathBuf;

use crate::files;
use crate::github::GitHub;
use crate::judge::Outcome;
use crate::measure::Workspace;
use crate::output::{Format, Said};
use crate::percent::Percent;
use crate::progress::Progress;
use crate::reports::Project;
use crate::results::read_file;
use crate::tools;
use crate::trouble::Trouble;

use super::baseline::{self, Baseline};
use super::drive::Drive;
use super::outcomes::{self, Mutant};
use super::render;
use super::score::{self, Kind, Score};

const MORE: &str = "\
WHAT IS JUDGED
  A mutant is a small change of a unit: an operator turned, a body replaced. It
  is caught if a test fails with it, and survives if all pass. Mutants that do
  not compile are in no share, nor those with which the tests do not end in time;
  these are counted apart. The share must reach the threshold, and against a
  baseline of the same kind of run no file may fall: a lower share AND more
  survivors. Sources are never changed: cargo-mutants works on copies.

  An interrupted run goes on where it ended, as long as the tree is the same.
  With `--survivors` it also goes on where a run on an earlier tree ended: what
  was caught there counts as caught, which is true as long as tests are only
  added. How many outcomes are earlier ones is a note.

EXIT CODES
  0  held; or no mutant stands on the changed lines
  1  below the threshold or the baseline
  2  could not measure: tools missing, tests that fail without any mutant, an
     unusable baseline or base

coverage.toml
  [mutants]
  package = \"tests\"               # whose tests meet the mutants
  arguments = [\"--lib\", \"lu::\"]   # more for `cargo test`
  threshold = 90                  # percent of the viable ones
  baseline = \"mutants.baseline\"
";

/// Tries the tests on changed units: mutants by cargo-mutants, survivors by unit.
#[derive(Debug, clap::Args)]
#[command(after_long_help = MORE, after_help = "`--help` says what is judged, the exit codes, and how coverage.toml looks.")]
pub struct Mutants {
    /// Mutants on lines that changed since this revision's merge base [default: origin/HEAD, origin/main, main or master]
    #[arg(long, value_name = "REV", conflicts_with_all = ["all", "sample", "file"])]
    base: Option<String>,
    /// All mutants of all units
    #[arg(long, conflicts_with_all = ["sample", "file"])]
    all: bool,
    /// So many of all, drawn by the seed
    #[arg(long, value_name = "NUMBER", conflicts_with = "file")]
    sample: Option<usize>,
    /// The seed
    #[arg(long, value_name = "SEED", default_value_t = 1, requires = "sample")]
    seed: u64,
    /// All mutants of this file; may be repeated
    #[arg(long, value_name = "FILE")]
    file: Vec<String>,
    /// When tests were added: try again only what survived or did not end before, and units that have changed
    #[arg(long)]
    survivors: bool,
    /// How many are tried at the same time [default: 2, on one core 1]
    #[arg(long, value_name = "NUMBER")]
    jobs: Option<usize>,
    /// Print which mutants would be tried, and try none
    #[arg(long)]
    list: bool,
    /// Judge these outcomes (cargo-mutants' outcomes.json) instead of trying
    #[arg(long, value_name = "FILE", conflicts_with_all = ["base", "sample", "file", "list", "survivors"])]
    no_run: Option<PathBuf>,
    /// Threshold, instead of that in the configuration
    #[arg(long, value_name = "PERCENT")]
    fail_under: Option<Percent>,
    /// Write the baseline; it only rises
    #[arg(long)]
    update: bool,
    /// Never install cargo-mutants: end with 2 and name the command
    #[arg(long)]
    no_install: bool,
    /// How the verdict is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// What GitHub shall be told
    #[command(flatten)]
    pub github: GitHub,
}

impl Mutants {
    /// Whether JSON was asked for.
    #[must_use]
    pub fn wants_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Does it.
    ///
    /// # Errors
    /// When nothing could be measured.
    pub fn run(self, progress: &mut Progress) -> Result<Said, Trouble> {
        let Project { root, config, .. } = Project::here()?;
        let place = config.mutants.baseline.clone();
        let path = root.join(&place);
        // What can't be judged need not be measured for an hour.
        let known = files::read_if_there(&path, "the baseline", &place)?;
        let known = known.map(|text| Baseline::read(&text, &place)).transpose()?;
        let score = if let Some(path) = &self.no_run {
            let fates = outcomes::read(&read_file(path, "cargo-mutants' outcomes.json")?, &path.display().to_string())?;
            let all: Vec<Mutant> = fates.keys().cloned().collect();
            score::score(Kind::All, &all, &fates)
        } else {
            let target = Workspace::ask(&root)?.target;
            let program = tools::cargo_mutants(&root, &target, !self.no_install, progress)?;
            let drive = Drive { root: &root, config: &config, program, folder: target.join("mutants") };
            let (kind, wanted) = self.wanted(&drive)?;
            if self.list {
                let names: String = wanted.iter().map(|mutant| format!("{}\n", mutant.name)).collect();
                return Ok(Said::new(names, Outcome::Held));
            }
            self.tried(&drive, kind, &wanted, progress)?
        };
        if score.total == score::Count::default() && !matches!(score.kind, Kind::Changed { .. }) {
            return Err(Trouble::new("there is no mutant, so nothing would be judged", score.kind.to_string())
                .expected("units with functions")
                .remedy("correct `units.sources`, or the names of files"));
        }
        let threshold = self.fail_under.unwrap_or(config.mutants.threshold);
        let known = if self.update {
            let updated = baseline::updated(&score, known.as_ref());
            files::write_whole(&path, &updated.to_string(), "the baseline", &place)?;
            Some(updated)
        } else {
            known
        };
        let judged = baseline::judge(&score, threshold, known.as_ref());
        let summary = render::markdown(&score, &judged);
        let out = match self.format {
            Format::Text => render::text(&score, &judged),
            Format::Json => format!("{:#}\n", render::json(&score, &judged)),
            Format::Markdown => summary.clone(),
        };
        let outcome = if judged.findings.is_empty() { Outcome::Held } else { Outcome::Short };
        Ok(Said { summary, annotations: render::annotations(&score), ..Said::new(out, outcome) })
    }

    /// Which mutants are to be tried.
    fn wanted(&self, drive: &Drive<'_>) -> Result<(Kind, Vec<Mutant>), Trouble> {
        let units: Vec<String> = drive.config.units.sources.iter().map(ToString::to_string).collect();
        if !self.file.is_empty() {
            let mutants = drive.list(&self.file, None)?;
            return Ok((Kind::Files(self.file.clone()), mutants));
        }
        if let Some(number) = self.sample {
            let all = drive.list(&units, None)?;
            return Ok((Kind::Sample { number, seed: self.seed }, score::sample(&all, number, self.seed)));
        }
        if self.all {
            return Ok((Kind::All, drive.list(&units, None)?));
        }
        let base = self.base.clone().map_or_else(|| drive.default_base(), Ok)?;
        let mutants = drive.list(&units, Some(&base))?;
        Ok((Kind::Changed { base }, mutants))
    }

    fn tried(
        &self,
        drive: &Drive<'_>,
        kind: Kind,
        wanted: &[Mutant],
        progress: &mut Progress,
    ) -> Result<Score, Trouble> {
        let mut known = drive.known(wanted, self.survivors);
        let left: Vec<Mutant> = wanted.iter().filter(|mutant| !known.fates.contains_key(mutant)).cloned().collect();
        progress.say(&render::beginning(&kind, wanted.len(), wanted.len() - left.len()));
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        drive.run(&left, &mut known, self.jobs.unwrap_or(cores.min(2)), progress)?;
        let score = Score { earlier: known.earlier, ..score::score(kind, wanted, &known.fates) };
        if score.untried > 0 {
            return Err(Trouble::new(
                format!("{} of the mutants have no outcome", score.untried),
                "target/mutants/mutants.out",
            )
            .expected("an outcome for each mutant that was listed")
            .remedy("run again: what was tried is kept"));
        }
        Ok(score)
    }
}
