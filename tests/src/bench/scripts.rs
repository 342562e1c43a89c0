//! The script of the nodes: who answers what, how often, and what is told of calls that it does not have.

use cmdlib::rpc::Trouble;
use expect_test::expect;

use super::golden::golden;
use super::units::{How, PetFeed, PetLook, PetRiddle, bench, care};

// -- how often

#[test]
fn an_entry_answers_once() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().node("node2").replies(());
    t.run(care(How::Well)).succeeded();
}

#[test]
fn an_entry_that_answers_once_fails_at_the_second_call() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetFeed>().node("node2").replies(());
        t.run(care(How::ThreeTimes)).failed("did not expect")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): failed: node node2, call pet_feed: the test did not expect this call, but not as it should be
          1. unexpected call
               got      pet_feed() @node2 in step 5
               nearest  pet_feed @node2   differs in: number: it has answered 1 time   (here:-3)
               hint     no answer is left: allow more by `.times(..)`, or leave the rest to `.healthy()` nodes
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       call    pet_feed() @node2   [bench/units.rs]
          5 exec       call    pet_feed() @node2: refused: the test did not expect this call   [bench/units.rs]
    "#]],
    );
}

#[test]
fn an_entry_for_all_nodes_answers_each_once() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetFeed>().replies(());
        t.run(care(How::ThreeTimes)).failed("did not expect")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): failed: node node2, call pet_feed: the test did not expect this call, but not as it should be
          1. unexpected call
               got      pet_feed() @node2 in step 5
               nearest  pet_feed   differs in: number: it has answered 1 time   (here:-3)
               hint     no answer is left: allow more by `.times(..)`, or leave the rest to `.healthy()` nodes
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       call    pet_feed() @node2   [bench/units.rs]
          5 exec       call    pet_feed() @node2: refused: the test did not expect this call   [bench/units.rs]
    "#]],
    );
}

#[test]
fn an_entry_that_is_not_used_up_fails() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetFeed>().times(2).replies(());
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
fn a_number_of_times_is_exact() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().times(3).replies(());
    t.run(care(How::ThreeTimes)).succeeded();
}

#[test]
fn a_number_of_times_that_is_exceeded_fails() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetFeed>().node("node2").times(2).replies(());
        t.run(care(How::ThreeTimes)).failed("did not expect")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): failed: node node2, call pet_feed: the test did not expect this call, but not as it should be
          1. unexpected call
               got      pet_feed() @node2 in step 6
               nearest  pet_feed @node2   differs in: number: it has answered 2 times   (here:-3)
               hint     no answer is left: allow more by `.times(..)`, or leave the rest to `.healthy()` nodes
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       call    pet_feed() @node2   [bench/units.rs]
          5 exec       call    pet_feed() @node2   [bench/units.rs]
          6 exec       call    pet_feed() @node2: refused: the test did not expect this call   [bench/units.rs]
    "#]],
    );
}

#[test]
fn ranges_of_times_hold() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().times(2..).replies(());
    t.run(care(How::ThreeTimes)).succeeded();
    t.rpc().on::<PetFeed>().times(1..=3).replies(());
    t.run(care(How::ThreeTimes)).succeeded();
    t.rpc().on::<PetFeed>().times(3..4).replies(());
    t.run(care(How::ThreeTimes)).succeeded();
    t.rpc().on::<PetFeed>().times(..4).replies(());
    t.run(care(How::ThreeTimes)).succeeded();
    t.rpc().on::<PetFeed>().times(..=1).replies(());
    t.run(care(How::NotAtAll)).succeeded();
}

#[test]
fn ranges_of_times_read_well_when_they_fail() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetLook>().times(2..).replies("well".to_owned());
        t.rpc().on::<PetFeed>().times(1..=3).replies(());
        t.rpc().on::<PetRiddle>().times(1..).replies("42".to_owned());
        t.run(care(How::NotAtAll)).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): success: null, but not as it should be
          1. script not used up
               wanted   at least 2 calls of pet_look   (here:-5)
               got      0 calls
               hint     does the unit get there, and does it ask this node?
          2. script not used up
               wanted   1 to 3 calls of pet_feed   (here:-4)
               got      0 calls
               hint     does the unit get there, and does it ask this node?
          3. script not used up
               wanted   at least 1 call of pet_riddle   (here:-3)
               got      0 calls
               hint     does the unit get there, and does it ask this node?
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      start   all locks are held
    "#]],
    );
}

#[test]
fn any_times_is_often_or_never() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().any_times().replies(());
    t.rpc().on::<PetLook>().any_times().replies("well".to_owned());
    t.run(care(How::ThreeTimes)).succeeded();
}

#[test]
fn never_is_a_number_of_times() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetFeed>().times(0).replies(());
        t.run(care(How::Well)).failed("did not expect")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): failed: node node2, call pet_feed: the test did not expect this call, but not as it should be
          1. unexpected call
               got      pet_feed() @node2 in step 4
               nearest  pet_feed   differs in: number: it has answered 0 times   (here:-3)
               hint     no answer is left: allow more by `.times(..)`, or leave the rest to `.healthy()` nodes
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       call    pet_feed() @node2: refused: the test did not expect this call   [bench/units.rs]
    "#]],
    );
}

// -- several in a row

#[test]
fn entries_answer_in_a_row() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().times(2).replies(()).on::<PetFeed>().fails("full");
    t.run(care(How::ThreeTimes)).called_times::<PetFeed>(3).failed("full");
}

#[test]
fn an_entry_behind_one_that_swallows_all_is_told_so() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetFeed>().any_times().replies(());
        t.rpc().on::<PetFeed>().fails("full");
        t.run(care(How::ThreeTimes)).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): success: null, but not as it should be
          1. script not used up
               wanted   1 call of pet_feed   (here:-3)
               got      0 calls
               hint     an entry before it takes all: entries answer in the order in which they are made
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       call    pet_feed() @node2   [bench/units.rs]
          5 exec       call    pet_feed() @node2   [bench/units.rs]
          6 exec       call    pet_feed() @node2   [bench/units.rs]
    "#]],
    );
}

#[test]
fn a_closure_gets_the_number_of_the_occurrence_the_call_and_the_node() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().times(3).answers(|occurrence, call, node| match occurrence {
        2 => Err(Trouble::Refused(format!("{} g on {node} is too little", call.grams))),
        _ => Ok(()),
    });
    t.run(care(How::ThreeTimes)).failed("25 g on node2 is too little");
}

// -- whom and what

#[test]
fn an_entry_answers_its_node_only() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetFeed>().node("node3").replies(());
        t.run(care(How::Well)).failed("did not expect")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): failed: node node2, call pet_feed: the test did not expect this call, but not as it should be
          1. unexpected call
               got      pet_feed() @node2 in step 4
               nearest  pet_feed @node3   differs in: node   (here:-3)
               hint     no entry matches: make one, or leave the rest of this call to `.healthy()` nodes
          2. script not used up
               wanted   1 call of pet_feed @node3   (here:-3)
               got      0 calls
               hint     does the unit get there, and does it ask this node?
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       call    pet_feed() @node2: refused: the test did not expect this call   [bench/units.rs]
    "#]],
    );
}

#[test]
fn a_node_may_be_named_in_full() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().node("node2.example.com").fails("full");
    t.run(care(How::Well)).failed("full");
}

#[test]
fn an_entry_for_a_node_that_does_not_exist_names_the_nearest() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetLook>().node("node02").replies("well".to_owned());
        t.run(care(How::NotAtAll)).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): success: null, but not as it should be
          1. script not used up
               wanted   1 call of pet_look @node02   (here:-3)
               got      0 calls
               hint     there is no node 'node02'; did you mean 'node2'? (there are: node1, node2, node3)
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      start   all locks are held
    "#]],
    );
}

#[test]
fn an_entry_answers_such_arguments_only() {
    let mut t = bench();
    t.rpc().on::<PetFeed>().with(|call| call.grams < 100).times(2).replies(());
    t.rpc().on::<PetFeed>().replies(());
    t.run(care(How::ThreeTimes)).succeeded();
}

#[test]
fn other_arguments_are_told_by_the_name_of_the_condition() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetFeed>().with_named("a snack", |call| call.grams < 100).replies(());
        t.run(care(How::Well)).failed("did not expect")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): failed: node node2, call pet_feed: the test did not expect this call, but not as it should be
          1. unexpected call
               got      pet_feed() @node2 in step 4
               got      PetFeed { pet: "rex", grams: 100 }
               nearest  pet_feed with a snack   differs in: arguments (not a snack)   (here:-3)
               hint     no entry matches: make one, or leave the rest of this call to `.healthy()` nodes
          2. script not used up
               wanted   1 call of pet_feed with a snack   (here:-3)
               got      0 calls
               hint     does the unit get there, and does it ask this node?
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       call    pet_feed() @node2: refused: the test did not expect this call   [bench/units.rs]
    "#]],
    );
}

#[test]
fn other_arguments_of_a_condition_without_name() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetFeed>().node("node3").with(|call| call.grams < 100).replies(());
        t.run(care(How::Well)).failed("did not expect")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): failed: node node2, call pet_feed: the test did not expect this call, but not as it should be
          1. unexpected call
               got      pet_feed() @node2 in step 4
               got      PetFeed { pet: "rex", grams: 100 }
               nearest  pet_feed @node3 with a condition   differs in: node, arguments (not a condition)   (here:-3)
               hint     no entry matches: make one, or leave the rest of this call to `.healthy()` nodes
          2. script not used up
               wanted   1 call of pet_feed @node3 with a condition   (here:-3)
               got      0 calls
               hint     does the unit get there, and does it ask this node?
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       call    pet_feed() @node2: refused: the test did not expect this call   [bench/units.rs]
    "#]],
    );
}

#[test]
fn the_nearest_entry_is_the_one_of_the_node() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetFeed>().node("node3").replies(());
        t.rpc().on::<PetFeed>().node("node2").with_named("a snack", |call| call.grams < 100).replies(());
        t.run(care(How::Well)).failed("did not expect")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): failed: node node2, call pet_feed: the test did not expect this call, but not as it should be
          1. unexpected call
               got      pet_feed() @node2 in step 4
               got      PetFeed { pet: "rex", grams: 100 }
               nearest  pet_feed @node2 with a snack   differs in: arguments (not a snack)   (here:-3)
               hint     no entry matches: make one, or leave the rest of this call to `.healthy()` nodes
          2. script not used up
               wanted   1 call of pet_feed @node3   (here:-4)
               got      0 calls
               hint     does the unit get there, and does it ask this node?
          3. script not used up
               wanted   1 call of pet_feed @node2 with a snack   (here:-3)
               got      0 calls
               hint     does the unit get there, and does it ask this node?
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       call    pet_feed() @node2: refused: the test did not expect this call   [bench/units.rs]
    "#]],
    );
}
