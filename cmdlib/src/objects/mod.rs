//! The data model of `config.data`, formats 2.16 to 3.1: plain structs, one file each, lossless. What a file says stays as it
//! is (unknown members, order of members, nulls, forms of numbers) until a field is changed; defaults are filled in views
//! (`config::views`), never here.
//!
//! Source: ganeti 3.1, objects.py and the daemon's own loader.

mod cluster;
mod disk;
mod filter;
mod group;
mod instance;
mod members;
mod network;
mod node;

pub use cluster::Cluster;
pub use disk::{Disk, Drbd, LogicalId};
pub use filter::FilterRule;
pub use group::NodeGroup;
pub use instance::{AdminSource, AdminState, Instance, Nic};
pub use network::Network;
pub use node::Node;

pub(crate) use members::{Key, Members, Preset, members_in};

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::field::{Field, Misfit, Params};
use crate::shape::Shape;

/// What an object was read from; empty for one that was made here.
#[derive(Clone, Default)]
pub(crate) struct Source(Arc<Origin>);

#[derive(Default)]
struct Origin {
    /// The object in a document, of which the members are read again when they are needed: most objects are never written.
    text: Box<str>,
    members: OnceLock<Params>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.same_as(other) || self.members() == other.members()
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

/// One field on its way out: its name, and its value unless it still is what its source says.
pub(crate) struct Out {
    key: &'static str,
    value: Option<Value>,
}

impl Source {
    pub(crate) fn of_members(members: Params) -> Self {
        Self(Arc::new(Origin { text: Box::default(), members: members.into() }))
    }

    pub(crate) fn of_text(text: &str) -> Self {
        Self(Arc::new(Origin { text: text.into(), members: OnceLock::new() }))
    }

    fn members(&self) -> &Params {
        // The text was read before; that of an object made here is empty, and so are its members.
        self.0.members.get_or_init(|| serde_json::from_str(&self.0.text).unwrap_or_default())
    }

    pub(crate) fn same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn write(&self, fields: Vec<Out>) -> Value {
        let mut members = self.members().clone();
        for out in fields {
            match out.value {
                None => {}
                Some(Value::Null) => drop(members.shift_remove(out.key)),
                Some(value) => drop(members.insert(out.key.to_owned(), value)),
            }
        }
        Value::Object(members)
    }

    /// Writes these fields alone.
    pub(crate) fn write_only(&self, fields: Vec<Out>) -> Value {
        let member = |out: Out| {
            let value = match out.value {
                None => self.members().get(out.key).cloned(),
                value => value.filter(|value| !value.is_null()),
            };
            Some((out.key.to_owned(), value?))
        };
        Value::Object(fields.into_iter().filter_map(member).collect())
    }
}

/// Makes an object of the configuration: `field: Type` is required, `field: Type = default` may be missing or null.
macro_rules! object {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $field:ident : $type:ty $(= $default:expr)?,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name { $($(#[$doc])* pub $field: $type,)+ pub(crate) source: $crate::objects::Source }

        impl $name {
            /// Reads all but what it was read from.
            fn of_members(mut members: impl $crate::objects::Members) -> Result<Self, $crate::field::Misfit> {
                Ok(Self {
                    $($field: members.member(stringify!($field), $crate::objects::default_of!($($default)?))?,)+
                    source: $crate::objects::Source::default(),
                })
            }
        }

        impl $crate::objects::OfText for $name {
            fn of_text(text: &str) -> serde_json::Result<Result<Self, $crate::field::Misfit>> {
                let members = $crate::objects::members_in(text, &[$(stringify!($field)),+])?;
                Ok(Self::of_members(members).map(|it| Self { source: $crate::objects::Source::of_text(text), ..it }))
            }
        }

        impl $crate::field::Field for $name {
            fn read(value: &serde_json::Value) -> Result<Self, $crate::field::Misfit> {
                let members = $crate::objects::members_of(value)?;
                let source = $crate::objects::Source::of_members(members.clone());
                Ok(Self { source, ..Self::of_members(members)? })
            }
            fn take(value: serde_json::Value) -> Result<Self, $crate::field::Misfit> {
                let serde_json::Value::Object(members) = value else { return Self::read(&value) };
                let read = Self::of_members(&members)?;
                Ok(Self { source: $crate::objects::Source::of_members(members), ..read })
            }
            fn write(&self) -> serde_json::Value {
                self.source.write(vec![$($crate::objects::out(
                    stringify!($field), &self.$field, &self.source, $crate::objects::default_of!($($default)?),
                ),)+])
            }
            fn write_differing(&self, other: &Self) -> (serde_json::Value, serde_json::Value) {
                if !self.source.same_as(&other.source) {
                    return (self.write(), other.write());
                }
                // What both were read from is the same: so is all that it says of fields which are the same.
                let (mut one, mut two) = (Vec::new(), Vec::new());
                $(if self.$field != other.$field {
                    let out = |it: &Self| $crate::objects::out(
                        stringify!($field), &it.$field, &it.source, $crate::objects::default_of!($($default)?),
                    );
                    one.push(out(self));
                    two.push(out(other));
                })+
                (self.source.write_only(one), other.source.write_only(two))
            }
        }
    };
}
macro_rules! default_of {
    () => {
        None
    };
    ($default:expr) => {
        Some(|| $default)
    };
}
pub(crate) use {default_of, object};

/// An object that is read from its own part of a document.
pub trait OfText: Field {
    /// Reads it; what it was read from is kept as text.
    ///
    /// # Errors
    /// The text is no JSON object; or, within, it is no such object.
    fn of_text(text: &str) -> serde_json::Result<Result<Self, Misfit>>;
}

pub(crate) fn members_of(value: &Value) -> Result<&Params, Misfit> {
    value.as_object().ok_or_else(|| Misfit::new("an object", value))
}

pub(crate) fn out<T: Field>(key: &'static str, field: &T, source: &Source, preset: Preset<T>) -> Out {
    let as_read = source.members().member::<T>(key, preset).is_ok_and(|read| read == *field);
    // An object made here has no source: there a default is written, so that the file says what was meant. Only of tags it
    // says nothing where there are none, as the reference does.
    let as_read = as_read && (!source.members().is_empty() || key == "tags");
    Out { key, value: (!as_read).then(|| field.write()) }
}

/// Returns an object as it goes to a node: its members without the nulls.
pub(crate) fn to_wire(object: &impl Field) -> Params {
    let Value::Object(mut members) = object.write() else { return Params::new() };
    members.retain(|_, value| !value.is_null());
    members
}

/// Parameters whose values must not show: their `Debug` hides them.
#[derive(Clone, PartialEq, Default)]
pub struct Private(pub Params);

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Private({} values)", self.0.len())
    }
}

impl Field for Private {
    fn read(value: &Value) -> Result<Self, Misfit> {
        value.as_object().cloned().map(Self).ok_or_else(|| Misfit::secret(Self::shape().wanted()))
    }
    fn take(value: Value) -> Result<Self, Misfit> {
        if let Value::Object(params) = value { Ok(Self(params)) } else { Self::read(&value) }
    }
    fn shape() -> Shape {
        Shape::Secret(Box::new(Params::shape()))
    }
    fn write(&self) -> Value {
        Value::Object(self.0.clone())
    }
}
