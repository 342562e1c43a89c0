//! Parameters, tags and policies: what all kinds of objects have alike.

use cmdlib::field::Params;
use cmdlib::params::{DiskTemplate, Hypervisor, Table, tables, validate_tag};
use serde_json::Value;

use super::mistake::{mistake, typed, unknown};

/// The entries of an instance policy.
const POLICY: [&str; 5] = ["disk-templates", "minmax", "spindle-ratio", "std", "vcpu-ratio"];

/// Returns the value of a parameter that a single object may have.
#[track_caller]
pub(super) fn own_parameter(of: &str, table: &Table, key: &str, value: impl Into<Value>, whose: &str) -> Value {
    if table.globals().contains(&key) {
        mistake(format!("{of} '{key}' can be set for {whose} only"));
    }
    typed(of, table, key, value)
}

/// Returns a tag that the real system takes.
#[track_caller]
pub(super) fn valid_tag(tag: &str) -> String {
    match validate_tag(tag) {
        Ok(()) => tag.to_owned(),
        Err(why) => mistake(why),
    }
}

/// Returns the disk template of this name.
#[track_caller]
pub(super) fn template(name: &str) -> DiskTemplate {
    match DiskTemplate::parse(name) {
        Some(template) => template,
        None => mistake(unknown("disk template", name, &DiskTemplate::ALL.map(DiskTemplate::as_str))),
    }
}

/// Returns the hypervisor of this name.
#[track_caller]
pub(super) fn hypervisor(name: &str) -> Hypervisor {
    match Hypervisor::parse(name) {
        Some(hypervisor) => hypervisor,
        None => mistake(unknown("hypervisor", name, &Hypervisor::ALL.map(Hypervisor::as_str))),
    }
}

/// Checks that a policy has such an entry.
#[track_caller]
pub(super) fn policy_entry(key: &str) {
    if !POLICY.contains(&key) {
        mistake(unknown("policy entry", key, &POLICY));
    }
}

/// Returns the limits of a filled policy with one of them set. Only the first pair of limits is changed.
#[track_caller]
pub(super) fn limits(policy: &Params, end: &str, key: &str, value: u64) -> Value {
    let keys = tables::INSTANCE_SPECS.names();
    if !keys.contains(&key) {
        mistake(unknown("instance specification", key, &keys));
    }
    let mut limits = policy.get("minmax").cloned().unwrap_or_default();
    match limits.pointer_mut(&format!("/0/{end}")).and_then(Value::as_object_mut) {
        Some(limit) => drop(limit.insert(key.to_owned(), value.into())),
        None => mistake("the policy has no limits that could be changed"),
    }
    limits
}
