//! `TestDelay`: who waits, how long and how often, under which locks, and what ends it.

use std::rc::Rc;

use cmdlib::error::Code;
use cmdlib::host::Waited;
use cmdlib::op::{Common, TestDelay};
use cmdlib::rpc::{self, Trouble};
use serde_json::{Value, json};
use testlib::Level::Node;
use testlib::{LogKind, LuTest, MockClock, MockDoorbell, clusters, exclusive, granted};

/// Two seconds on the master.
fn delay() -> TestDelay {
    TestDelay::new(2.0)
}

/// Two seconds on nodes, without the master.
fn on<const N: usize>(nodes: [&str; N]) -> TestDelay {
    TestDelay { on_master: false, on_nodes: nodes.iter().map(|node| (*node).into()).collect(), ..delay() }
}

fn interruptible(repeat: u64) -> TestDelay {
    TestDelay { interruptible: true, repeat, ..delay() }
}

/// A socket to which somebody connects and which is then left alone.
fn connects(bell: &mut MockDoorbell, after_seconds: f64, clock: &Rc<MockClock>) {
    bell.expect_open().returning(|| Ok("/run/bell".to_owned()));
    bell.expect_close().return_const(());
    let clock = Rc::clone(clock);
    bell.expect_accept().returning_st(move |_| {
        clock.advance(after_seconds);
        Waited::Reached
    });
}

// -- who waits

#[test]
fn the_master_is_called_like_any_other_node() {
    LuTest::three_nodes().run(delay()).called_on::<rpc::TestDelay>(["node1"]).returned(Value::Null);
}

#[test]
fn the_nodes_that_are_named_wait() {
    LuTest::three_nodes().run(on(["node2", "node3"])).called_on::<rpc::TestDelay>(["node2", "node3"]).succeeded();
}

#[test]
fn nodes_and_master_wait_together() {
    let op = TestDelay { on_master: true, ..on(["node2"]) };
    let run = LuTest::three_nodes().run(op);
    run.called_times::<rpc::TestDelay>(1).called_on::<rpc::TestDelay>(["node1", "node2"]).succeeded();
}

// The reference dies of an assertion.
#[test]
fn a_node_that_is_named_twice_waits_once() {
    let judged = LuTest::three_nodes().run(on(["node2", "node2.example.com"])).succeeded();
    assert_eq!(judged.calls::<rpc::TestDelay>()[0].1, ["node2.example.com"]);
}

#[test]
fn the_master_waits_once_when_it_is_named_as_well() {
    let op = TestDelay { on_master: true, ..on(["node1"]) };
    let judged = LuTest::three_nodes().run(op).succeeded();
    assert_eq!(judged.calls::<rpc::TestDelay>()[0].1, ["node1.example.com"]);
}

#[test]
fn uuids_in_the_request_mean_nothing() {
    let mut t = LuTest::three_nodes();
    let id = t.config().id_of_node("node2");
    let op = TestDelay { on_node_uuids: Some(vec![id.as_str().into()]), ..delay() };
    t.run(op).called_on::<rpc::TestDelay>(["node1"]).succeeded();
}

#[test]
fn without_any_node_the_daemon_itself_waits() {
    let judged = LuTest::three_nodes().run(on([])).called_nobody().succeeded();
    assert!(judged.journal().to_string().contains("sleep   2 s"), "{}", judged.journal());
}

#[test]
fn a_node_that_does_not_exist_is_refused() {
    LuTest::three_nodes().run(on(["node9"])).called_nobody().refused(Code::UnknownEntity, "node9");
}

#[test]
fn a_node_that_vanished_meanwhile_is_refused_by_name() {
    let mut t = LuTest::three_nodes();
    t.when(granted(Node), |config| {
        config.remove_node("node3");
    });
    let op = TestDelay { no_locks: false, ..on(["node2", "node3"]) };
    t.run(op).called_nobody().refused(Code::UnknownEntity, "node3.example.com");
}

// -- how long

#[test]
fn nodes_are_told_how_long() {
    let run = LuTest::three_nodes().run(TestDelay::new(0.25));
    run.called_with::<rpc::TestDelay>("a quarter of a second", |call| call.duration == 0.25).succeeded();
}

#[test]
fn d15_no_time_at_all_is_wrong_input() {
    LuTest::new().run(TestDelay::new(0.0)).called_nobody().refused(Code::WrongInput, "`duration` is 0");
}

#[test]
fn d15_a_negative_time_is_wrong_input() {
    LuTest::new().run(TestDelay::new(-1.0)).called_nobody().refused(Code::WrongInput, "`duration` is -1");
}

#[test]
fn d15_no_time_is_refused_before_any_lock() {
    let op = TestDelay { no_locks: false, duration: 0.0, ..delay() };
    LuTest::new().run(op).locked_nothing().refused(Code::WrongInput, "duration");
}

#[test]
fn the_shortest_time_is_taken() {
    LuTest::new().run(TestDelay::new(f64::MIN_POSITIVE)).called::<rpc::TestDelay>().succeeded();
}

// -- how often

#[test]
fn without_repetition_it_happens_once_and_says_nothing() {
    let judged = LuTest::new().run(delay()).called_times::<rpc::TestDelay>(1).succeeded();
    assert_eq!(judged.log(), []);
}

#[test]
fn every_repetition_is_a_call_of_its_own() {
    LuTest::new().run(TestDelay { repeat: 3, ..delay() }).called_times::<rpc::TestDelay>(3).succeeded();
}

#[test]
fn every_repetition_is_told() {
    let judged = LuTest::new().run(TestDelay { repeat: 2, ..delay() }).succeeded();
    let told = ["round 0 of 0 to 1", "round 1 of 0 to 1"].map(|line| (LogKind::Info, line.to_owned()));
    assert_eq!(judged.log(), told);
}

#[test]
fn a_single_repetition_is_told_too() {
    let op = TestDelay { repeat: 1, ..delay() };
    LuTest::new().run(op).called_times::<rpc::TestDelay>(1).logged(LogKind::Info, "round 0 of 0 to 0").succeeded();
}

// -- locks

#[test]
fn d14_without_locks_nothing_is_locked() {
    let op = TestDelay { no_locks: true, on_master: true, ..on(["node2"]) };
    LuTest::three_nodes().run(op).locked_nothing().succeeded();
}

#[test]
fn d14_without_locks_is_the_default() {
    LuTest::three_nodes().run(delay()).locked_nothing().succeeded();
}

#[test]
fn with_locks_each_node_that_waits_is_locked_the_master_too() {
    let op = TestDelay { no_locks: false, on_master: true, ..on(["node3"]) };
    let locks = || [exclusive(Node, "node1"), exclusive(Node, "node3")];
    LuTest::three_nodes().run(op).locked(locks()).held_during::<rpc::TestDelay>(locks()).succeeded();
}

#[test]
fn with_locks_and_without_nodes_nothing_is_locked() {
    LuTest::three_nodes().run(TestDelay { no_locks: false, ..on([]) }).locked_nothing().succeeded();
}

#[test]
fn with_locks_it_waits_for_those_who_have_the_node() {
    let mut t = LuTest::three_nodes();
    t.locks().taken(Node, "node2");
    t.run(TestDelay { no_locks: false, ..on(["node2"]) }).lock_timed_out();
}

// -- nodes that fail

#[test]
fn a_node_that_refuses_fails_the_run() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::TestDelay>().node("node3").fails("not now").on::<rpc::TestDelay>().healthy();
    t.run(on(["node2", "node3"])).failed("not now");
}

#[test]
fn the_failure_names_the_node() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::TestDelay>().node("node3").fails("not now").on::<rpc::TestDelay>().healthy();
    t.run(on(["node2", "node3"])).failed("node node3");
}

#[test]
fn a_node_that_does_not_answer_fails_the_run() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::TestDelay>().node("node2").unreachable();
    t.run(on(["node2"])).failed("connection timed out");
}

#[test]
fn whatever_a_node_answers_means_that_it_has_waited() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::TestDelay>().node("node2").replies_raw(json!({}));
    t.run(on(["node2"])).returned(Value::Null);
}

#[test]
fn an_offline_node_is_not_called() {
    let mut t = LuTest::three_nodes();
    t.config().node("node2").offline();
    t.run(on(["node2", "node3"])).called_on::<rpc::TestDelay>(["node3"]).failed("node2");
}

// R44 would have it a warning; the corpus has a failure.
#[test]
fn an_offline_node_fails_the_run() {
    let mut t = LuTest::three_nodes();
    t.config().node("node2").offline();
    t.run(on(["node2"])).failed("offline");
}

#[test]
fn a_failing_node_ends_the_repetitions() {
    let mut t = LuTest::new();
    t.rpc().on::<rpc::TestDelay>().times(2).answers(|round, _, _| match round {
        0 => Ok(Value::Null),
        _ => Err(Trouble::Refused("enough".to_owned())),
    });
    t.run(TestDelay { repeat: 3, ..delay() }).called_times::<rpc::TestDelay>(2).failed("enough");
}

// -- interruption

#[test]
fn what_can_be_interrupted_calls_nobody() {
    LuTest::three_nodes()
        .run(TestDelay { on_nodes: vec!["node2".into()], ..interruptible(0) })
        .called_nobody()
        .succeeded();
}

#[test]
fn what_can_be_interrupted_locks_like_all_else() {
    let op = TestDelay { no_locks: false, ..interruptible(0) };
    LuTest::three_nodes().run(op).locked([exclusive(Node, "node1")]).succeeded();
}

#[test]
fn the_path_of_the_socket_is_told() {
    LuTest::new().run(interruptible(0)).logged(LogKind::DelayTest, "/run/doorbell").returned(Value::Null);
}

#[test]
fn nobody_connects_for_as_long_as_was_asked() {
    let mut t = LuTest::new();
    t.doorbell(|bell, _| {
        bell.expect_open().returning(|| Ok("/run/bell".to_owned()));
        bell.expect_close().return_const(());
        bell.expect_accept().withf(|seconds| *seconds == 2.0).times(1).return_const(Waited::TimedOut);
    });
    t.run(interruptible(0)).returned(Value::Null);
}

#[test]
fn somebody_who_rings_ends_the_repetitions() {
    let mut t = LuTest::new();
    t.doorbell(|bell, clock| {
        connects(bell, 0.5, clock);
        bell.expect_receive().times(1).return_const(Waited::Reached);
    });
    let judged = t.run(interruptible(3)).returned(Value::Null);
    assert!(!judged.log().iter().any(|(_, text)| text.contains("round 1")), "{:?}", judged.log());
}

#[test]
fn somebody_who_connects_and_does_not_ring_has_the_rest_of_the_time() {
    let mut t = LuTest::new();
    t.doorbell(|bell, clock| {
        connects(bell, 0.5, clock);
        bell.expect_receive().withf(|seconds| *seconds == 1.5).times(1).return_const(Waited::TimedOut);
    });
    t.run(interruptible(0)).returned(Value::Null);
}

#[test]
fn somebody_who_connects_and_does_not_ring_interrupts_nothing() {
    let mut t = LuTest::new();
    t.doorbell(|bell, clock| {
        connects(bell, 0.5, clock);
        bell.expect_receive().times(3).return_const(Waited::TimedOut);
    });
    t.run(interruptible(3)).logged(LogKind::Info, "round 2").returned(Value::Null);
}

#[test]
fn d16_a_connection_in_the_last_moment_is_no_error() {
    let mut t = LuTest::new();
    t.doorbell(|bell, clock| {
        connects(bell, 2.5, clock);
        bell.expect_receive().withf(|seconds| *seconds == 0.0).times(1).return_const(Waited::TimedOut);
    });
    t.run(interruptible(0)).returned(Value::Null);
}

#[test]
fn the_socket_is_closed_whoever_came() {
    let mut t = LuTest::new();
    t.doorbell(|bell, _| {
        bell.expect_open().returning(|| Ok("/run/bell".to_owned()));
        bell.expect_accept().return_const(Waited::TimedOut);
        bell.expect_close().times(2).return_const(());
    });
    t.run(interruptible(2)).succeeded();
}

#[test]
fn a_socket_that_can_not_be_opened_fails_the_run() {
    let mut t = LuTest::new();
    t.doorbell(|bell, _| {
        bell.expect_open().returning(|| Err("no room in /run".to_owned()));
    });
    t.run(interruptible(0)).failed("no room in /run");
}

// -- around it

#[test]
fn no_hooks_run() {
    LuTest::three_nodes().run(delay()).no_hooks().succeeded();
}

#[test]
fn the_configuration_stays_as_it_is() {
    LuTest::three_nodes().run(delay()).changed_nothing().succeeded();
}

#[test]
fn in_a_dry_run_nobody_waits() {
    let common = Common { dry_run: true, ..Common::default() };
    let judged = LuTest::three_nodes().run(TestDelay { common, ..on([]) }).succeeded();
    assert!(!judged.journal().to_string().contains("sleep"), "{}", judged.journal());
}

#[test]
fn in_a_dry_run_no_node_is_called() {
    let common = Common { dry_run: true, ..Common::default() };
    LuTest::three_nodes().run(TestDelay { common, ..delay() }).called_nobody().succeeded();
}

#[test]
fn in_every_odd_cluster_the_master_can_wait() {
    for (_, config) in clusters::odd() {
        LuTest::with(config).run(delay()).called_on::<rpc::TestDelay>(["node1"]).succeeded();
    }
}
