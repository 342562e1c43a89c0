//! Instance policies, filled from cluster and defaults.

use cmdlib::config::Snapshot;
use cmdlib::objects::NodeGroup;
use serde_json::{Value, json};

use super::documents::changed;

fn cluster_policy(stored: Value) -> Value {
    changed(|document| document["cluster"]["ipolicy"] = stored).cluster_ipolicy().into()
}

fn group_policy(own: Value) -> Value {
    let data: Snapshot = changed(|document| document["nodegroups"]["group-rack-b"]["ipolicy"] = own);
    data.group_ipolicy(&data.get::<NodeGroup>(&"group-rack-b".into()).unwrap()).into()
}

#[test]
fn a_cluster_without_policy_has_the_defaults() {
    let filled = cluster_policy(json!({}));
    assert_eq!(filled["minmax"][0]["max"]["memory-size"], 32768);
    assert_eq!(filled["std"]["disk-size"], 1024);
    assert_eq!((&filled["vcpu-ratio"], &filled["spindle-ratio"]), (&json!(4.0), &json!(32.0)));
}

#[test]
fn an_entry_of_the_cluster_beats_the_default() {
    assert_eq!(cluster_policy(json!({"vcpu-ratio": 1.5}))["vcpu-ratio"], 1.5);
}

#[test]
fn the_standard_of_the_cluster_is_filled_key_by_key() {
    let filled = cluster_policy(json!({"std": {"cpu-count": 3}}));
    assert_eq!((&filled["std"]["cpu-count"], &filled["std"]["memory-size"]), (&json!(3), &json!(128)));
}

#[test]
fn the_ranges_are_taken_whole() {
    assert_eq!(cluster_policy(json!({"minmax": [{"min": {}}]}))["minmax"], json!([{"min": {}}]));
    assert_eq!(group_policy(json!({"minmax": []}))["minmax"], json!([]));
}

#[test]
fn a_group_takes_what_it_does_not_set_from_the_cluster() {
    let filled = group_policy(json!({"vcpu-ratio": 2.5}));
    assert_eq!((&filled["vcpu-ratio"], &filled["spindle-ratio"]), (&json!(2.5), &json!(32.0)));
    assert_eq!(filled["minmax"][0]["max"]["cpu-count"], 8);
}

#[test]
fn a_standard_of_a_group_is_filled_key_by_key() {
    let filled = group_policy(json!({"std": {"cpu-count": 2}}));
    assert_eq!((&filled["std"]["cpu-count"], &filled["std"]["memory-size"]), (&json!(2), &json!(128)));
}

#[test]
fn templates_that_are_not_enabled_are_not_allowed() {
    let allowed = json!({"disk-templates": ["rbd", "plain", "file", "drbd"]});
    assert_eq!(cluster_policy(allowed.clone())["disk-templates"], json!(["plain", "drbd"]));
    assert_eq!(group_policy(allowed)["disk-templates"], json!(["plain", "drbd"]));
}

#[test]
fn a_cluster_that_names_no_enabled_template_cuts_none() {
    let data = changed(|document| {
        document["cluster"]["enabled_disk_templates"] = json!([]);
        document["cluster"]["ipolicy"]["disk-templates"] = json!(["rbd"]);
    });
    assert_eq!(data.cluster_ipolicy()["disk-templates"], json!(["rbd"]));
}

#[test]
fn an_entry_of_another_form_is_left_for_verify_to_find() {
    assert_eq!(cluster_policy(json!({"std": 7}))["std"], 7);
    assert_eq!(group_policy(json!({"disk-templates": "plain"}))["disk-templates"], "plain");
}
