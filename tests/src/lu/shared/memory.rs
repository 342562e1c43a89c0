//! Whether a node has enough memory.

use cmdlib::error::Code;
use cmdlib::lu::shared::memory::check_free_memory;
use cmdlib::rpc::{HvInfo, NodeInfo, NodeInfoReply};
use serde_json::{Value, json};
use testlib::{LuRun, LuTest, MiB, free_memory};

/// What becomes of a need of 512 MiB on `node2`.
#[track_caller]
fn need_512(t: &mut LuTest) -> LuRun {
    let node = t.config().id_of_node("node2");
    t.check(move |cx| check_free_memory(&node, 512, "kvm", "a test", cx))
}

/// The same when the node tells this of its hypervisor.
#[track_caller]
fn told(memory_free: Value) -> LuRun {
    let mut t = LuTest::three_nodes();
    let told = HvInfo([("memory_free".to_owned(), memory_free)].into_iter().collect());
    t.rpc().on::<NodeInfo>().replies(NodeInfoReply { hypervisors: vec![told], ..NodeInfoReply::default() });
    need_512(&mut t)
}

#[test]
fn just_as_much_as_is_needed_is_enough() {
    told(json!(512)).succeeded();
}

#[test]
fn one_less_is_not() {
    told(json!(511)).refused(
        Code::InsufficientResources,
        "node node2 has not enough memory for a test: needed are 512 MiB, free are 511 MiB",
    );
}

#[test]
fn none_at_all_is_not_enough() {
    told(json!(0)).refused(Code::InsufficientResources, "free are 0 MiB");
}

#[test]
fn what_is_free_is_returned() {
    told(json!(4096)).returned(4096);
}

#[test]
fn only_that_node_is_asked() {
    need_512(&mut LuTest::three_nodes()).called_times::<NodeInfo>(1).called_on::<NodeInfo>(["node2"]).succeeded();
}

#[test]
fn the_node_is_asked_for_its_memory_alone_with_the_parameters_of_the_cluster() {
    let mut t = LuTest::three_nodes();
    t.config().hvparam("kvm", "migration_port", 8111);
    need_512(&mut t)
        .called_with::<NodeInfo>("no storage, and kvm with the cluster's port", |call| {
            let [of] = call.hypervisors.as_slice() else { return false };
            call.storage.is_none() && of.hypervisor == "kvm" && of.hvparams["migration_port"] == 8111
        })
        .succeeded();
}

#[test]
fn d113_an_empty_list_of_hypervisors_is_no_number() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<NodeInfo>().replies(NodeInfoReply::default());
    need_512(&mut t).refused(Code::Environment, "node node2 tells no number for its free memory");
}

#[test]
fn what_is_no_whole_number_is_none() {
    for memory_free in [json!("4096"), json!(null), json!(true), json!(4096.5)] {
        told(memory_free).refused(Code::Environment, "tells no number");
    }
}

#[test]
fn a_hypervisor_that_tells_nothing_of_its_memory_tells_no_number() {
    let mut t = LuTest::three_nodes();
    t.rpc()
        .on::<NodeInfo>()
        .replies(NodeInfoReply { hypervisors: vec![HvInfo::default()], ..NodeInfoReply::default() });
    need_512(&mut t).refused(Code::Environment, "tells no number");
}

#[test]
fn a_node_that_says_no_is_refused() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<NodeInfo>().fails("no hypervisor");
    need_512(&mut t).refused(Code::Environment, "cannot look at the memory of node node2");
}

#[test]
fn a_node_that_does_not_answer_is_refused() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<NodeInfo>().unreachable();
    need_512(&mut t).refused(Code::Environment, "no answer");
}

#[test]
fn an_offline_node_is_refused() {
    let mut t = LuTest::three_nodes();
    t.config().node("node2").offline();
    need_512(&mut t).called_on::<NodeInfo>([]).refused(Code::Environment, "the node is marked offline");
}

#[test]
fn an_answer_of_another_form_is_refused() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<NodeInfo>().malformed();
    need_512(&mut t).refused(Code::Environment, "malformed answer");
}

#[test]
fn when_the_work_has_begun_it_is_a_failure() {
    let mut t = LuTest::three_nodes();
    let node = t.config().id_of_node("node2");
    t.rpc().on::<NodeInfo>().replies(free_memory(MiB(511)));
    t.exec(move |cx| check_free_memory(&node, 512, "kvm", "a test", cx)).failed("free are 511 MiB");
}
