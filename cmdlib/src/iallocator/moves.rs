//! Requests about instances that exist: they are to leave a node, or to move to other groups.

use std::collections::BTreeSet;

use serde_json::Value;

use super::place::params;
use super::reply::{nodes_for, read_as};
use super::request::{about, in_common};
use super::{Evacuation, Kind, needed_space};
use crate::config::{Data, Gone};
use crate::error::{Code, Problem};
use crate::field::{Field, Params};
use crate::ids::{GroupId, InstanceId, NodeId};
use crate::objects::Instance;
use crate::op::EvacuationMode;
use crate::params::DiskTemplate;

/// An instance is to leave a node: its secondary one if Ganeti mirrors its disks, else its primary one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relocate {
    /// The instance.
    pub instance: InstanceId,
    /// What it is to leave.
    pub from: Vec<NodeId>,
}

impl Kind for Relocate {
    /// The node that it goes to.
    type Result = NodeId;
    const NAME: &'static str = "relocate";

    fn members(&self, config: &Data) -> Result<Params, Problem> {
        // The instance first: nothing is known of the disks of one that does not exist (D139).
        let instance = config.get(&self.instance)?;
        let disks = config.disks_of(&instance)?;
        if let Some(disk) = disks.iter().find(|disk| !disk.dev_type.mirrored()) {
            let (name, template) = (&instance.name, disk.dev_type);
            let text =
                format!("instance '{name}' can't leave a node: its disks of template {template} are not mirrored");
            return Err(Problem::new(Code::WrongInput, text));
        }
        let secondaries = config.secondaries(&instance)?.len();
        if disks.iter().any(|disk| disk.dev_type.int_mirror()) && secondaries != 1 {
            let text = format!("instance '{}' has {secondaries} secondary nodes, but must have one", instance.name);
            return Err(Problem::new(Code::WrongState, text));
        }
        let from = self.from.iter().map(|node| Ok(config.get(node)?.name.clone())).collect::<Result<Vec<_>, Gone>>()?;
        let space: i64 = disks.iter().map(|disk| needed_space(disk.dev_type, disk.size)).sum();
        Ok(params([
            ("name", instance.name.write()),
            ("disk_space_total", space.into()),
            ("required_nodes", 1.into()),
            ("relocate_from", from.write()),
        ]))
    }

    fn about(&self, config: &Data) -> Result<(Option<DiskTemplate>, String), Gone> {
        about(&*config.get(&self.instance)?, config)
    }

    fn read(&self, result: &Value, config: &Data) -> Result<NodeId, String> {
        let vanished = |gone: Gone| gone.to_string();
        let instance = config.get(&self.instance).map_err(vanished)?;
        let name = &instance.name;
        let node = nodes_for(name, &read_as::<Vec<String>>(result)?, 1, config)?.remove(0);
        let group = |node: &NodeId| config.get(node).map(|node| node.group.clone());
        let stays = self.from.iter().chain([&instance.primary_node]);
        if stays.clone().any(|other| *other == node) {
            let node = config.node_name(&node);
            return Err(format!("instance '{name}' goes to node '{node}', which it is on or leaves"));
        }
        let groups: BTreeSet<GroupId> = stays.map(group).collect::<Result<_, _>>().map_err(vanished)?;
        if !groups.contains(&group(&node).map_err(vanished)?) {
            let node = config.node_name(&node);
            return Err(format!("instance '{name}' goes to node '{node}', which is in another node group"));
        }
        Ok(node)
    }
}

/// Instances are to leave a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeEvacuate {
    /// Their names.
    pub instances: Vec<String>,
    /// What they are on that node.
    pub mode: EvacuationMode,
    /// Whether a place will do where only limits of the policy are exceeded.
    pub ignore_soft_errors: bool,
}

impl Kind for NodeEvacuate {
    type Result = Evacuation;
    const NAME: &'static str = "node-evacuate";

    fn members(&self, _: &Data) -> Result<Params, Problem> {
        Ok(params([("instances", self.instances.write()), ("evac_mode", self.mode.as_str().into())]))
    }

    fn about(&self, config: &Data) -> Result<(Option<DiskTemplate>, String), Gone> {
        shared_by(&self.instances, config)
    }

    fn options(&self) -> Params {
        let option = self.ignore_soft_errors.then(|| ("ignore-soft-errors".to_owned(), Value::Null));
        option.into_iter().collect()
    }

    fn read(&self, result: &Value, config: &Data) -> Result<Evacuation, String> {
        Evacuation::checked(result, &self.instances, &[], config)
    }
}

/// Instances are to move to other groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeGroup {
    /// Their names.
    pub instances: Vec<String>,
    /// The groups to choose from.
    pub targets: Vec<GroupId>,
}

impl Kind for ChangeGroup {
    type Result = Evacuation;
    const NAME: &'static str = "change-group";

    fn members(&self, _: &Data) -> Result<Params, Problem> {
        Ok(params([("instances", self.instances.write()), ("target_groups", self.targets.write())]))
    }

    fn about(&self, config: &Data) -> Result<(Option<DiskTemplate>, String), Gone> {
        shared_by(&self.instances, config)
    }

    fn read(&self, result: &Value, config: &Data) -> Result<Evacuation, String> {
        Evacuation::checked(result, &self.instances, &self.targets, config)
    }
}

fn shared_by(instances: &[String], config: &Data) -> Result<(Option<DiskTemplate>, String), Gone> {
    let of = |name: &String| about(&*config.named::<Instance>(name)?, config);
    Ok(in_common(instances.iter().map(of).collect::<Result<Vec<_>, Gone>>()?, config))
}
