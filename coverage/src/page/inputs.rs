//! What the page is made of: the report of llvm-cov, and what the other commands print as JSON.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::lines::{self, Segment};
use crate::trouble::Trouble;

/// One file of the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    pub(super) path: String,
    /// The name of the unit, if it is one.
    pub(super) unit: Option<String>,
    pub(super) covered: u64,
    pub(super) total: u64,
    /// How often each line that holds code was run.
    pub(super) hits: BTreeMap<u64, u64>,
    pub(super) source: String,
}

#[derive(Deserialize)]
struct Export {
    data: Vec<Data>,
}

#[derive(Deserialize)]
struct Data {
    files: Vec<Counted>,
}

#[derive(Deserialize)]
struct Counted {
    filename: String,
    #[serde(default)]
    segments: Vec<Segment>,
}

/// How often each line was run, by the file's name in the report.
pub(super) fn hits(text: &str, place: &str) -> Result<BTreeMap<String, BTreeMap<u64, u64>>, Trouble> {
    let export: Export = serde_json::from_str(text).map_err(|error| {
        Trouble::new(format!("the report can't be read: {error}"), place)
            .expected("a report as `cargo gate` leaves it at target/coverage/report.json")
            .remedy("make it anew: `cargo gate`")
    })?;
    let files = export.data.into_iter().flat_map(|data| data.files);
    Ok(files.map(|file| (file.filename.replace('\\', "/"), lines::counts(&file.segments))).collect())
}

/// What `coverage errors` says of each unit: places, and how many of them a test reached.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Errors {
    pub(super) units: Vec<ErrorUnit>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ErrorUnit {
    pub(super) name: String,
    pub(super) places: u64,
    pub(super) reached: u64,
}

/// What `coverage mutants` says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Mutants {
    pub(super) kind: String,
    pub(super) files: Vec<MutantFile>,
}

#[derive(Debug, Deserialize)]
pub(super) struct MutantFile {
    pub(super) file: String,
    pub(super) caught: u64,
    pub(super) missed: u64,
    pub(super) survivors: Vec<Survivor>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Survivor {
    pub(super) line: u64,
    pub(super) change: String,
}

/// What `coverage api matrix` says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Api {
    pub(super) entries: Vec<ApiEntry>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ApiEntry {
    pub(super) call: String,
    pub(super) class: String,
    pub(super) direct: Vec<String>,
    pub(super) client: Vec<String>,
    pub(super) implied: Vec<String>,
}

impl Api {
    /// The call that a unit executes: the one of its name, whatever stands between the words.
    pub(super) fn of_unit(&self, unit: &str) -> Option<&ApiEntry> {
        let letters = |text: &str| -> String {
            text.chars().filter(char::is_ascii_alphanumeric).map(|each| each.to_ascii_lowercase()).collect()
        };
        let unit = letters(unit);
        self.entries.iter().find(|entry| {
            let call = letters(&entry.call);
            call == unit || call.strip_prefix("op") == Some(&unit)
        })
    }
}

/// Reads what another command printed as JSON.
pub(super) fn read<'a, T: Deserialize<'a>>(text: &'a str, place: &str, command: &str) -> Result<T, Trouble> {
    let wrong = |what: String| {
        Trouble::new(what, place).expected(format!("what `coverage {command}` prints as JSON")).remedy("make it anew")
    };
    if let Ok(Value::Object(object)) = serde_json::from_str::<Value>(text)
        && let Some(error) = object.get("error")
    {
        return Err(wrong(format!(
            "`coverage {command}` had measured nothing: {}",
            error["what"].as_str().unwrap_or("?")
        )));
    }
    serde_json::from_str(text).map_err(|error| wrong(format!("a part of the page can't be read: {error}")))
}
