//! Whether a node has enough memory.

use crate::cx::Asking;
use crate::error::{Code, Problem};
use crate::ids::NodeId;
use crate::rpc::{Doing, NodeInfo};

/// Asks a node how much memory is free, and says no if that is less than `needed_mib`. Returns what is free, in MiB.
///
/// # Problems
/// `environment_error`: the node does not answer, or tells no number (D113). `insufficient_resources`: it has less.
///
/// # Errors
/// As above.
#[track_caller]
pub fn check_free_memory(
    node: &NodeId,
    needed_mib: i64,
    hypervisor: &str,
    purpose: &str,
    cx: &Asking,
) -> Result<i64, Problem> {
    let config = cx.config();
    let name = config.node_name(node);
    let info = cx
        .ask(node, NodeInfo::memory(hypervisor, &config))
        .doing(format!("cannot look at the memory of node {name}"))?;
    let free = info.hypervisors.first().and_then(|hv| hv.number("memory_free"));
    let free = free
        .ok_or_else(|| Problem::new(Code::Environment, format!("node {name} tells no number for its free memory")))?;
    if needed_mib > free {
        let text = format!(
            "node {name} has not enough memory for {purpose}: needed are {needed_mib} MiB, free are {free} MiB"
        );
        return Err(Problem::new(Code::InsufficientResources, text));
    }
    Ok(free)
}
