//! The wire form of arguments, in both directions. Some depend on the node that they go to, and on the configuration of the
//! moment: what is read back is what the node got, and goes out again as it came.
//!
//! Source: ganeti 3.1, rpc/node.py.

mod argument;
mod disks;
mod instance;
mod values;

pub use argument::{Args, Argument};
pub use disks::{AnnotatedDisk, AnnotatedDisks, DiskRename, DisksOfSeveral, ExportedDisk, PlainDisk};
pub use instance::{AnnotatedNic, FullInstance, InstanceMetadata, PluggedDevice};
pub use values::{FileDetails, HvSpec, ImportExportIo, ImportExportOptions, Magic, MasterParams, Packed, StorageUnit};

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::config::{Gone, Snapshot};
use crate::field::{Field, Misfit, Params};
use crate::ids::NodeId;

/// Where an argument goes, and the configuration of that moment.
pub struct Encode {
    /// The node.
    pub node: NodeId,
    /// The configuration.
    pub config: Snapshot,
}

/// An argument of a call.
#[diagnostic::on_unimplemented(message = "`{Self}` has no wire form, so it can't be an argument of a call")]
pub trait Wire: Sized {
    /// Looks up what it refers to, and returns the argument as it goes to a node.
    ///
    /// # Errors
    /// Something that it refers to is not in the configuration.
    fn wire(&self, to: &Encode) -> Result<Argument, Gone>;

    /// Reads the argument as a node gets it; `wire` gives the same again, whatever node and configuration.
    ///
    /// # Errors
    /// What was wanted and what was found.
    fn from_wire(value: &Value) -> Result<Self, Misfit>;
}

macro_rules! as_field {
    ($($argument:expr => $($type:ty)+;)+) => { $($(impl Wire for $type {
        fn wire(&self, _: &Encode) -> Result<Argument, Gone> {
            let argument: fn(&Self) -> Argument = $argument;
            Ok(argument(self))
        }
        fn from_wire(value: &Value) -> Result<Self, Misfit> {
            Field::read(value)
        }
    })+)+ };
}
as_field! {
    |it| it.write().into() =>
        String bool u64 i64 f64 Params Value IndexMap<String, Params> BTreeMap<String, String> (String, String)
        (String, String, Value) FileDetails ImportExportOptions MasterParams Packed StorageUnit;
    // Large, and shared.
    |it| { let it = it.clone(); Argument::later(move || it.write()) } =>
        Arc<Params> HvSpec;
}

impl<T: Wire> Wire for Vec<T> {
    fn wire(&self, to: &Encode) -> Result<Argument, Gone> {
        self.iter().map(|item| item.wire(to)).collect::<Result<_, _>>().map(Argument::list)
    }
    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        let items = value.as_array().ok_or_else(|| Misfit::new("a list", value))?;
        let read = |(index, item)| T::from_wire(item).map_err(|misfit| misfit.within(&format!("[{index}]")));
        items.iter().enumerate().map(read).collect()
    }
}

impl<T: Wire> Wire for Option<T> {
    fn wire(&self, to: &Encode) -> Result<Argument, Gone> {
        self.as_ref().map_or(Ok(Value::Null.into()), |item| item.wire(to))
    }
    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        if value.is_null() { Ok(None) } else { T::from_wire(value).map(Some) }
    }
}

/// An argument that differs from node to node.
#[derive(Debug, Clone)]
pub struct PerNode<T>(Parts<T>);

#[derive(Debug, Clone)]
enum Parts<T> {
    Each(Vec<(NodeId, T)>),
    /// What the node got that read it.
    Own(T),
}

impl<T> PerNode<T> {
    /// Returns an argument that is this for each node, and null for others.
    #[must_use]
    pub fn of(parts: Vec<(NodeId, T)>) -> Self {
        Self(Parts::Each(parts))
    }

    /// Returns what goes to the nodes, one after the other.
    pub fn parts(&self) -> impl Iterator<Item = &T> {
        let (each, own): (&[(NodeId, T)], _) = match &self.0 {
            Parts::Each(parts) => (parts, None),
            Parts::Own(part) => (&[], Some(part)),
        };
        each.iter().map(|(_, part)| part).chain(own)
    }

    /// Returns what goes to a node.
    #[must_use]
    pub fn to(&self, node: &NodeId) -> Option<&T> {
        match &self.0 {
            Parts::Each(parts) => parts.iter().find(|(id, _)| id == node).map(|(_, part)| part),
            Parts::Own(part) => Some(part),
        }
    }
}

impl<T: Wire> Wire for PerNode<T> {
    fn wire(&self, to: &Encode) -> Result<Argument, Gone> {
        self.to(&to.node).map_or(Ok(Value::Null.into()), |part| part.wire(to))
    }
    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        T::from_wire(value).map(|part| Self(Parts::Own(part)))
    }
}
