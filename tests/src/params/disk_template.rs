//! The disk templates and the sets they are in.

use cmdlib::params::{DiskTemplate, StorageType};
use serde_json::{Value, json};

#[track_caller]
fn check(property: fn(DiskTemplate) -> bool, wanted: &str) {
    let names: Vec<&str> = DiskTemplate::ALL.into_iter().filter(|it| property(*it)).map(DiskTemplate::as_str).collect();
    assert_eq!(names.join(" "), wanted);
}

#[test]
fn each_is_found_by_its_name() {
    check(
        |it| DiskTemplate::parse(it.as_str()) == Some(it),
        "blockdev diskless drbd ext file gluster plain rbd sharedfile",
    );
}

#[test]
fn other_names_are_none() {
    for name in ["", "DRBD", "drbd8", "mixed"] {
        assert_eq!(DiskTemplate::parse(name), None);
    }
}

#[test]
fn block() {
    check(DiskTemplate::block, "blockdev drbd ext plain rbd");
}

#[test]
fn copyable() {
    check(DiskTemplate::copyable, "file plain");
}

#[test]
fn drbd() {
    check(DiskTemplate::drbd, "drbd");
}

#[test]
fn excl_storage() {
    check(DiskTemplate::excl_storage, "plain");
}

#[test]
fn ext_mirror() {
    check(DiskTemplate::ext_mirror, "blockdev diskless ext gluster rbd sharedfile");
}

#[test]
fn int_mirror() {
    check(DiskTemplate::int_mirror, "drbd");
}

#[test]
fn mirrored() {
    check(DiskTemplate::mirrored, "blockdev diskless drbd ext gluster rbd sharedfile");
}

#[test]
fn filebased() {
    check(DiskTemplate::filebased, "file gluster sharedfile");
}

#[test]
fn growable() {
    check(DiskTemplate::growable, "drbd ext file gluster plain rbd sharedfile");
}

#[test]
fn have_access() {
    check(DiskTemplate::have_access, "ext gluster rbd");
}

#[test]
fn instance_dependent_path() {
    check(DiskTemplate::instance_dependent_path, "file sharedfile");
}

#[test]
fn lvm() {
    check(DiskTemplate::lvm, "drbd plain");
}

#[test]
fn may_adopt() {
    check(DiskTemplate::may_adopt, "blockdev plain");
}

#[test]
fn must_adopt() {
    check(DiskTemplate::must_adopt, "blockdev");
}

#[test]
fn no_free_space_check() {
    check(DiskTemplate::no_free_space_check, "ext file gluster rbd sharedfile");
}

#[test]
fn snapshot_capable() {
    check(DiskTemplate::snapshot_capable, "drbd ext plain");
}

#[test]
fn convertible_from() {
    check(DiskTemplate::convertible_from, "blockdev drbd ext file gluster plain rbd sharedfile");
}

#[test]
fn convertible_to() {
    check(DiskTemplate::convertible_to, "drbd ext file gluster plain rbd sharedfile");
}

#[test]
fn reports_space() {
    check(DiskTemplate::reports_space, "drbd file plain");
}

#[test]
fn storage_types() {
    let types = DiskTemplate::ALL.map(|it| it.storage_type().as_str());
    let wanted = ["blockdev", "diskless", "lvm-vg", "ext", "file", "gluster", "lvm-vg", "rados", "sharedfile"];
    assert_eq!(types, wanted);
}

#[test]
fn no_template_lies_on_physical_volumes() {
    assert!(DiskTemplate::ALL.iter().all(|it| it.storage_type() != StorageType::LvmPv));
}

#[track_caller]
fn check_defaults(template: DiskTemplate, wanted: Value) {
    assert_eq!(Value::from(template.parameters().defaults()).to_string(), wanted.to_string());
}

#[test]
fn parameters_of_drbd() {
    check_defaults(
        DiskTemplate::Drbd,
        json!({
            "c-delay-target": 1, "c-fill-target": 0, "c-max-rate": 61440, "c-min-rate": 4096, "c-plan-ahead": 20,
            "data-stripes": 1, "disk-barriers": "n", "disk-custom": "", "dynamic-resync": false,
            "meta-barriers": false, "meta-stripes": 1, "metavg": "xenvg", "net-custom": "", "protocol": "C",
            "resync-rate": 61440
        }),
    );
}

#[test]
fn parameters_of_the_others() {
    check_defaults(DiskTemplate::Plain, json!({ "stripes": 1 }));
    check_defaults(DiskTemplate::Ext, json!({ "access": "kernelspace" }));
    check_defaults(DiskTemplate::Rbd, json!({ "access": "kernelspace", "pool": "rbd" }));
    check_defaults(
        DiskTemplate::Gluster,
        json!({ "access": "kernelspace", "host": "127.0.0.1", "port": 24007, "volume": "gv0" }),
    );
}

#[test]
fn some_have_no_parameters() {
    for template in [DiskTemplate::Blockdev, DiskTemplate::Diskless, DiskTemplate::File, DiskTemplate::SharedFile] {
        check_defaults(template, json!({}));
    }
}
