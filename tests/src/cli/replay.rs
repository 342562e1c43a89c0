//! `lu replay` on tiny traces of our own.

use std::ffi::OsString;

use expect_test::expect;
use serde_json::{Value, json};

use super::{Desk, cluster, lu};

/// A trace of reading the cluster's tags, which are none.
fn trace(id: &str, result: &Value) -> Value {
    json!({
        "id": id, "origin": "gen", "lu": "TagsGet", "op": {"OP_ID": "OP_TAGS_GET", "kind": "cluster"}, "config": "c1",
        "mode": "blocking", "now": 1_700_000_000.25, "changes": [], "outcome": {"result": result},
        "events": [
            {"call": "wait", "granted": true, "locks": [["cluster/BGL", "shared"]]},
            {"start": true},
            {"call": "free_level", "level": "cluster", "locks": [["cluster/BGL", "release"]]},
        ],
    })
}

fn lines(traces: &[Value]) -> String {
    traces.iter().map(|trace| format!("{trace}\n")).collect()
}

/// A desk with two traces that hold, one that does not, and one of a unit that nobody has.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.json("configs.jsonl", &json!({"id": "c1", "config": cluster().snapshot().write()}));
    desk.file("values.jsonl", "");
    desk.file("Good.jsonl", lines(&[trace("good-1", &json!([])), trace("good-2", &json!([]))]));
    desk.file("Wrong.jsonl", lines(&[trace("wrong-1", &json!(["blue"]))]));
    let mut foreign = trace("foreign-1", &json!(null));
    foreign["lu"] = "CoffeeBrew".into();
    desk.file("Foreign.jsonl", lines(&[foreign]));
    desk
}

#[test]
fn a_folder() {
    desk().lu(["replay", "@"]).is(
        1,
        expect![[r#"
        logical unit   total  equal corrected pardoned crash_ok crash_bad    held  differs in
        TagsGet            3      2         0        0        0         0   66.7%  outcome 1
        66.7% of 3 traces held
        no logical unit for: CoffeeBrew
    "#]],
        expect![[r#"
        not held: fewer than 100 %
    "#]],
    );
}

#[test]
fn files_and_what_is_shared_beside_them() {
    let ran = desk().lu(["replay", "@Good.jsonl", "@configs.jsonl", "@values.jsonl"]);
    ran.is(
        0,
        expect![[r#"
        logical unit   total  equal corrected pardoned crash_ok crash_bad    held  differs in
        TagsGet            2      2         0        0        0         0  100.0%
        100.0% of 2 traces held
    "#]],
        expect![""],
    );
}

#[test]
fn json_is_the_counts_and_nothing_else() {
    desk().lu(["replay", "--json", "--show", "5", "@"]).is(1, expect![[r#"
        {"lus":{"TagsGet":{"total":3,"equal":2,"corrected":0,"pardoned":0,"crash_ok":0,"crash_bad":0,"differs":{"outcome":1}}},"unknown_lus":["CoffeeBrew"]}
    "#]], expect![[r#"
        wrong-1 (TagsGet): differs in outcome
          wanted                                                   | ours
          outcome: result
            ["blue"]                                               | []

    "#]]);
}

#[test]
fn differences_are_shown_side_by_side() {
    let desk = desk();
    desk.lu(["replay", "--show", "1", "@Wrong.jsonl"]).is(
        1,
        expect![[r#"
        wrong-1 (TagsGet): differs in outcome
          wanted                                                   | ours
          outcome: result
            ["blue"]                                               | []

        logical unit   total  equal corrected pardoned crash_ok crash_bad    held  differs in
        TagsGet            1      0         0        0        0         0    0.0%  outcome 1
        0.0% of 1 traces held
    "#]],
        expect![[r#"
        not held: fewer than 100 %
    "#]],
    );
    assert_eq!(
        desk.lu(["replay", "@Wrong.jsonl"]).out.lines().next().unwrap().split_whitespace().next(),
        Some("logical")
    );
}

#[test]
fn a_part_may_be_enough() {
    let desk = desk();
    for (percent, code) in [("66", 0), ("66.6%", 0), ("67", 1), ("0", 0)] {
        assert_eq!(desk.lu(["replay", "--at-least", percent, "@"]).code, code, "{percent}");
    }
    desk.lu(["replay", "--at-least", "110", "@"]).unusable(expect![[r#"
        error: invalid value '110' for '--at-least <PERCENT>': expected a number from 0 to 100

        For more information, try '--help'.
    "#]]);
    assert_eq!(desk.lu(["replay", "--at-least", "nan", "@"]).code, 2);
}

#[test]
fn a_file_counts_once() {
    let desk = desk();
    let out = desk.lu(["replay", "@Good.jsonl", "@Good.jsonl", "@"]).out;
    assert!(out.contains("of 3 traces held"), "{out}");
}

#[test]
fn traces_that_nobody_can_run_do_not_hold() {
    desk().lu(["replay", "@Foreign.jsonl"]).is(
        1,
        expect![[r#"
            no logical unit for: CoffeeBrew
        "#]],
        expect![[r#"
        not held: no trace could be run, since none of their logical units stands
    "#]],
    );
}

#[test]
fn rules_of_ones_own() {
    let desk = desk();
    let rule = "[[defect]]\nid = \"N01\"\nwhat = \"w\"\nright = \"r\"\n[[rule]]\ndefect = \"N01\"\nlus = [\"TagsGet\"]\n\
                kind = \"pardon\"\nwhen = [\"always\"]\nchannels = [\"outcome\"]\n";
    desk.file("rules.toml", rule);
    let out = desk.lu(["replay", "--json", "--rules", "@rules.toml", "@"]).out;
    let counts: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&counts["lus"]["TagsGet"]["pardoned"], &counts["lus"]["TagsGet"]["equal"]), (&json!(1), &json!(2)));

    desk.file("rules.toml", "[[rule]]\n");
    desk.lu(["replay", "--rules", "@rules.toml", "@"]).unusable(expect![[r#"
        error: the rules can't be used: TOML parse error at line 1, column 1
            |
          1 | [[rule]]
            | ^^^^^^^^
          missing field `defect`
          where     ../rules.toml
          expected  a TOML of rules: [[rule]] with defect, lus, kind, when, and shows or channels
          do        correct it, or leave `--rules` out: the project's own rules are the default
    "#]]);
    desk.lu(["replay", "--rules", "@nowhere.toml", "@"]).unusable(expect![[r#"
        error: the rules can't be read: No such file or directory (os error 2)
          where     ../nowhere.toml
          expected  a TOML of rules: [[rule]] with defect, lus, kind, when, and shows or channels
          do        correct it, or leave `--rules` out: the project's own rules are the default
    "#]]);
}

#[test]
fn traces_that_can_not_be_read() {
    let desk = desk();
    desk.lu(["replay", "@nowhere"]).unusable(expect![[r#"
        error: the traces can't be read: ../nowhere: there is no such file or folder
          expected  files of traces, one a line, with configs.jsonl and values.jsonl beside them; or folders of such
    "#]]);
    desk.lu(["replay", "@configs.jsonl"]).unusable(expect![[r#"
        error: there is no trace
          where     ../configs.jsonl
          expected  files of traces, one a line, with configs.jsonl and values.jsonl beside them; or folders of such
    "#]]);
    desk.file("Empty.jsonl", "\n");
    desk.lu(["replay", "@Empty.jsonl"]).unusable(expect![[r#"
        error: there is no trace
          where     ../Empty.jsonl
          expected  files of traces, one a line, with configs.jsonl and values.jsonl beside them; or folders of such
    "#]]);
    let whole = trace("cut-1", &json!([])).to_string();
    desk.file("Cut.jsonl", format!("{whole}\n{}", &whole[..50]));
    desk.lu(["replay", "@Cut.jsonl"]).unusable(expect![[r#"
        error: the traces can't be read: ../Cut.jsonl:2: not JSON: EOF while parsing an object at line 1 column 50
          expected  files of traces, one a line, with configs.jsonl and values.jsonl beside them; or folders of such
    "#]]);
    std::fs::create_dir(desk.path("empty")).unwrap();
    desk.lu(["replay", "@empty"]).unusable(expect![[r#"
        error: the traces can't be read: ../empty: there are no traces (files *.jsonl) in this folder
          expected  files of traces, one a line, with configs.jsonl and values.jsonl beside them; or folders of such
    "#]]);
    std::fs::remove_file(desk.path("configs.jsonl")).unwrap();
    desk.lu(["replay", "@Good.jsonl"]).unusable(expect![[r#"
        error: the traces can't be read: ../configs.jsonl: No such file or directory (os error 2)
          expected  files of traces, one a line, with configs.jsonl and values.jsonl beside them; or folders of such
    "#]]);
    desk.lu(["replay"]).unusable(expect![[r#"
        error: the following required arguments were not provided:
          <PATH>...

        Usage: lu replay <PATH>...

        For more information, try '--help'.
    "#]]);
}

#[test]
fn who_watches_sees_how_far_it_is() {
    let desk = desk();
    let arguments = ["lu", "replay"].map(OsString::from).into_iter().chain([desk.path("Good.jsonl").into_os_string()]);
    let ran = lu(b"", arguments.collect(), true);
    assert!(ran.err.starts_with("\r\u{1b}[K   0 s  Good.jsonl (1 of 1)  1 traces, 0 differ"), "{:?}", ran.err);
    assert!(ran.err.ends_with("differ\r\u{1b}[K"), "the line is taken away: {:?}", ran.err);
}
