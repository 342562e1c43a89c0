//! Both ways of taking locks end alike, and errors of a programmer are told.

use expect_test::expect;
use testlib::Invariant;
use testlib::Level::Node;

use super::golden::golden;
use super::invariants::allowing;
use super::units::{How, bench, care, op};

// -- both ways of taking locks

#[test]
fn locks_that_depend_on_the_way_fail() {
    golden(
        || bench().run(care(How::OtherLocks)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. the locks depend on the way of taking them   (Invariant::SameBothWays)
                   got      only timed: node/node2 exclusive
                   got      only blocking: node/node2 shared
                   hint     a level that is computed from held ones is wished `later`, not in `expand`
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn an_outcome_that_depends_on_the_way_fails() {
    golden(
        || bench().run(care(How::OtherOutcome)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. the outcome depends on the way of taking locks   (Invariant::SameBothWays)
                   got      timed: success: null
                   got      blocking: failed: the pet ran away
                   hint     `t.only(Strategy::Blocking)` shows the journal of the other way
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_wish_that_one_way_can_never_grant_fails() {
    golden(
        || bench().run(care(How::TooMany)).lock_timed_out(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): locks not granted in time, but not as it should be
              1. the outcome depends on the way of taking locks   (Invariant::SameBothWays)
                   got      timed: locks not granted in time
                   got      blocking: success: null
                   hint     `t.only(Strategy::Blocking)` shows the journal of the other way
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node1 exclusive, node/node2 exclusive, node/node3 exclusive: not granted
        "#]],
    );
}

#[test]
fn changes_that_depend_on_the_way_fail() {
    golden(
        || bench().run(care(How::OtherChanges)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. the changes depend on the way of taking locks   (Invariant::SameBothWays)
                   got      only timed: nodes[node2].tags: [] -> ["fed"]
                   got      only blocking: nodes[node2].tags: [] -> ["washed"]
                   hint     `t.only(Strategy::Blocking)` shows the journal of the other way
            changes
              nodes[node2].tags: [] -> ["fed"]
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       config  nodes[node2].tags: [] -> ["fed"]   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_call_that_only_the_other_way_made_fails() {
    golden(
        || bench().run(care(How::OtherCalls)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. unexpected call, when locks are taken the other way (blocking)
                   got      pet_riddle() @node2 in step 4
                   hint     nobody knows the answer: script it; `t.only(Strategy::Blocking)` shows the journal of the other way
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn what_depends_on_the_way_can_be_left_out() {
    for how in [How::OtherLocks, How::OtherOutcome, How::OtherChanges] {
        allowing(Invariant::SameBothWays).run(care(how)).succeeded();
    }
}

#[test]
fn with_one_way_there_is_nothing_to_compare() {
    let mut t = bench();
    t.only(testlib::Strategy::Timed(1.0));
    t.run(care(How::TooMany)).lock_timed_out();
}

#[test]
fn levels_that_are_taken_as_far_as_they_are_free_may_differ() {
    let mut t = bench();
    t.locks().taken(Node, "node3");
    t.run(care(How::AsFree)).succeeded();
}

// -- errors of a programmer

#[test]
fn a_panic_in_the_check_fails() {
    golden(
        || bench().run(care(How::PanicInCheck)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted success, got internal error: panic: the pet bit
              it ended in phase 'check', after step 3
              1. the unit has an error   (Invariant::NoInternalError)
                   got      panic: the pet bit
                   hint     the panic's own message, above this report, has its line
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_panic_in_the_execution_fails() {
    golden(
        || bench().run(care(How::PanicInExec)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted success, got internal error: panic: the pet bit
              it ended in phase 'exec', after step 3
              1. the unit has an error   (Invariant::NoInternalError)
                   got      panic: the pet bit
                   hint     the panic's own message, above this report, has its line
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn wishes_that_contradict_each_other_fail() {
    golden(
        || bench().run(care(How::TwoModes)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted success, got internal error: locks of level node are wished shared and exclusive
              it ended in phase 'locks', after step 1
              1. the unit has an error   (Invariant::NoInternalError)
                   got      locks of level node are wished shared and exclusive
            journal
              1 locks      lock    cluster/BGL shared
        "#]],
    );
}

#[test]
fn an_error_of_a_programmer_can_be_left_out_but_is_no_success() {
    golden(
        || allowing(Invariant::NoInternalError).run(care(How::PanicInExec)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted success, got internal error: panic: the pet bit
              it ended in phase 'exec', after step 3
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_bad_result_can_be_left_out_but_is_no_success() {
    golden(
        || allowing(Invariant::NoInternalError).run(op::PetName::new("")).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetName(): wanted success, got bad result: expected a text that is not empty, got ""
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn leaving_one_check_out_leaves_the_others_in() {
    golden(
        || allowing(Invariant::NoSecretTold).run(care(How::ChangingUnlocked)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. something was changed without its lock   (Invariant::LockContract)
                   got      nodes[node2] in step 3 [bench/units.rs]
                   hint     it needs the exclusive lock node/node2
            changes
              nodes[node2].tags: [] -> ["fed"]
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
              3 exec       config  nodes[node2].tags: [] -> ["fed"]   [bench/units.rs]
        "#]],
    );
}
