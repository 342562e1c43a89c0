//! `lu record`: what `try` runs, as a trace or as a test.

use std::path::Path;

use expect_test::{expect, expect_file};
use serde_json::{Value, json};
use testlib::{MockConfig, clusters};

use super::{Desk, cluster};

const START: &str = r#"{"OP_ID": "OP_INSTANCE_STARTUP", "instance_name": "web1"}"#;
const FAILS: &str = r#"{"call": "instance_start", "node": "node1", "fail": "no kernel"}"#;

fn five() -> MockConfig {
    clusters::three_nodes_five_instances()
}

fn desk_of(config: &MockConfig) -> Desk {
    let desk = Desk::new();
    desk.json("config.data", &config.snapshot().write());
    desk
}

#[test]
fn a_trace_is_replayed() {
    let desk = desk_of(&five());
    desk.file("answers", FAILS);
    let recorded = ["record", "--config", "@config.data", "--opcode", START, "--answers", "@answers", "--redact"];
    let line = desk.lu(recorded).out(0);
    assert_eq!(line.lines().count(), 1);
    let trace: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(trace["outcome"]["error"], "OpExecError");
    testlib::replay::trace(line.trim());
}

#[test]
fn it_is_written_whole_to_a_file_that_replay_takes() {
    let desk = desk_of(&five());
    let record = ["record", "--config", "@config.data", "--opcode", START, "--redact", "--out", "@start.jsonl"];
    assert_eq!(desk.lu(record).out(0), "");
    let out = desk.lu(["replay", "@start.jsonl"]).out(0);
    assert!(out.contains("100"), "{out}");
    let mut names: Vec<_> =
        std::fs::read_dir(desk.path("")).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["config.data", "start.jsonl"]);
}

#[test]
fn a_job_is_a_trace_for_each_opcode_until_one_does_not_succeed() {
    let desk = desk_of(&five());
    let start = serde_json::from_str::<Value>(START).unwrap();
    let unknown = json!({"OP_ID": "OP_INSTANCE_STARTUP", "instance_name": "web9"});
    desk.json("job", &json!({"ops": [{"input": start}, {"input": unknown}, {"input": start}]}));
    let ran = desk.lu(["record", "--config", "@config.data", "--job", "@job", "--redact"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 2));
    expect![[r#"
        warning: 1 more not run, since OP_INSTANCE_STARTUP did not succeed
    "#]]
    .assert_eq(&ran.err);
    ran.out.lines().for_each(testlib::replay::trace);
}

#[test]
fn whoever_records_secrets_is_warned() {
    let desk = desk_of(&five());
    let ran = desk.lu(["record", "--config", "@config.data", "--opcode", START]);
    assert!(ran.out.contains("drbd-secret-0001"));
    expect![[r#"
        warning: the record holds secrets: keep it to yourself, or give `--redact`
    "#]]
    .assert_eq(&ran.err);
}

#[test]
fn a_call_that_nobody_answers_is_not_recorded() {
    let desk = desk_of(&clusters::two_groups());
    let evacuate = r#"{"OP_ID": "OP_GROUP_EVACUATE", "group_name": "default", "iallocator": "hail"}"#;
    desk.lu(["record", "--config", "@config.data", "--opcode", evacuate]).unusable(expect![[r#"
        error: healthy nodes have no answer to iallocator_runner() @node1 in step 11
          where     this run
          expected  an answer to every call
          do        say what was answered with `--answers`; `lu try --help` tells how
    "#]]);
}

#[test]
fn an_output_that_is_the_input_or_nowhere() {
    let desk = Desk::with_cluster();
    let record =
        |out: &str| desk.lu(["record", "--config", "@config.data", "--opcode", START, "--redact", "--out", out]);
    let before = std::fs::read(desk.path("config.data")).unwrap();
    record("@config.data").unusable(expect![[r#"
        error: the record would be written over what is read
          where     --out ../config.data
          do        give another file
    "#]]);
    assert_eq!(std::fs::read(desk.path("config.data")).unwrap(), before);
    record("@no/where").unusable(expect![[r#"
        error: the record can't be written: No such file or directory (os error 2)
          where     ../no/where
          do        correct the path, or its permissions
    "#]]);
}

// -- as a test

/// Records a test and compares it with a file of `tests`, which is compiled there: `pub(super)` in place of `#[test]`, since
/// it must fail.
#[track_caller]
fn is_test(desk: &Desk, arguments: [&str; 4], file: &str) {
    let [opcode, json, answers, path] = arguments;
    let out = desk.path(&format!("{file}.rs"));
    let out = out.to_str().unwrap();
    let ran = desk.lu(["record", "--config", "@config.data", opcode, json, answers, path, "--test", "--out", out]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    let text = std::fs::read_to_string(out).unwrap().replace("#[test]\nfn ", "pub(super) fn ");
    let at = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/recorded");
    expect_file![at.join(format!("{file}.rs"))].assert_eq(&text);
    let beside = desk.path(&format!("{file}.json"));
    if beside.exists() {
        expect_file![at.join(format!("{file}.json"))].assert_eq(&std::fs::read_to_string(beside).unwrap());
    }
}

#[path = "recorded/built.rs"]
#[rustfmt::skip]
#[expect(unused_must_use, reason = "they have no verdict")]
mod built;
#[path = "recorded/ready_made.rs"]
#[rustfmt::skip]
#[expect(unused_must_use, reason = "they have no verdict")]
mod ready_made;
#[path = "recorded/read.rs"]
#[rustfmt::skip]
#[expect(unused_must_use, reason = "they have no verdict")]
mod read;
#[path = "recorded/allocated.rs"]
#[rustfmt::skip]
#[expect(unused_must_use, reason = "they have no verdict")]
mod allocated;

/// A recorded test fails until it has a verdict.
#[track_caller]
fn is_not_judged(test: fn()) {
    let failed = testlib::failure_of(test);
    assert!(failed.message.contains("was never judged"), "{}", failed.message);
}

#[test]
fn a_test_on_a_ready_made_cluster() {
    let desk = desk_of(&five());
    desk.file("answers", "");
    let op =
        r#"{"OP_ID": "OP_INSTANCE_STARTUP", "instance_name": "web1", "force": true, "dry_run": true, "reason": []}"#;
    is_test(&desk, ["--opcode", op, "--answers", "@answers"], "ready_made");
    is_not_judged(ready_made::instance_startup_of_web1);
}

#[test]
fn a_test_with_builders_and_a_script() {
    let mut config = cluster();
    config.node("node3").offline().tag("old");
    config.instance("db1").on("node2").plain(testlib::MiB(512)).up();
    let desk = desk_of(&config);
    desk.file(
        "answers",
        r#"{"call": "blockdev_assemble", "node": "node2", "ok": "/dev/drbd7"}
           {"call": "instance_start", "node": "node1", "fail": "no kernel"}"#,
    );
    is_test(&desk, ["--opcode", START, "--answers", "@answers"], "built");
    is_not_judged(built::instance_startup_of_web1);
}

#[test]
fn a_test_on_a_cluster_that_builders_cannot_tell() {
    let mut config = MockConfig::new();
    config.cluster(|cluster| cluster.master_netdev = "eth7".to_owned());
    let desk = desk_of(&config);
    desk.file("answers", "");
    let op = r#"{"OP_ID": "OP_TAGS_SET", "kind": "cluster", "tags": ["blue"]}"#;
    is_test(&desk, ["--opcode", op, "--answers", "@answers"], "read");
    is_not_judged(read::tags_set);
    let record = ["record", "--config", "@config.data", "--opcode", op, "--test"];
    desk.lu(record).unusable(expect![[r#"
        error: builders can't tell this cluster, so that the test needs it as a file
          where     --test
          do        give `--out FILE`: the cluster is written beside it
    "#]]);
}

#[test]
fn a_test_with_an_allocator() {
    let desk = desk_of(&clusters::two_groups());
    let reply = json!({"success": true, "info": "", "result": [[], [["web1.example.com", "no room"]], []]});
    desk.file("answers", json!({"call": "iallocator_runner", "ok": reply}).to_string());
    let evacuate = r#"{"OP_ID": "OP_GROUP_EVACUATE", "group_name": "default", "iallocator": "hail"}"#;
    is_test(&desk, ["--opcode", evacuate, "--answers", "@answers"], "allocated");
    is_not_judged(allocated::group_evacuate_of_default);
}
