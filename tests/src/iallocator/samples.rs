//! The document against a real one: the sample that the reference's own class made, if it lies beside the workspace.

use std::collections::BTreeSet;
use std::path::Path;

use cmdlib::iallocator::ChangeGroup;
use serde_json::{Value, json};
use testlib::{GiB, LuTest, clusters};

use super::{ask, change_group};

fn sample(name: &str) -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/ganeti/iallocator").join(name);
    let text = std::fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).expect("samples are JSON"))
}

/// Returns our document about a cluster with something of all that the sample's cluster has.
fn ours() -> Value {
    let mut t = LuTest::with(clusters::two_groups());
    t.config().network("net1");
    t.config().group("rack-b").connected("net1", "bridged", "br1").tag("rack:2");
    t.config().tag("site:a").node("node2").tag("power:a");
    t.config().node("node4").offline();
    t.config().instance("plain1").on("node2").plain(GiB(1)).tag("owner:a").nic(|nic| nic.ip("192.0.2.77"));
    t.config().instance("plain1").disk(0, |disk| disk.spindles = Some(2));
    let request = change_group(&mut t, &["web1"], &["rack-b"]);
    t.iallocator().on::<ChangeGroup>().moves([("web1", "rack-b", "node3")]);
    ask(&mut t, request).succeeded().documents().remove(0)
}

/// Puts down each place of a document with the type of what is there. Places in objects whose members users name are one.
fn shape(value: &Value, path: &str, into: &mut BTreeSet<String>) {
    let what = match value {
        Value::Object(members) => {
            let by_name = ["/instances", "/nodes", "/nodegroups"].contains(&path);
            for (key, value) in members {
                shape(value, &format!("{path}/{}", if by_name { "*" } else { key }), into);
            }
            "object"
        }
        Value::Array(items) => {
            items.iter().for_each(|item| shape(item, &format!("{path}[]"), into));
            "list"
        }
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "fraction",
        Value::Number(_) => "whole number",
        Value::String(_) => "text",
    };
    into.insert(format!("{path}: {what}"));
}

fn shape_of(document: &Value) -> BTreeSet<String> {
    let mut shapes = BTreeSet::new();
    shape(document, "", &mut shapes);
    shapes
}

/// Returns the combinations of members that objects of one table have.
fn members_of(document: &Value, table: &str) -> BTreeSet<Vec<String>> {
    let keys = |value: &Value| {
        let keys: BTreeSet<String> = value.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect();
        keys.into_iter().collect()
    };
    document[table].as_object().into_iter().flatten().map(|(_, value)| keys(value)).collect()
}

#[test]
fn a_document_has_the_members_of_a_real_one_with_the_same_types() {
    let Some(theirs) = sample("change-group.request.json") else { return };
    let (ours, theirs) = (shape_of(&ours()), shape_of(&theirs));
    assert_eq!(ours.difference(&theirs).collect::<Vec<_>>(), Vec::<&String>::new(), "only ours has");
    assert_eq!(theirs.difference(&ours).collect::<Vec<_>>(), Vec::<&String>::new(), "ours lacks");
}

#[test]
fn instances_nodes_and_groups_have_all_members_or_those_of_offline_nodes() {
    let Some(theirs) = sample("change-group.request.json") else { return };
    for table in ["instances", "nodes", "nodegroups"] {
        assert_eq!(members_of(&ours(), table), members_of(&theirs, table), "{table}");
    }
}

#[test]
fn the_replies_of_a_real_allocator_are_read() {
    let Some(reply) = sample("change-group.reply.json") else { return };
    // The cluster that the sample speaks of, as far as the reply does.
    let mut t = LuTest::new();
    t.config().group("group1");
    t.config().node("node7");
    t.config().node("node8").group("group1");
    t.config().instance("inst1").on("node8");
    let request = change_group(&mut t, &["inst1"], &["default"]);
    t.iallocator().on::<ChangeGroup>().replies_raw(reply);
    let told = "inst1.example.com to default on node7.example.com, node1.example.com; job of 3";
    ask(&mut t, request).returned(told);
}

#[test]
fn version_and_kind_are_those_of_the_real_one() {
    let ours = ours();
    let wanted = sample("change-group.request.json")
        .unwrap_or_else(|| json!({"version": 2, "request": {"type": "change-group"}}));
    assert_eq!(ours["version"], wanted["version"]);
    assert_eq!(ours["request"]["type"], wanted["request"]["type"]);
}
