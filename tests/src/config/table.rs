//! Tables keep the order of insertion and share what did not change.

use cmdlib::config::{Config, Draft, Gone, MemoryStorage, Snapshot};
use cmdlib::ids::{Id, NodeId};
use cmdlib::objects::Node;
use serde_json::json;

use super::documents::{changed, small_snapshot};
use super::store::change;

/// More than two chunks, so that first, middle and last one differ.
const MANY: usize = 600;

fn id(index: usize) -> NodeId {
    Id::new(format!("many{index}"))
}

/// Returns a store whose only nodes are `MANY`, in order.
fn many() -> Config {
    let snapshot = changed(|document| {
        let template = document["nodes"]["node3"].clone();
        let nodes = document["nodes"].as_object_mut().unwrap();
        nodes.clear();
        for index in 0..MANY {
            let mut node = template.clone();
            node["uuid"] = json!(id(index).as_str());
            node["name"] = json!(format!("many{index}.example.com"));
            nodes.insert(id(index).to_string(), node);
        }
    });
    Config::new(snapshot, MemoryStorage)
}

fn ids(snapshot: &Snapshot) -> Vec<NodeId> {
    snapshot.nodes.ids().cloned().collect()
}

/// Checks that ids, objects and look-ups tell of the same nodes in the same order.
#[track_caller]
fn check_holds(snapshot: &Snapshot, wanted: &[NodeId]) {
    let table = &snapshot.nodes;
    assert_eq!(ids(snapshot), wanted);
    assert_eq!(table.values().map(|node| node.uuid.clone()).collect::<Vec<_>>(), wanted);
    assert_eq!(table.len(), wanted.len());
    assert!(table.iter().all(|(id, node)| *id == node.uuid));
    assert!(wanted.iter().all(|id| table.get(id).is_some_and(|node| node.uuid == *id)));
}

#[test]
fn objects_stay_in_the_order_of_the_file() {
    check_holds(&many().snapshot(), &(0..MANY).map(id).collect::<Vec<_>>());
}

#[test]
fn a_new_object_comes_last() {
    let store = many();
    let before = ids(&store.snapshot());
    let mut node = (**store.snapshot().nodes.get(&id(0)).unwrap()).clone();
    node.uuid = id(MANY);
    change(&store, |draft| Ok(draft.insert(node)));
    check_holds(&store.snapshot(), &[before, vec![id(MANY)]].concat());
}

#[test]
fn a_chunk_that_is_full_is_followed_by_another() {
    let store = many();
    let node = (**store.snapshot().nodes.get(&id(0)).unwrap()).clone();
    change(&store, |draft| {
        for index in MANY..MANY + 200 {
            draft.insert({
                let mut node = node.clone();
                node.uuid = id(index);
                node
            });
        }
        Ok(())
    });
    check_holds(&store.snapshot(), &(0..MANY + 200).map(id).collect::<Vec<_>>());
}

#[test]
fn a_changed_object_stays_in_its_place() {
    let store = many();
    let before = ids(&store.snapshot());
    change(&store, |draft| draft.update(&id(300), |node| node.powered = false));
    check_holds(&store.snapshot(), &before);
    assert!(!store.snapshot().nodes.get(&id(300)).unwrap().powered);
}

#[test]
fn an_object_is_taken_out_of_any_chunk_and_the_others_close_up() {
    for gone in [0, 255, 256, 511, 512, MANY - 1] {
        let store = many();
        change(&store, |draft| draft.remove(&id(gone)));
        check_holds(&store.snapshot(), &(0..MANY).filter(|index| *index != gone).map(id).collect::<Vec<_>>());
        assert!(store.snapshot().nodes.get(&id(gone)).is_none());
    }
}

#[test]
fn a_table_can_become_empty_and_grow_again() {
    let store = many();
    let node = (**store.snapshot().nodes.get(&id(0)).unwrap()).clone();
    let remove_all = |draft: &mut Draft| (0..MANY).try_for_each(|index| draft.remove(&id(index)).map(drop));
    change(&store, remove_all);
    assert!(store.snapshot().nodes.is_empty());
    change(&store, |draft| Ok(draft.insert(node)));
    check_holds(&store.snapshot(), &[id(0)]);
}

#[test]
fn a_removal_of_what_is_not_there_is_refused() {
    let store = many();
    let removed = store.change(0.0, |draft| Ok::<_, cmdlib::config::ChangeError>(draft.remove(&id(MANY)).is_err()));
    assert!(removed.unwrap().0);
    check_holds(&store.snapshot(), &(0..MANY).map(id).collect::<Vec<_>>());
}

#[test]
fn a_table_is_shared_by_snapshots_until_it_changes() {
    let store = many();
    let before = store.snapshot();
    change(&store, |draft| Ok::<_, Gone>(draft.update_cluster(|cluster| cluster.maintain_node_health = true)));
    assert!(store.snapshot().nodes.same_as(&before.nodes));
}

#[test]
fn a_change_of_one_object_is_a_change_of_its_table_only() {
    let store = many();
    let before = store.snapshot();
    change(&store, |draft| draft.update(&id(1), |node| node.powered = false));
    let after = store.snapshot();
    assert!(!after.nodes.same_as(&before.nodes));
    assert!(after.instances.same_as(&before.instances));
}

#[test]
fn objects_that_did_not_change_are_the_very_same() {
    let store = many();
    let before = store.snapshot();
    change(&store, |draft| draft.update(&id(1), |node| node.powered = false));
    let after = store.snapshot();
    let same = |id: NodeId| std::ptr::eq::<Node>(&**before.nodes.get(&id).unwrap(), &**after.nodes.get(&id).unwrap());
    assert!(same(id(0)) && same(id(2)) && same(id(599)));
    assert!(!same(id(1)));
}

#[test]
fn tables_of_separate_loads_are_not_the_same() {
    assert!(!small_snapshot().nodes.same_as(&small_snapshot().nodes));
}
