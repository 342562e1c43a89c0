//! `lu list`: all opcodes, and one with its parameters.

use std::io;

use cmdlib::unit::Unit;
use expect_test::expect;
use serde_json::Value;
use testlib::cli::{Streams, run};

use super::Desk;

/// The units of some other crate: one of them.
const OTHERS: &[Unit] = &[cmdlib::lu::UNITS[0]];

fn with_one_unit<const N: usize>(arguments: [&str; N]) -> String {
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

#[test]
fn an_opcode_is_shown_with_its_parameters() {
    expect![[r#"
        OP_TAGS_SET, logical unit TagsSet, stands: yes
        parameter    default        takes
        kind         must be given  cluster|instance|network|node|nodegroup
        tags         must be given  [text]
        name         null           text|null
        dry_run      false          bool|null
        debug_level  0              0..|null
        priority     0              -10|0|10
        depends      null           [(integer or job id in digits, [canceled|error|success])]|null
        comment      null           text|null
        reason       []             [any]|null
        returns null
    "#]]
    .assert_eq(&Desk::new().lu(["list", "OP_TAGS_SET"]).out(0));
}

#[test]
fn it_may_be_named_like_its_unit_and_need_not_stand() {
    let out = with_one_unit(["list", "GroupRemove"]);
    assert_eq!(out.lines().next().unwrap(), "OP_GROUP_REMOVE, logical unit GroupRemove, stands: not yet");
}

#[test]
fn parameters_are_printed_as_json_too() {
    let told: Value = serde_json::from_str(&with_one_unit(["list", "--json", "GroupRemove"])).unwrap();
    expect![[r#"{"name":"group_name","takes":"non-empty text","required":true}"#]]
        .assert_eq(&told["parameters"][0].to_string());
    expect![[r#"{"name":"dry_run","takes":"bool|null","required":false,"default":false}"#]]
        .assert_eq(&told["parameters"][1].to_string());
    assert_eq!((&told["opcode"], &told["returns"]), (&"OP_GROUP_REMOVE".into(), &"null".into()));
}

#[test]
fn an_opcode_of_another_crate_is_shown_too() {
    let unit = Unit { op_id: "OP_PET_FEED", name: "Feeding", ..cmdlib::lu::UNITS[0] };
    let mut out = Vec::new();
    let mut streams = Streams { input: &mut io::empty(), out: &mut out, err: &mut io::sink(), watched: false };
    assert_eq!(run(Vec::leak(vec![unit]) as &'static [Unit], ["lu", "list", "feed"], &mut streams), 2);
    assert_eq!(run(Vec::leak(vec![unit]) as &'static [Unit], ["lu", "list", "PetFeed"], &mut streams), 0);
    assert!(String::from_utf8(out).unwrap().starts_with("OP_PET_FEED, logical unit Feeding, stands: yes\n"));
}

#[test]
fn a_name_that_no_opcode_has_is_refused_with_the_nearest() {
    let refused = Desk::new().lu(["list", "TagSet"]);
    expect![[r#"
        error: there is no opcode 'TagSet'; did you mean OP_TAGS_SET?
          where     the argument
          do        see `lu list` for those that can be read
    "#]]
    .assert_eq(&refused.err);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
}

#[test]
fn what_must_not_show_is_marked_as_a_secret() {
    let out = Desk::new().lu(["list", "InstanceCreate"]).out(0);
    let line = out.lines().find(|line| line.starts_with("osparams_secret ")).unwrap();
    assert_eq!(
        line.split_whitespace().collect::<Vec<_>>(),
        ["osparams_secret", "null", "secret", "{text:", "any}|null"]
    );
}
