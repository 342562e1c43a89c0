//! Faults of what may exist, or be used, only once.

use cmdlib::config::FindingKind::*;
use serde_json::{Value, json};

use super::{check, check_fine};

#[test]
fn two_objects_of_one_name_are_found() {
    check(NameTwice, &["node", "'node1.example.com'", "node1, node3"], |it| {
        it["nodes"]["node3"]["name"] = json!("node1.example.com");
    });
    check(NameTwice, &["node group", "'default'"], |it| {
        it["nodegroups"]["group-rack-b"]["name"] = json!("default");
    });
    check(NameTwice, &["instance", "'web1.example.com'"], |it| {
        it["instances"]["db1"]["name"] = json!("web1.example.com");
    });
    check(NameTwice, &["network", "'lan'"], |it| {
        it["networks"]["net-dmz"] = json!({"uuid": "net-dmz", "name": "lan", "network": "10.0.0.0/24"});
    });
}

#[test]
fn planned_instances_without_names_have_no_name_in_common() {
    check_fine(|it| {
        it["instances"]["plan1"]["name"] = Value::Null;
        it["instances"]["plan2"] = json!({"uuid": "plan2", "forthcoming": true});
    });
}

#[test]
fn a_disk_attached_to_two_instances_is_found() {
    check(DiskAttachedTwice, &["disk 0 of instance 'plan1.example.com'", "disk-web1"], |it| {
        it["instances"]["plan1"]["disks"] = json!(["disk-web1"]);
    });
}

#[test]
fn a_hardware_address_used_twice_is_found() {
    let owners = ["aa:00:00:00:00:01", "interface 0 of instance 'web1", "interface 0 of instance 'db1"];
    check(MacTwice, &owners, |it| it["instances"]["db1"]["nics"][0]["mac"] = json!("aa:00:00:00:00:01"));
    // In either case it is the same one.
    check(MacTwice, &owners, |it| it["instances"]["db1"]["nics"][0]["mac"] = json!("AA:00:00:00:00:01"));
}

#[test]
fn a_port_used_twice_is_found() {
    check(PortTwice, &["11000", "disk 0 of instance 'web1", "console of instance 'db1"], |it| {
        it["instances"]["db1"]["network_port"] = json!(11000);
    });
}

#[test]
fn a_port_that_is_used_and_free_is_found() {
    check(PortTwice, &["11005", "console of instance 'db1", "free ports"], |it| {
        it["instances"]["db1"]["network_port"] = json!(11005);
    });
}

#[test]
fn a_port_above_the_highest_is_found() {
    check(PortAboveHighest, &["11009", "11010"], |it| it["instances"]["db1"]["network_port"] = json!(11010));
    check(PortAboveHighest, &["11007", "11008"], |it| it["cluster"]["highest_used_port"] = json!(11007));
}

/// Turns the spare disk into a mirror like that of `web1`, with a port of its own.
fn second_mirror(document: &mut Value, logical_id: Value) {
    let spare = &mut document["disks"]["disk-spare"];
    spare["dev_type"] = json!("drbd");
    spare["logical_id"] = logical_id;
}

#[test]
fn a_minor_used_twice_on_a_node_is_found() {
    check(MinorTwice, &["minor 0", "'node2.example.com'", "'spare'", "disk 0 of instance 'web1"], |it| {
        second_mirror(it, json!(["node3", "node2", 11002, 0, 0, "psst"]));
    });
}

#[test]
fn the_same_minor_on_other_nodes_is_fine() {
    check_fine(|it| second_mirror(it, json!(["node3", "node2", 11002, 0, 1, "psst"])));
}

#[test]
fn a_mirror_without_minors_and_port_uses_none() {
    check_fine(|it| second_mirror(it, json!(["node3", "node2", null, null, null, "psst"])));
}

#[test]
fn a_volume_of_two_disks_on_one_node_is_found() {
    let says = ["volume xenvg/db1.a", "'node2.example.com'", "disk 0 of instance 'db1", "disk 1 of instance 'db1"];
    check(VolumeTwice, &says, |it| it["disks"]["disk-db1-b"]["logical_id"] = json!(["xenvg", "db1.a"]));
}

#[test]
fn a_volume_below_a_mirror_that_another_disk_has_is_found() {
    let says = ["volume xenvg/web1.meta", "'node2.example.com'", "disk 0 of instance 'web1", "disk 0 of instance 'db1"];
    check(VolumeTwice, &says, |it| it["disks"]["disk-db1-a"]["logical_id"] = json!(["xenvg", "web1.meta"]));
}

#[test]
fn a_volume_for_data_and_metadata_at_once_is_found_on_both_nodes() {
    let found = super::findings(|it| {
        it["disks"]["disk-web1"]["children"][1]["logical_id"] = json!(["xenvg", "web1.data"]);
    });
    assert_eq!(found.iter().map(|it| it.kind).collect::<Vec<_>>(), [VolumeTwice, VolumeTwice], "{found:#?}");
}

#[test]
fn the_same_volume_name_on_another_node_or_in_another_group_is_fine() {
    check_fine(|it| it["disks"]["disk-spare"]["logical_id"] = json!(["xenvg", "db1.a"]));
    check_fine(|it| it["disks"]["disk-db1-b"]["logical_id"] = json!(["fast", "db1.a"]));
}

#[test]
fn an_address_of_two_nodes_is_found() {
    check(AddressTwice, &["198.51.100.1", "'node1.example.com' (primary)", "'node3.example.com' (secondary)"], |it| {
        it["nodes"]["node3"]["secondary_ip"] = json!("198.51.100.1");
    });
}

#[test]
fn the_address_of_the_master_on_a_node_is_found() {
    check(AddressTwice, &["198.51.100.100", "the master", "'node3"], |it| {
        it["nodes"]["node3"]["primary_ip"] = json!("198.51.100.100");
    });
}

#[test]
fn a_node_with_one_address_for_both_is_fine() {
    check_fine(|it| it["nodes"]["node3"]["secondary_ip"] = json!("198.51.100.3"));
}

/// Gives the interface of `db1` the address of the one of `web1`, in this mode, on this link.
fn same_address(document: &mut Value, mode: &str, link: &str) {
    let nic = &mut document["instances"]["db1"]["nics"][0];
    nic["ip"] = json!("192.0.2.2");
    nic["network"] = json!("net-lan");
    nic["nicparams"] = json!({"mode": mode, "link": link});
}

#[test]
fn an_address_of_two_interfaces_on_one_link_is_found() {
    check(AddressTwice, &["192.0.2.2", "instance 'web1", "instance 'db1"], |it| same_address(it, "bridged", "br1"));
}

#[test]
fn an_address_on_another_link_in_another_mode_or_network_is_another_one() {
    check_fine(|it| same_address(it, "bridged", "br0"));
    check_fine(|it| same_address(it, "routed", "br1"));
    check_fine(|it| {
        same_address(it, "bridged", "br1");
        it["instances"]["db1"]["nics"][0]["network"] = Value::Null;
    });
}

#[test]
fn an_interface_that_inherits_its_link_is_compared_by_it() {
    check(AddressTwice, &["192.0.2.2"], |it| {
        same_address(it, "bridged", "br0");
        it["instances"]["web1"]["nics"][0]["nicparams"] = json!({});
    });
}

#[test]
fn an_interface_may_have_the_address_of_a_node() {
    check_fine(|it| it["instances"]["db1"]["nics"][0]["ip"] = json!("198.51.100.1"));
}
