//! `GroupVerifyDisks` finds instances of a node group whose disks are missing or must be activated.

use indexmap::IndexMap;
use serde_json::Value;

use crate::field::{Field, Misfit};

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
