//! Naming a node.

use std::sync::Arc;

use crate::cx::View;
use crate::error::Refusal;
use crate::ids::NodeId;
use crate::lu::shared::instance::same_id;
use crate::objects::Node;
use crate::op::NonEmpty;

/// A node that a unit is about: found when names were resolved, and to be looked up again with the locks held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedNode {
    /// Its uuid.
    pub id: NodeId,
    /// Its full name.
    pub name: String,
}

impl NamedNode {
    /// Finds the node that a request means.
    ///
    /// # Errors
    /// `unknown_entity`: none, or more than one, is meant. `resource_not_unique`: it is not the one that was expected.
    pub fn find(name: &str, expected: Option<&NonEmpty>, cx: &View) -> Result<Self, Refusal> {
        let found = cx.get(&cx.find::<Node>(name)?).map_err(|gone| gone.called(name))?;
        same_id("node", &found.name, &found.uuid, expected)?;
        Ok(Self { id: found.uuid.clone(), name: found.name.clone() })
    }

    /// Looks the node up again: it may have vanished while a lock was waited for.
    ///
    /// # Errors
    /// `unknown_entity`: it has.
    pub fn again(&self, cx: &View) -> Result<Arc<Node>, Refusal> {
        Ok(cx.get(&self.id).map_err(|gone| gone.called(&self.name))?)
    }
}
