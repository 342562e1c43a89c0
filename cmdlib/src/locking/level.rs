//! The levels of locks, in the order in which they are taken. The object types are the levels, so a name of the wrong kind
//! does not compile.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::config::Data;
use crate::ids::{GroupId, NetworkId, NodeId};
use crate::objects::{Instance, Network, Node, NodeGroup};

/// The levels, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The big lock of the whole cluster.
    Cluster,
    /// Instances, by name.
    Instance,
    /// Node groups.
    NodeGroup,
    /// Nodes.
    Node,
    /// Memory and disk space of nodes.
    NodeRes,
    /// Networks.
    Network,
}

impl Level {
    /// The levels below the big lock, in order.
    pub const ALL: [Self; 5] = [Self::Instance, Self::NodeGroup, Self::Node, Self::NodeRes, Self::Network];

    /// Returns the level's name, as the lock daemon knows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cluster => "cluster",
            Self::Instance => "instance",
            Self::NodeGroup => "nodegroup",
            Self::Node => "node",
            Self::NodeRes => "node-res",
            Self::Network => "network",
        }
    }

    /// Returns the keys of all locks that a level has at the moment.
    #[must_use]
    pub fn keys(self, config: &Data) -> BTreeSet<Arc<str>> {
        fn texts<T: AsRef<str>>(keys: impl Iterator<Item = T>) -> BTreeSet<Arc<str>> {
            keys.map(|key| Arc::from(key.as_ref())).collect()
        }
        match self {
            Self::Cluster => texts(["BGL"].into_iter()),
            Self::Instance => texts(config.instances.values().map(|it| it.name.clone())),
            Self::NodeGroup => texts(config.nodegroups.ids()),
            Self::Node | Self::NodeRes => texts(config.nodes.ids()),
            Self::Network => texts(config.networks.ids()),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a lock is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Together with others that share it.
    Shared,
    /// Alone.
    Exclusive,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shared => "shared",
            Self::Exclusive => "exclusive",
        })
    }
}

/// The level of a node's memory and disk space.
#[derive(Debug)]
pub struct NodeRes;

/// A level of locks, as a type.
pub trait LockLevel: 'static {
    /// What its locks are named by.
    type Key: Clone + Ord + fmt::Debug + AsRef<str> + for<'a> From<&'a str>;
    /// The level.
    const LEVEL: Level;
}

impl LockLevel for Instance {
    type Key = String;
    const LEVEL: Level = Level::Instance;
}
impl LockLevel for NodeGroup {
    type Key = GroupId;
    const LEVEL: Level = Level::NodeGroup;
}
impl LockLevel for Node {
    type Key = NodeId;
    const LEVEL: Level = Level::Node;
}
impl LockLevel for NodeRes {
    type Key = NodeId;
    const LEVEL: Level = Level::NodeRes;
}
impl LockLevel for Network {
    type Key = NetworkId;
    const LEVEL: Level = Level::Network;
}

/// A level that is taken after `Below`: what is held of `Below` can be asked for while its locks are chosen.
#[diagnostic::on_unimplemented(
    message = "the locks of `{Below}` are not held yet when those of `{Self}` are chosen",
    label = "levels are taken in the order Instance, NodeGroup, Node, NodeRes, Network"
)]
pub trait After<Below: LockLevel>: LockLevel {}

macro_rules! after {
    ($($later:ident: $($earlier:ident)+;)+) => { $($(impl After<$earlier> for $later {})+)+ };
}
after! {
    NodeGroup: Instance;
    Node: Instance NodeGroup;
    NodeRes: Instance NodeGroup Node;
    Network: Instance NodeGroup Node NodeRes;
}
