//! What a change broke: of a change that no rule reads nothing is looked at, and nothing is missed.

use cmdlib::config::{Config, Draft, Gone, MemoryStorage};
use cmdlib::config::{FindingKind, Snapshot, UNREAD, UNREAD_OF_INSTANCE};
use cmdlib::objects::{AdminState, Instance};
use serde_json::{Value, json};

use super::findings;
use crate::config::documents::small_snapshot;

/// Changes the small cluster, and returns the states before and after.
fn change(edit: impl FnOnce(&mut Draft) -> Result<(), Gone>) -> (Snapshot, Snapshot) {
    changed(&small_snapshot(), edit)
}

fn changed(from: &Snapshot, edit: impl FnOnce(&mut Draft) -> Result<(), Gone>) -> (Snapshot, Snapshot) {
    let store = Config::new(from.clone(), MemoryStorage);
    let made = store.change::<(), cmdlib::config::ChangeError>(1.0, |draft| Ok(edit(draft)?));
    let ((), written) = made.unwrap();
    (written.before, written.after)
}

fn kinds(before: &Snapshot, after: &Snapshot) -> Vec<FindingKind> {
    after.new_findings(before).iter().map(|finding| finding.kind).collect()
}

/// Puts odd values of their own type where no rule reads.
fn odd(document: &mut Value, table: &str) {
    let values =
        [("tags", json!(["x", "y z"])), ("serial_no", json!(-7)), ("ctime", json!(-1.5)), ("mtime", json!(9e9))];
    let of_instance =
        [("admin_state", json!("offline")), ("admin_state_source", json!("user")), ("disks_active", json!(true))];
    assert_eq!(values.clone().map(|(key, _)| key), UNREAD);
    assert_eq!(of_instance.clone().map(|(key, _)| key), UNREAD_OF_INSTANCE);
    let objects = match table {
        "cluster" => vec![&mut document["cluster"]],
        _ => document[table].as_object_mut().unwrap().values_mut().collect(),
    };
    for object in objects {
        let of_instance = if table == "instances" { &of_instance[..] } else { &[] };
        for (key, value) in values.iter().chain(of_instance) {
            object[*key] = value.clone();
        }
    }
}

#[test]
fn members_that_no_rule_reads_change_no_finding() {
    for table in ["cluster", "nodes", "nodegroups", "instances", "networks", "disks"] {
        assert_eq!(findings(|document| odd(document, table)), [], "{table}");
    }
}

#[test]
fn a_change_that_no_rule_reads_breaks_nothing() {
    let (before, after) = change(|draft| {
        draft.update_cluster(|cluster| _ = cluster.tags.insert("fed".to_owned()));
        draft.update::<Instance>(&"web1".into(), |it| it.admin_state = AdminState::Offline).map(drop)
    });
    assert_eq!(kinds(&before, &after), []);
}

#[test]
fn a_changed_member_that_a_rule_reads_is_judged() {
    let (before, after) =
        change(|draft| draft.update::<Instance>(&"web1".into(), |it| it.primary_node = "node9".into()).map(drop));
    assert_eq!(kinds(&before, &after), [FindingKind::PrimaryNodeGone]);
}

#[test]
fn an_object_that_went_is_judged() {
    let (before, after) = change(|draft| draft.remove::<cmdlib::objects::Network>(&"net-lan".into()).map(drop));
    assert!(kinds(&before, &after).contains(&FindingKind::NetworkOfNicGone), "{:?}", after.findings());
}

#[test]
fn a_changed_member_of_the_cluster_is_judged() {
    let (before, after) = change(|draft| {
        draft.update_cluster(|cluster| cluster.enabled_hypervisors.clear());
        Ok(())
    });
    assert_eq!(kinds(&before, &after), [FindingKind::NoHypervisor]);
}

#[test]
fn what_was_wrong_before_is_not_new() {
    let (_, broken) =
        change(|draft| draft.update::<Instance>(&"web1".into(), |it| it.primary_node = "node9".into()).map(drop));
    let (before, after) = changed(&broken, |draft| {
        draft.update::<Instance>(&"db1".into(), |it| it.primary_node = "node8".into()).map(drop)
    });
    assert_eq!(after.findings().len(), 2);
    assert_eq!(kinds(&before, &after), [FindingKind::PrimaryNodeGone]);
}
