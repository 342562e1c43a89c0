//! Naming an instance and looking at its state.

use std::sync::Arc;

use crate::config::Status;
use crate::cx::{Exec, View};
use crate::error::{Code, Refusal};
use crate::hooks::NodeSet;
use crate::ids::{Id, InstanceId, NodeId};
use crate::objects::{AdminState, Instance};
use crate::op::NonEmpty;
use crate::rpc::{InstanceRuntime, RunState};

/// An instance that a unit is about: found when names were resolved, and to be looked up again with its lock held.
#[derive(Debug, Clone)]
pub struct Named {
    /// Its uuid.
    pub id: InstanceId,
    /// Its full name: the name of its lock.
    pub name: String,
}

impl Named {
    /// Finds the instance that a request means.
    ///
    /// # Errors
    /// `unknown_entity`: none, or more than one, is meant. `resource_not_unique`: it is not the one that was expected.
    /// `wrong_state`: it is only planned.
    pub fn find(name: &str, expected: Option<&NonEmpty>, cx: &View) -> Result<Self, Refusal> {
        let found = cx.get(&cx.find::<Instance>(name)?).map_err(|gone| gone.called(name))?;
        same_id("instance", &found.name, &found.uuid, expected)?;
        if found.forthcoming {
            return Err(Refusal::wrong_state(format!("instance '{}' is only planned", found.name)));
        }
        Ok(Self { id: found.uuid.clone(), name: found.name.clone() })
    }

    /// Looks the instance up again: it may have vanished while its lock was waited for (D108), or have got another name, whose
    /// lock is not held.
    ///
    /// # Errors
    /// `unknown_entity`: it has vanished. `wrong_state`: it was renamed.
    pub fn again(&self, cx: &View) -> Result<Arc<Instance>, Refusal> {
        let instance = cx.get(&self.id).map_err(|gone| gone.called(&self.name))?;
        if instance.name != self.name {
            let text = format!("instance '{}' was renamed to '{}' meanwhile: try again", self.name, instance.name);
            return Err(Refusal::wrong_state(text));
        }
        Ok(instance)
    }
}

/// Refuses an object that is not the one that was expected: it may have been replaced since the request was made.
///
/// # Errors
/// `resource_not_unique`.
pub fn same_id<T>(kind: &str, name: &str, id: &Id<T>, expected: Option<&NonEmpty>) -> Result<(), Refusal> {
    match expected {
        Some(expected) if **expected != *id.as_str() => {
            let text = format!("{kind} '{name}' has uuid {id}, expected was {expected}: was it replaced meanwhile?");
            Err(Refusal::new(Code::NotUnique, text))
        }
        _ => Ok(()),
    }
}

/// Refuses an instance that is marked as not to be used.
///
/// # Errors
/// `wrong_state`.
pub fn check_not_offline(instance: &Instance) -> Result<(), Refusal> {
    if instance.admin_state == AdminState::Offline {
        return Err(Refusal::wrong_state(format!(
            "instance '{}' is marked offline; mark it down first",
            instance.name
        )));
    }
    Ok(())
}

/// Refuses a node that is marked as down.
///
/// # Errors
/// `wrong_state`; `unknown_entity`: it does not exist.
pub fn check_node_online(node: &NodeId, cx: &View) -> Result<(), Refusal> {
    let node = cx.get(node)?;
    if node.offline {
        return Err(Refusal::wrong_state(format!("node {} is marked offline", node.name)));
    }
    Ok(())
}

/// Puts the wanted state back to what it was, after a failure that is the one to tell (D111, R27).
#[track_caller]
pub fn put_back(before: &Instance, cx: &Exec) {
    let status =
        Status { admin_state: Some(before.admin_state), source: Some(before.admin_state_source), disks_active: None };
    if let Err(failure) = cx.set_status(&before.uuid, status) {
        cx.warn(format!("the wanted state of instance '{}' could not be put back: {failure}", before.name));
    }
}

/// Tells whether the instance's user has stopped it from within. KVM only tells so where it was told to look.
#[must_use]
pub fn stopped_by_user(instance: &Instance, runtime: &InstanceRuntime, cx: &View) -> bool {
    let looked_at = || {
        let params = cx.config().instance_hvparams(instance);
        params.get("user_shutdown").and_then(serde_json::Value::as_bool).unwrap_or(false)
    };
    runtime.state() == Some(RunState::Shutdown) && (instance.hypervisor != "kvm" || looked_at())
}

/// Returns the nodes on which hooks about an instance run: the master and its own.
#[must_use]
pub fn hook_nodes(instance: &Instance, cx: &View) -> NodeSet {
    let config = cx.config();
    let own = config.nodes_of(instance).unwrap_or_default();
    own.into_iter().chain([config.cluster.master_node.clone()]).collect()
}
