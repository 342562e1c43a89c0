//! Faults of nodes, groups, networks, instances and disks.

use cmdlib::config::FindingKind::*;
use serde_json::{Value, json};

use super::{check, check_fine, findings};

#[test]
fn an_object_filed_under_another_uuid_is_found() {
    for (pointer, kind) in [
        ("/nodes/node3", "node 'node3"),
        ("/nodegroups/group-rack-b", "node group 'rack-b'"),
        ("/instances/plan1", "instance 'plan1"),
        ("/networks/net-lan", "network 'lan'"),
        ("/disks/disk-spare", "disk 'spare'"),
    ] {
        check(Misfiled, &[kind, "elsewhere"], |it| it.pointer_mut(pointer).unwrap()["uuid"] = json!("elsewhere"));
    }
}

#[test]
fn a_node_in_a_group_that_does_not_exist_is_found() {
    check(GroupOfNodeGone, &["'node3.example.com'", "group-gone"], |it| {
        it["nodes"]["node3"]["group"] = json!("group-gone");
    });
}

#[test]
fn a_node_in_two_states_is_found() {
    check(NodeStates, &["'node3.example.com'", "drained and offline"], |it| {
        it["nodes"]["node3"]["drained"] = json!(true);
        it["nodes"]["node3"]["offline"] = json!(true);
    });
    check(NodeStates, &["master candidate and drained"], |it| it["nodes"]["node2"]["drained"] = json!(true));
}

#[test]
fn a_node_in_one_state_is_fine() {
    check_fine(|it| it["nodes"]["node3"]["offline"] = json!(true));
    check_fine(|it| it["nodes"]["node3"]["drained"] = json!(true));
}

#[test]
fn an_unknown_parameter_of_a_node_is_found() {
    check(NodeParameters, &["node 'node1", "port"], |it| it["nodes"]["node1"]["ndparams"] = json!({"port": 22}));
}

#[test]
fn a_parameter_of_a_node_that_is_for_whole_groups_is_found() {
    check(GlobalNodeParameters, &["'node1.example.com'", "exclusive_storage"], |it| {
        it["nodes"]["node1"]["ndparams"] = json!({"exclusive_storage": true});
    });
}

#[test]
fn a_parameter_of_a_group_of_the_wrong_type_is_found() {
    check(NodeParameters, &["group 'rack-b'", "spindle_count"], |it| {
        it["nodegroups"]["group-rack-b"]["ndparams"]["spindle_count"] = json!("many");
    });
}

#[test]
fn a_group_whose_name_looks_like_a_uuid_is_found() {
    let uuid = "5244A46D-7506-4e14-922d-02b58153dde1";
    check(GroupNameLikeUuid, &[uuid], |it| it["nodegroups"]["group-rack-b"]["name"] = json!(uuid));
}

#[test]
fn a_group_whose_name_is_nearly_a_uuid_is_fine() {
    for name in
        ["5244a46d-7506-4e14-922d-02b58153dde", "5244a46d-7506-4e14-922d", "g244a46d-7506-4e14-922d-02b58153dde1"]
    {
        check_fine(|it| it["nodegroups"]["group-rack-b"]["name"] = json!(name));
    }
}

#[test]
fn a_group_that_is_connected_to_a_network_that_does_not_exist_is_found() {
    check(NetworkOfGroupGone, &["'rack-b'", "net-gone"], |it| {
        it["nodegroups"]["group-rack-b"]["networks"]["net-gone"] = json!({});
    });
}

#[test]
fn an_interface_in_a_network_that_does_not_exist_is_found() {
    check(NetworkOfNicGone, &["interface 0", "'db1.example.com'", "net-gone"], |it| {
        it["instances"]["db1"]["nics"][0]["network"] = json!("net-gone");
    });
}

/// Gives the interface of `web1` another address, and reserves nothing.
fn other_address(document: &mut Value, address: &str) {
    document["instances"]["web1"]["nics"][0]["ip"] = json!(address);
    document["networks"]["net-lan"]["reservations"] = json!("00000000");
}

#[test]
fn an_address_that_is_not_reserved_in_its_network_is_found() {
    check(AddressNotReserved, &["'web1.example.com'", "192.0.2.3", "'lan'"], |it| other_address(it, "192.0.2.3"));
}

#[test]
fn an_address_that_is_reserved_externally_only_is_found() {
    check(AddressNotReserved, &["192.0.2.1"], |it| other_address(it, "192.0.2.1"));
}

#[test]
fn an_address_outside_of_its_network_is_found() {
    for odd in ["192.0.3.2", "2001:db8::1", "", "pool"] {
        check(AddressNotReserved, &[odd], |it| other_address(it, odd));
    }
}

#[test]
fn a_reservation_that_no_interface_uses_is_found() {
    check(ReservationUnused, &["'lan'", "192.0.2.3"], |it| {
        it["networks"]["net-lan"]["reservations"] = json!("00110000");
    });
    check(ReservationUnused, &["192.0.2.3 and 2 more"], |it| {
        it["networks"]["net-lan"]["reservations"] = json!("00111100");
    });
}

#[test]
fn a_reservation_whose_interface_left_the_network_is_found() {
    check(ReservationUnused, &["'lan'", "192.0.2.2"], |it| {
        it["instances"]["web1"]["nics"][0]["network"] = Value::Null;
    });
}

#[test]
fn what_is_reserved_externally_needs_no_interface() {
    check_fine(|it| it["networks"]["net-lan"]["ext_reservations"] = json!("11110001"));
}

#[test]
fn an_address_without_network_needs_no_reservation() {
    check_fine(|it| it["instances"]["db1"]["nics"][0]["ip"] = json!("10.0.0.1"));
}

#[test]
fn a_network_that_can_have_no_pool_is_found_once() {
    for (key, value) in [
        ("network", json!("192.0.2.0/40")),
        ("network", json!("10.0.0.0/8")),
        ("reservations", json!("0010")),
        ("ext_reservations", json!("1100000x")),
    ] {
        check(NetworkPool, &["'lan'"], |it| it["networks"]["net-lan"][key] = value);
    }
}

#[test]
fn a_primary_node_that_does_not_exist_is_found() {
    check(PrimaryNodeGone, &["'db1.example.com'", "node9"], |it| {
        it["instances"]["db1"]["primary_node"] = json!("node9");
    });
}

#[test]
fn an_instance_without_primary_node_is_found() {
    check(PrimaryNodeGone, &["'db1.example.com'", "none"], |it| it["instances"]["db1"]["primary_node"] = json!(""));
}

#[test]
fn a_planned_instance_may_have_no_node_but_none_that_does_not_exist() {
    check_fine(|it| it["instances"]["plan1"]["primary_node"] = json!(""));
    check(PrimaryNodeGone, &["plan1", "node9"], |it| it["instances"]["plan1"]["primary_node"] = json!("node9"));
}

#[test]
fn an_instance_without_name_is_named_by_its_uuid() {
    check(PrimaryNodeGone, &["'plan1'"], |it| {
        it["instances"]["plan1"]["name"] = Value::Null;
        it["instances"]["plan1"]["primary_node"] = json!("node9");
    });
}

#[test]
fn an_unknown_parameter_of_an_instance_is_found() {
    check(BackendParameters, &["instance 'web1", "cpus"], |it| it["instances"]["web1"]["beparams"]["cpus"] = json!(1));
}

#[test]
fn an_unknown_parameter_of_an_interface_is_found() {
    check(NicParameters, &["interface 0 of instance 'db1", "bridge"], |it| {
        it["instances"]["db1"]["nics"][0]["nicparams"]["bridge"] = json!("br0");
    });
}

#[test]
fn an_unknown_mode_of_an_interface_is_found() {
    check(NicMode, &["interface 0 of instance 'db1", "pooled"], |it| {
        it["instances"]["db1"]["nics"][0]["nicparams"]["mode"] = json!("pooled");
    });
}

#[test]
fn an_interface_is_judged_with_what_it_takes_from_the_cluster() {
    check(NicMode, &["interface 0 of instance 'db1", "link"], |it| {
        it["cluster"]["nicparams"]["default"] = json!({"mode": "routed", "link": ""});
        it["instances"]["db1"]["nics"][0]["nicparams"] = json!({"mode": "bridged"});
    });
}

#[test]
fn a_disk_of_an_instance_that_does_not_exist_is_found() {
    check(DiskOfInstanceGone, &["disk 1 of instance 'web1.example.com'", "disk-gone"], |it| {
        it["instances"]["web1"]["disks"] = json!(["disk-web1", "disk-gone"]);
    });
}

#[test]
fn a_disk_that_is_called_after_another_place_is_found() {
    for odd in ["disk/0", "disk/01", "disk1", ""] {
        check(DiskPlaceName, &["disk 1 of instance 'db1.example.com'", odd, "'disk/1'"], |it| {
            it["disks"]["disk-db1-b"]["iv_name"] = json!(odd);
        });
    }
}

#[test]
fn an_odd_mode_of_a_disk_is_found() {
    check(DiskMode, &["disk 0 of instance 'web1", "'w'", "rw or ro"], |it| {
        it["disks"]["disk-web1"]["mode"] = json!("w");
    });
}

#[test]
fn a_disk_that_no_instance_has_is_named_by_its_name_or_uuid() {
    check(DiskMode, &["disk 'spare'"], |it| it["disks"]["disk-spare"]["mode"] = json!("w"));
    check(DiskMode, &["disk disk-spare"], |it| {
        it["disks"]["disk-spare"]["mode"] = json!("w");
        it["disks"]["disk-spare"]["name"] = Value::Null;
    });
}

#[test]
fn a_disk_on_a_node_that_does_not_exist_is_found() {
    check(NodeOfDiskGone, &["disk 'spare'", "node9"], |it| it["disks"]["disk-spare"]["nodes"] = json!(["node9"]));
}

#[test]
fn a_secondary_node_that_does_not_exist_is_found_once() {
    check(NodeOfDiskGone, &["disk 0 of instance 'web1", "node9"], |it| {
        it["disks"]["disk-web1"]["logical_id"][1] = json!("node9");
        it["disks"]["disk-web1"]["nodes"] = json!(["node1", "node9"]);
        it["disks"]["disk-web1"]["children"][0]["nodes"] = json!(["node1", "node9"]);
    });
}

#[test]
fn a_secret_is_in_no_finding() {
    let found = findings(|it| {
        it["disks"]["disk-web1"]["mode"] = json!("w");
        it["disks"]["disk-web1"]["logical_id"][0] = json!("node9");
        it["disks"]["disk-spare"]["dev_type"] = json!("drbd");
        it["disks"]["disk-spare"]["logical_id"] = it["disks"]["disk-web1"]["logical_id"].clone();
    });
    assert!(found.len() > 3);
    assert!(!found.iter().any(|it| it.text.contains("hush")), "{found:#?}");
}
