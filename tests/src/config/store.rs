//! The store: one change at a time, all of it or nothing.

use std::sync::{Arc, Mutex};

use cmdlib::config::{ChangeError, Config, Draft, Gone, MemoryStorage, Snapshot, Storage, StorageError, Written};
use cmdlib::ids::InstanceId;
use cmdlib::objects::AdminState;
use serde_json::Value;

use super::documents::{NOW, small_snapshot, small_store};

/// Changes a store, which is expected to work.
#[track_caller]
pub(super) fn change<R>(store: &Config, change: impl FnOnce(&mut Draft) -> Result<R, Gone>) -> (R, Written) {
    store.change(NOW, |draft| change(draft).map_err(ChangeError::from)).unwrap()
}

/// A storage that is full, and counts how often it is asked.
#[derive(Default, Clone)]
struct Full(Arc<Mutex<usize>>);

impl Storage for Full {
    fn save(&self, _: &Snapshot) -> Result<(), StorageError> {
        *self.0.lock().unwrap() += 1;
        Err(StorageError("no space left".to_owned()))
    }
}

/// A storage that remembers what it was given.
#[derive(Default, Clone)]
struct Remembering(Arc<Mutex<Vec<Value>>>);

impl Storage for Remembering {
    fn save(&self, snapshot: &Snapshot) -> Result<(), StorageError> {
        self.0.lock().unwrap().push(snapshot.write());
        Ok(())
    }
}

fn web1() -> InstanceId {
    "web1".into()
}

fn stop(draft: &mut Draft) -> Result<(), ChangeError> {
    draft.update(&web1(), |instance| instance.admin_state = AdminState::Down)?;
    Ok(())
}

#[test]
fn a_change_is_seen_by_later_snapshots() {
    let store = small_store();
    store.change(NOW, stop).unwrap();
    assert_eq!(store.snapshot().get(&web1()).unwrap().admin_state, AdminState::Down);
}

#[test]
fn a_snapshot_does_not_change() {
    let store = small_store();
    let before = store.snapshot();
    let written = before.write();
    store.change(NOW, stop).unwrap();
    assert_eq!(before.write(), written);
    assert_eq!(before.get(&web1()).unwrap().admin_state, AdminState::Up);
}

#[test]
fn a_change_tells_the_states_before_and_after() {
    let store = small_store();
    let before = store.snapshot();
    let ((), written) = store.change(NOW, stop).unwrap();
    assert!(written.changed);
    assert!(written.before.same_as(&before));
    assert!(written.after.same_as(&store.snapshot()));
}

#[test]
fn a_change_of_nothing_keeps_the_very_same_state() {
    let store = small_store();
    let before = store.snapshot();
    let (_, written) = change(&store, |draft| draft.update(&web1(), |_| {}));
    assert!(!written.changed);
    assert!(written.after.same_as(&before) && store.snapshot().same_as(&before));
}

#[test]
fn a_change_of_nothing_is_not_stored() {
    let storage = Full::default();
    let store = Config::new(small_snapshot(), storage.clone());
    change(&store, |draft| draft.update(&web1(), |_| {}));
    assert_eq!(*storage.0.lock().unwrap(), 0);
}

#[test]
fn what_is_stored_is_the_whole_state_after_all_changes_of_a_draft() {
    let storage = Remembering::default();
    let store = Config::new(small_snapshot(), storage.clone());
    change(&store, |draft| {
        draft.update(&web1(), |instance| instance.admin_state = AdminState::Down)?;
        draft.update(&InstanceId::new("db1"), |instance| instance.admin_state = AdminState::Up)
    });
    assert_eq!(*storage.0.lock().unwrap(), [store.snapshot().write()]);
    assert_eq!(store.snapshot().write()["instances"]["web1"]["admin_state"], "down");
    assert_eq!(store.snapshot().write()["instances"]["db1"]["admin_state"], "up");
}

#[test]
fn a_later_step_of_a_draft_sees_the_earlier_ones() {
    change(&small_store(), |draft| {
        draft.update(&web1(), |instance| instance.name = "web2.example.com".to_owned())?;
        draft.data().named::<cmdlib::objects::Instance>("web2.example.com").map(drop)
    });
}

#[test]
fn a_change_that_fails_half_way_leaves_nothing() {
    let store = small_store();
    let before = store.snapshot();
    let error = store.change(NOW, |draft| {
        stop(draft)?;
        draft.update(&InstanceId::new("web9"), |_| {}).map_err(ChangeError::from)
    });
    assert!(matches!(error, Err(ChangeError::Gone(_))));
    assert!(store.snapshot().same_as(&before));
}

#[test]
fn a_state_that_could_not_be_stored_is_not_taken() {
    let store = Config::new(small_snapshot(), Full::default());
    let before = store.snapshot();
    let error = store.change(NOW, stop).unwrap_err();
    assert!(matches!(error, ChangeError::Storage(_)));
    assert!(error.to_string().contains("no space left"), "{error}");
    assert!(store.snapshot().same_as(&before));
}

#[test]
fn a_store_goes_on_after_a_failed_change() {
    let store = Config::new(small_snapshot(), Full::default());
    store.change(NOW, stop).unwrap_err();
    change(&store, |draft| draft.update(&web1(), |_| {}));
}

#[test]
fn a_store_goes_on_after_a_change_that_panicked() {
    let store = small_store();
    let before = store.snapshot();
    let change = std::panic::AssertUnwindSafe(|| {
        store.change(NOW, |draft| {
            stop(draft)?;
            // Not a panic, which would print its message among the results.
            std::panic::resume_unwind(Box::new(()));
            #[expect(unreachable_code, reason = "names the type")]
            Ok::<(), ChangeError>(())
        })
    });
    assert!(std::panic::catch_unwind(change).is_err());
    assert!(store.snapshot().same_as(&before));
    store.change(NOW, stop).unwrap();
}

#[test]
fn the_memory_keeps_anything() {
    MemoryStorage.save(&small_snapshot()).unwrap();
}
