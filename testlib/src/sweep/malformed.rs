//! Answers of a wrong form, derived from the right one: of another type, empty, with something missing or something too much,
//! as a whole and in its parts.

use cmdlib::field::Params;
use serde_json::Value;

/// Parts of parts are spoiled down to here.
const DEPTH: usize = 3;
/// So many elements of a list are spoiled: what has more is a list of things that are alike.
const ELEMENTS: usize = 9;

/// Returns the spoilt answers, each with its name: `empty`, `missing memory_free in [2][0]`.
pub(super) fn variants(value: &Value) -> Vec<(String, Value)> {
    let mut all = of(value, "", 0);
    all.retain(|(_, spoilt)| spoilt != value);
    all
}

/// As `variants`, of a document that travels as text.
pub(super) fn text_variants(text: &str) -> Vec<(String, Value)> {
    let mut all = vec![("no document".to_owned(), Value::from("{"))];
    if let Ok(document) = serde_json::from_str(text) {
        all.extend(variants(&document).into_iter().map(|(name, spoilt)| (name, spoilt.to_string().into())));
    }
    all
}

fn of(value: &Value, path: &str, depth: usize) -> Vec<(String, Value)> {
    let place = if path.is_empty() { String::new() } else { format!(" in {path}") };
    let named = |what: &str, spoilt: Value| (format!("{what}{place}"), spoilt);
    let mut all = vec![named("wrong type", another_type(value))];
    match value {
        Value::Array(items) => {
            all.push(named("empty", Value::Array(Vec::new())));
            if let Some((last, rest)) = items.split_last() {
                all.push(named("missing last", rest.to_vec().into()));
                all.push(named("extra last", items.iter().chain([last]).cloned().collect()));
            }
            for (index, item) in items.iter().take(ELEMENTS).enumerate().filter(|_| depth < DEPTH) {
                let put = |spoilt| {
                    let mut items = items.clone();
                    items[index] = spoilt;
                    Value::from(items)
                };
                let parts = of(item, &format!("{path}[{index}]"), depth + 1);
                all.extend(parts.into_iter().map(|(name, spoilt)| (name, put(spoilt))));
            }
        }
        Value::Object(members) => {
            all.push(named("empty", Params::new().into()));
            all.push(named("extra", with(members, "no-such-member", Value::Null)));
            for (key, member) in members.iter().take(ELEMENTS) {
                let rest: Params = members.iter().filter(|(other, _)| *other != key).map(copied).collect();
                all.push(named(&format!("missing {key}"), rest.into()));
                if depth < DEPTH {
                    let dot = if path.is_empty() { "" } else { "." };
                    let parts = of(member, &format!("{path}{dot}{key}"), depth + 1);
                    all.extend(parts.into_iter().map(|(name, spoilt)| (name, with(members, key, spoilt))));
                }
            }
        }
        Value::String(_) => all.push(named("empty", Value::from(""))),
        _ => {}
    }
    all
}

fn copied((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

fn with(members: &Params, key: &str, value: Value) -> Value {
    let mut members = members.clone();
    members.insert(key.to_owned(), value);
    members.into()
}

fn another_type(value: &Value) -> Value {
    if value.is_string() { Value::from(7) } else { Value::from("of another type") }
}
