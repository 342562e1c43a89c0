//! What cargo-mutants writes: the list of mutants, and what came of each.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::trouble::Trouble;

/// What came of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// A test failed: it was noticed.
    Caught,
    /// All tests passed: it survived.
    Missed,
    /// The tests did not end in time: perhaps noticed, perhaps a slow machine.
    TimedOut,
    /// It does not compile, so no test can meet it.
    Unviable,
}

/// A mutant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, Deserialize)]
pub struct Mutant {
    /// The file, relative to the workspace.
    pub file: String,
    /// The line that is changed.
    pub line: u64,
    /// cargo-mutants' name of it: file, line, column, and what is changed.
    pub name: String,
}

impl Mutant {
    /// What is changed, without the place.
    #[must_use]
    pub fn change(&self) -> &str {
        self.name.split_once(": ").map_or(&self.name, |(_, change)| change)
    }
}

/// Mutants and what came of them, by name.
pub type Fates = BTreeMap<Mutant, Fate>;

#[derive(Deserialize)]
struct Listed {
    file: String,
    name: String,
    span: Span,
}

#[derive(Deserialize)]
struct Span {
    start: Position,
}

#[derive(Deserialize)]
struct Position {
    line: u64,
}

#[derive(Deserialize)]
struct Document {
    outcomes: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    scenario: Scenario,
    summary: String,
}

#[derive(Deserialize)]
enum Scenario {
    Baseline,
    Mutant(Listed),
}

impl From<Listed> for Mutant {
    fn from(listed: Listed) -> Self {
        Self { file: listed.file, line: listed.span.start.line, name: listed.name }
    }
}

fn unusable(what: String, place: &str) -> Trouble {
    Trouble::new(what, place)
        .expected("what cargo-mutants 25 or newer writes")
        .remedy("remove target/mutants and run again; update cargo-mutants")
}

/// Reads `cargo mutants --list --json`.
///
/// # Errors
/// When it has another shape.
pub fn read_list(text: &str, place: &str) -> Result<Vec<Mutant>, Trouble> {
    let listed: Vec<Listed> = serde_json::from_str(text)
        .map_err(|error| unusable(format!("the list of mutants can't be read: {error}"), place))?;
    Ok(listed.into_iter().map(Mutant::from).collect())
}

/// Reads `mutants.out/outcomes.json`.
///
/// # Errors
/// When it has another shape, or the tests failed without a mutant: then all mutants would seem to be caught.
pub fn read(text: &str, place: &str) -> Result<Fates, Trouble> {
    let document: Document =
        serde_json::from_str(text).map_err(|error| unusable(format!("the outcomes can't be read: {error}"), place))?;
    let mut fates = Fates::new();
    for outcome in document.outcomes {
        let fate = match (outcome.scenario, outcome.summary.as_str()) {
            (Scenario::Baseline, "Success") => continue,
            (Scenario::Baseline, summary) => {
                return Err(Trouble::new(format!("the tests fail without any mutant ({summary})"), place)
                    .expected("tests that pass, so that a failure means a mutant was noticed")
                    .remedy("make them pass; the log is target/mutants/mutants.out/log/baseline.log"));
            }
            (Scenario::Mutant(mutant), "CaughtMutant") => (mutant, Fate::Caught),
            (Scenario::Mutant(mutant), "MissedMutant") => (mutant, Fate::Missed),
            (Scenario::Mutant(mutant), "Timeout") => (mutant, Fate::TimedOut),
            (Scenario::Mutant(mutant), "Unviable") => (mutant, Fate::Unviable),
            (Scenario::Mutant(mutant), summary) => {
                return Err(unusable(format!("`{summary}` of {} is not known", mutant.name), place));
            }
        };
        fates.insert(fate.0.into(), fate.1);
    }
    Ok(fates)
}
