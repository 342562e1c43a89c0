//! What is checked after every run: a unit that does wrong is named for it, and a test can leave a check out by name.

use cmdlib::error::Code;
use expect_test::expect;
use testlib::Level::Cluster;
use testlib::{Invariant, LuTest, granted};

use super::golden::golden;
use super::units::{How, bench, care};

/// Runs with one check left out.
pub(super) fn allowing(invariant: Invariant) -> LuTest {
    let mut t = bench();
    t.allow(invariant, "this test is about it");
    t
}

// -- the lock contract

#[test]
fn a_node_that_is_changed_without_its_lock_fails() {
    golden(
        || bench().run(care(How::ChangingUnlocked)).succeeded(),
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

#[test]
fn an_instance_that_is_changed_without_its_lock_fails() {
    golden(
        || bench().run(care(How::InstanceUnlocked)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. something was changed without its lock   (Invariant::LockContract)
                   got      instances[web1] in step 3 [bench/units.rs]
                   hint     it needs the exclusive lock instance/web1
            changes
              instances[web1].admin_state: down -> up
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
              3 exec       config  instances[web1].admin_state: down -> up   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_group_that_is_changed_under_a_shared_lock_fails() {
    golden(
        || bench().run(care(How::GroupShared)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. something was changed without its lock   (Invariant::LockContract)
                   got      nodegroups[default] in step 4 [bench/units.rs]
                   hint     it needs the exclusive lock nodegroup/default
            changes
              nodegroups[default].tags: [] -> ["fed"]
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    nodegroup/default shared
              3 locks      start   all locks are held
              4 exec       config  nodegroups[default].tags: [] -> ["fed"]   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_network_that_is_changed_without_its_lock_fails() {
    let fails = || {
        let mut t = bench();
        t.config().network("net1").cidr("10.0.0.0/24");
        t.run(care(How::NetworkUnlocked)).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): success: null, but not as it should be
          1. something was changed without its lock   (Invariant::LockContract)
               got      networks[net1] in step 3 [bench/units.rs]
               hint     it needs the exclusive lock network/net1
        changes
          networks[net1].tags: [] -> ["fed"]
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      start   all locks are held
          3 exec       config  networks[net1].tags: [] -> ["fed"]   [bench/units.rs]
    "#]],
    );
}

#[test]
fn an_instance_that_goes_to_another_node_without_the_locks_of_both_fails() {
    golden(
        || bench().run(care(How::PlacingUnlocked)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. something was changed without its lock   (Invariant::LockContract)
                   got      instances[web1] in step 4 [bench/units.rs]
                   hint     it needs the exclusive lock node/node1 and node/node2
            changes
              instances[web1].primary_node: node1 -> node2
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    instance/web1 exclusive
              3 locks      start   all locks are held
              4 exec       config  instances[web1].primary_node: node1 -> node2   [bench/units.rs]
        "#]],
    );
}

#[test]
fn an_action_without_the_lock_of_its_node_fails() {
    golden(
        || bench().run(care(How::FeedingUnlocked)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a call was made without its lock   (Invariant::LockContract)
                   got      pet_feed() @node2 in step 3 [bench/units.rs]
                   hint     it needs the node's lock
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
              3 exec       call    pet_feed() @node2   [bench/units.rs]
        "#]],
    );
}

#[test]
fn an_action_under_the_shared_lock_of_its_instance_fails() {
    golden(
        || bench().run(care(How::WashingShared)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a call was made without its lock   (Invariant::LockContract)
                   got      pet_wash(web1) @node2 in step 4 [bench/units.rs]
                   hint     it needs the exclusive lock of the instance
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    instance/web1 shared
              3 locks      start   all locks are held
              4 exec       call    pet_wash(web1) @node2   [bench/units.rs]
        "#]],
    );
}

#[test]
fn an_action_without_the_resources_of_its_node_fails() {
    golden(
        || bench().run(care(How::MovingUnlocked)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a call was made without its lock   (Invariant::LockContract)
                   got      pet_move(web1) @node2 in step 3 [bench/units.rs]
                   hint     it needs the instance's or the node resources' exclusive lock
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
              3 exec       call    pet_move(web1) @node2   [bench/units.rs]
        "#]],
    );
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

// That a lock which is not given back is told, no unit can show: testlib's own tests do.
#[test]
fn a_lock_manager_that_breaks_down_while_it_grants_leaves_no_lock() {
    let fails = || {
        let mut t = bench();
        t.when(granted(Cluster), |_| panic!("a mistake in the test"));
        t.run(care(How::Well)).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): wanted success, got internal error: panic: a mistake in the test
          it ended in phase 'locks', after step 0
          1. the unit has an error   (Invariant::NoInternalError)
               got      panic: a mistake in the test
               hint     the panic's own message, above this report, has its line
        journal
    "#]],
    );
}

#[test]
fn what_a_refused_run_reserved_is_dropped() {
    bench().run(care(How::Refusing)).refused(Code::WrongState, "hungry");
}

// -- refused runs

#[test]
fn a_refused_run_that_told_a_node_to_do_something_fails() {
    golden(
        || bench().run(care(How::ActingInCheck)).refused(Code::WrongState, "hungry"),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): refused (wrong_state): the pet is not hungry, but not as it should be
              1. a refused run told a node to do something   (Invariant::RefusedChangedNothing)
                   got      pet_trick() in step 4
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 check      call    pet_trick() @node2   [bench/units.rs]
        "#]],
    );
}

#[test]
fn that_can_be_left_out() {
    allowing(Invariant::RefusedChangedNothing).run(care(How::ActingInCheck)).refused(Code::WrongState, "hungry");
}

// -- the configuration stays valid

#[test]
fn a_configuration_that_is_broken_by_the_run_fails() {
    golden(
        || bench().run(care(How::BreakingTheCluster)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. the configuration is not valid any more   (Invariant::ValidConfiguration)
                   got      node 'node2.example.com' is in group nowhere, which is not in the configuration
            changes
              nodes[node2].group: default -> nowhere
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    nodegroup/(all) exclusive, node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       config  nodes[node2].group: default -> nowhere   [bench/units.rs]
        "#]],
    );
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
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): success: null, but not as it should be
          1. the cluster is not valid
               got      the cluster that the test has built is not valid:
                          - node 'node3.example.com' is in group nowhere, which is not in the configuration
                            here:-3
               hint     if that is meant, say so: `.broken("why", ..)`
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      start   all locks are held
    "#]],
    );
}
