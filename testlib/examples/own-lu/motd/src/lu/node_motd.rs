//! `NodeMotd` sets the message that a node shows, and marks the node with the tag `motd`.
//!
//! | | |
//! |---|---|
//! | locks | the node's, exclusive |
//! | calls | check: motd_read; exec: motd_write, unless the message is there already |
//! | changes | the node's tags |
//! | refusals | `unknown_entity`: no such node; `wrong_input`: more than one line; `wrong_state`: the node is offline, or shows another message, without `force` |

use cmdlib::cx::{Check, Exec, Expand};
use cmdlib::error::{Failure, Refusal};
use cmdlib::ids::NodeId;
use cmdlib::locking::Locks;
use cmdlib::objects::Node;
use cmdlib::unit::LogicalUnit;

use crate::op;
use crate::rpc::{MotdRead, MotdWrite};

const TAG: &str = "motd";

/// Sets the message that a node shows.
pub struct NodeMotd {
    op: op::NodeMotd,
    node: NodeId,
}

impl LogicalUnit for NodeMotd {
    type Op = op::NodeMotd;
    /// Whether the node has to be told.
    type Plan = bool;

    fn arguments(op: &mut Self::Op) -> Result<(), Refusal> {
        if op.text.contains('\n') {
            return Err(Refusal::wrong_input("a message has one line"));
        }
        Ok(())
    }

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let node = cx.find::<Node>(&op.node_name)?;
        let locks = Locks::none().exclusive::<Node>([node.clone()]);
        Ok((Self { op, node }, locks))
    }

    fn check(&self, cx: &Check) -> Result<bool, Refusal> {
        // It may have gone while its lock was waited for.
        let node = cx.config().get(&self.node)?;
        if node.offline {
            return Err(Refusal::wrong_state(format!("node {} is offline", node.name)));
        }
        let there = cx.ask(&self.node, MotdRead {})?;
        if !there.is_empty() && there != self.op.text && !self.op.force {
            return Err(Refusal::wrong_state(format!(
                "node {} shows '{there}'; to replace it, give `force`",
                node.name
            )));
        }
        Ok(there != self.op.text)
    }

    fn exec(&self, to_be_told: &mut bool, cx: &Exec) -> Result<(), Failure> {
        if *to_be_told {
            cx.tell(&self.node, MotdWrite { text: self.op.text.clone() })?;
        }
        cx.update(&self.node, |node| {
            if self.op.text.is_empty() {
                node.tags.remove(TAG);
            } else {
                node.tags.insert(TAG.to_owned());
            }
        })?;
        Ok(())
    }
}
