//! Locks on the instances, groups and nodes around a node group. Which ones are needed is guessed from the configuration
//! before the locks are held; these helpers guess, and look again when they are.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::cx::{Declare, View};
use crate::error::Refusal;
use crate::ids::{GroupId, NodeId};
use crate::locking::{After, LockLevel};
use crate::objects::{Instance, NodeGroup};

/// Returns the names of the instances that have a node in the group, as far as is known now.
#[must_use]
pub fn instance_names(group: &GroupId, cx: &View) -> Vec<String> {
    let config = cx.config();
    let name = |id| config.get(&id).ok().map(|instance: Arc<Instance>| instance.name.clone());
    config.instances_of_group(group).into_iter().filter_map(name).collect()
}

/// Returns the locked instances; those that vanished before their locks were granted are left out.
#[must_use]
pub fn locked_instances<V>(cx: &Declare<V>) -> Vec<Arc<Instance>>
where
    V: LockLevel + After<Instance>,
{
    let config = cx.config();
    cx.held::<Instance>().iter().filter_map(|name| config.named::<Instance>(name).ok()).collect()
}

/// Returns the groups in which the locked instances have nodes, as far as is known now.
#[must_use]
pub fn groups_of_locked(cx: &Declare<NodeGroup>) -> BTreeSet<GroupId> {
    let config = cx.config();
    locked_instances(cx).iter().flat_map(|instance| config.groups_of(instance).unwrap_or_default()).collect()
}

/// Returns the nodes of the locked instances.
#[must_use]
pub fn nodes_of_locked<V>(cx: &Declare<V>) -> BTreeSet<NodeId>
where
    V: LockLevel + After<Instance>,
{
    let config = cx.config();
    locked_instances(cx).iter().flat_map(|instance| config.nodes_of(instance).unwrap_or_default()).collect()
}

/// Refuses to go on when the instances of a group are not those that are locked.
///
/// # Errors
/// `wrong_state`.
pub fn check_instances(group: &GroupId, locked: &BTreeSet<String>, cx: &View) -> Result<(), Refusal> {
    let now: BTreeSet<String> = instance_names(group, cx).into_iter().collect();
    if now == *locked {
        return Ok(());
    }
    let name = cx.get(group)?.name.clone();
    let changed: Vec<&str> = now.symmetric_difference(locked).map(String::as_str).collect();
    let text = format!("the instances of node group '{name}' changed meanwhile ({}); try again", changed.join(", "));
    Err(Refusal::wrong_state(text))
}

/// Refuses to go on when an instance has nodes in groups that are not locked, or nodes that are not.
///
/// # Errors
/// `wrong_state`; `unknown_entity`: something that it refers to is gone.
pub fn check_places(
    instance: &Instance,
    groups: &BTreeSet<GroupId>,
    nodes: &BTreeSet<NodeId>,
    cx: &View,
) -> Result<(), Refusal> {
    let config = cx.config();
    let places_locked = config.nodes_of(instance)?.iter().all(|node| nodes.contains(node));
    if places_locked && config.groups_of(instance)?.is_subset(groups) {
        return Ok(());
    }
    Err(Refusal::wrong_state(format!(
        "instance '{}' moved to other nodes or groups meanwhile; try again",
        instance.name
    )))
}
