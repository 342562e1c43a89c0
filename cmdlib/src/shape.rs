//! What values a type takes, as data: refusals are worded from it, and whoever makes values (listings, generators of tests)
//! walks it instead of knowing every type.

use std::fmt;

use serde_json::{Map, Value, json};

/// What JSON values a type takes.
///
/// ```
/// use cmdlib::op::{OpCode, TagsGet};
/// let kind = &TagsGet::parameters()[0];
/// assert_eq!(kind.name, "kind");
/// assert_eq!(kind.shape.wanted(), "one of cluster, instance, network, node, nodegroup");
/// assert_eq!(kind.shape.example(), "cluster");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// The type does not say: only its reader knows. No parameter of an opcode of this library is of this shape.
    Opaque,
    /// Any value.
    Any,
    /// Null.
    Null,
    /// True or false.
    Bool,
    /// A whole number within limits, both included.
    Integer {
        /// The least.
        min: Option<i64>,
        /// The greatest.
        max: Option<i64>,
    },
    /// Any number.
    Number,
    /// One of these numbers, compared by value.
    Numbers(Vec<i64>),
    /// A text.
    Text,
    /// A text that is not empty.
    NonEmpty,
    /// One of these texts.
    Words(Vec<&'static str>),
    /// A text of a form that its type checks.
    Formatted {
        /// What it is, with its article.
        noun: &'static str,
        /// A text of that form.
        example: &'static str,
    },
    /// A list of any length.
    List(Box<Shape>),
    /// A list whose order and repetitions mean nothing.
    Set(Box<Shape>),
    /// A list of exactly these.
    Tuple(Vec<Shape>),
    /// An object with any members.
    Map {
        /// What its keys are: texts.
        keys: Box<Shape>,
        /// What its values are.
        values: Box<Shape>,
    },
    /// An object with these members and no others.
    Record(Vec<Parameter>),
    /// One of several.
    Either(Vec<Shape>),
    /// It, or null.
    Optional(Box<Shape>),
    /// It, and it must not show.
    Secret(Box<Shape>),
}

/// A member of an object: a parameter of an opcode, for example.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub shape: Shape,
    /// What it is when it is not given; none if it must be.
    pub default: Option<Value>,
}

impl Parameter {
    /// Returns a member that must be given.
    #[must_use]
    pub fn required(name: &'static str, shape: Shape) -> Self {
        Self { name, shape, default: None }
    }

    /// Returns a member that may be missing.
    #[must_use]
    pub fn optional(name: &'static str, shape: Shape, default: Value) -> Self {
        Self { name, shape, default: Some(default) }
    }

    /// Tells whether it must be given.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.default.is_none()
    }
}

impl Shape {
    /// Any whole number.
    pub const INTEGER: Self = Self::Integer { min: None, max: None };

    /// Returns the whole numbers from `min` on.
    #[must_use]
    pub const fn from(min: i64) -> Self {
        Self::Integer { min: Some(min), max: None }
    }

    /// Returns lists of `of`.
    #[must_use]
    pub fn list(of: Self) -> Self {
        Self::List(Box::new(of))
    }

    /// Returns objects with any texts as keys.
    #[must_use]
    pub fn map(values: Self) -> Self {
        Self::Map { keys: Box::new(Self::Text), values: Box::new(values) }
    }

    /// Returns what a refusal says was expected: a noun with its article. It speaks of the value itself; what its items take
    /// is told where an item is refused.
    #[must_use]
    pub fn wanted(&self) -> String {
        match self {
            Self::Opaque | Self::Any => "a value".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::Integer { min: None, max: None } => "a whole number".to_owned(),
            Self::Integer { min: Some(min), max: None } => format!("a whole number from {min} on"),
            Self::Integer { min: None, max: Some(max) } => format!("a whole number up to {max}"),
            Self::Integer { min: Some(min), max: Some(max) } => format!("a whole number from {min} to {max}"),
            Self::Number => "a number".to_owned(),
            Self::Numbers(numbers) => format!("one of {}", joined(numbers, ", ")),
            Self::Text => "a text".to_owned(),
            Self::NonEmpty => "a text that is not empty".to_owned(),
            Self::Words(words) => format!("one of {}", words.join(", ")),
            Self::Formatted { noun, .. } => (*noun).to_owned(),
            Self::List(_) | Self::Set(_) => "a list".to_owned(),
            Self::Tuple(items) => format!("a list of {}", items.len()),
            Self::Map { .. } => "an object".to_owned(),
            Self::Record(members) => {
                let names: Vec<&str> = members.iter().map(|member| member.name).collect();
                format!("an object of {}", names.join(", "))
            }
            Self::Either(shapes) => {
                let wanted: Vec<String> = shapes.iter().map(Self::wanted).collect();
                wanted.join(", or ")
            }
            Self::Optional(of) => format!("{} or null", of.wanted()),
            Self::Secret(of) => of.wanted(),
        }
    }

    /// Returns a value that is taken, and no more than it must be.
    #[must_use]
    pub fn example(&self) -> Value {
        match self {
            Self::Opaque | Self::Any | Self::Null | Self::Optional(_) => Value::Null,
            Self::Bool => json!(false),
            Self::Integer { min, max } => json!(min.unwrap_or(0).max(0).min(max.unwrap_or(i64::MAX))),
            Self::Number => json!(1.5),
            Self::Numbers(numbers) => json!(numbers.first()),
            Self::Text | Self::NonEmpty => json!("a"),
            Self::Words(words) => json!(words.first()),
            Self::Formatted { example, .. } => json!(example),
            Self::List(_) | Self::Set(_) => json!([]),
            Self::Tuple(items) => items.iter().map(Self::example).collect(),
            Self::Map { .. } => Value::Object(Map::new()),
            Self::Record(members) => {
                let needed = members.iter().filter(|member| member.is_required());
                Value::Object(needed.map(|member| (member.name.to_owned(), member.shape.example())).collect())
            }
            Self::Either(shapes) => shapes.first().map_or(Value::Null, Self::example),
            Self::Secret(of) => of.example(),
        }
    }
}

fn joined(items: &[impl fmt::Display], by: &str) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(by)
}

/// Shows a shape in short: `[text]`, `{text: any}`, `0..15`, `live|non-live|null`.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opaque => f.write_str("value"),
            Self::Any => f.write_str("any"),
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("bool"),
            Self::Integer { min: None, max: None } => f.write_str("integer"),
            Self::Integer { min, max } => {
                let shown = |limit: &Option<i64>| limit.map(|limit| limit.to_string()).unwrap_or_default();
                write!(f, "{}..{}", shown(min), shown(max))
            }
            Self::Number => f.write_str("number"),
            Self::Numbers(numbers) => f.write_str(&joined(numbers, "|")),
            Self::Text => f.write_str("text"),
            Self::NonEmpty => f.write_str("non-empty text"),
            Self::Words(words) => f.write_str(&words.join("|")),
            Self::Formatted { noun, .. } => {
                f.write_str(noun.strip_prefix("a ").or_else(|| noun.strip_prefix("an ")).unwrap_or(noun))
            }
            Self::List(of) => write!(f, "[{of}]"),
            Self::Set(of) => write!(f, "set of [{of}]"),
            Self::Tuple(items) => write!(f, "({})", joined(items, ", ")),
            Self::Map { keys, values } => write!(f, "{{{keys}: {values}}}"),
            Self::Record(members) => {
                let member = |it: &Parameter| {
                    let mark = if it.is_required() { "" } else { "?" };
                    format!("{}{mark}: {}", it.name, it.shape)
                };
                write!(f, "{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
            }
            Self::Either(shapes) => f.write_str(&joined(shapes, " or ")),
            Self::Optional(of) => write!(f, "{of}|null"),
            Self::Secret(of) => write!(f, "secret {of}"),
        }
    }
}
