//! What a test says of hooks, and what scripts do.

use cmdlib::error::Code;
use expect_test::expect;
use testlib::HookPhase::{Post, Pre};

use super::golden::golden;
use super::units::{How, bench, care, shown};

#[test]
fn hooks_ran_on_these_nodes() {
    bench().run(shown(How::Well)).hooks("pet-care", ["node1"], ["node1", "node2"]).succeeded();
}

#[test]
fn hooks_that_ran_elsewhere_fail_phase_by_phase() {
    golden(
        || bench().run(shown(How::Well)).hooks("pet-care", ["node2"], []).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. hooks ran elsewhere in phase pre
                   wanted   pet-care on node2   (here:+1)
                   got      on node1
              2. hooks ran elsewhere in phase post
                   wanted   pet-care on no node   (here:+1)
                   got      on node1, node2
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
fn hooks_of_another_path_fail_and_are_told() {
    golden(
        || bench().run(shown(How::NotAtAll)).hooks("pet-show", ["node1"], []).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. hooks ran elsewhere in phase pre
                   wanted   pet-show on node1   (here:+1)
                   got      on no node
                   hint     hooks of another path ran: pet-care
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
              3 pre hooks  hooks   pet-care pre
              4 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
              5 post hooks hooks   pet-care post
              6 post hooks call    hooks_runner() @node1, @node2   [processor/hooks.rs]
        "#]],
    );
}

#[test]
fn hooks_that_did_not_run_fail() {
    golden(
        || bench().run(care(How::NotAtAll)).hooks("pet-care", ["node1"], []).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. hooks ran elsewhere in phase pre
                   wanted   pet-care on node1   (here:+1)
                   got      on no node
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn hooks_on_a_node_that_does_not_exist_are_a_mistake() {
    golden(
        || bench().run(shown(How::Well)).hooks("pet-care", ["node1"], ["node1", "node02"]).succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: there is no node 'node02'; did you mean 'node2'? (there are: node1, node2, node3)
        "#]],
    );
}

#[test]
fn no_hooks_ran() {
    bench().run(care(How::Well)).no_hooks().succeeded();
}

#[test]
fn hooks_where_there_should_be_none_fail() {
    golden(
        || bench().run(shown(How::NotAtAll)).no_hooks().succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. hooks ran
                   wanted   no hooks   (here:+1)
                   got      pet-care pre on node1
                   got      pet-care post on node1, node2
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
              3 pre hooks  hooks   pet-care pre
              4 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
              5 post hooks hooks   pet-care post
              6 post hooks call    hooks_runner() @node1, @node2   [processor/hooks.rs]
        "#]],
    );
}

#[test]
fn a_variable_has_a_value_before_and_another_after() {
    bench()
        .run(shown(How::Well))
        .hook_env(Pre, [("GANETI_FED", "False")])
        .hook_env(Post, [("GANETI_POST_FED", "True")])
        .succeeded();
}

#[test]
fn a_variable_with_another_value_fails() {
    golden(
        || {
            bench()
                .run(shown(How::NotAtAll))
                .hook_env(Pre, [("GANETI_PET", "tom"), ("GANETI_FED", "False")])
                .succeeded()
        },
        expect![[r#"
            panicked at here:+5
            PetCare(node2): success: null, but not as it should be
              1. a hook variable differs in phase pre
                   wanted   GANETI_PET=tom   (here:+4)
                   got      GANETI_PET=rex
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
              3 pre hooks  hooks   pet-care pre
              4 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
              5 post hooks hooks   pet-care post
              6 post hooks call    hooks_runner() @node1, @node2   [processor/hooks.rs]
        "#]],
    );
}

#[test]
fn a_variable_that_is_absent_names_the_nearest() {
    golden(
        || bench().run(shown(How::NotAtAll)).hook_env(Pre, [("GANETI_PETS", "rex")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a hook variable differs in phase pre
                   wanted   GANETI_PETS=rex   (here:+1)
                   got      it is absent
                   hint     there is GANETI_PET
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
              3 pre hooks  hooks   pet-care pre
              4 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
              5 post hooks hooks   pet-care post
              6 post hooks call    hooks_runner() @node1, @node2   [processor/hooks.rs]
        "#]],
    );
}

#[test]
fn a_variable_that_is_absent_may_be_near_to_none() {
    golden(
        || bench().run(shown(How::NotAtAll)).hook_env(Pre, [("X", "rex")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a hook variable differs in phase pre
                   wanted   X=rex   (here:+1)
                   got      it is absent
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
              3 pre hooks  hooks   pet-care pre
              4 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
              5 post hooks hooks   pet-care post
              6 post hooks call    hooks_runner() @node1, @node2   [processor/hooks.rs]
        "#]],
    );
}

#[test]
fn variables_of_hooks_that_did_not_run_fail() {
    golden(
        || bench().run(care(How::NotAtAll)).hook_env(Post, [("GANETI_PET", "rex")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. no hooks ran
                   wanted   the unit's hooks in phase post   (here:+1)
                   got      none in that phase
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_variable_is_absent() {
    bench().run(shown(How::Well)).hook_env_without(Pre, ["GANETI_POST_PET"]).succeeded();
}

#[test]
fn a_variable_that_is_there_fails() {
    golden(
        || bench().run(shown(How::NotAtAll)).hook_env_without(Post, ["GANETI_POST_PET"]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a hook variable is there in phase post
                   wanted   no GANETI_POST_PET   (here:+1)
                   got      GANETI_POST_PET=rex
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
              3 pre hooks  hooks   pet-care pre
              4 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
              5 post hooks hooks   pet-care post
              6 post hooks call    hooks_runner() @node1, @node2   [processor/hooks.rs]
        "#]],
    );
}

#[test]
fn absent_variables_of_hooks_that_did_not_run_fail() {
    golden(
        || bench().run(care(How::NotAtAll)).hook_env_without(Pre, ["GANETI_PET"]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. no hooks ran
                   wanted   the unit's hooks in phase pre   (here:+1)
                   got      none in that phase
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_script_that_fails_after_is_a_warning() {
    let mut t = bench();
    t.hooks().post_fails("node2", "90-tell", "nobody is at home");
    t.run(shown(How::Well)).warned("nobody is at home").succeeded();
}

#[test]
fn a_script_of_a_phase_that_does_not_come_is_left_over() {
    let fails = || {
        let mut t = bench();
        t.hooks().post_fails("node2", "90-tell", "nobody is at home");
        t.run(shown(How::Refusing)).refused(Code::WrongState, "hungry")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): refused (wrong_state): the pet is not hungry, but not as it should be
          1. script not used up
               wanted   1 call of hooks_runner @node2 with phase post   (here:-3)
               got      0 calls
               hint     does the unit get there, and does it ask this node?
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    instance/web1 exclusive, node/node2 exclusive
          3 locks      start   all locks are held
          4 check      call    pet_look() @node2   [bench/units.rs]
    "#]],
    );
}

#[test]
fn a_node_that_does_not_run_its_scripts_is_a_warning_in_both_phases() {
    for phase in [Pre, Post] {
        let mut t = bench();
        t.hooks().unreachable(phase, "node1");
        t.run(shown(How::Well)).warned("node1").succeeded();
    }
}

#[test]
fn scripts_on_two_nodes_fail_side_by_side() {
    let mut t = bench();
    t.hooks().post_fails("node1", "90-tell", "one");
    t.hooks().post_fails("node2", "90-tell", "two");
    t.run(shown(How::Well)).warned("one").warned("two").succeeded();
}

#[test]
fn scripts_on_a_node_that_does_not_exist_are_left_over() {
    let fails = || {
        let mut t = bench();
        t.hooks().pre_fails("node7", "10-check", "no pets here");
        t.run(shown(How::NotAtAll)).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): success: null, but not as it should be
          1. script not used up
               wanted   1 call of hooks_runner @node7 with phase pre   (here:-3)
               got      0 calls
               hint     there is no node 'node7'; did you mean 'node1'? (there are: node1, node2, node3)
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      start   all locks are held
          3 pre hooks  hooks   pet-care pre
          4 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
          5 post hooks hooks   pet-care post
          6 post hooks call    hooks_runner() @node1, @node2   [processor/hooks.rs]
    "#]],
    );
}
