//! Typed changes: serial numbers and times move with each change of an object, and with nothing else.

use cmdlib::config::{ChangeError, Entity, Status};
use cmdlib::field::Field;
use cmdlib::ids::Id;
use cmdlib::objects::{AdminSource, AdminState, Disk, Instance, Network, Node, NodeGroup};
use serde_json::json;

use super::documents::{NOW, small_store};
use super::store::change;

/// Checks what a change of the object moves.
#[track_caller]
fn check_bumped<T: Entity>(id: &str, mutate: impl FnOnce(&mut T)) {
    let store = small_store();
    let id: Id<T> = Id::new(id);
    let (returned, written) = change(&store, |draft| draft.update(&id, mutate));
    let after = store.snapshot().get(&id).unwrap().write();
    assert_eq!(after["serial_no"], 2);
    assert_eq!(after["mtime"], NOW);
    assert_eq!(after["ctime"], 1_700_000_000.5);
    assert_eq!(returned.write(), after);
    assert!(written.changed && !written.whole);
}

#[test]
fn a_changed_object_has_the_next_serial_number_and_the_time() {
    check_bumped::<Instance>("web1", |it| it.os = "other".to_owned());
    check_bumped::<Node>("node3", |it| it.offline = true);
    check_bumped::<NodeGroup>("group-rack-b", |it| it.alloc_policy = "preferred".to_owned());
    check_bumped::<Network>("net-lan", |it| it.gateway = None);
    check_bumped::<Disk>("disk-web1", |it| it.size = 2048);
}

#[test]
fn a_serial_number_set_by_hand_does_not_count() {
    check_bumped::<Instance>("web1", |it| it.serial_no = 77);
}

#[test]
fn an_update_that_changes_nothing_moves_nothing() {
    let store = small_store();
    let before = store.snapshot().write();
    let (returned, written) =
        change(&store, |draft| draft.update(&"web1".into(), |it: &mut Instance| it.serial_no = 1));
    assert_eq!(returned.serial_no, 1);
    assert!(!written.changed);
    assert_eq!(store.snapshot().write(), before);
}

#[test]
fn an_update_of_what_is_gone_is_refused() {
    let refused = small_store().change(NOW, |draft| Ok(draft.update(&Id::<Node>::new("node9"), |_| {})?));
    assert!(matches!(refused, Err(ChangeError::Gone(_))));
}

/// Returns the cluster's serial number and time after a change.
fn cluster_after(mutate: impl FnOnce(&mut cmdlib::config::Draft) -> Result<(), cmdlib::config::Gone>) -> (i64, f64) {
    let store = small_store();
    change(&store, mutate);
    let cluster = store.snapshot().cluster.clone();
    (cluster.serial_no, cluster.mtime)
}

#[test]
fn a_changed_node_moves_the_cluster() {
    let after = cluster_after(|draft| draft.update(&"node3".into(), |it: &mut Node| it.offline = true).map(drop));
    assert_eq!(after, (2, NOW));
}

#[test]
fn a_node_that_stays_as_it_is_does_not_move_the_cluster() {
    let after = cluster_after(|draft| draft.update(&"node3".into(), |_: &mut Node| {}).map(drop));
    assert_eq!(after, (1, 1_700_000_000.5));
}

#[test]
fn a_changed_instance_does_not_move_the_cluster() {
    let after =
        cluster_after(|draft| draft.update(&"web1".into(), |it: &mut Instance| it.disks_active = false).map(drop));
    assert_eq!(after, (1, 1_700_000_000.5));
}

#[test]
fn a_changed_cluster_has_the_next_serial_number_and_the_time() {
    let after = cluster_after(|draft| {
        draft.update_cluster(|cluster| cluster.master_netdev = "eth1".to_owned());
        Ok(())
    });
    assert_eq!(after, (2, NOW));
}

#[test]
fn a_cluster_that_stays_as_it_is_moves_nothing() {
    let store = small_store();
    let (_, written) = change(&store, |draft| Ok(draft.update_cluster(|_| {})));
    assert!(!written.changed);
}

#[test]
fn two_changes_of_an_object_in_one_draft_count_twice() {
    let store = small_store();
    change(&store, |draft| {
        draft.update(&"web1".into(), |it: &mut Instance| it.os = "one".to_owned())?;
        draft.update(&"web1".into(), |it: &mut Instance| it.os = "two".to_owned())
    });
    assert_eq!(store.snapshot().get::<Instance>(&"web1".into()).unwrap().serial_no, 3);
}

fn copy_of_web1(store: &cmdlib::config::Config) -> Instance {
    (*store.snapshot().get::<Instance>(&"web1".into()).unwrap()).clone()
}

#[test]
fn a_changed_copy_is_put_back() {
    let store = small_store();
    let mut copy = copy_of_web1(&store);
    copy.os = "other".to_owned();
    store.change(NOW, |draft| draft.replace(&copy)).unwrap();
    let after = copy_of_web1(&store);
    assert_eq!((after.os.as_str(), after.serial_no, after.mtime), ("other", 2, NOW));
}

#[test]
fn a_copy_of_an_object_that_changed_since_is_refused() {
    let store = small_store();
    let mut copy = copy_of_web1(&store);
    copy.os = "mine".to_owned();
    change(&store, |draft| draft.update(&"web1".into(), |it: &mut Instance| it.os = "theirs".to_owned()));
    let error = store.change(NOW, |draft| draft.replace(&copy)).unwrap_err();
    assert!(matches!(error, ChangeError::Stale { .. }));
    assert!(error.to_string().contains("instance 'web1.example.com'"), "{error}");
    assert_eq!(copy_of_web1(&store).os, "theirs");
}

#[test]
fn a_copy_of_an_object_that_is_gone_is_refused() {
    let store = small_store();
    let copy = copy_of_web1(&store);
    change(&store, |draft| draft.remove(&copy.uuid));
    assert!(matches!(store.change(NOW, |draft| draft.replace(&copy)), Err(ChangeError::Gone(_))));
}

#[test]
fn a_copy_without_a_change_moves_nothing() {
    let store = small_store();
    let copy = copy_of_web1(&store);
    let (_, written) = store.change(NOW, |draft| draft.replace(&copy)).unwrap();
    assert!(!written.changed);
}

#[test]
fn a_status_changes_what_it_names_and_keeps_the_rest() {
    let store = small_store();
    let status = Status { admin_state: Some(AdminState::Down), ..Status::default() };
    change(&store, |draft| draft.set_status(&"web1".into(), status));
    let after = copy_of_web1(&store);
    assert_eq!(
        (after.admin_state, after.admin_state_source, after.disks_active),
        (AdminState::Down, AdminSource::Admin, true)
    );
}

#[test]
fn a_status_can_change_everything_at_once() {
    let store = small_store();
    let status =
        Status { admin_state: Some(AdminState::Offline), source: Some(AdminSource::User), disks_active: Some(false) };
    let (after, _) = change(&store, |draft| draft.set_status(&"web1".into(), status));
    assert_eq!(
        (after.admin_state, after.admin_state_source, after.disks_active, after.serial_no),
        (AdminState::Offline, AdminSource::User, false, 2)
    );
}

#[test]
fn a_status_that_is_so_already_moves_nothing() {
    let status = Status { admin_state: Some(AdminState::Up), disks_active: Some(true), ..Status::default() };
    let (_, written) = change(&small_store(), |draft| draft.set_status(&"web1".into(), status));
    assert!(!written.changed);
}

#[test]
fn a_status_of_an_instance_that_is_gone_is_refused() {
    let refused = small_store().change(NOW, |draft| Ok(draft.set_status(&"web9".into(), Status::default())?));
    assert!(matches!(refused, Err(ChangeError::Gone(_))));
}

fn dmz() -> Network {
    Network::read(&json!({
        "uuid": "net-dmz", "name": "dmz", "network": "192.0.2.8/29", "reservations": "00000000",
        "ext_reservations": "10000001", "serial_no": 9, "ctime": 1.0, "mtime": 1.0,
    }))
    .unwrap()
}

#[test]
fn a_new_network_begins_at_serial_number_one() {
    let store = small_store();
    store.change(NOW, |draft| draft.add_network(dmz())).unwrap();
    let added = store.snapshot().get::<Network>(&"net-dmz".into()).unwrap();
    assert_eq!((added.serial_no, added.ctime, added.mtime), (1, NOW, NOW));
}

#[test]
fn a_new_network_moves_the_serial_number_of_the_cluster_but_not_its_time() {
    let store = small_store();
    store.change(NOW, |draft| draft.add_network(dmz())).unwrap();
    let cluster = &store.snapshot().cluster;
    assert_eq!((cluster.serial_no, cluster.mtime), (2, 1_700_000_000.5));
}

#[test]
fn a_new_network_is_written_with_the_whole_document() {
    let (_, written) = small_store().change(NOW, |draft| draft.add_network(dmz())).unwrap();
    assert!(written.whole);
}

#[test]
fn a_network_whose_name_is_taken_is_refused() {
    let mut network = dmz();
    network.name = "lan".to_owned();
    let error = small_store().change(NOW, |draft| draft.add_network(network)).unwrap_err();
    assert!(matches!(error, ChangeError::Exists { .. }));
    assert!(error.to_string().contains("network named 'lan'"), "{error}");
}

#[test]
fn a_network_whose_uuid_is_taken_is_refused() {
    let mut network = dmz();
    network.uuid = "net-lan".into();
    let refused = small_store().change(NOW, |draft| draft.add_network(network));
    assert!(matches!(refused, Err(ChangeError::Exists { .. })));
}

#[test]
fn an_object_is_put_in_and_taken_out_as_it_is() {
    let store = small_store();
    let (put, written) = change(&store, |draft| Ok(draft.insert(dmz())));
    assert_eq!((put.serial_no, put.mtime), (9, 1.0));
    assert!(written.changed && !written.whole);
    let (taken, _) = change(&store, |draft| draft.remove(&put.uuid));
    assert_eq!(*taken, dmz());
    assert_eq!(store.snapshot().cluster.serial_no, 1);
}

#[test]
fn an_object_that_is_filed_under_another_uuid_stays_there_when_it_changes() {
    let snapshot = super::documents::changed(|document| document["nodes"]["node3"]["uuid"] = json!("elsewhere"));
    let store = cmdlib::config::Config::new(snapshot, cmdlib::config::MemoryStorage);
    change(&store, |draft| draft.update(&"node3".into(), |node: &mut Node| node.group = "group-default".into()));
    let after = store.snapshot();
    assert_eq!(after.nodes.len(), 3);
    assert!(after.members(&"group-default".into()).contains(&Id::new("node3")));
    assert!(after.members(&"group-rack-b".into()).is_empty());
}
