//! What nodes answer, and what the allocator replies.

use cmdlib::iallocator::ChangeGroup;
use cmdlib::rpc::{AllInstancesInfo, IallocatorRunner, NodeInfo};
use serde_json::json;

use super::{SPLIT1, WEB1, bench, evacuate, run};

// -- what nodes answer

fn offline_for_the_allocator(judged: &testlib::Judged, node: &str) -> bool {
    judged.documents()[0]["nodes"][format!("{node}.example.com")]["offline"] == true
}

#[test]
fn d138_a_node_without_an_answer_does_not_stop_it() {
    let mut t = bench();
    t.rpc().on::<NodeInfo>().node("node4").unreachable();
    t.rpc().on::<NodeInfo>().healthy();
    let judged = run(&mut t, evacuate()).warned("node4").succeeded();
    assert!(offline_for_the_allocator(&judged, "node4"));
}

#[test]
fn d138_a_node_that_does_not_tell_what_runs_does_not_stop_it() {
    let mut t = bench();
    t.rpc().on::<AllInstancesInfo>().node("node4").fails("no hypervisor");
    t.rpc().on::<AllInstancesInfo>().healthy();
    let judged = run(&mut t, evacuate()).warned("no hypervisor").succeeded();
    assert!(offline_for_the_allocator(&judged, "node4"));
}

#[test]
fn a_node_that_answers_nonsense_does_not_stop_it() {
    let mut t = bench();
    t.rpc().on::<NodeInfo>().node("node4").malformed();
    t.rpc().on::<NodeInfo>().healthy();
    let judged = run(&mut t, evacuate()).warned("node4").succeeded();
    assert!(offline_for_the_allocator(&judged, "node4"));
}

#[test]
fn an_offline_node_is_not_contacted_and_no_warning() {
    let mut t = bench();
    t.config().node("node4").offline();
    t.iallocator().on::<ChangeGroup>().moves([("split1", "rack-b", "node3"), ("web1", "rack-b", "node3")]);
    let nodes = ["node1", "node2", "node3"];
    t.run(evacuate()).called_on::<NodeInfo>(nodes).called_on::<AllInstancesInfo>(nodes).never_warned().succeeded();
}

// -- what the allocator replies

#[test]
fn d42_a_no_is_a_failure_with_allocator_and_reason() {
    let mut t = bench();
    t.iallocator().on::<ChangeGroup>().fails("the racks are full");
    t.run(evacuate())
        .submitted_nothing()
        .failed("allocator 'hail' finds no place for the instances: the racks are full");
}

#[test]
fn instances_without_a_place_are_a_failure_with_reasons() {
    let mut t = bench();
    t.iallocator().on::<ChangeGroup>().finds_no_place([("split1", "no mirror"), ("web1", "too large")]);
    let part = "split1.example.com (no mirror), web1.example.com (too large)";
    t.run(evacuate()).submitted_nothing().failed(part);
}

#[test]
fn one_instance_without_a_place_is_enough_and_nothing_is_submitted() {
    let mut t = bench();
    let moved = json!([[WEB1, "rack-b", ["node3.example.com"]]]);
    let jobs = json!([[{"OP_ID": "OP_INSTANCE_MIGRATE", "instance_name": WEB1}]]);
    let result = json!([moved, [[SPLIT1, null]], jobs]);
    t.iallocator().on::<ChangeGroup>().replies_raw(json!({"success": true, "info": "", "result": result}));
    t.run(evacuate()).submitted_nothing().failed("split1.example.com (no reason given)");
}

/// The allocator replies this text, which breaks a rule.
#[track_caller]
fn broken(reply: impl Into<String>, why: &str) {
    let mut t = bench();
    t.iallocator().on::<ChangeGroup>().replies_text(reply);
    t.run(evacuate()).submitted_nothing().failed(&format!("allocator 'hail' broke the rules: {why}"));
}

#[test]
fn a_reply_that_is_not_json_is_a_failure_that_names_the_allocator() {
    broken("all is well", "its reply is not JSON");
}

#[test]
fn a_reply_that_is_nonsense_is_a_failure_that_names_the_allocator() {
    broken("[1, 2]", "expected an object");
}

#[test]
fn d41_a_job_with_an_unknown_opcode_is_a_failure_that_names_the_allocator() {
    let moved = json!([[SPLIT1, "rack-b", ["node4.example.com"]], [WEB1, "rack-b", ["node3.example.com"]]]);
    let jobs = json!([[{"OP_ID": "OP_INSTANCE_BEAM", "instance_name": WEB1}]]);
    broken(json!({"success": true, "info": "", "result": [moved, [], jobs]}).to_string(), "OP_INSTANCE_BEAM");
}

#[test]
fn an_allocator_that_does_not_run_is_a_failure_that_names_it() {
    let mut t = bench();
    t.iallocator().on::<ChangeGroup>().breaks("no such file");
    t.run(evacuate()).submitted_nothing().failed("allocator 'hail' did not run: node node1.example.com");
}

#[test]
fn a_master_that_does_not_answer_is_a_failure_that_names_the_allocator() {
    let mut t = bench();
    t.rpc().on::<IallocatorRunner>().unreachable();
    t.run(evacuate()).submitted_nothing().failed("allocator 'hail' did not run");
}

#[test]
fn a_master_that_answers_no_text_is_a_failure_that_names_the_allocator() {
    let mut t = bench();
    t.rpc().on::<IallocatorRunner>().replies_raw(json!({"success": true}));
    t.run(evacuate()).submitted_nothing().failed("allocator 'hail' did not run");
}
