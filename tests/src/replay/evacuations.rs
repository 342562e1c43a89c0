//! Evacuations of a group: what the rules say of what an allocator is asked, and of what it replies.

use serde_json::{Value, json};
use testlib::replay::{Rules, Verdict};
use testlib::{GiB, MockConfig};

use super::traces::{NODE1, NODE2, assert_corrected, assert_differs, call, judged, scripts_before, trace, wait};

/// Two groups of one node each; `web1` is in the first, on `node1`.
fn config() -> Value {
    let mut config = MockConfig::new();
    config.group("rack-b");
    config.node("node2").group("rack-b");
    config.instance("web1").on("node1").plain(GiB(1)).up();
    config.snapshot().write()
}

fn group_of(node: &str) -> String {
    config()["nodes"][node]["group"].as_str().unwrap().to_owned()
}

/// What a node tells of itself.
fn told(storage: &Value) -> Value {
    let hypervisor =
        json!({"memory_total": 4096, "memory_free": 2048, "memory_dom0": 512, "cpu_total": 8, "cpu_dom0": 1});
    json!({"ok": ["boot", storage, [hypervisor]]})
}

fn volumes() -> Value {
    json!([{"type": "lvm-vg", "name": "xenvg", "storage_free": 100, "storage_size": 200}])
}

/// What an allocator is told of a node; with nothing measured, of one that is left out.
fn node(name: &str, measured: bool) -> Value {
    let config = config();
    let node = &config["nodes"][name];
    let mut out = json!({
        "tags": [], "primary_ip": node["primary_ip"], "secondary_ip": node["secondary_ip"], "offline": !measured,
        "drained": false, "master_candidate": true, "group": node["group"], "master_capable": true, "vm_capable": true,
        "ndparams": config["cluster"]["ndparams"],
    });
    let used = if name == NODE1 { 128 } else { 0 };
    let numbers = json!({
        "total_memory": 4096, "reserved_memory": 512, "free_memory": 2048, "total_disk": 200, "free_disk": 100,
        "total_spindles": 0, "free_spindles": 0, "total_cpus": 8, "reserved_cpus": 1, "i_pri_memory": used,
        "i_pri_up_memory": used,
    });
    if measured {
        out.as_object_mut().unwrap().extend(numbers.as_object().unwrap().clone());
    }
    out
}

fn document() -> Value {
    let config = config();
    let cluster = &config["cluster"];
    let group = |name: &str| json!({"name": name, "alloc_policy": "preferred", "networks": [], "ipolicy": cluster["ipolicy"], "tags": []});
    let web1 = json!({
        "tags": [], "admin_state": "up", "vcpus": 1, "memory": 128, "spindle_use": 1, "os": "debian+default",
        "nodes": ["node1.example.com"], "disk_template": "plain", "disks_active": true, "hypervisor": "kvm",
        "disk_space_total": 1024, "disks": [{"dev_type": "plain", "size": 1024, "mode": "rw", "spindles": null}],
        "nics": [{"mac": "aa:00:00:00:00:01", "ip": null, "mode": "bridged", "link": "xen-br0", "bridge": "xen-br0"}],
    });
    json!({
        "version": 2, "cluster_name": "cluster.example.com", "cluster_tags": [], "enabled_hypervisors": ["kvm"],
        "ipolicy": cluster["ipolicy"],
        "nodegroups": {group_of(NODE1): group("default"), group_of(NODE2): group("rack-b")},
        "nodes": {"node1.example.com": node(NODE1, true), "node2.example.com": node(NODE2, true)},
        "instances": {"web1.example.com": web1},
        "request": {"type": "change-group", "instances": ["web1.example.com"], "target_groups": [group_of(NODE2)]},
    })
}

// The places of events in `default_is_evacuated`, the cluster's lock included.
const SCRIPTS: usize = 6;
const INFOS: usize = 7;
const RUNNING: usize = 8;
const ALLOCATOR: usize = 9;
const JOBS: usize = 10;

/// The group `default` is evacuated, all well.
fn default_is_evacuated() -> Value {
    let op = json!({"OP_ID": "OP_GROUP_EVACUATE", "group_name": "default", "iallocator": "hail"});
    let moved = json!([["web1.example.com", "rack-b", ["node2.example.com"]]]);
    let job = json!([{"OP_ID": "OP_INSTANCE_FAILOVER", "instance_name": "web1.example.com"}]);
    let reply = json!({"success": true, "info": "", "result": [moved, [], [job]]});
    let hvparams = &config()["cluster"]["hvparams"];
    let storage = json!([["lvm-vg", "xenvg", [false]]]);
    let own = [("GROUP_NAME", "default"), ("TARGET_GROUPS", &group_of(NODE2))];
    let events = [
        wait("instance/web1.example.com", "shared"),
        wait("nodegroup/[lockset]", "shared"),
        wait(&format!("node/{NODE1}"), "shared"),
        wait(&format!("node/{NODE2}"), "shared"),
        json!({"start": true}),
        scripts_before("group-evacuate", "GROUP", "OP_GROUP_EVACUATE", &own, &[(NODE1, 1)]),
        call(
            "node_info",
            &json!([storage, [["kvm", hvparams["kvm"]]]]),
            &[(NODE1, 1, told(&volumes())), (NODE2, 2, told(&volumes()))],
            60,
        ),
        call(
            "all_instances_info",
            &json!([["kvm"], hvparams]),
            &[(NODE1, 1, json!({"ok": {"web1.example.com": {"memory": 128}}})), (NODE2, 2, json!({"ok": {}}))],
            60,
        ),
        call(
            "iallocator_runner",
            &json!(["hail", {"$json": document()}, {}]),
            &[(NODE1, 1, json!({"ok": reply.to_string()}))],
            900,
        ),
        json!({"jobs": [[{
            "OP_ID": "OP_INSTANCE_FAILOVER", "instance_name": "web1.example.com", "comment": "Submitted by OP_GROUP_EVACUATE",
        }]], "ids": [[true, 12]]}),
        scripts_after(),
    ];
    let mut trace = trace("GroupEvacuate", &op, &events, &json!({"result": {"jobs": [[true, 12]]}}));
    trace["config"] = config();
    trace
}

/// As those before, that stand at `SCRIPTS`.
fn scripts_after() -> Value {
    let env = json!({"$env": SCRIPTS, "mirror": true, "set": {"GANETI_HOOKS_PHASE": "post"}});
    call("hooks_runner", &json!(["group-evacuate", "post", env]), &[(NODE1, 1, json!({"ok": []}))], 900)
}

fn ended(mut trace: Value, events: usize, outcome: Value) -> Value {
    trace["events"].as_array_mut().unwrap().truncate(events);
    trace["outcome"] = outcome;
    trace
}

fn failed() -> Value {
    json!({"error": "OpExecError", "code": null, "text": "Can't get data"})
}

fn reply(trace: &mut Value, reply: &Value) {
    trace["events"][ALLOCATOR]["answers"][NODE1]["ok"] = json!(reply.to_string());
}

#[test]
fn where_all_is_well_no_rule_is_needed() {
    assert_eq!(judged(&default_is_evacuated(), &Rules::own()), Verdict::Equal);
}

#[test]
fn an_allocator_that_says_no_is_a_failure() {
    let refused = json!({"error": "OpPrereqError", "code": "insufficient_resources", "text": "no"});
    let mut trace = ended(default_is_evacuated(), JOBS, refused);
    reply(&mut trace, &json!({"success": false, "info": "no", "result": []}));
    assert_corrected(&trace, &["D42"]);
    trace["outcome"]["code"] = json!("wrong_state");
    assert_differs(&trace);
}

#[test]
fn a_reply_without_form_is_a_failure() {
    let mut trace = ended(
        default_is_evacuated(),
        JOBS,
        json!({"error": "ResultValidationError", "code": null, "text": "iallocator returned invalid result"}),
    );
    reply(&mut trace, &json!({"success": true, "info": "", "result": {"x": 1}}));
    assert_corrected(&trace, &["N05"]);
}

#[test]
fn the_default_allocator_is_asked_by_its_name() {
    let mut trace = default_is_evacuated();
    trace["config"]["cluster"]["default_iallocator"] = json!("hail");
    trace["op"]["iallocator"] = json!(".");
    trace["events"][ALLOCATOR]["args"][0] = json!(".");
    assert_corrected(&trace, &["D82"]);
    trace["config"]["cluster"]["default_iallocator"] = json!("");
    assert_corrected(&trace, &["D82"]);
    trace["events"][ALLOCATOR]["args"][0] = json!("other");
    trace["op"]["iallocator"] = json!("hail");
    assert_differs(&trace);
}

#[test]
fn a_node_that_does_not_answer_is_left_out() {
    for (index, event) in [(INFOS, "node_info"), (RUNNING, "all_instances_info")] {
        let mut trace = ended(default_is_evacuated(), ALLOCATOR, failed());
        trace["events"][index]["answers"][NODE2] = json!({"failed": "Connection timed out"});
        assert_corrected(&trace, &["D138"]);
        assert_eq!(trace["events"][index]["rpc"], event);
    }
}

#[test]
fn a_node_that_answers_stops_nobody() {
    assert_differs(&ended(default_is_evacuated(), ALLOCATOR, failed()));
}

#[test]
fn a_node_that_does_not_say_what_runs_there_is_left_out() {
    let mut trace = default_is_evacuated();
    trace["events"][RUNNING]["answers"][NODE2] = json!({"ok": null});
    assert_corrected(&trace, &["N06"]);
    trace["events"][ALLOCATOR]["args"][1]["$json"]["cluster_name"] = json!("other");
    assert_differs(&trace);
}

/// The cluster's first template is another one than that of `web1`, and its room is asked for.
fn of_files() -> Value {
    let mut trace = default_is_evacuated();
    trace["config"]["cluster"]["enabled_disk_templates"] = json!(["file", "plain"]);
    let policy = |document: &mut Value| document["ipolicy"]["disk-templates"] = json!(["file", "plain"]);
    policy(&mut trace["config"]["cluster"]);
    let document = &mut trace["events"][ALLOCATOR]["args"][1]["$json"];
    policy(document);
    for group in [NODE1, NODE2].map(group_of) {
        policy(&mut document["nodegroups"][group]);
    }
    let infos = &mut trace["events"][INFOS];
    infos["args"][0] = json!([["file", "/srv/ganeti/file-storage", []]]);
    let storage = json!([{"type": "file", "name": "x", "storage_free": 100, "storage_size": 200}]);
    infos["answers"][NODE1] = told(&storage);
    infos["answers"][NODE2] = told(&storage);
    trace
}

#[test]
fn nodes_are_asked_for_the_room_that_the_instances_need() {
    assert_corrected(&of_files(), &["D140"]);
    let mut trace = of_files();
    trace["events"][ALLOCATOR]["args"][1]["$json"]["instances"]["web1.example.com"]["vcpus"] = json!(2);
    assert_differs(&trace);
    let mut trace = default_is_evacuated();
    trace["events"][INFOS]["args"][0] = json!([]);
    assert_differs(&trace);
}

#[test]
fn both_are_asked_for_and_left_out() {
    let mut trace = ended(of_files(), ALLOCATOR, failed());
    trace["events"][INFOS]["answers"][NODE2] = json!({"fail": "boom"});
    assert_corrected(&trace, &["D140", "D138"]);
}

#[test]
fn the_hypervisor_is_that_of_the_instances() {
    let mut trace = default_is_evacuated();
    trace["config"]["cluster"]["enabled_hypervisors"] = json!(["fake", "kvm"]);
    let hvparams = trace["config"]["cluster"]["hvparams"]["fake"].clone();
    trace["events"][INFOS]["args"][1] = json!([["fake", hvparams]]);
    trace["events"][RUNNING]["args"][0] = json!(["fake", "kvm"]);
    trace["events"][ALLOCATOR]["args"][1]["$json"]["enabled_hypervisors"] = json!(["fake", "kvm"]);
    assert_corrected(&trace, &["D140"]);
}

/// The group `rack-b` is evacuated, in which there is nothing.
fn nothing_is_evacuated() -> Value {
    let mut trace = default_is_evacuated();
    trace["op"]["group_name"] = json!("rack-b");
    let own = [("GROUP_NAME", "rack-b"), ("TARGET_GROUPS", &group_of(NODE1))];
    let nodes = [(NODE1, 1), (NODE2, 2)];
    trace["events"][SCRIPTS] = scripts_before("group-evacuate", "GROUP", "OP_GROUP_EVACUATE", &own, &nodes);
    reply(&mut trace, &json!({"success": true, "info": "", "result": [[], [], []]}));
    trace["events"][JOBS] = json!({"jobs": [], "ids": []});
    trace["outcome"] = json!({"result": {"jobs": []}});
    let after = &mut trace["events"][JOBS + 1];
    after["nodes"] = json!([[NODE1, "node1.example.com", true], [NODE2, "node2.example.com", true]]);
    after["answers"][NODE2] = json!({"ok": []});
    // No instance is locked: all that follows stands one place earlier.
    trace["events"].as_array_mut().unwrap().remove(1);
    trace["events"][JOBS]["args"][2]["$env"] = json!(SCRIPTS - 1);
    trace
}

#[test]
fn where_there_is_nothing_to_place_nobody_is_asked() {
    assert_corrected(&nothing_is_evacuated(), &["D83"]);
    let mut trace = nothing_is_evacuated();
    trace["events"][SCRIPTS - 1]["args"][2]["GANETI_GROUP_NAME"] = json!("other");
    assert_differs(&trace);
}

#[test]
fn whoever_fails_when_nobody_should_ask_stops_nothing() {
    let mut trace = ended(nothing_is_evacuated(), ALLOCATOR - 1, failed());
    trace["events"][INFOS - 1]["answers"][NODE1] = json!({"fail": "boom"});
    assert_corrected(&trace, &["D83"]);
    let no = json!({"error": "OpPrereqError", "code": "insufficient_resources", "text": "no"});
    let mut trace = ended(nothing_is_evacuated(), JOBS - 1, no);
    trace["events"][ALLOCATOR - 1]["answers"][NODE1]["ok"] =
        json!("{\"success\": false, \"info\": \"\", \"result\": []}");
    assert_corrected(&trace, &["D83"]);
}
