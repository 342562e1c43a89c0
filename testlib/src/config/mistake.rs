//! Mistakes of a test's author: they panic at the test's line and say what there is.

use std::fmt::Display;

use cmdlib::field::Params;
use cmdlib::params::{Table, enforce};
use serde_json::Value;

use crate::names::nearest;

/// Most names that a message lists.
const LISTED_MAX: usize = 20;

/// Ends the test at the line of its author.
#[track_caller]
pub(super) fn mistake(text: impl Display) -> ! {
    panic!("{text}")
}

/// Returns names as a message lists them.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.len().checked_sub(LISTED_MAX) {
        _ if names.is_empty() => "none".to_owned(),
        Some(more @ 1..) => format!("{}, and {more} more", names[..LISTED_MAX].join(", ")),
        _ => names.join(", "),
    }
}

/// Returns the text for a name that nothing has. `made_by` is the call that makes such an object.
pub(super) fn missing(kind: &str, name: &str, known: &[&str], made_by: &str) -> String {
    let all = listed(known.iter().copied());
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("there is no {kind} '{name}'; did you mean '{near}'? ({kind}s: {all})"),
        None => format!("there is no {kind} '{name}' ({kind}s: {all}); make it first: {made_by}"),
    }
}

/// Returns the text for a word that is none of the `allowed` ones.
pub(super) fn unknown(what: &str, given: &str, allowed: &[&str]) -> String {
    let all = listed(allowed.iter().copied());
    match nearest(given, allowed.iter().copied()) {
        Some(near) => format!("'{given}' is no {what}; did you mean '{near}'? (allowed: {all})"),
        None => format!("'{given}' is no {what} (allowed: {all})"),
    }
}

/// Returns a parameter's value in the type that its table says.
#[track_caller]
pub(super) fn typed(of: &str, table: &Table, key: &str, value: impl Into<Value>) -> Value {
    let mut params = Params::from_iter([(key.to_owned(), value.into())]);
    match enforce(&mut params, table) {
        Ok(()) => params.shift_remove(key).unwrap_or_default(),
        Err(why) => mistake(format!("{of}: {why}")),
    }
}
