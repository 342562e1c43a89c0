//! Descriptions of disks and network interfaces, and lists of changes to them.

use indexmap::IndexMap;
use serde_json::Value;

use crate::field::{Field, Misfit};
use crate::op::NonEmpty;
use crate::shape::Shape;

/// A whole number of any size, as the reference takes it where it sets no limits: the unit says which make sense.
pub type Int = i128;

crate::words! {
    /// What a network interface is described by.
    pub enum NicKey {
        /// The bridge; the same as `link`.
        Bridge = "bridge",
        /// The address.
        Ip = "ip",
        /// What it is connected to.
        Link = "link",
        /// The hardware address.
        Mac = "mac",
        /// How it is connected.
        Mode = "mode",
        /// Its name.
        Name = "name",
        /// The network that the address comes from.
        Network = "network",
        /// The VLAN.
        Vlan = "vlan",
    }
}

/// What is said of a network interface.
pub type NicSpec = IndexMap<NicKey, Option<String>>;

/// What is said of a disk: `size`, `mode`, `adopt`, `vg`, `metavg`, `name`, `provider`, `spindles`, `access`, and whatever an
/// outside provider takes.
pub type DiskSpec = IndexMap<NonEmpty, TextOrNumber>;

/// A text that is not empty, or a whole number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextOrNumber {
    /// A text.
    Text(NonEmpty),
    /// A number.
    Number(Int),
}

impl Field for TextOrNumber {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let number = Int::read(value).map(Self::Number);
        number.or_else(|_| NonEmpty::read(value).map(Self::Text)).map_err(|_| Self::misfit(value))
    }
    fn shape() -> Shape {
        Shape::Either(vec![NonEmpty::shape(), Int::shape()])
    }
    fn write(&self) -> Value {
        match self {
            Self::Text(text) => text.write(),
            Self::Number(number) => number.write(),
        }
    }
}

crate::words! {
    /// What is done to a list.
    pub enum ListChange {
        /// Something new is added.
        Add = "add",
        /// Something that exists is added.
        Attach = "attach",
        /// Something is taken out and kept.
        Detach = "detach",
        /// Something is taken out.
        Remove = "remove",
    }
}

crate::words! {
    /// What is done to a list or an item of it.
    pub enum ItemChange {
        /// Something new is added.
        Add = "add",
        /// Something that exists is added.
        Attach = "attach",
        /// An item is taken out and kept.
        Detach = "detach",
        /// An item is changed.
        Modify = "modify",
        /// An item is taken out.
        Remove = "remove",
    }
}

/// Which item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemRef {
    /// By its index; -1 is the end.
    Index(Int),
    /// By its name or uuid.
    Name(String),
}

impl Field for ItemRef {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let index = Int::read(value).map(Self::Index);
        index.or_else(|_| String::read(value).map(Self::Name)).map_err(|_| Self::misfit(value))
    }
    fn shape() -> Shape {
        Shape::Either(vec![Int::shape(), Shape::Text])
    }
    fn write(&self) -> Value {
        match self {
            Self::Index(index) => index.write(),
            Self::Name(name) => name.write(),
        }
    }
}

/// What is done in the brief form: a change of the list, or of the item with this index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BriefChange {
    /// The list is changed at its end.
    List(ListChange),
    /// The item with this index is changed.
    Item(u64),
}

impl Field for BriefChange {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let index = u64::read(value).map(Self::Item);
        index.or_else(|_| ListChange::read(value).map(Self::List)).map_err(|_| Self::misfit(value))
    }
    fn shape() -> Shape {
        Shape::Either(vec![ListChange::shape(), u64::shape()])
    }
    fn write(&self) -> Value {
        match self {
            Self::List(change) => change.write(),
            Self::Item(index) => index.write(),
        }
    }
}

/// Changes of a list of disks or network interfaces, one after the other. All have the same form.
#[derive(Debug, Clone, PartialEq)]
pub enum Changes<T> {
    /// What is done, to which item, and what is said of it.
    Full(Vec<(ItemChange, ItemRef, T)>),
    /// What is done, and what is said of it.
    Brief(Vec<(BriefChange, T)>),
}

impl<T> Default for Changes<T> {
    fn default() -> Self {
        Self::Full(Vec::new())
    }
}

impl<T: Field> Field for Changes<T> {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let brief = value.get(0).and_then(Value::as_array).is_some_and(|first| first.len() == 2);
        if brief { Field::read(value).map(Self::Brief) } else { Field::read(value).map(Self::Full) }
    }
    fn shape() -> Shape {
        Shape::Either(vec![Vec::<(ItemChange, ItemRef, T)>::shape(), Vec::<(BriefChange, T)>::shape()])
    }
    fn write(&self) -> Value {
        match self {
            Self::Full(changes) => changes.write(),
            Self::Brief(changes) => changes.write(),
        }
    }
}

/// The disks to make anew.
#[derive(Debug, Clone, PartialEq)]
pub enum DisksToRecreate {
    /// These, by index, as they were; none means all.
    Indexes(Vec<u64>),
    /// These, by index, with changes.
    Changed(Vec<(u64, DiskSpec)>),
}

impl Default for DisksToRecreate {
    fn default() -> Self {
        Self::Indexes(Vec::new())
    }
}

impl Field for DisksToRecreate {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let changed = value.get(0).is_some_and(Value::is_array);
        if changed { Field::read(value).map(Self::Changed) } else { Field::read(value).map(Self::Indexes) }
    }
    fn shape() -> Shape {
        Shape::Either(vec![Vec::<u64>::shape(), Vec::<(u64, DiskSpec)>::shape()])
    }
    fn write(&self) -> Value {
        match self {
            Self::Indexes(indexes) => indexes.write(),
            Self::Changed(changed) => changed.write(),
        }
    }
}

/// Where an export goes.
#[derive(Debug, Clone, PartialEq)]
pub enum ExportTarget {
    /// To a node.
    Node(NonEmpty),
    /// To another cluster: what it said for each disk.
    Remote(Vec<Value>),
}

impl Field for ExportTarget {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let remote = Field::read(value).map(Self::Remote);
        remote.or_else(|_| NonEmpty::read(value).map(Self::Node)).map_err(|_| Self::misfit(value))
    }
    fn shape() -> Shape {
        Shape::Either(vec![NonEmpty::shape(), Vec::<Value>::shape()])
    }
    fn write(&self) -> Value {
        match self {
            Self::Node(node) => node.write(),
            Self::Remote(destinations) => destinations.write(),
        }
    }
}
