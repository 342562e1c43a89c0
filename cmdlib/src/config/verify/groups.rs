//! The node groups.

use super::{FindingKind, Judge};
use crate::ids::NetworkId;

impl Judge<'_> {
    pub(super) fn groups(&mut self) {
        let data = self.data;
        self.filing(&data.nodegroups);
        for group in data.nodegroups.values() {
            let name = &group.name;
            if looks_like_uuid(name) {
                let text = format!("group '{name}' has a name that looks like a uuid");
                self.find(FindingKind::GroupNameLikeUuid, text);
            }
            self.node_parameters(|| format!("group '{name}'"), &group.ndparams);
            self.policy(&format!("group '{name}'"), &group.ipolicy);
            for network in group.networks.keys() {
                if data.networks.get(&NetworkId::new(network.as_str())).is_none() {
                    let text =
                        format!("group '{name}' is connected to network {network}, which is not in the configuration");
                    self.find(FindingKind::NetworkOfGroupGone, text);
                }
            }
        }
    }
}

/// Tells whether a name could be taken for a uuid, by which groups can be given too.
fn looks_like_uuid(name: &str) -> bool {
    let part = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts: Vec<&str> = name.split('-').collect();
    parts.len() == 5 && parts.iter().zip([8, 4, 4, 4, 12]).all(|(it, length)| part(it, length))
}
