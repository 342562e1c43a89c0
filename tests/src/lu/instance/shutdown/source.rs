//! Who wants an instance down: the administrator, or its user, who has stopped it from within.

use cmdlib::error::Code;
use cmdlib::objects::{AdminSource, AdminState};
use cmdlib::op::InstanceShutdown;
use cmdlib::rpc::{InstanceInfo, InstanceRuntime};
use serde_json::json;
use testlib::LuTest;

use super::{DOWN, INACTIVE, bench, stop};

pub(super) fn by(source: AdminSource) -> InstanceShutdown {
    InstanceShutdown { admin_state_source: Some(source), ..stop("web2") }
}

/// `web2`, which its user has stopped while it was wanted up.
pub(super) fn stopped_within() -> LuTest {
    let mut t = bench();
    t.config().instance("web2").stopped_by_user();
    t.config().instance("web2").change(|instance| {
        instance.admin_state = AdminState::Up;
        instance.admin_state_source = AdminSource::Admin;
    });
    t.rpc().on::<InstanceInfo>().node("node1").replies(InstanceRuntime::stopped_by_user(128, 1));
    t
}

#[test]
fn d110_a_shutdown_by_the_user_is_written_at_once() {
    // The second write is that of the disks.
    stopped_within().run(by(AdminSource::User)).wrote_times(2).succeeded();
}

#[test]
fn d110_a_shutdown_by_the_administrator_is_written_once() {
    bench().run(by(AdminSource::Admin)).wrote_times(2).succeeded();
}

#[test]
fn a_shutdown_by_the_user_is_kept_as_that() {
    stopped_within()
        .run(by(AdminSource::User))
        .changed([DOWN, "instances[web2].admin_state_source: admin -> user", INACTIVE])
        .succeeded();
}

#[test]
fn without_a_source_it_is_the_administrators() {
    let mut t = bench();
    t.config().instance("web2").stopped_by_user();
    t.run(stop("web2")).changed(["instances[web2].admin_state_source: user -> admin", INACTIVE]).succeeded();
}

#[test]
fn a_shutdown_by_the_administrator_asks_nothing() {
    bench().run(by(AdminSource::Admin)).never_called::<InstanceInfo>().succeeded();
}

#[test]
fn d47_a_shutdown_by_the_user_that_is_not_so_is_refused_with_a_code() {
    bench().run(by(AdminSource::User)).refused(Code::WrongState, "was not stopped by its user");
}

#[test]
fn d47_a_shutdown_by_the_user_that_a_node_does_not_tell_of_is_refused_with_a_code() {
    let part = "cannot tell whether instance 'web2' runs";
    let ways: [fn(&mut LuTest); 4] = [
        |t| {
            t.rpc().on::<InstanceInfo>().fails("no such luck");
        },
        |t| {
            t.rpc().on::<InstanceInfo>().unreachable();
        },
        |t| {
            t.rpc().on::<InstanceInfo>().offline();
        },
        |t| {
            t.rpc().on::<InstanceInfo>().replies_raw(json!("stopped"));
        },
    ];
    for way in ways {
        let mut t = bench();
        way(&mut t);
        t.run(by(AdminSource::User)).no_hooks().refused(Code::Environment, part);
    }
}

#[test]
fn on_an_offline_node_there_is_no_telling_whether_the_user_has_stopped_it() {
    let mut t = bench();
    t.config().node("node2").offline();
    let op = InstanceShutdown { ignore_offline_nodes: true, instance_name: "db1".to_owned(), ..by(AdminSource::User) };
    t.run(op).refused(Code::Environment, "the node is marked offline");
}

#[test]
fn a_source_without_remembering_is_warned_about() {
    let op = InstanceShutdown { no_remember: true, ..by(AdminSource::Admin) };
    bench().run(op).warned("`admin_state_source` has no effect together with `no_remember`").succeeded();
}

#[test]
fn a_source_that_is_remembered_is_not_warned_about() {
    bench().run(by(AdminSource::Admin)).never_warned().succeeded();
}

#[test]
fn not_remembering_where_no_source_is_given_is_not_warned_about() {
    bench().run(InstanceShutdown { no_remember: true, ..stop("web2") }).never_warned().succeeded();
}

#[test]
fn a_source_that_there_is_none_of_is_refused() {
    let op = json!({"OP_ID": "OP_INSTANCE_SHUTDOWN", "instance_name": "web2", "admin_state_source": "nobody"});
    bench().run_json(&op).refused(Code::WrongInput, "admin_state_source");
}
