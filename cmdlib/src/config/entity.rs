//! What the kinds of objects in the configuration have in common.

use std::fmt;
use std::sync::Arc;

use crate::config::data::Data;
use crate::config::table::Table;
use crate::field::Field;
use crate::ids::Id;
use crate::objects::{Disk, Instance, Network, Node, NodeGroup, OfText};

/// An object that is not in the configuration, or no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    kind: &'static str,
    name: String,
}

impl Gone {
    /// Returns the absence of the `kind` of object that was looked for as `name`.
    pub fn new(kind: &'static str, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }

    /// Names the object, where only its uuid was looked for.
    #[must_use]
    pub fn called(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no {} '{}'", self.kind, self.name)
    }
}
impl std::error::Error for Gone {}

/// A kind of object that has a table of its own.
pub trait Entity: Field + OfText + Default + Send + Sync + fmt::Debug + 'static {
    /// What it is called in messages.
    const KIND: &'static str;
    /// The member of the document that holds the table.
    const TABLE: &'static str;

    /// Returns the object's id.
    fn id(&self) -> &Id<Self>;
    /// Returns the object's name.
    fn name(&self) -> &str;
    /// Returns the serial number.
    fn serial(&self) -> i64;
    /// Sets serial number and time of the last change.
    fn stamp(&mut self, serial: i64, mtime: f64);
    /// Sets the id, where a file lacks it.
    fn set_id(&mut self, id: Id<Self>);
    /// Returns the table.
    fn table(data: &Data) -> &Table<Self>;
    /// Returns the table for a change.
    #[doc(hidden)]
    fn table_mut(data: &mut Data) -> &mut Table<Self>;
    /// Brings the indexes up to date, if the change touches them.
    #[doc(hidden)]
    fn relink(data: &mut Data, id: &Id<Self>, before: Option<&Arc<Self>>, after: Option<&Arc<Self>>);
}

macro_rules! entity {
    ($type:ident, $kind:literal, $table:ident, |$object:ident| $name:expr, $relink:ident) => {
        impl Entity for $type {
            const KIND: &'static str = $kind;
            const TABLE: &'static str = stringify!($table);
            fn id(&self) -> &Id<Self> {
                &self.uuid
            }
            fn name(&self) -> &str {
                let $object = self;
                $name
            }
            fn serial(&self) -> i64 {
                self.serial_no
            }
            fn stamp(&mut self, serial: i64, mtime: f64) {
                self.serial_no = serial;
                self.mtime = mtime;
            }
            fn set_id(&mut self, id: Id<Self>) {
                self.uuid = id;
            }
            fn table(data: &Data) -> &Table<Self> {
                &data.$table
            }
            fn table_mut(data: &mut Data) -> &mut Table<Self> {
                &mut data.$table
            }
            fn relink(data: &mut Data, id: &Id<Self>, before: Option<&Arc<Self>>, after: Option<&Arc<Self>>) {
                data.$relink(id, before, after);
            }
        }
    };
}

entity!(Instance, "instance", instances, |it| &it.name, relink_instance);
entity!(Node, "node", nodes, |it| &it.name, relink_node);
entity!(NodeGroup, "node group", nodegroups, |it| &it.name, relink_group);
entity!(Network, "network", networks, |it| &it.name, relink_network);
entity!(Disk, "disk", disks, |it| it.name.as_deref().unwrap_or(&it.iv_name), relink_disk);
