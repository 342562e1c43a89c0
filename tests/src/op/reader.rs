//! The reader of opcodes: every parameter is taken or refused by its type, in words that name opcode, parameter, value and
//! what is allowed; defaults are filled in; what is written is read again.

use std::collections::BTreeSet;

use cmdlib::error::{Code, Refusal};
use cmdlib::op::Any;
use expect_test::expect;
use serde_json::{Value, json};

use super::fields::{PARAMETERS, values};
use super::least;

/// The parameters that every opcode has.
const COMMON: [&str; 6] = ["dry_run", "debug_level", "priority", "depends", "comment", "reason"];

fn refusal(op: &Value) -> Refusal {
    match Any::read(op) {
        Err(refusal) => refusal,
        Ok(op) => panic!("{op:?} was read"),
    }
}

#[test]
fn the_table_of_these_tests_has_every_parameter_of_its_opcodes() {
    let opcodes: BTreeSet<&str> = PARAMETERS.iter().map(|it| it.op).collect();
    for op in opcodes {
        let written = Any::read(&least(op)).unwrap().write();
        let known = |key: &&str| *key != "OP_ID" && !COMMON.contains(key);
        let written: BTreeSet<&str> = written.as_object().unwrap().keys().map(String::as_str).filter(known).collect();
        let tabled: BTreeSet<&str> = PARAMETERS.iter().filter(|it| it.op == op).map(|it| it.name).collect();
        assert_eq!(tabled, written, "{op}");
    }
}

#[test]
fn a_value_of_the_wrong_type_is_refused_in_words_and_all_others_are_taken() {
    for parameter in PARAMETERS {
        for value in values() {
            let mut op = least(parameter.op);
            op[parameter.name] = value.clone();
            let told = Any::read(&op).err().map(|refusal| refusal.text);
            assert_eq!(told, parameter.refusal(&value), "{}.{} = {value}", parameter.op, parameter.name);
        }
    }
}

#[test]
fn a_refusal_of_the_reader_is_wrong_input() {
    for parameter in PARAMETERS {
        let mut op = least(parameter.op);
        op[parameter.name] = json!({"no": {"type": "at all"}});
        if parameter.refusal(&op[parameter.name]).is_some() {
            assert_eq!(refusal(&op).code, Code::WrongInput);
        }
    }
}

#[test]
fn a_parameter_that_must_be_there_is_missed_by_name() {
    for parameter in PARAMETERS.iter().filter(|it| it.default().is_none()) {
        let mut op = least(parameter.op);
        op.as_object_mut().unwrap().remove(parameter.name);
        assert_eq!(refusal(&op).text, format!("{}.{}: expected a value, got nothing", parameter.op, parameter.name));
    }
}

#[test]
fn a_parameter_that_may_be_missing_has_its_default() {
    for parameter in PARAMETERS {
        let Some(default) = parameter.default() else { continue };
        let written = Any::read(&least(parameter.op)).unwrap().write();
        assert_eq!(written[parameter.name], default, "{}.{}", parameter.op, parameter.name);
    }
}

#[test]
fn what_is_written_is_read_again_as_the_same() {
    for parameter in PARAMETERS {
        for value in values() {
            let mut op = least(parameter.op);
            op[parameter.name] = value;
            if let Ok(op) = Any::read(&op) {
                assert_eq!(Any::read(&op.write()), Ok(op));
            }
        }
    }
}

#[test]
fn what_was_given_is_written_as_it_was() {
    for parameter in PARAMETERS {
        let mut op = least(parameter.op);
        op[parameter.name] = parameter.kind.good();
        assert_eq!(
            Any::read(&op).unwrap().write()[parameter.name],
            parameter.kind.good(),
            "{}.{}",
            parameter.op,
            parameter.name
        );
    }
}

#[test]
fn a_whole_number_for_a_number_becomes_one() {
    let op = json!({"OP_ID": "OP_TEST_DELAY", "duration": 2});
    assert_eq!(Any::read(&op).unwrap().write()["duration"], json!(2.0));
}

#[test]
fn an_unknown_parameter_is_refused_by_name_with_those_that_there_are() {
    for op in Any::IDS {
        let mut members = least(op);
        members["no_such_parameter"] = json!(1);
        let text = refusal(&members).text;
        let begin = format!("{op}: there is no parameter 'no_such_parameter' (there are: ");
        assert!(text.starts_with(&begin), "{text}");
        for parameter in PARAMETERS.iter().filter(|it| it.op == *op) {
            assert!(text.contains(parameter.name), "{text}");
        }
    }
}

#[track_caller]
fn refused(op: &Value, text: expect_test::Expect) {
    text.assert_eq(&refusal(op).text);
}

#[test]
fn an_opcode_that_is_none_is_refused() {
    refused(&json!({"OP_ID": "OP_PET_FEED"}), expect!["there is no opcode OP_PET_FEED"]);
}

#[test]
fn an_opcode_without_name_is_refused_with_an_example() {
    refused(
        &json!({"kind": "cluster"}),
        expect![[
            r#"opcode: it has no OP_ID; an opcode is an object such as {"OP_ID": "OP_TAGS_GET", "kind": "cluster"}"#
        ]],
    );
}

#[test]
fn an_opcode_whose_name_is_no_text_is_refused() {
    refused(&json!({"OP_ID": 5}), expect!["opcode: OP_ID: expected a text, got 5"]);
}

#[test]
fn something_that_is_no_object_is_refused() {
    refused(&json!(["OP_TAGS_GET"]), expect![[r#"opcode: expected an object, got ["OP_TAGS_GET"]"#]]);
}

#[test]
fn an_opcode_is_not_read_as_another() {
    use cmdlib::op::{OpCode, TagsGet};
    let read = TagsGet::read(&json!({"OP_ID": "OP_TAGS_SET", "kind": "cluster", "tags": []}));
    expect!["OP_TAGS_GET: this is OP_TAGS_SET"].assert_eq(&read.unwrap_err().text);
}

#[test]
fn a_long_value_is_cut_in_the_refusal() {
    refused(
        &json!({"OP_ID": "OP_TAGS_GET", "kind": "x".repeat(1000)}),
        expect![[
            r#"OP_TAGS_GET.kind: expected one of cluster, instance, network, node, nodegroup, got "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.. (1002 characters)"#
        ]],
    );
}

#[test]
fn the_first_bad_parameter_in_the_order_of_the_table_is_told() {
    refused(
        &json!({"OP_ID": "OP_TAGS_SET", "tags": 5, "kind": 6}),
        expect!["OP_TAGS_SET.kind: expected one of cluster, instance, network, node, nodegroup, got 6"],
    );
}

#[test]
fn there_are_as_many_opcodes_as_in_the_reference() {
    assert_eq!(Any::IDS.len(), 76);
}
