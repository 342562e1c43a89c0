//! Who could become the master: kept as the real system keeps it, whenever a node's role changes.

use std::collections::BTreeSet;

use cmdlib::ids::NodeId;
use cmdlib::objects::Node;
use serde_json::json;

use super::MockConfig;
use super::lines::Line;

/// Tells whether a node could be a candidate now.
fn able(node: &Node) -> bool {
    node.master_capable && !node.offline && !node.drained
}

impl MockConfig {
    fn candidates(&self) -> i64 {
        self.state.nodes.values().filter(|node| node.master_candidate).count() as i64
    }

    /// Tells whether a new node becomes a candidate.
    pub(super) fn wants_candidates(&self) -> bool {
        self.candidates() < self.state.cluster.candidate_pool_size
    }

    /// Fills the pool of candidates with the first nodes that could be, and gives all candidates a certificate.
    pub(super) fn settle_roles(&mut self, line: Line) {
        let missing = (self.state.cluster.candidate_pool_size - self.candidates()).max(0) as usize;
        let spare = self.state.nodes.iter().filter(|(_, node)| able(node) && !node.master_candidate);
        let promoted: Vec<NodeId> = spare.map(|(id, _)| id.clone()).take(missing).collect();
        for id in &promoted {
            self.put(id, line, |node| node.master_candidate = true);
        }
        self.settle_certificates();
    }

    /// Makes the pool as small as the test has made it, rather than filling it again.
    pub(super) fn shrink_pool(&mut self) {
        let left = self.candidates();
        let could_be = self.state.nodes.values().filter(|node| able(node)).count() as i64;
        if left < self.state.cluster.candidate_pool_size.min(could_be) {
            self.change(|draft| draft.update_cluster(|it| it.candidate_pool_size = left));
        }
        self.settle_certificates();
    }

    fn settle_certificates(&mut self) {
        let wanted: BTreeSet<String> =
            self.state.nodes.iter().filter(|(_, node)| node.master_candidate).map(|(id, _)| id.to_string()).collect();
        let have: BTreeSet<String> = self.state.cluster.candidate_certs.keys().cloned().collect();
        if wanted == have {
            return;
        }
        self.change(|draft| {
            draft.update_cluster(|cluster| {
                cluster.candidate_certs.retain(|id, _| wanted.contains(id));
                for id in wanted {
                    let digest = certificate(&id);
                    cluster.candidate_certs.entry(id).or_insert(digest);
                }
            })
        });
    }

    /// Returns a node that no job has touched: in service, a candidate if the pool has room.
    pub(super) fn new_node(&self, id: &str, name: &str, addresses: (&str, &str)) -> Node {
        let group = self.state.nodegroups.ids().next().map(ToString::to_string);
        super::made(&json!({
            "uuid": id, "name": name, "primary_ip": addresses.0, "secondary_ip": addresses.1,
            "master_candidate": self.wants_candidates(), "offline": false, "drained": false, "group": group,
            "master_capable": true, "vm_capable": true, "powered": true, "ndparams": {}, "tags": [],
            "serial_no": 1, "ctime": self.time(), "mtime": self.time(),
        }))
    }
}

/// Returns the digest of a candidate's certificate: the number of its node.
fn certificate(id: &str) -> String {
    format!("certificate-{}", id.get(id.len().saturating_sub(4)..).unwrap_or(id))
}
