//! Tests of what is guessed of the locks around a node group, and looked at again when they are held.

use cmdlib::cx::{Check, Declare, Exec, Expand};
use cmdlib::error::{Code, Failure, Refusal};
use cmdlib::ids::{GroupId, NodeId};
use cmdlib::locking::{Locks, Mode, Want};
use cmdlib::lu::shared::groups;
use cmdlib::objects::{Instance, Node, NodeGroup};
use cmdlib::op::NonEmpty;
use cmdlib::unit::LogicalUnit;
use serde_json::json;
use testlib::Level::{Instance as OfInstance, Node as OfNode, NodeGroup as OfGroup};
use testlib::{GiB, LuRun, LuTest, clusters, granted, shared};

cmdlib::opcode! {
    /// Locks what is around a group.
    LockAround = "OP_LOCK_AROUND" (
        /// The group.
        group_name: NonEmpty,
    ) {} -> ()
}

/// Locks the instances of a group, and their groups and nodes.
struct Around;

impl Around {
    fn groups(&self, cx: &Declare<NodeGroup>) -> Result<Want<NodeGroup>, Refusal> {
        Ok(Want::these(groups::groups_of_locked(cx)))
    }

    fn nodes(&self, cx: &Declare<Node>) -> Result<Want<Node>, Refusal> {
        Ok(Want::these(groups::nodes_of_locked(cx)))
    }
}

impl LogicalUnit for Around {
    type Op = LockAround;
    type Plan = ();

    fn expand(op: LockAround, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let group = cx.find::<NodeGroup>(&op.group_name)?;
        let locks = Locks::none()
            .shared::<Instance>(groups::instance_names(&group, cx))
            .later(Mode::Shared, Self::groups)
            .later(Mode::Shared, Self::nodes);
        Ok((Self, locks))
    }

    fn check(&self, _: &Check) -> Result<(), Refusal> {
        Ok(())
    }

    fn exec(&self, (): &mut (), _: &Exec) -> Result<(), Failure> {
        Ok(())
    }
}

cmdlib::units! {
    /// The unit of these tests.
    const UNITS: LockAround => Around;
}

/// Two groups: `web1` lies in `default` (`node1`, `node2`), `split1` across (`node2`, `node3`), `web2` (`node3`, `node4`) and
/// `alone1` (`node4`) in `rack-b`.
fn bench() -> LuTest {
    let mut t = LuTest::with(clusters::two_groups()).units(UNITS);
    t.config().instance("alone1").on("node4").plain(GiB(1));
    t
}

#[track_caller]
fn around(t: &mut LuTest, group: &str) -> LuRun {
    t.run(LockAround::new(group))
}

// -- guesses

#[test]
fn instances_of_a_group_are_those_with_a_node_in_it() {
    let mut t = bench();
    let group = t.config().id_of_group("rack-b");
    t.check(move |cx| Ok::<_, Refusal>(groups::instance_names(&group, cx))).returned(json!([
        "web2.example.com",
        "split1.example.com",
        "alone1.example.com"
    ]));
}

#[test]
fn a_group_that_is_gone_has_no_instances() {
    let mut t = bench();
    t.check(move |cx| Ok::<_, Refusal>(groups::instance_names(&GroupId::new("gone"), cx))).returned(json!([]));
}

#[test]
fn d79_groups_and_nodes_are_those_of_the_locked_instances() {
    let locks = [
        shared(OfInstance, "web1"),
        shared(OfInstance, "split1"),
        shared(OfGroup, "default"),
        shared(OfGroup, "rack-b"),
        shared(OfNode, "node1"),
        shared(OfNode, "node2"),
        shared(OfNode, "node3"),
    ];
    around(&mut bench(), "default").locked(locks).succeeded();
}

#[test]
fn without_instances_nothing_is_locked() {
    let mut t = bench();
    t.config().group("rack-c");
    around(&mut t, "rack-c").locked_nothing().succeeded();
}

#[test]
fn an_instance_that_vanished_before_its_lock_was_granted_is_left_out() {
    let mut t = bench();
    t.when(granted(OfInstance), |cluster| _ = cluster.remove_instance("split1"));
    let locks = [
        shared(OfInstance, "web1"),
        // Its name was known, and is locked; that it is gone shows in the check.
        shared(OfInstance, "split1"),
        shared(OfGroup, "default"),
        shared(OfNode, "node1"),
        shared(OfNode, "node2"),
    ];
    around(&mut t, "default").locked(locks).succeeded();
}

#[test]
fn an_instance_that_moved_before_its_lock_was_granted_is_followed() {
    let mut t = bench();
    t.config().group("rack-c");
    t.config().node("node5").group("rack-c");
    t.when(granted(OfInstance), |cluster| _ = cluster.instance("split1").secondary("node5"));
    let run = around(&mut t, "default").locked_also([shared(OfGroup, "rack-c"), shared(OfNode, "node5")]);
    run.never_locked(OfGroup, "rack-b").never_locked(OfNode, "node3").succeeded();
}

// -- looking again: instances

/// The instances of `default` are compared with these.
#[track_caller]
fn instances(t: &mut LuTest, locked: &[&str]) -> LuRun {
    let group = t.config().id_of_group("default");
    let locked = locked.iter().map(|it| format!("{it}.example.com")).collect();
    t.check(move |cx| groups::check_instances(&group, &locked, cx))
}

#[test]
fn instances_that_are_all_locked_are_right() {
    instances(&mut bench(), &["split1", "web1"]).returned(());
}

#[test]
fn an_instance_that_is_not_locked_has_come_meanwhile() {
    let part = "the instances of node group 'default' changed meanwhile (split1); try again";
    instances(&mut bench(), &["web1"]).refused(Code::WrongState, part);
}

#[test]
fn an_instance_that_is_locked_in_vain_has_gone_meanwhile() {
    let part = "changed meanwhile (gone1.example.com); try again";
    instances(&mut bench(), &["split1", "web1", "gone1"]).refused(Code::WrongState, part);
}

#[test]
fn a_group_that_is_gone_is_unknown() {
    let locked = ["web1.example.com".to_owned()].into();
    bench()
        .check(move |cx| groups::check_instances(&GroupId::new("gone"), &locked, cx))
        .refused(Code::UnknownEntity, "gone");
}

// -- looking again: places

/// `split1` is looked at, while these groups and nodes are locked.
#[track_caller]
fn places(t: &mut LuTest, groups: &[&str], nodes: &[&str]) -> LuRun {
    let groups = groups.iter().map(|name| t.config().id_of_group(name)).collect();
    let nodes = nodes.iter().map(|name| t.config().id_of_node(name)).collect();
    t.check(move |cx| {
        let split1 = cx.config().named::<Instance>("split1.example.com")?;
        groups::check_places(&split1, &groups, &nodes, cx)
    })
}

const MOVED: &str = "instance 'split1' moved to other nodes or groups meanwhile; try again";

#[test]
fn an_instance_whose_groups_and_nodes_are_locked_is_right() {
    places(&mut bench(), &["default", "rack-b"], &["node2", "node3"]).returned(());
}

#[test]
fn more_groups_and_nodes_than_needed_do_no_harm() {
    places(&mut bench(), &["default", "rack-b"], &["node1", "node2", "node3", "node4"]).returned(());
}

#[test]
fn an_instance_with_a_node_that_is_not_locked_has_moved() {
    places(&mut bench(), &["default", "rack-b"], &["node2", "node4"]).refused(Code::WrongState, MOVED);
}

#[test]
fn an_instance_in_a_group_that_is_not_locked_has_moved() {
    places(&mut bench(), &["default"], &["node2", "node3"]).refused(Code::WrongState, MOVED);
}

#[test]
fn an_instance_whose_node_is_gone_is_refused() {
    let mut t = bench();
    let alone1 = t.config().instance("alone1").diskless().id();
    t.config().broken("a primary node that never was", move |draft| {
        draft.update(&alone1, |it| it.primary_node = NodeId::new("gone")).expect("it is there");
    });
    let nodes = [NodeId::new("gone")].into();
    let groups = [].into();
    t.check(move |cx| {
        let alone1 = cx.config().named::<Instance>("alone1.example.com")?;
        groups::check_places(&alone1, &groups, &nodes, cx)
    })
    .refused(Code::UnknownEntity, "gone");
}
