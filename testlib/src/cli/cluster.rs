//! Reading a cluster's configuration: what can't be used is an error, what is merely wrong a warning.

use std::path::Path;

use cmdlib::config::{Finding, LoadError, Snapshot};
use serde_json::Value;

use super::input;
use super::secrets::Secrets;
use super::trouble::Trouble;

const WANTED: &str = "the config.data of a cluster of Ganeti 3.0 or 3.1";
/// The number of version 3.0, the oldest that is read.
const OLDEST: i64 = 3_000_000;
/// So many findings of one sort are told.
const TOLD: usize = 20;

/// A cluster as its file says.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) state: Snapshot,
    pub(super) secrets: Secrets,
    /// What is wrong with it, but does not keep an opcode from running.
    pub(super) warnings: Vec<String>,
}

/// Reads a `config.data`, as a document.
pub(super) fn document(path: &Path) -> Result<Value, Trouble> {
    input::json_of_file(path, WANTED)
}

/// Returns the cluster of a document; `place` is where it was read.
pub(super) fn of_document(document: &Value, place: &Path) -> Result<Cluster, Trouble> {
    let mut secrets = Secrets::default();
    secrets.learn(document);
    let place = place.display().to_string();
    if document.get("cluster").is_none() {
        let what = match document {
            Value::Object(members) if members.contains_key("ops") => "this is a job, not a configuration".to_owned(),
            Value::Object(_) => "not a configuration: it has no `cluster`".to_owned(),
            other => format!("not a configuration, but {}", input::kind(other)),
        };
        return Err(Trouble::new(what, place).expected(WANTED));
    }
    let state = Snapshot::read(document).map_err(|error| refusal(&error, document, &place, &secrets))?;
    let (dangling, others): (Vec<Finding>, Vec<Finding>) = state.verify().into_iter().partition(Finding::dangling);
    let texts =
        |findings: &[Finding]| -> Vec<String> { findings.iter().map(|it| secrets.printable(&it.text)).collect() };
    if !dangling.is_empty() {
        let what = format!(
            "the configuration refers to objects that don't exist\n{}",
            some(&texts(&dangling), TOLD).join("\n")
        );
        return Err(Trouble::new(what, place)
            .expected(WANTED)
            .remedy("take the whole file, unedited, from the master node"));
    }
    let warnings = some(&texts(&others), TOLD);
    Ok(Cluster { state, secrets, warnings })
}

fn refusal(error: &LoadError, document: &Value, place: &str, secrets: &Secrets) -> Trouble {
    let unedited = "take the whole file, unedited, from the master node";
    let (what, remedy) = match error {
        LoadError::Version(what) => (format!("the configuration can't be read: {what}"), version_remedy(document)),
        LoadError::NotJson(why) => (format!("not JSON: {why}"), unedited),
        LoadError::Shape(misfit) => {
            (format!("not a configuration: {}", without_value(&misfit.to_string(), secrets)), unedited)
        }
    };
    Trouble::new(what, place).expected(WANTED).remedy(remedy).map(|text| secrets.printable(text))
}

fn version_remedy(document: &Value) -> &'static str {
    match document.get("version").and_then(Value::as_i64) {
        Some(number) if (1..OLDEST).contains(&number) => {
            "upgrade the cluster to Ganeti 3.0 or 3.1 first, and take the file anew"
        }
        Some(number) if number > OLDEST => "this version of `lu` knows no newer Ganeti than 3.1",
        _ => "take the whole file, unedited, from the master node",
    }
}

/// Returns the text of a misfit with no more of the value than can't be a secret: a list or an object may have one
/// anywhere, a text that was cut may be the head of one.
fn without_value(misfit: &str, secrets: &Secrets) -> String {
    let Some((head, got)) = misfit.split_once(", got ") else { return misfit.to_owned() };
    let got = match got.as_bytes().first() {
        Some(b'[') => "a list",
        Some(b'{') => "an object",
        Some(b'"') if got.ends_with(" characters)") || !secrets.harmless(got) => "a text that is not shown",
        _ => got,
    };
    format!("{head}, got {got}")
}

/// Returns the first of many texts, and how many there are besides.
fn some(texts: &[String], limit: usize) -> Vec<String> {
    let more = texts.len().saturating_sub(limit);
    let rest = (more > 0).then(|| format!(".. and {more} more"));
    texts.iter().take(limit).cloned().chain(rest).collect()
}
