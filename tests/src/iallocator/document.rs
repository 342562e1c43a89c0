//! The document that an allocator gets: what it says of cluster, groups, nodes, instances and the request.

use cmdlib::iallocator::ChangeGroup;
use cmdlib::rpc::{AllInstancesInfo, HvInfo, IallocatorRunner, InstanceRuntime, NodeInfo, NodeInfoReply, SpaceInfo};
use indexmap::IndexMap;
use serde_json::{Value, json};
use testlib::{
    GiB, Judged, LuTest, MiB, NODE_MEMORY_MIB, NODE_MEMORY_OWN_MIB, NODE_STORAGE_MIB, clusters, free_memory,
};

use super::{ask, change_group};

/// Two nodes in `default`, one in `rack-b`.
fn bench() -> LuTest {
    let mut t = LuTest::new();
    t.config().group("rack-b");
    t.config().node("node2");
    t.config().node("node3").group("rack-b");
    t.config().instance("web1").on("node1").plain(GiB(1)).up();
    t
}

/// Asks about these instances; all find a place.
#[track_caller]
fn asked_about(t: &mut LuTest, instances: &[&str]) -> Judged {
    let request = change_group(t, instances, &["rack-b"]);
    let moves: Vec<(&str, &str, &str)> = instances.iter().map(|it| (*it, "rack-b", "node3")).collect();
    t.iallocator().on::<ChangeGroup>().moves(moves);
    ask(t, request).succeeded()
}

/// Returns the document about `web1`.
#[track_caller]
fn document(t: &mut LuTest) -> Value {
    asked_about(t, &["web1"]).documents().remove(0)
}

#[track_caller]
fn node(t: &mut LuTest, name: &str) -> Value {
    document(t)["nodes"][format!("{name}.example.com")].clone()
}

#[track_caller]
fn instance(t: &mut LuTest, name: &str) -> Value {
    document(t)["instances"][format!("{name}.example.com")].clone()
}

// -- the cluster

#[test]
fn the_program_gets_the_document_as_text() {
    let judged = asked_about(&mut bench(), &["web1"]);
    let (call, nodes) = judged.calls::<IallocatorRunner>().remove(0);
    let sent: Value = serde_json::from_str(&call.document).expect("it is JSON");
    assert_eq!((&sent, nodes), (&judged.documents()[0], vec!["node1.example.com".to_owned()]));
}

#[test]
fn the_cluster_is_described() {
    let mut t = bench();
    t.config().tag("site:a").enabled_hypervisors(["kvm", "xen-pvm"]);
    let ipolicy = t.config().snapshot().cluster.ipolicy.clone();
    let document = document(&mut t);
    assert_eq!(document["version"], 2);
    assert_eq!(document["cluster_name"], "cluster.example.com");
    assert_eq!(document["cluster_tags"], json!(["site:a"]));
    assert_eq!(document["enabled_hypervisors"], json!(["kvm", "xen-pvm"]));
    assert_eq!(document["ipolicy"], json!(*ipolicy));
}

#[test]
fn a_group_is_described() {
    let mut t = bench();
    t.config().network("net1");
    t.config()
        .group("rack-b")
        .alloc_policy("last_resort")
        .tag("rack:2")
        .connected("net1", "bridged", "br1")
        .ipolicy("vcpu-ratio", 8.0);
    let (rack_b, net1) = (t.config().id_of_group("rack-b"), t.config().id_of_network("net1"));
    let group = document(&mut t)["nodegroups"][rack_b.as_str()].clone();
    assert_eq!(group["name"], "rack-b");
    assert_eq!(group["alloc_policy"], "last_resort");
    assert_eq!(group["tags"], json!(["rack:2"]));
    assert_eq!(group["networks"], json!([net1.as_str()]));
    assert_eq!(group["ipolicy"]["vcpu-ratio"], 8.0);
}

#[test]
fn the_policy_of_a_group_is_filled_from_the_clusters() {
    let mut t = bench();
    let id = t.config().id_of_group("rack-b");
    let document = document(&mut t);
    assert_eq!(document["nodegroups"][id.as_str()]["ipolicy"]["vcpu-ratio"], document["ipolicy"]["vcpu-ratio"]);
}

// -- the request

#[test]
fn h22_the_request_names_all_its_instances_and_targets() {
    let mut t = bench();
    t.config().instance("web2").on("node2");
    let rack_b = t.config().id_of_group("rack-b");
    let judged = asked_about(&mut t, &["web1", "web2"]);
    let wanted = json!({
        "instances": ["web1.example.com", "web2.example.com"], "target_groups": [rack_b.as_str()], "type": "change-group",
    });
    assert_eq!(judged.documents()[0]["request"], wanted);
}

#[test]
fn an_instance_that_does_not_exist_is_not_asked_about() {
    let mut t = bench();
    let mut request = change_group(&mut t, &["web1"], &["rack-b"]);
    request.instances.push("nobody.example.com".to_owned());
    ask(&mut t, request).called_nobody().failed("nobody.example.com");
}

#[test]
fn d137_the_default_options_go_with_it_and_stay_as_they_are() {
    let mut t = bench();
    t.config().cluster(|cluster| drop(cluster.default_iallocator_params.insert("select".to_owned(), "n1".into())));
    let request = change_group(&mut t, &["web1"], &["rack-b"]);
    t.iallocator().on::<ChangeGroup>().moves([("web1", "rack-b", "node3")]);
    let judged = ask(&mut t, request).changed_nothing().succeeded();
    assert_eq!(Value::from(judged.calls::<IallocatorRunner>()[0].0.options.clone()), json!({"select": "n1"}));
    assert_eq!(Value::from(judged.config().cluster.default_iallocator_params.clone()), json!({"select": "n1"}));
}

#[test]
fn an_instance_that_is_planned_without_a_node_is_not_told_of() {
    let mut t = bench();
    t.config().instance("plan1").forthcoming().change(|it| it.primary_node = "".into());
    t.config().instance("plan2").forthcoming();
    let document = document(&mut t);
    let names: Vec<&String> = document["instances"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["web1.example.com", "plan2.example.com"]);
}

// -- nodes

#[test]
fn what_the_configuration_says_of_a_node_is_told() {
    let mut t = bench();
    t.config().node("node3").tag("power:a").drained().ndparam("spindle_count", 4);
    let rack_b = t.config().id_of_group("rack-b");
    let node = node(&mut t, "node3");
    let flags = ["offline", "drained", "master_candidate", "master_capable", "vm_capable"].map(|key| node[key].clone());
    assert_eq!(flags, [json!(false), json!(true), json!(false), json!(true), json!(true)]);
    assert_eq!(node["tags"], json!(["power:a"]));
    assert_eq!(node["group"], rack_b.as_str());
    assert_eq!(node["ndparams"]["spindle_count"], 4);
    assert_eq!((&node["primary_ip"], &node["secondary_ip"]), (&json!("192.0.2.3"), &json!("198.51.100.3")));
}

#[test]
fn what_a_node_says_of_itself_is_told() {
    let node = node(&mut bench(), "node2");
    assert_eq!(node["total_memory"], NODE_MEMORY_MIB);
    assert_eq!(node["reserved_memory"], NODE_MEMORY_OWN_MIB);
    assert_eq!(node["free_memory"], NODE_MEMORY_MIB - NODE_MEMORY_OWN_MIB);
    assert_eq!((&node["total_cpus"], &node["reserved_cpus"]), (&json!(16), &json!(1)));
    assert_eq!((&node["total_disk"], &node["free_disk"]), (&json!(NODE_STORAGE_MIB), &json!(NODE_STORAGE_MIB / 2)));
    assert_eq!((&node["total_spindles"], &node["free_spindles"]), (&json!(0), &json!(0)));
}

#[test]
fn spindles_are_told_where_disks_have_volumes_of_their_own() {
    let mut t = bench();
    t.config().group("default").exclusive_storage();
    let document = document(&mut t);
    assert_eq!(document["nodes"]["node2.example.com"]["total_spindles"], 4);
    assert_eq!(document["nodes"]["node3.example.com"]["total_spindles"], 0);
}

#[test]
fn the_memory_of_primary_instances_is_summed_up() {
    let mut t = bench();
    t.config().instance("web1").memory(MiB(512), MiB(1024));
    t.config().instance("down1").on("node1").memory(MiB(256), MiB(256));
    let node = node(&mut t, "node1");
    assert_eq!((&node["i_pri_memory"], &node["i_pri_up_memory"]), (&json!(1280), &json!(1024)));
}

#[test]
fn memory_that_an_instance_may_still_take_is_not_free() {
    let mut t = bench();
    t.config().instance("web1").memory(MiB(512), MiB(1024));
    let running = IndexMap::from([("web1.example.com".to_owned(), InstanceRuntime::running(600, 1))]);
    t.rpc().on::<AllInstancesInfo>().node("node1").replies(running);
    t.rpc().on::<AllInstancesInfo>().healthy();
    t.rpc().on::<NodeInfo>().node("node1").answers(|_, _, _| Ok(with_space(1000)));
    t.rpc().on::<NodeInfo>().healthy();
    assert_eq!(node(&mut t, "node1")["free_memory"], 1000 - (1024 - 600));
}

#[test]
fn an_instance_that_should_run_and_does_not_needs_all_its_memory() {
    let mut t = bench();
    t.config().instance("web1").memory(MiB(512), MiB(1024));
    t.rpc().on::<AllInstancesInfo>().node("node1").replies(IndexMap::new());
    t.rpc().on::<AllInstancesInfo>().healthy();
    t.rpc().on::<NodeInfo>().node("node1").answers(|_, _, _| Ok(with_space(2000)));
    t.rpc().on::<NodeInfo>().healthy();
    assert_eq!(node(&mut t, "node1")["free_memory"], 2000 - 1024);
}

#[test]
fn an_instance_that_takes_more_than_it_should_gives_nothing_back() {
    let mut t = bench();
    t.config().instance("web1").memory(MiB(512), MiB(1024));
    let running = IndexMap::from([("web1.example.com".to_owned(), InstanceRuntime::running(4096, 1))]);
    t.rpc().on::<AllInstancesInfo>().node("node1").replies(running);
    t.rpc().on::<AllInstancesInfo>().healthy();
    t.rpc().on::<NodeInfo>().node("node1").answers(|_, _, _| Ok(with_space(1000)));
    t.rpc().on::<NodeInfo>().healthy();
    assert_eq!(node(&mut t, "node1")["free_memory"], 1000);
}

#[test]
fn instances_that_are_only_planned_take_no_memory_yet() {
    let mut t = bench();
    let before = node(&mut t, "node1");
    t.config().instance("planned1").on("node1").forthcoming();
    let node = node(&mut t, "node1");
    assert_eq!(node["free_memory"], before["free_memory"]);
    assert_eq!(node["i_pri_up_memory"], before["i_pri_up_memory"]);
}

#[test]
fn h23_a_drained_node_is_described_with_what_it_has() {
    let mut t = bench();
    t.config().node("node2").drained();
    let node = node(&mut t, "node2");
    assert_eq!((&node["drained"], &node["offline"]), (&json!(true), &json!(false)));
    assert_eq!(node["free_memory"], NODE_MEMORY_MIB - NODE_MEMORY_OWN_MIB);
    assert_eq!(node["free_disk"], NODE_STORAGE_MIB / 2);
}

#[test]
fn an_offline_node_is_described_without_what_it_has_and_without_a_warning() {
    let mut t = bench();
    t.config().node("node2").offline();
    let request = change_group(&mut t, &["web1"], &["rack-b"]);
    t.iallocator().on::<ChangeGroup>().moves([("web1", "rack-b", "node3")]);
    let judged = ask(&mut t, request).called_on::<NodeInfo>(["node1", "node3"]).never_warned().succeeded();
    let node = &judged.documents()[0]["nodes"]["node2.example.com"];
    assert_eq!((&node["offline"], node.get("free_memory")), (&json!(true), None));
}

#[test]
fn a_node_that_runs_no_instances_is_not_asked() {
    let mut t = bench();
    t.config().node("node2").not_vm_capable();
    let request = change_group(&mut t, &["web1"], &["rack-b"]);
    t.iallocator().on::<ChangeGroup>().moves([("web1", "rack-b", "node3")]);
    let judged = ask(&mut t, request).called_on::<NodeInfo>(["node1", "node3"]).never_warned().succeeded();
    let node = &judged.documents()[0]["nodes"]["node2.example.com"];
    assert_eq!((&node["offline"], &node["vm_capable"], node.get("free_memory")), (&json!(false), &json!(false), None));
}

/// `node2` answers badly, as `script` says: it is described as offline, with a warning, and the others as they are.
#[track_caller]
fn left_out(script: impl Fn(&mut LuTest), part: &str) {
    let mut t = bench();
    script(&mut t);
    t.rpc().on::<NodeInfo>().healthy();
    t.rpc().on::<AllInstancesInfo>().healthy();
    let request = change_group(&mut t, &["web1"], &["rack-b"]);
    t.iallocator().on::<ChangeGroup>().moves([("web1", "rack-b", "node3")]);
    let part = format!("node node2 is left out of the allocation: {part}");
    let judged = ask(&mut t, request).warned(&part).succeeded();
    let nodes = &judged.documents()[0]["nodes"];
    let node2 = &nodes["node2.example.com"];
    assert_eq!((&node2["offline"], node2.get("free_memory"), node2.get("total_disk")), (&json!(true), None, None));
    assert_eq!(nodes["node3.example.com"]["offline"], false);
    assert!(nodes["node3.example.com"]["free_memory"].is_i64());
    assert_eq!(t.config().snapshot().nodes.values().filter(|node| node.offline).count(), 0);
}

#[test]
fn d138_a_node_that_does_not_answer_is_left_out() {
    left_out(|t| _ = t.rpc().on::<NodeInfo>().node("node2").unreachable(), "no answer");
}

#[test]
fn d138_a_node_that_refuses_is_left_out() {
    left_out(|t| _ = t.rpc().on::<NodeInfo>().node("node2").fails("out of order"), "out of order");
}

#[test]
fn d138_a_node_that_went_offline_is_left_out() {
    left_out(|t| _ = t.rpc().on::<NodeInfo>().node("node2").offline(), "the node is marked offline");
}

#[test]
fn d138_a_node_with_a_malformed_answer_is_left_out() {
    left_out(|t| _ = t.rpc().on::<NodeInfo>().node("node2").malformed(), "malformed answer");
}

#[test]
fn d138_a_node_that_does_not_tell_what_runs_is_left_out() {
    left_out(|t| _ = t.rpc().on::<AllInstancesInfo>().node("node2").unreachable(), "no answer");
}

#[test]
fn d138_a_node_that_tells_nonsense_of_what_runs_is_left_out() {
    left_out(|t| _ = t.rpc().on::<AllInstancesInfo>().node("node2").replies_raw(json!([1])), "malformed answer");
}

// The reference counts it as one on which nothing runs.
#[test]
fn n06_a_node_that_answers_null_about_what_runs_is_left_out() {
    left_out(|t| _ = t.rpc().on::<AllInstancesInfo>().node("node2").replies_raw(Value::Null), "malformed answer");
}

#[test]
fn a_node_that_tells_nothing_of_its_hypervisor_is_left_out() {
    let reply = NodeInfoReply { boot_id: String::new(), storage: Vec::new(), hypervisors: Vec::new() };
    left_out(
        move |t| _ = t.rpc().on::<NodeInfo>().node("node2").replies(reply.clone()),
        "it tells nothing of its hypervisor",
    );
}

#[test]
fn a_node_that_tells_nothing_of_its_storage_is_left_out() {
    let part = "it tells nothing of its storage of type lvm-vg";
    left_out(|t| _ = t.rpc().on::<NodeInfo>().node("node2").replies(free_memory(MiB(64))), part);
}

/// What a node tells that has so much memory free, in MiB, and storage.
fn with_space(free: u64) -> NodeInfoReply {
    let space = SpaceInfo { kind: "lvm-vg".to_owned(), name: "xenvg".to_owned(), free: Some(5), size: Some(10) };
    NodeInfoReply { storage: vec![space], ..free_memory(MiB(free)) }
}

#[test]
fn a_number_that_a_node_does_not_tell_leaves_it_out() {
    for key in ["memory_free", "memory_total", "memory_dom0", "cpu_total", "cpu_dom0"] {
        for value in [None, Some(json!("much"))] {
            let mut reply = with_space(64);
            let mut members: cmdlib::field::Params = reply.hypervisors[0].0.clone();
            members.shift_remove(key);
            members.extend(value.map(|value| (key.to_owned(), value)));
            reply.hypervisors = vec![HvInfo(members)];
            let part = format!("it tells no number for {key}");
            left_out(move |t| _ = t.rpc().on::<NodeInfo>().node("node2").replies(reply.clone()), &part);
        }
    }
}

// -- whose room is told: D140

/// Returns for which hypervisors and storage nodes are asked when these instances are to move.
#[track_caller]
fn room_asked_for(t: &mut LuTest, instances: &[&str]) -> (Vec<String>, Vec<String>) {
    let judged = asked_about(t, instances);
    let (call, _) = judged.calls::<NodeInfo>().remove(0);
    let units = call.storage.iter().flat_map(|of| of.parts()).flatten().map(|unit| unit.kind.clone());
    let units: std::collections::BTreeSet<String> = units.collect();
    (call.hypervisors.iter().map(|spec| spec.hypervisor.clone()).collect(), units.into_iter().collect())
}

#[test]
fn d140_nodes_are_asked_for_room_of_the_instances_template() {
    let mut t = bench();
    t.config().instance("web1").diskless();
    t.config().instance("file1").file(GiB(1));
    assert_eq!(room_asked_for(&mut t, &["file1"]).1, ["file"]);
}

#[test]
fn d140_room_of_the_instances_template_is_told() {
    let mut t = bench();
    t.config().instance("file1").on("node1").file(GiB(1));
    t.rpc().on::<NodeInfo>().answers(|_, _, _| {
        let space = SpaceInfo { kind: "file".to_owned(), name: "/srv".to_owned(), free: Some(700), size: Some(900) };
        Ok(NodeInfoReply { storage: vec![space], ..free_memory(MiB(64)) })
    });
    let judged = asked_about(&mut t, &["file1"]);
    let node = &judged.documents()[0]["nodes"]["node3.example.com"];
    assert_eq!((&node["total_disk"], &node["free_disk"]), (&json!(900), &json!(700)));
}

#[test]
fn d140_nodes_are_asked_about_the_instances_hypervisor() {
    let mut t = bench();
    t.config().instance("web1").hypervisor("xen-pvm");
    assert_eq!(room_asked_for(&mut t, &["web1"]).0, ["xen-pvm"]);
}

#[test]
fn d140_instances_that_agree_have_one_template_and_hypervisor() {
    let mut t = bench();
    t.config().instance("file1").file(GiB(1)).hypervisor("xen-pvm");
    t.config().instance("file2").file(GiB(1)).hypervisor("xen-pvm");
    assert_eq!(room_asked_for(&mut t, &["file1", "file2"]), (vec!["xen-pvm".to_owned()], vec!["file".to_owned()]));
}

#[test]
fn where_instances_differ_it_is_what_the_cluster_has_by_default() {
    let mut t = bench();
    t.config().enabled_hypervisors(["kvm", "xen-pvm"]);
    t.config().instance("file1").file(GiB(1)).hypervisor("xen-pvm");
    assert_eq!(room_asked_for(&mut t, &["file1", "web1"]), (vec!["kvm".to_owned()], vec!["lvm-vg".to_owned()]));
}

#[test]
fn no_room_is_asked_for_where_nodes_tell_of_none() {
    let mut t =
        LuTest::with(clusters::odd().into_iter().find(|(name, _)| *name == "every storage").expect("it is there").1);
    t.config().group("rack-b");
    for instance in ["shared1", "gluster1", "ext1", "rbd1", "block1", "diskless1"] {
        let request = change_group(&mut t, &[instance], &["rack-b"]);
        t.iallocator().on::<ChangeGroup>().moves([(instance, "rack-b", "node3")]);
        let judged = ask(&mut t, request).never_warned().succeeded();
        let node = &judged.documents()[0]["nodes"]["node3.example.com"];
        let room = ["total_disk", "free_disk", "total_spindles", "free_spindles"].map(|key| node[key].clone());
        assert_eq!(room, [0, 0, 0, 0].map(Value::from), "{instance}");
    }
}

#[test]
fn room_is_told_for_every_storage_that_nodes_tell_of() {
    let mut t =
        LuTest::with(clusters::odd().into_iter().find(|(name, _)| *name == "every storage").expect("it is there").1);
    t.config().group("rack-b");
    for instance in ["web1", "file1"] {
        let request = change_group(&mut t, &[instance], &["rack-b"]);
        t.iallocator().on::<ChangeGroup>().moves([(instance, "rack-b", "node3")]);
        let judged = ask(&mut t, request).never_warned().succeeded();
        let node = &judged.documents()[0]["nodes"]["node3.example.com"];
        assert_eq!(
            (&node["total_disk"], &node["free_disk"]),
            (&json!(NODE_STORAGE_MIB), &json!(NODE_STORAGE_MIB / 2)),
            "{instance}"
        );
    }
}

// -- instances

#[test]
fn an_instance_is_described() {
    let mut t = bench();
    t.config().instance("web1").tag("owner:me").os("debian+wheezy").beparam("vcpus", 3).beparam("spindle_use", 2);
    t.config().instance("web1").memory(MiB(512), MiB(1024));
    let instance = instance(&mut t, "web1");
    assert_eq!(instance["tags"], json!(["owner:me"]));
    assert_eq!(instance["admin_state"], "up");
    assert_eq!(
        (&instance["vcpus"], &instance["memory"], &instance["spindle_use"]),
        (&json!(3), &json!(1024), &json!(2))
    );
    assert_eq!((&instance["os"], &instance["hypervisor"]), (&json!("debian+wheezy"), &json!("kvm")));
    assert_eq!((&instance["disk_template"], &instance["disks_active"]), (&json!("plain"), &json!(true)));
}

// The reference's key is that of disk parameters, `dev_type`; allocators rely on it.
#[test]
fn a_disk_is_described() {
    let mut t = bench();
    t.config().instance("web1").disk(0, |disk| {
        disk.mode = "ro".to_owned();
        disk.spindles = Some(2);
    });
    let wanted = json!([{"dev_type": "plain", "size": 1024, "mode": "ro", "spindles": 2}]);
    assert_eq!(instance(&mut t, "web1")["disks"], wanted);
}

#[test]
fn all_disks_are_described_in_order() {
    let mut t = bench();
    t.config().instance("web1").plain(GiB(5)).plain(GiB(2));
    let instance = instance(&mut t, "web1");
    let sizes: Vec<Value> =
        instance["disks"].as_array().into_iter().flatten().map(|disk| disk["size"].clone()).collect();
    assert_eq!(sizes, [1024, 5120, 2048].map(Value::from));
}

#[test]
fn the_primary_node_comes_first() {
    let mut t = bench();
    t.config().instance("web2").on("node2").drbd("node1", GiB(1));
    assert_eq!(instance(&mut t, "web2")["nodes"], json!(["node2.example.com", "node1.example.com"]));
}

#[test]
fn interfaces_are_described_with_parameters_that_are_the_clusters() {
    let mut t = bench();
    t.config().instance("web1").nic(|nic| nic.mac("aa:00:00:11:22:33").bridged("br7"));
    let wanted = json!([{"mac": "aa:00:00:11:22:33", "ip": null, "mode": "bridged", "link": "br7", "bridge": "br7"}]);
    assert_eq!(instance(&mut t, "web1")["nics"], wanted);
}

#[test]
fn only_bridged_interfaces_have_a_bridge() {
    let mut t = bench();
    t.config().instance("web1").nic(|nic| nic.mac("aa:00:00:11:22:33").routed("100").ip("192.0.2.77"));
    let wanted = json!([{"mac": "aa:00:00:11:22:33", "ip": "192.0.2.77", "mode": "routed", "link": "100"}]);
    assert_eq!(instance(&mut t, "web1")["nics"], wanted);
}

#[test]
fn h25_the_space_that_disks_take_is_told_for_every_template() {
    let mut t =
        LuTest::with(clusters::odd().into_iter().find(|(name, _)| *name == "every storage").expect("it is there").1);
    t.config().group("rack-b");
    t.config().instance("mirror1").drbd("node2", GiB(1)).drbd("node2", GiB(1));
    let request = change_group(&mut t, &["web1"], &["rack-b"]);
    t.iallocator().on::<ChangeGroup>().moves([("web1", "rack-b", "node3")]);
    let judged = ask(&mut t, request).succeeded();
    let space =
        |name: &str| judged.documents()[0]["instances"][format!("{name}.example.com")]["disk_space_total"].clone();
    for name in ["web1", "file1", "shared1", "gluster1", "ext1", "rbd1"] {
        assert_eq!(space(name), 1024, "{name}");
    }
    assert_eq!(space("mirror1"), 2 * (1024 + 128));
    assert_eq!((space("block1"), space("diskless1")), (json!(0), json!(0)));
}

#[test]
fn every_odd_cluster_can_be_described() {
    for (name, config) in clusters::odd() {
        let mut t = LuTest::with(config);
        let request = change_group(&mut t, &["web1"], &[]);
        t.iallocator().on::<ChangeGroup>().fails("full");
        let judged = ask(&mut t, request).never_warned().returned("no: full");
        let snapshot = t.config().snapshot();
        let counted = |table: &str| judged.documents()[0][table].as_object().map(serde_json::Map::len);
        let wanted = (Some(snapshot.nodes.len()), Some(snapshot.instances.len()), Some(snapshot.nodegroups.len()));
        assert_eq!((counted("nodes"), counted("instances"), counted("nodegroups")), wanted, "{name}");
    }
}
