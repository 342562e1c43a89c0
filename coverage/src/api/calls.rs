//! The catalogue: all calls that there are, tested or not.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crate::trouble::Trouble;

/// A call of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Call {
    /// Its name.
    pub call: String,
    /// What one should know of it.
    #[serde(default)]
    pub note: String,
}

/// Reads a catalogue: JSON lines `{"call": NAME}`, further `note`; or what `lu list --json` prints.
///
/// # Errors
/// When it is empty, a line has another shape, or a call is there twice.
pub fn read(text: &str, place: &str) -> Result<Vec<Call>, Trouble> {
    let wrong = |what: String, place: String| {
        Trouble::new(what, place)
            .expected("a line `{\"call\": NAME}` for each call, once; or what `lu list --json` prints")
            .remedy("make the list anew")
    };
    let calls = match opcodes(text) {
        Some(calls) => calls.map_err(|what| wrong(what, place.to_owned()))?,
        None => {
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            let read = lines.map(|(index, line)| {
                serde_json::from_str(line).map_err(|error| {
                    wrong(
                        format!("a line of the list of calls can't be read: {error}"),
                        format!("{place}:{}", index + 1),
                    )
                })
            });
            read.collect::<Result<Vec<Call>, _>>()?
        }
    };
    if calls.is_empty() {
        return Err(wrong("the list of calls is empty".to_owned(), place.to_owned()));
    }
    let mut known = BTreeSet::new();
    match calls.iter().find(|call| !known.insert(&call.call)) {
        Some(twice) => Err(wrong(format!("the list of calls has `{}` twice", twice.call), place.to_owned())),
        None => Ok(calls),
    }
}

/// The document of `lu list --json`, if it is one.
fn opcodes(text: &str) -> Option<Result<Vec<Call>, String>> {
    let document: Value = serde_json::from_str(text).ok()?;
    let opcodes = document.get("opcodes")?;
    let Some(opcodes) = opcodes.as_array() else { return Some(Err("`opcodes` is no list".to_owned())) };
    let call = |line: &Value| {
        let call = line.get("opcode").and_then(Value::as_str).ok_or("a member of `opcodes` has no `opcode`")?;
        let stands = line.get("stands").and_then(Value::as_bool).unwrap_or(true);
        Ok(Call { call: call.to_owned(), note: if stands { String::new() } else { "no unit yet".to_owned() } })
    };
    Some(opcodes.iter().map(call).collect())
}
