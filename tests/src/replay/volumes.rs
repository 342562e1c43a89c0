//! Disks of a group: what the rules say of nodes that tell nothing, and of how they are named.

use serde_json::{Value, json};
use testlib::replay::{Rules, Verdict};
use testlib::{GiB, MockConfig};

use super::traces::{NODE1, NODE2, NODE3, assert_corrected, assert_differs, call, judged, trace, wait};

/// Three nodes, with an instance on each of the first two.
fn config() -> Value {
    let mut config = MockConfig::new();
    config.node("node2");
    config.node("node3");
    config.instance("db1").on("node1").plain(GiB(1)).up();
    config.instance("db2").on("node2").plain(GiB(1)).up();
    config.snapshot().write()
}

/// Returns the volume of an instance.
fn volume(config: &Value, instance: &str) -> String {
    let has_name = |it: &&Value| it["name"] == format!("{instance}.example.com");
    let instance = config["instances"].as_object().unwrap().values().find(has_name).unwrap();
    let id = &config["disks"][instance["disks"][0].as_str().unwrap()]["logical_id"];
    format!("{}/{}", id[0].as_str().unwrap(), id[1].as_str().unwrap())
}

/// The disks of the group `default` are looked for; this is what the first two nodes answer, and how it ends.
fn verified(of_node1: &Value, of_node2: &Value, result: &Value) -> Value {
    let config = config();
    let group = config["nodes"][NODE1]["group"].as_str().unwrap();
    let answers = [(NODE1, 1, of_node1.clone()), (NODE2, 2, of_node2.clone()), (NODE3, 3, json!({"ok": {}}))];
    let events = [
        wait("instance/db1.example.com", "shared"),
        wait("instance/db2.example.com", "shared"),
        wait(&format!("nodegroup/{group}"), "shared"),
        wait(&format!("node/{NODE1}"), "shared"),
        wait(&format!("node/{NODE2}"), "shared"),
        wait(&format!("node/{NODE3}"), "shared"),
        json!({"start": true}),
        call("lv_list", &json!([[]]), &answers, 60),
    ];
    let op = json!({"OP_ID": "OP_GROUP_VERIFY_DISKS", "group_name": "default", "is_strict": true});
    let mut trace = trace("GroupVerifyDisks", &op, &events, &json!({"result": result}));
    trace["config"] = config;
    trace
}

/// A node answers that it has the volume of an instance.
fn has(instance: &str) -> Value {
    json!({"ok": {volume(&config(), instance): ["1024.00", false, true]}})
}

fn missing(instance: &str, node: &str) -> Value {
    json!({format!("{instance}.example.com"): [[node, volume(&config(), instance)]]})
}

#[test]
fn where_all_is_there_no_rule_is_needed() {
    let trace = verified(&has("db1"), &has("db2"), &json!([{}, [], {}]));
    assert_eq!(judged(&trace, &Rules::own()), Verdict::Equal);
}

#[test]
fn nodes_are_told_by_name() {
    let mut trace = verified(&has("db1"), &json!({"ok": {}}), &json!([{}, [], missing("db2", NODE2)]));
    assert_corrected(&trace, &["D90"]);
    trace["outcome"]["result"][2] = missing("db1", NODE2);
    assert_differs(&trace);
}

#[test]
fn nothing_is_missing_on_a_node_that_fails() {
    let errors = json!({NODE2: "boom"});
    let mut trace = verified(&has("db1"), &json!({"fail": "boom"}), &json!([errors, [], missing("db2", NODE2)]));
    assert_corrected(&trace, &["D87", "D90"]);
    trace["outcome"]["result"][0] = json!({});
    assert_differs(&trace);
}

#[test]
fn to_be_offline_is_no_error() {
    let errors = json!({NODE2: "Node is marked offline"});
    let mut trace = verified(&has("db1"), &json!({"offline": true}), &json!([errors, [], missing("db2", NODE2)]));
    let node2 = &mut trace["config"]["nodes"][NODE2];
    node2["offline"] = json!(true);
    node2["master_candidate"] = json!(false);
    let call = trace["events"].as_array().unwrap().len() - 2;
    trace["events"][call]["nodes"][1][2] = json!(false);
    assert_corrected(&trace, &["D88", "D87"]);
}

#[test]
fn a_result_of_another_form_is_left_alone() {
    assert_differs(&verified(&has("db1"), &has("db2"), &json!([{}, []])));
    assert_differs(&verified(&has("db1"), &has("db2"), &json!(null)));
}
