//! Whether a node has the bridges that an instance is attached to.

use crate::cx::Asking;
use crate::error::Problem;
use crate::ids::NodeId;
use crate::objects::Instance;
use crate::rpc::{BridgesExist, Doing};

/// Asks a node for the bridges of an instance's network interfaces; it is not asked if there is none.
///
/// # Errors
/// `environment_error`: it lacks one, or does not answer.
#[track_caller]
pub fn check_bridges(instance: &Instance, node: &NodeId, cx: &Asking) -> Result<(), Problem> {
    let config = cx.config();
    let link = |params: crate::field::Params| {
        let bridged = params.get("mode").is_some_and(|mode| mode == "bridged");
        params.get("link").filter(|_| bridged).and_then(|link| link.as_str().map(str::to_owned))
    };
    let bridges: Vec<String> = instance.nics.iter().filter_map(|nic| link(config.nicparams(nic))).collect();
    if !bridges.is_empty() {
        let purpose = format!("bridges are missing on node {}", config.node_name(node));
        cx.ask(node, BridgesExist { bridges }).doing(purpose)?;
    }
    Ok(())
}
