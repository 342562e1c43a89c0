//! The table of opcodes beside that of the reference, where the facts about it are at hand: names, types, defaults.

use std::collections::{BTreeMap, BTreeSet};

use cmdlib::op::{Any, Common};
use cmdlib::shape::Parameter;
use serde_json::Value;

use crate::facts;

const FILE: &str = "opcodes.json";

/// A type of the reference as shapes show theirs.
fn shown(of: &Value) -> String {
    let all = |of: &Value, by: &str| of.as_array().unwrap().iter().map(shown).collect::<Vec<_>>().join(by);
    if let Some(atom) = of.as_str() {
        let shown = match atom {
            "string" => "text",
            "nonempty_string" => "non-empty text",
            "int" => "integer",
            "nonneg_int" => "0..",
            "positive_int" => "1..",
            "negative_int" => "..-1",
            "float" => "number",
            "none" => "null",
            "any_list" => "[any]",
            "job_id" => "0.. or job id in digits",
            "ipv4_address" => "IPv4 address",
            "ipv6_address" => "IPv6 address",
            "ipv4_network" => "IPv4 network such as 192.0.2.0/24, without host bits",
            "ipv6_network" => "IPv6 network such as 2001:db8::/64, without host bits",
            other => other,
        };
        return shown.to_owned();
    }
    let key = |key: &Value| if key == "any" { "text".to_owned() } else { shown(key) };
    let (form, inner) = of.as_object().unwrap().iter().find(|(_, inner)| !inner.is_boolean()).unwrap();
    match form.as_str() {
        "maybe" => format!("{}|null", shown(inner)),
        "or" => all(inner, " or "),
        "list" => format!("[{}]", shown(inner)),
        "set" => format!("set of [{}]", shown(inner)),
        "tuple" => format!("({})", all(inner, ", ")),
        "dict" => format!("{{{}: {}}}", key(&inner[0]), shown(&inner[1])),
        "private" | "secret" => shown(inner),
        "enum" => {
            let words = inner.as_array().unwrap().iter();
            words.map(|word| word.as_str().map_or(word.to_string(), str::to_owned)).collect::<Vec<_>>().join("|")
        }
        "and" if inner[1].get("lt").is_some() => format!("0..{}", inner[1]["lt"].as_u64().unwrap() - 1),
        "and" => {
            let items = inner.as_array().unwrap().iter().find_map(|it| it.get("items")).unwrap();
            format!("({})", all(items, ", "))
        }
        "record" => {
            let member = |(name, of): (&String, &Value)| format!("{name}: {}", shown(of));
            format!("{{{}}}", inner.as_object().unwrap().iter().map(member).collect::<Vec<_>>().join(", "))
        }
        other => panic!("{other}"),
    }
}

fn line(name: &str, shape: &str, default: Option<&Value>) -> String {
    let default = default.map(|default| format!(" = {default}")).unwrap_or_default();
    format!("{name}: {}{default}", shape.replace("secret ", ""))
}

fn theirs(parameters: &Value) -> BTreeSet<String> {
    let needed = |it: &Value| it.get("effectively_required") == Some(&Value::Bool(true));
    let one = |it: &Value| {
        line(it["name"].as_str().unwrap(), &shown(&it["type"]), Some(&it["default"]).filter(|_| !needed(it)))
    };
    parameters.as_array().unwrap().iter().map(one).collect()
}

fn ours(parameters: &[Parameter]) -> BTreeSet<String> {
    parameters.iter().map(|it| line(it.name, &it.shape.to_string(), it.default.as_ref())).collect()
}

/// Where the table of the reference does not say what its reader does, or ours says more: ours.
const DIFFERENT: [&str; 1] = [
    // Null takes the parameters of a system away.
    "osparams_private_cluster: {text: {text: any}|null}|null = null",
];

#[test]
fn every_opcode_has_the_parameters_of_the_reference_with_its_types_and_defaults() {
    let Some(facts) = facts(FILE) else { return };
    let mut known: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for opcode in facts["opcodes"].as_array().unwrap() {
        known.insert(opcode["op_id"].as_str().unwrap(), theirs(&opcode["params"]));
    }
    assert_eq!(Any::IDS.iter().copied().collect::<BTreeSet<_>>(), known.keys().copied().collect());
    for (id, theirs) in known {
        let ours = ours(&Any::parameters(id).unwrap());
        let more: Vec<&String> = ours.difference(&theirs).filter(|line| !DIFFERENT.contains(&line.as_str())).collect();
        assert_eq!(more, [""; 0], "{id}: {theirs:#?}");
        assert_eq!(ours.len(), theirs.len(), "{id}");
    }
}

#[test]
fn the_parameters_that_all_have_are_those_of_the_reference() {
    let Some(facts) = facts(FILE) else { return };
    // What null means is the value itself here: false, zero. Jobs are told by one kind of number, negative or not.
    let plain = |lines: BTreeSet<String>| -> BTreeSet<String> {
        let name = |line: &String| line.split(" = ").next().unwrap_or_default().to_owned();
        lines.iter().map(name).filter(|line| !line.starts_with("depends")).collect()
    };
    assert_eq!(plain(ours(&Common::parameters())), plain(theirs(&facts["common_params"])));
}

#[test]
fn every_result_has_the_type_of_the_reference() {
    let Some(facts) = facts(FILE) else { return };
    for opcode in facts["opcodes"].as_array().unwrap() {
        let id = opcode["op_id"].as_str().unwrap();
        let ours = Any::result(id).unwrap().to_string();
        let theirs = shown(&opcode["result"]);
        assert!(ours == theirs || ours == "value", "{id}: {ours}, in the reference {theirs}");
    }
}
