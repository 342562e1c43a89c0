//! What follows from the stored state: parameters filled level by level, nodes and volumes of instances.

use std::collections::BTreeSet;

use cmdlib::config::{Data, Snapshot};
use cmdlib::objects::{Instance, Node, NodeGroup};
use cmdlib::params::DiskTemplate;
use serde_json::{Value, json};

use super::documents::{changed, small_snapshot};

fn instance(data: &Data, id: &str) -> std::sync::Arc<Instance> {
    data.get::<Instance>(&id.into()).unwrap()
}

fn node(data: &Data, id: &str) -> std::sync::Arc<Node> {
    data.get::<Node>(&id.into()).unwrap()
}

fn group(data: &Data, id: &str) -> std::sync::Arc<NodeGroup> {
    data.get::<NodeGroup>(&id.into()).unwrap()
}

/// Checks some of filled parameters.
#[track_caller]
fn check(filled: &cmdlib::params::Params, wanted: Value) {
    for (key, value) in wanted.as_object().unwrap() {
        assert_eq!(filled.get(key), Some(value), "{key} of {}", Value::from(filled.clone()));
    }
}

#[test]
fn hypervisor_parameters_come_from_the_instance_its_system_the_cluster_and_the_defaults() {
    let data = small_snapshot();
    // One of each level, each hidden from the levels below.
    let wanted = json!({"kernel_path": "", "kernel_args": "small", "root_path": "/dev/sda1", "acpi": true});
    check(&data.instance_hvparams(&instance(&data, "web1")), wanted);
}

#[test]
fn another_system_has_not_the_parameters_of_the_first() {
    let data = small_snapshot();
    check(&data.instance_hvparams(&instance(&data, "db1")), json!({"kernel_args": "quiet"}));
}

#[test]
fn hypervisor_parameters_of_the_whole_cluster_do_not_count_at_an_instance() {
    let data = changed(|document| document["instances"]["web1"]["hvparams"]["migration_mode"] = json!("non-live"));
    check(&data.instance_hvparams(&instance(&data, "web1")), json!({"migration_mode": "live"}));
}

#[test]
fn an_unknown_hypervisor_has_the_parameters_that_are_stored() {
    let data = changed(|document| document["cluster"]["hvparams"]["vbox"] = json!({"a": 1}));
    assert_eq!(json!(*data.cluster_hvparams("vbox")), json!({"a": 1}));
    assert_eq!(json!(*data.cluster_hvparams("other")), json!({}));
}

#[test]
fn backend_parameters_come_from_the_instance_the_cluster_and_the_defaults() {
    let data = small_snapshot();
    check(&data.instance_beparams(&instance(&data, "web1")), json!({"maxmem": 1024, "vcpus": 2, "minmem": 128}));
    check(&data.instance_beparams(&instance(&data, "db1")), json!({"maxmem": 256, "vcpus": 1, "minmem": 128}));
}

#[test]
fn the_old_memory_of_any_level_is_both_bounds() {
    let data = changed(|document| document["instances"]["db1"]["beparams"] = json!({"memory": 512}));
    check(&data.instance_beparams(&instance(&data, "db1")), json!({"maxmem": 512, "minmem": 512}));
    let data = changed(|document| document["cluster"]["beparams"]["default"] = json!({"memory": 64}));
    check(&data.instance_beparams(&instance(&data, "db1")), json!({"maxmem": 64, "minmem": 64}));
    assert!(!data.cluster_beparams().contains_key("memory"));
}

#[test]
fn interface_parameters_come_from_the_interface_the_cluster_and_the_defaults() {
    let data = small_snapshot();
    let filled = |id: &str| Value::from(data.nicparams(&instance(&data, id).nics[0]));
    assert_eq!(filled("web1"), json!({"link": "br1", "mode": "bridged", "vlan": ""}));
    assert_eq!(filled("db1"), json!({"link": "br0", "mode": "bridged", "vlan": ""}));
}

#[test]
fn a_cluster_without_interface_parameters_has_the_defaults() {
    let data = changed(|document| document["cluster"]["nicparams"] = json!({}));
    check(&data.cluster_nicparams(), json!({"link": "xen-br0", "mode": "bridged"}));
}

#[test]
fn system_parameters_come_from_the_bare_name_the_variant_and_the_instance() {
    let data = small_snapshot();
    let own = instance(&data, "web1").osparams.clone();
    let filled = Value::from(data.osparams("debian+small", &own));
    assert_eq!(filled, json!({"mirror": "a", "size": "small", "extra": "yes"}));
    assert_eq!(Value::from(data.osparams("debian", &own)), json!({"mirror": "a", "size": "big", "extra": "yes"}));
    assert_eq!(Value::from(data.osparams("arch", &own)), json!({"extra": "yes"}));
}

#[test]
fn node_parameters_come_from_the_node_its_group_the_cluster_and_the_defaults() {
    let data = changed(|document| document["nodes"]["node3"]["ndparams"] = json!({"ssh_port": 2222}));
    let filled = |id: &str| data.ndparams(&node(&data, id)).unwrap();
    check(&filled("node3"), json!({"ssh_port": 2222, "spindle_count": 5, "cpu_speed": 1.0}));
    check(&filled("node1"), json!({"ssh_port": 22, "spindle_count": 2}));
}

#[test]
fn a_null_for_no_program_is_the_default() {
    check(&small_snapshot().cluster_ndparams(), json!({"oob_program": ""}));
}

#[test]
fn exclusive_storage_follows_the_group_and_not_the_node() {
    let data = changed(|document| {
        for node in ["node1", "node3"] {
            document["nodes"][node]["ndparams"] = json!({"exclusive_storage": node == "node1"});
        }
    });
    assert_eq!(data.exclusive_storage(&node(&data, "node1")), Ok(false));
    assert_eq!(data.exclusive_storage(&node(&data, "node3")), Ok(true));
}

#[test]
fn a_node_whose_group_is_gone_has_no_parameters() {
    let data = changed(|document| document["nodes"]["node3"]["group"] = json!("group-gone"));
    assert!(data.ndparams(&node(&data, "node3")).is_err());
    assert!(data.exclusive_storage(&node(&data, "node3")).is_err());
}

#[test]
fn disk_parameters_come_from_the_group_the_cluster_and_the_defaults() {
    let data = small_snapshot();
    let filled = |id: &str, template| data.group_diskparams(&group(&data, id), template);
    check(&filled("group-rack-b", DiskTemplate::Drbd), json!({"protocol": "B", "metavg": "xenvg"}));
    check(&filled("group-default", DiskTemplate::Drbd), json!({"protocol": "A"}));
    check(&filled("group-default", DiskTemplate::Plain), json!({"stripes": 1}));
    assert!(filled("group-default", DiskTemplate::File).is_empty());
}

fn names<'a, T: 'a>(ids: impl IntoIterator<Item = &'a cmdlib::ids::Id<T>>) -> String {
    ids.into_iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_nodes_of_a_mirrored_instance_are_the_primary_one_and_the_others() {
    let data = small_snapshot();
    assert_eq!(names(&data.nodes_of(&instance(&data, "web1")).unwrap()), "node1 node2");
    assert_eq!(names(&data.secondaries(&instance(&data, "web1")).unwrap()), "node2");
}

#[test]
fn the_primary_node_is_first_whatever_the_mirror_says() {
    let data = changed(|document| document["instances"]["web1"]["primary_node"] = json!("node2"));
    assert_eq!(names(&data.nodes_of(&instance(&data, "web1")).unwrap()), "node2 node1");
}

#[test]
fn a_plain_instance_has_its_primary_node_alone() {
    let data = small_snapshot();
    assert_eq!(names(&data.nodes_of(&instance(&data, "db1")).unwrap()), "node2");
    assert_eq!(names(&data.secondaries(&instance(&data, "db1")).unwrap()), "");
}

#[test]
fn an_instance_is_in_the_groups_of_all_its_nodes() {
    let data = changed(|document| document["nodes"]["node2"]["group"] = json!("group-rack-b"));
    assert_eq!(names(&data.groups_of(&instance(&data, "web1")).unwrap()), "group-default group-rack-b");
}

#[test]
fn a_group_has_the_instances_of_its_nodes_secondaries_included() {
    let data = changed(|document| document["nodes"]["node2"]["group"] = json!("group-rack-b"));
    assert_eq!(names(&data.instances_of_group(&"group-rack-b".into())), "db1 web1");
    assert_eq!(names(&data.instances_of_group(&"group-default".into())), "web1");
}

/// Checks the volumes of an instance: `node: group/volume ..`, node by node.
#[track_caller]
fn check_volumes(data: &Snapshot, id: &str, wanted: &[&str]) {
    let volumes = data.volumes_of(&instance(data, id)).unwrap();
    let line = |(node, volumes): (_, &BTreeSet<String>)| {
        format!("{node}: {}", volumes.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(volumes.iter().map(line).collect::<Vec<_>>(), wanted);
}

#[test]
fn the_volumes_of_plain_disks_are_on_the_primary_node() {
    check_volumes(&small_snapshot(), "db1", &["node2: fast/db1.b xenvg/db1.a"]);
}

#[test]
fn the_volumes_below_a_mirror_are_on_both_nodes() {
    let both = ["node1: xenvg/web1.data xenvg/web1.meta", "node2: xenvg/web1.data xenvg/web1.meta"];
    check_volumes(&small_snapshot(), "web1", &both);
}

#[test]
fn a_planned_disk_has_no_volume_yet() {
    let data = changed(|document| document["disks"]["disk-db1-a"]["forthcoming"] = json!(true));
    check_volumes(&data, "db1", &["node2: fast/db1.b"]);
    check_volumes(&data, "plan1", &[]);
}

#[test]
fn a_disk_that_is_no_volume_has_none() {
    let data = changed(|document| {
        document["disks"]["disk-db1-a"]["dev_type"] = json!("file");
        document["disks"]["disk-db1-b"]["dev_type"] = json!("ext");
    });
    check_volumes(&data, "db1", &[]);
}

#[test]
fn the_template_is_that_of_the_disks() {
    let data = small_snapshot();
    let template = |id: &str| data.template_of(&instance(&data, id)).unwrap();
    assert_eq!((template("web1").as_str(), template("db1").as_str()), ("drbd", "plain"));
}

#[test]
fn an_instance_without_disks_is_diskless() {
    let data = changed(|document| document["instances"]["db1"]["disks"] = json!([]));
    assert_eq!(data.template_of(&instance(&data, "db1")).unwrap(), "diskless");
}

#[test]
fn disks_of_several_templates_are_mixed() {
    let data = changed(|document| document["disks"]["disk-db1-b"]["dev_type"] = json!("rbd"));
    assert_eq!(data.template_of(&instance(&data, "db1")).unwrap(), "mixed");
}

#[test]
fn disks_come_in_the_order_of_their_index() {
    let data = changed(|document| document["instances"]["db1"]["disks"] = json!(["disk-db1-b", "disk-db1-a"]));
    let disks = data.disks_of(&instance(&data, "db1")).unwrap();
    assert_eq!(names(disks.iter().map(|disk| &disk.uuid)), "disk-db1-b disk-db1-a");
}

#[test]
fn a_missing_disk_is_no_disk_less() {
    let data = changed(|document| document["instances"]["web1"]["disks"] = json!(["disk-gone"]));
    let web1 = instance(&data, "web1");
    assert!(data.disks_of(&web1).is_err());
    assert!(data.nodes_of(&web1).is_err());
    assert!(data.secondaries(&web1).is_err());
    assert!(data.groups_of(&web1).is_err());
    assert!(data.template_of(&web1).is_err());
    assert!(data.volumes_of(&web1).is_err());
}

#[test]
fn a_missing_node_leaves_an_instance_without_groups() {
    let data = changed(|document| document["instances"]["web1"]["primary_node"] = json!("node9"));
    assert!(data.groups_of(&instance(&data, "web1")).is_err());
}

#[test]
fn nodes_are_named_and_by_uuid_when_they_are_gone() {
    let data = small_snapshot();
    assert_eq!(data.node_name(&"node2".into()), "node2.example.com");
    assert_eq!(data.node_name(&"node9".into()), "node9");
    assert_eq!(data.master_name(), "node1.example.com");
}

#[test]
fn the_stored_state_is_never_filled() {
    let data = small_snapshot();
    let before = data.write();
    let filled = (data.instance_hvparams(&instance(&data, "web1")), data.group_ipolicy(&group(&data, "group-default")));
    assert!(!filled.0.is_empty() && !filled.1.is_empty());
    assert_eq!(data.write(), before);
}
