//! `lu list`.

use std::io;

use cmdlib::unit::Unit;
use expect_test::expect;
use serde_json::Value;
use testlib::cli::{Streams, run};

use super::Desk;

/// The units of some other crate: one of them.
const OTHERS: &[Unit] = &[cmdlib::lu::UNITS[0]];

fn with_one_unit(arguments: [&str; 2]) -> String {
    let mut out = Vec::new();
    let mut streams = Streams { input: &mut io::empty(), out: &mut out, err: &mut io::sink(), watched: false };
    assert_eq!(run(OTHERS, ["lu"].into_iter().chain(arguments), &mut streams), 0);
    String::from_utf8(out).unwrap()
}

#[test]
fn every_opcode_has_a_line() {
    let out = Desk::new().lu(["list"]).out(0);
    assert_eq!(out.lines().count(), cmdlib::op::Any::IDS.len() + 2);
    expect!["opcode                           logical unit               stands"]
        .assert_eq(out.lines().next().unwrap());
    for unit in cmdlib::lu::UNITS {
        let line = out.lines().find(|line| line.starts_with(&format!("{} ", unit.op_id))).unwrap();
        assert_eq!(line.split_whitespace().collect::<Vec<_>>(), [unit.op_id, unit.name, "yes"]);
    }
}

#[test]
fn what_does_not_stand_says_so() {
    let out = with_one_unit(["list", "--json"]);
    let list: Value = serde_json::from_str(&out).unwrap();
    let of =
        |id: &str| list["opcodes"].as_array().unwrap().iter().find(|line| line["opcode"] == id).unwrap().to_string();
    expect![[r#"{"opcode":"OP_TAGS_GET","lu":"TagsGet","stands":true}"#]].assert_eq(&of("OP_TAGS_GET"));
    expect![[r#"{"opcode":"OP_INSTANCE_STARTUP","lu":"InstanceStartup","stands":false}"#]]
        .assert_eq(&of("OP_INSTANCE_STARTUP"));
}

#[test]
fn units_of_other_crates_are_listed_behind() {
    let unit = Unit { op_id: "OP_PET_FEED", name: "Feeding", ..cmdlib::lu::UNITS[0] };
    let units: &'static [Unit] = Vec::leak(vec![unit]);
    let mut out = Vec::new();
    let mut streams = Streams { input: &mut io::empty(), out: &mut out, err: &mut io::sink(), watched: false };
    run(units, ["lu", "list"], &mut streams);
    let out = String::from_utf8(out).unwrap();
    let words: Vec<&str> = out.lines().rev().nth(1).unwrap().split_whitespace().collect();
    assert_eq!(words, ["OP_PET_FEED", "Feeding", "yes"]);
}
