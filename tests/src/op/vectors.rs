//! What the reference takes and refuses, value by value, where the facts about it are at hand.

use std::path::Path;

use cmdlib::field::Field;
use cmdlib::op::{self, Any, OpCode};
use serde_json::{Map, Value};

use super::fields::Parameter;

/// Returns the values and verdicts of the reference: by opcode, by parameter. None where they are not, and under the gate,
/// which counts nothing that is optional.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn vectors() -> Option<Map<String, Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/ganeti/opcode_vectors.json");
    if std::env::var_os("GATE").is_some() || !path.exists() {
        eprintln!("skipped: there are no facts about the reference at ../shared");
        return None;
    }
    let text = std::fs::read_to_string(path).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

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

fn takes(op: &str, name: &str, value: &Value) -> bool {
    let mut members = Parameter::least(op);
    members[name] = value.clone();
    Any::read(&members).is_ok()
}

#[test]
fn every_parameter_takes_and_refuses_what_the_reference_does() {
    let Some(vectors) = vectors() else { return };
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
    let Some(vectors) = vectors() else { return };
    let mut differ = Vec::new();
    for (name, of) in vectors["=common"].as_object().unwrap() {
        differ.extend(differences(name, of, |value| takes("OP_TAGS_GET", name, value)));
    }
    assert_eq!(differ, [""; 0]);
}

#[test]
fn every_result_is_taken_and_refused_as_in_the_reference() {
    let Some(vectors) = vectors() else { return };
    fn result<O: OpCode>(vectors: &Map<String, Value>) -> Vec<String> {
        let takes = |value: &Value| O::Output::read(value).is_ok();
        vectors[O::ID].get("=result").map(|of| differences(O::ID, of, takes)).unwrap_or_default()
    }
    macro_rules! results {
        ($($op:ident)+) => { [$(result::<op::$op>(&vectors)),+].concat() };
    }
    let differ = results! {
        TagsGet TagsSet TagsDel TagsSearch OsDiagnose TestDelay NodePowercycle InstanceStartup InstanceShutdown InstanceReboot
        NetworkAdd GroupEvacuate GroupVerifyDisks InstanceMigrate InstanceFailover InstanceReplaceDisks
    };
    assert_eq!(differ, [""; 0]);
}

#[test]
fn every_opcode_here_is_one_of_the_reference() {
    let Some(vectors) = vectors() else { return };
    let unknown: Vec<&&str> = Any::IDS.iter().filter(|op| !vectors.contains_key(**op)).collect();
    assert_eq!(unknown, [&""; 0]);
}
