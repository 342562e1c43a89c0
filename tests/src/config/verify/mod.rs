//! Each rule is broken in a cluster without findings, in exactly one way, and exactly that is found.

mod changed;
mod cluster;
mod finding;
mod objects;
mod policy;
mod unique;

use cmdlib::config::{Finding, FindingKind, Snapshot};
use serde_json::{Value, json};

use super::documents::small;

/// Returns what is found after the document was changed.
#[track_caller]
fn findings(edit: impl FnOnce(&mut Value)) -> Vec<Finding> {
    let mut document = small();
    edit(&mut document);
    Snapshot::read(&document).unwrap().verify()
}

/// Checks that the change of the document is found as one fault of this kind, in these words among others.
#[track_caller]
fn check(kind: FindingKind, words: &[&str], edit: impl FnOnce(&mut Value)) {
    let found = findings(edit);
    assert_eq!(found.iter().map(|it| it.kind).collect::<Vec<_>>(), [kind], "{found:#?}");
    for word in words {
        assert!(found[0].text.contains(word), "no {word:?} in: {}", found[0]);
    }
}

/// Checks that the change of the document is no fault.
#[track_caller]
fn check_fine(edit: impl FnOnce(&mut Value)) {
    assert_eq!(findings(edit), []);
}

/// Takes a member out.
fn without(object: &mut Value, key: &str) {
    object.as_object_mut().unwrap().shift_remove(key).unwrap();
}

#[test]
fn the_small_cluster_has_no_finding() {
    check_fine(|_| {});
}

#[test]
fn data_of_any_form_is_judged_without_a_panic() {
    // Each member of the document in turn becomes each of these, as far as it is read at all.
    let odd = [Value::Null, i64::MIN.into(), json!([null, 1, "x", [], {}]), json!({"": [], "x": {"x": null}})];
    let mut pointers = Vec::new();
    collect(&small(), "", &mut pointers);
    for value in odd {
        for pointer in &pointers {
            let mut document = small();
            *document.pointer_mut(pointer).unwrap() = value.clone();
            if let Ok(snapshot) = Snapshot::read(&document) {
                let _ = snapshot.verify();
            }
        }
    }
}

/// Collects the path of each value in a document.
fn collect(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| collect(item, &format!("{at}/{index}"), into));
        }
        Value::Object(members) => {
            members.iter().for_each(|(key, item)| collect(item, &format!("{at}/{key}"), into));
        }
        _ => {}
    }
}

#[test]
fn the_same_state_has_the_same_findings_in_the_same_order() {
    let broken = |document: &mut Value| {
        document["cluster"]["master_node"] = "node9".into();
        document["instances"]["web1"]["primary_node"] = "node9".into();
        document["instances"]["db1"]["nics"][0]["mac"] = "AA:00:00:00:00:01".into();
        document["nodes"]["node3"]["group"] = "group-gone".into();
        document["disks"]["disk-spare"]["mode"] = "w".into();
    };
    let kinds: Vec<FindingKind> = findings(broken).iter().map(|it| it.kind).collect();
    use FindingKind::*;
    assert_eq!(kinds, [MasterNodeGone, GroupOfNodeGone, PrimaryNodeGone, DiskMode, MacTwice]);
    assert_eq!(findings(broken), findings(broken));
}
