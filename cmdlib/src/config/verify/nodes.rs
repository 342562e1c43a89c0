//! The nodes.

use super::{FindingKind, Judge};
use crate::objects::Node;
use crate::params::tables;

impl Judge<'_> {
    pub(super) fn nodes(&mut self) {
        let data = self.data;
        self.filing(&data.nodes);
        let globals = tables::NODE.globals();
        for node in data.nodes.values() {
            self.node_states(node);
            if data.nodegroups.get(&node.group).is_none() {
                let text =
                    format!("node '{}' is in group {}, which is not in the configuration", node.name, node.group);
                self.find(FindingKind::GroupOfNodeGone, text);
            }
            self.node_parameters(|| format!("node '{}'", node.name), &node.ndparams);
            let global: Vec<&str> = globals.iter().copied().filter(|name| node.ndparams.contains_key(*name)).collect();
            if !global.is_empty() {
                let (name, global) = (&node.name, global.join(", "));
                let text = format!("node '{name}' has parameters of its own that are for whole groups: {global}");
                self.find(FindingKind::GlobalNodeParameters, text);
            }
        }
    }

    fn node_states(&mut self, node: &Node) {
        let states =
            [(node.master_candidate, "master candidate"), (node.drained, "drained"), (node.offline, "offline")];
        let states: Vec<&str> = states.into_iter().filter_map(|(is, state)| is.then_some(state)).collect();
        if states.len() > 1 {
            let text = format!("node '{}' is {} at once", node.name, states.join(" and "));
            self.find(FindingKind::NodeStates, text);
        }
    }
}
