//! Hooks: where, with which environment, and what comes of one that fails.

use cmdlib::op::{Common, InstanceStartup};
use cmdlib::rpc::{HooksRunner, InstanceStart};
use expect_test::expect;
use testlib::HookPhase;

use super::{bench, on_an_offline_node, start};

#[test]
fn hooks_run_on_the_master_and_the_nodes_of_the_instance() {
    let nodes = ["node1", "node2", "node3"];
    bench().run(start("db1")).hooks("instance-start", nodes, nodes).succeeded();
}

#[test]
fn hooks_run_once_on_a_master_that_is_the_primary_node() {
    bench().run(start("web1")).hooks("instance-start", ["node1"], ["node1"]).succeeded();
}

#[test]
fn hooks_are_told_of_the_instance_before() {
    bench()
        .run(start("db1"))
        .hook_env(
            HookPhase::Pre,
            [
                ("GANETI_OP_CODE", "OP_INSTANCE_STARTUP"),
                ("GANETI_OBJECT_TYPE", "INSTANCE"),
                ("GANETI_OP_TARGET", "db1"),
                ("GANETI_INSTANCE_PRIMARY", "node2"),
                ("GANETI_INSTANCE_SECONDARIES", "node3"),
                ("GANETI_INSTANCE_STATUS", "down"),
            ],
        )
        .succeeded();
}

#[test]
fn hooks_after_it_are_told_the_new_state_beside_the_old_one() {
    bench()
        .run(start("db1"))
        .hook_env(HookPhase::Post, [("GANETI_INSTANCE_STATUS", "down"), ("GANETI_POST_INSTANCE_STATUS", "up")])
        .succeeded();
}

#[test]
fn hooks_are_told_of_no_force() {
    bench().run(start("web1")).hook_env(HookPhase::Pre, [("GANETI_FORCE", "False")]).succeeded();
}

#[test]
fn hooks_are_told_of_force() {
    let op = InstanceStartup { force: true, ..start("web1") };
    bench().run(op).hook_env(HookPhase::Pre, [("GANETI_FORCE", "True")]).succeeded();
}

#[test]
fn a_dry_run_runs_the_hooks_before_and_not_those_after() {
    let common = Common { dry_run: true, ..Common::default() };
    bench().run(InstanceStartup { common, ..start("web1") }).hooks("instance-start", ["node1"], []).succeeded();
}

#[test]
fn a_failing_hook_before_stops_it() {
    let mut t = bench();
    t.hooks().pre_fails("node3", "10-ask", "not now");
    t.run(start("db1")).changed_nothing().never_called::<InstanceStart>().hook_aborted("not now");
}

#[test]
fn a_failing_hook_after_it_is_a_warning() {
    let mut t = bench();
    t.hooks().post_fails("node3", "10-tell", "nobody there");
    t.run(start("db1")).warned("nobody there").succeeded();
}

#[test]
fn a_node_that_does_not_run_its_hooks_before_is_a_warning() {
    let mut t = bench();
    t.hooks().unreachable(HookPhase::Pre, "node3");
    t.run(start("db1")).warned("hook scripts did not run on node node3").succeeded();
}

#[test]
fn a_failed_start_runs_no_hooks_after_it() {
    let mut t = bench();
    t.rpc().on::<InstanceStart>().node("node1").fails("no kernel");
    t.run(start("web1")).hooks("instance-start", ["node1"], []).failed("no kernel");
}

#[test]
fn a_failed_start_takes_back_step_by_step_what_it_set_up() {
    let mut t = bench();
    t.rpc().on::<InstanceStart>().node("node1").fails("no kernel");
    t.run(start("web1"))
        .story(expect![[r#"
         1 locks      lock    cluster/BGL shared
         2 locks      lock    instance/web1 exclusive
         3 locks      lock    node-res/node1 exclusive
         4 locks      start   all locks are held
         5 check      call    bridges_exist() @node1
         6 check      call    instance_info() @node1
         7 check      call    node_info() @node1
         8 pre hooks  hooks   instance-start pre
         9 pre hooks  call    hooks_runner() @node1
        10 exec       config  instances[web1].admin_state: down -> up
           exec       config  instances[web1].disks_active: false -> true
        11 exec       call    blockdev_assemble(web1) @node1
        12 exec       call    blockdev_assemble(web1) @node1
        13 exec       call    instance_start(web1) @node1: refused: no kernel
        14 exec       call    blockdev_shutdown(web1) @node1
        15 exec       config  instances[web1].disks_active: true -> false
        16 exec       config  instances[web1].admin_state: up -> down
    "#]])
        .failed("no kernel");
}

#[test]
fn an_offline_node_that_is_ignored_runs_no_hooks() {
    let (mut t, op) = on_an_offline_node();
    t.run(op).called_on::<HooksRunner>(["node1", "node3"]).succeeded();
}
