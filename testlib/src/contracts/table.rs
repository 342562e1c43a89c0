//! Which locks a change of the configuration needs, and a call: the one place that says so.

use std::collections::BTreeSet;
use std::fmt;

use cmdlib::config::Snapshot;
use cmdlib::ids::Id;
use cmdlib::locking::{Level, LockName, Mode};
use cmdlib::objects::{Instance, Node};
use cmdlib::rpc::{AnyCall, Needs};

use crate::diff::changed_objects;
use crate::journal::HeldNow;

/// A kind of change of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// An instance comes or goes, or has disks or runs on other nodes than before.
    InstancePlaced,
    /// Anything else of an instance, its disks included. A new name counts as well as the old one.
    Instance,
    /// A node comes or goes.
    NodeAdded,
    /// A node goes from one group to another.
    NodeMoved,
    /// Anything else of a node.
    Node,
    /// A group comes, goes, or is changed.
    Group,
    /// A network comes, goes, or is changed.
    Network,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InstancePlaced => "an instance comes, goes, or gets other nodes",
            Self::Instance => "anything else of an instance or of its disks",
            Self::NodeAdded => "a node comes or goes",
            Self::NodeMoved => "a node goes to another group",
            Self::Node => "anything else of a node",
            Self::Group => "a group comes, goes, or changes",
            Self::Network => "a network comes, goes, or changes",
        })
    }
}

/// The locks that whoever makes a change holds, exclusively: by level those of the object itself, and of what it is on or in,
/// before and after. Whoever holds one of them in any mode knows that nobody else makes that change. Instead of all of them
/// the exclusive big lock will do. The cluster's own object needs none: it is read and written in one step.
///
/// Source: what the units of ganeti 3.1 hold when they make such changes.
pub const CHANGES: [(Change, &[Level]); 7] = [
    (Change::InstancePlaced, &[Level::Instance, Level::Node]),
    (Change::Instance, &[Level::Instance]),
    (Change::NodeAdded, &[Level::Cluster]),
    (Change::NodeMoved, &[Level::Node, Level::NodeGroup]),
    (Change::Node, &[Level::Node]),
    (Change::Group, &[Level::NodeGroup]),
    (Change::Network, &[Level::Network]),
];

/// Returns [`CHANGES`] as a table.
///
/// ```
/// assert_eq!(
///     testlib::contracts::table(),
///     "\
/// an instance comes, goes, or gets other nodes  instance, node
/// anything else of an instance or of its disks  instance
/// a node comes or goes                          cluster
/// a node goes to another group                  node, nodegroup
/// anything else of a node                       node
/// a group comes, goes, or changes               nodegroup
/// a network comes, goes, or changes             network
/// "
/// );
/// ```
#[must_use]
pub fn table() -> String {
    let line = |(change, levels): &(Change, &[Level])| {
        let levels: Vec<&str> = levels.iter().map(|level| level.as_str()).collect();
        format!("{:<45} {}\n", change.to_string(), levels.join(", "))
    };
    CHANGES.iter().map(line).collect()
}

/// The name of the big lock.
const BIG_LOCK: &str = "BGL";

/// A lock, by its level and its key.
pub(crate) type Key = (Level, String);

/// An object that was changed, and the locks that this needs, its own first.
pub(crate) struct Changed {
    pub(crate) table: &'static str,
    pub(crate) id: String,
    pub(crate) locks: Vec<Key>,
}

/// Returns what differs in two states, without what needs no lock.
pub(crate) fn changed(before: &Snapshot, after: &Snapshot) -> Vec<Changed> {
    let of = |(table, id): (&'static str, String)| {
        let subject = Subject::of(table, &id, before, after)?;
        Some(Changed { table, id, locks: subject.locks(before, after) })
    };
    changed_objects(before, after).into_iter().filter_map(of).collect()
}

/// What has locks.
enum Subject {
    Instance(Id<Instance>),
    Node(Id<Node>),
    Other(Level, String),
}

impl Subject {
    fn of(table: &str, id: &str, before: &Snapshot, after: &Snapshot) -> Option<Self> {
        Some(match table {
            "instances" => Self::Instance(id.into()),
            "disks" => Self::Instance(before.owner(&id.into()).or_else(|| after.owner(&id.into()))?.clone()),
            "nodes" => Self::Node(id.into()),
            "nodegroups" => Self::Other(Level::NodeGroup, id.to_owned()),
            "networks" => Self::Other(Level::Network, id.to_owned()),
            _ => return None,
        })
    }

    fn kind(&self, before: &Snapshot, after: &Snapshot) -> Change {
        let same = |level| self.keys(level, before) == self.keys(level, after);
        match self {
            Self::Instance(id) => {
                let stays = before.instances.get(id).is_some() && after.instances.get(id).is_some();
                if stays && same(Level::Node) { Change::Instance } else { Change::InstancePlaced }
            }
            Self::Node(id) if before.nodes.get(id).is_none() || after.nodes.get(id).is_none() => Change::NodeAdded,
            Self::Node(_) if same(Level::NodeGroup) => Change::Node,
            Self::Node(_) => Change::NodeMoved,
            Self::Other(Level::NodeGroup, _) => Change::Group,
            Self::Other(..) => Change::Network,
        }
    }

    /// Returns its keys of a level in a state.
    fn keys(&self, level: Level, state: &Snapshot) -> BTreeSet<String> {
        match (self, level) {
            (_, Level::Cluster) => [BIG_LOCK.to_owned()].into(),
            (Self::Instance(id), _) => {
                let Some(instance) = state.instances.get(id) else { return BTreeSet::new() };
                match level {
                    Level::Node => {
                        state.nodes_of(instance).unwrap_or_default().iter().map(ToString::to_string).collect()
                    }
                    _ => [instance.name.clone()].into(),
                }
            }
            (Self::Node(id), Level::NodeGroup) => {
                state.nodes.get(id).map(|node| node.group.to_string()).into_iter().collect()
            }
            (Self::Node(id), _) => [id.to_string()].into(),
            (Self::Other(_, id), _) => [id.clone()].into(),
        }
    }

    fn locks(&self, before: &Snapshot, after: &Snapshot) -> Vec<Key> {
        let kind = self.kind(before, after);
        let levels = CHANGES.iter().find(|(change, _)| *change == kind).map_or(&[][..], |(_, levels)| levels);
        let of = |level: &Level| {
            let keys: BTreeSet<String> =
                self.keys(*level, before).into_iter().chain(self.keys(*level, after)).collect();
            keys.into_iter().map(|key| (*level, key)).collect::<Vec<_>>()
        };
        levels.iter().flat_map(of).collect()
    }
}

/// Returns the locks of which a call to a node needs one; none if it needs no lock.
pub(crate) fn of_call(call: &dyn AnyCall, node: &str) -> Vec<(Key, Mode)> {
    let instance = || ((Level::Instance, call.instance().unwrap_or_default()), Mode::Exclusive);
    let node_lock = |level, mode| ((level, node.to_owned()), mode);
    match call.needs() {
        Needs::Nothing => Vec::new(),
        Needs::Node => vec![node_lock(Level::Node, Mode::Shared)],
        Needs::Instance => vec![instance()],
        Needs::NodeResOrInstance => vec![instance(), node_lock(Level::NodeRes, Mode::Exclusive)],
        Needs::Cluster => vec![((Level::Cluster, BIG_LOCK.to_owned()), Mode::Exclusive)],
    }
}

/// Returns how a lock is held.
pub(crate) fn mode(held: &HeldNow, (level, key): &Key) -> Option<Mode> {
    let of = |name: LockName| held.get(&(*level, name)).copied();
    of(LockName::All).max(of(LockName::One(key.as_str().into())))
}

/// Tells whether the whole cluster stands still: nobody else can hold anything.
pub(crate) fn alone(held: &HeldNow) -> bool {
    mode(held, &(Level::Cluster, BIG_LOCK.to_owned())) == Some(Mode::Exclusive)
}
