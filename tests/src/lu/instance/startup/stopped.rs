//! An instance that its user has stopped: what is left of it is cleaned up before it is started.

use cmdlib::op::{Common, InstanceStartup};
use cmdlib::rpc::{
    BlockdevAssemble, BlockdevShutdown, InstanceInfo, InstanceRuntime, InstanceShutdown, InstanceStart, NodeInfo,
};
use serde_json::json;

use super::{start, stopped_by_user};

#[test]
fn what_is_left_of_an_instance_stopped_by_its_user_is_cleaned_up_before() {
    stopped_by_user()
        .run(start("web1"))
        .called_in_order(["instance_shutdown", "blockdev_shutdown", "blockdev_assemble", "instance_start"])
        .succeeded();
}

#[test]
fn started_after_its_user_has_stopped_it_it_is_up_by_the_administrator() {
    stopped_by_user()
        .run(start("web1"))
        .changed(["instances[web1].admin_state: down -> up", "instances[web1].admin_state_source: user -> admin"])
        .succeeded();
}

#[test]
fn an_instance_stopped_by_its_user_needs_no_more_memory() {
    stopped_by_user().run(start("web1")).never_called::<NodeInfo>().succeeded();
}

#[test]
fn shutdown_timeout_is_for_the_clean_up() {
    stopped_by_user()
        .run(InstanceStartup { shutdown_timeout: 7, ..start("web1") })
        .called_with::<InstanceShutdown>("7 seconds", |call| call.timeout == 7)
        .succeeded();
}

#[test]
fn the_reason_reaches_the_node_with_the_clean_up() {
    let common = Common { reason: vec![json!(["user", "night shift", 1])], ..Common::default() };
    stopped_by_user()
        .run(InstanceStartup { common, ..start("web1") })
        .called_with::<InstanceShutdown>("the reason", |call| call.reason == [json!(["user", "night shift", 1])])
        .succeeded();
}

#[test]
fn a_kvm_instance_that_is_not_watched_is_not_cleaned_up() {
    let mut t = stopped_by_user();
    t.config().instance("web1").hvparam("user_shutdown", false);
    t.run(start("web1")).never_called::<InstanceShutdown>().succeeded();
}

#[test]
fn d111_a_clean_up_that_fails_puts_the_wanted_state_back() {
    let mut t = stopped_by_user();
    t.rpc().on::<InstanceShutdown>().node("node1").fails("stuck");
    t.run(start("web1"))
        .changed([])
        .failed("cannot clean up instance 'web1': node node1, call instance_shutdown: stuck");
}

#[test]
fn a_clean_up_that_fails_starts_nothing() {
    let mut t = stopped_by_user();
    t.rpc().on::<InstanceShutdown>().node("node1").unreachable();
    t.run(start("web1")).never_called::<BlockdevAssemble>().never_called::<InstanceStart>().failed("cannot clean up");
}

#[test]
fn disks_that_stay_up_after_the_clean_up_are_used_again() {
    let mut t = stopped_by_user();
    t.rpc().on::<BlockdevShutdown>().node("node1").fails("in use");
    t.run(start("web1")).warned("disk/0 could not be taken down").called::<InstanceStart>().succeeded();
}

#[test]
fn an_unknown_state_is_not_one_that_its_user_has_stopped() {
    let mut t = stopped_by_user();
    let mut runtime = InstanceRuntime::running(128, 1);
    runtime.told.insert("state".to_owned(), json!(7));
    t.rpc().on::<InstanceInfo>().replies(runtime);
    t.run(start("web1")).never_called::<InstanceShutdown>().succeeded();
}
