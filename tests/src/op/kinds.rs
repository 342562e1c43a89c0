//! One value that is taken and some that are refused, for each kind of parameter, with the words of the refusal.

use cmdlib::op::Any;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::least;

/// What becomes of values of a parameter: as they are written, or the refusal.
fn told(op: &str, name: &str, values: &[Value]) -> String {
    let one = |value: &Value| {
        let mut members = least(op);
        members[name] = value.clone();
        match Any::read(&members) {
            Ok(read) => format!("{name} = {}\n", read.write()[name]),
            Err(refusal) => format!("{}\n", refusal.text),
        }
    };
    values.iter().map(one).collect()
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "it reads as a literal")]
fn check(op: &str, name: &str, values: Value, expected: Expect) {
    expected.assert_eq(&told(op, name, values.as_array().unwrap()));
}

#[test]
fn whole_numbers_have_their_limits() {
    check(
        "OP_OOB_COMMAND",
        "timeout",
        json!([-1, 9_223_372_036_854_775_808_u64, 1.5, "60", true]),
        expect![[r#"
        timeout = -1
        timeout = 9223372036854775808
        OP_OOB_COMMAND.timeout: expected a whole number, got 1.5
        OP_OOB_COMMAND.timeout: expected a whole number, got "60"
        OP_OOB_COMMAND.timeout: expected a whole number, got true
    "#]],
    );
    check(
        "OP_CLUSTER_SET_PARAMS",
        "candidate_pool_size",
        json!([1, 0, -1, null]),
        expect![[r#"
        candidate_pool_size = 1
        OP_CLUSTER_SET_PARAMS.candidate_pool_size: expected a whole number from 1 on, got 0
        OP_CLUSTER_SET_PARAMS.candidate_pool_size: expected a whole number from 1 on, got -1
        candidate_pool_size = null
    "#]],
    );
    check(
        "OP_INSTANCE_GROW_DISK",
        "disk",
        json!([0, 15, 16, -1, "0"]),
        expect![[r#"
        disk = 0
        disk = 15
        OP_INSTANCE_GROW_DISK.disk: expected the index of a disk, from 0 to 15, got 16
        OP_INSTANCE_GROW_DISK.disk: expected the index of a disk, from 0 to 15, got -1
        OP_INSTANCE_GROW_DISK.disk: expected the index of a disk, from 0 to 15, got "0"
    "#]],
    );
}

#[test]
fn a_number_may_be_whole() {
    check(
        "OP_OOB_COMMAND",
        "power_delay",
        json!([2, 0.5, "2"]),
        expect![[r#"
        power_delay = 2.0
        power_delay = 0.5
        OP_OOB_COMMAND.power_delay: expected a number, got "2"
    "#]],
    );
}

#[test]
fn words_are_listed_where_one_is_refused() {
    check(
        "OP_NETWORK_CONNECT",
        "network_mode",
        json!(["pool", "Pool", ""]),
        expect![[r#"
        network_mode = "pool"
        OP_NETWORK_CONNECT.network_mode: expected one of bridged, openvswitch, pool, routed, got "Pool"
        OP_NETWORK_CONNECT.network_mode: expected one of bridged, openvswitch, pool, routed, got ""
    "#]],
    );
    check(
        "OP_NODE_MODIFY_STORAGE",
        "storage_type",
        json!(["lvm-pv", "lvm"]),
        expect![[r#"
        storage_type = "lvm-pv"
        OP_NODE_MODIFY_STORAGE.storage_type: expected one of blockdev, diskless, ext, file, gluster, lvm-pv, lvm-vg, rados, sharedfile, got "lvm"
    "#]],
    );
    check(
        "OP_CLUSTER_SET_PARAMS",
        "enabled_hypervisors",
        json!([["kvm"], ["kvm", "qemu"]]),
        expect![[r#"
        enabled_hypervisors = ["kvm"]
        OP_CLUSTER_SET_PARAMS.enabled_hypervisors[1]: expected one of chroot, fake, kvm, lxc, xen-hvm, xen-pvm, got "qemu"
    "#]],
    );
    check(
        "OP_INSTANCE_CREATE",
        "disk_template",
        json!(["drbd", "drbd8"]),
        expect![[r#"
        disk_template = "drbd"
        OP_INSTANCE_CREATE.disk_template: expected one of blockdev, diskless, drbd, ext, file, gluster, plain, rbd, sharedfile, got "drbd8"
    "#]],
    );
}

#[test]
fn a_set_is_taken_in_any_form_that_means_one() {
    let values = json!([["nplusone_mem", "nplusone_mem"], "", {}, {"nplusone_mem": 1}, ["n+1"], "n", {"n+1": 1}, 5]);
    check(
        "OP_CLUSTER_VERIFY",
        "skip_checks",
        values,
        expect![[r#"
        skip_checks = ["nplusone_mem"]
        skip_checks = []
        skip_checks = []
        skip_checks = ["nplusone_mem"]
        OP_CLUSTER_VERIFY.skip_checks[0]: expected one of hvparam_assessment, nplusone_mem, got "n+1"
        OP_CLUSTER_VERIFY.skip_checks: expected a list, got "n"
        OP_CLUSTER_VERIFY.skip_checks.n+1: expected one of hvparam_assessment, nplusone_mem, got "n+1"
        OP_CLUSTER_VERIFY.skip_checks: expected a list, got 5
    "#]],
    );
}

#[test]
fn a_tuple_has_its_length_and_types() {
    let values = json!([[[1000, 1999]], [[1000]], [[1000, 1999, 1]], [[1000, "1999"]], [1000, 1999]]);
    check(
        "OP_CLUSTER_SET_PARAMS",
        "add_uids",
        values,
        expect![[r#"
        add_uids = [[1000,1999]]
        OP_CLUSTER_SET_PARAMS.add_uids[0]: expected a list of 2, got [1000]
        OP_CLUSTER_SET_PARAMS.add_uids[0]: expected a list of 2, got [1000,1999,1]
        OP_CLUSTER_SET_PARAMS.add_uids[0][1]: expected a whole number, got "1999"
        OP_CLUSTER_SET_PARAMS.add_uids[0]: expected a list of 2, got 1000
    "#]],
    );
    let values = json!([[["add", "debian"]], [["modify", "debian"]], [["add", ""]]]);
    check(
        "OP_CLUSTER_SET_PARAMS",
        "hidden_os",
        values,
        expect![[r#"
        hidden_os = [["add","debian"]]
        OP_CLUSTER_SET_PARAMS.hidden_os[0][0]: expected one of add, attach, detach, remove, got "modify"
        OP_CLUSTER_SET_PARAMS.hidden_os[0][1]: expected a text that is not empty, got ""
    "#]],
    );
}

#[test]
fn keys_of_objects_have_types_too() {
    let values = json!([{"link": "br0", "vlan": null}, {"colour": "red"}, {"link": 5}]);
    check(
        "OP_CLUSTER_SET_PARAMS",
        "nicparams",
        values,
        expect![[r#"
        nicparams = {"link":"br0","vlan":null}
        OP_CLUSTER_SET_PARAMS.nicparams.colour: expected one of bridge, ip, link, mac, mode, name, network, vlan, got "colour"
        OP_CLUSTER_SET_PARAMS.nicparams.link: expected a text, got 5
    "#]],
    );
    check(
        "OP_GROUP_ADD",
        "diskparams",
        json!([{"drbd": {}}, {"raid": {}}, {"drbd": 5}]),
        expect![[r#"
        diskparams = {"drbd":{}}
        OP_GROUP_ADD.diskparams.raid: expected one of blockdev, diskless, drbd, ext, file, gluster, plain, rbd, sharedfile, got "raid"
        OP_GROUP_ADD.diskparams.drbd: expected an object, got 5
    "#]],
    );
    check(
        "OP_INSTANCE_CREATE",
        "disks",
        json!([[{"size": 1024, "vg": "xenvg"}], [{"": 1}], [{"size": 1.5}], [5]]),
        expect![[r#"
            disks = [{"size":1024,"vg":"xenvg"}]
            OP_INSTANCE_CREATE.disks[0]: expected a text that is not empty, got ""
            OP_INSTANCE_CREATE.disks[0].size: expected a text that is not empty, or a whole number, got 1.5
            OP_INSTANCE_CREATE.disks[0]: expected an object, got 5
        "#]],
    );
    check(
        "OP_CLUSTER_SET_PARAMS",
        "enabled_data_collectors",
        json!([{"lv": true}, {"lv": 1}]),
        expect![[r#"
        enabled_data_collectors = {"lv":true}
        OP_CLUSTER_SET_PARAMS.enabled_data_collectors.lv: expected true or false, got 1
    "#]],
    );
}

#[test]
fn changes_of_disks_and_interfaces_come_in_two_forms() {
    let values = json!([
        [],
        [["add", -1, {"size": 512}], ["modify", "disk0", {}]],
        [["add", {"size": 512}], [0, {"name": "data"}]],
        [["modify", {}]],
        [["add", -1, {"size": 512}], [0, {}]],
        [["grow", 0, {}]],
        [[0.5, {}]],
        [["add", [], {}]],
        [["add"]],
        ["add"],
        5,
    ]);
    check(
        "OP_INSTANCE_SET_PARAMS",
        "disks",
        values,
        expect![[r#"
        disks = []
        disks = [["add",-1,{"size":512}],["modify","disk0",{}]]
        disks = [["add",{"size":512}],[0,{"name":"data"}]]
        OP_INSTANCE_SET_PARAMS.disks[0][0]: expected one of add, attach, detach, remove, or a whole number from 0 on, got "modify"
        OP_INSTANCE_SET_PARAMS.disks[1]: expected a list of 3, got [0,{}]
        OP_INSTANCE_SET_PARAMS.disks[0][0]: expected one of add, attach, detach, modify, remove, got "grow"
        OP_INSTANCE_SET_PARAMS.disks[0][0]: expected one of add, attach, detach, remove, or a whole number from 0 on, got 0.5
        OP_INSTANCE_SET_PARAMS.disks[0][1]: expected a whole number, or a text, got []
        OP_INSTANCE_SET_PARAMS.disks[0]: expected a list of 3, got ["add"]
        OP_INSTANCE_SET_PARAMS.disks[0]: expected a list of 3, got "add"
        OP_INSTANCE_SET_PARAMS.disks: expected a list, got 5
    "#]],
    );
}

#[test]
fn disks_are_made_anew_by_index_or_with_changes() {
    let values = json!([[], [0, 2], [[0, {"spindles": 2}]], [-1], [[0, {"": 1}]], [[0]], [0, [1, {}]], {}]);
    check(
        "OP_INSTANCE_RECREATE_DISKS",
        "disks",
        values,
        expect![[r#"
        disks = []
        disks = [0,2]
        disks = [[0,{"spindles":2}]]
        OP_INSTANCE_RECREATE_DISKS.disks[0]: expected a whole number from 0 on, got -1
        OP_INSTANCE_RECREATE_DISKS.disks[0][1]: expected a text that is not empty, got ""
        OP_INSTANCE_RECREATE_DISKS.disks[0]: expected a list of 2, got [0]
        OP_INSTANCE_RECREATE_DISKS.disks[1]: expected a whole number from 0 on, got [1,{}]
        OP_INSTANCE_RECREATE_DISKS.disks: expected a list, got {}
    "#]],
    );
}

#[test]
fn an_export_goes_to_a_node_or_to_what_another_cluster_said() {
    check(
        "OP_BACKUP_EXPORT",
        "target_node",
        json!(["node2", [["a", 1]], "", {}, null]),
        expect![[r#"
        target_node = "node2"
        target_node = [["a",1]]
        OP_BACKUP_EXPORT.target_node: expected a text that is not empty, or a list, got ""
        OP_BACKUP_EXPORT.target_node: expected a text that is not empty, or a list, got {}
        OP_BACKUP_EXPORT.target_node: expected a text that is not empty, or a list, got null
    "#]],
    );
}

#[test]
fn secrets_never_show_in_refusals_nor_in_debugging_output() {
    let secret = "s3cret-marker";
    let cases = [
        (
            "OP_INSTANCE_CREATE",
            "osparams_private",
            json!([{"pw": secret}, [["pw", secret]], "", null, secret, [secret], [[5, secret]]]),
        ),
        ("OP_INSTANCE_REINSTALL", "osparams_secret", json!([{"pw": secret}, [["pw", secret]], secret])),
        (
            "OP_CLUSTER_SET_PARAMS",
            "osparams_private_cluster",
            json!([{"debian": {"pw": secret}}, {"debian": null}, secret, {"debian": secret}]),
        ),
        ("OP_BACKUP_EXPORT", "x509_key_name", json!([["key", secret], secret, {"key": secret}])),
        ("OP_INSTANCE_CREATE", "source_handshake", json!([[2, secret], secret])),
    ];
    let mut refusals = String::new();
    for (op, name, values) in cases {
        for value in values.as_array().unwrap() {
            let mut members = least(op);
            members[name] = value.clone();
            match Any::read(&members) {
                Ok(read) => assert!(!format!("{read:?}").contains(secret), "{op}.{name}"),
                Err(refusal) => refusals += &format!("{}\n", refusal.text),
            }
        }
    }
    assert!(!refusals.contains(secret));
    expect![[r#"
        OP_INSTANCE_CREATE.osparams_private: expected an object, got a value that is not shown
        OP_INSTANCE_CREATE.osparams_private: expected an object, got a value that is not shown
        OP_INSTANCE_CREATE.osparams_private: expected an object, got a value that is not shown
        OP_INSTANCE_REINSTALL.osparams_secret: expected an object, got a value that is not shown
        OP_CLUSTER_SET_PARAMS.osparams_private_cluster: expected an object, got a value that is not shown
        OP_CLUSTER_SET_PARAMS.osparams_private_cluster.debian: expected an object, got a value that is not shown
        OP_BACKUP_EXPORT.x509_key_name: expected a list, got a value that is not shown
        OP_BACKUP_EXPORT.x509_key_name: expected a list, got a value that is not shown
        OP_INSTANCE_CREATE.source_handshake: expected a list, got a value that is not shown
    "#]]
    .assert_eq(&refusals);
}

#[test]
fn a_result_is_checked_as_a_parameter_is() {
    let told = |id: &str, value: Value| match Any::check_result(id, &value).unwrap() {
        Ok(()) => "it fits\n".to_owned(),
        Err(misfit) => format!("{misfit}\n"),
    };
    let field = json!({"name": "name", "title": "Node", "kind": "text", "doc": "Its name"});
    let results = [
        told("OP_QUERY", json!({"fields": [field], "data": [[[0, "node1"]], [[4, null]]]})),
        told("OP_QUERY", json!({"fields": [field], "data": [[[5, "node1"]]]})),
        told("OP_QUERY", json!({"fields": [], "data": [], "more": 1})),
        told("OP_QUERY_FIELDS", json!({"fields": [{"name": "name"}]})),
        told("OP_INSTANCE_MULTI_ALLOC", json!({"jobs": [[true, 1]], "allocatable": ["web1"], "failed": []})),
        told("OP_INSTANCE_MULTI_ALLOC", json!({"jobs": []})),
        told("OP_CLUSTER_REPAIR_DISK_SIZES", json!([["web1", 0, "size", 1024]])),
        told("OP_CLUSTER_REPAIR_DISK_SIZES", json!([["web1", 0, "size"]])),
    ];
    expect![[r#"
        it fits
        data[0][0][0]: expected one of 0, 1, 2, 3, 4, got 5
        expected an object of fields, data, got {"fields":[],"data":[],"more":1}
        fields[0].title: expected a value, got nothing
        it fits
        allocatable: expected a value, got nothing
        it fits
        [0]: expected a list of 4, got ["web1",0,"size"]
    "#]]
    .assert_eq(&results.concat());
    assert_eq!(Any::check_result("OP_PET_FEED", &Value::Null), None);
}
