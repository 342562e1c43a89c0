//! `TestDelay` waits for a while: on nodes, on the master, or until somebody connects to a socket.
//!
//! | | |
//! |---|---|
//! | locks | the nodes that are to wait, the master with `on_master`, exclusive; none with `no_locks` (D14) |
//! | calls | exec: test_delay on these nodes, once per repetition; none when it can be interrupted |
//! | refusals | `wrong_input`: no time to wait (D15); `unknown_entity`: no such node |
//!
//! The master waits by a call like any other node; with no node at all the daemon itself does. A node that is named twice
//! waits once. The first node that fails ends the run, offline ones included (the corpus keeps it so, against R44). An
//! interruption ends the repetitions.
//!
//! Source: ganeti 3.1, cmdlib/test.py.

use crate::cx::{Check, Exec, Expand};
use crate::error::{Failure, Refusal};
use crate::host::Waited;
use crate::ids::NodeId;
use crate::locking::Locks;
use crate::lu::shared::node::NamedNode;
use crate::objects::Node;
use crate::op;
use crate::rpc::{self, Doing};
use crate::unit::LogicalUnit;

/// Waits for a while.
pub struct TestDelay {
    op: op::TestDelay,
    nodes: Vec<NamedNode>,
}

impl LogicalUnit for TestDelay {
    type Op = op::TestDelay;
    type Plan = ();

    fn arguments(op: &mut Self::Op) -> Result<(), Refusal> {
        if op.duration > 0.0 {
            return Ok(());
        }
        Err(Refusal::wrong_input(format!("`duration` is {}, but must be more than 0 seconds", op.duration)))
    }

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let master = op.on_master.then(|| cx.config().master_name());
        let names = op.on_nodes.iter().map(|name| &**name).chain(master.as_deref());
        let nodes: Result<Vec<NamedNode>, Refusal> = names.map(|name| NamedNode::find(name, None, cx)).collect();
        let nodes = nodes?;
        let locked = nodes.iter().filter(|_| !op.no_locks).map(|node| node.id.clone());
        let locks = Locks::none().exclusive::<Node>(locked);
        Ok((Self { op, nodes }, locks))
    }

    fn check(&self, cx: &Check) -> Result<(), Refusal> {
        self.nodes.iter().try_for_each(|node| node.again(cx).map(|_| ()))
    }

    fn exec(&self, (): &mut (), cx: &Exec) -> Result<(), Failure> {
        if self.op.repeat == 0 {
            return self.wait(cx).map(|_| ());
        }
        let last = self.op.repeat - 1;
        for round in 0..self.op.repeat {
            cx.info(format!("round {round} of 0 to {last}"));
            if self.wait(cx)? == Waited::Reached {
                break;
            }
        }
        Ok(())
    }
}

impl TestDelay {
    /// Waits once. Tells whether somebody interrupted it.
    fn wait(&self, cx: &Exec) -> Result<Waited, Failure> {
        let duration = self.op.duration;
        if self.op.interruptible {
            return cx.wait_for_ring(duration);
        }
        if self.nodes.is_empty() {
            cx.sleep(duration);
            return Ok(Waited::TimedOut);
        }
        let nodes: Vec<NodeId> = self.nodes.iter().map(|node| node.id.clone()).collect();
        for (_, answer) in cx.tell_all(&nodes, rpc::TestDelay { duration }) {
            answer.doing("a node did not wait")?;
        }
        Ok(Waited::TimedOut)
    }
}
