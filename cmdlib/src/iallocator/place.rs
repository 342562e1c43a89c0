//! Requests that find nodes for something new: an instance, several, a secondary node.

use serde_json::Value;

use super::reply::{nodes_for, read_as};
use super::request::in_common;
use super::{Kind, needed_space};
use crate::config::{Data, Gone};
use crate::error::Problem;
use crate::field::{Field, Params};
use crate::ids::NodeId;
use crate::objects::{Instance, Node, NodeGroup};
use crate::params::DiskTemplate;

/// A disk that an instance is to have.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDisk {
    /// Its size in MiB.
    pub size: i64,
    /// What else is known of it: mode, spindles, volume group. The template is that of the request.
    pub members: Params,
}

impl NewDisk {
    /// Returns a disk of this many MiB.
    #[must_use]
    pub fn new(size: i64) -> Self {
        Self { size, members: Params::new() }
    }

    /// Adds something that is known of it.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.members.insert(key.to_owned(), value.into());
        self
    }

    fn write(&self, template: DiskTemplate) -> Value {
        let mut members = self.members.clone();
        members.insert("size".to_owned(), self.size.into());
        members.insert("dev_type".to_owned(), template.as_str().into());
        members.into()
    }
}

/// A new instance needs nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct Allocate {
    /// Its name.
    pub name: String,
    /// Its memory in MiB.
    pub memory: i64,
    /// Its processors.
    pub vcpus: i64,
    /// How many spindles it keeps busy.
    pub spindle_use: i64,
    /// Its disks.
    pub disks: Vec<NewDisk>,
    /// How they are made.
    pub template: DiskTemplate,
    /// The name of the group that it must be in; any will do without.
    pub group: Option<String>,
    /// Its operating system.
    pub os: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its network interfaces.
    pub nics: Vec<Params>,
    /// The hypervisor that is to run it.
    pub hypervisor: String,
    /// The names of the nodes to choose from. An empty list leaves none (H24); without a list, any will do.
    pub nodes: Option<Vec<String>>,
}

impl Allocate {
    /// Returns the request for a diskless instance of 128 MiB and one processor; the fields say what else it may have.
    ///
    /// ```
    /// use cmdlib::iallocator::{Allocate, NewDisk};
    /// use cmdlib::params::DiskTemplate;
    ///
    /// let disks = vec![NewDisk::new(1024)];
    /// let request = Allocate { template: DiskTemplate::Drbd, disks, ..Allocate::new("web1.example.com", "kvm") };
    /// assert_eq!(request.required_nodes(), 2);
    /// ```
    pub fn new(name: impl Into<String>, hypervisor: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            memory: 128,
            vcpus: 1,
            spindle_use: 1,
            disks: Vec::new(),
            template: DiskTemplate::Diskless,
            group: None,
            os: String::new(),
            tags: Vec::new(),
            nics: Vec::new(),
            hypervisor: hypervisor.into(),
            nodes: None,
        }
    }

    /// Returns how many nodes it needs.
    #[must_use]
    pub fn required_nodes(&self) -> usize {
        if self.template.int_mirror() { 2 } else { 1 }
    }

    /// Returns its members but those that only a request of its own has.
    fn described(&self) -> Params {
        let space: i64 = self.disks.iter().map(|disk| needed_space(self.template, disk.size)).sum();
        let disks: Vec<Value> = self.disks.iter().map(|disk| disk.write(self.template)).collect();
        params([
            ("name", self.name.write()),
            ("disk_template", self.template.as_str().into()),
            ("group_name", self.group.write()),
            ("tags", self.tags.write()),
            ("os", self.os.write()),
            ("vcpus", self.vcpus.into()),
            ("memory", self.memory.into()),
            ("spindle_use", self.spindle_use.into()),
            ("disks", disks.into()),
            ("disk_space_total", space.into()),
            ("nics", self.nics.iter().cloned().map(Value::from).collect()),
            ("required_nodes", self.required_nodes().into()),
            ("hypervisor", self.hypervisor.write()),
        ])
    }

    /// Checks the nodes that the instance is to have.
    fn placed(&self, names: &[String], config: &Data) -> Result<Vec<NodeId>, String> {
        let nodes = nodes_for(&self.name, names, self.required_nodes(), config)?;
        let group = self.group.as_deref().map(|name| config.find::<NodeGroup>(name)).transpose();
        let group = group.map_err(|gone| format!("instance '{}': {gone}", self.name))?;
        for node in &nodes {
            let (name, node) = (&self.name, config.get(node).map_err(|gone| gone.to_string())?);
            if self.nodes.as_ref().is_some_and(|allowed| !allowed.contains(&node.name)) {
                return Err(format!("instance '{name}' goes to node '{}', which was not to choose from", node.name));
            }
            if group.as_ref().is_some_and(|group| *group != node.group) {
                let group = self.group.as_deref().unwrap_or_default();
                return Err(format!(
                    "instance '{name}' goes to node '{}', which is not in node group '{group}'",
                    node.name
                ));
            }
        }
        Ok(nodes)
    }
}

impl Kind for Allocate {
    /// The nodes of the instance, the primary one first.
    type Result = Vec<NodeId>;
    const NAME: &'static str = "allocate";

    fn members(&self, _: &Data) -> Result<Params, Problem> {
        let mut members = self.described();
        if let Some(nodes) = &self.nodes {
            members.insert("restrict-to-nodes".to_owned(), nodes.write());
        }
        Ok(members)
    }

    fn about(&self, _: &Data) -> Result<(Option<DiskTemplate>, String), Gone> {
        Ok((Some(self.template), self.hypervisor.clone()))
    }

    fn read(&self, result: &Value, config: &Data) -> Result<Vec<NodeId>, String> {
        self.placed(&read_as::<Vec<String>>(result)?, config)
    }
}

/// Several new instances need nodes, each on top of those before it.
#[derive(Debug, Clone, PartialEq)]
pub struct MultiAllocate {
    /// What each needs. Their lists of nodes are not told, but a reply must keep to them.
    pub instances: Vec<Allocate>,
}

/// Where several new instances go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Those that find a place: name, and nodes, the primary one first.
    pub placed: Vec<(String, Vec<NodeId>)>,
    /// The names of those that don't.
    pub failed: Vec<String>,
}

impl Kind for MultiAllocate {
    type Result = Placement;
    const NAME: &'static str = "multi-allocate";

    fn members(&self, _: &Data) -> Result<Params, Problem> {
        let instances = self.instances.iter().map(|it| Value::from(it.described()));
        Ok(params([("instances", instances.collect())]))
    }

    fn about(&self, config: &Data) -> Result<(Option<DiskTemplate>, String), Gone> {
        Ok(in_common(self.instances.iter().map(|it| (Some(it.template), it.hypervisor.clone())), config))
    }

    fn read(&self, result: &Value, config: &Data) -> Result<Placement, String> {
        let (placed, failed): (Vec<(String, Vec<String>)>, Vec<String>) = read_as(result)?;
        let names: Vec<&str> = self.instances.iter().map(|it| it.name.as_str()).collect();
        super::reply::each_once(&names, placed.iter().map(|it| &it.0).chain(&failed))?;
        let place = |(name, nodes): (String, Vec<String>)| {
            let asked = self.instances.iter().find(|it| it.name == name);
            let nodes = asked.map_or(Ok(Vec::new()), |asked| asked.placed(&nodes, config))?;
            Ok((name, nodes))
        };
        Ok(Placement { placed: placed.into_iter().map(place).collect::<Result<_, String>>()?, failed })
    }
}

/// An instance with plain disks needs a secondary node, to have them mirrored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllocateSecondary {
    /// Its name.
    pub instance: String,
}

impl Kind for AllocateSecondary {
    /// The secondary node.
    type Result = NodeId;
    const NAME: &'static str = "allocate-secondary";

    fn members(&self, config: &Data) -> Result<Params, Problem> {
        config.named::<Instance>(&self.instance)?;
        Ok(params([("name", self.instance.write())]))
    }

    fn about(&self, config: &Data) -> Result<(Option<DiskTemplate>, String), Gone> {
        // The disks will be mirrored ones.
        Ok((Some(DiskTemplate::Drbd), config.named::<Instance>(&self.instance)?.hypervisor.clone()))
    }

    fn read(&self, result: &Value, config: &Data) -> Result<NodeId, String> {
        let name: String = read_as(result)?;
        let owner = |gone: Gone| format!("instance '{}': {gone}", self.instance);
        let node = config.named::<Node>(&name).map_err(owner)?;
        if config.named::<Instance>(&self.instance).map_err(owner)?.primary_node == node.uuid {
            return Err(format!("node '{name}' is the primary one of instance '{}' already", self.instance));
        }
        Ok(node.uuid.clone())
    }
}

/// Makes parameters of members.
pub(super) fn params<const N: usize>(members: [(&str, Value); N]) -> Params {
    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
