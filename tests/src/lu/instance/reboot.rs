//! `InstanceReboot`: by its hypervisor where that can do it, else by a shutdown and a start.

use cmdlib::error::Code;
use cmdlib::op::{Common, InstanceReboot, RebootType};
use cmdlib::rpc::{
    self, BlockdevAssemble, BlockdevShutdown, BridgesExist, InstanceInfo, InstanceRuntime, InstanceShutdown,
    InstanceStart, NodeInfo,
};
use expect_test::expect;
use serde_json::json;
use testlib::Level::{Instance, NodeRes};
use testlib::{HookPhase, LogKind, LuTest, exclusive, granted};

use super::{on_odd_clusters, sent};

/// Three nodes and five instances: `web1` is down, `web2` up, both on the master; `db1` is up on `node2`, mirrored to
/// `node3`, with two disks.
fn bench() -> LuTest {
    LuTest::three_nodes_five_instances()
}

fn reboot(name: &str, how: RebootType) -> InstanceReboot {
    InstanceReboot::new(name, how)
}

fn full(name: &str) -> InstanceReboot {
    reboot(name, RebootType::Full)
}

fn common(dry_run: bool) -> Common {
    Common { dry_run, reason: vec![json!(["user", "night shift", 1])], ..Common::default() }
}

const ALL: [RebootType; 3] = [RebootType::Soft, RebootType::Hard, RebootType::Full];

// -- the main path

#[test]
fn a_full_reboot_stops_and_starts_it() {
    bench()
        .run(full("db1"))
        .story(expect![[r#"
              1 locks      lock    cluster/BGL shared
              2 locks      lock    instance/db1 exclusive
              3 locks      start   all locks are held
              4 check      call    bridges_exist() @node2
              5 pre hooks  hooks   instance-reboot pre
              6 pre hooks  call    hooks_runner() @node1, @node2, @node3
              7 exec       call    instance_info() @node2
              8 exec       call    instance_shutdown(db1) @node2
              9 exec       call    blockdev_shutdown(db1) @node2
             10 exec       call    blockdev_shutdown(db1) @node3
             11 exec       call    blockdev_shutdown(db1) @node2
             12 exec       call    blockdev_shutdown(db1) @node3
             13 exec       config  instances[db1].disks_active: true -> false
             14 exec       config  instances[db1].disks_active: false -> true
             15 exec       call    blockdev_assemble(db1) @node2
             16 exec       call    blockdev_assemble(db1) @node3
             17 exec       call    blockdev_assemble(db1) @node2
             18 exec       call    blockdev_assemble(db1) @node3
             19 exec       call    blockdev_assemble(db1) @node2
             20 exec       call    blockdev_assemble(db1) @node2
             21 exec       call    instance_start(db1) @node2
             22 post hooks hooks   instance-reboot post
             23 post hooks call    hooks_runner() @node1, @node2, @node3
        "#]])
        .succeeded();
}

#[test]
fn a_soft_or_hard_reboot_is_left_to_the_node() {
    for how in [RebootType::Soft, RebootType::Hard] {
        let judged = bench().run(reboot("db1", how)).called_on::<rpc::InstanceReboot>(["node2"]).succeeded();
        assert_eq!(judged.calls::<rpc::InstanceReboot>()[0].0.reboot_type, how.to_string());
    }
}

#[test]
fn a_soft_reboot_leaves_the_disks_alone() {
    bench()
        .run(reboot("db1", RebootType::Soft))
        .never_called::<BlockdevShutdown>()
        .never_called::<BlockdevAssemble>()
        .changed_nothing()
        .succeeded();
}

#[test]
fn a_full_reboot_does_not_call_for_a_reboot() {
    bench().run(full("db1")).never_called::<rpc::InstanceReboot>().succeeded();
}

#[test]
fn the_result_is_nothing() {
    bench().run(full("db1")).returned(());
}

#[test]
fn an_instance_that_does_not_run_is_started_whatever_the_type() {
    for how in ALL {
        bench()
            .run(reboot("web1", how))
            .never_called::<InstanceShutdown>()
            .never_called::<rpc::InstanceReboot>()
            .called_on::<InstanceStart>(["node1"])
            .succeeded();
    }
}

#[test]
fn an_instance_that_does_not_run_is_told_of() {
    bench().run(full("web1")).logged(LogKind::Info, "instance 'web1' does not run").succeeded();
}

#[test]
fn an_instance_that_was_down_is_wanted_up_afterwards() {
    bench()
        .run(full("web1"))
        .changed(["instances[web1].admin_state: down -> up", "instances[web1].disks_active: false -> true"])
        .succeeded();
}

#[test]
fn an_instance_that_its_user_has_stopped_is_up_by_the_administrator_afterwards() {
    let mut t = bench();
    t.config().instance("web1").stopped_by_user();
    t.run(full("web1"))
        .changed(["instances[web1].admin_state: down -> up", "instances[web1].admin_state_source: user -> admin"])
        .succeeded();
}

#[test]
fn the_wanted_state_is_written_when_all_is_done() {
    let mut t = bench();
    t.rpc().on::<rpc::InstanceReboot>().node("node1").fails("no answer from the monitor");
    t.rpc().on::<InstanceInfo>().replies(InstanceRuntime::running(128, 1));
    t.run(reboot("web1", RebootType::Soft)).changed_nothing().failed("no answer from the monitor");
}

#[test]
fn the_instance_that_was_expected_is_rebooted() {
    let mut t = bench();
    let id = t.config().id_of_instance("web2");
    let op = InstanceReboot { instance_uuid: Some(id.as_str().into()), ..full("web2") };
    t.run(op).called::<InstanceStart>().succeeded();
}

// -- locks, and what happens while they are waited for

#[test]
fn only_the_instance_is_locked() {
    bench().run(full("db1")).locked([exclusive(Instance, "db1")]).never_locked(NodeRes, "node2").succeeded();
}

#[test]
fn an_instance_that_another_job_works_on_is_not_waited_for_beyond_the_limit() {
    let mut t = bench();
    t.locks().taken(Instance, "web2");
    t.run(full("web2")).lock_timed_out();
}

#[test]
fn d108_h81_an_instance_that_vanishes_is_refused() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| {
        cluster.remove_instance("web2");
    });
    t.run(full("web2")).refused(Code::UnknownEntity, "there is no instance 'web2'");
}

#[test]
fn an_instance_that_moves_is_rebooted_where_it_is_then() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| {
        cluster.move_instance("web2", "node2");
    });
    t.run(full("web2")).called_on::<InstanceStart>(["node2"]).succeeded();
}

#[test]
fn an_instance_that_is_renamed_is_refused_since_its_lock_is_another() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| {
        cluster.rename_instance("web2", "web9");
    });
    t.run(full("web2")).refused(Code::WrongState, "web9");
}

#[test]
fn an_instance_that_is_marked_offline_meanwhile_is_refused() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| drop(cluster.instance("web2").offline()));
    t.run(full("web2")).refused(Code::WrongState, "marked offline");
}

#[test]
fn a_node_that_goes_offline_meanwhile_is_refused() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| drop(cluster.node("node2").offline()));
    t.run(full("db1")).refused(Code::WrongState, "node node2 is marked offline");
}

// -- what is refused

#[test]
fn an_instance_that_does_not_exist_is_refused() {
    bench().run(full("nobody")).locked_nothing().called_nobody().refused(Code::UnknownEntity, "nobody");
}

#[test]
fn another_instance_than_expected_is_refused() {
    let op = InstanceReboot { instance_uuid: Some("another".into()), ..full("web2") };
    bench().run(op).called_nobody().refused(Code::NotUnique, "expected was another");
}

#[test]
fn d47_an_instance_that_is_only_planned_is_refused_with_a_code() {
    let mut t = bench();
    t.config().instance("planned1").forthcoming();
    t.run(full("planned1")).called_nobody().refused(Code::WrongState, "only planned");
}

#[test]
fn an_instance_that_is_marked_offline_is_refused() {
    let mut t = bench();
    t.config().instance("web2").offline();
    t.run(full("web2")).called_nobody().refused(Code::WrongState, "instance 'web2' is marked offline");
}

#[test]
fn an_offline_primary_node_is_refused() {
    let mut t = bench();
    t.config().node("node2").offline();
    t.run(full("db1")).called_nobody().refused(Code::WrongState, "node node2 is marked offline");
}

#[test]
fn a_type_that_there_is_none_of_is_refused() {
    let op = json!({"OP_ID": "OP_INSTANCE_REBOOT", "instance_name": "web2", "reboot_type": "warm"});
    bench().run_json(&op).called_nobody().refused(Code::WrongInput, "reboot_type");
}

#[test]
fn a_reboot_without_a_type_is_refused() {
    let op = json!({"OP_ID": "OP_INSTANCE_REBOOT", "instance_name": "web2"});
    bench().run_json(&op).called_nobody().refused(Code::WrongInput, "reboot_type");
}

#[test]
fn missing_bridges_are_refused() {
    let mut t = bench();
    t.rpc().on::<BridgesExist>().node("node1").fails("br0 is missing");
    t.run(full("web2")).no_hooks().refused(Code::Environment, "bridges are missing on node node1");
}

#[test]
fn bridges_that_a_node_does_not_tell_of_are_refused() {
    let mut t = bench();
    t.rpc().on::<BridgesExist>().node("node1").unreachable();
    t.run(full("web2")).refused(Code::Environment, "no answer");
}

// -- options

#[test]
fn shutdown_timeout_reaches_the_node_that_reboots_it() {
    bench()
        .run(InstanceReboot { shutdown_timeout: 7, ..reboot("web2", RebootType::Hard) })
        .called_with::<rpc::InstanceReboot>("7 seconds", |call| call.shutdown_timeout == 7)
        .succeeded();
}

#[test]
fn shutdown_timeout_reaches_the_node_that_stops_it() {
    bench()
        .run(InstanceReboot { shutdown_timeout: 7, ..full("web2") })
        .called_with::<InstanceShutdown>("7 seconds", |call| call.timeout == 7)
        .succeeded();
}

#[test]
fn the_reason_reaches_the_node_that_reboots_it() {
    bench()
        .run(InstanceReboot { common: common(false), ..reboot("web2", RebootType::Soft) })
        .called_with::<rpc::InstanceReboot>("the reason", |call| call.reason == common(false).reason)
        .succeeded();
}

#[test]
fn the_reason_reaches_the_node_that_stops_and_starts_it() {
    bench()
        .run(InstanceReboot { common: common(false), ..full("web2") })
        .called_with::<InstanceShutdown>("the reason", |call| call.reason == common(false).reason)
        .called_with::<InstanceStart>("the reason", |call| call.reason == common(false).reason)
        .succeeded();
}

#[test]
fn it_is_never_held_before_its_first_instruction() {
    bench()
        .run(full("web2"))
        .called_with::<InstanceStart>("startup_paused off", |call| !call.startup_paused)
        .succeeded();
}

#[test]
fn it_is_started_with_its_own_parameters() {
    let mut t = bench();
    t.config().instance("web2").hvparam("kernel_args", "quiet").beparam("vcpus", 3);
    let judged = t.run(full("web2")).succeeded();
    let told = sent::<InstanceStart, _>(&judged, |call| &call.instance);
    assert_eq!((&told["hvparams"]["kernel_args"], &told["beparams"]["vcpus"]), (&json!("quiet"), &json!(3)));
}

/// A secondary node on which nothing can be assembled.
fn secondary_fails() -> LuTest {
    let mut t = bench();
    t.rpc().on::<BlockdevAssemble>().node("node3").times(1..).fails("no such volume");
    t.rpc().on::<BlockdevAssemble>().healthy();
    t
}

#[test]
fn a_secondary_node_that_fails_stops_it() {
    secondary_fails().run(full("db1")).never_called::<InstanceStart>().failed("could not be activated");
}

#[test]
fn ignore_secondaries_makes_a_secondary_node_that_fails_a_warning() {
    let op = InstanceReboot { ignore_secondaries: true, ..full("db1") };
    secondary_fails().run(op).warned("no such volume").called::<InstanceStart>().succeeded();
}

#[test]
fn a_dry_run_reboots_nothing() {
    bench()
        .run(InstanceReboot { common: common(true), ..full("web1") })
        .changed_nothing()
        .never_called::<InstanceInfo>()
        .never_called::<InstanceStart>()
        .returned(());
}

#[test]
fn a_dry_run_refuses_what_the_run_would() {
    let mut t = bench();
    t.rpc().on::<BridgesExist>().node("node1").fails("br0 is missing");
    t.run(InstanceReboot { common: common(true), ..full("web2") }).refused(Code::Environment, "br0 is missing");
}

// -- when a call fails

#[test]
fn a_state_that_a_node_does_not_tell_fails_it() {
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
            t.rpc().on::<InstanceInfo>().replies_raw(json!("yes"));
        },
    ];
    for way in ways {
        let mut t = bench();
        way(&mut t);
        t.run(full("web2")).changed_nothing().failed("cannot tell whether instance 'web2' runs");
    }
}

#[test]
fn a_reboot_that_fails_is_told_with_its_node() {
    let mut t = bench();
    t.rpc().on::<rpc::InstanceReboot>().node("node1").unreachable();
    t.run(reboot("web2", RebootType::Hard)).failed("cannot reboot instance 'web2': node node1, call instance_reboot");
}

#[test]
fn a_reboot_that_fails_leaves_it_wanted_up() {
    let mut t = bench();
    t.rpc().on::<rpc::InstanceReboot>().node("node1").fails("stuck");
    t.run(reboot("web2", RebootType::Hard)).changed_nothing().failed("stuck");
}

#[test]
fn a_shutdown_that_fails_leaves_the_disks_alone() {
    let mut t = bench();
    t.rpc().on::<InstanceShutdown>().node("node1").fails("stuck");
    t.run(full("web2")).never_called::<BlockdevShutdown>().changed_nothing().failed("cannot stop instance 'web2'");
}

#[test]
fn disks_that_stay_up_in_between_are_used_again() {
    let mut t = bench();
    t.rpc().on::<BlockdevShutdown>().node("node1").fails("in use");
    t.rpc().on::<BlockdevShutdown>().healthy();
    t.run(full("web2")).warned("disk/0 could not be taken down").called::<InstanceStart>().succeeded();
}

#[test]
fn d117_a_secondary_node_that_fails_stops_it_before_anything_is_opened_for_writing() {
    let judged = secondary_fails().run(full("db1")).failed("could not be activated");
    assert!(judged.calls::<BlockdevAssemble>().iter().all(|(call, _)| !call.as_primary));
}

#[test]
fn disks_that_do_not_come_up_again_are_inactive() {
    secondary_fails()
        .run(full("db1"))
        .changed(["instances[db1].disks_active: true -> false"])
        .failed("could not be activated");
}

#[test]
fn a_start_that_fails_takes_the_disks_down() {
    let mut t = bench();
    t.rpc().on::<InstanceStart>().node("node1").fails("no kernel");
    t.run(full("web2"))
        .changed(["instances[web2].disks_active: true -> false"])
        .story(expect![[r#"
             1 locks      lock    cluster/BGL shared
             2 locks      lock    instance/web2 exclusive
             3 locks      start   all locks are held
             4 check      call    bridges_exist() @node1
             5 pre hooks  hooks   instance-reboot pre
             6 pre hooks  call    hooks_runner() @node1, @node2
             7 exec       call    instance_info() @node1
             8 exec       call    instance_shutdown(web2) @node1
             9 exec       call    blockdev_shutdown(web2) @node1
            10 exec       call    blockdev_shutdown(web2) @node2
            11 exec       config  instances[web2].disks_active: true -> false
            12 exec       config  instances[web2].disks_active: false -> true
            13 exec       call    blockdev_assemble(web2) @node1
            14 exec       call    blockdev_assemble(web2) @node2
            15 exec       call    blockdev_assemble(web2) @node1
            16 exec       call    instance_start(web2) @node1: refused: no kernel
            17 exec       call    blockdev_shutdown(web2) @node1
            18 exec       call    blockdev_shutdown(web2) @node2
            19 exec       config  instances[web2].disks_active: true -> false
        "#]])
        .failed("cannot start instance 'web2' for a full reboot");
}

#[test]
fn d118_disks_that_stay_up_after_a_failed_start_stay_marked_active() {
    let mut t = bench();
    t.rpc().on::<InstanceStart>().node("node1").fails("no kernel");
    t.rpc().on::<BlockdevShutdown>().node("node1").times(2).fails("in use");
    t.rpc().on::<BlockdevShutdown>().healthy();
    t.run(full("web2")).changed([]).failed("no kernel");
}

#[test]
fn a_start_that_fails_leaves_an_instance_that_was_down_wanted_down() {
    let mut t = bench();
    t.rpc().on::<InstanceStart>().node("node1").unreachable();
    t.run(full("web1")).changed([]).failed("cannot start instance 'web1'");
}

// -- hooks

#[test]
fn hooks_run_on_the_master_and_the_nodes_of_the_instance() {
    let nodes = ["node1", "node2", "node3"];
    bench().run(full("db1")).hooks("instance-reboot", nodes, nodes).succeeded();
}

#[test]
fn hooks_are_told_how_it_is_rebooted() {
    for how in ALL {
        let how_text = how.to_string();
        bench()
            .run(reboot("web2", how))
            .hook_env(HookPhase::Pre, [("GANETI_REBOOT_TYPE", how_text.as_str())])
            .succeeded();
    }
}

#[test]
fn hooks_are_told_of_the_options() {
    let op = InstanceReboot { ignore_secondaries: true, shutdown_timeout: 7, ..full("web2") };
    bench()
        .run(op)
        .hook_env(HookPhase::Pre, [("GANETI_IGNORE_SECONDARIES", "True"), ("GANETI_SHUTDOWN_TIMEOUT", "7")])
        .succeeded();
}

#[test]
fn hooks_are_told_of_the_defaults_of_options() {
    bench()
        .run(full("web2"))
        .hook_env(HookPhase::Pre, [("GANETI_IGNORE_SECONDARIES", "False"), ("GANETI_SHUTDOWN_TIMEOUT", "120")])
        .succeeded();
}

#[test]
fn hooks_are_told_of_the_instance() {
    bench()
        .run(full("db1"))
        .hook_env(
            HookPhase::Pre,
            [
                ("GANETI_OP_CODE", "OP_INSTANCE_REBOOT"),
                ("GANETI_OBJECT_TYPE", "INSTANCE"),
                ("GANETI_OP_TARGET", "db1"),
                ("GANETI_INSTANCE_SECONDARIES", "node3"),
            ],
        )
        .succeeded();
}

#[test]
fn hooks_after_it_are_told_the_state_of_before() {
    bench().run(full("web1")).hook_env(HookPhase::Post, [("GANETI_POST_INSTANCE_STATUS", "down")]).succeeded();
}

#[test]
fn a_dry_run_runs_the_hooks_before_and_not_those_after() {
    let op = InstanceReboot { common: common(true), ..full("db1") };
    bench().run(op).hooks("instance-reboot", ["node1", "node2", "node3"], []).succeeded();
}

#[test]
fn a_failing_hook_before_stops_it() {
    let mut t = bench();
    t.hooks().pre_fails("node3", "10-ask", "not now");
    t.run(full("db1")).changed_nothing().never_called::<InstanceInfo>().hook_aborted("not now");
}

#[test]
fn a_failing_hook_after_it_is_a_warning() {
    let mut t = bench();
    t.hooks().post_fails("node3", "10-tell", "nobody there");
    t.run(full("db1")).warned("nobody there").succeeded();
}

#[test]
fn a_node_that_does_not_run_its_hooks_before_is_a_warning() {
    let mut t = bench();
    t.hooks().unreachable(HookPhase::Pre, "node3");
    t.run(full("db1")).warned("hook scripts did not run on node node3").succeeded();
}

#[test]
fn a_failed_reboot_runs_no_hooks_after_it() {
    let mut t = bench();
    t.rpc().on::<rpc::InstanceReboot>().node("node1").fails("stuck");
    t.run(reboot("web2", RebootType::Soft)).hooks("instance-reboot", ["node1", "node2"], []).failed("stuck");
}

// -- odd clusters

#[test]
fn web1_of_every_odd_cluster_is_rebooted() {
    on_odd_clusters(|mut t| {
        t.config().instance("web1").up();
        t.run(full("web1")).called_on::<InstanceStart>(["node1"]).succeeded();
    });
}

#[test]
fn memory_is_not_looked_at() {
    bench().run(full("web1")).never_called::<NodeInfo>().succeeded();
}

#[test]
fn an_instance_without_disks_is_rebooted() {
    bench().run(full("diskless1")).never_called::<BlockdevAssemble>().called::<InstanceStart>().succeeded();
}

#[test]
fn an_offline_secondary_node_is_a_warning() {
    let mut t = bench();
    t.config().node("node3").offline();
    t.run(full("db1")).warned("the node is marked offline").called::<InstanceStart>().succeeded();
}
