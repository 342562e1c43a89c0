//! Whether parameters are known, of their types, and go together.

use super::{FindingKind, Judge};
use crate::field::Params;
use crate::params::{Table, check_nic, enforce, fill, tables, upgrade_be};

impl Judge<'_> {
    pub(super) fn backend_parameters(&mut self, owner: &str, own: &Params) {
        let mut own = own.clone();
        upgrade_be(&mut own);
        self.typed(FindingKind::BackendParameters, owner, own, &tables::BACKEND);
    }

    pub(super) fn node_parameters(&mut self, owner: &str, own: &Params) {
        self.typed(FindingKind::NodeParameters, owner, own.clone(), &tables::NODE);
    }

    /// Judges what a network interface adds to the cluster's parameters, which are judged by themselves.
    pub(super) fn nic_parameters(&mut self, owner: &str, own: &Params) {
        if !self.typed(FindingKind::NicParameters, owner, own.clone(), &tables::NIC) {
            return;
        }
        if let Err(problem) = check_nic(&fill(&self.nic_defaults, own)) {
            self.find(FindingKind::NicMode, format!("{owner}: {problem}"));
        }
    }

    /// Judges the types, and tells whether they are right.
    pub(super) fn typed(&mut self, kind: FindingKind, owner: &str, mut own: Params, table: &Table) -> bool {
        let judged = enforce(&mut own, table);
        if let Err(problem) = &judged {
            self.find(kind, format!("{owner}: {problem}"));
        }
        judged.is_ok()
    }
}
