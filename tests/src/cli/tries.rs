//! `lu try` with input that can be used.

use expect_test::expect;
use serde_json::json;

use super::{Desk, cluster};

const TAG: &str = r#"{"OP_ID": "OP_TAGS_SET", "kind": "instance", "name": "web1", "tags": ["blue"]}"#;

#[test]
fn a_success_with_all_that_it_does() {
    let opcode = r#"{"OP_ID": "OP_INSTANCE_STARTUP", "instance_name": "web1"}"#;
    Desk::with_cluster().lu(["try", "--config", "@config.data", "--opcode", opcode]).is(
        0,
        expect![[r#"
        OP_INSTANCE_STARTUP instance_name="web1"
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    instance/web1 exclusive
          3 locks      lock    node-res/node1 exclusive
          4 locks      start   all locks are held
          5 check      call    bridges_exist() @node1
          6 check      call    instance_info() @node1
          7 check      call    node_info() @node1
          8 pre hooks  hooks   instance-start pre
          9 pre hooks  call    hooks_runner() @node1, @node2
         10 exec       config  instances[web1].admin_state: down -> up
            exec       config  instances[web1].disks_active: false -> true
         11 exec       call    blockdev_assemble(web1) @node1
         12 exec       call    blockdev_assemble(web1) @node2
         13 exec       call    blockdev_assemble(web1) @node1
         14 exec       call    instance_start(web1) @node1
         15 post hooks hooks   instance-start post
         16 post hooks call    hooks_runner() @node1, @node2
        would change (nothing is written)
          instances[web1].admin_state: down -> up
          instances[web1].disks_active: false -> true
        outcome
          success: null
    "#]],
        expect![""],
    );
}

#[test]
fn a_refusal() {
    let opcode = r#"{"OP_ID": "OP_INSTANCE_STARTUP", "instance_name": "web2"}"#;
    Desk::with_cluster().lu(["try", "--config", "@config.data", "--opcode", opcode]).is(
        1,
        expect![[r#"
        OP_INSTANCE_STARTUP instance_name="web2"
        journal
          1 locks      lock    cluster/BGL shared
        would change (nothing is written)
          nothing
        outcome
          refused (unknown_entity): there is no instance 'web2'
    "#]],
        expect![""],
    );
}

#[test]
fn an_allocator_that_nobody_plays() {
    let desk = Desk::new();
    let mut config = cluster();
    config.group("rack-b");
    desk.json("config.data", &config.snapshot().write());
    let opcode = r#"{"OP_ID": "OP_GROUP_EVACUATE", "group_name": "default", "iallocator": "hail"}"#;
    desk.lu(["try", "--config", "@config.data", "--opcode", opcode]).is(
        1,
        expect![[r#"
            OP_GROUP_EVACUATE group_name="default" iallocator="hail"
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    instance/web1 shared
              3 locks      lock    nodegroup/(all) shared
              4 locks      lock    node/node1 shared, node/node2 shared
              5 locks      start   all locks are held
              6 pre hooks  hooks   group-evacuate pre
              7 pre hooks  call    hooks_runner() @node1, @node2
              8 exec       call    node_info() @node1, @node2
              9 exec       call    all_instances_info() @node1, @node2
             10 exec       ask     change-group of web1 to rack-b
             11 exec       call    iallocator_runner() @node1: refused: healthy nodes have no answer to this
            would change (nothing is written)
              nothing
            outcome
              failed: allocator 'hail' did not run: node node1, call iallocator_runner: healthy nodes have no answer to this
            not answered: healthy nodes can't
              iallocator_runner() @node1 in step 11: what an allocator replies depends on it alone
        "#]],
        expect![""],
    );
}

#[test]
fn a_dry_run() {
    let opcode = r#"{"OP_ID": "OP_INSTANCE_STARTUP", "instance_name": "web1", "dry_run": true}"#;
    Desk::with_cluster().lu(["try", "--config", "@config.data", "--opcode", opcode]).is(
        0,
        expect![[r#"
        OP_INSTANCE_STARTUP instance_name="web1" dry_run=true
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    instance/web1 exclusive
          3 locks      lock    node-res/node1 exclusive
          4 locks      start   all locks are held
          5 check      call    bridges_exist() @node1
          6 check      call    instance_info() @node1
          7 check      call    node_info() @node1
          8 pre hooks  hooks   instance-start pre
          9 pre hooks  call    hooks_runner() @node1, @node2
         10 pre hooks  log     info: dry run: the operation is not executed
        would change (nothing is written)
          nothing
        outcome
          success: null
    "#]],
        expect![""],
    );
}

#[test]
fn an_opcode_comes_as_json_from_a_file_or_from_standard_input() {
    let desk = Desk::with_cluster();
    desk.file("opcode", TAG);
    let inline = desk.lu(["try", "--config", "@config.data", "--opcode", TAG]).out(0);
    assert!(inline.contains("instances[web1].tags: [] -> [\"blue\"]"), "{inline}");
    assert_eq!(desk.lu(["try", "--config", "@config.data", "--opcode", "@opcode"]).out(0), inline);
    assert_eq!(desk.lu_reading(TAG, ["try", "--config", "@config.data", "--opcode", "-"]).out(0), inline);
}

#[test]
fn nothing_is_written() {
    let desk = Desk::with_cluster();
    let before = std::fs::read(desk.path("config.data")).unwrap();
    desk.lu(["try", "--config", "@config.data", "--opcode", TAG]).out(0);
    assert_eq!(std::fs::read(desk.path("config.data")).unwrap(), before);
    assert_eq!(std::fs::read_dir(desk.path("")).unwrap().count(), 1);
}

/// A job as the master keeps it (ganeti 3.1, jqueue/__init__.py).
fn job(ops: &[serde_json::Value]) -> serde_json::Value {
    let entry = |op: &serde_json::Value| {
        json!({
            "input": op, "status": "success", "result": null, "log": [[1, [1_700_000_000, 5], "message", "hello"]],
            "start_timestamp": [1_700_000_000, 1], "exec_timestamp": [1_700_000_000, 2],
            "end_timestamp": [1_700_000_000, 9], "priority": 0,
        })
    };
    let ops: Vec<_> = ops.iter().map(entry).collect();
    json!({
        "id": 1234, "ops": ops, "received_timestamp": [1_700_000_000, 0], "start_timestamp": [1_700_000_000, 1],
        "end_timestamp": [1_700_000_000, 9], "livelock": "/var/run/ganeti/livelocks/job-1234", "process_id": 77,
    })
}

fn tags(id: &str, more: &serde_json::Value) -> serde_json::Value {
    let mut op = json!({
        "OP_ID": id, "kind": "cluster", "name": null, "debug_level": 0, "dry_run": false, "priority": 0, "depends": null,
        "comment": null, "reason": [["gnt:client", "gnt-cluster", 1_700_000_000_000_000_000_u64]],
    });
    op.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    op
}

#[test]
fn the_opcodes_of_a_job_run_on_what_the_former_ones_left() {
    let desk = Desk::with_cluster();
    desk.json("job", &job(&[tags("OP_TAGS_SET", &json!({"tags": ["blue"]})), tags("OP_TAGS_GET", &json!({}))]));
    desk.lu(["try", "--config", "@config.data", "--job", "@job"]).is(
        0,
        expect![[r#"
        1 of 2: OP_TAGS_SET kind="cluster" name=null tags=["blue"]
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      start   all locks are held
          3 exec       config  cluster.tags: [] -> ["blue"]
        would change (nothing is written)
          cluster.tags: [] -> ["blue"]
        outcome
          success: null
          in the job file: success
        2 of 2: OP_TAGS_GET kind="cluster" name=null
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      start   all locks are held
        would change (nothing is written)
          nothing
        outcome
          success: ["blue"]
          in the job file: success
    "#]],
        expect![""],
    );
}

#[test]
fn the_first_opcode_that_does_not_succeed_ends_the_job() {
    let desk = Desk::with_cluster();
    desk.json("job", &job(&[tags("OP_TAGS_DEL", &json!({"tags": ["blue"]})), tags("OP_TAGS_GET", &json!({}))]));
    desk.lu(["try", "--config", "@config.data", "--job", "@job"]).is(
        1,
        expect![[r#"
        1 of 2: OP_TAGS_DEL kind="cluster" name=null tags=["blue"]
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      start   all locks are held
        would change (nothing is written)
          nothing
        outcome
          refused (unknown_entity): the object does not have the tags blue
          in the job file: success
        2 of 2: OP_TAGS_GET kind="cluster" name=null
          not run, since one before it did not succeed
    "#]],
        expect![""],
    );
}

#[test]
fn a_job_and_an_opcode_run_one_after_the_other() {
    let desk = Desk::with_cluster();
    let job = job(&[tags("OP_TAGS_SET", &json!({"tags": ["blue"]}))]).to_string();
    let opcode = r#"{"OP_ID": "OP_TAGS_GET", "kind": "cluster"}"#;
    let out = desk.lu_reading(&job, ["try", "--config", "@config.data", "--opcode", opcode, "--job", "-"]).out(0);
    assert!(out.contains("2 of 2: OP_TAGS_GET") && out.contains("success: [\"blue\"]"), "{out}");
}

#[test]
fn findings_that_keep_nothing_from_running_are_warnings() {
    let desk = Desk::new();
    let mut document = cluster().snapshot().write();
    document["cluster"]["highest_used_port"] = 1.into();
    desk.json("config.data", &document);
    let ran = desk.lu(["try", "--config", "@config.data", "--opcode", TAG]);
    expect![[r#"
        warning: the highest port ever given out is said to be 1, but 11001 is known
    "#]]
    .assert_eq(&ran.err);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("success: null"));
}

#[test]
fn configurations_of_3_0_and_3_1_can_be_used() {
    let desk = Desk::new();
    for version in [3_000_000, 3_010_000] {
        let mut document = cluster().snapshot().write();
        document["version"] = version.into();
        desk.json("config.data", &document);
        desk.lu(["try", "--config", "@config.data", "--opcode", TAG]).out(0);
    }
}

#[test]
fn what_a_terminal_takes_for_a_command_is_shown_as_text() {
    let opcode = r#"{"OP_ID": "OP_INSTANCE_STARTUP", "instance_name": "\u001b[2Jweb2"}"#;
    let out = Desk::with_cluster().lu(["try", "--config", "@config.data", "--opcode", opcode]).out(1);
    assert!(!out.contains('\u{1b}') && out.contains("\\u{1b}[2Jweb2"), "{out}");
}
