//! `InstanceShutdown`: what is wanted and what is achieved, and that the one does not claim more than the other.

use cmdlib::error::Code;
use cmdlib::objects::AdminSource;
use cmdlib::op::{Common, InstanceShutdown};
use cmdlib::rpc::{self, BlockdevShutdown, HooksRunner, InstanceInfo};
use expect_test::expect;
use serde_json::json;
use testlib::Level::{Instance, NodeRes};
use testlib::{HookPhase, LogKind, LuTest, exclusive, granted};

use self::source::{by, stopped_within};
use super::{on_odd_clusters, sent};

mod source;

const DOWN: &str = "instances[web2].admin_state: up -> down";
const INACTIVE: &str = "instances[web2].disks_active: true -> false";

/// Three nodes and five instances: `web2` is up, mirrored from the master to `node2`; `db1` from `node2` to `node3`.
fn bench() -> LuTest {
    LuTest::three_nodes_five_instances()
}

fn stop(name: &str) -> InstanceShutdown {
    InstanceShutdown::new(name)
}

fn common(dry_run: bool) -> Common {
    Common { dry_run, reason: vec![json!(["user", "night shift", 1])], ..Common::default() }
}

// -- the main path

#[test]
fn a_mirrored_instance_is_stopped() {
    bench()
        .run(stop("db1"))
        .story(expect![[r#"
              1 locks      lock    cluster/BGL shared
              2 locks      lock    instance/db1 exclusive
              3 locks      start   all locks are held
              4 pre hooks  hooks   instance-stop pre
              5 pre hooks  call    hooks_runner() @node1, @node2, @node3
              6 exec       config  instances[db1].admin_state: up -> down
              7 exec       call    instance_shutdown(db1) @node2
              8 exec       call    blockdev_shutdown(db1) @node2
              9 exec       call    blockdev_shutdown(db1) @node3
             10 exec       call    blockdev_shutdown(db1) @node2
             11 exec       call    blockdev_shutdown(db1) @node3
             12 exec       config  instances[db1].disks_active: true -> false
             13 post hooks hooks   instance-stop post
             14 post hooks call    hooks_runner() @node1, @node2, @node3
        "#]])
        .succeeded();
}

#[test]
fn it_is_wanted_down_and_its_disks_inactive() {
    bench().run(stop("web2")).changed([DOWN, INACTIVE]).returned(());
}

#[test]
fn it_is_told_to_stop_on_its_primary_node_alone() {
    let run = bench().run(stop("db1"));
    run.called_times::<rpc::InstanceShutdown>(1).called_on::<rpc::InstanceShutdown>(["node2"]).succeeded();
}

#[test]
fn its_disks_are_taken_down_on_all_its_nodes() {
    bench().run(stop("db1")).called_on::<BlockdevShutdown>(["node2", "node3"]).succeeded();
}

#[test]
fn it_is_stopped_before_its_disks_are_taken_down() {
    bench().run(stop("web2")).called_in_order(["instance_shutdown", "blockdev_shutdown"]).succeeded();
}

#[test]
fn the_node_is_told_the_wanted_state_that_the_shutdown_leads_to() {
    let judged = bench().run(stop("web2")).succeeded();
    assert_eq!(sent::<rpc::InstanceShutdown, _>(&judged, |call| &call.instance)["admin_state"], "down");
}

#[test]
fn an_instance_that_is_down_is_stopped_again() {
    bench().run(stop("web1")).called::<rpc::InstanceShutdown>().changed_nothing().succeeded();
}

#[test]
fn nothing_is_asked_before_it() {
    bench().run(stop("web2")).never_called::<InstanceInfo>().succeeded();
}

#[test]
fn the_instance_that_was_expected_is_stopped() {
    let mut t = bench();
    let id = t.config().id_of_instance("web2");
    t.run(InstanceShutdown { instance_uuid: Some(id.as_str().into()), ..stop("web2") })
        .called::<rpc::InstanceShutdown>()
        .succeeded();
}

// -- locks, and what happens while they are waited for

#[test]
fn only_the_instance_is_locked() {
    bench().run(stop("web2")).locked([exclusive(Instance, "web2")]).never_locked(NodeRes, "node1").succeeded();
}

#[test]
fn an_instance_that_another_job_works_on_is_not_waited_for_beyond_the_limit() {
    let mut t = bench();
    t.locks().taken(Instance, "web2");
    t.run(stop("web2")).lock_timed_out();
}

#[test]
fn d108_h81_an_instance_that_vanishes_is_refused() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| {
        cluster.remove_instance("web2");
    });
    t.run(stop("web2")).refused(Code::UnknownEntity, "there is no instance 'web2'");
}

#[test]
fn an_instance_that_moves_is_stopped_where_it_is_then() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| {
        cluster.move_instance("web2", "node2");
    });
    t.run(stop("web2")).called_on::<rpc::InstanceShutdown>(["node2"]).succeeded();
}

#[test]
fn an_instance_that_is_renamed_is_refused_since_its_lock_is_another() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| {
        cluster.rename_instance("web2", "web9");
    });
    t.run(stop("web2")).refused(Code::WrongState, "web9");
}

#[test]
fn an_instance_that_is_marked_offline_meanwhile_is_refused() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| drop(cluster.instance("web2").offline()));
    t.run(stop("web2")).refused(Code::WrongState, "marked offline");
}

#[test]
fn a_node_that_goes_offline_meanwhile_is_refused() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| drop(cluster.node("node2").offline()));
    t.run(stop("db1")).refused(Code::WrongState, "node node2 is marked offline");
}

// -- what is refused

#[test]
fn an_instance_that_does_not_exist_is_refused() {
    bench().run(stop("nobody")).locked_nothing().called_nobody().refused(Code::UnknownEntity, "nobody");
}

#[test]
fn another_instance_than_expected_is_refused() {
    let op = InstanceShutdown { instance_uuid: Some("another".into()), ..stop("web2") };
    bench().run(op).called_nobody().refused(Code::NotUnique, "expected was another");
}

#[test]
fn d47_an_instance_that_is_only_planned_is_refused_with_a_code() {
    let mut t = bench();
    t.config().instance("planned1").forthcoming();
    t.run(stop("planned1")).called_nobody().refused(Code::WrongState, "only planned");
}

#[test]
fn an_instance_that_is_marked_offline_is_refused() {
    let mut t = bench();
    t.config().instance("web2").offline();
    t.run(stop("web2")).called_nobody().refused(Code::WrongState, "instance 'web2' is marked offline");
}

#[test]
fn an_offline_primary_node_is_refused() {
    let mut t = bench();
    t.config().node("node2").offline();
    t.run(stop("db1")).called_nobody().refused(Code::WrongState, "node node2 is marked offline");
}

#[test]
fn force_does_not_make_up_for_an_offline_primary_node() {
    let mut t = bench();
    t.config().node("node2").offline();
    t.run(InstanceShutdown { force: true, ..stop("db1") }).refused(Code::WrongState, "node node2 is marked offline");
}

// -- options

#[test]
fn timeout_reaches_the_node() {
    bench()
        .run(InstanceShutdown { timeout: 7, ..stop("web2") })
        .called_with::<rpc::InstanceShutdown>("7 seconds", |call| call.timeout == 7)
        .succeeded();
}

#[test]
fn no_time_at_all_reaches_the_node() {
    bench()
        .run(InstanceShutdown { timeout: 0, ..stop("web2") })
        .called_with::<rpc::InstanceShutdown>("no time", |call| call.timeout == 0)
        .succeeded();
}

#[test]
fn it_gets_two_minutes_if_nothing_else_is_said() {
    bench()
        .run(stop("web2"))
        .called_with::<rpc::InstanceShutdown>("120 seconds", |call| call.timeout == 120)
        .succeeded();
}

#[test]
fn the_reason_reaches_the_node() {
    bench()
        .run(InstanceShutdown { common: common(false), ..stop("web2") })
        .called_with::<rpc::InstanceShutdown>("the reason", |call| call.reason == common(false).reason)
        .succeeded();
}

#[test]
fn no_remember_leaves_the_wanted_state_as_it_is() {
    bench()
        .run(InstanceShutdown { no_remember: true, ..stop("web2") })
        .called::<rpc::InstanceShutdown>()
        .changed([INACTIVE])
        .succeeded();
}

#[test]
fn by_force_an_instance_that_is_marked_offline_is_stopped_and_keeps_the_mark() {
    let mut t = bench();
    t.config().instance("web2").offline();
    let op = InstanceShutdown { force: true, ..stop("web2") };
    t.run(op).called::<rpc::InstanceShutdown>().changed_nothing().succeeded();
}

#[test]
fn force_is_warned_about() {
    let op = InstanceShutdown { force: true, ..stop("web2") };
    bench().run(op).warned("whether the instance is marked offline is not looked at").succeeded();
}

#[test]
fn a_plain_shutdown_warns_of_nothing() {
    bench().run(stop("web2")).never_warned().succeeded();
}

#[test]
fn a_dry_run_stops_nothing() {
    bench()
        .run(InstanceShutdown { common: common(true), ..stop("web2") })
        .changed_nothing()
        .never_called::<rpc::InstanceShutdown>()
        .never_called::<BlockdevShutdown>()
        .returned(());
}

#[test]
fn a_dry_run_refuses_what_the_run_would() {
    let mut t = bench();
    t.config().instance("web2").offline();
    t.run(InstanceShutdown { common: common(true), ..stop("web2") }).refused(Code::WrongState, "marked offline");
}

// -- an offline primary node that is to be ignored

fn on_an_offline_node() -> (LuTest, InstanceShutdown) {
    let mut t = bench();
    t.config().node("node2").offline();
    (t, InstanceShutdown { ignore_offline_nodes: true, ..stop("db1") })
}

#[test]
fn d112_on_an_offline_node_that_is_ignored_it_is_marked_down_with_its_disks() {
    let (mut t, op) = on_an_offline_node();
    t.run(op)
        .changed(["instances[db1].admin_state: up -> down", "instances[db1].disks_active: true -> false"])
        .returned(());
}

#[test]
fn on_an_offline_node_nobody_is_called() {
    let (mut t, op) = on_an_offline_node();
    t.run(op).never_called::<rpc::InstanceShutdown>().never_called::<BlockdevShutdown>().succeeded();
}

#[test]
fn an_offline_node_that_is_ignored_is_warned_about() {
    let (mut t, op) = on_an_offline_node();
    t.run(op).warned("the primary node node2 is offline, which is ignored").succeeded();
}

#[test]
fn on_an_offline_node_an_instance_that_is_marked_offline_keeps_the_mark_by_force() {
    let (mut t, op) = on_an_offline_node();
    t.config().instance("db1").offline();
    t.run(InstanceShutdown { force: true, ..op })
        .changed_nothing()
        .logged(LogKind::Info, "the primary node is offline: nothing is stopped there")
        .succeeded();
}

#[test]
fn on_an_offline_node_no_remember_still_marks_the_disks() {
    let (mut t, op) = on_an_offline_node();
    let op = InstanceShutdown { no_remember: true, ..op };
    t.run(op).changed(["instances[db1].disks_active: true -> false"]).succeeded();
}

#[test]
fn ignoring_offline_nodes_changes_nothing_where_the_node_is_online() {
    let op = InstanceShutdown { ignore_offline_nodes: true, ..stop("web2") };
    bench().run(op).called::<rpc::InstanceShutdown>().never_warned().succeeded();
}

// -- when a call fails

#[test]
fn d111_a_shutdown_that_fails_puts_the_wanted_state_back() {
    let mut t = bench();
    t.rpc().on::<rpc::InstanceShutdown>().node("node1").fails("stuck");
    t.run(stop("web2")).changed([]).failed("cannot stop instance 'web2': node node1, call instance_shutdown: stuck");
}

#[test]
fn d111_a_shutdown_that_fails_puts_back_who_wanted_it() {
    let mut t = stopped_within();
    t.rpc().on::<rpc::InstanceShutdown>().node("node1").unreachable();
    t.run(by(AdminSource::User)).changed([]).failed("no answer");
}

#[test]
fn a_shutdown_that_fails_leaves_the_disks_alone() {
    let mut t = bench();
    t.rpc().on::<rpc::InstanceShutdown>().node("node1").offline();
    t.run(stop("web2")).never_called::<BlockdevShutdown>().failed("the node is marked offline");
}

#[test]
fn a_shutdown_that_fails_by_force_leaves_the_mark_offline() {
    let mut t = bench();
    t.config().instance("web2").offline();
    t.rpc().on::<rpc::InstanceShutdown>().node("node1").fails("stuck");
    t.run(InstanceShutdown { force: true, ..stop("web2") }).changed([]).failed("stuck");
}

#[test]
fn d118_a_disk_that_stays_up_is_a_failure() {
    let mut t = bench();
    t.rpc().on::<BlockdevShutdown>().node("node1").fails("in use");
    t.rpc().on::<BlockdevShutdown>().healthy();
    t.run(stop("web2")).warned("disk/0 could not be taken down").failed("not all disks of instance 'web2'");
}

#[test]
fn d118_disks_that_stay_up_stay_marked_active() {
    let mut t = bench();
    t.rpc().on::<BlockdevShutdown>().node("node2").unreachable();
    t.rpc().on::<BlockdevShutdown>().healthy();
    t.run(stop("web2")).changed([DOWN]).failed("could be taken down");
}

#[test]
fn a_disk_that_stays_up_does_not_keep_the_others_up() {
    let mut t = bench();
    t.rpc().on::<BlockdevShutdown>().node("node2").fails("in use");
    t.rpc().on::<BlockdevShutdown>().healthy();
    t.run(stop("db1")).called_times::<BlockdevShutdown>(4).failed("could be taken down");
}

#[test]
fn an_offline_secondary_node_is_a_warning() {
    let mut t = bench();
    t.config().node("node3").offline();
    t.run(stop("db1")).warned("the node is marked offline").called_on::<BlockdevShutdown>(["node2"]).succeeded();
}

// -- hooks

#[test]
fn hooks_run_on_the_master_and_the_nodes_of_the_instance() {
    let nodes = ["node1", "node2", "node3"];
    bench().run(stop("db1")).hooks("instance-stop", nodes, nodes).succeeded();
}

#[test]
fn hooks_are_told_of_the_time_limit() {
    bench()
        .run(InstanceShutdown { timeout: 7, ..stop("web2") })
        .hook_env(HookPhase::Pre, [("GANETI_TIMEOUT", "7")])
        .succeeded();
}

#[test]
fn hooks_are_told_of_the_instance_before() {
    bench()
        .run(stop("db1"))
        .hook_env(
            HookPhase::Pre,
            [
                ("GANETI_OP_CODE", "OP_INSTANCE_SHUTDOWN"),
                ("GANETI_OBJECT_TYPE", "INSTANCE"),
                ("GANETI_OP_TARGET", "db1"),
                ("GANETI_INSTANCE_PRIMARY", "node2"),
                ("GANETI_INSTANCE_SECONDARIES", "node3"),
                ("GANETI_INSTANCE_STATUS", "up"),
            ],
        )
        .succeeded();
}

#[test]
fn hooks_after_it_are_told_the_new_state_beside_the_old_one() {
    bench()
        .run(stop("db1"))
        .hook_env(HookPhase::Post, [("GANETI_INSTANCE_STATUS", "up"), ("GANETI_POST_INSTANCE_STATUS", "down")])
        .succeeded();
}

#[test]
fn a_dry_run_runs_the_hooks_before_and_not_those_after() {
    let op = InstanceShutdown { common: common(true), ..stop("db1") };
    bench().run(op).hooks("instance-stop", ["node1", "node2", "node3"], []).succeeded();
}

#[test]
fn a_failing_hook_before_stops_it() {
    let mut t = bench();
    t.hooks().pre_fails("node3", "10-ask", "not now");
    t.run(stop("db1")).changed_nothing().never_called::<rpc::InstanceShutdown>().hook_aborted("not now");
}

#[test]
fn a_failing_hook_after_it_is_a_warning() {
    let mut t = bench();
    t.hooks().post_fails("node3", "10-tell", "nobody there");
    t.run(stop("db1")).warned("nobody there").succeeded();
}

#[test]
fn a_node_that_does_not_run_its_hooks_after_it_is_a_warning() {
    let mut t = bench();
    t.hooks().unreachable(HookPhase::Post, "node3");
    t.run(stop("db1")).warned("hook scripts did not run on node node3").succeeded();
}

#[test]
fn a_failed_shutdown_runs_no_hooks_after_it() {
    let mut t = bench();
    t.rpc().on::<rpc::InstanceShutdown>().node("node1").fails("stuck");
    t.run(stop("web2")).hooks("instance-stop", ["node1", "node2"], []).failed("stuck");
}

#[test]
fn an_offline_node_that_is_ignored_runs_no_hooks() {
    let (mut t, op) = on_an_offline_node();
    t.run(op).called_on::<HooksRunner>(["node1", "node3"]).succeeded();
}

// -- odd clusters

#[test]
fn web1_of_every_odd_cluster_is_stopped() {
    on_odd_clusters(|mut t| {
        t.config().instance("web1").up();
        t.run(stop("web1")).called_on::<rpc::InstanceShutdown>(["node1"]).succeeded();
    });
}

#[test]
fn a_disk_that_is_not_mirrored_is_taken_down_on_one_node() {
    let mut t = bench();
    t.config().instance("file1").up();
    t.run(stop("file1")).called_on::<BlockdevShutdown>(["node3"]).succeeded();
}

#[test]
fn an_instance_without_disks_is_stopped() {
    let run = bench().run(stop("diskless1"));
    run.never_called::<BlockdevShutdown>().changed_also("instances[diskless1].admin_state: up -> down").succeeded();
}

#[test]
fn an_instance_with_volumes_in_two_groups_has_both_taken_down() {
    let mut t = bench();
    t.config().instance("two1").on("node2").plain(testlib::GiB(1)).plain_in("fastvg", testlib::GiB(1)).up();
    t.run(stop("two1")).called_times::<BlockdevShutdown>(2).succeeded();
}
