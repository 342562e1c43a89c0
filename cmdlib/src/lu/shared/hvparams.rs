//! Hypervisor parameters that come with a request.

use crate::cx::Asking;
use crate::error::{Problem, Refusal};
use crate::field::Params;
use crate::ids::NodeId;
use crate::params::{check_syntax, enforce, fill, tables};
use crate::rpc::{Doing, HypervisorValidateParams};

/// Gives parameters their types.
///
/// # Errors
/// `wrong_input`: a name or a value that no hypervisor takes (D30).
pub fn typed(mut params: Params) -> Result<Params, Refusal> {
    enforce(&mut params, &tables::HYPERVISOR).map_err(|why| Refusal::wrong_input(format!("hvparams: {why}")))?;
    Ok(params)
}

/// Checks a hypervisor's complete parameters: by themselves, then against what the nodes have. Nodes that run no instances
/// are not asked, offline ones count as content.
///
/// # Errors
/// `wrong_input`: the hypervisor does not take them (D106). `environment_error`: a node does not (D105), or does not answer.
#[track_caller]
pub fn check_hvparams(hypervisor: &str, params: &Params, nodes: &[NodeId], cx: &Asking) -> Result<(), Refusal> {
    check_syntax(hypervisor, params).map_err(|why| Refusal::wrong_input(format!("hvparams: {why}")))?;
    let config = cx.config();
    let able = |node: &&NodeId| config.nodes.get(node).is_none_or(|it| it.vm_capable);
    let nodes: Vec<NodeId> = nodes.iter().filter(able).cloned().collect();
    let hvparams = fill(&config.cluster_hvparams(hypervisor), params);
    let question = HypervisorValidateParams { hypervisor: hypervisor.to_owned(), hvparams };
    for (_, answer) in cx.ask_all(&nodes, question) {
        match answer.doing("hypervisor parameters do not fit") {
            Err(error) if !error.offline() => return Err(Problem::from(error).into()),
            _ => {}
        }
    }
    Ok(())
}
