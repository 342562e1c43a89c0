//! What is checked after every run: a unit that does wrong is named for it, and a test can leave a check out by name.

use cmdlib::error::Code;
use expect_test::expect;
use testlib::Level::Node;
use testlib::{Invariant, LuTest, granted};

use super::golden::golden;
use super::units::{How, bench, care, op, secretly};

/// Runs with one check left out.
fn allowing(invariant: Invariant) -> LuTest {
    let mut t = bench();
    t.allow(invariant, "this test is about it");
    t
}

// -- the lock contract

#[test]
fn a_node_that_is_changed_without_its_lock_fails() {
    golden(|| bench().run(care(How::ChangingUnlocked)).succeeded(), expect![""]);
}

#[test]
fn an_instance_that_is_changed_without_its_lock_fails() {
    golden(|| bench().run(care(How::InstanceUnlocked)).succeeded(), expect![""]);
}

#[test]
fn a_group_that_is_changed_under_a_shared_lock_fails() {
    golden(|| bench().run(care(How::GroupShared)).succeeded(), expect![""]);
}

#[test]
fn a_network_that_is_changed_without_its_lock_fails() {
    let fails = || {
        let mut t = bench();
        t.config().network("net1").cidr("10.0.0.0/24");
        t.run(care(How::NetworkUnlocked)).succeeded()
    };
    golden(fails, expect![""]);
}

#[test]
fn an_action_without_the_lock_of_its_node_fails() {
    golden(|| bench().run(care(How::FeedingUnlocked)).succeeded(), expect![""]);
}

#[test]
fn an_action_under_the_shared_lock_of_its_instance_fails() {
    golden(|| bench().run(care(How::WashingShared)).succeeded(), expect![""]);
}

#[test]
fn an_action_without_the_resources_of_its_node_fails() {
    golden(|| bench().run(care(How::MovingUnlocked)).succeeded(), expect![""]);
}

#[test]
fn the_whole_level_is_a_lock_of_each_of_it() {
    bench().run(care(How::WholeLevel)).succeeded();
}

#[test]
fn the_lock_contract_can_be_left_out() {
    for how in [How::ChangingUnlocked, How::FeedingUnlocked, How::WashingShared] {
        allowing(Invariant::LockContract).run(care(how)).succeeded();
    }
}

// -- locks and reservations are given back

#[test]
fn a_lock_that_is_not_given_back_fails() {
    // No unit can do that: the mistake in the test makes the lock manager itself break down.
    let fails = || {
        let mut t = bench();
        t.when(granted(Node), |_| panic!("a mistake in the test"));
        t.run(care(How::Well)).succeeded()
    };
    golden(fails, expect![""]);
}

#[test]
fn locks_that_are_not_given_back_can_be_left_out() {
    let mut t = allowing(Invariant::LocksFreed);
    t.when(granted(Node), |_| panic!("a mistake in the test"));
    t.run(care(How::Well)).internal_error("a mistake in the test");
}

#[test]
fn what_a_refused_run_reserved_is_dropped() {
    bench().run(care(How::Refusing)).refused(Code::WrongState, "hungry");
}

// -- refused runs

#[test]
fn a_refused_run_that_told_a_node_to_do_something_fails() {
    golden(|| bench().run(care(How::ActingInCheck)).refused(Code::WrongState, "hungry"), expect![""]);
}

#[test]
fn that_can_be_left_out() {
    allowing(Invariant::RefusedChangedNothing).run(care(How::ActingInCheck)).refused(Code::WrongState, "hungry");
}

// -- the configuration stays valid

#[test]
fn a_configuration_that_is_broken_by_the_run_fails() {
    golden(|| bench().run(care(How::BreakingTheCluster)).succeeded(), expect![""]);
}

#[test]
fn a_broken_configuration_can_be_left_out() {
    allowing(Invariant::ValidConfiguration).run(care(How::BreakingTheCluster)).succeeded();
}

#[test]
fn what_was_broken_before_is_not_the_units_fault() {
    let mut t = bench();
    t.config().broken("a node of no group", |draft| {
        let id = draft.data().nodes.ids().last().cloned().expect("there are nodes");
        let _ = draft.update(&id, |node| node.group = "nowhere".into());
    });
    t.run(care(How::Well)).succeeded();
}

#[test]
fn a_cluster_that_is_not_valid_before_fails_at_the_line_that_made_it() {
    let fails = || {
        let mut t = bench();
        t.config().node("node3").change(|node| node.group = "nowhere".into());
        t.run(care(How::NotAtAll)).succeeded()
    };
    golden(fails, expect![""]);
}

// -- secrets

#[test]
fn a_secret_in_the_log_fails() {
    golden(|| bench().run(secretly(How::LoggingTheSecret)).succeeded(), expect![""]);
}

#[test]
fn a_secret_among_hook_variables_fails() {
    golden(|| bench().run(secretly(How::HookingTheSecret)).succeeded(), expect![""]);
}

#[test]
fn a_secret_in_a_refusal_fails() {
    golden(|| bench().run(secretly(How::RefusingWithTheSecret)).refused(Code::WrongInput, "no name"), expect![""]);
}

#[test]
fn a_secret_in_the_result_fails() {
    golden(|| bench().run(secretly(How::ReturningTheSecret)).succeeded(), expect![""]);
}

#[test]
fn a_secret_that_is_told_can_be_left_out() {
    allowing(Invariant::NoSecretTold).run(secretly(How::LoggingTheSecret)).succeeded();
}

#[test]
fn a_secret_that_is_kept_is_fine() {
    bench().run(secretly(How::Well)).succeeded();
}

#[test]
fn secrets_of_the_cluster_are_known_as_well() {
    let mut t = bench();
    t.config().instance("web1").osparam_private("password", "no secret was given");
    t.allow(Invariant::SameBothWays, "one finding is enough");
    let failed = testlib::failure_of(|| drop(t.run(care(How::LoggingTheSecret)).succeeded()));
    assert!(failed.message.contains("a secret was told"), "{}", failed.message);
}

// -- both ways of taking locks

#[test]
fn locks_that_depend_on_the_way_fail() {
    golden(|| bench().run(care(How::OtherLocks)).succeeded(), expect![""]);
}

#[test]
fn an_outcome_that_depends_on_the_way_fails() {
    golden(|| bench().run(care(How::OtherOutcome)).succeeded(), expect![""]);
}

#[test]
fn a_wish_that_one_way_can_never_grant_fails() {
    golden(|| bench().run(care(How::TooMany)).lock_timed_out(), expect![""]);
}

#[test]
fn changes_that_depend_on_the_way_fail() {
    golden(|| bench().run(care(How::OtherChanges)).succeeded(), expect![""]);
}

#[test]
fn a_call_that_only_the_other_way_made_fails() {
    golden(|| bench().run(care(How::OtherCalls)).succeeded(), expect![""]);
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
    golden(|| bench().run(care(How::PanicInCheck)).succeeded(), expect![""]);
}

#[test]
fn a_panic_in_the_execution_fails() {
    golden(|| bench().run(care(How::PanicInExec)).succeeded(), expect![""]);
}

#[test]
fn wishes_that_contradict_each_other_fail() {
    golden(|| bench().run(care(How::TwoModes)).succeeded(), expect![""]);
}

#[test]
fn an_error_of_a_programmer_can_be_left_out_but_is_no_success() {
    golden(|| allowing(Invariant::NoInternalError).run(care(How::PanicInExec)).succeeded(), expect![""]);
}

#[test]
fn a_bad_result_can_be_left_out_but_is_no_success() {
    golden(|| allowing(Invariant::NoInternalError).run(op::PetName::new("")).succeeded(), expect![""]);
}

#[test]
fn leaving_one_check_out_leaves_the_others_in() {
    golden(|| allowing(Invariant::NoSecretTold).run(care(How::ChangingUnlocked)).succeeded(), expect![""]);
}
