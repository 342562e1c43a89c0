//! No secret is told, whatever a run prints.

use cmdlib::error::Code;
use expect_test::expect;
use testlib::Invariant;

use super::golden::golden;
use super::invariants::allowing;
use super::units::{How, bench, care, secretly};

#[test]
fn a_secret_in_the_log_fails() {
    golden(
        || bench().run(secretly(How::LoggingTheSecret)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a secret was told   (Invariant::NoSecretTold)
                   got      told by the log in step 4
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 check      log     info: the word is open-sesame   [bench/units.rs]
              5 pre hooks  hooks   pet-care pre
              6 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
              7 post hooks hooks   pet-care post
              8 post hooks call    hooks_runner() @node1, @node2   [processor/hooks.rs]
        "#]],
    );
}

#[test]
fn a_secret_among_hook_variables_fails() {
    golden(
        || bench().run(secretly(How::HookingTheSecret)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a secret was told   (Invariant::NoSecretTold)
                   got      told by the hook variable GANETI_PET in steps 4, 8
                   got      told by the hook variable GANETI_POST_PET in step 8
            changes
              nodes[node2].tags: [] -> ["fed"]
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 pre hooks  hooks   pet-care pre
              5 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
              6 exec       call    pet_feed() @node2   [bench/units.rs]
              7 exec       config  nodes[node2].tags: [] -> ["fed"]   [bench/units.rs]
              8 post hooks hooks   pet-care post
              9 post hooks call    hooks_runner() @node1, @node2   [processor/hooks.rs]
        "#]],
    );
}

#[test]
fn a_secret_in_a_refusal_fails() {
    golden(
        || bench().run(secretly(How::RefusingWithTheSecret)).refused(Code::WrongInput, "no name"),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): refused (wrong_input): 'open-sesame' is no name for a pet, but not as it should be
              1. a secret was told   (Invariant::NoSecretTold)
                   got      told by the outcome
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_secret_in_the_result_fails() {
    golden(
        || bench().run(secretly(How::ReturningTheSecret)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: "open-sesame", but not as it should be
              1. a secret was told   (Invariant::NoSecretTold)
                   got      told by the outcome
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 pre hooks  hooks   pet-care pre
              5 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
              6 post hooks hooks   pet-care post
              7 post hooks call    hooks_runner() @node1, @node2   [processor/hooks.rs]
        "#]],
    );
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
