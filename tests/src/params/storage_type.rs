//! The types of storage.

use cmdlib::params::StorageType;

#[track_caller]
fn check(property: fn(StorageType) -> bool, wanted: &str) {
    let names: Vec<&str> = StorageType::ALL.into_iter().filter(|it| property(*it)).map(StorageType::as_str).collect();
    assert_eq!(names.join(" "), wanted);
}

#[test]
fn each_is_found_by_its_name() {
    check(
        |it| StorageType::parse(&it.to_string()) == Some(it),
        "blockdev diskless ext file gluster lvm-pv lvm-vg rados sharedfile",
    );
}

#[test]
fn other_names_are_none() {
    assert_eq!(StorageType::parse("lvm"), None);
}

#[test]
fn reports_space() {
    check(StorageType::reports_space, "file lvm-pv lvm-vg");
}

#[test]
fn reports_node_storage() {
    check(StorageType::reports_node_storage, "file gluster lvm-pv lvm-vg sharedfile");
}
