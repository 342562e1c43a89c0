//! A unit of the tests' own that has all that a defect can spoil, and tests of it: the thorough ones notice every defect that
//! can be put back, the careless ones only look at the outcome.

use cmdlib::cx::{Check, Declare, Exec, Expand, View};
use cmdlib::error::{Failure, Refusal};
use cmdlib::hooks::{Env, HookObject, Hooks, NodeSet};
use cmdlib::ids::NodeId;
use cmdlib::locking::{Locks, Mode, NodeRes, Want};
use cmdlib::objects::Node;
use cmdlib::op::NonEmpty;
use cmdlib::unit::LogicalUnit;
use testlib::{Healthy, LuTest};

cmdlib::calls! {
    /// Opens the door of a node.
    action OpenDoor = "open_door" in |c| 60, Online, Node () => ();
}

impl Healthy for OpenDoor {
    fn answer(&self, _: &Node, _: &cmdlib::config::Snapshot) -> Result<(), String> {
        Ok(())
    }
}

mod op {
    cmdlib::opcode! {
        /// Opens the doors of nodes, and says on each that it is open.
        Open = "OP_OPEN" (
            /// The nodes.
            nodes: Vec<cmdlib::op::NonEmpty>,
        ) {} -> ()
    }
    cmdlib::opcode! {
        /// The same, with other tests.
        OpenCarelessly = "OP_OPEN_CARELESSLY" (
            /// The nodes.
            nodes: Vec<cmdlib::op::NonEmpty>,
        ) {} -> ()
    }
    cmdlib::opcode! {
        /// The same, without a test.
        OpenNever = "OP_OPEN_NEVER" (
            /// The nodes.
            nodes: Vec<cmdlib::op::NonEmpty>,
        ) {} -> ()
    }
}
use op::{Open, OpenCarelessly, OpenNever};

struct Doors {
    nodes: Vec<NodeId>,
}

impl Doors {
    fn find(names: &[NonEmpty], cx: &Expand) -> Result<Self, Refusal> {
        Ok(Self { nodes: names.iter().map(|name| Ok(cx.find::<Node>(name)?)).collect::<Result<_, Refusal>>()? })
    }

    fn resources(&self, cx: &Declare<NodeRes>) -> Result<Want<NodeRes>, Refusal> {
        Ok(Want::these(cx.held::<Node>()))
    }

    fn check(&self, cx: &Check) -> Result<(), Refusal> {
        self.nodes.iter().try_for_each(|node| cx.get(node).map(drop).map_err(Into::into))
    }

    fn exec(&self, cx: &Exec) -> Result<(), Failure> {
        cx.keep_only::<NodeRes>([]);
        for node in &self.nodes {
            cx.tell(node, OpenDoor {})?;
            cx.update(node, |node| _ = node.tags.insert("open".to_owned()))?;
        }
        cx.downgrade::<Node>();
        Ok(())
    }

    fn env(&self, _: &View) -> Env {
        Env::new()
    }

    fn hook_nodes(&self, cx: &View) -> (NodeSet, NodeSet) {
        let master = cx.config().cluster.master_node.clone();
        ([master.clone()].into(), [master].into())
    }
}

/// The same unit under three names, since each has its own tests.
macro_rules! doors {
    ($($unit:ident of $op:ident),+) => { $(
        pub(super) struct $unit(Doors);

        impl $unit {
            fn resources(&self, cx: &Declare<NodeRes>) -> Result<Want<NodeRes>, Refusal> {
                self.0.resources(cx)
            }
        }

        impl LogicalUnit for $unit {
            type Op = $op;
            type Plan = ();
            const HOOKS: Option<Hooks<Self>> = Some(Hooks {
                path: "open",
                object: HookObject::Node,
                env: |lu, (), cx| lu.0.env(cx),
                nodes: |lu, (), cx| lu.0.hook_nodes(cx),
                answered: None,
            });

            fn expand(op: $op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
                let doors = Doors::find(&op.nodes, cx)?;
                let locks = Locks::none()
                    .exclusive::<Node>(doors.nodes.clone())
                    .later(Mode::Exclusive, Self::resources);
                Ok((Self(doors), locks))
            }
            fn check(&self, cx: &Check) -> Result<(), Refusal> {
                self.0.check(cx)
            }
            fn exec(&self, (): &mut (), cx: &Exec) -> Result<(), Failure> {
                self.0.exec(cx)
            }
        }
    )+ };
}
doors! { Door of Open, CarelessDoor of OpenCarelessly, UntestedDoor of OpenNever }

cmdlib::units! {
    /// The units of these tests.
    pub(super) const UNITS: Open => Door, OpenCarelessly => CarelessDoor, OpenNever => UntestedDoor;
}

fn bench() -> LuTest {
    let mut t = LuTest::three_nodes().units(UNITS);
    t.knows::<OpenDoor>();
    t
}

mod thorough {
    use cmdlib::error::Code;
    use testlib::Level::{Node, NodeRes};
    use testlib::{exclusive, granted};

    use super::{Open, OpenDoor, bench};

    fn both() -> Open {
        Open::new(["node1", "node2"])
    }

    #[test]
    fn doors_are_opened_with_their_nodes_locked() {
        let mut t = bench();
        t.run(both())
            .locked([
                exclusive(Node, "node1"),
                exclusive(Node, "node2"),
                exclusive(NodeRes, "node1"),
                exclusive(NodeRes, "node2"),
            ])
            .released([exclusive(NodeRes, "node1"), exclusive(NodeRes, "node2")])
            .downgraded(Node)
            .called_on::<OpenDoor>(["node1", "node2"])
            .succeeded();
    }

    #[test]
    fn scripts_run_on_the_master() {
        let mut t = bench();
        t.run(both()).hooks("open", ["node1"], ["node1"]).succeeded();
    }

    #[test]
    fn a_door_that_stays_shut_is_not_said_to_be_open() {
        let mut t = bench();
        t.rpc().on::<OpenDoor>().fails("it sticks");
        let run = t.run(Open::new(["node1"])).failed("it sticks");
        assert!(run.config().same_as(run.config_before()));
    }

    #[test]
    fn a_node_that_vanished_meanwhile_is_refused() {
        let mut t = bench();
        t.when(granted(Node), |cluster| _ = cluster.remove_node("node3"));
        t.run(Open::new(["node3"])).refused(Code::UnknownEntity, "node3");
    }
}

mod careless {
    use testlib::sweep::{Fault, Point};

    use super::{OpenCarelessly, OpenDoor, bench};

    #[test]
    fn it_does_something() {
        let mut t = bench();
        t.run(OpenCarelessly::new(["node1", "node2"])).succeeded();
    }

    #[test]
    fn it_may_fail() {
        let mut t = bench();
        t.rpc().on::<OpenDoor>().fails("it sticks");
        t.run(OpenCarelessly::new(["node1"])).failed("it sticks");
    }

    #[test]
    fn it_may_fail_with_a_fault_from_outside() {
        let mut t = bench();
        t.inject(Point::call::<OpenDoor>().node("node1"), Fault::Refused);
        t.run(OpenCarelessly::new(["node1"])).failed("node1");
    }
}
