//! What the devices of a disk get of the parameters of its template.

use cmdlib::params::{DiskTemplate, logical_disk_params};
use serde_json::{Value, json};

use super::params;

#[track_caller]
fn check(template: DiskTemplate, changes: Value, wanted: &[Value]) {
    let mut given = template.parameters().defaults();
    given.extend(params(changes));
    let devices: Vec<String> =
        logical_disk_params(template, &given).into_iter().map(|device| Value::from(device).to_string()).collect();
    assert_eq!(devices, wanted.iter().map(Value::to_string).collect::<Vec<_>>());
}

#[test]
fn a_drbd_disk_is_a_device_over_two_volumes() {
    check(
        DiskTemplate::Drbd,
        json!({
            "c-delay-target": 2, "c-fill-target": 3, "c-max-rate": 4, "c-min-rate": 5, "c-plan-ahead": 6,
            "data-stripes": 7, "disk-barriers": "bf", "disk-custom": "d", "dynamic-resync": false,
            "meta-barriers": true, "meta-stripes": 8, "metavg": "vg", "net-custom": "n", "protocol": "A",
            "resync-rate": 9
        }),
        &[
            json!({
                "c-delay-target": 2, "c-fill-target": 3, "c-max-rate": 4, "c-min-rate": 5, "c-plan-ahead": 6,
                "default-metavg": "vg", "disable-meta-flush": true, "disabled-barriers": "bf", "disk-custom": "d",
                "dynamic-resync": false, "net-custom": "n", "protocol": "A", "resync-rate": 9
            }),
            json!({ "stripes": 7 }),
            json!({ "stripes": 8 }),
        ],
    );
}

#[test]
fn the_others_are_one_device_with_the_same_parameters() {
    check(DiskTemplate::Plain, json!({ "stripes": 3 }), &[json!({ "stripes": 3 })]);
    check(DiskTemplate::Ext, json!({ "access": "userspace" }), &[json!({ "access": "userspace" })]);
    check(DiskTemplate::Rbd, json!({ "pool": "p" }), &[json!({ "access": "kernelspace", "pool": "p" })]);
    check(
        DiskTemplate::Gluster,
        json!({ "port": 1 }),
        &[json!({ "access": "kernelspace", "host": "127.0.0.1", "port": 1, "volume": "gv0" })],
    );
}

#[test]
fn some_have_nothing_to_pass_on() {
    for template in [DiskTemplate::Blockdev, DiskTemplate::Diskless, DiskTemplate::File, DiskTemplate::SharedFile] {
        check(template, json!({}), &[json!({})]);
    }
}

#[test]
fn what_the_template_does_not_know_is_left_out() {
    check(DiskTemplate::Plain, json!({ "pool": "x" }), &[json!({ "stripes": 1 })]);
}

#[test]
fn what_is_missing_is_the_default() {
    let devices = logical_disk_params(DiskTemplate::Drbd, &params(json!({})));
    assert_eq!((&devices[0]["resync-rate"], &devices[2]["stripes"]), (&json!(61440), &json!(1)));
}
