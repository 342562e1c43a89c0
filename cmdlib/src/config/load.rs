//! Reading and writing the document. Reading alters nothing: an unchanged state is written as it was read.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::config::data::{Data, Snapshot};
use crate::config::entity::Entity;
use crate::config::table::Table;
use crate::field::{Field, Misfit, Params, member};
use crate::ids::Id;

/// The formats that are read. That of 2.16 has the shape of 3.0's; what it lacks has defaults.
const VERSIONS: [(i64, &str); 3] = [(2_160_000, "2.16"), (3_000_000, "3.0"), (3_010_000, "3.1")];

/// Why a document is no configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// It is not JSON, or is cut off.
    NotJson(String),
    /// It is of another version.
    Version(String),
    /// A member is missing or of the wrong type.
    Shape(Misfit),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(why) => write!(f, "not JSON: {why}; is the file whole, and is it a config.data?"),
            Self::Version(what) => {
                write!(
                    f,
                    "{what}; configurations of Ganeti 2.16, 3.0 and 3.1 can be read: upgrade an older cluster first"
                )
            }
            Self::Shape(misfit) => write!(f, "not a configuration: {misfit}"),
        }
    }
}
impl std::error::Error for LoadError {}

impl From<Misfit> for LoadError {
    fn from(misfit: Misfit) -> Self {
        Self::Shape(misfit)
    }
}

impl Snapshot {
    /// Reads the text of a `config.data`.
    ///
    /// # Errors
    /// It is not JSON, of another version, or of another shape. References to objects that don't exist are no error here:
    /// `verify` finds them.
    pub fn parse(text: &[u8]) -> Result<Self, LoadError> {
        let value = serde_json::from_slice(text).map_err(|error| LoadError::NotJson(error.to_string()))?;
        Self::read(&value)
    }

    /// Reads a document.
    ///
    /// # Errors
    /// As `parse`.
    pub fn read(document: &Value) -> Result<Self, LoadError> {
        let top = document.as_object().ok_or_else(|| Misfit::new("an object", document))?;
        check_version(top)?;
        let mut kept = Params::new();
        for (key, value) in top {
            let table = matches!(
                key.as_str(),
                "cluster" | "nodes" | "nodegroups" | "instances" | "networks" | "disks" | "filters"
            );
            kept.insert(key.clone(), if table { Value::Null } else { value.clone() });
        }
        let mut data = Data {
            top: kept,
            cluster: Arc::new(member(top, "cluster")?),
            nodes: read_table(top)?,
            nodegroups: read_table(top)?,
            instances: read_table(top)?,
            networks: read_table(top)?,
            disks: read_table(top)?,
            filters: Arc::new(if top.contains_key("filters") { member(top, "filters")? } else { Default::default() }),
            ..Data::default()
        };
        data.index();
        Ok(data.into())
    }

    /// Writes the document.
    #[must_use]
    pub fn write(&self) -> Value {
        let mut top = self.top.clone();
        let mut put = |key: &str, value: Value| {
            if top.contains_key(key) || value.as_object().is_some_and(|members| !members.is_empty()) {
                top.insert(key.to_owned(), value);
            }
        };
        put("cluster", self.cluster.write());
        put("nodes", write_table(&self.nodes));
        put("nodegroups", write_table(&self.nodegroups));
        put("instances", write_table(&self.instances));
        put("networks", write_table(&self.networks));
        put("disks", write_table(&self.disks));
        put("filters", self.filters.write());
        Value::Object(top)
    }
}

fn check_version(top: &Params) -> Result<(), LoadError> {
    let number = top.get("version").ok_or_else(|| LoadError::Version("it names no version".to_owned()))?;
    match number.as_i64() {
        Some(number) if VERSIONS.iter().any(|(known, _)| *known == number) => Ok(()),
        Some(number) if number > 0 => {
            let (major, minor) = (number / 1_000_000, number / 10_000 % 100);
            Err(LoadError::Version(format!("it is of version {major}.{minor} (number {number})")))
        }
        _ => Err(LoadError::Version(format!("its version is {number}"))),
    }
}

fn read_table<T: Entity>(top: &Params) -> Result<Table<T>, Misfit> {
    let Some(value) = top.get(T::TABLE) else {
        return Err(Misfit::missing("an object").within(T::TABLE));
    };
    let members = value.as_object().ok_or_else(|| Misfit::new("an object", value).within(T::TABLE))?;
    let read = |(key, value): (&String, &Value)| {
        let mut object = T::read(value).map_err(|misfit| misfit.within(key).within(T::TABLE))?;
        let id: Id<T> = Id::new(key.as_str());
        if object.id().is_empty() {
            object.set_id(id.clone());
        }
        Ok((id, Arc::new(object)))
    };
    members.iter().map(read).collect()
}

fn write_table<T: Entity>(table: &Table<T>) -> Value {
    Value::Object(table.iter().map(|(id, object)| (id.to_string(), object.write())).collect())
}
