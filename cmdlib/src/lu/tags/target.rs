//! What carries tags: the object that three units are about.

use std::collections::BTreeSet;

use crate::config::{Draft, Gone, Snapshot};
use crate::cx::View;
use crate::error::{Failure, Refusal};
use crate::ids::{GroupId, NetworkId, NodeId};
use crate::locking::{Locks, Mode, Want};
use crate::objects::{Instance, Network, Node, NodeGroup};
use crate::op::TagKind;
use crate::params::validate_tag;

/// The object whose tags are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Cluster,
    Instance { name: String },
    Node(NodeId),
    NodeGroup(GroupId),
    Network(NetworkId),
}

impl Target {
    /// Finds the object that a request means.
    pub(super) fn find(kind: TagKind, name: Option<&str>, cx: &View) -> Result<Self, Refusal> {
        let needed = || Refusal::wrong_input(format!("a {kind} is named by its name: give `name`"));
        let name = name.filter(|name| !name.is_empty());
        Ok(match kind {
            TagKind::Cluster => Self::Cluster,
            TagKind::Instance => {
                let id = cx.find::<Instance>(name.ok_or_else(needed)?)?;
                Self::Instance { name: cx.get(&id)?.name.clone() }
            }
            TagKind::Node => Self::Node(cx.find::<Node>(name.ok_or_else(needed)?)?),
            TagKind::NodeGroup => Self::NodeGroup(cx.find::<NodeGroup>(name.ok_or_else(needed)?)?),
            TagKind::Network => Self::Network(cx.find::<Network>(name.ok_or_else(needed)?)?),
        })
    }

    /// Wishes for the object's lock. The cluster has none: its tags are changed by compare-and-write (D07).
    pub(super) fn lock<L: 'static>(&self, mode: Mode) -> Locks<L> {
        let locks = Locks::none();
        match self {
            Self::Cluster => locks,
            Self::Instance { name } => locks.now(mode, Want::<Instance>::these([name.clone()])),
            Self::Node(id) => locks.now(mode, Want::<Node>::these([id.clone()])),
            Self::NodeGroup(id) => locks.now(mode, Want::<NodeGroup>::these([id.clone()])),
            Self::Network(id) => locks.now(mode, Want::<Network>::these([id.clone()])),
        }
    }

    /// Returns the object's tags.
    pub(super) fn tags(&self, config: &Snapshot) -> Result<BTreeSet<String>, Gone> {
        Ok(match self {
            Self::Cluster => config.cluster.tags.clone(),
            Self::Instance { name } => config.named::<Instance>(name)?.tags.clone(),
            Self::Node(id) => config.get(id)?.tags.clone(),
            Self::NodeGroup(id) => config.get(id)?.tags.clone(),
            Self::Network(id) => config.get(id)?.tags.clone(),
        })
    }

    /// Changes the object's tags.
    pub(super) fn change(&self, draft: &mut Draft, change: impl FnOnce(&mut BTreeSet<String>)) -> Result<(), Failure> {
        match self {
            Self::Cluster => drop(draft.update_cluster(|it| change(&mut it.tags))),
            Self::Instance { name } => {
                let id = draft.data().named::<Instance>(name)?.uuid.clone();
                draft.update(&id, |it| change(&mut it.tags))?;
            }
            Self::Node(id) => drop(draft.update(id, |it| change(&mut it.tags))?),
            Self::NodeGroup(id) => drop(draft.update(id, |it| change(&mut it.tags))?),
            Self::Network(id) => drop(draft.update(id, |it| change(&mut it.tags))?),
        }
        Ok(())
    }
}

/// Refuses tags that no object may carry; duplicates are one (D01).
pub(super) fn checked(tags: &[String]) -> Result<BTreeSet<String>, Refusal> {
    tags.iter().try_for_each(|tag| validate_tag(tag)).map_err(Refusal::wrong_input)?;
    Ok(tags.iter().cloned().collect())
}
