//! What a test says of locks.

use expect_test::expect;
use testlib::Level::{Instance, Network, Node, NodeGroup};
use testlib::{all_exclusive, all_shared, exclusive, shared};

use super::golden::golden;
use super::units::{How, PetFeed, PetLook, bench, care};

#[test]
fn the_list_of_locks_is_complete() {
    bench().run(care(How::Well)).locked([exclusive(Node, "node2")]).succeeded();
}

#[test]
fn a_lock_that_is_missing_fails_at_its_own_line() {
    let fails = || {
        let good = exclusive(Node, "node2");
        let missing = exclusive(Node, "node3");
        bench().run(care(How::Well)).locked([good, missing]).succeeded()
    };
    golden(
        fails,
        expect![[r#"
            panicked at here:-2
            PetCare(node2): success: null, but not as it should be
              1. a lock was not asked for
                   wanted   node/node3 exclusive   (here:-3)
                   got      never asked
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
fn a_lock_too_many_fails() {
    golden(
        || {
            bench()
                .run(care(How::Refusing))
                .locked([exclusive(Node, "node2")])
                .refused(cmdlib::error::Code::WrongState, "hungry")
        },
        expect![[r#"
            panicked at here:+5
            PetCare(node2): refused (wrong_state): the pet is not hungry, but not as it should be
              1. a lock was asked for that is not in the list
                   wanted   no other lock   (here:+4)
                   got      instance/web1 exclusive
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    instance/web1 exclusive, node/node2 exclusive
              3 locks      start   all locks are held
              4 check      call    pet_look() @node2   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_lock_in_another_mode_is_told_once() {
    golden(
        || bench().run(care(How::Well)).locked([shared(Node, "node2")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a lock was not asked for
                   wanted   node/node2 shared   (here:+1)
                   got      asked as node/node2 exclusive
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
fn the_whole_level_is_not_a_list_of_names() {
    bench().run(care(How::WholeLevel)).locked([all_exclusive(Node)]).succeeded();
    golden(
        || bench().run(care(How::WholeLevel)).locked([all_shared(Node)]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a lock was not asked for
                   wanted   node/(all) shared   (here:+1)
                   got      asked as node/(all) exclusive
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/(all) exclusive
              3 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_lock_of_what_does_not_exist_is_a_mistake() {
    golden(
        || bench().run(care(How::Well)).locked([exclusive(Node, "nod2")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: there is no node 'nod2'; did you mean 'node2'? (there are: node1, node2, node3)
        "#]],
    );
}

#[test]
fn each_level_has_its_names() {
    golden(
        || bench().run(care(How::Well)).locked([exclusive(Instance, "web9")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: there is no instance 'web9'; did you mean 'web1'? (there are: db1, diskless1, file1, web1, web2)
        "#]],
    );
    golden(
        || bench().run(care(How::Well)).locked([exclusive(NodeGroup, "rack-b")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: there is no nodegroup 'rack-b' (there are: default)
        "#]],
    );
    golden(
        || bench().run(care(How::Well)).locked([exclusive(Network, "net1")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: there is no network 'net1' (there are: none)
        "#]],
    );
}

#[test]
fn some_of_the_locks_can_be_named() {
    bench().run(care(How::GivingBack)).locked_also([exclusive(Node, "node2"), exclusive(Node, "node3")]).succeeded();
}

#[test]
fn one_of_some_that_is_missing_fails() {
    golden(
        || bench().run(care(How::Well)).locked_also([exclusive(Node, "node3")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a lock was not asked for
                   wanted   node/node3 exclusive   (here:+1)
                   got      never asked
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
fn one_of_some_that_does_not_exist_is_a_mistake() {
    golden(
        || bench().run(care(How::Well)).locked_also([exclusive(Node, "node9")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: there is no node 'node9'; did you mean 'node1'? (there are: node1, node2, node3)
        "#]],
    );
}

#[test]
fn no_lock_but_the_big_one_is_none() {
    bench().run(care(How::NotAtAll)).locked_nothing().succeeded();
}

#[test]
fn a_lock_where_there_should_be_none_fails() {
    golden(
        || bench().run(care(How::Well)).locked_nothing().succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a lock was asked for that is not in the list
                   wanted   no other lock   (here:+1)
                   got      node/node2 exclusive
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
fn a_lock_that_is_wanted_where_there_is_none_fails() {
    golden(
        || bench().run(care(How::NotAtAll)).locked([exclusive(Node, "node2")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a lock was not asked for
                   wanted   node/node2 exclusive   (here:+1)
                   got      no lock was asked for
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_lock_may_be_ruled_out() {
    bench().run(care(How::Well)).never_locked(Node, "node3").succeeded();
}

#[test]
fn a_lock_that_was_ruled_out_fails() {
    golden(
        || bench().run(care(How::Well)).never_locked(Node, "node2").succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a lock was asked for
                   wanted   never node/node2   (here:+1)
                   got      node/node2 exclusive
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
fn a_lock_that_was_ruled_out_is_in_the_whole_level() {
    golden(
        || bench().run(care(How::WholeLevel)).never_locked(Node, "node3").succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a lock was asked for
                   wanted   never node/node3   (here:+1)
                   got      node/(all) exclusive
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/(all) exclusive
              3 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn ruling_out_what_does_not_exist_is_a_mistake() {
    golden(
        || bench().run(care(How::Well)).never_locked(Node, "node22").succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: there is no node 'node22'; did you mean 'node2'? (there are: node1, node2, node3)
        "#]],
    );
}

#[test]
fn locks_are_held_during_a_call() {
    bench().run(care(How::Well)).held_during::<PetFeed>([exclusive(Node, "node2")]).succeeded();
}

#[test]
fn an_exclusive_lock_is_as_good_as_a_shared_one() {
    bench().run(care(How::Well)).held_during::<PetFeed>([shared(Node, "node2")]).succeeded();
}

#[test]
fn a_lock_that_is_not_held_during_a_call_fails() {
    golden(
        || bench().run(care(How::ThreeTimes)).held_during::<PetFeed>([exclusive(Node, "node3")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a lock was not held during a call
                   wanted   node/node3 exclusive during pet_feed   (here:+1)
                   got      not held in steps 4, 5, 6
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
fn a_lock_that_was_made_shared_before_a_call_fails() {
    golden(
        || bench().run(care(How::Sharing)).held_during::<PetFeed>([exclusive(Node, "node2")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a lock was not held during a call
                   wanted   node/node2 exclusive during pet_feed   (here:+1)
                   got      held shared in step 5
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       share   node/node2 shared
              5 exec       call    pet_feed() @node2   [bench/units.rs]
        "#]],
    );
}

#[test]
fn locks_during_a_call_that_is_never_made_fail() {
    golden(
        || bench().run(care(How::Well)).held_during::<PetLook>([exclusive(Node, "node2")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a call was never made
                   wanted   locks held during pet_look   (here:+1)
                   got      no such call
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
fn holding_what_does_not_exist_is_a_mistake() {
    golden(
        || bench().run(care(How::Well)).held_during::<PetFeed>([exclusive(Node, "node9")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: there is no node 'node9'; did you mean 'node1'? (there are: node1, node2, node3)
        "#]],
    );
}

#[test]
fn locks_are_given_back_before_the_end() {
    bench().run(care(How::GivingBack)).released([exclusive(Node, "node1"), exclusive(Node, "node3")]).succeeded();
}

#[test]
fn a_lock_that_is_held_to_the_end_fails() {
    golden(
        || bench().run(care(How::GivingBack)).released([exclusive(Node, "node2")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a lock was not given back before the end
                   wanted   node/node2 exclusive   (here:+1)
                   got      held exclusive to the end
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node1 exclusive, node/node2 exclusive, node/node3 exclusive
              3 locks      start   all locks are held
              4 check      release node/node1 exclusive, node/node3 exclusive   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_lock_that_was_never_held_is_not_given_back() {
    golden(
        || bench().run(care(How::Well)).released([exclusive(Node, "node3")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a lock was not given back before the end
                   wanted   node/node3 exclusive   (here:+1)
                   got      it was never held
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
fn a_lock_is_given_back_in_its_mode() {
    golden(
        || bench().run(care(How::GivingBack)).released([shared(Node, "node1")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a lock was not given back before the end
                   wanted   node/node1 shared   (here:+1)
                   got      it was held, and given back in another mode
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node1 exclusive, node/node2 exclusive, node/node3 exclusive
              3 locks      start   all locks are held
              4 check      release node/node1 exclusive, node/node3 exclusive   [bench/units.rs]
        "#]],
    );
}

#[test]
fn giving_back_what_does_not_exist_is_a_mistake() {
    golden(
        || bench().run(care(How::GivingBack)).released([exclusive(Node, "node9")]).succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: there is no node 'node9'; did you mean 'node1'? (there are: node1, node2, node3)
        "#]],
    );
}

#[test]
fn locks_are_made_shared() {
    bench().run(care(How::Sharing)).downgraded(Node).succeeded();
}

#[test]
fn locks_that_are_never_made_shared_fail() {
    golden(
        || bench().run(care(How::Well)).downgraded(Node).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. locks were not downgraded
                   wanted   those of level node   (here:+1)
                   got      no downgrade of that level
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
fn locks_of_another_level_that_are_made_shared_are_none() {
    golden(
        || bench().run(care(How::Sharing)).downgraded(Instance).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. locks were not downgraded
                   wanted   those of level instance   (here:+1)
                   got      no downgrade of that level
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       share   node/node2 shared
              5 exec       call    pet_feed() @node2   [bench/units.rs]
        "#]],
    );
}
