//! What a run tells the matrix of `coverage api`: a process of its own runs tests with the recording on, since the variable
//! that turns it on is the process's.

use std::path::Path;
use std::process::Command;

use cmdlib::op::{self, TagKind};
use expect_test::expect;
use serde_json::Value;
use testlib::{LuTest, failure_of};

fn tag(tags: &[&str]) -> op::TagsSet {
    op::TagsSet::new(TagKind::Cluster, tags.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
}

/// Runs tests of this crate, with the recording into this file.
fn tests(words: &[&str], file: &Path) -> (bool, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command
        .args(words)
        .env("LU_RUNS", file)
        .env_remove("LU_REPLAY_RUNS")
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn lines(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The runs that the test below reads about.
#[test]
fn a_test_with_runs_of_all_kinds() {
    let mut t = LuTest::three_nodes_five_instances();
    t.set_up(tag(&["rack:1"]));
    t.run(op::TagsGet::new(TagKind::Cluster)).returned(serde_json::json!(["rack:1"]));
    t.real_locks();
    t.run(op::GroupVerifyDisks::new("no-such-group")).refused(cmdlib::error::Code::UnknownEntity, "no-such-group");
    let failed = failure_of(|| drop(LuTest::new().run(tag(&["a"])).failed("it does not fail")));
    assert!(failed.message.contains("wanted failed"), "{}", failed.message);
}

#[test]
fn each_judged_run_is_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("runs.jsonl");
    let (passed, out) = tests(&["--exact", "bench::recording::a_test_with_runs_of_all_kinds"], &file);
    assert!(passed, "{out}");
    expect![[r#"
        {"test":"bench::recording::a_test_with_runs_of_all_kinds","call":"OP_TAGS_SET","via":"bench","ok":true,"in":"set-up","ended":"success"}
        {"test":"bench::recording::a_test_with_runs_of_all_kinds","call":"OP_TAGS_GET","via":"bench","ok":true,"in":"body","ended":"success"}
        {"test":"bench::recording::a_test_with_runs_of_all_kinds","call":"OP_GROUP_VERIFY_DISKS","via":"processor","ok":true,"in":"body","ended":"refused (unknown_entity)"}
        {"test":"bench::recording::a_test_with_runs_of_all_kinds","call":"OP_TAGS_SET","via":"bench","ok":false,"in":"body","ended":"success"}
    "#]].assert_eq(&std::fs::read_to_string(&file).unwrap());
}

#[test]
fn a_submitted_opcode_is_implied() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("runs.jsonl");
    let (passed, out) = tests(&["lu::group::evacuate::jobs"], &file);
    assert!(passed, "{out}");
    let implied = lines(&file).into_iter().filter(|line| line["via"] == "implied").collect::<Vec<_>>();
    assert!(
        implied.iter().any(|line| line["call"] == "OP_INSTANCE_MIGRATE" && line["ended"] == "submitted"),
        "{implied:?}"
    );
}

#[test]
fn a_replayed_run_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("runs.jsonl");
    let (passed, out) = tests(&["replay::recorded"], &file);
    assert!(passed, "{out}");
    assert!(lines(&file).iter().any(|line| line["via"] == "replay" && line["ok"] == true), "{out}");
}

#[test]
fn lines_of_tests_that_run_at_the_same_time_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("runs.jsonl");
    let children: Vec<_> = (0..3)
        .map(|_| {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command
                .args(["lu::tags", "--test-threads", "4", "--quiet"])
                .env("LU_RUNS", &file)
                .stdout(std::process::Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    children.into_iter().for_each(|mut child| assert!(child.wait().unwrap().success()));
    let lines = lines(&file);
    assert!(!lines.is_empty() && lines.len().is_multiple_of(3), "{} lines of three equal processes", lines.len());
    assert!(lines.iter().all(|line| line["test"].as_str().is_some_and(|test| test.starts_with("lu::tags::"))));
}

#[test]
fn a_recording_that_can_not_be_written_fails_the_test() {
    for (file, why) in [("runs.jsonl", "is no absolute path"), ("/no/such/folder/runs.jsonl", "can't be appended to")] {
        let (passed, out) = tests(&["--exact", "bench::recording::a_test_with_runs_of_all_kinds"], Path::new(file));
        assert!(!passed && out.contains(why), "{out}");
    }
}
