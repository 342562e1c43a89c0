//! What the reference takes and refuses, value by value, where the facts about it are at hand.

use cmdlib::op::Any;
use serde_json::Value;

use super::least;
use crate::facts;

const FILE: &str = "opcode_vectors.json";

/// The values of a parameter, each with whether the reference takes it. A crash counts as a refusal.
fn verdicts(of: &Value) -> Vec<(&Value, bool)> {
    let verdict = |pair: &Value| pair[1].as_str() == Some("accept");
    of.as_array().unwrap().iter().map(|pair| (&pair[0], verdict(pair))).collect()
}

/// What differs from the reference, of one parameter.
fn differences(place: &str, of: &Value, takes: impl Fn(&Value) -> bool) -> Vec<String> {
    let differs = verdicts(of).into_iter().filter(|(value, taken)| takes(value) != *taken);
    differs
        .map(|(value, taken)| {
            format!("{place} = {value}: the reference {}", if taken { "takes it" } else { "refuses it" })
        })
        .collect()
}

fn with(op: &str, name: &str, value: &Value) -> Value {
    let mut members = least(op);
    members[name] = value.clone();
    members
}

fn takes(op: &str, name: &str, value: &Value) -> bool {
    Any::read(&with(op, name, value)).is_ok()
}

#[test]
fn every_parameter_takes_and_refuses_what_the_reference_does() {
    let Some(vectors) = facts(FILE) else { return };
    let mut differ = Vec::new();
    for op in Any::IDS {
        let parameters = vectors[*op].as_object().unwrap().iter().filter(|(name, _)| *name != "=result");
        for (name, of) in parameters {
            differ.extend(differences(&format!("{op}.{name}"), of, |value| takes(op, name, value)));
        }
    }
    assert_eq!(differ, [""; 0]);
}

#[test]
fn every_common_parameter_takes_and_refuses_what_the_reference_does() {
    let Some(vectors) = facts(FILE) else { return };
    let mut differ = Vec::new();
    for (name, of) in vectors["=common"].as_object().unwrap() {
        differ.extend(differences(name, of, |value| takes("OP_TAGS_GET", name, value)));
    }
    assert_eq!(differ, [""; 0]);
}

#[test]
fn every_result_is_taken_and_refused_as_in_the_reference() {
    let Some(vectors) = facts(FILE) else { return };
    let mut differ = Vec::new();
    for op in Any::IDS {
        if let Some(of) = vectors[*op].get("=result") {
            differ.extend(differences(op, of, |value| Any::check_result(op, value).unwrap().is_ok()));
        }
    }
    assert_eq!(differ, [""; 0]);
}

#[test]
fn what_the_reference_takes_is_written_and_read_again_as_the_same() {
    let Some(vectors) = facts(FILE) else { return };
    for op in Any::IDS {
        for (name, of) in vectors[*op].as_object().unwrap().iter().filter(|(name, _)| *name != "=result") {
            for (value, _) in verdicts(of).into_iter().filter(|(_, taken)| *taken) {
                let read = Any::read(&with(op, name, value)).unwrap();
                assert_eq!(Any::read(&read.write()), Ok(read), "{op}.{name} = {value}");
            }
        }
    }
}
