//! Disks as nodes get them: with the parameters of their group and the addresses of their nodes.

use std::sync::Arc;

use serde_json::Value;

use crate::config::{Data, Gone};
use crate::field::{Field, Misfit, Params};
use crate::ids::NodeId;
use crate::objects::{Disk, Instance, LogicalId, Node, to_wire};
use crate::params::{DiskTemplate, fill, logical_disk_params};
use crate::rpc::{Argument, Encode, Wire};

/// A disk of an instance, with the parameters of its group and the addresses of its nodes.
#[derive(Debug, Clone)]
pub struct AnnotatedDisk {
    disk: Arc<Disk>,
    /// None if the disk was read as a node got it: there it is annotated.
    instance: Option<Arc<Instance>>,
}

impl AnnotatedDisk {
    /// Returns a disk of an instance.
    #[must_use]
    pub fn of(disk: &Arc<Disk>, instance: &Arc<Instance>) -> Self {
        Self { disk: Arc::clone(disk), instance: Some(Arc::clone(instance)) }
    }

    /// Returns the disk.
    #[must_use]
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Returns the name of the instance, if it is known: a node is not told.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        self.instance.as_ref().map(|instance| instance.name.as_str())
    }
}

impl Wire for AnnotatedDisk {
    fn wire(&self, to: &Encode) -> Result<Argument, Gone> {
        let disk = Arc::clone(&self.disk);
        match &self.instance {
            Some(instance) => annotated(disk, instance, to),
            None => Ok(Argument::later(move || disk.write())),
        }
    }
    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        Disk::read(value).map(|disk| Self { disk: Arc::new(disk), instance: None })
    }
}

/// Disks of an instance.
#[derive(Debug, Clone)]
pub struct AnnotatedDisks(Vec<AnnotatedDisk>);

impl AnnotatedDisks {
    /// Returns disks of an instance.
    #[must_use]
    pub fn of(disks: &[Arc<Disk>], instance: &Arc<Instance>) -> Self {
        Self(disks.iter().map(|disk| AnnotatedDisk::of(disk, instance)).collect())
    }

    /// Returns the disks.
    pub fn disks(&self) -> impl Iterator<Item = &Disk> {
        self.0.iter().map(AnnotatedDisk::disk)
    }

    /// Returns the name of the instance, if it is known: a node is not told.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        self.0.first().and_then(AnnotatedDisk::owner)
    }
}

impl Wire for AnnotatedDisks {
    fn wire(&self, to: &Encode) -> Result<Argument, Gone> {
        self.0.wire(to)
    }
    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        Vec::from_wire(value).map(Self)
    }
}

/// Disks of several instances: one flat list on the wire.
#[derive(Debug, Clone)]
pub struct DisksOfSeveral(pub Vec<AnnotatedDisks>);

impl Wire for DisksOfSeveral {
    fn wire(&self, to: &Encode) -> Result<Argument, Gone> {
        let disks = self.0.iter().flat_map(|disks| &disks.0).map(|disk| disk.wire(to));
        disks.collect::<Result<_, _>>().map(Argument::list)
    }
    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        AnnotatedDisks::from_wire(value).map(|disks| Self(vec![disks]))
    }
}

/// A disk of an instance as it is stored, nothing added.
#[derive(Debug, Clone)]
pub struct PlainDisk {
    disk: Arc<Disk>,
    instance: Option<Arc<Instance>>,
}

impl PlainDisk {
    /// Returns a disk of an instance.
    #[must_use]
    pub fn of(disk: &Arc<Disk>, instance: &Arc<Instance>) -> Self {
        Self { disk: Arc::clone(disk), instance: Some(Arc::clone(instance)) }
    }

    /// Returns the disk.
    #[must_use]
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Returns the name of the instance, if it is known: a node is not told.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        self.instance.as_ref().map(|instance| instance.name.as_str())
    }
}

impl Wire for PlainDisk {
    fn wire(&self, _: &Encode) -> Result<Argument, Gone> {
        let disk = Arc::clone(&self.disk);
        Ok(Argument::later(move || to_wire(&*disk).into()))
    }
    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        Disk::read(value).map(|disk| Self { disk: Arc::new(disk), instance: None })
    }
}

/// A volume that gets another name.
#[derive(Debug, Clone)]
pub struct DiskRename {
    /// The disk.
    pub disk: PlainDisk,
    /// Where it is stored from then on.
    pub logical_id: LogicalId,
}

impl Wire for DiskRename {
    fn wire(&self, to: &Encode) -> Result<Argument, Gone> {
        Ok(Argument::list(vec![self.disk.wire(to)?, self.logical_id.write().into()]))
    }
    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        let (disk, logical_id): (Value, LogicalId) = Field::read(value)?;
        let disk = PlainDisk::from_wire(&disk).map_err(|misfit| misfit.within("[0]"))?;
        Ok(Self { disk, logical_id })
    }
}

/// What became of a disk that was exported.
#[derive(Debug, Clone)]
pub enum ExportedDisk {
    /// It was: its snapshot.
    Done(PlainDisk),
    /// Whether it was; there is no snapshot.
    Without(bool),
}

impl Wire for ExportedDisk {
    fn wire(&self, to: &Encode) -> Result<Argument, Gone> {
        match self {
            Self::Done(disk) => disk.wire(to),
            Self::Without(done) => Ok(Value::from(*done).into()),
        }
    }
    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        match value.as_bool() {
            Some(done) => Ok(Self::Without(done)),
            None => PlainDisk::from_wire(value).map(Self::Done),
        }
    }
}

/// Looks up what goes with a disk of an instance.
pub(super) fn annotated(disk: Arc<Disk>, instance: &Instance, to: &Encode) -> Result<Argument, Gone> {
    let config = to.config.clone();
    let node = config.get(&instance.primary_node)?;
    let group = config.get(&node.group)?;
    let (mirrors, told) = (mirrors(&disk, &config)?, to.node.clone());
    Ok(Argument::later(move || {
        let params = logical_disk_params(disk.dev_type, &config.group_diskparams(&group, disk.dev_type));
        let mut out = to_wire(&*disk);
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
        let dynamic = mirrors.map_or_else(Params::new, |it| dynamic(&disk, it, &told));
        out.insert("dynamic_params".to_owned(), dynamic.into());
        out.into()
    }))
}

fn lay_under(disk: &mut Params, defaults: Option<&Params>) {
    let own = disk.get("params").and_then(Value::as_object).cloned().unwrap_or_default();
    let params = defaults.map_or(own.clone(), |defaults| fill(defaults, &own));
    disk.insert("params".to_owned(), params.into());
}

/// The nodes of a mirrored disk.
fn mirrors(disk: &Disk, config: &Data) -> Result<Option<[Arc<Node>; 2]>, Gone> {
    let Some((a, b)) = disk.mirror() else { return Ok(None) };
    Ok(Some([config.get(&a)?, config.get(&b)?]))
}

/// The addresses and minors of a mirrored disk, from the side of the node that is told.
fn dynamic(disk: &Disk, [a, b]: [Arc<Node>; 2], told: &NodeId) -> Params {
    let Some(drbd) = disk.logical_id.as_drbd() else { return Params::new() };
    let (a, b) = ((a.secondary_ip.clone(), drbd.minors.0), (b.secondary_ip.clone(), drbd.minors.1));
    let (local, remote) = match told {
        node if *node == drbd.nodes.0 => (a, b),
        node if *node == drbd.nodes.1 => (b, a),
        _ => return Params::new(),
    };
    let members = [
        ("local-ip", local.0.into()),
        ("remote-ip", remote.0.into()),
        ("local-minor", local.1),
        ("remote-minor", remote.1),
    ];
    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
