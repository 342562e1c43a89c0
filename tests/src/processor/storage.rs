//! A configuration that can't be kept: the unit that wrote fails as any other does, and what is in memory is what the file
//! holds.

use std::fs;
use std::path::PathBuf;

use cmdlib::config::{FileStorage, Snapshot, Storage};
use cmdlib::processor::Ended;
use tempfile::TempDir;

use super::outside::{Outside, Walked, outside};
use super::units::op::Walk;
use super::units::{Wishes, Writes};

/// Returns the cluster, kept in a file.
fn kept() -> (TempDir, FileStorage, Outside) {
    let folder = tempfile::tempdir().unwrap();
    let storage = FileStorage::new(folder.path().join("config.data"));
    let outside = outside();
    storage.save(&outside.config.snapshot()).unwrap();
    (folder, storage.clone(), outside.kept(storage))
}

fn held(storage: &FileStorage) -> Snapshot {
    Snapshot::parse(&storage.read().unwrap()).unwrap()
}

/// What is in the way of the file that is written first.
fn obstacle(folder: &TempDir) -> PathBuf {
    folder.path().join("config.data.new")
}

/// Walks and writes, while there is no way to keep anything.
fn walk(writes: Writes) -> (FileStorage, Walked) {
    let (folder, storage, outside) = kept();
    fs::create_dir(obstacle(&folder)).unwrap();
    let walked = outside.walk(Walk { wishes: Wishes::Computed, writes, ..Walk::new() });
    let file = held(&storage);
    assert_eq!(file.write(), walked.before.write(), "the former state is in the file");
    assert_eq!(walked.after.write(), file.write(), "what is in memory is what the file holds");
    assert!(walked.after.same_as(&walked.before), "nothing was put in place of the former state");
    drop(folder);
    (storage, walked)
}

#[test]
fn a_unit_that_writes_into_a_file_succeeds_and_the_file_has_it() {
    for writes in [Writes::Object, Writes::Whole] {
        let (_folder, storage, outside) = kept();
        let walked = outside.walk(Walk { wishes: Wishes::Computed, writes, ..Walk::new() }).left_nothing();
        assert!(matches!(walked.ended, Ended::Success(_)), "{}", walked.ended);
        assert_ne!(walked.after.write(), walked.before.write());
        assert_eq!(held(&storage).write(), walked.after.write());
    }
}

#[test]
fn a_write_that_fails_is_a_failure_of_the_unit_that_wrote() {
    for writes in [Writes::Object, Writes::Whole] {
        let (_, walked) = walk(writes);
        let walked = walked.left_nothing();
        let Ended::Failed(failure) = &walked.ended else { panic!("{}", walked.ended) };
        for part in ["the configuration could not be stored", "config.data.new", "what is in its place?"] {
            assert!(failure.text.contains(part), "no {part:?} in: {}", failure.text);
        }
    }
}

#[test]
fn a_write_that_failed_is_not_told_of_and_runs_no_hook_for_changed_configurations() {
    let (_, walked) = walk(Writes::Whole);
    assert!(!walked.has("wrote"), "{:#?}", walked.trail);
    assert!(!walked.scripts().iter().any(|(path, _)| path.contains("config-update")), "{:?}", walked.scripts());
    // Beside it, a write that succeeds is told of, and runs it.
    let (_folder, _, outside) = kept();
    let walked = outside.walk(Walk { wishes: Wishes::Computed, writes: Writes::Whole, ..Walk::new() });
    assert!(walked.has("wrote all"), "{:#?}", walked.trail);
    assert!(walked.scripts().iter().any(|(path, _)| path.contains("config-update")), "{:?}", walked.scripts());
}

#[test]
fn what_failed_succeeds_when_the_obstacle_is_gone() {
    let (folder, storage, outside) = kept();
    fs::create_dir(obstacle(&folder)).unwrap();
    let store = cmdlib::config::Config::new(outside.config.snapshot(), storage.clone());
    let tag = |draft: &mut cmdlib::config::Draft| {
        draft.update_cluster(|cluster| cluster.tags.extend(["site:b".to_owned()]));
        Ok::<_, cmdlib::config::ChangeError>(())
    };
    store.change(1.0, tag).unwrap_err();
    assert!(store.snapshot().cluster.tags.is_empty(), "a change that was not kept is not there");
    fs::remove_dir(obstacle(&folder)).unwrap();
    store.change(1.0, tag).unwrap();
    assert!(held(&storage).cluster.tags.contains("site:b"));
}
