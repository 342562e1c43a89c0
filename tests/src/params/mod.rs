//! Parameters: their tables, their types, and what is checked of them without a node.

mod disk_template;
mod enforce;
mod hypervisor;
mod logical_disk;
mod memory;
mod storage_type;
mod syntax;
mod syntax_kvm;
mod syntax_nic;
mod syntax_xen;
mod tables;
mod tags;

use cmdlib::params::{Hypervisor, Params, check_syntax};
use serde_json::Value;

/// Parameters written as JSON.
#[track_caller]
fn params(json: Value) -> Params {
    match json {
        Value::Object(params) => params,
        other => panic!("parameters are an object, not {other}"),
    }
}

/// The defaults of a hypervisor with these changes pass its check.
#[track_caller]
fn accepts(hypervisor: Hypervisor, changes: Value) {
    let filled = filled(hypervisor, changes);
    assert_eq!(check_syntax(hypervisor.as_str(), &filled), Ok(()));
}

/// The defaults of a hypervisor with these changes are refused, in a text that has all of these parts.
#[track_caller]
fn refuses(hypervisor: Hypervisor, changes: Value, parts: &[&str]) {
    let text = check_syntax(hypervisor.as_str(), &filled(hypervisor, changes)).expect_err("a refusal");
    for part in parts.iter().chain(&[hypervisor.as_str()]) {
        assert!(text.contains(part), "no {part:?} in: {text}");
    }
}

#[track_caller]
fn filled(hypervisor: Hypervisor, changes: Value) -> Params {
    let mut filled = hypervisor.parameters().defaults();
    for (name, value) in params(changes) {
        assert!(filled.insert(name.clone(), value).is_some(), "{hypervisor} has no {name}");
    }
    filled
}
