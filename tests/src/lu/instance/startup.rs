//! `InstanceStartup`: what it asks before, what it does to disks and instance, and what is left when it fails.

use cmdlib::error::Code;
use cmdlib::op::{Common, InstanceStartup};
use cmdlib::rpc::{BlockdevAssemble, BridgesExist, InstanceInfo, InstanceStart, NodeInfo, Question};
use expect_test::expect;
use serde_json::{Value, json};
use testlib::Level::{Instance, NodeRes};
use testlib::{LogKind, LuTest, MiB, MockConfig, clusters, exclusive, free_memory, granted};

use super::{on_odd_clusters, sent};

mod failures;
mod hooks;
mod parameters;
mod stopped;

/// Three nodes and five instances: `web1` is down, on the master; `web2` mirrored, up, there as well; `db1` mirrored from
/// `node2` to `node3`, and down here.
fn bench() -> LuTest {
    let mut t = LuTest::three_nodes_five_instances();
    t.config().instance("db1").down();
    t
}

fn start(name: &str) -> InstanceStartup {
    InstanceStartup::new(name)
}

fn params(members: &Value) -> cmdlib::field::Params {
    members.as_object().expect("parameters are an object").clone()
}

/// `web1`, stopped by its user: its disks are still active.
fn stopped_by_user() -> LuTest {
    let mut t = bench();
    t.config().instance("web1").stopped_by_user();
    t
}

// -- the main path

#[test]
fn a_mirrored_instance_is_started() {
    bench()
        .run(start("db1"))
        .story(expect![[r#"
              1 locks      lock    cluster/BGL shared
              2 locks      lock    instance/db1 exclusive
              3 locks      lock    node-res/node2 exclusive
              4 locks      start   all locks are held
              5 check      call    bridges_exist() @node2
              6 check      call    instance_info() @node2
              7 check      call    node_info() @node2
              8 pre hooks  hooks   instance-start pre
              9 pre hooks  call    hooks_runner() @node1, @node2, @node3
             10 exec       config  instances[db1].admin_state: down -> up
                exec       config  instances[db1].disks_active: false -> true
             11 exec       call    blockdev_assemble(db1) @node2
             12 exec       call    blockdev_assemble(db1) @node3
             13 exec       call    blockdev_assemble(db1) @node2
             14 exec       call    blockdev_assemble(db1) @node3
             15 exec       call    blockdev_assemble(db1) @node2
             16 exec       call    blockdev_assemble(db1) @node2
             17 exec       call    instance_start(db1) @node2
             18 post hooks hooks   instance-start post
             19 post hooks call    hooks_runner() @node1, @node2, @node3
        "#]])
        .succeeded();
}

#[test]
fn it_is_wanted_up_and_its_disks_active() {
    bench()
        .run(start("web1"))
        .changed(["instances[web1].admin_state: down -> up", "instances[web1].disks_active: false -> true"])
        .returned(());
}

#[test]
fn the_wanted_state_is_written_once() {
    bench().run(start("web1")).wrote_times(1).succeeded();
}

#[test]
fn it_is_told_to_start_on_its_primary_node_alone() {
    bench().run(start("db1")).called_times::<InstanceStart>(1).called_on::<InstanceStart>(["node2"]).succeeded();
}

#[test]
fn the_node_is_told_the_wanted_state_that_the_start_leads_to() {
    let judged = bench().run(start("web1")).succeeded();
    assert_eq!(sent::<InstanceStart, _>(&judged, |call| &call.instance)["admin_state"], "up");
}

#[test]
fn h50_an_instance_that_runs_needs_no_memory() {
    bench().run(start("web2")).never_called::<NodeInfo>().succeeded();
}

#[test]
fn an_instance_that_runs_is_told_to_start_again() {
    bench().run(start("web2")).called_on::<InstanceStart>(["node1"]).changed_nothing().succeeded();
}

#[test]
fn a_full_name_means_the_instance_too() {
    bench().run(start("web1.example.com")).called::<InstanceStart>().succeeded();
}

#[test]
fn the_instance_that_was_expected_is_started() {
    let mut t = bench();
    let id = t.config().id_of_instance("web1");
    let op = InstanceStartup { instance_uuid: Some(id.as_str().into()), ..start("web1") };
    t.run(op).called::<InstanceStart>().succeeded();
}

// -- locks

#[test]
fn d104_the_memory_of_the_primary_node_is_locked() {
    bench().run(start("db1")).locked([exclusive(Instance, "db1"), exclusive(NodeRes, "node2")]).succeeded();
}

#[test]
fn d104_memory_is_looked_at_and_used_under_one_lock() {
    bench()
        .run(start("web1"))
        .held_during::<NodeInfo>([exclusive(NodeRes, "node1")])
        .held_during::<InstanceStart>([exclusive(NodeRes, "node1")])
        .succeeded();
}

#[test]
fn memory_that_another_job_is_about_to_use_is_not_waited_for_beyond_the_limit() {
    let mut t = bench();
    t.locks().taken(NodeRes, "node1");
    t.run(start("web1")).lock_timed_out();
}

#[test]
fn an_instance_that_another_job_works_on_is_not_waited_for_beyond_the_limit() {
    let mut t = bench();
    t.locks().taken(Instance, "web1");
    t.run(start("web1")).lock_timed_out();
}

// -- what happens while locks are waited for

#[test]
fn d108_h81_an_instance_that_vanishes_is_refused() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| {
        cluster.remove_instance("web1");
    });
    t.run(start("web1")).refused(Code::UnknownEntity, "there is no instance 'web1'");
}

#[test]
fn d109_an_instance_that_is_gone_before_its_name_is_resolved_is_refused() {
    let mut t = bench();
    t.config().remove_instance("web1");
    t.run(start("web1")).locked_nothing().refused(Code::UnknownEntity, "web1");
}

#[test]
fn an_instance_that_moves_takes_the_memory_lock_with_it() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| {
        cluster.move_instance("web1", "node2");
    });
    t.run(start("web1"))
        .locked([exclusive(Instance, "web1"), exclusive(NodeRes, "node2")])
        .called_on::<InstanceStart>(["node2"])
        .succeeded();
}

#[test]
fn an_instance_that_is_renamed_is_refused_since_its_lock_is_another() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| {
        cluster.rename_instance("web1", "web9");
    });
    t.run(start("web1")).refused(Code::WrongState, "web9");
}

#[test]
fn an_instance_that_is_marked_offline_meanwhile_is_refused() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| drop(cluster.instance("web1").offline()));
    t.run(start("web1")).refused(Code::WrongState, "marked offline");
}

#[test]
fn a_node_that_goes_offline_meanwhile_is_refused() {
    let mut t = bench();
    t.when(granted(NodeRes), |cluster| drop(cluster.node("node2").offline()));
    t.run(start("db1")).refused(Code::WrongState, "node node2 is marked offline");
}

// -- what is refused

#[test]
fn an_instance_that_does_not_exist_is_refused() {
    bench().run(start("nobody")).locked_nothing().called_nobody().refused(Code::UnknownEntity, "nobody");
}

#[test]
fn another_instance_than_expected_is_refused() {
    let op = InstanceStartup { instance_uuid: Some("another".into()), ..start("web1") };
    bench().run(op).called_nobody().refused(Code::NotUnique, "expected was another");
}

#[test]
fn d47_an_instance_that_is_only_planned_is_refused_with_a_code() {
    let mut t = bench();
    t.config().instance("planned1").forthcoming();
    t.run(start("planned1")).called_nobody().refused(Code::WrongState, "only planned");
}

#[test]
fn an_instance_that_is_marked_offline_is_refused() {
    let mut t = bench();
    t.config().instance("web1").offline();
    t.run(start("web1")).called_nobody().refused(Code::WrongState, "instance 'web1' is marked offline");
}

#[test]
fn an_instance_that_is_marked_offline_is_refused_by_force_as_well() {
    let mut t = bench();
    t.config().instance("web1").offline();
    t.run(InstanceStartup { force: true, ..start("web1") }).refused(Code::WrongState, "marked offline");
}

#[test]
fn an_offline_primary_node_is_refused() {
    let mut t = bench();
    t.config().node("node2").offline();
    t.run(start("db1")).called_nobody().refused(Code::WrongState, "node node2 is marked offline");
}

#[test]
fn force_does_not_make_up_for_an_offline_primary_node() {
    let mut t = bench();
    t.config().node("node2").offline();
    t.run(InstanceStartup { force: true, ..start("db1") }).refused(Code::WrongState, "marked offline");
}

/// No answer that helps, in each way there is, to a question of the check: refused, and nothing was changed.
#[track_caller]
fn refused_without_answer<Q: Question>(op: &InstanceStartup, part: &str) {
    let ways: [fn(&mut LuTest); 3] = [
        |t| {
            t.rpc().on::<Q>().node("node1").fails("no such luck");
        },
        |t| {
            t.rpc().on::<Q>().node("node1").unreachable();
        },
        |t| {
            t.rpc().on::<Q>().node("node1").offline();
        },
    ];
    for way in ways {
        let mut t = bench();
        way(&mut t);
        t.run(op.clone()).changed_nothing().no_hooks().refused(Code::Environment, part);
    }
}

#[test]
fn bridges_that_a_node_does_not_tell_of_are_refused() {
    refused_without_answer::<BridgesExist>(&start("web1"), "bridges are missing on node node1");
}

#[test]
fn a_state_that_a_node_does_not_tell_is_refused() {
    refused_without_answer::<InstanceInfo>(&start("web1"), "cannot tell whether instance 'web1' runs");
}

#[test]
fn memory_that_a_node_does_not_tell_of_is_refused() {
    refused_without_answer::<NodeInfo>(&start("web1"), "cannot look at the memory of node node1");
}

#[test]
fn a_state_that_is_none_is_refused() {
    let mut t = bench();
    t.rpc().on::<InstanceInfo>().replies_raw(json!("yes"));
    t.run(start("web1")).refused(Code::Environment, "malformed answer");
}

#[test]
fn d113_a_node_that_tells_of_no_hypervisor_is_refused() {
    let mut t = bench();
    t.rpc().on::<NodeInfo>().replies_raw(json!(["boot", [], []]));
    t.run(start("web1")).refused(Code::Environment, "tells no number for its free memory");
}

#[test]
fn a_node_with_less_memory_than_the_least_is_refused() {
    let mut t = bench();
    t.config().instance("web1").memory(MiB(512), MiB(1024));
    t.rpc().on::<NodeInfo>().node("node1").replies(free_memory(MiB(511)));
    t.run(start("web1")).refused(Code::InsufficientResources, "needed are 512 MiB, free are 511 MiB");
}

#[test]
fn a_node_with_just_the_least_memory_will_do() {
    let mut t = bench();
    t.config().instance("web1").memory(MiB(512), MiB(1024));
    t.rpc().on::<NodeInfo>().node("node1").replies(free_memory(MiB(512)));
    t.run(start("web1")).succeeded();
}

#[test]
fn a_refused_start_runs_no_hooks() {
    let mut t = bench();
    t.rpc().on::<NodeInfo>().node("node1").replies(free_memory(MiB(0)));
    t.run(start("web1")).no_hooks().refused(Code::InsufficientResources, "node1");
}

// -- other options

#[test]
fn no_remember_leaves_the_wanted_state_as_it_is() {
    bench()
        .run(InstanceStartup { no_remember: true, ..start("web1") })
        .called::<InstanceStart>()
        .changed(["instances[web1].disks_active: false -> true"])
        .succeeded();
}

#[test]
fn startup_paused_reaches_the_node() {
    bench()
        .run(InstanceStartup { startup_paused: true, ..start("web1") })
        .called_with::<InstanceStart>("startup_paused", |call| call.startup_paused)
        .succeeded();
}

#[test]
fn it_is_not_paused_unless_asked_for() {
    bench()
        .run(start("web1"))
        .called_with::<InstanceStart>("startup_paused off", |call| !call.startup_paused)
        .succeeded();
}

#[test]
fn the_reason_reaches_the_node() {
    let reason = vec![json!(["user", "night shift", 1])];
    let common = Common { reason: reason.clone(), ..Common::default() };
    bench()
        .run(InstanceStartup { common, ..start("web1") })
        .called_with::<InstanceStart>("the reason", move |call| call.reason == reason)
        .succeeded();
}

#[test]
fn a_dry_run_starts_nothing() {
    let common = Common { dry_run: true, ..Common::default() };
    bench()
        .run(InstanceStartup { common, ..start("web1") })
        .changed_nothing()
        .never_called::<BlockdevAssemble>()
        .never_called::<InstanceStart>()
        .returned(());
}

#[test]
fn a_dry_run_refuses_what_the_run_would() {
    let common = Common { dry_run: true, ..Common::default() };
    let mut t = bench();
    t.rpc().on::<NodeInfo>().node("node1").replies(free_memory(MiB(0)));
    t.run(InstanceStartup { common, ..start("web1") }).refused(Code::InsufficientResources, "node1");
}

// -- an offline primary node that is to be ignored

fn on_an_offline_node() -> (LuTest, InstanceStartup) {
    let mut t = bench();
    t.config().node("node2").offline();
    (t, InstanceStartup { ignore_offline_nodes: true, ..start("db1") })
}

#[test]
fn on_an_offline_node_that_is_ignored_it_is_only_marked_as_up() {
    let (mut t, op) = on_an_offline_node();
    t.run(op)
        .never_called::<InstanceStart>()
        .changed(["instances[db1].admin_state: down -> up", "instances[db1].disks_active: false -> true"])
        .returned(());
}

#[test]
fn an_offline_node_that_is_ignored_is_warned_about() {
    let (mut t, op) = on_an_offline_node();
    t.run(op).warned("the primary node node2 is offline, which is ignored").succeeded();
}

#[test]
fn on_an_offline_node_no_question_is_asked() {
    let (mut t, op) = on_an_offline_node();
    t.run(op).never_called::<InstanceInfo>().never_called::<BridgesExist>().never_called::<NodeInfo>().succeeded();
}

#[test]
fn on_an_offline_node_parameters_have_no_effect_which_is_warned_about() {
    let (mut t, op) = on_an_offline_node();
    let op = InstanceStartup { beparams: params(&json!({"vcpus": 3})), ..op };
    t.run(op).warned("parameters for this start have no effect").succeeded();
}

#[test]
fn on_an_offline_node_without_parameters_there_is_no_warning_about_them() {
    let (mut t, op) = on_an_offline_node();
    let judged = t.run(op).succeeded();
    assert_eq!(judged.log().iter().filter(|(kind, _)| *kind == LogKind::Warning).count(), 1);
}

#[test]
fn on_an_offline_node_with_no_remember_nothing_is_changed() {
    let (mut t, op) = on_an_offline_node();
    t.run(InstanceStartup { no_remember: true, ..op })
        .changed_nothing()
        .logged(LogKind::Info, "the primary node is offline: nothing is started there")
        .succeeded();
}

#[test]
fn ignoring_offline_nodes_changes_nothing_where_the_node_is_online() {
    let op = InstanceStartup { ignore_offline_nodes: true, ..start("web1") };
    bench().run(op).called::<InstanceStart>().never_warned().succeeded();
}

#[test]
fn an_instance_marked_offline_is_refused_on_an_offline_node_too() {
    let (mut t, op) = on_an_offline_node();
    t.config().instance("db1").offline();
    t.run(op).refused(Code::WrongState, "instance 'db1' is marked offline");
}

// -- odd clusters

#[test]
fn web1_of_every_odd_cluster_is_started() {
    on_odd_clusters(|mut t| drop(t.run(start("web1")).called_on::<InstanceStart>(["node1"]).succeeded()));
}

#[track_caller]
fn starts(config: MockConfig, name: &str, assembled: usize) {
    LuTest::with(config)
        .run(start(name))
        .called_times::<BlockdevAssemble>(assembled)
        .called::<InstanceStart>()
        .succeeded();
}

#[test]
fn a_disk_that_is_not_mirrored_comes_up_on_one_node_in_two_passes() {
    let stored =
        [("file1", 2), ("shared1", 2), ("gluster1", 2), ("ext1", 2), ("rbd1", 2), ("block1", 2), ("diskless1", 0)];
    for (name, assembled) in stored {
        let every_storage = clusters::odd().into_iter().find(|(name, _)| *name == "every storage");
        starts(every_storage.expect("it is in the list").1, name, assembled);
    }
}

#[test]
fn an_instance_on_a_drained_node_is_started() {
    let mut t = bench();
    t.config().node("node2").drained();
    t.run(start("db1")).called_on::<InstanceStart>(["node2"]).succeeded();
}

#[test]
fn an_instance_without_interfaces_needs_no_bridges() {
    let mut t = bench();
    t.config().instance("web1").no_nics();
    t.run(start("web1")).never_called::<BridgesExist>().succeeded();
}

#[test]
fn the_state_is_asked_with_the_parameters_of_the_cluster() {
    let mut t = bench();
    t.config().hvparam("kvm", "migration_port", 8111);
    t.run(start("web1"))
        .called_with::<InstanceInfo>("the cluster's port", |call| call.hvparams["migration_port"] == 8111)
        .succeeded();
}
