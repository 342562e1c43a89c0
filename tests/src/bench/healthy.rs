//! What healthy nodes answer, what may go wrong with an answer, and whose script it is.

use expect_test::expect;
use testlib::LuTest;

use super::golden::golden;
use super::units::{How, PetFeed, PetLook, PetRiddle, UNITS, bench, care};

// -- what healthy nodes answer

#[test]
fn what_is_not_scripted_is_answered_by_healthy_nodes() {
    let mut t = bench();
    t.rpc().on::<PetLook>().any_times().fails("no pet");
    t.run(care(How::Well)).called::<PetFeed>().succeeded();
}

#[test]
fn the_rest_of_a_scripted_call_is_left_to_healthy_nodes() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().with(|call| call.grams == 25).fails("full").on::<PetFeed>().healthy();
    t.run(care(How::ThreeTimes)).failed("full");
}

#[test]
fn healthy_nodes_may_be_wanted_a_number_of_times() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetFeed>().times(2).healthy();
        t.run(care(How::Well)).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): success: null, but not as it should be
          1. script not used up
               wanted   2 calls of pet_feed   (here:-3)
               got      1 call
               hint     does the unit get there, and does it ask this node?
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
fn a_call_without_healthy_answer_fails() {
    golden(
        || LuTest::three_nodes().units(UNITS).run(care(How::ByLooking)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted success, got refused (environment_error): node node2, call pet_look: the test did not expect this call
              it ended in phase 'check', after step 3
              1. unexpected call
                   got      pet_look() @node2 in step 3
                   hint     healthy nodes have no answer to this call: script it
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
              3 check      call    pet_look() @node2: refused: the test did not expect this call   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_call_whose_healthy_answer_is_not_known_fails() {
    let fails = || {
        let mut t = bench();
        t.exec(|cx| {
            let node = cx.config().cluster.master_node.clone();
            cx.ask(&node, PetRiddle {})
        })
        .failed("did not expect")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        exec without a unit: failed: node node1, call pet_riddle: the test did not expect this call, but not as it should be
          1. unexpected call
               got      pet_riddle() @node1 in step 3
               hint     nobody knows the answer: script it
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      start   all locks are held
          3 exec       call    pet_riddle() @node1: refused: the test did not expect this call   [here:-4]
    "#]],
    );
}

#[test]
fn a_strict_script_leaves_nothing_to_healthy_nodes() {
    let fails = || {
        let mut t = bench();
        t.rpc().strict().on::<PetLook>().any_times().replies("well".to_owned());
        t.run(care(How::Well)).failed("did not expect")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): failed: node node2, call pet_feed: the test did not expect this call, but not as it should be
          1. unexpected call
               got      pet_feed() @node2 in step 4
               hint     the script is strict, and has no entry for this call
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       call    pet_feed() @node2: refused: the test did not expect this call   [bench/units.rs]
    "#]],
    );
}

#[test]
fn a_strict_script_may_have_all_there_is() {
    let mut t = bench();
    t.rpc().strict().on::<PetFeed>().replies(());
    t.run(care(How::Well)).succeeded();
}

// -- what may go wrong

#[test]
fn a_node_refuses() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().fails("the pet is full");
    t.run(care(How::Well)).failed("node node2, call pet_feed: the pet is full");
}

#[test]
fn a_node_went_offline() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().offline();
    t.run(care(How::Well)).failed("marked offline");
}

#[test]
fn a_node_does_not_answer() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().unreachable();
    t.run(care(How::Well)).failed("no answer: connection timed out");
}

#[test]
fn a_node_answers_nonsense() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().malformed();
    t.run(care(How::Well)).failed("malformed answer: expected null");
}

#[test]
fn a_node_answers_whatever_the_test_says() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().replies_raw(serde_json::json!(5));
    t.run(care(How::Well)).failed("expected null, got 5");
}

#[test]
fn an_answer_takes_time_by_the_mock_clock() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().after_seconds(2.0).replies(());
    t.run(care(How::Waiting)).returned(3.5);
}

#[test]
fn troubles_are_told_in_the_journal() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetFeed>().malformed();
        t.run(care(How::Well)).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): wanted success, got failed: node node2, call pet_feed: malformed answer: expected null, got {"malformed":["on","purpose"]}
          it ended in phase 'exec', after step 4
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       call    pet_feed() @node2   [bench/units.rs]
    "#]],
    );
}

// -- whose script it is

#[test]
fn the_next_run_of_a_bench_begins_with_no_script() {
    let mut t = bench();
    t.rpc().strict().on::<PetFeed>().fails("full");
    t.run(care(How::Well)).failed("full");
    t.run(care(How::Well)).succeeded();
}

#[test]
fn each_way_of_taking_locks_has_a_script_of_its_own() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().times(1).replies(());
    let judged = t.run(care(How::Well)).succeeded();
    assert_eq!(judged.calls::<PetFeed>().len(), 1);
}
