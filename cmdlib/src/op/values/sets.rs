//! Lists that mean sets.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::field::{Field, Misfit};
use crate::shape::Shape;

/// A set, in any form that the reference makes one of: a list, the keys of an object, the characters of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnySet<T>(pub BTreeSet<T>);

impl<T> Default for AnySet<T> {
    fn default() -> Self {
        Self(BTreeSet::new())
    }
}

impl<T: Field + Ord> Field for AnySet<T> {
    fn read(value: &Value) -> Result<Self, Misfit> {
        match value {
            Value::Object(members) => {
                let read = |key: &String| T::read(&Value::from(key.as_str())).map_err(|misfit| misfit.within(key));
                members.keys().map(read).collect::<Result<_, _>>().map(Self)
            }
            Value::String(text) => {
                let read = |character: char| T::read(&Value::from(character.to_string()));
                text.chars().map(read).collect::<Result<_, _>>().map(Self).map_err(|_| Self::misfit(value))
            }
            list => Field::read(list).map(Self),
        }
    }
    fn shape() -> Shape {
        BTreeSet::<T>::shape()
    }
    fn write(&self) -> Value {
        self.0.write()
    }
}
