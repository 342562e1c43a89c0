//! The tables themselves. Their whole content was compared with the reference's constants by a script when they were
//! written; here stands what a slip of the hand would change.

use cmdlib::params::{Kind, Row, Table, enforce, fill, tables};
use serde_json::{Value, json};

use super::params;

#[track_caller]
fn check_defaults(table: Table, wanted: Value) {
    assert_eq!(Value::from(table.defaults()).to_string(), wanted.to_string());
}

#[track_caller]
fn check_kind(table: Table, name: &str, wanted: Kind) {
    assert_eq!(table.get(name).map(|row| row.kind), Some(wanted));
}

#[test]
fn backend() {
    check_defaults(
        tables::BACKEND,
        json!({ "always_failover": false, "auto_balance": true, "maxmem": 128, "minmem": 128, "spindle_use": 1, "vcpus": 1 }),
    );
}

#[test]
fn only_the_compatible_backend_table_has_the_old_memory() {
    check_kind(tables::BACKEND_COMPAT, "memory", Kind::Size);
    assert_eq!(tables::BACKEND.get("memory"), None);
    assert_eq!(tables::BACKEND_COMPAT.names().len(), tables::BACKEND.names().len() + 1);
}

#[test]
fn nic() {
    check_defaults(tables::NIC, json!({ "link": "xen-br0", "mode": "bridged", "vlan": "" }));
}

#[test]
fn node() {
    check_defaults(
        tables::NODE,
        json!({
            "cpu_speed": 1.0, "exclusive_storage": false, "oob_program": "", "ovs": false, "ovs_link": "",
            "ovs_name": "switch1", "spindle_count": 1, "ssh_port": 22
        }),
    );
}

#[test]
fn exclusive_storage_is_the_global_node_parameter() {
    assert_eq!(tables::NODE.globals(), ["exclusive_storage"]);
}

#[test]
fn states() {
    check_defaults(
        tables::HYPERVISOR_STATE,
        json!({ "cpu_node": 1, "cpu_total": 1, "mem_hv": 0, "mem_node": 0, "mem_total": 0 }),
    );
    check_defaults(tables::DISK_STATE, json!({ "disk_overhead": 0, "disk_reserved": 0, "disk_total": 0 }));
}

#[test]
fn keys_of_opcodes_have_no_defaults() {
    for table in [tables::OPCODE_DISK, tables::OPCODE_DISK_CHANGE, tables::OPCODE_NIC, tables::INSTANCE_SPECS] {
        check_defaults(table, json!({}));
    }
}

#[test]
fn the_name_of_a_disk_may_be_null_when_it_is_made_only() {
    check_kind(tables::OPCODE_DISK, "name", Kind::MaybeString);
    check_kind(tables::OPCODE_DISK_CHANGE, "name", Kind::String);
}

#[test]
fn the_vlan_of_a_nic_may_be_null_in_an_opcode_only() {
    check_kind(tables::OPCODE_NIC, "vlan", Kind::MaybeString);
    check_kind(tables::NIC, "vlan", Kind::String);
}

#[test]
fn any_disk_template_has_each_name_once() {
    let names = tables::DISK_TEMPLATE.names();
    assert_eq!(names.len(), 21);
    assert_eq!(names.iter().filter(|name| **name == "access").count(), 1);
}

#[test]
fn defaults_are_of_their_kind() {
    for table in [tables::BACKEND, tables::NIC, tables::NODE, tables::HYPERVISOR, tables::DISK_TEMPLATE] {
        let mut enforced = table.defaults();
        enforce(&mut enforced, &table).expect("defaults are good");
        assert_eq!(enforced, table.defaults());
    }
}

#[test]
fn the_first_of_two_rows_with_one_name_holds() {
    const TWICE: Table = Table::new(&[&[Row::new("a", Kind::Int)], &[Row::new("a", Kind::Bool).global()]]);
    check_kind(TWICE, "a", Kind::Int);
    assert_eq!((TWICE.names(), TWICE.globals()), (vec!["a"], vec![]));
}

#[test]
fn filling_keeps_the_order_of_the_defaults() {
    let filled = fill(&params(json!({ "a": 1, "b": 2 })), &params(json!({ "c": 3, "b": null, "a": 4 })));
    assert_eq!(Value::from(filled).to_string(), r#"{"a":4,"b":null,"c":3}"#);
}
