//! What opcodes return, where several units or the reference give it a form.

use serde_json::Value;

use crate::field::{Field, Misfit};
use crate::jobs::Submission;
use crate::op::NonEmpty;
use crate::shape::Shape;

crate::field::record! {
    /// What became of several new instances.
    pub struct MultiAllocated {
        /// The jobs that make them, in order.
        pub jobs: Vec<Submission>,
        /// Those that a place was found for.
        pub allocatable: Vec<NonEmpty>,
        /// Those that no place was found for.
        pub failed: Vec<NonEmpty>,
    }
}

crate::field::record! {
    /// The answer to a query.
    pub struct QueryResponse {
        /// What was asked for.
        pub fields: Vec<QueryField>,
        /// A row for each object, a value for each field.
        pub data: Vec<Vec<(QueryStatus, Value)>>,
    }
}

crate::field::record! {
    /// The fields that there are.
    pub struct QueryFieldsResponse {
        /// They.
        pub fields: Vec<QueryField>,
    }
}

crate::field::record! {
    /// A field of a query.
    pub struct QueryField {
        /// Its name.
        pub name: NonEmpty,
        /// The head of its column.
        pub title: NonEmpty,
        /// What its values are.
        pub kind: QueryKind,
        /// What it tells.
        pub doc: NonEmpty,
    }
}

crate::words! {
    /// What the values of a field are.
    pub enum QueryKind {
        /// True or false.
        Bool = "bool",
        /// A number with a fraction.
        Float = "float",
        /// A whole number.
        Number = "number",
        /// Anything else.
        Other = "other",
        /// A text.
        Text = "text",
        /// Seconds since 1970.
        Timestamp = "timestamp",
        /// An amount, in MiB.
        Unit = "unit",
        /// Nobody knows: there is no such field.
        Unknown = "unknown",
    }
}

/// Whether a field has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryStatus {
    /// It has.
    Normal,
    /// There is no such field.
    Unknown,
    /// It could not be found out.
    NoData,
    /// The object has none.
    Unavailable,
    /// The node is offline.
    Offline,
}

impl QueryStatus {
    /// All of them, by their numbers on the wire.
    pub const ALL: [Self; 5] = [Self::Normal, Self::Unknown, Self::NoData, Self::Unavailable, Self::Offline];
}

impl Field for QueryStatus {
    fn read(value: &Value) -> Result<Self, Misfit> {
        // Numbers are compared by value, and true is one: so the reference takes them.
        let number = value.as_f64().or_else(|| value.as_bool().map(|it| f64::from(u8::from(it))));
        let found = Self::ALL.into_iter().find(|status| number == Some(f64::from(*status as u8)));
        found.ok_or_else(|| Self::misfit(value))
    }
    fn shape() -> Shape {
        Shape::Numbers((0..).take(Self::ALL.len()).collect())
    }
    fn write(&self) -> Value {
        Value::from(*self as u8)
    }
}
