//! `GroupVerifyDisks` finds instances of a node group whose disks are missing or must be activated.
//!
//! | | |
//! |---|---|
//! | locks | shared: the group's instances; the group, and those in which the instances have nodes; the group's nodes, and those of the instances. Without `is_strict`: of the instances and the nodes those that are free |
//! | calls | exec: lv_list on the locked nodes that can run instances, if volumes are expected anywhere; drbd_needs_activation on each locked node with mirrored disks |
//! | refusals | `unknown_entity`: no such group, or no longer; with `is_strict` `wrong_state`: instances came, vanished or moved meanwhile |
//!
//! Only instances whose disks are wanted active are looked at. Without `is_strict` the unit works on what it got, and only on
//! that (D89): instances that vanished or moved to other groups meanwhile are left out.
//!
//! A node that fails is told in the result, with what it said last. Nothing is known of the disks on a node that did not
//! answer, is offline or was not locked: they do not count as missing (D87, D88); there is a warning unless the result tells
//! of the node. The result names nodes and instances (D90).
//!
//! Source: ganeti 3.1, cmdlib/group.py.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::cx::{Check, Declare, Exec, Expand};
use crate::error::{Failure, Refusal};
use crate::field::{Field, Misfit};
use crate::ids::{GroupId, NodeId};
use crate::locking::{LockLevel, Locks, Mode, Want};
use crate::lu::shared::groups;
use crate::objects::{Instance, Node, NodeGroup};
use crate::op;
use crate::params::DiskTemplate;
use crate::rpc::{AnnotatedDisks, CallError, DisksOfSeveral, DrbdNeedsActivation, LvList, Trouble};
use crate::unit::LogicalUnit;

/// Finds instances of a node group whose disks are missing or must be activated.
pub struct GroupVerifyDisks {
    op: op::GroupVerifyDisks,
    group: GroupId,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DiskReport {
    /// Nodes that could not be asked, and why.
    pub node_errors: IndexMap<String, String>,
    /// Instances whose disks must be activated.
    pub to_activate: Vec<String>,
    /// Volumes that are missing, as node and volume, by instance.
    pub missing: IndexMap<String, Vec<Vec<String>>>,
}

impl Field for DiskReport {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let (node_errors, to_activate, missing) = Field::read(value)?;
        Ok(Self { node_errors, to_activate, missing })
    }
    fn write(&self) -> Value {
        (self.node_errors.clone(), self.to_activate.clone(), self.missing.clone()).write()
    }
}

impl LogicalUnit for GroupVerifyDisks {
    type Op = op::GroupVerifyDisks;
    /// The instances to look at.
    type Plan = Vec<Arc<Instance>>;

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let group = cx.find::<NodeGroup>(&op.group_name)?;
        let instances = groups::instance_names(&group, cx);
        let lu = Self { op, group };
        let locks = Locks::none()
            .now(Mode::Shared, lu.want::<Instance>(instances))
            .later(Mode::Shared, Self::groups)
            .later(Mode::Shared, Self::nodes);
        Ok((lu, locks))
    }

    fn check(&self, cx: &Check) -> Result<Self::Plan, Refusal> {
        cx.get(&self.group).map_err(|gone| gone.called(&*self.op.group_name))?;
        let config = cx.config();
        let locked = cx.held::<Instance>();
        let in_group = config.instances_of_group(&self.group);
        let there = locked.iter().filter_map(|name| config.named::<Instance>(name).ok());
        let instances: Vec<Arc<Instance>> = there.filter(|instance| in_group.contains(&instance.uuid)).collect();
        if self.op.is_strict {
            groups::check_instances(&self.group, &locked, cx)?;
            let (groups, nodes) = (cx.held::<NodeGroup>(), cx.held::<Node>());
            instances.iter().try_for_each(|instance| groups::check_places(instance, &groups, &nodes, cx))?;
        }
        Ok(instances)
    }

    fn exec(&self, instances: &mut Self::Plan, cx: &Exec) -> Result<DiskReport, Failure> {
        let mut search = Search {
            locked: cx.held::<Node>(),
            node_errors: IndexMap::new(),
            unknown: BTreeSet::new(),
            to_activate: BTreeSet::new(),
            missing: IndexMap::new(),
        };
        search.volumes(instances, cx)?;
        search.mirrors(instances, cx)?;
        Ok(search.report(cx))
    }
}

impl GroupVerifyDisks {
    fn want<V: LockLevel>(&self, names: impl IntoIterator<Item = V::Key>) -> Want<V> {
        if self.op.is_strict { Want::these(names) } else { Want::opportunistic(names, 1) }
    }

    fn groups(&self, cx: &Declare<NodeGroup>) -> Result<Want<NodeGroup>, Refusal> {
        Ok(Want::these(groups::groups_of_locked(cx).into_iter().chain([self.group.clone()])))
    }

    fn nodes(&self, cx: &Declare<Node>) -> Result<Want<Node>, Refusal> {
        let members = cx.config().members(&self.group);
        Ok(self.want(members.into_iter().chain(groups::nodes_of_locked(cx))))
    }
}

/// What was found so far.
struct Search {
    locked: BTreeSet<NodeId>,
    node_errors: IndexMap<String, String>,
    /// Nodes with disks of which nothing is known.
    unknown: BTreeSet<NodeId>,
    to_activate: BTreeSet<String>,
    missing: IndexMap<String, Vec<Vec<String>>>,
}

impl Search {
    /// Looks for the volumes that instances should have.
    fn volumes(&mut self, instances: &[Arc<Instance>], cx: &Exec) -> Result<(), Failure> {
        let config = cx.config();
        let mut expected = Vec::new();
        for instance in instances.iter().filter(|instance| instance.disks_active) {
            expected.extend(config.volume_list(instance)?.into_iter().map(|(node, volume)| (instance, node, volume)));
        }
        if expected.is_empty() {
            return Ok(());
        }
        let able = |node: &&NodeId| config.nodes.get(node).is_some_and(|it| it.vm_capable);
        let asked: Vec<NodeId> = self.locked.iter().filter(able).cloned().collect();
        let mut told = BTreeMap::new();
        for (node, answer) in cx.ask_all(&asked, LvList { groups: Vec::new() }) {
            match answer {
                Ok(volumes) => drop(told.insert(node, volumes)),
                Err(error) => self.note(&error),
            }
        }
        for (instance, node, volume) in expected {
            match told.get(&node).map(|volumes| volumes.get(&volume)) {
                Some(Some(status)) if status.online => {}
                Some(Some(_)) => drop(self.to_activate.insert(instance.name.clone())),
                Some(None) => {
                    let missing = self.missing.entry(instance.name.clone()).or_default();
                    missing.push(vec![config.node_name(&node), volume]);
                }
                None => drop(self.unknown.insert(node)),
            }
        }
        Ok(())
    }

    /// Asks the nodes which mirrored disks are not as they should be.
    fn mirrors(&mut self, instances: &[Arc<Instance>], cx: &Exec) -> Result<(), Failure> {
        let config = cx.config();
        let mut by_node: IndexMap<NodeId, Vec<AnnotatedDisks>> = IndexMap::new();
        for instance in instances.iter().filter(|instance| instance.disks_active) {
            let disks = config.disks_of(instance)?;
            if !disks.iter().any(|disk| disk.dev_type == DiskTemplate::Drbd) {
                continue;
            }
            for node in config.nodes_of(instance)?.into_iter().filter(|node| self.locked.contains(node)) {
                let disks = AnnotatedDisks::of(&disks, instance);
                by_node.entry(node).or_default().push(disks);
            }
        }
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for instance in instances {
            owners.extend(instance.disks.iter().map(|disk| (disk.as_str(), instance.name.as_str())));
        }
        for (node, disks) in by_node {
            match cx.ask(&node, DrbdNeedsActivation { disks: DisksOfSeveral(disks) }) {
                Ok(faulty) => {
                    let owners = faulty.iter().filter_map(|disk| owners.get(disk.as_str()));
                    self.to_activate.extend(owners.map(|name| (*name).to_owned()));
                }
                Err(error) => {
                    // It went offline since it told about its volumes.
                    if error.offline() {
                        self.unknown.insert(node);
                    }
                    self.note(&error);
                }
            }
        }
        Ok(())
    }

    /// Notes a node that fails. To be offline is no failure.
    fn note(&mut self, error: &CallError) {
        let said = match &error.trouble {
            Trouble::Offline => return,
            Trouble::Refused(text) | Trouble::Unreachable(text) => text.clone(),
            trouble => trouble.to_string(),
        };
        self.node_errors.insert(error.node.clone(), said);
    }

    fn report(self, cx: &Exec) -> DiskReport {
        let config = cx.config();
        for node in &self.unknown {
            let name = config.node_name(node);
            let offline = config.nodes.get(node).is_some_and(|it| it.offline);
            let why = if offline { "it is marked offline" } else { "it was not asked" };
            if !self.node_errors.contains_key(&name) {
                cx.warn(format!("nothing is known about disks on node {name}: {why}"));
            }
        }
        let to_activate = self.to_activate.into_iter().collect();
        DiskReport { node_errors: self.node_errors, to_activate, missing: self.missing }
    }
}
