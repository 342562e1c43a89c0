//! The cluster: what is enabled, its parameters, its master and candidates.

use serde_json::Value;

use super::{FindingKind, Judge, reference};
use crate::field::shortened;
use crate::params::DiskTemplate;

/// The ways in which the hypervisor can use disks (ganeti 3.1, constants: `DISK_VALID_ACCESS_MODES`).
const ACCESS_MODES: [&str; 2] = ["kernelspace", "userspace"];

impl Judge<'_> {
    pub(super) fn cluster(&mut self) {
        self.enabled();
        let data = self.data;
        let cluster = || "the cluster".to_owned();
        self.backend_parameters(cluster, &data.cluster_beparams());
        self.nic_parameters(cluster, &data.cluster_nicparams());
        self.node_parameters(cluster, &data.cluster_ndparams());
        self.disk_access();
        self.cluster_policy();
        self.master();
        self.candidates();
    }

    fn enabled(&mut self) {
        let cluster = &self.data.cluster;
        if cluster.enabled_hypervisors.is_empty() {
            self.find(FindingKind::NoHypervisor, "the cluster has no enabled hypervisor".to_owned());
        }
        for hypervisor in &cluster.enabled_hypervisors {
            if !cluster.hvparams.contains_key(hypervisor) {
                let text = format!("hypervisor '{hypervisor}' is enabled, but the cluster has no parameters for it");
                self.find(FindingKind::NoHypervisorParameters, text);
            }
        }
        if cluster.enabled_disk_templates.is_empty() {
            self.find(FindingKind::NoDiskTemplate, "the cluster has no enabled disk template".to_owned());
        }
    }

    fn disk_access(&mut self) {
        let data = self.data;
        for template in DiskTemplate::ALL.into_iter().filter(|template| template.have_access()) {
            let Some(access) = data.cluster.diskparams.get(template.as_str()).and_then(|it| it.get("access")) else {
                continue;
            };
            if !access.as_str().is_some_and(|access| ACCESS_MODES.contains(&access)) {
                let (access, modes) = (shortened(access), ACCESS_MODES.join(" or "));
                let text = format!("disks of template {template} are accessed by {access}, which must be {modes}");
                self.find(FindingKind::DiskAccess, text);
            }
        }
    }

    fn master(&mut self) {
        let master = &self.data.cluster.master_node;
        match self.data.nodes.get(master) {
            None => self.find(FindingKind::MasterNodeGone, format!("the master node is {}", reference(master))),
            Some(node) if !node.master_candidate => {
                self.find(
                    FindingKind::MasterNotCandidate,
                    format!("master node '{}' is no master candidate", node.name),
                );
            }
            Some(_) => {}
        }
    }

    fn candidates(&mut self) {
        let nodes = || self.data.nodes.values();
        let have = nodes().filter(|node| node.master_candidate).count();
        let could = nodes().filter(|node| node.master_capable && !node.offline && !node.drained).count();
        let should = could.min(usize::try_from(self.data.cluster.candidate_pool_size).unwrap_or(0));
        if have < should {
            let text = format!("there are {have} master candidates, but there should be {should}");
            self.find(FindingKind::TooFewCandidates, text);
        }
    }

    fn cluster_policy(&mut self) {
        let data = self.data;
        let stored = &data.cluster.ipolicy;
        self.policy("the cluster", stored);
        // An empty policy is one that was never set: the defaults hold. Any other must have its standard whole, since the
        // configuration daemon reads it without filling.
        if !stored.is_empty() {
            let standard = stored.get("std").unwrap_or(&Value::Null);
            self.standard_is_whole(standard);
            self.standard_fits(standard, data.cluster_ipolicy().get("minmax"));
        }
    }
}
