//! A difference on each channel, as it reads.

use expect_test::expect;
use serde_json::json;

use super::traces::{WEB1, group_is_evacuated, nodes_wait, tag_is_set, told, wait};

/// Leaves the calls of an evacuation uncompared: they are not in the trace.
const NO_CALLS: &str = r#"
    [[rule]]
    defect = "D82"
    lus = ["GroupEvacuate"]
    kind = "pardon"
    when = ["always"]
    channels = ["rpc"]
"#;

#[test]
fn outcome_by_class_and_code_but_not_words() {
    let mut trace = tag_is_set();
    trace["op"]["name"] = json!("nosuch");
    trace["events"].as_array_mut().unwrap().drain(1..4);
    trace["changes"] = json!([]);
    trace["outcome"] = json!({"error": "OpPrereqError", "code": "unknown_entity", "text": "whatever"});
    assert_eq!(told(&trace, ""), "TagsSet-own-1 (TagsSet): equal\n");
    trace["outcome"]["code"] = json!("wrong_state");
    let told = told(&trace, "");
    assert!(told.contains("differs in outcome"), "{told}");
    assert!(
        told.contains("OpPrereqError (wrong_state)                            | refused (unknown_entity): "),
        "{told}"
    );
}

#[test]
fn outcome_by_result() {
    let mut trace = tag_is_set();
    trace["outcome"] = json!({"result": {"tags": ["a", "b"]}});
    expect![[r#"
        TagsSet-own-1 (TagsSet): differs in outcome
          wanted                                                   | ours
          outcome: result
            {"tags":["a","b"]}                                     | null
    "#]]
    .assert_eq(&told(&trace, ""));
}

#[test]
fn locks_by_level_name_and_mode() {
    let mut trace = tag_is_set();
    trace["events"][1] = wait("instance/web1.example.com", "shared");
    trace["events"].as_array_mut().unwrap().insert(2, wait("node/[lockset]", "shared"));
    expect![[r#"
        TagsSet-own-1 (TagsSet): differs in locks
          wanted                                                   | ours
          locks: asked for
            instance/web1.example.com shared, node/all shared      | instance/web1.example.com exclusive
          locks: held for the checks
            instance/web1.example.com shared, node/all shared      | instance/web1.example.com exclusive
    "#]]
    .assert_eq(&told(&trace, ""));
}

#[test]
fn locks_given_back_before_the_end() {
    let mut trace = tag_is_set();
    let release = json!({"call": "try", "locks": [["instance/web1.example.com", "release"]]});
    trace["events"].as_array_mut().unwrap().insert(3, release);
    expect![[r#"
        TagsSet-own-1 (TagsSet): differs in locks
          wanted                                                   | ours
          locks: given back
            instance/web1.example.com released                     | none more
    "#]]
    .assert_eq(&told(&trace, ""));
}

#[test]
fn a_lock_asked_for_twice_counts_once() {
    let mut trace = tag_is_set();
    let again = trace["events"][1].clone();
    trace["events"].as_array_mut().unwrap().insert(1, again);
    assert_eq!(told(&trace, ""), "TagsSet-own-1 (TagsSet): equal\n");
}

#[test]
fn rpc_by_procedure_nodes_arguments_and_timeout() {
    let mut trace = nodes_wait();
    trace["events"][2]["args"] = json!([{"seconds": 2}]);
    expect![[r#"
        TestDelay-own-1 (TestDelay): differs in rpc
          wanted                                                   | ours
          rpc: call 1 test_delay on node1.example.com: args[0]
            {"seconds":2}                                          | 2.0
    "#]]
    .assert_eq(&told(&trace, ""));

    let mut trace = nodes_wait();
    trace["events"][2]["timeout"] = json!(900);
    expect![[r#"
        TestDelay-own-1 (TestDelay): differs in rpc
          wanted                                                   | ours
          rpc: call 1 test_delay: timeout
            900 s                                                  | 7 s
    "#]]
    .assert_eq(&told(&trace, ""));

    let mut trace = nodes_wait();
    trace["op"]["on_nodes"] = json!(["node1"]);
    expect![[r#"
        TestDelay-own-1 (TestDelay): differs in rpc
          wanted                                                   | ours
          rpc: call 1
            test_delay on node1.example.com, node2.example.com     | test_delay on node1.example.com
    "#]]
    .assert_eq(&told(&trace, ""));
}

#[test]
fn rpc_by_its_end() {
    let mut trace = nodes_wait();
    let again = trace["events"][2].clone();
    trace["events"].as_array_mut().unwrap().insert(2, again);
    expect![[r#"
        TestDelay-own-1 (TestDelay): differs in rpc
          wanted                                                   | ours
          rpc: call 2
            test_delay on node1.example.com, node2.example.com     | no further call
    "#]]
    .assert_eq(&told(&trace, ""));
}

#[test]
fn arguments_may_differ_from_node_to_node() {
    let mut trace = nodes_wait();
    let call = trace["events"][2].as_object_mut().unwrap();
    call.remove("args");
    call.insert("args_per_node".to_owned(), json!({(super::traces::NODE1): [2], (super::traces::NODE2): [4]}));
    expect![[r#"
        TestDelay-own-1 (TestDelay): differs in rpc
          wanted                                                   | ours
          rpc: call 1 test_delay on node2.example.com: args[0]
            4                                                      | 2.0
    "#]]
    .assert_eq(&told(&trace, ""));
}

#[test]
fn allocator_by_its_document() {
    let told = told(&group_is_evacuated(), NO_CALLS);
    assert!(told.starts_with("GroupEvacuate-own-1 (GroupEvacuate): differs in allocator\n"), "{told}");
    assert!(told.contains("allocator: document 1.version\n    3                     "), "{told}");
}

#[test]
fn jobs_by_their_opcodes_without_regard_to_defaults() {
    let rules = NO_CALLS.replace("[\"rpc\"]", "[\"rpc\", \"allocator\"]");
    let mut trace = group_is_evacuated();
    let told_first = told(&trace, &rules);
    assert!(told_first.contains("jobs: jobs[0][0].instance_name"), "{told_first}");
    let last = trace["events"].as_array().unwrap().len() - 2;
    trace["events"][last]["jobs"][0][0] = json!({
        "OP_ID": "OP_INSTANCE_MIGRATE", "instance_name": "web1.example.com", "comment": "Submitted by OP_GROUP_EVACUATE",
    });
    assert_eq!(told(&trace, &rules), "GroupEvacuate-own-1 (GroupEvacuate): pardoned (D82)\n");
}

#[test]
fn changes_by_path() {
    let mut trace = tag_is_set();
    trace["changes"][2]["after"] = json!(["rack:2"]);
    trace["changes"]
        .as_array_mut()
        .unwrap()
        .push(json!({"path": ["instances", WEB1, "nics", 0, "mac"], "before": "a"}));
    expect![[r#"
        TagsSet-own-1 (TagsSet): differs in changes
          wanted                                                   | ours
          changes: instances.web1.example.com.nics.0.mac
            "a" -> nothing                                         | unchanged
          changes: instances.web1.example.com.tags
            [] -> ["rack:2"]                                       | [] -> ["rack:1"]
    "#]]
    .assert_eq(&told(&trace, ""));
}
