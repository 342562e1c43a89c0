//! Taking locks in both ways, and giving them back.

use cmdlib::config::Owner;
use cmdlib::error::Code;
use cmdlib::locking::Misuse;
use cmdlib::processor::Ended;
use expect_test::expect;
use testlib::Level::{Instance, Network, Node, NodeGroup, NodeRes};
use testlib::{Level, all_exclusive, exclusive, granted, shared};

use super::outside::{Walked, bench, outside};
use super::units::op::{Halt, Walk};
use super::units::{GivesBack, Wishes};

fn wishing(wishes: Wishes) -> Walk {
    Walk { wishes, ..Walk::new() }
}

fn giving(wishes: Wishes, gives_back: GivesBack) -> Walk {
    Walk { wishes, gives_back, ..Walk::new() }
}

/// What the lock manager is asked, and what the unit says of it.
fn locking(walked: &Walked) -> String {
    let lines = walked.only(&[
        "lock ",
        "free",
        "keep",
        "share",
        "info: groups",
        "info: nodes",
        "info: resources",
        "info: check",
        "info: left",
    ]);
    lines.iter().map(|line| format!("{line}\n")).collect()
}

// -- the timed way

#[test]
fn what_is_known_is_one_request() {
    expect![[r#"
        lock cluster/BGL shared within 30 s
        lock instance/web2 exclusive, node/node1 shared, node/node2 shared, node-res/node1 exclusive within 30 s
        info: check, holding nodes ["node1", "node2"]
        free node-res
        free node
        free instance
        free cluster
    "#]]
    .assert_eq(&locking(&outside().walk(wishing(Wishes::Known))));
}

#[test]
fn d79_a_level_that_is_computed_waits_for_the_lower_ones() {
    expect![[r#"
        lock cluster/BGL shared within 30 s
        lock instance/web2 exclusive within 30 s
        info: groups, holding instances {"web2.example.com"}
        lock nodegroup/default shared within 30 s
        info: nodes, holding instances {"web2.example.com"} and 1 groups
        lock node/node1 shared, node/node2 shared within 30 s
        info: resources, holding nodes ["node1", "node2"]
        lock node-res/node1 exclusive, node-res/node2 exclusive within 30 s
        info: check, holding nodes ["node1", "node2"]
        free node-res
        free node
        free nodegroup
        free instance
        free cluster
    "#]]
    .assert_eq(&locking(&outside().walk(wishing(Wishes::Computed))));
}

#[test]
fn levels_come_in_order_whatever_the_order_of_the_wishes() {
    expect![[r#"
        lock cluster/BGL shared within 30 s
        lock instance/web2 shared within 30 s
        info: nodes, holding instances {"web2.example.com"} and 0 groups
        lock node/node1 exclusive, node/node2 exclusive within 30 s
        lock network/net1 shared within 30 s
        info: check, holding nodes ["node1", "node2"]
        free network
        free node
        free instance
        free cluster
    "#]]
    .assert_eq(&locking(&outside().walk(wishing(Wishes::Mixed))));
}

#[test]
fn what_is_free_is_taken_and_the_next_level_follows_it() {
    expect![[r#"
        lock cluster/BGL shared within 30 s
        lock 1 or more of node/node1 exclusive, node/node2 exclusive, node/node3 exclusive within 30 s
        info: resources, holding nodes ["node1", "node3"]
        lock node-res/node1 exclusive, node-res/node3 exclusive within 30 s
        info: check, holding nodes ["node1", "node3"]
        free node-res
        free node
        free cluster
    "#]]
    .assert_eq(&locking(&outside().node_taken(Node, "node2").walk(wishing(Wishes::Free))));
}

#[test]
fn what_is_free_may_be_known_beforehand() {
    expect![[r#"
        lock cluster/BGL shared within 30 s
        lock 1 or more of node/node1 exclusive, node/node2 exclusive, node/node3 exclusive within 30 s
        info: resources, holding nodes ["node1", "node3"]
        lock node-res/node1 exclusive, node-res/node3 exclusive within 30 s
        info: check, holding nodes ["node1", "node3"]
        free node-res
        free node
        free cluster
    "#]]
    .assert_eq(&locking(&outside().node_taken(Node, "node2").walk(wishing(Wishes::FreeKnown))));
}

#[test]
fn the_time_is_for_all_requests_together() {
    expect![[r#"
        lock cluster/BGL shared within 30 s
        lock instance/web2 exclusive within 21 s
        info: groups, holding instances {"web2.example.com"}
        lock nodegroup/default shared within 12 s
        info: nodes, holding instances {"web2.example.com"} and 1 groups
        lock node/node1 shared, node/node2 shared within 3 s
        info: resources, holding nodes ["node1", "node2"]
        lock node-res/node1 exclusive, node-res/node2 exclusive within 0 s
        info: check, holding nodes ["node1", "node2"]
        free node-res
        free node
        free nodegroup
        free instance
        free cluster
    "#]]
    .assert_eq(&locking(&outside().slow(9.0).walk(wishing(Wishes::Computed))));
}

// -- the blocking way

#[test]
fn whoever_waits_for_ever_asks_for_one_lock_after_the_other_by_name() {
    expect![[r#"
        lock cluster/BGL shared for ever
        lock instance/web2 exclusive for ever
        lock node/node1 shared for ever
        lock node/node2 shared for ever
        lock node-res/node1 exclusive for ever
        info: check, holding nodes ["node1", "node2"]
        free node-res
        free node
        free instance
        free cluster
    "#]]
    .assert_eq(&locking(&outside().walk_blocking(wishing(Wishes::Known))));
}

#[test]
fn d79_a_level_that_is_computed_waits_in_this_way_as_well() {
    expect![[r#"
        lock cluster/BGL shared for ever
        lock instance/web2 exclusive for ever
        info: groups, holding instances {"web2.example.com"}
        lock nodegroup/default shared for ever
        info: nodes, holding instances {"web2.example.com"} and 1 groups
        lock node/node1 shared for ever
        lock node/node2 shared for ever
        info: resources, holding nodes ["node1", "node2"]
        lock node-res/node1 exclusive for ever
        lock node-res/node2 exclusive for ever
        info: check, holding nodes ["node1", "node2"]
        free node-res
        free node
        free nodegroup
        free instance
        free cluster
    "#]]
    .assert_eq(&locking(&outside().walk_blocking(wishing(Wishes::Computed))));
}

#[test]
fn whoever_waits_for_ever_takes_all_and_not_what_is_free() {
    expect![[r#"
        lock cluster/BGL shared for ever
        lock node/node1 exclusive for ever
        lock node/node2 exclusive for ever
        lock node/node3 exclusive for ever
        info: resources, holding nodes ["node1", "node2", "node3"]
        lock node-res/node1 exclusive for ever
        lock node-res/node2 exclusive for ever
        lock node-res/node3 exclusive for ever
        info: check, holding nodes ["node1", "node2", "node3"]
        free node-res
        free node
        free cluster
    "#]]
    .assert_eq(&locking(&outside().walk_blocking(wishing(Wishes::Free))));
}

#[test]
fn r34_the_locks_held_do_not_depend_on_the_way() {
    for wishes in [Wishes::Known, Wishes::Computed, Wishes::Mixed, Wishes::Whole, Wishes::TwoLists, Wishes::Empty] {
        bench().run(wishing(wishes)).succeeded();
    }
}

// -- wishes

#[test]
fn the_whole_level_is_a_marker() {
    bench().run(wishing(Wishes::Whole)).locked([all_exclusive(Node)]).succeeded();
}

#[test]
fn the_whole_level_holds_all_there_is_by_name() {
    assert!(outside().walk(wishing(Wishes::Whole)).has("info: check, holding nodes [\"node1\", \"node2\", \"node3\"]"));
}

#[test]
fn the_whole_level_swallows_names() {
    bench().run(wishing(Wishes::WholeAndOne)).locked([all_exclusive(Node)]).succeeded();
}

#[test]
fn two_wishes_of_one_level_are_put_together() {
    bench().run(wishing(Wishes::TwoLists)).locked([shared(Node, "node1"), shared(Node, "node3")]).succeeded();
}

#[test]
fn no_names_ask_for_nothing() {
    let walked = outside().walk(wishing(Wishes::Empty));
    assert_eq!(
        walked.only(&["lock ", "info: res"]),
        ["lock cluster/BGL shared within 30 s", "info: resources, holding nodes []"]
    );
}

#[test]
fn wishes_in_two_modes_are_an_internal_error() {
    for wishes in [Wishes::TwoModes, Wishes::TwoModesLater] {
        let walked = outside().walk(wishing(wishes)).left_nothing();
        assert_eq!(walked.ended.to_string(), "internal error: locks of level node are wished shared and exclusive");
    }
}

#[test]
fn those_that_are_free_and_others_of_one_level_are_an_internal_error() {
    for wishes in [Wishes::FreeAndOne, Wishes::FreeTwice] {
        let told =
            "internal error: of level node those locks that are free are wished, and others: one level, one wish";
        assert_eq!(outside().walk(wishing(wishes)).left_nothing().ended.to_string(), told);
        assert_eq!(outside().walk_blocking(wishing(wishes)).left_nothing().ended.to_string(), told);
    }
}

#[test]
fn a_level_that_follows_from_one_that_was_not_wished_is_an_internal_error() {
    let walked = outside().walk(wishing(Wishes::Unwished)).left_nothing();
    assert_eq!(walked.ended.to_string(), "internal error: panic: the unit never wished for locks of level node");
}

#[test]
fn a_unit_that_refuses_while_it_chooses_gives_back_what_it_has() {
    let walked = outside().walk(wishing(Wishes::Refusing)).left_nothing();
    assert_eq!(walked.ended.to_string(), "refused (wrong_state): there is no way on");
    assert!(walked.has("lock instance/web2 exclusive"));
}

#[test]
fn r34_the_right_locks_are_asked_for() {
    let locks = [
        exclusive(Instance, "web2"),
        shared(NodeGroup, "default"),
        shared(Node, "node1"),
        shared(Node, "node2"),
        exclusive(NodeRes, "node1"),
        exclusive(NodeRes, "node2"),
    ];
    bench().run(wishing(Wishes::Computed)).locked(locks).succeeded();
}

#[test]
fn h79_names_are_resolved_in_the_configuration_of_after_the_big_lock() {
    let mut t = bench();
    t.when(granted(Level::Cluster), |cluster| _ = cluster.remove_network("net1"));
    t.run(wishing(Wishes::Mixed)).refused(Code::UnknownEntity, "net1");
}

#[test]
fn h79_a_level_is_computed_from_the_configuration_of_after_the_wait() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| _ = cluster.remove_instance("web2"));
    t.run(wishing(Wishes::Computed)).refused(Code::UnknownEntity, "web2");
}

#[test]
fn r37_the_check_sees_the_configuration_of_after_the_last_wait() {
    let mut t = bench();
    t.when(granted(Node), |cluster| _ = cluster.node("node4"));
    let judged = t.run(wishing(Wishes::Whole)).succeeded();
    assert!(judged.log()[1].1.contains("node4"), "{:?}", judged.log());
}

// -- not granted

#[track_caller]
fn times_out(level: Level, wishes: Wishes) {
    let walked = outside().taken(level).walk(wishing(wishes)).left_nothing();
    assert_eq!(walked.ended, Ended::LockTimeout);
    assert!(!walked.has("info: check"), "{}", walked.story());
}

#[test]
fn the_big_lock_is_not_granted() {
    times_out(Level::Cluster, Wishes::Known);
}

#[test]
fn an_instance_is_not_granted() {
    times_out(Instance, Wishes::Computed);
}

#[test]
fn a_group_is_not_granted() {
    times_out(NodeGroup, Wishes::Computed);
}

#[test]
fn a_node_is_not_granted() {
    times_out(Node, Wishes::Computed);
}

#[test]
fn the_resources_of_a_node_are_not_granted() {
    times_out(NodeRes, Wishes::Computed);
}

#[test]
fn a_network_is_not_granted() {
    times_out(Network, Wishes::Mixed);
}

#[test]
fn too_little_is_free() {
    times_out(Node, Wishes::Free);
}

#[test]
fn what_was_granted_before_is_freed_level_by_level_the_last_first() {
    let walked = outside().taken(NodeRes).walk(wishing(Wishes::Computed));
    assert_eq!(
        walked.only(&["free"]),
        ["free node-res", "free node", "free nodegroup", "free instance", "free cluster"]
    );
}

#[test]
fn an_attempt_without_the_big_lock_does_not_look_at_the_opcode() {
    let walked = outside().taken(Level::Cluster).walk(Halt::new());
    assert_eq!((walked.ended, walked.trail.iter().any(|line| line == "arguments")), (Ended::LockTimeout, false));
}

#[test]
fn a_request_that_breaks_the_rules_of_the_lock_manager_is_an_internal_error() {
    let misuse = Misuse::Waiting { owner: Owner(7) };
    let told = Ended::Internal(misuse.to_string());
    assert_eq!(outside().refused(misuse.clone()).walk(wishing(Wishes::Known)).left_nothing().ended, told);
    assert_eq!(outside().refused(misuse).walk_blocking(wishing(Wishes::Known)).left_nothing().ended, told);
}

// -- giving back

#[test]
fn r40_a_check_keeps_one_and_gives_the_others_back() {
    expect![[r#"
        lock cluster/BGL shared within 30 s
        lock instance/web2 exclusive, node/node1 shared, node/node2 shared, node-res/node1 exclusive within 30 s
        info: check, holding nodes ["node1", "node2"]
        keep of node [node/node1 shared]
        info: left are nodes ["node1"]
        free node-res
        free node
        free instance
        free cluster
    "#]]
    .assert_eq(&locking(&outside().walk(giving(Wishes::Known, GivesBack::AllButOne))));
}

#[test]
fn r40_a_check_gives_one_back() {
    bench().run(giving(Wishes::Known, GivesBack::One)).released([shared(Node, "node1")]).succeeded();
}

#[test]
fn r40_a_check_gives_all_back() {
    let run = bench().run(giving(Wishes::Known, GivesBack::All));
    run.released([shared(Node, "node1"), shared(Node, "node2")]).succeeded();
}

#[test]
fn r40_the_execution_gives_back() {
    bench().run(giving(Wishes::Known, GivesBack::Late)).released([shared(Node, "node2")]).succeeded();
}

#[test]
fn what_is_kept_of_a_whole_level_is_held_one_by_one_in_the_same_mode() {
    expect![[r#"
        lock cluster/BGL shared within 30 s
        lock node/(all) exclusive within 30 s
        info: check, holding nodes ["node1", "node2", "node3"]
        keep of node [node/node1 exclusive]
        info: left are nodes ["node1"]
        free node
        free cluster
    "#]]
    .assert_eq(&locking(&outside().walk(giving(Wishes::Whole, GivesBack::AllButOne))));
}

#[test]
fn one_can_be_given_back_out_of_a_whole_level() {
    expect![[r#"
        lock cluster/BGL shared within 30 s
        lock node/(all) exclusive within 30 s
        info: check, holding nodes ["node1", "node2", "node3"]
        keep of node [node/node2 exclusive, node/node3 exclusive]
        info: left are nodes ["node2", "node3"]
        free node
        free cluster
    "#]]
    .assert_eq(&locking(&outside().walk(giving(Wishes::Whole, GivesBack::One))));
}

#[test]
fn a_whole_level_that_is_given_back_is_told_as_a_whole() {
    bench().run(giving(Wishes::Whole, GivesBack::All)).released([all_exclusive(Node)]).succeeded();
}

#[test]
fn r40_the_execution_shares_what_it_holds() {
    let walked = outside().walk(giving(Wishes::TwoLists, GivesBack::Share)).left_nothing();
    assert_eq!(
        walked.only(&["share", "told: shares"]),
        ["share node", "told: shares node/node1 shared, node/node3 shared"]
    );
}

#[test]
fn a_whole_level_is_shared_as_a_whole() {
    let walked = outside().walk(giving(Wishes::Whole, GivesBack::Share)).left_nothing();
    assert_eq!(walked.only(&["share", "told: shares"]), ["share node", "told: shares node/(all) shared"]);
}

#[test]
fn giving_back_of_a_level_that_was_not_wished_does_nothing() {
    let walked = outside().walk(giving(Wishes::Known, GivesBack::Unwished)).left_nothing();
    assert_eq!(walked.ended, Ended::Success("walked".into()));
    assert_eq!(walked.only(&["keep", "share"]), [""; 0]);
}

#[test]
fn what_is_given_back_is_given_back_in_both_ways() {
    for gives_back in [GivesBack::AllButOne, GivesBack::One, GivesBack::All, GivesBack::Late, GivesBack::Share] {
        outside().walk(giving(Wishes::Whole, gives_back)).left_nothing();
        outside().walk_blocking(giving(Wishes::Whole, gives_back)).left_nothing();
    }
}
