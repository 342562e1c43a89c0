//! Whether parameters are known, of their types, and go together.

use serde_json::Value;

use super::{FindingKind, Judge};
use crate::field::Params;
use crate::params::{Kind, Table, check_nic, enforce, fill, tables, upgrade_be};

// Owners are given as functions: of 100,000 instances hardly one has a finding, so hardly one needs its name.
impl Judge<'_> {
    pub(super) fn backend_parameters(&mut self, owner: impl Fn() -> String, own: &Params) {
        if own.contains_key("memory") {
            let mut upgraded = own.clone();
            upgrade_be(&mut upgraded);
            self.typed(FindingKind::BackendParameters, owner, &upgraded, &tables::BACKEND);
        } else {
            self.typed(FindingKind::BackendParameters, owner, own, &tables::BACKEND);
        }
    }

    pub(super) fn node_parameters(&mut self, owner: impl Fn() -> String, own: &Params) {
        self.typed(FindingKind::NodeParameters, owner, own, &tables::NODE);
    }

    /// Judges what a network interface adds to the cluster's parameters, which are judged by themselves.
    pub(super) fn nic_parameters(&mut self, owner: impl Fn() -> String, own: &Params) {
        if own.is_empty() || !self.typed(FindingKind::NicParameters, &owner, own, &tables::NIC) {
            return;
        }
        if let Err(problem) = check_nic(&fill(&self.nic_defaults, own)) {
            self.find(FindingKind::NicMode, format!("{}: {problem}", owner()));
        }
    }

    /// Judges the types, and tells whether they are right.
    pub(super) fn typed(&mut self, kind: FindingKind, owner: impl Fn() -> String, own: &Params, table: &Table) -> bool {
        if own.iter().all(|(name, value)| table.get(name).is_some_and(|row| has_kind(value, row.kind))) {
            return true;
        }
        let judged = enforce(&mut own.clone(), table);
        if let Err(problem) = &judged {
            self.find(kind, format!("{}: {problem}", owner()));
        }
        judged.is_ok()
    }
}

/// Tells whether a value is of a type as it is, as nearly all stored ones are: then nothing needs to be converted.
fn has_kind(value: &Value, kind: Kind) -> bool {
    match kind {
        Kind::String | Kind::MaybeString => value.is_string(),
        Kind::Bool => value.is_boolean(),
        Kind::Size => value.is_u64(),
        Kind::Int => value.is_i64(),
        Kind::Float => value.is_f64(),
    }
}
