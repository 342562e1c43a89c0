//! The table of calls beside that of the reference, where the facts about it are at hand.

use std::collections::{BTreeMap, BTreeSet};

use cmdlib::rpc;
use serde_json::Value;

use crate::facts;

/// The calls of the reference, by name.
pub(super) fn reference() -> Option<BTreeMap<String, Value>> {
    let facts = facts("rpc.json")?;
    let families = facts["families"].as_object().unwrap().values();
    let calls = families.flat_map(|family| family.as_array().unwrap());
    Some(calls.map(|call| (call["name"].as_str().unwrap().to_owned(), call.clone())).collect())
}

#[test]
fn every_call_of_the_reference_is_in_the_table_and_no_other() {
    let Some(reference) = reference() else { return };
    let ours: BTreeSet<&str> = rpc::names().collect();
    assert_eq!(ours, reference.keys().map(String::as_str).collect());
    assert_eq!(rpc::names().count(), ours.len());
}

#[test]
fn there_are_as_many_calls_as_in_the_reference() {
    assert_eq!(rpc::names().count(), 108);
}
