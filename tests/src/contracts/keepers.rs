//! Units of the tests' own that mark a node as kept, unless its group must not be used. They differ in nothing but their locks.

use cmdlib::cx::{Check, Exec, Expand};
use cmdlib::error::{Failure, Refusal};
use cmdlib::ids::NodeId;
use cmdlib::locking::{Locks, Mode, Want};
use cmdlib::objects::{Network, Node, NodeGroup};
use cmdlib::unit::LogicalUnit;
use testlib::{LuTest, failure_of};

/// Marks a node, in fact.
fn keep(node: &NodeId, cx: &Exec) -> Result<(), Failure> {
    cx.update(node, |node| _ = node.tags.insert("kept".to_owned()))?;
    Ok(())
}

fn is_allowed(node: &NodeId, cx: &Check) -> Result<(), Refusal> {
    let config = cx.config();
    let group = config.get(&config.get(node)?.group)?;
    match group.alloc_policy.as_str() {
        "unallocable" => Err(Refusal::wrong_state(format!("nothing is kept in group {}", group.name))),
        _ => Ok(()),
    }
}

fn group_of(node: &NodeId, cx: &cmdlib::cx::Declare<NodeGroup>) -> Result<Want<NodeGroup>, Refusal> {
    Ok(Want::these([cx.config().get(node)?.group.clone()]))
}

/// A unit: its opcode, its locks, the mode of the big lock, and whether it keeps the node or only looks.
macro_rules! keepers {
    ($($(#[$doc:meta])* $unit:ident of $op:ident = $id:literal, $big_lock:ident, $does:expr, |$node:ident| $locks:expr;)+) => {
        $(
            cmdlib::opcode! {
                $(#[$doc])*
                $op = $id (
                    /// The node.
                    node_name: cmdlib::op::NonEmpty,
                ) {} -> ()
            }

            $(#[$doc])*
            pub(super) struct $unit(NodeId);

            impl LogicalUnit for $unit {
                type Op = $op;
                type Plan = ();
                const BIG_LOCK: Mode = Mode::$big_lock;

                fn expand(op: $op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
                    let $node = cx.find::<Node>(&op.node_name)?;
                    let locks = $locks;
                    Ok((Self($node), locks))
                }
                fn check(&self, cx: &Check) -> Result<(), Refusal> {
                    is_allowed(&self.0, cx)
                }
                fn exec(&self, (): &mut (), cx: &Exec) -> Result<(), Failure> {
                    let does: fn(&NodeId, &Exec) -> Result<(), Failure> = $does;
                    does(&self.0, cx)
                }
            }
        )+

        cmdlib::units! {
            /// The units of these tests.
            pub(super) const UNITS: $($op => $unit),+;
        }
    };
}

keepers! {
    /// Shares the lock of the group by whose policy it decides.
    Careful of KeepCarefully = "OP_KEEP_CAREFULLY", Shared, keep, |node| {
        Locks::none().exclusive::<Node>([node.clone()]).later(Mode::Shared, |unit: &Self, cx| group_of(&unit.0, cx))
    };
    /// Does the same while nothing else runs.
    Alone of KeepAlone = "OP_KEEP_ALONE", Exclusive, keep, |node| Locks::none();
    /// Does not keep the node, but only looks whether it may be kept.
    Looking of LookWhether = "OP_LOOK_WHETHER", Shared, |_, _| Ok(()), |node| Locks::none();
    /// Decides by the policy of a group that others may change meanwhile.
    Hasty of KeepHastily = "OP_KEEP_HASTILY", Shared, keep, |node| Locks::none().exclusive::<Node>([node.clone()]);
    /// Has the group for itself where it only reads.
    Jealous of KeepJealously = "OP_KEEP_JEALOUSLY", Shared, keep, |node| {
        Locks::none().exclusive::<Node>([node.clone()]).later(Mode::Exclusive, |unit: &Self, cx| group_of(&unit.0, cx))
    };
    /// Takes the locks of networks, which it has nothing to do with.
    Hoarder of KeepAndHoard = "OP_KEEP_AND_HOARD", Shared, keep, |node| {
        Locks::none()
            .exclusive::<Node>([node.clone()])
            .later(Mode::Shared, |unit: &Self, cx| group_of(&unit.0, cx))
            .all::<Network>(Mode::Shared)
    };
    /// Is run by no test.
    Forgotten of ForgetToKeep = "OP_FORGET_TO_KEEP", Shared, keep, |node| Locks::none().exclusive::<Node>([node.clone()]);
}

fn bench() -> LuTest {
    let mut t = LuTest::with(testlib::clusters::two_groups()).units(UNITS);
    t.config().network("net1");
    t
}

mod tests_of_them {
    use cmdlib::error::Code;

    use super::*;

    #[test]
    fn a_node_is_kept() {
        bench().run(KeepCarefully::new("node2")).succeeded();
        bench().run(KeepAlone::new("node2")).succeeded();
        bench().run(KeepHastily::new("node2")).succeeded();
        bench().run(KeepJealously::new("node2")).succeeded();
        bench().run(KeepAndHoard::new("node2")).succeeded();
        bench().run(LookWhether::new("node2")).succeeded();
    }

    #[test]
    fn a_group_that_must_not_be_used_keeps_nothing() {
        let mut t = bench();
        t.config().group("default").alloc_policy("unallocable");
        t.run(KeepHastily::new("node2")).refused(Code::WrongState, "default");
    }

    #[test]
    fn a_test_that_is_to_fail_does_not_count_as_a_failure() {
        let failed = failure_of(|| drop(bench().run(KeepHastily::new("node2")).failed("never")));
        assert!(failed.message.contains("got success"), "{}", failed.message);
    }
}
