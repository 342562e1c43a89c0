//! What a test says of calls to nodes.

use expect_test::expect;

use super::golden::golden;
use super::units::{How, PetFeed, PetLook, bench, care, shown};

#[test]
fn a_call_was_made() {
    bench().run(care(How::Well)).called::<PetFeed>().succeeded();
}

#[test]
fn a_call_that_was_not_made_fails_and_tells_those_that_were() {
    golden(
        || bench().run(care(How::ThreeTimes)).called::<PetLook>().succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a call was not made
                   wanted   pet_look   (here:+1)
                   got      pet_feed() @node2 in steps 4, 5, 6
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
fn a_call_that_was_not_made_fails_where_none_was() {
    golden(
        || bench().run(care(How::NotAtAll)).called::<PetLook>().succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a call was not made
                   wanted   pet_look   (here:+1)
                   got      no call was made
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn calls_are_counted() {
    bench().run(care(How::ThreeTimes)).called_times::<PetFeed>(3).succeeded();
    bench().run(care(How::NotAtAll)).called_times::<PetFeed>(0).succeeded();
}

#[test]
fn a_call_too_few_fails() {
    golden(
        || bench().run(care(How::NotAtAll)).called_times::<PetFeed>(1).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a call was made less often
                   wanted   1 call of pet_feed   (here:+1)
                   got      0 calls
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_call_too_many_fails() {
    golden(
        || bench().run(care(How::ThreeTimes)).called_times::<PetFeed>(1).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a call was made more often
                   wanted   1 call of pet_feed   (here:+1)
                   got      3 calls
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
fn a_call_was_made_with_such_arguments() {
    bench().run(care(How::ThreeTimes)).called_with::<PetFeed>("half of it", |call| call.grams == 50).succeeded();
}

#[test]
fn calls_without_such_arguments_fail_and_are_told() {
    golden(
        || bench().run(care(How::ThreeTimes)).called_with::<PetFeed>("a pound", |call| call.grams == 500).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a call was not made like that
                   wanted   pet_feed with a pound   (here:+1)
                   got      PetFeed { pet: "rex", grams: 100 } in step 4
                   got      PetFeed { pet: "rex", grams: 50 } in step 5
                   got      PetFeed { pet: "rex", grams: 25 } in step 6
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
fn such_arguments_of_a_call_that_was_not_made_fail() {
    golden(
        || bench().run(care(How::NotAtAll)).called_with::<PetFeed>("a pound", |call| call.grams == 500).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a call was not made like that
                   wanted   pet_feed with a pound   (here:+1)
                   got      no such call
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_call_went_to_these_nodes() {
    bench().run(care(How::Well)).called_on::<PetFeed>(["node2"]).succeeded();
    bench().run(care(How::Well)).called_on::<PetLook>([]).succeeded();
}

#[test]
fn a_call_that_went_elsewhere_fails() {
    golden(
        || bench().run(care(How::Well)).called_on::<PetFeed>(["node1", "node2"]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a call went to other nodes
                   wanted   pet_feed on node1, node2   (here:+1)
                   got      on node2
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
fn a_call_that_went_nowhere_fails() {
    golden(
        || bench().run(care(How::NotAtAll)).called_on::<PetFeed>(["node2"]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a call went to other nodes
                   wanted   pet_feed on node2   (here:+1)
                   got      on no node
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_call_to_a_node_that_does_not_exist_is_a_mistake() {
    golden(
        || bench().run(care(How::Well)).called_on::<PetFeed>(["node02"]).succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: there is no node 'node02'; did you mean 'node2'? (there are: node1, node2, node3)
        "#]],
    );
}

#[test]
fn a_node_that_is_offline_was_not_called() {
    let mut t = bench();
    t.config().node("node2").offline();
    t.run(care(How::Well)).called_on::<PetFeed>([]).failed("marked offline");
}

#[test]
fn a_call_was_never_made() {
    bench().run(care(How::Well)).never_called::<PetLook>().succeeded();
}

#[test]
fn a_call_that_was_never_to_be_made_fails_once_with_all_steps() {
    golden(
        || bench().run(care(How::ThreeTimes)).never_called::<PetFeed>().succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a call was made
                   wanted   never pet_feed   (here:+1)
                   got      pet_feed in steps 4, 5, 6
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
fn nobody_was_called() {
    bench().run(care(How::NotAtAll)).called_nobody().succeeded();
}

#[test]
fn whoever_was_called_is_told_hooks_included() {
    golden(
        || bench().run(shown(How::Well)).called_nobody().succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. calls were made
                   wanted   no call   (here:+1)
                   got      hooks_runner() @node1 in step 5
                   got      pet_feed() @node2 in step 6
                   got      hooks_runner() @node1, @node2 in step 9
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
fn calls_come_in_order_with_others_between() {
    bench().run(shown(How::Well)).called_in_order(["hooks_runner", "hooks_runner"]).succeeded();
}

#[test]
fn calls_in_another_order_fail() {
    golden(
        || bench().run(shown(How::Well)).called_in_order(["hooks_runner", "hooks_runner", "pet_feed"]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. calls were made in another order
                   wanted   hooks_runner, hooks_runner, pet_feed   (here:+1)
                   got      hooks_runner, pet_feed, hooks_runner
                   hint     'pet_feed' does not come there
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
fn an_order_of_calls_that_nobody_made_fails() {
    golden(
        || bench().run(care(How::NotAtAll)).called_in_order(["pet_feed"]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. calls were made in another order
                   wanted   pet_feed   (here:+1)
                   got      no call was made
                   hint     'pet_feed' was never made
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn an_order_with_a_misspelt_call_names_the_nearest() {
    golden(
        || bench().run(care(How::Well)).called_in_order(["pet_fed"]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. calls were made in another order
                   wanted   pet_fed   (here:+1)
                   got      pet_feed
                   hint     'pet_fed' was never made; did you mean 'pet_feed'?
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
