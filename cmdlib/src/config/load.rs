//! Reading and writing the document. Reading alters nothing: an unchanged state is written as it was read.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::config::data::{Data, Snapshot};
use crate::config::entity::Entity;
use crate::config::table::Table;
use crate::field::{Field, Misfit, Params, member};
use crate::ids::Id;
use crate::objects::{Disk, Instance, Key, Network, Node, NodeGroup};

/// The formats that are read. That of 2.16 has the shape of 3.0's; what it lacks has defaults.
const VERSIONS: [(i64, &str); 3] = [(2_160_000, "2.16"), (3_000_000, "3.0"), (3_010_000, "3.1")];

/// The members that hold tables, which are read object by object.
const TABLES: [&str; 5] = [Node::TABLE, NodeGroup::TABLE, Instance::TABLE, Network::TABLE, Disk::TABLE];

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

/// Why a document was not read.
enum Stop {
    /// Some part of it is not JSON; where, counted from the part's begin, helps nobody.
    Json,
    Load(LoadError),
}

fn not_json(_: serde_json::Error) -> Stop {
    Stop::Json
}

impl<E: Into<LoadError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Load(error.into())
    }
}

impl Snapshot {
    /// Reads the text of a `config.data`.
    ///
    /// # Errors
    /// It is not JSON, of another version, or of another shape. References to objects that don't exist are no error here:
    /// `verify` finds them.
    pub fn parse(text: &[u8]) -> Result<Self, LoadError> {
        match Self::of_text(text) {
            Ok(snapshot) => Ok(snapshot),
            Err(Stop::Load(error)) => Err(error),
            // Read as a whole, for an error that tells the place in it.
            Err(Stop::Json) => {
                let value = serde_json::from_slice(text).map_err(|error| LoadError::NotJson(error.to_string()))?;
                Self::read(&value)
            }
        }
    }

    /// Reads a text object by object: a document of a large cluster never exists as a value.
    fn of_text(text: &[u8]) -> Result<Self, Stop> {
        let Document { top, tables } = serde_json::from_slice(text).map_err(not_json)?;
        Self::of_members(top, &tables)
    }

    /// Reads a document.
    ///
    /// # Errors
    /// As `parse`.
    pub fn read(document: &Value) -> Result<Self, LoadError> {
        let top = document.as_object().ok_or_else(|| Misfit::new("an object", document))?;
        let small = top.iter().map(|(key, value)| {
            let table = TABLES.contains(&key.as_str());
            (key.clone(), if table { Value::Null } else { value.clone() })
        });
        Self::of_members(small.collect(), top)
    }

    /// Reads what a document has beside its tables from `top`, and these from `tables`.
    fn of_members<T: Tables>(mut top: Params, tables: &T) -> Result<Self, T::Error> {
        check_version(&top)?;
        let mut data = Data {
            cluster: Arc::new(member(&top, "cluster")?),
            nodes: tables.read()?,
            nodegroups: tables.read()?,
            instances: tables.read()?,
            networks: tables.read()?,
            disks: tables.read()?,
            filters: Arc::new(if top.contains_key("filters") { member(&top, "filters")? } else { Default::default() }),
            ..Data::default()
        };
        for key in ["cluster", "filters"] {
            top.entry(key).and_modify(|value| *value = Value::Null);
        }
        data.top = Arc::new(top);
        data.index();
        Ok(data.into())
    }

    /// Writes the document.
    #[must_use]
    pub fn write(&self) -> Value {
        let mut top = Params::clone(&self.top);
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

/// A document as text: what it has beside its tables, and these with their objects unread.
struct Document<'a> {
    top: Params,
    tables: IndexMap<String, Unread<'a>>,
}

/// The objects of a table, in order.
struct Unread<'a>(Vec<(Key<'a>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Document<'de> {
    fn deserialize<D: Deserializer<'de>>(document: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Document<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
                let mut document = Document { top: Params::new(), tables: IndexMap::new() };
                while let Some(key) = members.next_key::<String>()? {
                    let value = if TABLES.contains(&key.as_str()) {
                        document.tables.insert(key.clone(), members.next_value()?);
                        Value::Null
                    } else {
                        members.next_value()?
                    };
                    document.top.insert(key, value);
                }
                Ok(document)
            }
        }
        document.deserialize_map(Members)
    }
}

impl<'de> Deserialize<'de> for Unread<'de> {
    fn deserialize<D: Deserializer<'de>>(table: D) -> Result<Self, D::Error> {
        struct Objects;
        impl<'de> Visitor<'de> for Objects {
            type Value = Unread<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Self::Value, A::Error> {
                let mut objects = Vec::new();
                while let Some(entry) = table.next_entry()? {
                    objects.push(entry);
                }
                Ok(Unread(objects))
            }
        }
        table.deserialize_map(Objects)
    }
}

/// What has the tables of a document.
trait Tables {
    /// Why they can't be read: those of a value are JSON at least.
    type Error: From<LoadError> + From<Misfit>;

    fn read<T: Entity>(&self) -> Result<Table<T>, Self::Error>;
}

/// A document as a value.
impl Tables for Params {
    type Error = LoadError;

    fn read<T: Entity>(&self) -> Result<Table<T>, LoadError> {
        let value = self.get(T::TABLE).ok_or_else(no_table::<T>)?;
        let members = value.as_object().ok_or_else(|| Misfit::new("an object", value).within(T::TABLE))?;
        members.iter().map(|(key, value)| Ok(filed(key, T::read(value))?)).collect()
    }
}

/// Tables as text.
impl Tables for IndexMap<String, Unread<'_>> {
    type Error = Stop;

    fn read<T: Entity>(&self) -> Result<Table<T>, Stop> {
        let Unread(objects) = self.get(T::TABLE).ok_or_else(no_table::<T>)?;
        let read = |objects: &[(Key<'_>, &RawValue)]| {
            let of = |(Key(key), part): &(Key<'_>, &RawValue)| -> Result<_, Stop> {
                let read = T::of_text(part.get()).map_err(not_json)?;
                Ok(filed(key, read)?)
            };
            objects.iter().map(of).collect::<Vec<_>>()
        };
        if objects.len() < MANY {
            return read(objects).into_iter().collect();
        }
        let (first, second) = objects.split_at(objects.len() / 2);
        let (first, second) = both(|| read(first), || read(second));
        first.into_iter().chain(second).collect()
    }
}

fn no_table<T: Entity>() -> Misfit {
    Misfit::missing("an object").within(T::TABLE)
}

/// Returns an object that was read, with the id that it is filed under.
fn filed<T: Entity>(key: &str, read: Result<T, Misfit>) -> Result<(Id<T>, Arc<T>), Misfit> {
    let mut object = read.map_err(|misfit| misfit.within(key).within(T::TABLE))?;
    let id: Id<T> = Id::new(key);
    if object.id().is_empty() {
        object.set_id(id.clone());
    }
    Ok((id, Arc::new(object)))
}

/// From so many objects on, two threads share the work.
pub(crate) const MANY: usize = 1_000;

/// Does two things at once.
pub(crate) fn both<A, B: Send>(one: impl FnOnce() -> A, two: impl FnOnce() -> B + Send) -> (A, B) {
    let mut second = None;
    let first = std::thread::scope(|scope| {
        scope.spawn(|| second = Some(two()));
        one()
    });
    (first, second.expect("a scope ends when its threads have, and panics if one did"))
}

fn write_table<T: Entity>(table: &Table<T>) -> Value {
    Value::Object(table.iter().map(|(id, object)| (id.to_string(), object.write())).collect())
}
