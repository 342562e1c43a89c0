//! Nodes that answer what nobody recorded: the framework's healthy ones.

use cmdlib::config::Snapshot;
use cmdlib::rpc::{Message, Trouble};
use serde_json::Value;

use crate::healthy::answer_any;

/// Answers a call as a healthy node does.
pub(super) fn answer(message: &Message<'_>, config: &Snapshot) -> Result<Value, Trouble> {
    let unanswered = |why: &str| Err(Trouble::Unreachable(format!("nobody recorded an answer, and {why}")));
    let Some(node) = config.nodes.get(&message.node) else { return unanswered("the node does not exist") };
    match answer_any(message.call, node, config) {
        Some(Ok(reply)) => Ok(reply),
        Some(Err(why)) => unanswered(&why),
        None => unanswered("healthy nodes have none"),
    }
}
