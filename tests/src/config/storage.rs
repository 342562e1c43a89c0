//! Keeping the configuration in a file: either the new state is there or the former one, and nothing beside.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use cmdlib::config::{ChangeError, Config, FileStorage, Snapshot, Storage};
use cmdlib::objects::Instance;
use expect_test::expect;
use tempfile::TempDir;

use super::documents::{NOW, small_snapshot};

/// Returns a folder of the test's own, and the path of a configuration in it.
fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.data");
    (folder, path)
}

/// Returns the names of the files in a folder.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Returns the small cluster after a change.
fn later() -> Snapshot {
    super::documents::changed(|document| document["serial_no"] = 8.into())
}

#[test]
fn what_is_saved_is_read_back_equal() {
    let (_folder, path) = folder();
    let storage = FileStorage::new(&path);
    storage.save(&small_snapshot()).unwrap();
    let read = Snapshot::parse(&storage.read().unwrap()).unwrap();
    assert_eq!(read.write(), small_snapshot().write());
}

#[test]
fn the_former_state_is_replaced() {
    let (folder, path) = folder();
    let storage = FileStorage::new(&path);
    storage.save(&small_snapshot()).unwrap();
    storage.save(&later()).unwrap();
    assert_eq!(Snapshot::parse(&storage.read().unwrap()).unwrap().write(), later().write());
    assert_eq!(files(folder.path()), ["config.data"]);
}

#[test]
fn a_reader_of_the_former_file_still_reads_the_whole_of_it() {
    let (_folder, path) = folder();
    let storage = FileStorage::new(&path);
    storage.save(&small_snapshot()).unwrap();
    let former = fs::File::open(&path).unwrap();
    storage.save(&later()).unwrap();
    let read = std::io::read_to_string(former).unwrap();
    assert_eq!(Snapshot::parse(read.as_bytes()).unwrap().write(), small_snapshot().write());
}

#[test]
fn what_an_interrupted_save_left_is_no_hindrance() {
    let (folder, path) = folder();
    fs::write(folder.path().join("config.data.new"), "{\"half\": ").unwrap();
    FileStorage::new(&path).save(&small_snapshot()).unwrap();
    assert_eq!(files(folder.path()), ["config.data"]);
}

#[test]
fn a_first_file_is_readable_for_its_owner_alone() {
    let (_folder, path) = folder();
    FileStorage::new(&path).save(&small_snapshot()).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_replaced_file_is_readable_for_whom_the_former_was() {
    let (_folder, path) = folder();
    fs::write(&path, "former").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    FileStorage::new(&path).save(&small_snapshot()).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}

/// Returns what the error says of saving at `path`, with `..` for the folder.
fn error(folder: &TempDir, path: &Path) -> String {
    let error = FileStorage::new(path).save(&small_snapshot()).unwrap_err().to_string();
    error.replace(&*folder.path().to_string_lossy(), "..")
}

#[test]
fn a_missing_folder_is_an_error_that_names_the_file() {
    let (folder, _) = folder();
    let error = error(&folder, &folder.path().join("missing").join("config.data"));
    expect!["can't open folder ../missing: No such file or directory (os error 2); is the path right? (../missing/config.data is as it was)"].assert_eq(&error);
    assert_eq!(files(folder.path()), [""; 0]);
}

#[test]
fn a_link_in_place_of_the_file_that_is_written_first_is_not_followed() {
    let (folder, path) = folder();
    let elsewhere = folder.path().join("elsewhere");
    fs::write(&elsewhere, "of somebody else").unwrap();
    std::os::unix::fs::symlink(&elsewhere, folder.path().join("config.data.new")).unwrap();
    FileStorage::new(&path).save(&small_snapshot()).unwrap();
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "of somebody else");
    assert_eq!(files(folder.path()), ["config.data", "elsewhere"]);
}

#[test]
fn a_folder_in_place_of_the_file_is_an_error_and_leaves_nothing_beside() {
    let (folder, path) = folder();
    fs::create_dir(&path).unwrap();
    expect!["can't replace ../config.data: Is a directory (os error 21); what is in its place? (../config.data is as it was)"].assert_eq(&error(&folder, &path));
    assert_eq!(files(folder.path()), ["config.data"]);
    assert!(path.is_dir());
}

#[test]
fn a_save_that_cannot_write_beside_keeps_the_former_state() {
    let (folder, path) = folder();
    fs::write(&path, "former").unwrap();
    // A folder in the way of the file that is written first.
    fs::create_dir(folder.path().join("config.data.new")).unwrap();
    expect!["can't create ../config.data.new: File exists (os error 17); what is in its place? (../config.data is as it was)"].assert_eq(&error(&folder, &path));
    assert_eq!(fs::read_to_string(&path).unwrap(), "former");
}

// Nobody makes files there, not even root.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_file_is_an_error_that_says_so() {
    let error = FileStorage::new("/sys/config.data").save(&small_snapshot()).unwrap_err().to_string();
    let (what, remedy) = (error.split(": ").next().unwrap(), error.split("; ").nth(1).unwrap());
    assert_eq!(what, "can't create /sys/config.data.new");
    assert_eq!(remedy, "let this process write there (/sys/config.data is as it was)");
}

#[test]
fn a_file_that_is_not_there_is_not_read() {
    let (_folder, path) = folder();
    let error = FileStorage::new(&path).read().unwrap_err().to_string();
    assert!(error.contains("config.data"), "{error}");
}

#[test]
fn a_path_without_folder_or_name_is_an_error() {
    assert!(FileStorage::new("").save(&small_snapshot()).is_err());
    assert!(FileStorage::new("/").save(&small_snapshot()).is_err());
}

#[test]
fn a_change_of_a_store_is_in_the_file() {
    let (_folder, path) = folder();
    let storage = FileStorage::new(&path);
    let store = Config::new(small_snapshot(), storage.clone());
    let rename = |it: &mut Instance| it.name = "www.example.com".to_owned();
    store.change(NOW, |draft| Ok::<_, ChangeError>(draft.update(&"web1".into(), rename)?)).unwrap();
    let read = Snapshot::parse(&storage.read().unwrap()).unwrap();
    assert_eq!(read.write(), store.snapshot().write());
    assert!(read.named::<Instance>("www.example.com").is_ok());
}
