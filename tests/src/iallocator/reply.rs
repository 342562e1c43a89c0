//! What an allocator may reply: each rule that a reply can break, and that nothing of a broken one is used.

use cmdlib::error::Code;
use cmdlib::iallocator::ChangeGroup;
use cmdlib::op::{self, Any};
use serde_json::{Value, json};
use testlib::{LuTest, clusters};

use super::{ask, ask_in_check, change_group};

const WEB1: &str = "web1.example.com";
const SPLIT1: &str = "split1.example.com";

fn moved(instance: &str) -> Value {
    json!([instance, "rack-b", ["node3.example.com"]])
}

fn migrate(instance: &str) -> Value {
    json!({"OP_ID": "OP_INSTANCE_MIGRATE", "instance_name": instance})
}

/// A result that breaks no rule.
fn good() -> Value {
    json!([[moved(SPLIT1), moved(WEB1)], [], []])
}

fn yes(result: Value) -> Value {
    json!({"success": true, "info": "done", "result": result})
}

fn bench(reply: impl Into<String>) -> (LuTest, ChangeGroup) {
    let mut t = LuTest::with(clusters::two_groups());
    let request = change_group(&mut t, &["split1", "web1"], &["rack-b"]);
    t.iallocator().on::<ChangeGroup>().replies_text(reply);
    (t, request)
}

/// The allocator is asked where `split1` and `web1` may go in `rack-b`.
#[track_caller]
fn means(reply: &Value, told: &str) {
    let (mut t, request) = bench(reply.to_string());
    ask(&mut t, request).returned(told);
}

#[track_caller]
fn breaks(reply: &Value, why: &str) {
    let (mut t, request) = bench(reply.to_string());
    ask(&mut t, request).failed(&format!("allocator 'hail' broke the rules: {why}"));
}

#[track_caller]
fn result_breaks(result: Value, why: &str) {
    breaks(&yes(result), why);
}

#[track_caller]
fn moved_breaks(moved: Value, why: &str) {
    result_breaks(json!([moved, [], []]), why);
}

#[track_caller]
fn op_breaks(op: Value, why: &str) {
    result_breaks(json!([[moved(SPLIT1), moved(WEB1)], [], [[op]]]), why);
}

// -- a good one

#[test]
fn a_reply_tells_who_moves_who_stays_and_the_jobs() {
    let result = json!([[moved(WEB1)], [[SPLIT1, "too large"]], [[migrate(WEB1)]]]);
    means(
        &yes(result),
        "web1.example.com to rack-b on node3.example.com; split1.example.com stays (too large); job of 1",
    );
}

#[test]
fn a_group_may_be_named_by_uuid_and_is_told_by_name() {
    let mut t = LuTest::with(clusters::two_groups());
    let rack_b = t.config().id_of_group("rack-b");
    let split1 = json!([SPLIT1, rack_b.as_str(), ["node3.example.com"]]);
    let part = "split1.example.com to rack-b on node3.example.com; web1.example.com to rack-b on node3.example.com";
    means(&yes(json!([[split1, moved(WEB1)], [], []])), part);
}

#[test]
fn a_reason_may_be_null() {
    let part = "web1.example.com to rack-b on node3.example.com; split1.example.com stays (no reason given)";
    means(&yes(json!([[moved(WEB1)], [[SPLIT1, null]], []])), part);
}

#[test]
fn old_allocators_call_the_result_nodes() {
    let result = json!([[], [[SPLIT1, "a"], [WEB1, "b"]], []]);
    means(
        &json!({"success": true, "info": "", "nodes": result}),
        "split1.example.com stays (a); web1.example.com stays (b)",
    );
}

#[test]
fn the_result_comes_before_what_old_allocators_call_it() {
    let result = json!([[], [[SPLIT1, "a"], [WEB1, "b"]], []]);
    let reply = json!({"success": true, "info": "", "nodes": 7, "result": result});
    means(&reply, "split1.example.com stays (a); web1.example.com stays (b)");
}

#[test]
fn more_members_than_needed_do_no_harm() {
    let result = json!([[], [[SPLIT1, "a"], [WEB1, "b"]], []]);
    let reply = json!({"success": true, "info": null, "result": result, "seconds": 3});
    means(&reply, "split1.example.com stays (a); web1.example.com stays (b)");
}

#[test]
fn without_targets_any_group_will_do() {
    let mut t = LuTest::with(clusters::two_groups());
    let request = change_group(&mut t, &["web1"], &[]);
    t.iallocator().on::<ChangeGroup>().moves([("web1", "rack-b", "node3")]);
    ask(&mut t, request).returned("web1.example.com to rack-b on node3.example.com; job of 1");
}

// -- a no

#[test]
fn a_no_tells_why() {
    means(&json!({"success": false, "info": "full", "result": []}), "no: full");
}

#[test]
fn d135_the_result_of_a_no_is_not_looked_at() {
    for result in [Value::Null, json!(7), json!("none"), json!([1, 2])] {
        means(&json!({"success": false, "info": "full", "result": result}), "no: full");
    }
}

#[test]
fn a_no_needs_no_result() {
    means(&json!({"success": false, "info": "full"}), "no: full");
}

#[test]
fn a_no_without_a_reason_is_a_no() {
    means(&json!({"success": false, "info": null, "result": null}), "no: it gives no reason");
}

// -- the frame

#[test]
fn a_reply_must_be_json() {
    for text in ["", "all is well", "{\"success\": true"] {
        let (mut t, request) = bench(text);
        ask(&mut t, request).failed("allocator 'hail' broke the rules: its reply is not JSON");
    }
}

#[test]
fn a_reply_must_be_an_object() {
    for reply in [json!([]), json!(7), Value::Null, json!("yes")] {
        breaks(&reply, "");
    }
}

#[test]
fn d136_success_must_be_true_or_false() {
    for success in [json!(1), json!("true"), Value::Null, json!([])] {
        breaks(&json!({"success": success, "info": "", "result": good()}), "success: expected");
    }
}

#[test]
fn success_must_be_told() {
    breaks(&json!({"info": "", "result": good()}), "success: expected");
}

#[test]
fn the_info_must_be_a_text() {
    breaks(&json!({"success": true, "info": 7, "result": good()}), "info: expected a text");
}

#[test]
fn a_yes_needs_its_info() {
    breaks(&json!({"success": true, "result": good()}), "its reply has no info");
}

#[test]
fn a_yes_needs_its_result() {
    breaks(&json!({"success": true, "info": ""}), "its reply has no result");
}

#[test]
fn a_result_has_three_lists() {
    for result in
        [Value::Null, json!(7), json!({}), json!([]), json!([[], []]), json!([[], [], [], []]), json!([{}, [], []])]
    {
        result_breaks(result, "result");
    }
}

// -- instances

#[test]
fn d133_an_unknown_instance_breaks_the_rules() {
    let why = "it was not asked about instance 'nobody.example.com'";
    moved_breaks(json!([moved(SPLIT1), moved(WEB1), moved("nobody.example.com")]), why);
}

#[test]
fn d133_an_instance_that_it_was_not_asked_about_breaks_the_rules() {
    let why = "it was not asked about instance 'web2.example.com'";
    moved_breaks(json!([moved(SPLIT1), moved(WEB1), moved("web2.example.com")]), why);
}

#[test]
fn d133_a_failure_of_an_instance_that_it_was_not_asked_about_breaks_the_rules() {
    let failed = json!([["web2.example.com", "full"]]);
    let why = "it was not asked about instance 'web2.example.com'";
    result_breaks(json!([[moved(SPLIT1), moved(WEB1)], failed, []]), why);
}

#[test]
fn d133_an_instance_that_moves_twice_breaks_the_rules() {
    moved_breaks(json!([moved(SPLIT1), moved(WEB1), moved(WEB1)]), "it tells twice about instance 'web1.example.com'");
}

#[test]
fn d133_an_instance_that_moves_and_stays_breaks_the_rules() {
    let result = json!([[moved(SPLIT1), moved(WEB1)], [[WEB1, "full"]], []]);
    result_breaks(result, "it tells twice about instance 'web1.example.com'");
}

#[test]
fn d133_an_instance_that_is_left_out_breaks_the_rules() {
    moved_breaks(json!([moved(SPLIT1)]), "it tells nothing about instance 'web1.example.com'");
}

#[test]
fn d133_an_instance_that_goes_to_no_node_breaks_the_rules() {
    moved_breaks(json!([moved(SPLIT1), [WEB1, "rack-b", []]]), "instance 'web1.example.com' goes to no node");
}

#[test]
fn d136_a_node_that_does_not_exist_breaks_the_rules() {
    let web1 = json!([WEB1, "rack-b", ["node9.example.com"]]);
    moved_breaks(json!([moved(SPLIT1), web1]), "instance 'web1.example.com': there is no node 'node9.example.com'");
}

#[test]
fn d136_numbers_and_null_among_nodes_break_the_rules() {
    for node in [json!(3), Value::Null, json!(["node3.example.com"])] {
        moved_breaks(json!([moved(SPLIT1), [WEB1, "rack-b", [node]]]), "result");
    }
}

#[test]
fn a_node_that_an_instance_gets_twice_breaks_the_rules() {
    let web1 = json!([WEB1, "rack-b", ["node3.example.com", "node3.example.com"]]);
    moved_breaks(json!([moved(SPLIT1), web1]), "instance 'web1.example.com' gets node 'node3.example.com' twice");
}

#[test]
fn a_group_that_does_not_exist_breaks_the_rules() {
    let web1 = json!([WEB1, "rack-z", ["node3.example.com"]]);
    moved_breaks(json!([moved(SPLIT1), web1]), "instance 'web1.example.com': there is no node group 'rack-z'");
}

#[test]
fn a_group_that_is_no_target_breaks_the_rules() {
    let web1 = json!([WEB1, "default", ["node1.example.com"]]);
    let why = "instance 'web1.example.com' goes to node group 'default', which is no target";
    moved_breaks(json!([moved(SPLIT1), web1]), why);
}

#[test]
fn a_move_has_three_parts_of_the_right_types() {
    for web1 in
        [json!([WEB1, "rack-b"]), json!([WEB1, "rack-b", "node3.example.com"]), json!([7, "rack-b", []]), json!(WEB1)]
    {
        moved_breaks(json!([moved(SPLIT1), web1]), "result");
    }
}

#[test]
fn a_failure_has_two_parts_of_the_right_types() {
    for failed in [json!([WEB1]), json!([WEB1, 7]), json!([WEB1, "full", 1]), json!([null, "full"]), json!(WEB1)] {
        result_breaks(json!([[moved(SPLIT1)], [failed], []]), "result");
    }
}

// -- jobs

#[test]
fn a_job_is_a_list_of_opcodes() {
    for jobs in [json!([migrate(WEB1)]), json!([7]), json!({})] {
        result_breaks(json!([[moved(SPLIT1), moved(WEB1)], [], jobs]), "result");
    }
}

#[test]
fn d41_an_unknown_opcode_breaks_the_rules() {
    op_breaks(
        json!({"OP_ID": "OP_INSTANCE_BEAM", "instance_name": WEB1}),
        "OP_INSTANCE_BEAM does not move an instance",
    );
}

#[test]
fn d41_an_opcode_without_a_name_breaks_the_rules() {
    for op in [json!({"instance_name": WEB1}), json!({"OP_ID": 7}), json!({})] {
        op_breaks(op, "an opcode without OP_ID");
    }
}

#[test]
fn an_opcode_that_is_none_breaks_the_rules() {
    for op in [json!(7), Value::Null, json!("OP_INSTANCE_MIGRATE")] {
        op_breaks(op, "");
    }
}

#[test]
fn an_opcode_that_does_something_else_breaks_the_rules() {
    let shutdown = op::OpCode::write(&op::InstanceShutdown::new(WEB1));
    op_breaks(shutdown, "OP_INSTANCE_SHUTDOWN does not move an instance");
}

#[test]
fn an_opcode_with_wrong_parameters_breaks_the_rules() {
    op_breaks(json!({"OP_ID": "OP_INSTANCE_MIGRATE", "instance_name": 7}), "");
    op_breaks(json!({"OP_ID": "OP_INSTANCE_MIGRATE"}), "");
    op_breaks(json!({"OP_ID": "OP_INSTANCE_MIGRATE", "instance_name": WEB1, "speed": "warp"}), "");
}

#[test]
fn an_opcode_about_another_instance_breaks_the_rules() {
    op_breaks(migrate("web2.example.com"), "OP_INSTANCE_MIGRATE is about instance 'web2.example.com'");
}

#[test]
fn an_opcode_about_an_instance_that_does_not_exist_breaks_the_rules() {
    op_breaks(migrate("nobody.example.com"), "OP_INSTANCE_MIGRATE is about instance 'nobody.example.com'");
}

#[test]
fn d136_an_opcode_to_a_node_that_does_not_exist_breaks_the_rules() {
    let target = Any::from(op::InstanceMigrate { target_node: Some("node9".into()), ..op::InstanceMigrate::new(WEB1) });
    op_breaks(target.write(), "OP_INSTANCE_MIGRATE of instance 'web1.example.com': there is no node 'node9'");
    let replace = op::InstanceReplaceDisks::new(WEB1, op::ReplaceMode::NewSecondary);
    let remote = Any::from(op::InstanceReplaceDisks { remote_node: Some("node9".into()), ..replace });
    op_breaks(remote.write(), "OP_INSTANCE_REPLACE_DISKS of instance 'web1.example.com': there is no node 'node9'");
}

// -- which error it is

#[test]
fn before_anything_is_executed_a_broken_reply_is_an_error_of_the_environment() {
    let (mut t, request) = bench("all is well");
    ask_in_check(&mut t, request).refused(Code::Environment, "allocator 'hail' broke the rules");
}

#[test]
fn before_anything_is_executed_a_program_that_fails_is_an_error_of_the_environment() {
    let mut t = LuTest::with(clusters::two_groups());
    let request = change_group(&mut t, &["web1"], &["rack-b"]);
    t.iallocator().on::<ChangeGroup>().breaks("no such file");
    ask_in_check(&mut t, request).refused(Code::Environment, "allocator 'hail' did not run");
}

// -- several in a row

#[test]
fn each_request_has_a_reply_of_its_own() {
    let mut t = LuTest::with(clusters::two_groups());
    let request = change_group(&mut t, &["web1"], &["rack-b"]);
    t.iallocator().on::<ChangeGroup>().fails("full");
    t.iallocator().on::<ChangeGroup>().finds_no_place([("web1", "still full")]);
    let both = [request.clone(), request.clone()].map(cmdlib::iallocator::Request::from);
    t.exec(move |cx| {
        let first = super::answer_to(cx, &request)?;
        let second = super::answer_to(cx, &request)?;
        Ok::<_, cmdlib::error::Problem>(vec![first, second])
    })
    .allocated(both)
    .returned(json!(["no: full", "web1.example.com stays (still full)"]));
}
