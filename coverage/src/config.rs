//! The committed TOML: what is the product, what is a unit of it, and what they must reach.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::errors::Constructor;
use crate::glob::Glob;
use crate::outline::Phases;
use crate::percent::Percent;
use crate::trouble::Trouble;
use crate::waivers::Waiver;

/// Name of the file at the root of the workspace.
pub const FILE: &str = "coverage.toml";

/// What `coverage.toml` says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What the verdict is about.
    pub product: Product,
    /// The files of the product that must reach the threshold one by one.
    pub units: Units,
    /// What each other file of the product must reach; without it, the baseline alone judges those that it knows.
    pub files: Option<Files>,
    /// What the lines of a change must reach.
    #[serde(default)]
    pub changed: ChangedLines,
    /// What builds an error, for `coverage errors`.
    pub errors: Option<Errors>,
    /// Falls that are borne for a time.
    #[serde(default, rename = "waiver")]
    pub waivers: Vec<Waiver>,
    /// What has a line of its own and no part in the verdict.
    #[serde(default)]
    pub beside: Vec<Beside>,
    /// Where the baseline is.
    #[serde(default)]
    pub baseline: BaselineFile,
    /// How the tests are run.
    #[serde(default)]
    pub run: Run,
    /// What the matrix of `coverage api` is made of.
    #[serde(default)]
    pub api: Api,
    /// How `coverage mutants` tries the tests.
    #[serde(default)]
    pub mutants: Mutants,
}

/// `[mutants]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mutants {
    /// The package whose tests meet the mutants.
    pub package: String,
    /// Given to `cargo test` after its package.
    pub arguments: Vec<String>,
    /// What share of the viable mutants must be caught.
    pub threshold: Percent,
    /// Path of the baseline, relative to the workspace.
    pub baseline: String,
}

impl Default for Mutants {
    fn default() -> Self {
        Self {
            package: "tests".to_owned(),
            arguments: Vec::new(),
            threshold: Percent::of(90, 100),
            baseline: "mutants.baseline".to_owned(),
        }
    }
}

/// `[api]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Api {
    /// The command that prints the catalogue of calls.
    pub list: Vec<String>,
    /// The command that runs the tests; empty: `cargo test` of the workspace.
    pub tests: Vec<String>,
    /// Path of the baseline, relative to the workspace.
    pub baseline: String,
}

impl Default for Api {
    fn default() -> Self {
        Self { list: Vec::new(), tests: Vec::new(), baseline: "api.baseline".to_owned() }
    }
}

/// `[product]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// What it is called in reports.
    pub name: String,
    /// Its files.
    pub sources: Vec<Glob>,
    /// Files that are not measured (code for other systems, say).
    #[serde(default)]
    pub except: Vec<Glob>,
    /// What the product as a whole must reach, and each file that the baseline does not know.
    pub threshold: Percent,
}

/// `[units]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Units {
    /// What a unit is called in reports.
    pub name: String,
    /// Their files, one unit each.
    pub sources: Vec<Glob>,
    /// What each must reach.
    pub threshold: Percent,
    /// Names of functions and constants of a unit, and the phase that each is.
    #[serde(default)]
    pub phases: Phases,
}

/// `[files]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// What each must reach.
    pub threshold: Percent,
}

/// `[changed]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangedLines {
    /// What all changed lines together must reach.
    pub threshold: Percent,
}

impl Default for ChangedLines {
    fn default() -> Self {
        Self { threshold: Percent::whole(95) }
    }
}

/// `[errors]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Errors {
    /// What builds an error: `Type::function`, or `Type::*` for all functions of a type.
    pub constructors: Vec<Constructor>,
    /// Where they are looked for, if not in the units.
    #[serde(default)]
    pub sources: Vec<Glob>,
    /// The share of places that tests must reach.
    #[serde(default = "nearly_all")]
    pub threshold: Percent,
}

fn nearly_all() -> Percent {
    Percent::whole(98)
}

/// `[[beside]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// What it is called in reports.
    pub name: String,
    /// Its files.
    pub sources: Vec<Glob>,
}

/// `[baseline]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineFile {
    /// Path of the baseline, relative to the workspace.
    pub file: String,
}

impl Default for BaselineFile {
    fn default() -> Self {
        Self { file: "coverage.baseline".to_owned() }
    }
}

/// `[run]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Run {
    /// What runs the tests.
    pub runner: Runner,
    /// Given to cargo-llvm-cov after `--workspace`.
    pub arguments: Vec<String>,
    /// Environment variables that the counted run must not see.
    pub unset: Vec<String>,
    /// Environment variables that it sees, beside `GATE=1`.
    pub set: BTreeMap<String, String>,
}

/// What runs the tests: both count the same lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Runner {
    /// `cargo test`
    #[default]
    CargoTest,
    /// `cargo nextest run`
    Nextest,
}

impl Config {
    /// Reads the TOML; `place` is what messages call it.
    ///
    /// # Errors
    /// When it is empty, no TOML, or of another shape: unknown keys are refused, too.
    pub fn read(text: &str, place: &str) -> Result<Self, Trouble> {
        let wrong = |what: String, place: String| {
            Trouble::new(what, place)
                .expected("[product] name, sources, threshold; [units] name, sources, threshold; further [[beside]], [baseline], [run]")
                .remedy("correct the file; `coverage gate --help` shows one")
        };
        if text.trim().is_empty() {
            return Err(wrong("the configuration is empty".to_owned(), place.to_owned()));
        }
        let config: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let place = line.map_or_else(|| place.to_owned(), |line| format!("{place}:{line}"));
            wrong(format!("the configuration can't be read: {}", error.message().replace('\n', ", ")), place)
        })?;
        for (key, list) in [("product.sources", &config.product.sources), ("units.sources", &config.units.sources)] {
            if list.is_empty() {
                return Err(wrong(format!("`{key}` is empty, so nothing would be judged"), place.to_owned()));
            }
        }
        let subjects: Vec<&str> = config.waivers.iter().map(|waiver| waiver.subject.as_str()).collect();
        if let Some(twice) = subjects.iter().find(|one| subjects.iter().filter(|other| other == one).count() > 1) {
            return Err(wrong(format!("`{twice}` has two waivers"), place.to_owned()));
        }
        Ok(config)
    }
}
