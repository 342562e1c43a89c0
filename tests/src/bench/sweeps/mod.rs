//! Sweeps of one opcode: what they try, what they find, what they say.

mod interference;
mod tables;
mod units;

use cmdlib::error::Code;
use cmdlib::op as real;
use cmdlib::rpc::{FileStorageDirCreate, InstanceInfo, InstanceStart, NodeInfo, TestDelay, Untyped};
use expect_test::expect;
use serde_json::json;
use testlib::sweep::{Fault, Outcome, Point};
use testlib::{HookPhase, LuTest, MiB, failure_of, free_memory};

use self::units::{UNITS, op};
use super::golden::golden;

fn bench() -> LuTest {
    LuTest::three_nodes_five_instances().units(UNITS)
}

/// What a sweep says that finds something.
fn found(sweep: impl FnOnce()) -> String {
    failure_of(sweep).message
}

#[test]
fn a_sweep_shows_what_became_of_each_fault_at_each_point() {
    let mut t = LuTest::three_nodes_five_instances();
    let matrix = t.fault_sweep(real::InstanceShutdown::new("web1")).holds();
    expect![[r#"
        InstanceShutdown(web1): 20 faults at 4 points, 0 in clean-ups
          phase       point                     refused  offline    unreachable  lost reply  malformed  script fails
          pre hooks   pre hooks @node1          warned   succeeded  warned       -           warned     hooks aborted
          exec        instance_shutdown @node1  failed   failed     failed       failed      succeeded  -
          exec        blockdev_shutdown @node1  failed   failed     failed       failed      succeeded  -
          post hooks  post hooks @node1         warned   succeeded  warned       -           warned     warned
    "#]]
    .assert_eq(&matrix.to_string());
    assert_eq!((matrix.points(), matrix.runs()), (4, 20));
}

#[test]
fn a_matrix_is_there_as_json() {
    let mut t = LuTest::three_nodes();
    let op = real::TagsSet::new(real::TagKind::Cluster, ["odd"]);
    expect![[r#"{"sweep":"TagsSet()","cases":[{"phase":"exec","point":"write","fault":"refused","outcome":"failed"}],"clean-ups":[],"alike":0,"violations":[]}"#]].assert_eq(&t.fault_sweep(op).holds().json().to_string());
}

#[test]
fn an_ignored_error_is_found_with_its_report_and_its_test() {
    golden(
        || bench().fault_sweep(op::Careless::new("node1")).holds(),
        expect![[r#"
            panicked at here:+1
            Careless(node1): 4 of 5 runs not as they should be
              1. test_delay @node1: refused
                 Careless(node1): success: null, but not as it should be
                   1. an answer was not usable, and nobody is told
                        got      test_delay @node1: refused; neither a new warning nor the result names it
                        hint     warn, or mark it in the result (R44, R49); where it does not matter, expect it with a reason
                 journal
                   1 locks      lock    cluster/BGL shared
                   2 locks      lock    node/node1 exclusive
                   3 locks      start   all locks are held
                   4 exec       call    test_delay() @node1: refused: a fault on purpose   [bench/sweeps/units.rs]
                 as an ordinary test
                   use cmdlib::rpc::TestDelay;
                   use testlib::sweep::{Fault, Point};
                   // in place of the sweep in tests/src/bench/sweeps/mod.rs
                   t.inject(Point::call::<TestDelay>().node("node1"), Fault::Refused);
                   t.run_json(&serde_json::json!({"OP_ID":"OP_CARELESS","node_name":"node1"})).failed("node1");
              2. test_delay @node1: lost reply
                 Careless(node1): success: null, but not as it should be
                   1. an answer was not usable, and nobody is told
                        got      test_delay @node1: lost reply; neither a new warning nor the result names it
                        hint     warn, or mark it in the result (R44, R49); where it does not matter, expect it with a reason
                 journal
                   1 locks      lock    cluster/BGL shared
                   2 locks      lock    node/node1 exclusive
                   3 locks      start   all locks are held
                   4 exec       call    test_delay() @node1: no answer: connection closed before the reply   [bench/sweeps/units.rs]
                 as an ordinary test
                   use cmdlib::rpc::TestDelay;
                   use testlib::sweep::{Fault, Point};
                   // in place of the sweep in tests/src/bench/sweeps/mod.rs
                   t.inject(Point::call::<TestDelay>().node("node1"), Fault::LostReply);
                   t.run_json(&serde_json::json!({"OP_ID":"OP_CARELESS","node_name":"node1"})).failed("node1");
              3. test_delay @node1: unreachable
                 Careless(node1): success: null, but not as it should be
                   1. an answer was not usable, and nobody is told
                        got      test_delay @node1: unreachable; neither a new warning nor the result names it
                        hint     warn, or mark it in the result (R44, R49); where it does not matter, expect it with a reason
                 journal
                   1 locks      lock    cluster/BGL shared
                   2 locks      lock    node/node1 exclusive
                   3 locks      start   all locks are held
                   4 exec       call    test_delay() @node1: no answer: connection timed out   [bench/sweeps/units.rs]
                 as an ordinary test
                   use cmdlib::rpc::TestDelay;
                   use testlib::sweep::{Fault, Point};
                   // in place of the sweep in tests/src/bench/sweeps/mod.rs
                   t.inject(Point::call::<TestDelay>().node("node1"), Fault::Unreachable);
                   t.run_json(&serde_json::json!({"OP_ID":"OP_CARELESS","node_name":"node1"})).failed("node1");
              4. test_delay @node1: offline
                 Careless(node1): success: null, but not as it should be
                   1. an answer was not usable, and nobody is told
                        got      test_delay @node1: offline; neither a new warning nor the result names it
                        hint     warn, or mark it in the result (R44, R49); where it does not matter, expect it with a reason
                 journal
                   1 locks      lock    cluster/BGL shared
                   2 locks      lock    node/node1 exclusive
                   3 locks      start   all locks are held
                   4 exec       call    test_delay() @node1: the node is marked offline   [bench/sweeps/units.rs]
                 as an ordinary test
                   use cmdlib::rpc::TestDelay;
                   use testlib::sweep::{Fault, Point};
                   // in place of the sweep in tests/src/bench/sweeps/mod.rs
                   t.inject(Point::call::<TestDelay>().node("node1"), Fault::Offline);
                   t.run_json(&serde_json::json!({"OP_ID":"OP_CARELESS","node_name":"node1"})).failed("node1");
            Careless(node1): 5 faults at 1 point, 0 in clean-ups
              phase  point              refused    offline    unreachable  lost reply  malformed
              exec   test_delay @node1  succeeded  succeeded  succeeded    succeeded   succeeded

        "#]],
    );
}

#[test]
fn an_expected_outcome_is_no_finding() {
    let silent = "nobody cares whether the node waits";
    bench()
        .fault_sweep(op::Careless::new("node1"))
        .expecting(Point::call::<TestDelay>().node("node1"), Outcome::Succeeded, silent)
        .holds();
}

#[test]
fn an_expected_outcome_of_one_fault_leaves_the_others_to_the_rules() {
    let message = found(|| {
        let point = Point::call::<TestDelay>().nth(1);
        let sweep = &mut bench();
        sweep
            .fault_sweep(op::Careless::new("node1"))
            .expecting((point, Fault::Offline), Outcome::Succeeded, "an offline node need not wait")
            .holds();
    });
    assert!(message.starts_with("Careless(node1): 3 of 5 runs not as they should be\n"), "{message}");
}

#[test]
fn another_outcome_than_the_expected_one_is_found() {
    golden(
        || {
            bench()
                .fault_sweep(op::Hiding::new("node1"))
                .expecting((Point::call::<TestDelay>(), Fault::LostReply), Outcome::Warned, "it has waited")
                .holds()
        },
        expect![[r#"
            panicked at here:+5
            Hiding(node1): 2 of 6 runs not as they should be
              1. test_delay @node1: refused; then write: refused
                 Hiding(node1): failed: the configuration could not be stored: a fault on purpose, but not as it should be
                   1. a fault in the clean-up hides the first error (R27)
                        got      failed: the configuration could not be stored: a fault on purpose
                        got      without it: failed: node node1, call test_delay: a fault on purpose
                        hint     what fails in a clean-up is a warning
                 journal
                   1 locks      lock    cluster/BGL shared
                   2 locks      lock    node/node1 exclusive
                   3 locks      start   all locks are held
                   4 exec       call    test_delay() @node1: refused: a fault on purpose   [bench/sweeps/units.rs]
                 as an ordinary test
                   use cmdlib::rpc::TestDelay;
                   use testlib::sweep::{Fault, Point};
                   // in place of the sweep in tests/src/bench/sweeps/mod.rs
                   t.inject(Point::call::<TestDelay>().node("node1"), Fault::Refused);
                   t.inject(Point::write(), Fault::Refused);
                   t.run_json(&serde_json::json!({"OP_ID":"OP_HIDING","node_name":"node1"})).failed("node1");
              2. test_delay @node1: lost reply
                 Hiding(node1): failed: node node1, call test_delay: no answer: connection closed before the reply, but not as it should be
                   1. the sweep expects another outcome of this fault
                        wanted   warned (it has waited)   (here:+4)
                        got      failed
                 changes
                   nodes[node1].tags: [] -> ["tired"]
                 journal
                   1 locks      lock    cluster/BGL shared
                   2 locks      lock    node/node1 exclusive
                   3 locks      start   all locks are held
                   4 exec       call    test_delay() @node1: no answer: connection closed before the reply   [bench/sweeps/units.rs]
                   5 exec       config  nodes[node1].tags: [] -> ["tired"]   [bench/sweeps/units.rs]
                 as an ordinary test
                   use cmdlib::rpc::TestDelay;
                   use testlib::sweep::{Fault, Point};
                   // in place of the sweep in tests/src/bench/sweeps/mod.rs
                   t.inject(Point::call::<TestDelay>().node("node1"), Fault::LostReply);
                   t.run_json(&serde_json::json!({"OP_ID":"OP_HIDING","node_name":"node1"})).failed("node1");
            Hiding(node1): 5 faults at 1 point, 1 in clean-ups
              phase  point              refused  offline  unreachable  lost reply  malformed
              exec   test_delay @node1  failed   failed   failed       failed      succeeded

        "#]],
    );
}

#[test]
fn an_expectation_that_meets_nothing_is_found() {
    golden(
        || {
            LuTest::three_nodes_five_instances()
                .fault_sweep(real::InstanceShutdown::new("web1"))
                .expecting(Point::call::<InstanceStart>(), Outcome::Failed, "a shutdown starts nothing")
                .holds()
        },
        expect![[r#"
            panicked at here:+5
            InstanceShutdown(web1): 1 of 20 runs not as they should be
              1. instance_start @all   (here:+4)
                 failed (a shutdown starts nothing) is expected, but nothing in the sweep is like this (any more): take the expectation away
            InstanceShutdown(web1): 20 faults at 4 points, 0 in clean-ups
              phase       point                     refused  offline    unreachable  lost reply  malformed  script fails
              pre hooks   pre hooks @node1          warned   succeeded  warned       -           warned     hooks aborted
              exec        instance_shutdown @node1  failed   failed     failed       failed      succeeded  -
              exec        blockdev_shutdown @node1  failed   failed     failed       failed      succeeded  -
              post hooks  post hooks @node1         warned   succeeded  warned       -           warned     warned

        "#]],
    );
}

#[test]
fn what_is_left_behind_is_found() {
    let message = found(|| _ = bench().fault_sweep(op::Leaky::new("web1")).holds());
    assert!(message.contains("test_delay @node1: refused"), "{message}");
    assert!(message.contains("a failed run left something behind that it had set up"), "{message}");
    assert!(message.contains("got      blockdev_assemble of web1/disk0 @node1"), "{message}");
}

#[test]
fn what_has_no_instance_is_found_to_be_left_behind_as_well() {
    let op = op::Leaky { folder: true, ..op::Leaky::new("web1") };
    let mut t = bench();
    t.rpc().on::<FileStorageDirCreate>().any_times().replies(Untyped(json!(["/srv/web1"])));
    let message = found(|| _ = t.fault_sweep(op).holds());
    assert!(message.contains("got      file_storage_dir_create of \"/srv/web1\" @node1"), "{message}");
}

#[test]
fn a_reply_that_was_lost_counts_as_set_up() {
    let message = found(|| _ = bench().fault_sweep(op::Leaky::new("web1")).holds());
    assert!(message.contains("blockdev_assemble @node1: lost reply"), "{message}");
    assert!(!message.contains("blockdev_assemble @node1: refused"), "{message}");
}

#[test]
fn an_error_of_the_clean_up_in_the_place_of_the_first_one_is_found() {
    let message = found(|| _ = bench().fault_sweep(op::Hiding::new("node1")).holds());
    assert!(message.contains("test_delay @node1: refused; then write: refused"), "{message}");
    assert!(message.contains("a fault in the clean-up hides the first error (R27)"), "{message}");
}

#[test]
fn the_script_stays_in_force() {
    let mut t = LuTest::three_nodes_five_instances();
    t.rpc().on::<NodeInfo>().replies(free_memory(MiB(64)));
    // The learning run is refused for want of memory, and never starts anything.
    let matrix = t.fault_sweep(real::InstanceStartup::new("web1")).holds().to_string();
    assert!(!matrix.contains("instance_start"), "{matrix}");
    assert!(matrix.contains("node_info @node1"), "{matrix}");
}

#[test]
fn a_sweep_takes_the_script_with_it() {
    let mut t = LuTest::three_nodes_five_instances();
    t.rpc().on::<NodeInfo>().replies(free_memory(MiB(64)));
    t.fault_sweep(real::InstanceStartup::new("web1")).holds();
    t.run(real::InstanceStartup::new("web1")).succeeded();
}

#[test]
fn a_run_that_is_wrong_without_a_fault_is_found() {
    let message = found(|| {
        let mut t = LuTest::three_nodes_five_instances();
        t.rpc().on::<InstanceStart>().fails("never comes");
        t.fault_sweep(real::InstanceShutdown::new("web1")).holds();
    });
    assert!(message.contains("1. without any fault"), "{message}");
    assert!(message.contains("script not used up"), "{message}");
}

#[test]
fn a_sweep_that_is_never_judged_fails() {
    let message = found(|| drop(LuTest::three_nodes_five_instances().fault_sweep(real::InstanceShutdown::new("web1"))));
    assert!(message.ends_with("the sweep was never judged: end it with .holds()"), "{message}");
}

#[test]
fn an_injected_fault_takes_the_place_of_an_answer() {
    let mut t = LuTest::three_nodes_five_instances();
    t.rpc().on::<InstanceInfo>().healthy();
    t.inject(Point::call::<InstanceInfo>().node("node1"), Fault::Unreachable);
    t.run(real::InstanceStartup::new("web1")).refused(Code::Environment, "node1");
}

#[test]
fn injected_faults_of_hooks_are_those_of_their_phase() {
    let mut t = LuTest::three_nodes_five_instances();
    t.inject(Point::hooks(HookPhase::Pre).node("node1"), Fault::ScriptFails);
    t.run(real::InstanceStartup::new("web1")).hook_aborted("on purpose");
    t.inject(Point::hooks(HookPhase::Post).node("node1"), Fault::ScriptFails);
    t.run(real::InstanceStartup::new("web1")).warned("on purpose").succeeded();
}

#[test]
fn an_injected_fault_that_never_comes_is_a_finding() {
    golden(
        || {
            let mut t = LuTest::three_nodes_five_instances();
            t.inject(Point::call::<InstanceStart>().node("node1").nth(2), Fault::Refused);
            t.run(real::InstanceShutdown::new("web1")).succeeded()
        },
        expect![[r#"
            panicked at here:+4
            InstanceShutdown(web1): success: null, but not as it should be
              1. the fault never came
                   wanted   refused at instance_start @node1, call 2   (here:+3)
                   got      nothing like this was answered in the run, or not so often
                   hint     does the unit get there? is it a fault of this kind of answer? `t.fault_sweep(..)` lists what there is
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    instance/web1 exclusive
              3 locks      start   all locks are held
              4 pre hooks  hooks   instance-stop pre
              5 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
              6 exec       call    instance_shutdown(web1) @node1   [lu/instance/shutdown.rs]
              7 exec       call    blockdev_shutdown(web1) @node1   [lu/shared/disks.rs]
              8 post hooks hooks   instance-stop post
              9 post hooks call    hooks_runner() @node1   [processor/hooks.rs]
        "#]],
    );
}

#[test]
fn a_state_that_is_not_stored_fails_the_run() {
    let mut t = LuTest::three_nodes();
    t.inject(Point::write(), Fault::Refused);
    t.run(real::TagsSet::new(real::TagKind::Cluster, ["odd"])).failed("could not be stored");
}

#[test]
fn answers_are_spoilt_as_the_matrix_names_it() {
    let mut t = LuTest::three_nodes_five_instances();
    t.inject(Point::call::<NodeInfo>(), Fault::malformed("missing memory_free in [2][0]"));
    t.run(real::InstanceStartup::new("web1")).refused(Code::Environment, "no number for its free memory");
}
