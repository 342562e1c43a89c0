//! The wire form of arguments. Some depend on the node that they go to, and on the configuration of the moment.
//!
//! Source: ganeti 3.1, rpc/node.py.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::config::{Data, Gone, Snapshot};
use crate::field::{Field, Params};
use crate::ids::NodeId;
use crate::objects::{Disk, Instance, to_wire};
use crate::params::{DiskTemplate, fill, logical_disk_params};

/// Where an argument goes, and the configuration of that moment.
pub struct Encode {
    /// The node.
    pub node: NodeId,
    /// The configuration.
    pub config: Snapshot,
}

/// An argument of a call.
#[diagnostic::on_unimplemented(message = "`{Self}` has no wire form, so it can't be an argument of a call")]
pub trait Wire {
    /// Returns the argument as it goes to a node.
    ///
    /// # Errors
    /// Something that it refers to is not in the configuration.
    fn wire(&self, to: &Encode) -> Result<Value, Gone>;
}

macro_rules! as_field {
    ($($type:ty)+) => { $(impl Wire for $type {
        fn wire(&self, _: &Encode) -> Result<Value, Gone> {
            Ok(self.write())
        }
    })+ };
}
as_field! { String bool u64 i64 f64 Params Value IndexMap<String, Params> std::collections::BTreeMap<String, String> }

impl<T: Wire> Wire for Vec<T> {
    fn wire(&self, to: &Encode) -> Result<Value, Gone> {
        self.iter().map(|item| item.wire(to)).collect()
    }
}

impl<T: Wire> Wire for Option<T> {
    fn wire(&self, to: &Encode) -> Result<Value, Gone> {
        self.as_ref().map_or(Ok(Value::Null), |item| item.wire(to))
    }
}

/// An argument that differs from node to node.
#[derive(Debug, Clone)]
pub struct PerNode<T>(pub Vec<(NodeId, T)>);

impl<T: Wire> Wire for PerNode<T> {
    fn wire(&self, to: &Encode) -> Result<Value, Gone> {
        let found = self.0.iter().find(|(node, _)| *node == to.node);
        found.map_or(Ok(Value::Null), |(_, item)| item.wire(to))
    }
}

/// A hypervisor and its parameters.
#[derive(Debug, Clone)]
pub struct HvSpec {
    /// The hypervisor.
    pub hypervisor: String,
    /// Its parameters.
    pub hvparams: Params,
}

impl HvSpec {
    /// Returns a hypervisor with the cluster's parameters.
    #[must_use]
    pub fn of(hypervisor: &str, config: &Data) -> Self {
        Self { hypervisor: hypervisor.to_owned(), hvparams: config.cluster_hvparams(hypervisor) }
    }
}

impl Wire for HvSpec {
    fn wire(&self, _: &Encode) -> Result<Value, Gone> {
        Ok((self.hypervisor.clone(), self.hvparams.clone()).write())
    }
}

/// A kind of storage to be told about.
#[derive(Debug, Clone, PartialEq)]
pub struct StorageUnit {
    /// The kind.
    pub kind: String,
    /// Its name: a volume group, a folder.
    pub key: String,
    /// Options: for volume groups, whether disks have their physical volumes to themselves.
    pub options: Vec<Value>,
}

impl Wire for StorageUnit {
    fn wire(&self, _: &Encode) -> Result<Value, Gone> {
        Ok((self.kind.clone(), self.key.clone(), self.options.clone()).write())
    }
}

/// An instance with all that follows from the configuration: filled parameters, its nodes, its disks, its networks.
#[derive(Debug, Clone)]
pub struct FullInstance {
    instance: Arc<Instance>,
    hvparams: Params,
    beparams: Params,
}

impl FullInstance {
    /// Returns the instance as it is.
    #[must_use]
    pub fn of(instance: &Arc<Instance>) -> Self {
        Self { instance: Arc::clone(instance), hvparams: Params::new(), beparams: Params::new() }
    }

    /// Returns the instance with hypervisor and backend parameters for this call only.
    #[must_use]
    pub fn with(instance: &Arc<Instance>, hvparams: &Params, beparams: &Params) -> Self {
        Self { instance: Arc::clone(instance), hvparams: hvparams.clone(), beparams: beparams.clone() }
    }

    /// Returns the instance's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.instance.name
    }
}

impl Wire for FullInstance {
    fn wire(&self, to: &Encode) -> Result<Value, Gone> {
        let (config, instance) = (&to.config, &*self.instance);
        let mut out = to_wire(instance);
        let hvparams = fill(&config.instance_hvparams(instance), &self.hvparams);
        let beparams = fill(&config.instance_beparams(instance), &self.beparams);
        out.insert("hvparams".to_owned(), hvparams.into());
        out.insert("beparams".to_owned(), beparams.into());
        out.insert("osparams".to_owned(), config.osparams(&instance.os, &instance.osparams).into());
        out.insert("osparams_private".to_owned(), instance.osparams_private.write());
        out.insert("secondary_nodes".to_owned(), config.secondaries(instance)?.write());
        let disks = config.disks_of(instance)?;
        let disks: Result<Vec<Value>, Gone> = disks.iter().map(|disk| annotated(disk, instance, to)).collect();
        out.insert("disks_info".to_owned(), disks?.into());
        let nics = instance.nics.iter().map(|nic| {
            let mut out = to_wire(nic);
            out.insert("nicparams".to_owned(), config.nicparams(nic).into());
            if let Some(network) = nic.network.as_ref().and_then(|id| config.networks.get(id)) {
                out.insert("netinfo".to_owned(), to_wire(&**network).into());
            }
            Value::Object(out)
        });
        out.insert("nics".to_owned(), nics.collect());
        Ok(Value::Object(out))
    }
}

/// A disk of an instance, with the parameters of its group and the addresses of its nodes.
#[derive(Debug, Clone)]
pub struct AnnotatedDisk {
    disk: Arc<Disk>,
    instance: Arc<Instance>,
}

impl AnnotatedDisk {
    /// Returns a disk of an instance.
    #[must_use]
    pub fn of(disk: &Arc<Disk>, instance: &Arc<Instance>) -> Self {
        Self { disk: Arc::clone(disk), instance: Arc::clone(instance) }
    }

    /// Returns the disk.
    #[must_use]
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Returns the instance.
    #[must_use]
    pub fn instance(&self) -> &Instance {
        &self.instance
    }
}

impl Wire for AnnotatedDisk {
    fn wire(&self, to: &Encode) -> Result<Value, Gone> {
        annotated(&self.disk, &self.instance, to)
    }
}

/// All disks of an instance. A list of these is flattened on the wire.
#[derive(Debug, Clone)]
pub struct AnnotatedDisks {
    /// The instance.
    pub instance: Arc<Instance>,
    /// Its disks.
    pub disks: Vec<Arc<Disk>>,
}

impl Wire for Vec<AnnotatedDisks> {
    fn wire(&self, to: &Encode) -> Result<Value, Gone> {
        let each = |of: &AnnotatedDisks| -> Result<Vec<Value>, Gone> {
            of.disks.iter().map(|disk| annotated(disk, &of.instance, to)).collect()
        };
        let lists: Result<Vec<Vec<Value>>, Gone> = self.iter().map(each).collect();
        Ok(lists?.into_iter().flatten().collect())
    }
}

fn annotated(disk: &Disk, instance: &Instance, to: &Encode) -> Result<Value, Gone> {
    let config = &to.config;
    let node = config.get(&instance.primary_node)?;
    let group = config.get(&node.group)?;
    let params = logical_disk_params(disk.dev_type, &config.group_diskparams(&group, disk.dev_type));
    let mut out = to_wire(disk);
    lay_under(&mut out, params.first());
    if disk.dev_type == DiskTemplate::Drbd {
        let children = out.get_mut("children").and_then(Value::as_array_mut);
        for (child, params) in children.into_iter().flatten().zip(params.iter().skip(1)) {
            if let Value::Object(child) = child {
                child.retain(|_, value| !value.is_null());
                lay_under(child, Some(params));
            }
        }
    }
    out.insert("dynamic_params".to_owned(), dynamic(disk, to)?.into());
    Ok(Value::Object(out))
}

fn lay_under(disk: &mut Params, defaults: Option<&Params>) {
    let own = disk.get("params").and_then(Value::as_object).cloned().unwrap_or_default();
    let params = defaults.map_or(own.clone(), |defaults| fill(defaults, &own));
    disk.insert("params".to_owned(), params.into());
}

/// The addresses and minors of a mirrored disk, from the side of the node that is told.
fn dynamic(disk: &Disk, to: &Encode) -> Result<Params, Gone> {
    let drbd = disk.logical_id.as_drbd().filter(|_| disk.dev_type == DiskTemplate::Drbd);
    let Some(drbd) = drbd else { return Ok(Params::new()) };
    let side = |node: &NodeId, minor: &Value| Ok((to.config.get(node)?.secondary_ip.clone(), minor.clone()));
    let (a, b) = (side(&drbd.nodes.0, &drbd.minors.0)?, side(&drbd.nodes.1, &drbd.minors.1)?);
    let (local, remote) = match &to.node {
        node if *node == drbd.nodes.0 => (a, b),
        node if *node == drbd.nodes.1 => (b, a),
        _ => return Ok(Params::new()),
    };
    let members = [
        ("local-ip", local.0.into()),
        ("remote-ip", remote.0.into()),
        ("local-minor", local.1),
        ("remote-minor", remote.1),
    ];
    Ok(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}
