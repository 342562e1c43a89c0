//! What other jobs do while locks are waited for.

use cmdlib::error::Code;
use cmdlib::iallocator::ChangeGroup;
use cmdlib::op;
use cmdlib::rpc::NodeInfo;
use testlib::Level::{Instance, Node, NodeGroup};
use testlib::{GiB, HookPhase, MockConfig, granted, shared};

use super::{SPLIT1, WEB1, asks, bench, empty_third_group, evacuate, refused_after, run, three_groups, to};

const CHANGED: (Code, &str) = (Code::WrongState, "try again");

#[test]
fn a_group_that_vanishes_while_its_instances_are_waited_for_is_refused() {
    let mut t = three_groups();
    t.config().instance("alone1").on("node5").plain(GiB(1));
    refused_after(
        t,
        op::GroupEvacuate::new("rack-c"),
        Instance,
        |cluster| {
            cluster.move_node("node5", "rack-b").remove_group("rack-c");
        },
        (Code::UnknownEntity, "rack-c"),
    );
}

#[test]
fn a_group_without_nodes_that_vanishes_while_groups_are_waited_for_is_refused() {
    refused_after(
        empty_third_group(),
        op::GroupEvacuate::new("rack-c"),
        NodeGroup,
        |cluster| _ = cluster.remove_group("rack-c"),
        (Code::UnknownEntity, "rack-c"),
    );
}

#[test]
fn a_group_that_vanishes_with_targets_given_is_refused() {
    let op = op::GroupEvacuate { group_name: "rack-c".into(), ..to(&["rack-b"]) };
    for level in [NodeGroup, Node] {
        let change = |cluster: &mut MockConfig| _ = cluster.remove_group("rack-c");
        refused_after(empty_third_group(), op.clone(), level, change, (Code::UnknownEntity, "rack-c"));
    }
}

#[test]
fn a_group_that_is_renamed_meanwhile_is_evacuated() {
    for level in [Instance, NodeGroup, Node] {
        let mut t = bench();
        t.when(granted(level), |cluster| {
            cluster.group("default").change(|group| group.name = "rack-a".to_owned());
        });
        let wanted = asks(&mut t, &[SPLIT1, WEB1], &["rack-b"]);
        run(&mut t, evacuate()).allocated([wanted]).succeeded();
    }
}

#[test]
fn hooks_are_told_the_name_that_a_group_got_meanwhile() {
    let mut t = bench();
    t.when(granted(Node), |cluster| {
        cluster.group("default").change(|group| group.name = "rack-a".to_owned());
    });
    run(&mut t, evacuate()).hook_env(HookPhase::Pre, [("GANETI_GROUP_NAME", "rack-a")]).succeeded();
}

#[test]
fn a_target_that_vanishes_meanwhile_is_refused() {
    for level in [Instance, NodeGroup, Node] {
        let change = |cluster: &mut MockConfig| _ = cluster.remove_group("rack-c");
        refused_after(empty_third_group(), to(&["rack-b", "rack-c"]), level, change, (Code::UnknownEntity, "'rack-c'"));
    }
}

#[test]
fn a_target_that_vanishes_meanwhile_is_named_and_not_by_uuid() {
    let mut t = empty_third_group();
    t.when(granted(Node), |cluster| _ = cluster.remove_group("rack-c"));
    let run = t.run(to(&["rack-b", "rack-c"]));
    // Verdicts read uuids as names: the text itself is in the run's own.
    let told = format!("{run:?}");
    run.refused(Code::UnknownEntity, "rack-c");
    assert!(told.contains("there is no node group 'rack-c'"), "{told}");
}

#[test]
fn a_group_that_vanishes_meanwhile_is_no_target_where_all_are() {
    for level in [Instance, NodeGroup] {
        let mut t = empty_third_group();
        let wanted = asks(&mut t, &[SPLIT1, WEB1], &["rack-b"]);
        t.when(granted(level), |cluster| _ = cluster.remove_group("rack-c"));
        run(&mut t, evacuate()).allocated([wanted]).succeeded();
    }
}

#[test]
fn a_group_that_appears_before_the_groups_are_locked_is_a_target() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| {
        cluster.group("rack-c");
        cluster.node("node5").group("rack-c");
    });
    let judged = run(&mut t, evacuate()).succeeded();
    assert_eq!(judged.documents()[0]["request"]["target_groups"].as_array().map(Vec::len), Some(2));
}

#[test]
fn an_instance_that_vanishes_meanwhile_is_noticed() {
    for level in [Instance, NodeGroup, Node] {
        let change = |cluster: &mut MockConfig| _ = cluster.remove_instance("split1");
        refused_after(bench(), evacuate(), level, change, (Code::WrongState, SPLIT1));
        refused_after(three_groups(), to(&["rack-c"]), level, change, (Code::WrongState, SPLIT1));
    }
}

#[test]
fn an_instance_that_appears_meanwhile_is_noticed() {
    for level in [Instance, NodeGroup, Node] {
        let change = |cluster: &mut MockConfig| _ = cluster.instance("late1").on("node1");
        refused_after(bench(), evacuate(), level, change, (Code::WrongState, "late1"));
    }
}

#[test]
fn an_instance_that_is_renamed_meanwhile_is_noticed() {
    for level in [Instance, NodeGroup, Node] {
        let change = |cluster: &mut MockConfig| _ = cluster.rename_instance("web1", "shop1");
        refused_after(bench(), evacuate(), level, change, (Code::WrongState, "shop1"));
    }
}

#[test]
fn an_instance_that_leaves_the_group_meanwhile_is_noticed() {
    for level in [Instance, NodeGroup, Node] {
        let change = |cluster: &mut MockConfig| _ = cluster.instance("split1").on("node3").secondary("node4");
        refused_after(bench(), evacuate(), level, change, (Code::WrongState, SPLIT1));
    }
}

#[test]
fn an_instance_that_moves_within_the_group_meanwhile_does_no_harm() {
    for level in [Instance, NodeGroup, Node] {
        let mut t = bench();
        t.when(granted(level), |cluster| _ = cluster.move_instance("web1", "node2"));
        run(&mut t, evacuate()).succeeded();
    }
}

#[test]
fn a_mirror_that_moves_to_a_group_that_is_not_locked_is_noticed() {
    for level in [NodeGroup, Node] {
        let change = |cluster: &mut MockConfig| _ = cluster.instance("split1").secondary("node5");
        refused_after(three_groups(), to(&["rack-b"]), level, change, CHANGED);
    }
}

#[test]
fn a_mirror_that_moves_before_the_groups_are_locked_is_followed() {
    let mut t = three_groups();
    t.when(granted(Instance), |cluster| _ = cluster.instance("split1").secondary("node5"));
    let locks = [shared(NodeGroup, "rack-c"), shared(Node, "node5")];
    run(&mut t, to(&["rack-b"])).locked_also(locks).succeeded();
}

#[test]
fn a_node_that_joins_the_group_with_its_instances_meanwhile_is_noticed() {
    for level in [Instance, NodeGroup, Node] {
        let change = |cluster: &mut MockConfig| _ = cluster.move_node("node4", "default");
        refused_after(bench(), evacuate(), level, change, (Code::WrongState, "web2"));
    }
}

#[test]
fn a_node_that_leaves_the_group_with_its_instances_meanwhile_is_noticed() {
    for level in [Instance, NodeGroup, Node] {
        let change = |cluster: &mut MockConfig| _ = cluster.move_node("node2", "rack-b");
        refused_after(bench(), evacuate(), level, change, (Code::WrongState, SPLIT1));
    }
}

#[test]
fn the_other_side_of_a_mirror_that_goes_to_a_group_that_is_not_locked_is_noticed() {
    for level in [NodeGroup, Node] {
        let change = |cluster: &mut MockConfig| _ = cluster.move_node("node3", "rack-c");
        refused_after(three_groups(), to(&["rack-b"]), level, change, CHANGED);
    }
}

#[test]
fn a_node_without_instances_that_vanishes_meanwhile_does_no_harm() {
    for level in [Instance, NodeGroup, Node] {
        let mut t = three_groups();
        t.when(granted(level), |cluster| _ = cluster.remove_node("node5"));
        run(&mut t, evacuate()).succeeded();
    }
}

#[test]
fn a_node_that_goes_offline_meanwhile_is_not_contacted() {
    let mut t = bench();
    t.when(granted(Node), |cluster| _ = cluster.node("node4").offline());
    t.iallocator().on::<ChangeGroup>().moves([("split1", "rack-b", "node3"), ("web1", "rack-b", "node3")]);
    t.run(evacuate()).called_on::<NodeInfo>(["node1", "node2", "node3"]).succeeded();
}
