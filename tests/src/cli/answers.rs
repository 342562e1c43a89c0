//! `--answers`: nodes and allocators that answer as a report says.

use expect_test::expect;
use serde_json::json;

use super::{Desk, cluster};

const START: &str = r#"{"OP_ID": "OP_INSTANCE_STARTUP", "instance_name": "web1"}"#;
const EVACUATE: &str = r#"{"OP_ID": "OP_GROUP_EVACUATE", "group_name": "default", "iallocator": "hail"}"#;

fn tried(answers: &str) -> super::Ran {
    let desk = Desk::with_cluster();
    desk.file("answers", answers);
    desk.lu(["try", "--config", "@config.data", "--opcode", START, "--answers", "@answers"])
}

#[track_caller]
fn ended(answers: &str, code: u8) -> String {
    let out = tried(answers).out(code);
    out.split_once("outcome\n").unwrap().1.trim().to_owned()
}

#[test]
fn a_node_that_says_no() {
    expect!["failed: cannot start instance 'web1': node node1, call instance_start: no kernel"]
        .assert_eq(&ended(r#"{"call": "instance_start", "node": "node1", "fail": "no kernel"}"#, 1));
}

#[test]
fn a_node_without_usable_answer_and_one_that_is_not_called() {
    expect!["refused (environment_error): cannot look at the memory of node node1: node node1, call node_info: no answer: connection timed out"].assert_eq(&ended(r#"{"call": "node_info", "failed": "connection timed out"}"#, 1));
    expect!["refused (environment_error): cannot look at the memory of node node1: node node1, call node_info: the node is marked offline"].assert_eq(&ended(r#"{"call": "node_info", "offline": true}"#, 1));
}

#[test]
fn a_payload_of_any_form() {
    expect![[r#"refused (environment_error): cannot look at the memory of node node1: node node1, call node_info: malformed answer: expected a list of 3, got ["malformed"]"#]].assert_eq(&ended(r#"{"call": "node_info", "ok": ["malformed"]}"#, 1));
}

#[test]
fn answers_are_given_in_their_order_and_then_nodes_are_healthy() {
    let no = r#"{"call": "blockdev_assemble", "node": "node2", "fail": "no device"}"#;
    // Told twice: by the journal, and by the outcome.
    let once = tried(no).out(1);
    assert_eq!(once.matches("no device").count(), 2, "{once}");
    let twice = r#"{"call": "blockdev_assemble", "node": "node1", "ok": "/dev/x"}
        {"call": "blockdev_assemble", "node": "node1", "fail": "the second time"}"#;
    assert!(ended(twice, 1).contains("disk"), "{}", ended(twice, 1));
}

#[test]
fn an_allocator_that_answers() {
    let desk = Desk::new();
    let mut config = cluster();
    config.group("rack-b");
    config.node("node3").group("rack-b");
    desk.json("config.data", &config.snapshot().write());
    let reply = json!({"success": true, "info": "", "result": [[["web1.example.com", "rack-b", ["node3.example.com"]]], [],
        [[{"OP_ID": "OP_INSTANCE_MIGRATE", "instance_name": "web1.example.com"}]]]});
    desk.file("answers", json!({"call": "iallocator_runner", "ok": reply}).to_string());
    desk.lu(["try", "--config", "@config.data", "--opcode", EVACUATE, "--answers", "@answers"]).is(
        0,
        expect![[r#"
            OP_GROUP_EVACUATE group_name="default" iallocator="hail"
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    instance/web1 shared
              3 locks      lock    nodegroup/(all) shared
              4 locks      lock    node/node1 shared, node/node2 shared, node/node3 shared
              5 locks      start   all locks are held
              6 pre hooks  hooks   group-evacuate pre
              7 pre hooks  call    hooks_runner() @node1, @node2
              8 exec       call    node_info() @node1, @node2, @node3
              9 exec       call    all_instances_info() @node1, @node2, @node3
             10 exec       ask     change-group of web1 to rack-b
             11 exec       call    iallocator_runner() @node1
             12 exec       log     info: instances to be moved: web1 (to rack-b)
             13 exec       log     info: allocator 'hail' proposes 1 jobs to evacuate node group 'default'
             14 exec       job     OP_INSTANCE_MIGRATE(web1)
             15 post hooks hooks   group-evacuate post
             16 post hooks call    hooks_runner() @node1, @node2
            would change (nothing is written)
              nothing
            outcome
              success: {"jobs":[[true,1001]]}
        "#]],
        expect![""],
    );
}

#[test]
fn an_answer_that_nobody_asked_for_is_told() {
    let ran = tried(r#"{"call": "lv_list", "node": "node2", "fail": "no"}"#);
    assert_eq!(ran.code, 0);
    expect![[r#"
        warning: nobody asked for this answer: line 1: lv_list @node2.example.com
    "#]]
    .assert_eq(&ran.err);
}

#[test]
fn answers_are_used_up_over_all_opcodes_of_a_job() {
    let desk = Desk::with_cluster();
    let stop = json!({"OP_ID": "OP_INSTANCE_SHUTDOWN", "instance_name": "web1"});
    let start = serde_json::from_str::<serde_json::Value>(START).unwrap();
    desk.json("job", &json!({"ops": [{"input": start}, {"input": stop}, {"input": start}]}));
    desk.file("answers", r#"{"call": "instance_info", "node": "node1", "ok": {}, "times": 2}"#);
    let ran = desk.lu(["try", "--config", "@config.data", "--job", "@job", "--answers", "@answers"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn answers_that_are_none() {
    let said: String = [
        "not json",
        "[]",
        r#"{"node": "node1", "fail": "no"}"#,
        r#"{"call": 3, "fail": "no"}"#,
        r#"{"call": "instance_strat", "fail": "no"}"#,
        r#"{"call": "instance_start", "node": "node3", "fail": "no"}"#,
        r#"{"call": "instance_start"}"#,
        r#"{"call": "instance_start", "fail": "no", "ok": null}"#,
        r#"{"call": "instance_start", "offline": "yes"}"#,
        r#"{"call": "instance_start", "fail": "no", "times": 0}"#,
        r#"{"call": "instance_start", "fails": "no"}"#,
    ]
    .into_iter()
    .map(|line| {
        let ran = tried(&format!("\n{line}\n"));
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        ran.err.lines().take(2).map(|line| format!("{line}\n")).collect::<String>()
    })
    .collect();
    expect![[r#"
        error: not JSON: expected ident at line 1 column 2
          where     ../answers, line 2
        error: not an answer, but a list
          where     ../answers, line 2
        error: the answer has no `call`
          where     ../answers, line 2
        error: `call` is a number, not a text
          where     ../answers, line 2
        error: there is no call 'instance_strat'; did you mean 'instance_start'?
          where     ../answers, line 2
        error: there is no node 'node3' (there are: node1.example.com, node2.example.com)
          where     ../answers, line 2
        error: the answer has none of ok, fail, failed, offline
          where     ../answers, line 2
        error: the answer has more than one of ok, fail, failed, offline: ok, fail
          where     ../answers, line 2
        error: `offline` is not true
          where     ../answers, line 2
        error: `times` is not a number from 1 on
          where     ../answers, line 2
        error: an answer has no `fails`; did you mean 'fail'?
          where     ../answers, line 2
    "#]]
    .assert_eq(&said);
    let desk = Desk::with_cluster();
    desk.lu(["try", "--config", "@config.data", "--opcode", START, "--answers", "@none"]).unusable(expect![[r#"
        error: the answers can't be read: No such file or directory (os error 2)
          where     ../none
          expected  answers, one a line: {"call": "instance_start", "node": "node1", "fail": "no kernel"}
    "#]]);
}

#[test]
fn secrets_in_answers_are_not_shown() {
    let answers = r#"{"call": "instance_start", "fail": "the password is hunter22"}
        {"call": "instance_info", "node": "node2", "ok": {"password_secret": "hunter22"}}"#;
    let ran = tried(answers);
    assert!(!format!("{}{}", ran.out, ran.err).contains("hunter22"), "{}", ran.out);
}
