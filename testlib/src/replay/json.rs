//! Equality of JSON values as traces mean it, and where two values differ.

use serde_json::Value;

use cmdlib::field::shortened;

use super::trace::Change;

/// Floats that differ by less are equal.
const TOLERANCE: f64 = 1e-6;

/// Tells whether two values are equal. Numbers count as numbers: `1` is `1.0`.
pub(super) fn same(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a == b,
            _ => matches!((a.as_f64(), b.as_f64()), (Some(a), Some(b)) if (a - b).abs() < TOLERANCE),
        },
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => one == two,
    }
}

/// The same for values that may be absent.
pub(super) fn same_option(one: Option<&Value>, two: Option<&Value>) -> bool {
    match (one, two) {
        (Some(one), Some(two)) => same(one, two),
        (one, two) => one.is_none() && two.is_none(),
    }
}

/// Returns the deepest members in which two documents differ. Lists of objects of equal length are compared element by
/// element, all others as a whole.
pub(super) fn changes(before: &Value, after: &Value) -> Vec<Change> {
    changes_at(Vec::new(), before, after)
}

/// The same for two values at a place in documents.
pub(super) fn changes_at(mut path: Vec<String>, before: &Value, after: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    walk(before, after, &mut path, &mut found);
    found
}

fn walk(before: &Value, after: &Value, path: &mut Vec<String>, found: &mut Vec<Change>) {
    match (before, after) {
        (Value::Object(one), Value::Object(two)) => {
            for (key, before) in one {
                path.push(key.clone());
                match two.get(key) {
                    Some(after) => walk(before, after, path, found),
                    None => found.push(Change { path: path.clone(), before: Some(before.clone()), after: None }),
                }
                path.pop();
            }
            for (key, after) in two.iter().filter(|(key, _)| !one.contains_key(*key)) {
                path.push(key.clone());
                found.push(Change { path: path.clone(), before: None, after: Some(after.clone()) });
                path.pop();
            }
        }
        (Value::Array(one), Value::Array(two))
            if one.len() == two.len() && one.iter().chain(two).all(Value::is_object) =>
        {
            for (index, (before, after)) in one.iter().zip(two).enumerate() {
                path.push(index.to_string());
                walk(before, after, path, found);
                path.pop();
            }
        }
        _ if same(before, after) => {}
        _ => found.push(Change { path: path.clone(), before: Some(before.clone()), after: Some(after.clone()) }),
    }
}

/// Returns where two values differ first, and what is there, shortened: `args[0].size: 10`.
pub(super) fn first_difference(recorded: &Value, ours: &Value) -> Option<(String, String, String)> {
    let at = |path: String, one: Option<&Value>, two: Option<&Value>| {
        let text = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), shortened);
        Some((path, text(one), text(two)))
    };
    let inner = |step: String, one: &Value, two: &Value| {
        first_difference(one, two).map(|(path, one, two)| (format!("{step}{path}"), one, two))
    };
    if same(recorded, ours) {
        return None;
    }
    match (recorded, ours) {
        (Value::Object(one), Value::Object(two)) => {
            let missing = one.iter().find_map(|(key, one)| match two.get(key) {
                Some(two) => inner(format!(".{key}"), one, two),
                None => at(format!(".{key}"), Some(one), None),
            });
            let added = || two.iter().find(|(key, _)| !one.contains_key(*key));
            missing.or_else(|| added().and_then(|(key, two)| at(format!(".{key}"), None, Some(two))))
        }
        (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
            one.iter().zip(two).enumerate().find_map(|(index, (one, two))| inner(format!("[{index}]"), one, two))
        }
        _ => at(String::new(), Some(recorded), Some(ours)),
    }
}
