//! Parameters that must not show: their `Debug` and their refusals hide them.

use std::fmt;

use indexmap::IndexMap;
use serde_json::Value;

use crate::field::{Field, Misfit, Params};
use crate::shape::Shape;

/// Private parameters of operating systems: kept with the job and in the configuration.
#[derive(Clone, PartialEq, Default)]
pub struct PrivateParams(pub Params);

/// Secret parameters of operating systems: kept nowhere.
#[derive(Clone, PartialEq, Default)]
pub struct SecretParams(pub Params);

/// Private parameters, by operating system; null takes those of a system away.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PrivateByOs(pub IndexMap<String, Option<PrivateParams>>);

/// What two clusters say to each other before an instance moves from one to the other.
#[derive(Clone, PartialEq, Default)]
pub struct Handshake(pub Vec<Value>);

/// Reads an object in any form that the reference makes one of: an empty text, a list of pairs.
fn params(value: &Value) -> Result<Params, Misfit> {
    fn pair(item: &Value) -> Option<(String, Value)> {
        let [key, value] = item.as_array()?.as_slice() else { return None };
        Some((key.as_str()?.to_owned(), value.clone()))
    }
    let read = match value {
        Value::Object(members) => Some(members.clone()),
        Value::String(text) if text.is_empty() => Some(Params::new()),
        Value::Array(items) => items.iter().map(pair).collect(),
        _ => None,
    };
    read.ok_or_else(|| Misfit::secret(PrivateParams::shape().wanted()))
}

macro_rules! hidden {
    ($($name:ident: $inner:ty, $read:expr, $unit:literal;)+) => { $(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({} ", $unit, ")"), self.0.len())
            }
        }

        impl Field for $name {
            fn read(value: &Value) -> Result<Self, Misfit> {
                let read: fn(&Value) -> Result<$inner, Misfit> = $read;
                read(value).map(Self)
            }
            fn shape() -> Shape {
                Shape::Secret(Box::new(<$inner>::shape()))
            }
            fn write(&self) -> Value {
                self.0.write()
            }
        }
    )+ };
}
hidden! {
    PrivateParams: Params, params, "values";
    SecretParams: Params, params, "values";
    Handshake: Vec<Value>, |value| {
        value.as_array().cloned().ok_or_else(|| Misfit::secret(Vec::<Value>::shape().wanted()))
    }, "parts";
}

impl Field for PrivateByOs {
    fn read(value: &Value) -> Result<Self, Misfit> {
        if value.is_object() { Field::read(value).map(Self) } else { Err(Misfit::secret(Self::shape().wanted())) }
    }
    fn shape() -> Shape {
        Shape::Secret(Box::new(IndexMap::<String, Option<PrivateParams>>::shape()))
    }
    fn write(&self) -> Value {
        self.0.write()
    }
}
