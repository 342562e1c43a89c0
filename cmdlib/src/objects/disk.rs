//! A disk, and how it is found on nodes.

use std::fmt;

use serde_json::Value;

use crate::field::{Field, Misfit, Params};
use crate::ids::{DiskId, NodeId};
use crate::objects::object;
use crate::params::DiskTemplate;
use crate::shape::Shape;

object! {
    /// A disk of an instance (ganeti 3.1, objects.py). A child of a mirrored disk is the same object, held in place, mostly
    /// without uuid, name and mode.
    Disk {
        /// Its uuid.
        uuid: DiskId = DiskId::default(),
        /// Whether it is only planned: nothing of it exists on nodes.
        forthcoming: bool = false,
        /// How it is stored.
        dev_type: DiskTemplate,
        /// Where it is stored; the parts depend on the type.
        logical_id: LogicalId = LogicalId::default(),
        /// What a mirrored disk is made of: data and metadata.
        children: Vec<Disk> = Vec::new(),
        /// The nodes that it lives on.
        nodes: Vec<NodeId> = Vec::new(),
        /// `disk/` and its index in the instance.
        iv_name: String = String::new(),
        /// Its size in MiB.
        size: i64,
        /// `rw` or `ro`.
        mode: String = "rw".to_owned(),
        /// Its name.
        name: Option<String>,
        /// How many physical disks it occupies, with exclusive storage.
        spindles: Option<i64>,
        /// Its own parameters.
        params: Params = Params::new(),
        /// Counts its changes.
        serial_no: i64 = 1,
        /// When it was made, in seconds since 1970.
        ctime: f64 = 0.0,
        /// When it was changed last, in seconds since 1970.
        mtime: f64 = 0.0,
    }
}

/// Where a disk is stored. Its `Debug` hides the secret of a mirrored disk.
#[derive(Clone, PartialEq, Default)]
pub struct LogicalId(Vec<Value>);

/// The parts of a mirrored disk's logical id.
#[derive(Clone, PartialEq)]
pub struct Drbd {
    /// The two nodes, as the disk numbers them.
    pub nodes: (NodeId, NodeId),
    /// The TCP port that they talk over.
    pub port: Value,
    /// The minor number on each node.
    pub minors: (Value, Value),
}

impl LogicalId {
    /// Returns a logical id of two texts: volume group and volume, driver and path, provider and name.
    pub fn pair(first: impl Into<String>, second: impl Into<String>) -> Self {
        Self(vec![Value::from(first.into()), Value::from(second.into())])
    }

    /// Returns the logical id of a mirrored disk.
    #[must_use]
    pub fn drbd(nodes: (&NodeId, &NodeId), port: i64, minors: (i64, i64), secret: &str) -> Self {
        Self(vec![nodes.0.write(), nodes.1.write(), port.into(), minors.0.into(), minors.1.into(), secret.into()])
    }

    /// Returns the two texts of any logical id but a mirrored disk's.
    #[must_use]
    pub fn as_pair(&self) -> Option<(&str, &str)> {
        match self.0.as_slice() {
            [first, second] => Some((first.as_str()?, second.as_str()?)),
            _ => None,
        }
    }

    /// Returns the parts of a mirrored disk's.
    #[must_use]
    pub fn as_drbd(&self) -> Option<Drbd> {
        let part = |index: usize| self.0.get(index).cloned().unwrap_or(Value::Null);
        let (a, b) = self.nodes()?;
        Some(Drbd { nodes: (a.into(), b.into()), port: part(2), minors: (part(3), part(4)) })
    }

    fn nodes(&self) -> Option<(&str, &str)> {
        let node = |index: usize| self.0.get(index).and_then(Value::as_str);
        Some((node(0)?, node(1)?))
    }

    /// Returns the secret of a mirrored disk.
    #[must_use]
    pub fn secret(&self) -> Option<&str> {
        self.0.get(5).and_then(Value::as_str)
    }
}

impl fmt::Debug for LogicalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.iter().take(5);
        f.debug_list().entries(shown).finish()
    }
}

impl Field for LogicalId {
    fn read(value: &Value) -> Result<Self, Misfit> {
        value.as_array().cloned().map(Self).ok_or_else(|| Misfit::secret("a list"))
    }
    fn take(value: Value) -> Result<Self, Misfit> {
        if let Value::Array(parts) = value { Ok(Self(parts)) } else { Self::read(&value) }
    }
    fn write(&self) -> Value {
        Value::Array(self.0.clone())
    }
}

/// A disk without a type has nothing on any node.
impl Default for DiskTemplate {
    fn default() -> Self {
        Self::Diskless
    }
}

impl Field for DiskTemplate {
    fn read(value: &Value) -> Result<Self, Misfit> {
        value.as_str().and_then(Self::parse).ok_or_else(|| Self::misfit(value))
    }
    fn shape() -> Shape {
        Shape::Words(Self::ALL.into_iter().map(Self::as_str).collect())
    }
    fn write(&self) -> Value {
        Value::from(self.as_str())
    }
}

impl Disk {
    /// Returns the two nodes that a mirrored disk names, none for others.
    #[must_use]
    pub fn mirror(&self) -> Option<(NodeId, NodeId)> {
        self.mirror_uuids().map(|(a, b)| (a.into(), b.into()))
    }

    /// Returns the uuids of these nodes.
    #[must_use]
    pub fn mirror_uuids(&self) -> Option<(&str, &str)> {
        if self.dev_type == DiskTemplate::Drbd { self.logical_id.nodes() } else { None }
    }

    /// Returns the nodes on which the disk is assembled when `node` is the primary one: both of a mirror, else that one.
    #[must_use]
    pub fn nodes_for(&self, node: &NodeId) -> Vec<NodeId> {
        self.mirror().map_or_else(|| vec![node.clone()], |(a, b)| vec![a, b])
    }

    /// Returns the disk and all its children, parents first.
    #[must_use]
    pub fn tree(&self) -> Vec<&Self> {
        let mut all = vec![self];
        for child in &self.children {
            all.extend(child.tree());
        }
        all
    }
}
