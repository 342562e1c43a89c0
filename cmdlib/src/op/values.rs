//! Types of parameters that say more than text or number.

use serde_json::Value;

use crate::field::{Field, Misfit};
use crate::net;
use crate::shape::Shape;

crate::words! {
    /// What can carry tags.
    pub enum TagKind {
        /// The cluster.
        Cluster = "cluster",
        /// An instance.
        Instance = "instance",
        /// A network.
        Network = "network",
        /// A node.
        Node = "node",
        /// A node group.
        NodeGroup = "nodegroup",
    }
}

crate::words! {
    /// How an instance is rebooted.
    pub enum RebootType {
        /// Stopped with its disks, and started again.
        Full = "full",
        /// Reset by its hypervisor.
        Hard = "hard",
        /// Asked to reboot.
        Soft = "soft",
    }
}

crate::words! {
    /// How a running instance is moved.
    pub enum MigrationMode {
        /// While it runs.
        Live = "live",
        /// Stopped for the while.
        NonLive = "non-live",
    }
}

crate::words! {
    /// Which side of a mirror is replaced.
    pub enum ReplaceMode {
        /// The one that is broken.
        Auto = "replace_auto",
        /// The secondary moves to another node.
        NewSecondary = "replace_new_secondary",
        /// The primary, on its node.
        OnPrimary = "replace_on_primary",
        /// The secondary, on its node.
        OnSecondary = "replace_on_secondary",
    }
}

crate::words! {
    /// Which instances leave a node.
    pub enum EvacuationMode {
        /// All of them.
        All = "all",
        /// Those that run there.
        Primary = "primary-only",
        /// Those that are mirrored there.
        Secondary = "secondary-only",
    }
}

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

/// What an opcode's constructor takes for a parameter of type `T`: a `T`, or a text or list of texts that becomes one.
///
/// What is made from a text is checked when the opcode is read, as everything is.
pub trait IntoArg<T> {
    /// Returns the parameter.
    fn into_arg(self) -> T;
}

impl<T> IntoArg<T> for T {
    fn into_arg(self) -> T {
        self
    }
}
impl IntoArg<String> for &str {
    fn into_arg(self) -> String {
        self.to_owned()
    }
}
impl IntoArg<NonEmpty> for &str {
    fn into_arg(self) -> NonEmpty {
        NonEmpty(self.to_owned())
    }
}
impl IntoArg<NonEmpty> for &String {
    fn into_arg(self) -> NonEmpty {
        NonEmpty(self.clone())
    }
}
impl IntoArg<Option<String>> for &str {
    fn into_arg(self) -> Option<String> {
        Some(self.to_owned())
    }
}
impl<T, const N: usize> IntoArg<Vec<T>> for [&str; N]
where
    for<'a> &'a str: IntoArg<T>,
{
    fn into_arg(self) -> Vec<T> {
        self.into_iter().map(IntoArg::into_arg).collect()
    }
}

impl From<&str> for NonEmpty {
    fn from(text: &str) -> Self {
        text.into_arg()
    }
}
