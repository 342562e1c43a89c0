//! Texts that are checked, and numbers within limits.

use serde_json::Value;

use crate::field::{Field, Misfit};
use crate::net;
use crate::op::IntoArg;
use crate::shape::Shape;

/// A text that is not empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NonEmpty(pub(crate) String);

impl std::ops::Deref for NonEmpty {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for NonEmpty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Field for NonEmpty {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let text = value.as_str().filter(|text| !text.is_empty());
        text.map(|text| Self(text.to_owned())).ok_or_else(|| Self::misfit(value))
    }
    fn shape() -> Shape {
        Shape::NonEmpty
    }
    fn write(&self) -> Value {
        Value::from(self.0.as_str())
    }
}

/// The index of a disk: an instance has sixteen at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DiskIndex(pub u64);

impl DiskIndex {
    /// The greatest index.
    pub const MAX: Self = Self(15);
}

impl Field for DiskIndex {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let index = value.as_u64().map(Self).filter(|index| *index <= Self::MAX);
        index.ok_or_else(|| Misfit::new("the index of a disk, from 0 to 15", value))
    }
    fn shape() -> Shape {
        Shape::Integer { min: Some(0), max: Some(15) }
    }
    fn write(&self) -> Value {
        Value::from(self.0)
    }
}

macro_rules! checked_text {
    ($($(#[$meta:meta])* $name:ident: $noun:literal, $example:literal, $check:expr;)+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub(crate) String);

        impl std::ops::Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl Field for $name {
            fn read(value: &Value) -> Result<Self, Misfit> {
                let check: fn(&str) -> bool = $check;
                let text = value.as_str().filter(|text| check(text));
                text.map(|text| Self(text.to_owned())).ok_or_else(|| Self::misfit(value))
            }
            fn shape() -> Shape {
                Shape::Formatted { noun: $noun, example: $example }
            }
            fn write(&self) -> Value {
                Value::from(self.0.as_str())
            }
        }

        impl IntoArg<$name> for &str {
            fn into_arg(self) -> $name {
                $name(self.to_owned())
            }
        }
    )+ };
}
checked_text! {
    /// An IPv4 address.
    Ipv4: "an IPv4 address", "192.0.2.1", |text| net::ipv4(text).is_ok();
    /// An IPv6 address.
    Ipv6: "an IPv6 address", "2001:db8::1", |text| net::ipv6(text).is_ok();
    /// An IPv4 network, without host bits.
    Ipv4Network: "an IPv4 network such as 192.0.2.0/24, without host bits", "192.0.2.0/24",
        |text| net::Ipv4Network::parse(text).is_ok();
    /// An IPv6 network, without host bits.
    Ipv6Network: "an IPv6 network such as 2001:db8::/64, without host bits", "2001:db8::/64",
        |text| net::Ipv6Network::parse(text).is_ok();
}
