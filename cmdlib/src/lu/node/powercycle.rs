//! `NodePowercycle` resets a node's hardware. It is a last resort: it waits for nobody.
//!
//! | | |
//! |---|---|
//! | locks | none |
//! | calls | exec: node_powercycle, of offline nodes, too |
//! | refusals | `unknown_entity`: no such node; `resource_not_unique`: it is not the one that was expected; `wrong_input`: it is the master, without `force` |
//!
//! The result is what the node says, or nothing. Nodes only vanish while nothing else runs, so there is nothing to look up
//! again.
//!
//! Source: ganeti 3.1, cmdlib/node.py.

use crate::cx::{Check, Exec, Expand};
use crate::error::{Failure, Refusal};
use crate::locking::Locks;
use crate::lu::shared::node::NamedNode;
use crate::op::{self, IntoArg, NonEmpty};
use crate::rpc::{self, Doing};
use crate::unit::LogicalUnit;

/// Resets a node's hardware.
pub struct NodePowercycle {
    target: NamedNode,
}

impl LogicalUnit for NodePowercycle {
    type Op = op::NodePowercycle;
    type Plan = ();

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let target = NamedNode::find(&op.node_name, op.node_uuid.as_ref(), cx)?;
        if target.id == cx.config().cluster.master_node && !op.force {
            return Err(Refusal::wrong_input(format!("node {} is the master; to reset it, give `force`", target.name)));
        }
        Ok((Self { target }, Locks::none()))
    }

    fn check(&self, _: &Check) -> Result<(), Refusal> {
        Ok(())
    }

    fn exec(&self, (): &mut (), cx: &Exec) -> Result<Option<NonEmpty>, Failure> {
        let config = cx.config();
        let hypervisor = config.cluster.default_hypervisor().to_owned();
        let hvparams = config.cluster_hvparams(&hypervisor);
        let said = cx
            .tell(&self.target.id, rpc::NodePowercycle { hypervisor, hvparams })
            .doing(format!("cannot reset node {}", self.target.name))?;
        Ok(said.as_deref().filter(|text| !text.is_empty()).map(IntoArg::into_arg))
    }
}
