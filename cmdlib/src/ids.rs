//! Identifiers. An id knows its object, so `cx.update(&id, ..)` needs no type, and a node's id does not fit where an
//! instance's is wanted. Nothing else lives here.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use indexmap::Equivalent;
use serde_json::Value;

use crate::field::{Field, Misfit};
use crate::objects::{Disk, Instance, Network, Node, NodeGroup};
use crate::shape::Shape;

/// The uuid of a `T`. Cheap to clone.
pub struct Id<T> {
    text: Arc<str>,
    of: PhantomData<fn() -> T>,
}

/// The uuid of an instance.
pub type InstanceId = Id<Instance>;
/// The uuid of a node.
pub type NodeId = Id<Node>;
/// The uuid of a node group.
pub type GroupId = Id<NodeGroup>;
/// The uuid of a network.
pub type NetworkId = Id<Network>;
/// The uuid of a disk.
pub type DiskId = Id<Disk>;

impl<T> Id<T> {
    /// Returns the id with this text.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), of: PhantomData }
    }

    /// Returns the id's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Tells whether no id was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        Self { text: Arc::clone(&self.text), of: PhantomData }
    }
}
impl<T> Default for Id<T> {
    fn default() -> Self {
        Self::new("")
    }
}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        IdText(&self.text).hash(state);
    }
}

/// The text of an id, to look an object up by. Only its last bytes are hashed: uuids differ there, and hashing is most of what a
/// look-up costs.
pub(crate) struct IdText<'a>(pub(crate) &'a str);

impl Hash for IdText<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.0.as_bytes().last_chunk() {
            Some(last) => state.write_u64(u64::from_ne_bytes(*last)),
            None => self.0.hash(state),
        }
    }
}

impl<T> Equivalent<Id<T>> for IdText<'_> {
    fn equivalent(&self, id: &Id<T>) -> bool {
        self.0 == id.as_str()
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
/// An id is found by its text.
impl<T> AsRef<str> for Id<T> {
    fn as_ref(&self) -> &str {
        &self.text
    }
}
impl<T> From<&str> for Id<T> {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}
impl<T> Field for Id<T> {
    fn read(value: &Value) -> Result<Self, Misfit> {
        value.as_str().map(Self::new).ok_or_else(|| Misfit::new("a uuid", value))
    }

    fn shape() -> Shape {
        Shape::Text
    }

    fn write(&self) -> Value {
        Value::from(self.as_str())
    }
}
