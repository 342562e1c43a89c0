//! Reading and writing of typed fields as JSON: of opcodes, of configuration objects, of what nodes answer.
//!
//! Serde's derive is not used for these: it names neither field nor value of a misfit, takes a list for a struct, and can't
//! tell a missing field from a null.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::Hash;
use std::num::NonZeroU64;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Number, Value};

use crate::shape::Shape;

/// A JSON object with its members in order: parameters of hypervisors, backends, disks and the like.
pub type Params = Map<String, Value>;

/// A JSON value that is not what its field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    at: String,
    wanted: String,
    got: String,
}

impl Misfit {
    /// Returns the misfit of `got` where `wanted` (a noun with its article) is taken.
    pub fn new(wanted: impl Into<String>, got: &Value) -> Self {
        Self { at: String::new(), wanted: wanted.into(), got: shortened(got) }
    }

    /// Returns the misfit of a value that must not be shown.
    pub fn secret(wanted: impl Into<String>) -> Self {
        Self { at: String::new(), wanted: wanted.into(), got: "a value that is not shown".to_owned() }
    }

    /// Returns the misfit of a member that is absent.
    pub fn missing(wanted: impl Into<String>) -> Self {
        Self { at: String::new(), wanted: wanted.into(), got: "nothing".to_owned() }
    }

    /// Tells that the misfit lies in the member `key` (a name, or an index in brackets) of what is being read.
    #[must_use]
    pub fn within(mut self, key: &str) -> Self {
        let dot = if self.at.is_empty() || self.at.starts_with('[') { "" } else { "." };
        self.at = format!("{key}{dot}{}", self.at);
        self
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.at.is_empty() {
            write!(f, "{}: ", self.at)?;
        }
        write!(f, "expected {}, got {}", self.wanted, self.got)
    }
}

impl std::error::Error for Misfit {}

/// Returns a value as JSON of at most sixty characters.
#[must_use]
pub fn shortened(value: &Value) -> String {
    let text = value.to_string();
    let length = text.chars().count();
    if length <= 60 {
        return text;
    }
    let head: String = text.chars().take(40).collect();
    format!("{head}.. ({length} characters)")
}

/// A type that stands for a JSON value.
pub trait Field: Sized + Clone + PartialEq {
    /// Reads the value.
    ///
    /// # Errors
    /// What was wanted and what was found.
    fn read(value: &Value) -> Result<Self, Misfit>;

    /// Reads a value that nobody needs any more: what can be kept of it is not copied.
    ///
    /// # Errors
    /// As `read`.
    fn take(value: Value) -> Result<Self, Misfit> {
        Self::read(&value)
    }

    /// Writes the value; `Self::read` takes it back.
    fn write(&self) -> Value;

    /// Returns what values the type takes.
    #[must_use]
    fn shape() -> Shape {
        Shape::Opaque
    }

    /// Returns the misfit of a value that the type does not take, in words that its shape has.
    #[must_use]
    fn misfit(value: &Value) -> Misfit {
        Misfit::new(Self::shape().wanted(), value)
    }

    /// Writes two values of which only what differs is wanted: what is the same in both may be left out.
    fn write_differing(&self, other: &Self) -> (Value, Value) {
        (self.write(), other.write())
    }

    /// Returns what a missing member stands for, if it may be missing at all.
    #[must_use]
    fn missing() -> Option<Self> {
        None
    }
}

/// Reads the member `key` of an object.
///
/// # Errors
/// The misfit, with the member's name.
pub fn member<T: Field>(object: &Params, key: &str) -> Result<T, Misfit> {
    match object.get(key) {
        Some(value) => T::read(value).map_err(|misfit| misfit.within(key)),
        None => T::missing().ok_or_else(|| Misfit::missing("a value").within(key)),
    }
}

impl Field for bool {
    fn read(value: &Value) -> Result<Self, Misfit> {
        value.as_bool().ok_or_else(|| Self::misfit(value))
    }
    fn shape() -> Shape {
        Shape::Bool
    }
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Field for i64 {
    fn read(value: &Value) -> Result<Self, Misfit> {
        value.as_i64().ok_or_else(|| Self::misfit(value))
    }
    fn shape() -> Shape {
        Shape::INTEGER
    }
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Field for u64 {
    fn read(value: &Value) -> Result<Self, Misfit> {
        value.as_u64().ok_or_else(|| Self::misfit(value))
    }
    fn shape() -> Shape {
        Shape::from(0)
    }
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

/// A whole number of any size that JSON is read with.
impl Field for i128 {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let number = value.as_i64().map(Self::from).or_else(|| value.as_u64().map(Self::from));
        number.ok_or_else(|| Self::misfit(value))
    }
    fn shape() -> Shape {
        Shape::INTEGER
    }
    fn write(&self) -> Value {
        Number::from_i128(*self).map_or(Value::Null, Value::Number)
    }
}

impl Field for NonZeroU64 {
    fn read(value: &Value) -> Result<Self, Misfit> {
        value.as_u64().and_then(Self::new).ok_or_else(|| Self::misfit(value))
    }
    fn shape() -> Shape {
        Shape::from(1)
    }
    fn write(&self) -> Value {
        Value::from(self.get())
    }
}

impl Field for f64 {
    fn read(value: &Value) -> Result<Self, Misfit> {
        value.as_f64().ok_or_else(|| Self::misfit(value))
    }
    fn shape() -> Shape {
        Shape::Number
    }
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Field for String {
    fn read(value: &Value) -> Result<Self, Misfit> {
        value.as_str().map(str::to_owned).ok_or_else(|| Self::misfit(value))
    }
    fn take(value: Value) -> Result<Self, Misfit> {
        if let Value::String(text) = value { Ok(text) } else { Self::read(&value) }
    }
    fn shape() -> Shape {
        Shape::Text
    }
    fn write(&self) -> Value {
        Value::from(self.as_str())
    }
}

/// Null only: what a call answers that has nothing to tell.
impl Field for () {
    fn read(value: &Value) -> Result<Self, Misfit> {
        if value.is_null() { Ok(()) } else { Err(Self::misfit(value)) }
    }
    fn shape() -> Shape {
        Shape::Null
    }
    fn write(&self) -> Value {
        Value::Null
    }
}

/// Any JSON value at all.
impl Field for Value {
    fn read(value: &Value) -> Result<Self, Misfit> {
        Ok(value.clone())
    }
    fn shape() -> Shape {
        Shape::Any
    }
    fn write(&self) -> Value {
        self.clone()
    }
}

impl Field for Params {
    fn read(value: &Value) -> Result<Self, Misfit> {
        value.as_object().cloned().ok_or_else(|| Self::misfit(value))
    }
    fn take(value: Value) -> Result<Self, Misfit> {
        if let Value::Object(params) = value { Ok(params) } else { Self::read(&value) }
    }
    fn shape() -> Shape {
        Shape::map(Shape::Any)
    }
    fn write(&self) -> Value {
        Value::Object(self.clone())
    }
}

impl<T: Field> Field for Option<T> {
    fn read(value: &Value) -> Result<Self, Misfit> {
        if value.is_null() { Ok(None) } else { T::read(value).map(Some) }
    }
    fn take(value: Value) -> Result<Self, Misfit> {
        if value.is_null() { Ok(None) } else { T::take(value).map(Some) }
    }
    fn shape() -> Shape {
        Shape::Optional(Box::new(T::shape()))
    }
    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, Field::write)
    }
    fn missing() -> Option<Self> {
        Some(None)
    }
}

impl<T: Field> Field for Arc<T> {
    fn read(value: &Value) -> Result<Self, Misfit> {
        T::read(value).map(Arc::new)
    }
    fn shape() -> Shape {
        T::shape()
    }
    fn write(&self) -> Value {
        (**self).write()
    }
    fn write_differing(&self, other: &Self) -> (Value, Value) {
        (**self).write_differing(other)
    }
}

impl<T: Field> Field for Vec<T> {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let items = value.as_array().ok_or_else(|| Self::misfit(value))?;
        let read = |(index, item)| T::read(item).map_err(|misfit| misfit.within(&format!("[{index}]")));
        items.iter().enumerate().map(read).collect()
    }
    fn take(value: Value) -> Result<Self, Misfit> {
        let Value::Array(items) = value else { return Self::read(&value) };
        let take = |(index, item)| T::take(item).map_err(|misfit| misfit.within(&format!("[{index}]")));
        items.into_iter().enumerate().map(take).collect()
    }
    fn shape() -> Shape {
        Shape::list(T::shape())
    }
    fn write(&self) -> Value {
        self.iter().map(Field::write).collect()
    }
}

/// A list whose order and repetitions mean nothing.
impl<T: Field + Ord> Field for BTreeSet<T> {
    fn read(value: &Value) -> Result<Self, Misfit> {
        Vec::<T>::read(value).map(|items| items.into_iter().collect())
    }
    fn shape() -> Shape {
        Shape::Set(Box::new(T::shape()))
    }
    fn write(&self) -> Value {
        self.iter().map(Field::write).collect()
    }
}

/// An object whose keys are texts of a type.
impl<K: Field + Eq + Hash, T: Field> Field for IndexMap<K, T> {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let members = value.as_object().ok_or_else(|| Self::misfit(value))?;
        let read = |(key, item): (&String, &Value)| {
            let read = K::read(&Value::from(key.as_str())).and_then(|key| Ok((key, T::read(item)?)));
            read.map_err(|misfit| misfit.within(key))
        };
        members.iter().map(read).collect()
    }
    fn shape() -> Shape {
        Shape::Map { keys: Box::new(K::shape()), values: Box::new(T::shape()) }
    }
    fn write(&self) -> Value {
        let member = |(key, item): (&K, &T)| match key.write() {
            Value::String(key) => Some((key, item.write())),
            _ => None,
        };
        Value::Object(self.iter().filter_map(member).collect())
    }
}

impl<T: Field> Field for BTreeMap<String, T> {
    fn read(value: &Value) -> Result<Self, Misfit> {
        IndexMap::<String, T>::read(value).map(|members| members.into_iter().collect())
    }
    fn shape() -> Shape {
        Shape::map(T::shape())
    }
    fn write(&self) -> Value {
        Value::Object(self.iter().map(|(key, item)| (key.clone(), item.write())).collect())
    }
}

macro_rules! tuples {
    ($($count:literal: $($item:ident $index:tt),+;)+) => { $(
        /// A list of exactly so many items.
        impl<$($item: Field),+> Field for ($($item,)+) {
            fn read(value: &Value) -> Result<Self, Misfit> {
                let items = value.as_array().filter(|items| items.len() == $count).ok_or_else(|| Self::misfit(value))?;
                Ok(($($item::read(&items[$index]).map_err(|misfit| misfit.within(&format!("[{}]", $index)))?,)+))
            }
            fn shape() -> Shape {
                Shape::Tuple(vec![$($item::shape()),+])
            }
            fn write(&self) -> Value {
                Value::Array(vec![$(self.$index.write()),+])
            }
        }
    )+ };
}
tuples! {
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    7: A 0, B 1, C 2, D 3, E 4, F 5, G 6;
}

/// Makes an enum of fixed words: what the field takes is named in its misfit.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ } $(default $default:ident)?) => {
        $(impl Default for $name {
            fn default() -> Self {
                Self::$default
            }
        })?

        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// All of them, in order of definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the word on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::field::Field for $name {
            fn read(value: &serde_json::Value) -> Result<Self, $crate::field::Misfit> {
                match value.as_str() {
                    $(Some($word) => Ok(Self::$variant),)+
                    _ => Err(Self::misfit(value)),
                }
            }
            fn shape() -> $crate::shape::Shape {
                $crate::shape::Shape::Words(vec![$($word),+])
            }
            fn write(&self) -> serde_json::Value {
                serde_json::Value::from(self.as_str())
            }
        }
    };
}

/// Makes a struct of an object that has exactly these members.
macro_rules! record {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$doc:meta])* pub $field:ident : $type:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name { $($(#[$doc])* pub $field: $type,)+ }

        impl $crate::field::Field for $name {
            fn read(value: &serde_json::Value) -> Result<Self, $crate::field::Misfit> {
                let names = [$(stringify!($field)),+];
                let known = |members: &&$crate::field::Params| members.keys().all(|key| names.contains(&key.as_str()));
                let members = value.as_object().filter(known).ok_or_else(|| Self::misfit(value))?;
                Ok(Self { $($field: $crate::field::member(members, stringify!($field))?,)+ })
            }
            fn shape() -> $crate::shape::Shape {
                $crate::shape::Shape::Record(vec![$($crate::shape::Parameter::required(
                    stringify!($field), <$type as $crate::field::Field>::shape(),
                )),+])
            }
            fn write(&self) -> serde_json::Value {
                let members = [$((stringify!($field), $crate::field::Field::write(&self.$field))),+];
                members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            }
        }
    };
}
pub(crate) use record;
