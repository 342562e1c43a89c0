//! Whether a node has the bridges that an instance is attached to.

use cmdlib::error::{Code, Refusal};
use cmdlib::lu::shared::bridges::check_bridges;
use cmdlib::objects::Instance;
use cmdlib::rpc::BridgesExist;
use testlib::{LuRun, LuTest, clusters};

/// Looks for the bridges of `web1` on `node2`.
#[track_caller]
fn check(t: &mut LuTest) -> LuRun {
    let node = t.config().id_of_node("node2");
    t.check(move |cx| {
        let web1 = cx.config().named::<Instance>("web1.example.com")?;
        Ok::<(), Refusal>(check_bridges(&web1, &node, cx)?)
    })
}

fn bench() -> LuTest {
    LuTest::three_nodes_five_instances()
}

#[track_caller]
fn asks_for<const N: usize>(t: &mut LuTest, bridges: [&'static str; N]) {
    check(t)
        .called_times::<BridgesExist>(1)
        .called_with::<BridgesExist>("these bridges", move |call| call.bridges == bridges)
        .succeeded();
}

#[test]
fn the_node_that_is_named_is_asked_wherever_the_instance_is() {
    check(&mut bench()).called_on::<BridgesExist>(["node2"]).succeeded();
}

#[test]
fn the_bridge_of_the_cluster_is_asked_for_where_an_interface_has_none_of_its_own() {
    let mut t = bench();
    t.config().nicparam("link", "br7");
    asks_for(&mut t, ["br7"]);
}

#[test]
fn the_bridges_of_all_interfaces_are_asked_for_in_one_call() {
    let mut t = bench();
    t.config().instance("web1").no_nics().nic(|nic| nic.bridged("br1")).nic(|nic| nic.bridged("br2"));
    asks_for(&mut t, ["br1", "br2"]);
}

#[test]
fn interfaces_that_are_routed_or_switched_need_no_bridge() {
    let mut t = bench();
    let web1 = t.config().instance("web1").no_nics().nic(|nic| nic.routed("100")).nic(|nic| nic.openvswitch("switch1"));
    web1.nic(|nic| nic.bridged("br1"));
    asks_for(&mut t, ["br1"]);
}

#[test]
fn without_a_bridged_interface_the_node_is_not_asked() {
    let mut t = bench();
    t.config().instance("web1").no_nics().nic(|nic| nic.routed("100"));
    check(&mut t).called_nobody().succeeded();
}

#[test]
fn without_an_interface_the_node_is_not_asked() {
    let mut t = bench();
    t.config().instance("web1").no_nics();
    check(&mut t).called_nobody().succeeded();
}

#[test]
fn the_bridge_of_a_network_is_that_of_its_connection() {
    let networks = clusters::odd().into_iter().find(|(name, _)| *name == "networks");
    asks_for(&mut LuTest::with(networks.expect("it is in the list").1), ["br1"]);
}

#[test]
fn a_node_that_lacks_one_is_refused_by_name() {
    let mut t = bench();
    t.rpc().on::<BridgesExist>().fails("missing bridges br0");
    check(&mut t).refused(
        Code::Environment,
        "bridges are missing on node node2: node node2, call bridges_exist: missing bridges br0",
    );
}

#[test]
fn a_node_that_does_not_answer_is_refused() {
    let mut t = bench();
    t.rpc().on::<BridgesExist>().unreachable();
    check(&mut t).refused(Code::Environment, "no answer");
}

#[test]
fn an_offline_node_is_refused() {
    let mut t = bench();
    t.config().node("node2").offline();
    check(&mut t).called_on::<BridgesExist>([]).refused(Code::Environment, "the node is marked offline");
}
