//! Reading files and standard input, with a limit, and as JSON.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde_json::Value;

use super::trouble::Trouble;

/// The largest input that is read: more than the configuration of 30,000 instances has.
const BYTES_MAX: usize = 64 * 1024 * 1024;
/// So much is read before it is decided whether the rest is worth it.
const PEEK: usize = 4096;

/// Reads a file as JSON. `wanted` says what should be in it.
pub(super) fn json_of_file(path: &Path, wanted: &str) -> Result<Value, Trouble> {
    let place = path.display().to_string();
    let unreadable = |error: io::Error| {
        Trouble::new(format!("the file can't be read: {error}"), &place)
            .expected(wanted)
            .remedy("correct the path, or its permissions")
    };
    if path.is_dir() {
        return Err(Trouble::new("this is a folder", place).expected(wanted));
    }
    let mut file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map(|about| about.len()).map_err(unreadable)?;
    json(&mut file, Some(length), &place, wanted)
}

/// Reads a file as text.
pub(super) fn text_of_file(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(BYTES_MAX as u64 + 1).read_to_string(&mut text).map_err(|error| error.to_string())?;
    if text.len() > BYTES_MAX { Err(too_large()) } else { Ok(text) }
}

/// Reads all of an input as JSON. `length` is that of the whole, where it is known beforehand.
pub(super) fn json(input: &mut dyn Read, length: Option<u64>, place: &str, wanted: &str) -> Result<Value, Trouble> {
    let trouble = |what: String| Trouble::new(what, place).expected(wanted);
    let text = bytes(input, length).map_err(&trouble)?;
    parse(&text).map_err(trouble)
}

/// Returns all bytes, or says why they are none of use.
fn bytes(input: &mut dyn Read, length: Option<u64>) -> Result<Vec<u8>, String> {
    let failed = |error: io::Error| format!("it can't be read: {error}");
    let mut text = Vec::new();
    input.take(PEEK as u64).read_to_end(&mut text).map_err(failed)?;
    if text.first() == Some(&0) {
        let length =
            length.filter(|length| *length > 0).map(|length| format!(", and has {length} bytes")).unwrap_or_default();
        return Err(format!(
            "not JSON: it begins with zero bytes{length}; a crash of its machine can leave a file like that: take a backup of it"
        ));
    }
    if let Some(first) = text.iter().find(|byte| !byte.is_ascii_whitespace()).filter(|byte| !b"{[".contains(byte)) {
        return Err(format!("not JSON of an object: it begins with `{}`", first.escape_ascii()));
    }
    let rest = (BYTES_MAX + 1).saturating_sub(text.len());
    input.take(rest as u64).read_to_end(&mut text).map_err(failed)?;
    if text.len() > BYTES_MAX {
        return Err(too_large());
    }
    Ok(text)
}

fn too_large() -> String {
    format!("it is larger than {} MiB", BYTES_MAX / 1024 / 1024)
}

/// Reads JSON; the words say whether it is none, or not whole.
pub(super) fn parse(text: &[u8]) -> Result<Value, String> {
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err("it is empty".to_owned());
    }
    serde_json::from_slice(text).map_err(|error| {
        if error.is_eof() {
            format!("not whole: the JSON ends before its end, at line {} column {}", error.line(), error.column())
        } else {
            format!("not JSON: {error}")
        }
    })
}

/// Names the kind of a JSON value, with its article.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
