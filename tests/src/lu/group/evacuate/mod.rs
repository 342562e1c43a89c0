//! Tests of `GroupEvacuate`. Here: what is moved and where to, refusals, who is asked, locks, hooks.

mod jobs;
mod meanwhile;
mod replies;

use cmdlib::error::Code;
use cmdlib::iallocator::{ChangeGroup, Request};
use cmdlib::op::{self, Any, NonEmpty, OpCode, ReplaceMode};
use cmdlib::rpc::{IallocatorRunner, NodeInfo};
use expect_test::expect;
use serde_json::{Value, json};
use testlib::Level::{Instance, Node, NodeGroup};
use testlib::{HookPhase, LockNamed, LogKind, LuRun, LuTest, MockConfig, all_shared, clusters, granted, shared};

const WEB1: &str = "web1.example.com";
const SPLIT1: &str = "split1.example.com";

/// Two groups: `web1` lies in `default` (`node1`, `node2`), `split1` across (`node2`, `node3`), `web2` in `rack-b` (`node3`,
/// `node4`). There is a default allocator.
fn bench() -> LuTest {
    let mut t = LuTest::with(clusters::two_groups());
    t.config().default_iallocator("hail");
    t
}

/// As `bench`, and a third group, `rack-c`, with `node5`.
fn three_groups() -> LuTest {
    let mut t = bench();
    t.config().group("rack-c");
    t.config().node("node5").group("rack-c");
    t
}

/// As `bench`, and a third group, `rack-c`, with nothing in it.
fn empty_third_group() -> LuTest {
    let mut t = bench();
    t.config().group("rack-c");
    t
}

/// Evacuates `default`, to all others.
fn evacuate() -> op::GroupEvacuate {
    op::GroupEvacuate::new("default")
}

fn to(targets: &[&str]) -> op::GroupEvacuate {
    op::GroupEvacuate { target_groups: Some(targets.iter().map(|it| (*it).into()).collect()), ..evacuate() }
}

fn asks(t: &mut LuTest, instances: &[&str], targets: &[&str]) -> Request {
    let targets = targets.iter().map(|name| t.config().id_of_group(name)).collect();
    ChangeGroup { instances: instances.iter().map(|it| (*it).to_owned()).collect(), targets }.into()
}

fn migrate(instance: &str) -> Any {
    op::InstanceMigrate::new(instance).into()
}

fn replace(instance: &str, node: &str) -> Any {
    let op = op::InstanceReplaceDisks::new(instance, ReplaceMode::NewSecondary);
    op::InstanceReplaceDisks { remote_node: Some(node.into()), ..op }.into()
}

/// Where the allocator sends the instances of `default` unless a test says otherwise.
const MOVES: [(&str, &str, &str); 2] = [("split1", "rack-b", "node4"), ("web1", "rack-b", "node3")];

/// Runs the opcode while the allocator finds a place for all, with these jobs.
#[track_caller]
fn run_with_jobs<const N: usize>(t: &mut LuTest, op: op::GroupEvacuate, jobs: [Vec<Any>; N]) -> LuRun {
    let reply = jobs.into_iter().fold(t.iallocator().on::<ChangeGroup>(), |reply, job| reply.job(job));
    reply.moves(MOVES);
    t.run(op)
}

/// Runs the opcode while the allocator finds a place for all.
#[track_caller]
fn run(t: &mut LuTest, op: op::GroupEvacuate) -> LuRun {
    t.iallocator().on::<ChangeGroup>().moves(MOVES);
    t.run(op)
}

/// The other job's change comes while locks of a level are waited for: the run is refused, and nobody was asked.
#[track_caller]
fn refused_after(
    mut t: LuTest,
    op: op::GroupEvacuate,
    level: testlib::Level,
    change: impl Fn(&mut MockConfig) + 'static,
    refusal: (Code, &str),
) {
    t.when(granted(level), change);
    t.run(op).called_nobody().refused(refusal.0, refusal.1);
}

// -- the whole story

#[test]
fn the_allocator_is_asked_between_the_hooks_and_its_jobs_are_submitted() {
    let mut t = bench();
    let run = run_with_jobs(
        &mut t,
        evacuate(),
        [
            vec![replace(SPLIT1, "node4.example.com"), migrate(SPLIT1)],
            vec![replace(WEB1, "node3.example.com"), migrate(WEB1), replace(WEB1, "node4.example.com")],
        ],
    );
    run.story(expect![[r#"
         1 locks      lock    cluster/BGL shared
         2 locks      lock    instance/split1 shared, instance/web1 shared
         3 locks      lock    nodegroup/(all) shared
         4 locks      lock    node/node1 shared, node/node2 shared, node/node3 shared, node/node4 shared
         5 locks      start   all locks are held
         6 pre hooks  hooks   group-evacuate pre
         7 pre hooks  call    hooks_runner() @node1, @node2
         8 exec       call    node_info() @node1, @node2, @node3, @node4
         9 exec       call    all_instances_info() @node1, @node2, @node3, @node4
        10 exec       ask     change-group of split1, web1 to rack-b
        11 exec       call    iallocator_runner() @node1
        12 exec       log     info: instances to be moved: split1 (to rack-b), web1 (to rack-b)
        13 exec       log     info: allocator 'hail' proposes 2 jobs to evacuate node group 'default'
        14 exec       job     OP_INSTANCE_REPLACE_DISKS(split1), OP_INSTANCE_MIGRATE(split1)
           exec       job     OP_INSTANCE_REPLACE_DISKS(web1), OP_INSTANCE_MIGRATE(web1), OP_INSTANCE_REPLACE_DISKS(web1)
        15 post hooks hooks   group-evacuate post
        16 post hooks call    hooks_runner() @node1, @node2
    "#]]).returned(json!({"jobs": [[true, 1001], [true, 1002]]}));
}

// -- which instances, and where to

#[test]
fn all_instances_with_a_node_in_the_group_are_moved() {
    let mut t = bench();
    let wanted = asks(&mut t, &[SPLIT1, WEB1], &["rack-b"]);
    run(&mut t, evacuate()).allocated([wanted]).succeeded();
}

#[test]
fn an_instance_that_has_only_its_mirror_in_the_group_is_moved() {
    let mut t = bench();
    let wanted = asks(&mut t, &[SPLIT1, "web2.example.com"], &["default"]);
    t.iallocator().on::<ChangeGroup>().moves([("split1", "default", "node1"), ("web2", "default", "node1")]);
    t.run(op::GroupEvacuate::new("rack-b")).allocated([wanted]).succeeded();
}

#[test]
fn without_targets_all_other_groups_are_targets() {
    let mut t = three_groups();
    let wanted = asks(&mut t, &[SPLIT1, WEB1], &["rack-b", "rack-c"]);
    run(&mut t, evacuate()).allocated([wanted]).succeeded();
}

#[test]
fn an_empty_list_of_targets_means_all_other_groups() {
    let mut t = three_groups();
    let wanted = asks(&mut t, &[SPLIT1, WEB1], &["rack-b", "rack-c"]);
    run(&mut t, to(&[])).allocated([wanted]).succeeded();
}

#[test]
fn only_the_targets_that_are_given_are_targets() {
    let mut t = three_groups();
    let wanted = asks(&mut t, &[SPLIT1, WEB1], &["rack-c"]);
    t.iallocator().on::<ChangeGroup>().moves([("split1", "rack-c", "node5"), ("web1", "rack-c", "node5")]);
    t.run(to(&["rack-c"])).allocated([wanted]).succeeded();
}

#[test]
fn targets_keep_their_order() {
    let mut t = three_groups();
    let wanted = asks(&mut t, &[SPLIT1, WEB1], &["rack-c", "rack-b"]);
    run(&mut t, to(&["rack-c", "rack-b"])).allocated([wanted]).succeeded();
}

#[test]
fn groups_may_be_given_by_uuid() {
    let mut t = three_groups();
    let (default, rack_b) = (t.config().id_of_group("default"), t.config().id_of_group("rack-b"));
    let wanted = asks(&mut t, &[SPLIT1, WEB1], &["rack-b"]);
    let op = op::GroupEvacuate { group_name: default.as_str().into(), ..to(&[rack_b.as_str()]) };
    run(&mut t, op).allocated([wanted]).succeeded();
}

#[test]
fn d83_h20_a_group_without_instances_needs_no_allocator() {
    let mut t = three_groups();
    let run = t.run(op::GroupEvacuate::new("rack-c"));
    run.allocated([]).never_called::<NodeInfo>().never_called::<IallocatorRunner>().returned(json!({"jobs": []}));
}

#[test]
fn d83_a_group_without_instances_has_its_hooks_nevertheless() {
    let run = three_groups().run(op::GroupEvacuate::new("rack-c"));
    run.hooks("group-evacuate", ["node1", "node5"], ["node1", "node5"]).succeeded();
}

#[test]
fn a_group_without_nodes_has_nothing_to_move() {
    let run = empty_third_group().run(op::GroupEvacuate::new("rack-c"));
    run.logged(LogKind::Info, "no instance").submitted_nothing().returned(json!({"jobs": []}));
}

#[test]
fn it_is_told_which_instances_move_where() {
    let part = "instances to be moved: split1 (to rack-b), web1 (to rack-b)";
    run(&mut bench(), evacuate()).logged(LogKind::Info, part).succeeded();
}

#[test]
fn it_is_told_how_many_jobs_there_are() {
    let part = "allocator 'hail' proposes 2 jobs to evacuate node group 'default'";
    run(&mut bench(), evacuate()).logged(LogKind::Info, part).succeeded();
}

#[test]
fn the_configuration_stays_as_it_is() {
    run(&mut bench(), evacuate()).changed_nothing().succeeded();
}

// -- refusals

#[test]
fn a_group_that_does_not_exist_is_refused() {
    bench().run(op::GroupEvacuate::new("rack-z")).locked_nothing().refused(Code::UnknownEntity, "rack-z");
}

#[test]
fn a_target_that_does_not_exist_is_refused() {
    bench().run(to(&["rack-b", "rack-z"])).locked_nothing().refused(Code::UnknownEntity, "rack-z");
}

#[test]
fn an_empty_name_is_refused() {
    let op = json!({"OP_ID": "OP_GROUP_EVACUATE", "group_name": ""});
    bench().run_json(&op).locked_nothing().refused(Code::WrongInput, "group_name");
}

#[test]
fn an_empty_target_is_refused() {
    let op = json!({"OP_ID": "OP_GROUP_EVACUATE", "group_name": "default", "target_groups": [""]});
    bench().run_json(&op).locked_nothing().refused(Code::WrongInput, "target_groups");
}

#[test]
fn a_group_is_not_its_own_target() {
    bench().run(to(&["rack-b", "default"])).locked_nothing().refused(Code::WrongInput, "evacuated to itself");
}

#[test]
fn a_group_is_not_its_own_target_by_uuid() {
    let mut t = bench();
    let own = t.config().id_of_group("default");
    t.run(to(&[own.as_str()])).locked_nothing().refused(Code::WrongInput, "evacuated to itself");
}

#[test]
fn where_there_is_no_other_group_there_is_no_target() {
    let mut t = LuTest::three_nodes_five_instances();
    t.config().default_iallocator("hail");
    t.run(evacuate()).called_nobody().refused(Code::WrongInput, "no other node group");
}

#[test]
fn without_any_allocator_it_is_refused() {
    let mut t = LuTest::with(clusters::two_groups());
    t.run(evacuate()).locked_nothing().refused(Code::WrongInput, "no allocator");
}

#[test]
fn d82_the_default_allocator_is_refused_where_there_is_none() {
    let mut t = LuTest::with(clusters::two_groups());
    let op = op::GroupEvacuate { iallocator: Some(".".into()), ..evacuate() };
    t.run(op).locked_nothing().refused(Code::WrongInput, "no allocator");
}

#[test]
fn a_lock_that_another_job_keeps_is_not_waited_for_beyond_the_limit() {
    for (level, name) in [(Instance, "split1"), (NodeGroup, "rack-b"), (Node, "node3")] {
        let mut t = bench();
        t.locks().taken(level, name);
        t.run(evacuate()).called_nobody().lock_timed_out();
    }
}

// -- which allocator

#[track_caller]
fn allocator_asked(iallocator: Option<&str>) -> String {
    let op = op::GroupEvacuate { iallocator: iallocator.map(NonEmpty::from), ..evacuate() };
    let judged = run(&mut bench(), op).called_on::<IallocatorRunner>(["node1"]).succeeded();
    judged.calls::<IallocatorRunner>()[0].0.name.clone()
}

#[test]
fn the_clusters_default_allocator_is_asked_on_the_master() {
    assert_eq!(allocator_asked(None), "hail");
}

#[test]
fn the_allocator_that_is_named_is_asked() {
    assert_eq!(allocator_asked(Some("ours")), "ours");
}

#[test]
fn d82_a_dot_stands_for_the_default_allocator() {
    assert_eq!(allocator_asked(Some(".")), "hail");
}

// -- locks

#[test]
fn d79_d80_without_targets_all_groups_and_all_their_nodes_are_locked() {
    let locks: [LockNamed; 8] = [
        shared(Instance, "web1"),
        shared(Instance, "split1"),
        all_shared(NodeGroup),
        shared(Node, "node1"),
        shared(Node, "node2"),
        shared(Node, "node3"),
        shared(Node, "node4"),
        shared(Node, "node5"),
    ];
    run(&mut three_groups(), evacuate()).locked(locks).succeeded();
}

#[test]
fn d79_d80_with_targets_they_and_the_group_are_locked_with_their_nodes() {
    let locks = [
        shared(Instance, "web1"),
        shared(Instance, "split1"),
        shared(NodeGroup, "default"),
        shared(NodeGroup, "rack-b"),
        shared(Node, "node1"),
        shared(Node, "node2"),
        shared(Node, "node3"),
        shared(Node, "node4"),
    ];
    run(&mut three_groups(), to(&["rack-b"])).locked(locks).succeeded();
}

#[test]
fn d79_d80_a_group_that_holds_only_a_mirror_of_an_instance_is_locked_too() {
    let mut t = three_groups();
    t.iallocator().on::<ChangeGroup>().moves([("split1", "rack-c", "node5"), ("web1", "rack-c", "node5")]);
    let locks = [shared(NodeGroup, "rack-b"), shared(Node, "node3"), shared(Node, "node4")];
    t.run(to(&["rack-c"])).locked_also(locks).succeeded();
}

#[test]
fn instances_that_have_nothing_in_the_group_are_not_locked() {
    run(&mut bench(), evacuate()).never_locked(Instance, "web2").succeeded();
}

#[test]
fn groups_and_nodes_that_have_no_part_in_it_are_not_locked() {
    let run = run(&mut three_groups(), to(&["rack-b"]));
    run.never_locked(NodeGroup, "rack-c").never_locked(Node, "node5").succeeded();
}

#[test]
fn locks_are_held_while_the_allocator_thinks() {
    let locks = [shared(Instance, "web1"), all_shared(NodeGroup), shared(Node, "node4")];
    run(&mut bench(), evacuate()).held_during::<IallocatorRunner>(locks).succeeded();
}

// -- hooks

#[test]
fn hooks_run_on_the_master_and_the_nodes_of_the_group() {
    let mut t = bench();
    t.iallocator().on::<ChangeGroup>().moves([("split1", "default", "node1"), ("web2", "default", "node1")]);
    let nodes = ["node1", "node3", "node4"];
    t.run(op::GroupEvacuate::new("rack-b")).hooks("group-evacuate", nodes, nodes).succeeded();
}

#[test]
fn d86_hooks_get_the_group_by_name_and_the_targets_by_uuid() {
    let mut t = three_groups();
    let targets = ["rack-b", "rack-c"].map(|name| t.config().id_of_group(name).to_string());
    let judged = run(&mut t, evacuate()).succeeded();
    for (call, _) in judged.calls::<cmdlib::rpc::HooksRunner>() {
        assert_eq!(call.env["GANETI_GROUP_NAME"], "default", "{}", call.phase);
        assert_eq!(call.env["GANETI_TARGET_GROUPS"], targets.join(" "), "{}", call.phase);
    }
}

#[test]
fn hooks_get_the_targets_that_were_asked_for() {
    let mut t = three_groups();
    let variables = [("GANETI_GROUP_NAME", "default"), ("GANETI_TARGET_GROUPS", "rack-b")];
    let run = run(&mut t, to(&["rack-b"]));
    run.hook_env(HookPhase::Pre, variables).hook_env(HookPhase::Post, variables).succeeded();
}

#[test]
fn a_script_that_fails_before_stops_it_and_nobody_is_asked() {
    let mut t = bench();
    t.hooks().pre_fails("node2", "10-check", "not on a friday");
    let run = t.run(evacuate());
    run.never_called::<NodeInfo>().submitted_nothing().hook_aborted("not on a friday");
}

#[test]
fn a_script_that_fails_after_is_a_warning() {
    let mut t = bench();
    t.hooks().post_fails("node2", "10-notify", "nobody is there");
    run(&mut t, evacuate()).warned("10-notify").succeeded();
}

#[test]
fn a_node_that_does_not_run_its_scripts_is_a_warning() {
    let mut t = bench();
    t.hooks().unreachable(HookPhase::Pre, "node2");
    run(&mut t, evacuate()).warned("node2").succeeded();
}

#[test]
fn no_hooks_run_after_a_failure() {
    let mut t = bench();
    t.iallocator().on::<ChangeGroup>().fails("full");
    t.run(evacuate()).hooks("group-evacuate", ["node1", "node2"], []).failed("full");
}

#[test]
fn a_dry_run_ends_after_the_first_hooks() {
    let mut op = evacuate();
    op.common_mut().dry_run = true;
    let run = bench().run(op);
    run.hooks("group-evacuate", ["node1", "node2"], []).allocated([]).submitted_nothing().returned(Value::Null);
}

#[test]
fn a_dry_run_refuses_what_a_real_one_refuses() {
    let mut op = to(&["default"]);
    op.common_mut().dry_run = true;
    bench().run(op).no_hooks().refused(Code::WrongInput, "evacuated to itself");
}
