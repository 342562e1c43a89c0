//! How values and names are shown in refusals.

use serde_json::Value;

use super::table::Table;

/// Longest value that a message shows whole, in characters.
const SHOWN_MAX: usize = 60;

/// Most names that a message lists.
const LISTED_MAX: usize = 20;

/// A value as JSON, cut in the middle when it is long.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    let count = text.chars().count();
    if count <= SHOWN_MAX {
        return text;
    }
    let head: String = text.chars().take(SHOWN_MAX / 2).collect();
    let tail: String = text.chars().skip(count - SHOWN_MAX / 2).collect();
    format!("{head}...{tail} ({count} characters)")
}

/// The refusal of a parameter that a table does not have.
pub(super) fn unknown(name: &str, table: &Table) -> String {
    let names = table.names();
    let shown = shown(&Value::from(name));
    if let Some(nearest) = nearest(name, &names) {
        format!("unknown parameter {shown}; did you mean `{nearest}`?")
    } else if names.is_empty() {
        format!("unknown parameter {shown}; there are none here")
    } else if names.len() <= LISTED_MAX {
        format!("unknown parameter {shown}; allowed are {}", names.join(", "))
    } else {
        format!("unknown parameter {shown}; none of the {} allowed ones is similar", names.len())
    }
}

/// The name that differs least, if at most a third of it is spelt differently.
fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let best = names.iter().map(|known| (distance(name, known), *known)).min_by_key(|(steps, _)| *steps)?;
    (best.0 <= best.1.len() / 3).then_some(best.1)
}

/// How many characters must be added, dropped or changed to get from one text to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    // More than this is never near; it also bounds the work for an absurdly long name.
    if from.chars().count() > 2 * to.len() {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, have) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, want) in to.iter().enumerate() {
            let changed = diagonal + usize::from(have != *want);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}
