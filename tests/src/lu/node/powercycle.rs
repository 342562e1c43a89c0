//! `NodePowercycle`: it resets whatever node is meant, at once, and only that one.

use cmdlib::error::Code;
use cmdlib::op::{Common, NodePowercycle};
use cmdlib::rpc;
use serde_json::{Value, json};
use testlib::{LuTest, clusters};

fn forced(node: &str) -> NodePowercycle {
    NodePowercycle { force: true, ..NodePowercycle::new(node) }
}

#[test]
fn the_node_that_is_meant_is_reset() {
    LuTest::three_nodes()
        .run(NodePowercycle::new("node2"))
        .called_times::<rpc::NodePowercycle>(1)
        .called_on::<rpc::NodePowercycle>(["node2"])
        .succeeded();
}

#[test]
fn the_result_is_what_the_node_says() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::NodePowercycle>().node("node2").replies(Some("see you".to_owned()));
    t.run(NodePowercycle::new("node2")).returned("see you");
}

#[test]
fn a_node_that_says_nothing_is_a_result_of_nothing() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::NodePowercycle>().node("node2").replies(None);
    t.run(NodePowercycle::new("node2")).returned(Value::Null);
}

#[test]
fn an_empty_text_is_nothing_said() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::NodePowercycle>().node("node2").replies(Some(String::new()));
    t.run(NodePowercycle::new("node2")).returned(Value::Null);
}

#[test]
fn the_node_is_told_the_default_hypervisor_with_the_parameters_of_the_cluster() {
    let mut t = LuTest::three_nodes();
    t.config().enabled_hypervisors(["xen-pvm", "kvm"]).hvparam("xen-pvm", "root_path", "/dev/sdx9");
    t.run(NodePowercycle::new("node2"))
        .called_with::<rpc::NodePowercycle>("xen-pvm and its root_path", |call| {
            call.hypervisor == "xen-pvm" && call.hvparams.get("root_path") == Some(&json!("/dev/sdx9"))
        })
        .succeeded();
}

#[test]
fn parameters_that_the_cluster_does_not_set_have_their_defaults() {
    let mut t = LuTest::three_nodes();
    t.config().cluster(|cluster| std::sync::Arc::make_mut(&mut cluster.hvparams)["kvm"].clear());
    t.run(NodePowercycle::new("node2"))
        .called_with::<rpc::NodePowercycle>("kvm's acpi", |call| call.hvparams.get("acpi") == Some(&json!(true)))
        .succeeded();
}

#[test]
fn it_waits_for_no_lock() {
    LuTest::three_nodes().run(NodePowercycle::new("node2")).locked_nothing().succeeded();
}

#[test]
fn no_hooks_run() {
    LuTest::three_nodes().run(NodePowercycle::new("node2")).no_hooks().succeeded();
}

#[test]
fn the_configuration_stays_as_it_is() {
    LuTest::three_nodes().run(NodePowercycle::new("node2")).changed_nothing().succeeded();
}

#[test]
fn an_offline_node_is_reset_like_any_other() {
    let mut t = LuTest::three_nodes();
    t.config().node("node2").offline();
    t.run(NodePowercycle::new("node2")).called_on::<rpc::NodePowercycle>(["node2"]).succeeded();
}

#[test]
fn a_node_that_refuses_fails_the_run() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::NodePowercycle>().node("node2").fails("no watchdog");
    t.run(NodePowercycle::new("node2")).failed("no watchdog");
}

#[test]
fn the_failure_names_the_node() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::NodePowercycle>().node("node2").fails("no watchdog");
    t.run(NodePowercycle::new("node2")).failed("cannot reset node node2");
}

#[test]
fn a_node_that_does_not_answer_fails_the_run() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::NodePowercycle>().node("node2").unreachable();
    t.run(NodePowercycle::new("node2")).failed("connection timed out");
}

#[test]
fn an_answer_that_is_no_text_fails_the_run() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::NodePowercycle>().node("node2").malformed();
    t.run(NodePowercycle::new("node2")).failed("malformed answer");
}

#[test]
fn a_node_that_does_not_exist_is_refused() {
    LuTest::three_nodes().run(NodePowercycle::new("node9")).called_nobody().refused(Code::UnknownEntity, "node9");
}

#[test]
fn another_node_than_expected_is_refused() {
    let op = NodePowercycle { node_uuid: Some("another".into()), ..NodePowercycle::new("node2") };
    LuTest::three_nodes().run(op).called_nobody().refused(Code::NotUnique, "expected was another");
}

#[test]
fn the_node_that_was_expected_is_reset() {
    let mut t = LuTest::three_nodes();
    let id = t.config().id_of_node("node2");
    let op = NodePowercycle { node_uuid: Some(id.as_str().into()), ..NodePowercycle::new("node2") };
    t.run(op).called_on::<rpc::NodePowercycle>(["node2"]).succeeded();
}

#[test]
fn the_master_is_refused() {
    LuTest::three_nodes().run(NodePowercycle::new("node1")).called_nobody().refused(Code::WrongInput, "the master");
}

#[test]
fn the_master_is_reset_by_force() {
    LuTest::three_nodes().run(forced("node1")).called_on::<rpc::NodePowercycle>(["node1"]).succeeded();
}

#[test]
fn force_does_not_make_up_for_another_node_than_expected() {
    let op = NodePowercycle { node_uuid: Some("another".into()), ..forced("node1") };
    LuTest::three_nodes().run(op).called_nobody().refused(Code::NotUnique, "expected was another");
}

#[test]
fn a_dry_run_resets_nothing() {
    let common = Common { dry_run: true, ..Common::default() };
    LuTest::three_nodes().run(NodePowercycle { common, ..NodePowercycle::new("node2") }).called_nobody().succeeded();
}

#[test]
fn a_dry_run_refuses_the_master_all_the_same() {
    let common = Common { dry_run: true, ..Common::default() };
    let op = NodePowercycle { common, ..NodePowercycle::new("node1") };
    LuTest::three_nodes().run(op).refused(Code::WrongInput, "the master");
}

#[test]
fn every_odd_cluster_has_a_node_to_reset() {
    for (_, config) in clusters::odd() {
        LuTest::with(config).run(forced("node1")).called_on::<rpc::NodePowercycle>(["node1"]).succeeded();
    }
}
