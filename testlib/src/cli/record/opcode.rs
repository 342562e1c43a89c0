//! An opcode as the statement that runs it: typed where its parameters are simple, else in wire form.

use std::collections::BTreeSet;

use cmdlib::op;
use serde_json::{Map, Value, json};

use super::super::opcodes::Planned;
use super::test::spaced;

/// What every opcode has and no test is about: who asked for it, and how urgent it is.
const IDLE: [&str; 6] = ["OP_ID", "debug_level", "priority", "depends", "comment", "reason"];
/// A text that is no word of any enumeration.
const NO_WORD: &str = "no such word";

/// Returns the statement; adds the paths that it uses.
pub(super) fn run(planned: &Planned, foreign: bool, uses: &mut BTreeSet<String>) -> String {
    let typed = if foreign { None } else { typed(planned, uses) };
    typed.unwrap_or_else(|| {
        uses.insert("serde_json::json".to_owned());
        let mut members = planned.op.as_object().cloned().unwrap_or_default();
        let complete = complete(&planned.op);
        let required = required(&planned.op);
        members.retain(|key, value| {
            let default = || complete.as_ref().and_then(|_| default_of(&planned.op, &required, key));
            key == "OP_ID" || required.contains(key) || (!IDLE.contains(&&**key) && default().as_ref() != Some(value))
        });
        format!("t.run_json(&json!({}));", spaced(&Value::Object(members)))
    })
}

fn typed(planned: &Planned, uses: &mut BTreeSet<String>) -> Option<String> {
    let name = planned.unit.name;
    let complete = complete(&planned.op)?;
    let required = required(&planned.op);
    let given = |key: &String| complete.get(key).cloned();
    let ordered: Vec<&String> = complete.keys().filter(|key| required.contains(*key)).collect();
    let arguments: Vec<String> = ordered.iter().map(|key| argument(&planned.op, key)).collect::<Option<_>>()?;
    let new = format!("op::{name}::new({})", arguments.join(", "));
    let mut fields = Vec::new();
    for (key, value) in &complete {
        if required.contains(key) || IDLE.contains(&&**key) {
            continue;
        }
        let default = default_of(&planned.op, &required, key)?;
        if default == *value {
            continue;
        }
        fields.push(match (key.as_str(), &default, given(key)?) {
            ("dry_run", ..) => {
                uses.insert("cmdlib::op::Common".to_owned());
                "common: Common { dry_run: true, ..Common::default() }".to_owned()
            }
            (key, Value::Bool(_), Value::Bool(value)) => format!("{key}: {value}"),
            (key, Value::Number(default), Value::Number(value)) if default.is_u64() && value.is_u64() => {
                format!("{key}: {value}")
            }
            // What else there is may be of any type.
            _ => return None,
        });
    }
    uses.insert("cmdlib::op".to_owned());
    Some(if fields.is_empty() {
        format!("t.run({new});")
    } else {
        format!("t.run(op::{name} {{ {}, ..{new} }});", fields.join(", "))
    })
}

/// Returns all members of an opcode of the library.
fn complete(op: &Value) -> Option<Map<String, Value>> {
    match op::Any::read(op).ok()?.write() {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// Returns the parameters without which the opcode can't be read.
fn required(op: &Value) -> BTreeSet<String> {
    let members = op.as_object().cloned().unwrap_or_default();
    let needed = |key: &&String| {
        let mut fewer = members.clone();
        fewer.shift_remove(*key);
        *key != "OP_ID" && op::Any::read(&Value::Object(fewer)).is_err()
    };
    members.keys().filter(needed).cloned().collect()
}

fn default_of(op: &Value, required: &BTreeSet<String>, key: &str) -> Option<Value> {
    let mut members = op.as_object()?.clone();
    members.retain(|key, _| key == "OP_ID" || required.contains(key));
    complete(&Value::Object(members))?.get(key).cloned()
}

/// Returns a required parameter as an argument of `new`, if any text, number or list of texts would do.
fn argument(op: &Value, key: &str) -> Option<String> {
    let accepts = |value: Value| {
        let mut other = op.clone();
        other[key] = value;
        op::Any::read(&other).is_ok()
    };
    let value = &op[key];
    match value {
        Value::String(text) if accepts(NO_WORD.into()) => Some(format!("{text:?}")),
        Value::Array(items) if items.iter().all(Value::is_string) && accepts(json!([NO_WORD])) => {
            let items: Vec<String> = items.iter().filter_map(|item| Some(format!("{:?}", item.as_str()?))).collect();
            Some(format!("[{}]", items.join(", "))).filter(|_| !items.is_empty())
        }
        _ => None,
    }
}
