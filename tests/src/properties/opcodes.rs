//! Opcodes by chance, made from what their parameters say.

use std::collections::BTreeSet;

use cmdlib::error::Code;
use cmdlib::lu::UNITS;
use cmdlib::unit::Unit;
use expect_test::expect;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use testlib::clusters::three_nodes_five_instances;
use testlib::strategies::{Opcode, opcodes};

use super::units::BRINGING;

fn drawn(unit: &Unit, count: usize) -> Vec<Opcode> {
    let mut runner = TestRunner::deterministic();
    let strategy = opcodes(unit);
    let cluster = three_nodes_five_instances().tag("of-cluster").snapshot();
    let one = |_| strategy.new_tree(&mut runner).expect("nothing is filtered").current().on(&cluster);
    (0..count).map(one).collect()
}

#[test]
fn what_parameters_take_is_read_and_what_they_do_not_take_is_refused() {
    for unit in UNITS.iter().chain(BRINGING) {
        let ops = drawn(unit, 300);
        assert!(ops.iter().any(|op| op.ill_typed), "{unit:?}");
        for op in ops {
            let read = (unit.read)(&op.json).map(drop);
            match read {
                Ok(()) => assert!(!op.ill_typed, "read, but should be refused: {}", op.json),
                Err(refusal) => {
                    assert!(op.ill_typed, "{}: {}", refusal.text, op.json);
                    assert_eq!(refusal.code, Code::WrongInput, "{}", op.json);
                }
            }
        }
    }
}

fn given(unit: &str, member: &str) -> String {
    let unit = cmdlib::unit::find(UNITS, unit).expect("it is in the table");
    let ops = drawn(unit, 400).into_iter().filter(|op| !op.ill_typed);
    let values: BTreeSet<String> = ops.filter_map(|op| op.json.get(member).map(ToString::to_string)).collect();
    values.into_iter().collect::<Vec<_>>().join("\n")
}

#[test]
fn names_are_those_of_the_cluster_and_some_that_it_has_not() {
    expect![[r#"
        "1a5a0000-0000-4000-8000-000000000001"
        "WEB1.EXAMPLE.COM"
        "db1"
        "db1.example.com"
        "diskless1"
        "diskless1.example.com"
        "file1"
        "file1.example.com"
        "no-such"
        "node1.example.com"
        "web1"
        "web1.example.com"
        "web1.example.com."
        "web2"
        "web2.example.com""#]]
    .assert_eq(&given("OP_INSTANCE_STARTUP", "instance_name"));
}

#[test]
fn a_uuid_is_that_of_the_object_named_or_none() {
    expect![[r#"
        "00000000-0000-4000-8000-000000000000"
        "a0de0000-0000-4000-8000-000000000001"
        "a0de0000-0000-4000-8000-000000000002"
        "a0de0000-0000-4000-8000-000000000003"
        "no-such-uuid""#]]
    .assert_eq(&given("OP_NODE_POWERCYCLE", "node_uuid"));
}

#[test]
fn tags_are_those_of_the_object_and_some_that_it_has_not() {
    let unit = cmdlib::unit::find(UNITS, "OP_TAGS_DEL").expect("it is in the table");
    let of_cluster = drawn(unit, 400).into_iter().filter(|op| op.json["kind"] == "cluster" && !op.ill_typed);
    let tags: BTreeSet<String> = of_cluster.map(|op| op.json["tags"].to_string()).collect();
    assert!(tags.contains(r#"["of-cluster"]"#), "{tags:?}");
    assert!(tags.contains(r#"["no spaces"]"#), "{tags:?}");
}

#[test]
fn a_unit_of_another_crate_gets_opcodes_without_a_line() {
    let ops: Vec<String> = drawn(&BRINGING[0], 4).iter().map(|op| op.json.to_string()).collect();
    expect![[r#"
        {"OP_ID":"OP_BRING","instance_name":"web1","treat":"cake","pieces":0}
        {"OP_ID":"OP_BRING","instance_name":"db1","treat":"pie"}
        {"OP_ID":"OP_BRING","instance_name":"node1.example.com","treat":"cake","debug_level":null,"depends":[]}
        {"OP_ID":"OP_BRING","instance_name":"WEB1.EXAMPLE.COM","treat":"cake","dry_run":false}"#]]
    .assert_eq(&ops.join("\n"));
}
