//! What a bench is: a cluster of its own for each run, what other jobs do and hold meanwhile, and the shortest test.

use cmdlib::error::Code;
use cmdlib::rpc::{InstanceStart, NodeInfo};
use expect_test::expect;
use testlib::Level::{Instance, Network, Node, NodeGroup, NodeRes};
use testlib::{LuTest, MiB, exclusive, executing, free_memory, granted};

use super::golden::golden;
use super::units::{How, bench, care};

// -- the test that the README shows

fn a_full_node() -> testlib::LuRun {
    let mut t = LuTest::three_nodes_five_instances();
    t.rpc().on::<NodeInfo>().node("node1").replies(free_memory(MiB(64)));
    t.run(cmdlib::op::InstanceStartup::new("web1"))
}

#[test]
fn a_full_node_refuses_the_start() {
    a_full_node()
        .locked([exclusive(Instance, "web1"), exclusive(NodeRes, "node1")])
        .never_called::<InstanceStart>()
        .refused(Code::InsufficientResources, "node1");
}

#[test]
fn its_report_when_the_test_is_wrong() {
    golden(
        || a_full_node().called::<InstanceStart>().succeeded(),
        expect![[r#"
            panicked at here:+1
            InstanceStartup(web1): wanted success, got refused (insufficient_resources): node node1 has not enough memory for instance 'web1': needed are 128 MiB, free are 64 MiB
              it ended in phase 'check', after step 7
              1. a call was not made
                   wanted   instance_start   (here:+1)
                   got      bridges_exist() @node1 in step 5
                   got      instance_info() @node1 in step 6
                   got      node_info() @node1 in step 7
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    instance/web1 exclusive
              3 locks      lock    node-res/node1 exclusive
              4 locks      start   all locks are held
              5 check      call    bridges_exist() @node1   [lu/instance/startup.rs]
              6 check      call    instance_info() @node1   [lu/instance/startup.rs]
              7 check      call    node_info() @node1   [lu/instance/startup.rs]
        "#]],
    );
}

// -- each run has a cluster of its own

#[test]
fn a_run_leaves_the_cluster_of_the_bench_as_it_was() {
    let mut t = bench();
    t.run(care(How::Well)).changed(["nodes[node2].tags: [] -> [\"fed\"]"]).succeeded();
    t.run(care(How::Well)).changed(["nodes[node2].tags: [] -> [\"fed\"]"]).succeeded();
}

#[test]
fn the_bench_can_be_changed_between_runs() {
    let mut t = bench();
    t.run(care(How::Well)).succeeded();
    t.config().node("node2").tag("fed");
    t.run(care(How::Well)).changed_nothing().succeeded();
}

// -- what other jobs do

#[test]
fn another_job_comes_when_a_lock_is_granted() {
    let mut t = bench();
    t.when(granted(Node), |cluster| drop(cluster.node("node2").tag("fed")));
    t.run(care(How::Well)).changed_nothing().succeeded();
}

#[test]
fn another_job_is_told_in_the_journal() {
    let fails = || {
        let mut t = bench();
        t.when(granted(Node), |cluster| drop(cluster.node("node2").tag("theirs")));
        t.run(care(How::Sharing)).failed("x")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): wanted failed: ..x.., got success: null
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      another nodes[node2].tags: [] -> ["theirs"]
          3 locks      lock    node/node2 exclusive
          4 locks      start   all locks are held
          5 exec       share   node/node2 shared
          6 exec       call    pet_feed() @node2   [bench/units.rs]
    "#]],
    );
}

#[test]
fn another_job_that_never_came_fails() {
    let fails = || {
        let mut t = bench();
        t.when(granted(NodeGroup), |cluster| drop(cluster.node("node2").tag("theirs")));
        t.run(care(How::Well)).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): success: null, but not as it should be
          1. the moment to interfere never came
               wanted   locks of level nodegroup granted   (here:-3)
               got      no lock of that level was granted
        changes
          nodes[node2].tags: [] -> ["fed"]
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       call    pet_feed() @node2   [bench/units.rs]
          5 exec       config  nodes[node2].tags: [] -> ["fed"]   [bench/units.rs]
    "#]],
    );
}

#[test]
fn another_job_may_come_when_the_execution_begins() {
    let mut t = bench();
    t.when(executing(), |cluster| drop(cluster.node("node2").tag("theirs")));
    let run = t.run(care(How::Well)).succeeded();
    let journal = run.journal().to_string();
    let line = |text: &str| journal.lines().position(|line| line.contains(text)).unwrap();
    assert_eq!(line("another nodes[node2].tags"), line("start   all locks are held") + 1, "{journal}");
    assert_eq!(line("call    pet_feed()"), line("another nodes[node2].tags") + 1, "{journal}");
}

#[test]
fn another_job_that_waits_for_an_execution_that_never_begins_fails() {
    let fails = || {
        let mut t = bench();
        t.when(executing(), |cluster| drop(cluster.node("node2").tag("theirs")));
        t.run(care(How::Refusing)).refused(Code::WrongState, "not hungry")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): refused (wrong_state): the pet is not hungry, but not as it should be
          1. the moment to interfere never came
               wanted   the execution begins   (here:-3)
               got      nothing was executed
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    instance/web1 exclusive, node/node2 exclusive
          3 locks      start   all locks are held
          4 check      call    pet_look() @node2   [bench/units.rs]
    "#]],
    );
}

#[test]
fn another_job_does_not_come_to_the_next_run() {
    let mut t = bench();
    t.when(granted(Node), |cluster| _ = cluster.remove_instance("web1"));
    t.run(care(How::Well)).succeeded();
    t.run(care(How::NotAtAll)).succeeded();
}

#[test]
fn two_other_jobs_come_in_the_order_of_the_levels() {
    let mut t = bench();
    t.when(granted(Node), |cluster| drop(cluster.node("node2").tag("second")));
    t.when(granted(Instance), |cluster| drop(cluster.node("node2").tag("first")));
    let judged = t.run(care(How::Refusing)).refused(Code::WrongState, "hungry");
    let story = judged.journal().to_string();
    let place = |text: &str| story.find(text).unwrap_or_else(|| panic!("{text} is not in\n{story}"));
    assert!(place("[] -> [\"first\"]") < place("[\"first\"] -> [\"first\",\"second\"]"));
}

// -- what other jobs hold

#[test]
fn a_lock_that_is_taken_is_not_waited_for_for_ever() {
    let mut t = bench();
    t.locks().taken(Node, "node2");
    t.run(care(How::Well)).locked([exclusive(Node, "node2")]).called_nobody().lock_timed_out();
}

#[test]
fn the_whole_level_is_not_free_while_one_of_it_is_taken() {
    let mut t = bench();
    t.locks().taken(Node, "node3");
    t.run(care(How::WholeLevel)).lock_timed_out();
}

#[test]
fn a_lock_that_is_taken_does_not_matter_to_others() {
    let mut t = bench();
    t.locks().taken(Node, "node3");
    t.run(care(How::Well)).succeeded();
}

#[test]
fn whoever_takes_what_is_free_goes_without_it() {
    let mut t = bench();
    t.locks().taken(Node, "node3");
    t.run(care(How::AsFree)).story(expect![[r#"
          1 locks      lock    cluster/BGL shared
          2 locks      lock    at least 1 of node/node1 exclusive, node/node2 exclusive, node/node3 exclusive: got node/node1 exclusive, node/node2 exclusive
          3 locks      start   all locks are held
    "#]]).succeeded();
}

#[test]
fn too_little_that_is_free_times_out() {
    let mut t = bench();
    t.locks().taken(Node, "node1").taken(Node, "node2").taken(Node, "node3");
    t.run(care(How::AsFree)).lock_timed_out();
}

#[test]
fn what_is_taken_is_free_again_in_the_next_run() {
    let mut t = bench();
    t.locks().taken(Node, "node2");
    t.run(care(How::Well)).lock_timed_out();
    t.run(care(How::Well)).succeeded();
}

#[test]
fn taking_what_does_not_exist_is_a_mistake() {
    let at = line!() + 3;
    let failed = testlib::failure_of(|| {
        let mut t = bench();
        t.locks().taken(Network, "net1");
        drop(t.run(care(How::Well)).succeeded());
    });
    let told = format!("runs.rs:{at}: there is no network 'net1' (there are: none)");
    assert!(failed.message.ends_with(&told), "{}", failed.message);
}
