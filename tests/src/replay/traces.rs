//! Traces made by hand: small runs on a ready-made cluster, changed by each test where it needs them to be.

use cmdlib::lu::UNITS;
use serde_json::{Value, json};
use testlib::replay::{Rules, Trace, Verdict, run, side_by_side};

/// The clock of all these runs.
pub(super) const NOW: f64 = 1_700_000_000.25;
pub(super) const WEB1: &str = "1a5a0000-0000-4000-8000-000000000001";
pub(super) const NODE1: &str = "a0de0000-0000-4000-8000-000000000001";
pub(super) const NODE2: &str = "a0de0000-0000-4000-8000-000000000002";
pub(super) const NODE3: &str = "a0de0000-0000-4000-8000-000000000003";
pub(super) const NODE4: &str = "a0de0000-0000-4000-8000-000000000004";

/// The configuration: two groups of two nodes, an instance in each, and one across.
pub(super) fn config() -> Value {
    testlib::clusters::two_groups().snapshot().write()
}

pub(super) fn wait(lock: &str, mode: &str) -> Value {
    json!({"locks": [[lock, mode]], "call": "wait", "granted": true})
}

/// A call to nodes that all get the same arguments: what each of them answers, by uuid and number.
pub(super) fn call(procedure: &str, args: &Value, answers: &[(&str, u8, Value)], timeout: u32) -> Value {
    let nodes: Vec<Value> =
        answers.iter().map(|(uuid, number, _)| json!([uuid, format!("node{number}.example.com"), true])).collect();
    let answers: serde_json::Map<String, Value> =
        answers.iter().map(|(uuid, _, answer)| ((*uuid).to_owned(), answer.clone())).collect();
    json!({"rpc": procedure, "nodes": nodes, "args": args, "answers": answers, "timeout": timeout})
}

/// Scripts that run before, on these nodes, without a word.
pub(super) fn scripts_before(
    path: &str,
    object: &str,
    op_id: &str,
    own: &[(&str, &str)],
    nodes: &[(&str, u8)],
) -> Value {
    let mut env = json!({
        "GANETI_CLUSTER": "cluster.example.com", "GANETI_DATA_DIR": "/var/lib/ganeti", "GANETI_HOOKS_PATH": path,
        "GANETI_HOOKS_PHASE": "pre", "GANETI_HOOKS_VERSION": "2", "GANETI_MASTER": "node1.example.com",
        "GANETI_OBJECT_TYPE": object, "GANETI_OP_CODE": op_id, "PATH": "/sbin:/bin:/usr/sbin:/usr/bin",
    });
    for (name, value) in own {
        env[format!("GANETI_{name}")] = json!(value);
    }
    let answers: Vec<(&str, u8, Value)> =
        nodes.iter().map(|(uuid, number)| (*uuid, *number, json!({"ok": []}))).collect();
    call("hooks_runner", &json!([path, "pre", env]), &answers, 900)
}

/// A run with these events between the cluster's lock and its release.
pub(super) fn trace(lu: &str, op: &Value, events: &[Value], outcome: &Value) -> Value {
    let all: Vec<Value> = [wait("cluster/BGL", "shared")]
        .into_iter()
        .chain(events.iter().cloned())
        .chain([json!({"call": "free_level", "level": "cluster", "locks": [["cluster/BGL", "release"]]})])
        .collect();
    json!({
        "id": format!("{lu}-own-1"), "origin": "own", "lu": lu, "op": op, "config": config(), "mode": "blocking",
        "now": NOW, "events": all, "outcome": outcome, "changes": [],
    })
}

/// `web1` gets a tag.
pub(super) fn tag_is_set() -> Value {
    let op = json!({"OP_ID": "OP_TAGS_SET", "kind": "instance", "name": "web1", "tags": ["rack:1"]});
    let events = [
        wait("instance/web1.example.com", "exclusive"),
        json!({"start": true}),
        json!({"wconfd": "UpdateInstance", "args": [WEB1]}),
    ];
    let mut trace = trace("TagsSet", &op, &events, &json!({"result": null}));
    let path = |key: &str| json!(["instances", WEB1, key]);
    trace["changes"] = json!([
        {"path": path("mtime"), "before": config()["instances"][WEB1]["mtime"], "after": NOW},
        {"path": path("serial_no"), "before": 1, "after": 2.0},
        {"path": path("tags"), "before": [], "after": ["rack:1"]},
    ]);
    trace
}

/// `web1` gets no tag at all, and yet is written.
pub(super) fn no_tag_is_set() -> Value {
    let mut trace = tag_is_set();
    trace["op"]["tags"] = json!([]);
    trace["changes"].as_array_mut().unwrap().pop();
    trace
}

/// `node2` and `node1` wait for two seconds.
pub(super) fn nodes_wait() -> Value {
    let op = json!({
        "OP_ID": "OP_TEST_DELAY", "duration": 2.0, "on_master": false, "on_nodes": ["node2", "node1"],
    });
    let events = [
        json!({"start": true}),
        json!({
            "rpc": "test_delay", "nodes": [[NODE2, "node2.example.com", true], [NODE1, "node1.example.com", true]],
            "args": [2], "answers": {(NODE2): {"ok": null}, (NODE1): {"ok": null}}, "timeout": 7,
        }),
    ];
    trace("TestDelay", &op, &events, &json!({"result": null}))
}

/// All instances of the group `default` move. Only the allocator's call is there: the other calls are for rules to pardon.
pub(super) fn group_is_evacuated() -> Value {
    let op = json!({"OP_ID": "OP_GROUP_EVACUATE", "group_name": "default", "iallocator": "hail"});
    let moves = |name: &str| json!([name, "rack-b", ["node3.example.com", "node4.example.com"]]);
    let reply = json!({
        "success": true, "info": "done",
        "result": [
            [moves("split1.example.com"), moves("web1.example.com")], [],
            [[{"OP_ID": "OP_INSTANCE_MIGRATE", "instance_name": "web1.example.com"}]],
        ],
    });
    let events = [
        wait("instance/split1.example.com", "shared"),
        wait("instance/web1.example.com", "shared"),
        wait("nodegroup/[lockset]", "shared"),
        wait("node/a0de0000-0000-4000-8000-000000000001", "shared"),
        wait("node/a0de0000-0000-4000-8000-000000000002", "shared"),
        wait("node/a0de0000-0000-4000-8000-000000000003", "shared"),
        wait("node/a0de0000-0000-4000-8000-000000000004", "shared"),
        json!({"start": true}),
        json!({
            "rpc": "iallocator_runner", "nodes": [[NODE1, "node1.example.com", true]],
            "args": ["hail", {"$json": {"version": 3}}, {}], "answers": {(NODE1): {"ok": reply.to_string()}},
            "timeout": 900,
        }),
        json!({"jobs": [[{"OP_ID": "OP_INSTANCE_MIGRATE", "instance_name": "web2.example.com"}]], "ids": [[true, 12]]}),
    ];
    trace("GroupEvacuate", &op, &events, &json!({"result": {"jobs": [[true, 12]]}}))
}

/// The verdict under the project's own rules, in which these defects are corrected.
#[track_caller]
pub(super) fn assert_corrected(trace: &Value, defects: &[&str]) {
    let verdict = judged(trace, &Rules::own());
    let defects: Vec<String> = defects.iter().map(|it| (*it).to_owned()).collect();
    assert_eq!(verdict, Verdict::Corrected(defects), "{}", side_by_side(&read(trace), &verdict));
}

/// The verdict under the project's own rules: they say nothing about this trace, and our run differs.
#[track_caller]
pub(super) fn assert_differs(trace: &Value) {
    let verdict = judged(trace, &Rules::own());
    assert!(matches!(verdict, Verdict::Differs(_) | Verdict::CrashBad(_)), "{verdict:?}");
}

pub(super) fn read(trace: &Value) -> Trace {
    Trace::parse(&trace.to_string()).unwrap()
}

pub(super) fn judged(trace: &Value, rules: &Rules) -> Verdict {
    run(&read(trace), rules, UNITS).unwrap()
}

/// Returns the report of a trace under rules given as text.
pub(super) fn told(trace: &Value, rules: &str) -> String {
    let rules = Rules::parse(rules).unwrap();
    let trace = read(trace);
    side_by_side(&trace, &run(&trace, &rules, UNITS).unwrap())
}
