//! The builders of clusters: what each setter changes, what each mistake says and where it points to, and that every
//! ready-made cluster could exist.

use std::panic::Location;
use std::sync::Arc;

use cmdlib::config::{ByName, Entity, Snapshot};
use cmdlib::field::Field;
use cmdlib::ids::Id;
use cmdlib::net::{AddressPool, Holder};
use cmdlib::objects::{AdminSource, AdminState, Disk, Instance, Network, Node, NodeGroup};
use cmdlib::params::{Hypervisor, check_syntax};
use expect_test::{Expect, expect};
use serde_json::{Value, json};
use testlib::{Failed, GiB, Kind, MiB, MockConfig, clusters, failure_of};

/// Returns the object of this name.
#[track_caller]
fn the<T: ByName>(config: &MockConfig, name: &str) -> Arc<T> {
    let state = config.snapshot();
    state.get(&state.find::<T>(name).unwrap()).unwrap()
}

#[track_caller]
fn disks(config: &MockConfig, instance: &str) -> Vec<Arc<Disk>> {
    config.snapshot().disks_of(&the::<Instance>(config, instance)).unwrap()
}

/// Returns a part of the document that the configuration is stored as.
#[track_caller]
fn stored(config: &MockConfig, path: &str) -> Value {
    config.snapshot().write().pointer(path).cloned().unwrap_or(Value::Null)
}

#[track_caller]
fn valid(config: &MockConfig) {
    assert_eq!(config.check(), Ok(()));
}

/// Judges the message of a mistake, and that it points to the test's own line.
#[track_caller]
fn mistake(makes: impl FnOnce(&mut MockConfig), wanted: Expect) {
    let here = Location::caller();
    let mut config = clusters::three_nodes_five_instances();
    let failed = failure_of(|| makes(&mut config));
    wanted.assert_eq(&failed.message);
    let lines = here.line()..=here.line() + 1;
    assert!(failed.file == here.file() && lines.contains(&failed.line), "{failed:?} points elsewhere, not to {here}");
}

fn shape(disk: &Disk) -> Value {
    json!({
        "type": disk.dev_type.as_str(), "at": disk.logical_id.write(),
        "nodes": disk.nodes.len(), "size": disk.size, "iv_name": disk.iv_name,
    })
}

// The cluster that all begins with.

#[test]
fn the_smallest_cluster_is_valid_and_complete() {
    let config = MockConfig::new();
    valid(&config);
    let state = config.snapshot();
    assert_eq!((state.nodes.len(), state.nodegroups.len(), state.instances.len()), (1, 1, 0));
    assert_eq!(state.master_name(), "node1.example.com");
    assert_eq!(state.cluster.cluster_name, "cluster.example.com");
    let again = Snapshot::read(&state.write()).unwrap();
    assert_eq!(again.write(), state.write());
}

#[test]
fn the_smallest_cluster_has_every_field_of_a_real_one() {
    let keys = |path: &str| {
        let part = stored(&MockConfig::new(), path);
        part.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
    };
    expect!["version cluster nodes nodegroups instances networks disks filters ctime mtime serial_no"].assert_eq(&keys(""));
    expect!["uuid cluster_name rsahostkeypub highest_used_port tcpudp_port_pool mac_prefix volume_group_name reserved_lvs drbd_usermode_helper master_node master_ip master_netdev master_netmask use_external_mip_script file_storage_dir shared_file_storage_dir gluster_storage_dir enabled_hypervisors hvparams os_hvp beparams osparams osparams_private_cluster nicparams ndparams diskparams candidate_pool_size modify_etc_hosts modify_ssh_setup maintain_node_health prealloc_wipe_disks uid_pool default_iallocator default_iallocator_params hidden_os blacklisted_os primary_ip_family ipolicy hv_state_static disk_state_static enabled_disk_templates candidate_certs max_running_jobs max_tracked_jobs install_image instance_communication_network zeroing_image compression_tools enabled_user_shutdown data_collectors ssh_key_type ssh_key_bits tags serial_no ctime mtime"].assert_eq(&keys("/cluster"));
}

#[test]
fn default_hypervisor_parameters_can_be_started_with() {
    let config = MockConfig::new();
    for hypervisor in Hypervisor::ALL {
        let params = config.snapshot().cluster_hvparams(hypervisor.as_str());
        assert_eq!(check_syntax(hypervisor.as_str(), &params), Ok(()), "{hypervisor}");
    }
}

#[test]
fn two_runs_build_the_same() {
    let build = || clusters::three_nodes_five_instances().snapshot().write().to_string();
    assert_eq!(build(), build());
}

#[test]
fn a_clone_is_changed_for_itself() {
    let config = MockConfig::new();
    let mut other = config.clone();
    other.node("node2");
    assert_eq!((config.snapshot().nodes.len(), other.snapshot().nodes.len()), (1, 2));
}

#[test]
fn serial_numbers_stay_while_a_cluster_is_built() {
    let mut config = MockConfig::new();
    config.node("node2").drained().tag("a");
    config.instance("web1").drbd("node2", GiB(1)).up();
    let state = config.snapshot();
    assert!(state.nodes.values().all(|it| it.serial_no == 1));
    assert!(state.instances.values().all(|it| it.serial_no == 1));
    assert!(state.disks.values().all(|it| it.serial_no == 1));
}

#[test]
fn changes_of_other_jobs_move_serial_numbers_and_times() {
    let mut config = clusters::three_nodes_five_instances();
    config.running(981_147_906.0).instance("web1").up();
    let web1 = the::<Instance>(&config, "web1");
    assert_eq!((web1.serial_no, web1.mtime), (2, 981_147_906.0));
    assert_eq!(the::<Instance>(&config, "db1").serial_no, 1);
    config.node("node4");
    assert_eq!((the::<Node>(&config, "node4").serial_no, the::<Node>(&config, "node4").ctime), (1, 981_147_906.0));
}

#[test]
fn a_loaded_state_is_counted_on() {
    let mut config = MockConfig::from_document(&clusters::three_nodes_five_instances().snapshot().write());
    config.node("node4");
    config.instance("web9").drbd("node2", GiB(1)).nic(|nic| nic);
    valid(&config);
    assert_eq!(config.id_of_node("node4").as_str(), "a0de0000-0000-4000-8000-000000000004");
    let mut other = MockConfig::new();
    other.load(config.snapshot()).instance("web10").plain(GiB(1));
    valid(&other);
}

#[test]
fn debug_is_short() {
    assert_eq!(format!("{:?}", clusters::three_nodes_five_instances()), "MockConfig(3 nodes, 5 instances)");
}

// Nodes.

#[test]
fn nodes_count_their_addresses() {
    let mut config = MockConfig::new();
    config.node("node2");
    let node2 = the::<Node>(&config, "node2");
    assert_eq!(node2.name, "node2.example.com");
    assert_eq!((node2.primary_ip.as_str(), node2.secondary_ip.as_str()), ("192.0.2.2", "198.51.100.2"));
    config.node("node3").primary_ip("192.0.2.4");
    config.node("node4");
    assert_eq!(the::<Node>(&config, "node4").primary_ip, "192.0.2.5");
    valid(&config);
}

#[test]
fn a_node_is_found_by_either_name() {
    let mut config = MockConfig::new();
    let id = config.node("node2").id();
    assert_eq!(config.node("node2").id(), id);
    assert_eq!(config.node("node2.example.com").id(), id);
    assert_eq!(config.id_of_node("node2"), id);
    config.node("far.example.org");
    assert_eq!(the::<Node>(&config, "far.example.org").name, "far.example.org");
}

#[test]
fn roles_exclude_each_other() {
    let mut config = MockConfig::new();
    let roles = |config: &MockConfig| {
        let node = the::<Node>(config, "node2");
        (node.master_candidate, node.drained, node.offline)
    };
    config.node("node2");
    assert_eq!(roles(&config), (true, false, false));
    config.node("node2").drained();
    assert_eq!(roles(&config), (false, true, false));
    config.node("node2").offline();
    assert_eq!(roles(&config), (false, false, true));
    config.node("node2").online();
    assert_eq!(roles(&config), (true, false, false));
    config.node("node2").not_master_capable();
    assert_eq!(roles(&config), (false, false, false));
    valid(&config);
}

#[test]
fn a_lost_candidate_is_replaced_while_the_pool_has_room() {
    let mut config = MockConfig::new();
    config.candidate_pool_size(2);
    config.node("node2");
    config.node("node3");
    let candidate = |config: &MockConfig, name: &str| the::<Node>(config, name).master_candidate;
    assert!(candidate(&config, "node2") && !candidate(&config, "node3"));
    config.node("node2").offline();
    assert!(!candidate(&config, "node2") && candidate(&config, "node3"));
    valid(&config);
}

#[test]
fn candidates_have_certificates() {
    let mut config = clusters::three_nodes();
    config.node("node2").drained();
    assert_eq!(
        stored(&config, "/cluster/candidate_certs"),
        json!({
            "a0de0000-0000-4000-8000-000000000001": "certificate-0001",
            "a0de0000-0000-4000-8000-000000000003": "certificate-0003",
        })
    );
}

#[test]
fn a_node_can_be_kept_out_of_the_pool_and_be_put_in_beyond_it() {
    let mut config = clusters::three_nodes();
    config.node("node3").candidate(false);
    assert_eq!(config.snapshot().cluster.candidate_pool_size, 2);
    valid(&config);
    config.node("node3").candidate(true);
    assert_eq!(config.snapshot().cluster.candidate_pool_size, 2);
    assert!(the::<Node>(&config, "node3").master_candidate);
    valid(&config);
}

#[test]
fn another_node_becomes_the_master() {
    let mut config = clusters::three_nodes();
    config.node("node2").drained();
    config.node("node2").master();
    config.node("node1").offline();
    assert_eq!(config.snapshot().master_name(), "node2.example.com");
    assert!(!the::<Node>(&config, "node2").drained);
    valid(&config);
}

#[test]
fn setters_of_nodes_change_what_they_say() {
    let mut config = MockConfig::new();
    config.group("rack-b").ndparam("oob_program", "/bin/oob");
    config.node("node2").group("rack-b").ndparam("ssh_port", 2222).tag("old").powered(false).not_vm_capable();
    config.node("node2").secondary_ip("203.0.113.7").change(|node| node.serial_no = 7);
    let node2 = the::<Node>(&config, "node2");
    assert_eq!(node2.group, config.id_of_group("rack-b"));
    assert_eq!(Value::from(node2.ndparams.clone()), json!({ "ssh_port": 2222 }));
    assert!(node2.tags.contains("old"));
    assert!(!node2.powered && !node2.vm_capable);
    assert_eq!((node2.secondary_ip.as_str(), node2.serial_no), ("203.0.113.7", 7));
    valid(&config);
}

#[test]
fn single_homed_nodes_have_one_address() {
    let mut config = MockConfig::new();
    config.single_homed().node("node2").primary_ip("192.0.2.77");
    let node2 = the::<Node>(&config, "node2");
    assert_eq!((node2.primary_ip.as_str(), node2.secondary_ip.as_str()), ("192.0.2.77", "192.0.2.77"));
    valid(&config);
}

#[test]
fn mistakes_about_nodes() {
    mistake(|c| drop(c.id_of_node("nod2")), expect!["there is no node 'nod2'; did you mean 'node2'? (nodes: node1, node2, node3)"]);
    mistake(|c| drop(c.id_of_node("gateway-to-hell")), expect![[r#"there is no node 'gateway-to-hell' (nodes: node1, node2, node3); make it first: .node("gateway-to-hell")"#]]);
    mistake(|c| drop(c.node("").id()), expect!["a node needs a name"]);
    mistake(|c| drop(c.node("node2").group("rack-b").id()), expect![[r#"there is no node group 'rack-b' (node groups: default); make it first: .group("rack-b")"#]]);
    mistake(|c| drop(c.node("node1").offline().id()), expect!["node 'node1' is the master, which can't be offline; make another node the master first"]);
    mistake(|c| drop(c.node("node1").drained().id()), expect!["node 'node1' is the master, which can't be drained; make another node the master first"]);
    mistake(|c| drop(c.node("node1").candidate(false).id()), expect!["node 'node1' is the master, which can't be no candidate; make another node the master first"]);
    mistake(|c| drop(c.node("node1").not_master_capable().id()), expect!["node 'node1' is the master, which can't be unable to become one; make another node the master first"]);
    mistake(|c| drop(c.node("node2").offline().candidate(true).id()), expect!["node 'node2' is offline: it can't be a master candidate"]);
    mistake(|c| drop(c.node("node2").drained().candidate(true).id()), expect!["node 'node2' is drained: it can't be a master candidate"]);
    mistake(|c| drop(c.node("node2").not_master_capable().candidate(true).id()), expect!["node 'node2' is not master capable: it can't be a master candidate"]);
    mistake(|c| drop(c.node("node2").not_master_capable().master().id()), expect!["node 'node2' is not master capable"]);
    mistake(|c| drop(c.node("node2").not_vm_capable().id()), expect!["node 'node2' runs instances or mirrors their disks: web2, db1"]);
    mistake(|c| drop(c.node("node2").primary_ip("192.0.2.3").id()), expect!["node 'node3' has the address 192.0.2.3"]);
    mistake(|c| drop(c.node("node2").secondary_ip("192.0.2.254").id()), expect!["the cluster has the address 192.0.2.254"]);
    mistake(|c| drop(c.node("node2").primary_ip("192.0.2").id()), expect![[r#""192.0.2" has no valid IPv4 address"#]]);
    mistake(|c| drop(c.node("node2").ndparam("spindles", 1).id()), expect![[r#"node parameter: unknown parameter "spindles"; allowed are cpu_speed, exclusive_storage, oob_program, ovs, ovs_link, ovs_name, spindle_count, ssh_port"#]]);
    mistake(|c| drop(c.node("node2").ndparam("ssh_port", "many").id()), expect![[r#"node parameter: parameter `ssh_port` has the value "many", but must be a whole number of at most 64 bits"#]]);
    mistake(|c| drop(c.node("node2").ndparam("exclusive_storage", true).id()), expect!["node parameter 'exclusive_storage' can be set for a group or the cluster only"]);
    mistake(|c| drop(c.node("node2").tag("two words").id()), expect![[r#"tag "two words" has the character " "; allowed are letters, digits and any of _.+*/:@-"#]]);
    mistake(|c| drop(c.node("node2").change(|it| it.uuid = "x".into()).id()), expect!["the uuid of a node does not change; to break a cluster, use `broken`"]);
}

// Groups.

#[test]
fn setters_of_groups_change_what_they_say() {
    let mut config = MockConfig::new();
    config.network("net1");
    config.network("net2");
    config.group("rack-b").exclusive_storage().diskparam("drbd", "metavg", "fastvg").alloc_policy("last_resort").tag("b");
    config.group("rack-b").ipolicy("vcpu-ratio", 2.5).ipolicy_min("cpu-count", 2).ipolicy_max("memory-size", 1024);
    config.group("rack-b").connected("net1", "bridged", "br1").connected_vlan("net2", "switch1", ".7");
    config.group("rack-b").change(|group| group.serial_no = 3);
    let group = the::<NodeGroup>(&config, "rack-b");
    assert_eq!((group.alloc_policy.as_str(), group.serial_no), ("last_resort", 3));
    assert!(group.tags.contains("b"));
    let id = config.id_of_group("rack-b");
    let part = |path: &str| stored(&config, &format!("/nodegroups/{id}/{path}"));
    assert_eq!(part("ndparams"), json!({ "exclusive_storage": true }));
    assert_eq!(part("diskparams"), json!({ "drbd": { "metavg": "fastvg" } }));
    assert_eq!(part("ipolicy/vcpu-ratio"), json!(2.5));
    assert_eq!(part("ipolicy/minmax/0/min/cpu-count"), json!(2));
    assert_eq!(part("ipolicy/minmax/0/max/memory-size"), json!(1024));
    assert_eq!(part("ipolicy/minmax/0/max/disk-count"), json!(16));
    assert_eq!(
        part("networks"),
        json!({
            config.id_of_network("net1").as_str(): { "mode": "bridged", "link": "br1", "vlan": "" },
            config.id_of_network("net2").as_str(): { "mode": "openvswitch", "link": "switch1", "vlan": ".7" },
        })
    );
    valid(&config);
}

#[test]
fn mistakes_about_groups() {
    mistake(|c| drop(c.group("").id()), expect!["a node group needs a name"]);
    mistake(|c| drop(c.id_of_group("defualt")), expect!["there is no node group 'defualt'; did you mean 'default'? (node groups: default)"]);
    mistake(|c| drop(c.group("default").alloc_policy("prefered").id()), expect!["'prefered' is no allocation policy; did you mean 'preferred'? (allowed: preferred, last_resort, unallocable)"]);
    mistake(|c| drop(c.group("default").connected("net1", "bridged", "br0").id()), expect![[r#"there is no network 'net1' (networks: none); make it first: .network("net1")"#]]);
    mistake(|c| drop(c.group("default").diskparam("dbrd", "metavg", "x").id()), expect!["'dbrd' is no disk template; did you mean 'drbd'? (allowed: blockdev, diskless, drbd, ext, file, gluster, plain, rbd, sharedfile)"]);
    mistake(|c| drop(c.group("default").diskparam("drbd", "meta-vg", "x").id()), expect![[r#"parameter of disk template 'drbd': unknown parameter "meta-vg"; did you mean `metavg`?"#]]);
    mistake(|c| drop(c.group("default").ipolicy("vcpu_ratio", 1).id()), expect!["'vcpu_ratio' is no policy entry; did you mean 'vcpu-ratio'? (allowed: disk-templates, minmax, spindle-ratio, std, vcpu-ratio)"]);
    mistake(|c| drop(c.group("default").ipolicy("std", json!({})).id()), expect!["a node group has no standard specification of its own: it is the cluster's"]);
    mistake(|c| drop(c.group("default").ipolicy_max("memory", 1).id()), expect!["'memory' is no instance specification (allowed: cpu-count, disk-count, disk-size, memory-size, nic-count, spindle-use)"]);
    mistake(|c| drop(c.group("default").tag("").id()), expect!["a tag can't be empty"]);
}

#[test]
fn a_mode_that_there_is_not_is_a_mistake() {
    let mut config = MockConfig::new();
    config.network("net1");
    let failed = failure_of(|| drop(config.group("default").connected("net1", "bridge", "br0").id()));
    expect!["'bridge' is no mode; did you mean 'bridged'? (allowed: bridged, openvswitch, routed)"].assert_eq(&failed.message);
}

// Instances.

#[test]
fn a_new_instance_has_a_disk_and_an_interface_and_is_stopped() {
    let mut config = MockConfig::new();
    config.node("node1").not_vm_capable();
    config.node("node2").drained();
    config.node("node3");
    config.instance("web1");
    let web1 = the::<Instance>(&config, "web1");
    assert_eq!(web1.name, "web1.example.com");
    assert_eq!(web1.primary_node, config.id_of_node("node3"));
    assert_eq!((web1.admin_state, web1.disks_active), (AdminState::Down, false));
    assert_eq!((web1.hypervisor.as_str(), web1.os.as_str()), ("kvm", "debian+default"));
    assert_eq!((web1.network_port, web1.nics.len(), web1.nics[0].mac.as_str()), (Some(11_000), 1, "aa:00:00:00:00:01"));
    expect![[
        r#"{"type":"plain","at":["xenvg","b10c0000-0000-4000-8000-000000000001.disk0"],"nodes":1,"size":1024,"iv_name":"disk/0"}"#
    ]]
    .assert_eq(&shape(&disks(&config, "web1")[0]).to_string());
    valid(&config);
}

#[test]
fn the_first_disk_takes_the_place_of_the_default_one() {
    let mut config = MockConfig::new();
    config.instance("web1").plain(MiB(512));
    assert_eq!(disks(&config, "web1").iter().map(|it| it.size).collect::<Vec<_>>(), [512]);
    config.instance("web1").plain(GiB(2));
    assert_eq!(disks(&config, "web1").iter().map(|it| it.size).collect::<Vec<_>>(), [512, 2048]);
    assert_eq!(disks(&config, "web1")[1].iv_name, "disk/1");
    assert_eq!(config.snapshot().disks.len(), 2);
    assert_eq!(disks(&config, "web1")[0].uuid.as_str(), "d15c0000-0000-4000-8000-000000000001");
    valid(&config);
}

#[test]
fn disks_of_ready_made_clusters_are_no_defaults() {
    let mut config = clusters::three_nodes_five_instances();
    config.instance("web1").plain(GiB(2)).nic(|nic| nic);
    assert_eq!((disks(&config, "web1").len(), the::<Instance>(&config, "web1").nics.len()), (2, 2));
}

#[test]
fn a_mirrored_disk_is_whole() {
    let mut config = clusters::three_nodes();
    config.group("default").diskparam("drbd", "metavg", "fastvg");
    config.instance("web1").on("node2").drbd("node3", GiB(10)).drbd("node3", GiB(1)).up();
    config.instance("web2").on("node3").drbd("node1", GiB(1));
    let (first, second) = (disks(&config, "web1")[0].clone(), disks(&config, "web1")[1].clone());
    let drbd = first.logical_id.as_drbd().unwrap();
    assert_eq!(drbd.nodes, (config.id_of_node("node2"), config.id_of_node("node3")));
    assert_eq!((drbd.port, drbd.minors), (json!(11_001), (json!(0), json!(0))));
    assert_eq!(first.logical_id.secret(), Some("drbd-secret-0001"));
    assert_eq!(first.nodes, [config.id_of_node("node2"), config.id_of_node("node3")]);
    let parts: Vec<Value> = first.children.iter().map(shape).collect();
    expect![[
        r#"[{"type":"plain","at":["xenvg","b10c0000-0000-4000-8000-000000000001.disk0_data"],"nodes":2,"size":10240,"iv_name":""},{"type":"plain","at":["fastvg","b10c0000-0000-4000-8000-000000000001.disk0_meta"],"nodes":2,"size":128,"iv_name":""}]"#
    ]]
    .assert_eq(&Value::from(parts).to_string());
    assert_eq!(second.logical_id.as_drbd().unwrap().minors, (json!(1), json!(1)));
    let other = disks(&config, "web2")[0].logical_id.as_drbd().unwrap();
    assert_eq!((other.port, other.minors), (json!(11_004), (json!(2), json!(0))));
    assert_eq!(config.snapshot().cluster.highest_used_port, 11_004);
    valid(&config);
}

#[test]
fn every_kind_of_disk_lies_where_it_should() {
    let mut config = MockConfig::new();
    config.instance("i1").plain_in("fastvg", GiB(1));
    config.instance("i2").file(GiB(1));
    config.instance("i3").sharedfile(GiB(1));
    config.instance("i4").gluster(GiB(1));
    config.instance("i5").rbd(GiB(1));
    config.instance("i6").ext("netapp", GiB(1));
    config.instance("i7").blockdev("/dev/disk/by-id/lun7", GiB(1));
    config.instance("i8").diskless();
    let mut text = String::new();
    for name in ["i1", "i2", "i3", "i4", "i5", "i6", "i7", "i8"] {
        for disk in disks(&config, name) {
            text.push_str(&format!("{name} {}\n", shape(&disk)));
        }
    }
    expect![[r#"
        i1 {"type":"plain","at":["fastvg","b10c0000-0000-4000-8000-000000000001.disk0"],"nodes":1,"size":1024,"iv_name":"disk/0"}
        i2 {"type":"file","at":["loop","/srv/ganeti/file-storage/i2.example.com/b10c0000-0000-4000-8000-000000000002.file.disk0"],"nodes":1,"size":1024,"iv_name":"disk/0"}
        i3 {"type":"sharedfile","at":["loop","/srv/ganeti/shared-file-storage/i3.example.com/b10c0000-0000-4000-8000-000000000003.sharedfile.disk0"],"nodes":0,"size":1024,"iv_name":"disk/0"}
        i4 {"type":"gluster","at":["loop","ganeti/b10c0000-0000-4000-8000-000000000004.0"],"nodes":0,"size":1024,"iv_name":"disk/0"}
        i5 {"type":"rbd","at":["rbd","b10c0000-0000-4000-8000-000000000005.rbd.disk0"],"nodes":0,"size":1024,"iv_name":"disk/0"}
        i6 {"type":"ext","at":["netapp","b10c0000-0000-4000-8000-000000000006.ext.disk0"],"nodes":0,"size":1024,"iv_name":"disk/0"}
        i7 {"type":"blockdev","at":["manual","/dev/disk/by-id/lun7"],"nodes":0,"size":1024,"iv_name":"disk/0"}
    "#]].assert_eq(&text);
    assert_eq!(disks(&config, "i6")[0].params["provider"], "netapp");
    assert_eq!(config.snapshot().template_of(&the::<Instance>(&config, "i8")).unwrap(), "diskless");
    valid(&config);
}

#[test]
fn states_of_instances() {
    let mut config = MockConfig::new();
    let state = |config: &MockConfig| {
        let it = the::<Instance>(config, "web1");
        (it.admin_state, it.admin_state_source, it.disks_active)
    };
    config.instance("web1").up();
    assert_eq!(state(&config), (AdminState::Up, AdminSource::Admin, true));
    config.instance("web1").stopped_by_user();
    assert_eq!(state(&config), (AdminState::Down, AdminSource::User, true));
    assert_eq!(the::<Instance>(&config, "web1").hvparams["user_shutdown"], true);
    assert!(config.snapshot().cluster.enabled_user_shutdown);
    config.instance("web1").down();
    assert_eq!(state(&config), (AdminState::Down, AdminSource::Admin, false));
    config.instance("web1").disks_active(true);
    assert_eq!(state(&config), (AdminState::Down, AdminSource::Admin, true));
    config.instance("web1").offline();
    assert_eq!(state(&config), (AdminState::Offline, AdminSource::Admin, false));
    config.instance("web1").forthcoming().plain(GiB(1));
    assert!(the::<Instance>(&config, "web1").forthcoming);
    assert!(disks(&config, "web1").iter().all(|disk| disk.forthcoming));
    valid(&config);
}

#[test]
fn parameters_of_instances() {
    let mut config = MockConfig::new();
    config.instance("web1").os("debian+wheezy").tag("shop").osparam("dhcp", "yes").osparam_private("pw", "marker-1");
    config.instance("web1").hvparam("acpi", false).beparam("vcpus", "2").memory(MiB(256), GiB(1));
    config.instance("web1").change(|it| it.serial_no = 4).disk(0, |disk| disk.spindles = Some(2));
    let web1 = the::<Instance>(&config, "web1");
    assert_eq!((web1.os.as_str(), web1.serial_no), ("debian+wheezy", 4));
    assert_eq!(Value::from(web1.beparams.clone()), json!({ "vcpus": 2, "minmem": 256, "maxmem": 1024 }));
    assert_eq!(Value::from(web1.hvparams.clone()), json!({ "acpi": false }));
    assert_eq!((&web1.osparams["dhcp"], &web1.osparams_private.0["pw"]), (&json!("yes"), &json!("marker-1")));
    assert!(web1.tags.contains("shop"));
    assert_eq!(disks(&config, "web1")[0].spindles, Some(2));
    config.instance("web1").beparam("memory", 512);
    assert_eq!(the::<Instance>(&config, "web1").beparams["minmem"], 512);
    valid(&config);
}

#[test]
fn a_hypervisor_is_enabled_with_its_instance() {
    let mut config = MockConfig::new();
    config.instance("web1").hypervisor("xen-pvm");
    assert_eq!(config.snapshot().cluster.enabled_hypervisors, ["kvm", "xen-pvm"]);
    assert_eq!(the::<Instance>(&config, "web1").network_port, None);
    assert!(config.snapshot().cluster.tcpudp_port_pool.contains(&11_000));
    config.instance("web1").hypervisor("xen-hvm");
    assert_eq!(the::<Instance>(&config, "web1").network_port, Some(11_000));
    valid(&config);
}

#[test]
fn an_instance_moves_with_its_disks() {
    let mut config = clusters::three_nodes_five_instances();
    let (node1, node2, node3) = (config.id_of_node("node1"), config.id_of_node("node2"), config.id_of_node("node3"));
    config.instance("web1").on("node3");
    assert_eq!(disks(&config, "web1")[0].nodes, std::slice::from_ref(&node3));

    // To the other side: the disk stays as it is.
    config.instance("web2").on("node2");
    assert_eq!(the::<Instance>(&config, "web2").primary_node, node2);
    assert_eq!(disks(&config, "web2")[0].mirror(), Some((node1.clone(), node2.clone())));

    // To a third node: the primary side moves, with a minor that is free there.
    config.instance("web2").on("node3");
    let disk = &disks(&config, "web2")[0];
    assert_eq!(disk.mirror(), Some((node1.clone(), node3.clone())));
    assert_eq!(disk.logical_id.as_drbd().unwrap().minors, (json!(0), json!(2)));
    assert_eq!(disk.children[0].nodes, [node1.clone(), node3.clone()]);

    config.instance("web2").secondary("node2");
    assert_eq!(disks(&config, "web2")[0].mirror(), Some((node2, node3)));
    assert!(!config.snapshot().instances_of_node(&node1).contains(&config.id_of_instance("web2")));
    valid(&config);
}

#[test]
fn interfaces_are_what_was_said() {
    let mut config = MockConfig::new();
    config.network("net1").mac_prefix("02:00:00");
    config.group("default").connected("net1", "routed", "101");
    config
        .instance("web1")
        .nic(|nic| nic.bridged("br1").ip("10.9.0.7").named("uplink"))
        .nic(|nic| nic.network("net1").ip("10.0.1.7"))
        .nic(|nic| nic.network("net1"))
        .nic(|nic| nic.openvswitch("switch1").vlan(".7").mac("AA:00:00:00:00:77"))
        .nic(|nic| nic.routed("102"));
    let id = config.id_of_instance("web1");
    let without_uuid = |mut nic: Value| {
        nic.as_object_mut().unwrap().shift_remove("uuid");
        nic.to_string()
    };
    let nics = stored(&config, &format!("/instances/{id}/nics"));
    let nics: Vec<String> = nics.as_array().unwrap().iter().cloned().map(without_uuid).collect();
    expect![[r#"
        {"mac":"aa:00:00:00:00:01","ip":"10.9.0.7","name":"uplink","nicparams":{"mode":"bridged","link":"br1"}}
        {"mac":"02:00:00:00:00:02","ip":"10.0.1.7","network":"4e700000-0000-4000-8000-000000000001","nicparams":{"mode":"routed","link":"101","vlan":""}}
        {"mac":"02:00:00:00:00:03","network":"4e700000-0000-4000-8000-000000000001","nicparams":{"mode":"routed","link":"101","vlan":""}}
        {"mac":"aa:00:00:00:00:77","nicparams":{"mode":"openvswitch","link":"switch1","vlan":".7"}}
        {"mac":"aa:00:00:00:00:04","nicparams":{"mode":"routed","link":"102"}}"#]]
    .assert_eq(&nics.join("\n"));
    assert!(taken(&config, "net1", "10.0.1.7"));
    config.instance("web1").no_nics();
    assert!(!taken(&config, "net1", "10.0.1.7"));
    assert_eq!(the::<Instance>(&config, "web1").nics.len(), 0);
    valid(&config);
}

/// Tells whether an instance has the address of a network.
#[track_caller]
fn taken(config: &MockConfig, network: &str, address: &str) -> bool {
    let it = the::<Network>(config, network);
    let pool = AddressPool::new(&it.network, it.reservations.as_deref(), it.ext_reservations.as_deref()).unwrap();
    pool.is_reserved(address.parse().unwrap(), Holder::Instance).unwrap()
}

#[test]
fn mistakes_about_instances() {
    mistake(|c| drop(c.instance("").id()), expect!["an instance needs a name"]);
    mistake(|c| drop(c.id_of_instance("web11")), expect!["there is no instance 'web11'; did you mean 'web1'? (instances: web1, web2, db1, file1, diskless1)"]);
    mistake(|c| drop(c.instance("web1").on("node4").id()), expect!["there is no node 'node4'; did you mean 'node1'? (nodes: node1, node2, node3)"]);
    mistake(|c| drop(c.instance("web1").drbd("node1", GiB(1)).id()), expect!["node 'node1' is the primary node of instance 'web1': a disk can't be mirrored to it (say .on(..) before)"]);
    mistake(|c| drop(c.instance("web2").secondary("node1").id()), expect!["node 'node1' is the primary node of instance 'web2': a disk can't be mirrored to it (say .on(..) before)"]);
    mistake(|c| drop(c.instance("web1").secondary("node2").id()), expect!["instance 'web1' has no mirrored disk"]);
    mistake(|c| drop(c.instance("web1").forthcoming().up().id()), expect!["instance 'web1' is only planned: it can't be up"]);
    mistake(|c| drop(c.instance("web1").forthcoming().stopped_by_user().id()), expect!["instance 'web1' is only planned: nobody can stop it"]);
    mistake(|c| drop(c.instance("web1").memory(GiB(2), GiB(1)).id()), expect!["the least memory (2048 MiB) is more than the most (1024 MiB)"]);
    mistake(|c| drop(c.instance("web1").hypervisor("xen").id()), expect!["'xen' is no hypervisor (allowed: chroot, fake, kvm, lxc, xen-hvm, xen-pvm)"]);
    mistake(|c| drop(c.instance("web1").hvparam("vnc_tls", true).hypervisor("xen-pvm").id()), expect!["'xen-pvm' has no parameter 'vnc_tls', which instance 'web1' has"]);
    mistake(|c| drop(c.instance("web1").hvparam("acpy", true).id()), expect![[r#"parameter of 'kvm': unknown parameter "acpy"; did you mean `acpi`?"#]]);
    mistake(|c| drop(c.instance("web1").hvparam("migration_port", 1).id()), expect!["parameter of 'kvm' 'migration_port' can be set for the cluster only"]);
    mistake(|c| drop(c.instance("web1").beparam("cpus", 1).id()), expect![[r#"backend parameter: unknown parameter "cpus"; did you mean `vcpus`?"#]]);
    mistake(|c| drop(c.instance("web1").disk(1, |_| ()).id()), expect!["instance 'web1' has no disk 1: it has 1, counted from 0"]);
    mistake(|c| drop(c.instance("web1").disk(0, |it| it.uuid = "x".into()).id()), expect!["the uuid of a disk does not change; to break a cluster, use `broken`"]);
}

#[test]
fn mistakes_about_disks_that_are_not_enabled() {
    let fails = |makes: fn(&mut MockConfig)| {
        let mut config = MockConfig::new();
        config.enabled_disk_templates(["rbd"]);
        failure_of(|| makes(&mut config)).message
    };
    let plain = fails(|c| drop(c.instance("web1").plain(GiB(1)).id()));
    expect!["disk template 'plain' is not enabled (enabled: rbd)"].assert_eq(&plain);
    let drbd = fails(|c| {
        c.node("node2");
        c.instance("web1").drbd("node2", GiB(1));
    });
    expect!["disk template 'drbd' is not enabled (enabled: rbd)"].assert_eq(&drbd);
    let diskless = fails(|c| drop(c.instance("web1").diskless().id()));
    expect!["disk template 'diskless' is not enabled (enabled: rbd)"].assert_eq(&diskless);
}

#[test]
fn no_node_for_an_instance_is_a_mistake() {
    let mut config = MockConfig::new();
    config.node("node1").not_vm_capable();
    let failed = failure_of(|| drop(config.instance("web1").id()));
    expect!["no node can run instances: all are marked as not able to"].assert_eq(&failed.message);
    config.node("node2");
    let failed = failure_of(|| drop(config.instance("web1").on("node1").id()));
    expect!["node 'node1' can't run instances: it is marked as not able to"].assert_eq(&failed.message);
}

#[test]
fn mistakes_about_interfaces() {
    fn net1(config: &mut MockConfig) -> &mut MockConfig {
        config.network("net1").cidr("10.1.0.0/28").gateway("10.1.0.1");
        config.network("net2");
        config.group("default").connected("net1", "bridged", "br1");
        config
    }
    mistake(|c| drop(c.instance("web1").nic(|n| n.network("net1")).id()), expect![[r#"there is no network 'net1' (networks: none); make it first: .network("net1")"#]]);
    mistake(|c| drop(net1(c).instance("web1").nic(|n| n.network("net2")).id()), expect![[r#"network 'net2' is not connected to node group 'default' (connected: net1); connect it first: .group("default").connected("net2", "bridged", "br0")"#]]);
    mistake(|c| drop(net1(c).instance("web1").nic(|n| n.network("net1").bridged("br2")).id()), expect!["an interface in a network has the mode, link and VLAN of the connection: leave them out"]);
    mistake(|c| drop(net1(c).instance("web1").nic(|n| n.network("net1").ip("10.2.0.1")).id()), expect!["network 'net1': address 10.2.0.1 is not in network 10.1.0.0/28"]);
    mistake(|c| drop(net1(c).instance("web1").nic(|n| n.network("net1").ip("10.1.0.1")).id()), expect!["network 'net1': address 10.1.0.1 is kept from instances"]);
    mistake(|c| drop(net1(c).instance("web1").nic(|n| n.network("net1").ip("::1")).id()), expect![[r#""::1" has no valid IPv4 address"#]]);
    mistake(|c| drop(net1(c).instance("web1").nic(|n| n.network("net1").ip("10.1.0.3")).nic(|n| n.network("net1").ip("10.1.0.3")).id()), expect!["network 'net1': address 10.1.0.3 is reserved by an instance already"]);
    mistake(|c| drop(c.instance("web1").nic(|n| n.ip("somewhere")).id()), expect![[r#""somewhere" is no address"#]]);
    mistake(|c| drop(c.instance("web1").nic(|n| n.mac("aa:00:00:00:00:02")).id()), expect!["another interface has the hardware address aa:00:00:00:00:02"]);
    mistake(|c| drop(c.instance("web1").nic(|n| n.mac("aa:00")).id()), expect![[r#""aa:00" is no MAC address; 6 octets are wanted, as in aa:00:0f:12:34:56"#]]);
}

// Networks.

#[test]
fn setters_of_networks_change_what_they_say() {
    let mut config = MockConfig::new();
    config.network("net1").cidr("10.1.0.0/28").gateway("10.1.0.1").reserve("10.1.0.5").mac_prefix("AA:00:55").tag("dmz");
    config.network("net1").change(|network| network.network6 = Some("2001:db8::/64".to_owned()));
    config.network("net2");
    let net1 = the::<Network>(&config, "net1");
    assert_eq!((net1.network.as_str(), net1.gateway.as_deref()), ("10.1.0.0/28", Some("10.1.0.1")));
    assert_eq!((net1.mac_prefix.as_deref(), net1.network6.as_deref()), (Some("aa:00:55"), Some("2001:db8::/64")));
    assert_eq!(net1.ext_reservations.as_deref(), Some("1100010000000001"));
    assert!(net1.tags.contains("dmz"));
    assert_eq!(the::<Network>(&config, "net2").network, "10.0.2.0/24");
    valid(&config);
}

#[test]
fn mistakes_about_networks() {
    mistake(|c| drop(c.network("").id()), expect!["a network needs a name"]);
    mistake(|c| drop(c.network("net1").cidr("10.0.0.1/24").id()), expect![[r#""10.0.0.1/24" is the address of a host; its network is 10.0.0.0/24"#]]);
    mistake(|c| drop(c.network("net1").gateway("10.0.2.1").id()), expect!["network 'net1': address 10.0.2.1 is not in network 10.0.1.0/24"]);
    mistake(|c| drop(c.network("net1").reserve("10.0.1.9").reserve("10.0.1.9").id()), expect!["network 'net1': address 10.0.1.9 is reserved externally already"]);
    mistake(|c| drop(c.network("net1").reserve("9").id()), expect![[r#""9" has no valid IPv4 address"#]]);
    mistake(|c| drop(c.network("net1").mac_prefix("aa").id()), expect![[r#""aa" is no prefix of a MAC address; 3 octets are wanted, as in aa:00:0f"#]]);
}

#[test]
fn addresses_of_instances_stay_in_their_network() {
    let mut config = MockConfig::new();
    config.network("net1");
    config.group("default").connected("net1", "bridged", "br1");
    config.instance("web1").nic(|nic| nic.network("net1").ip("10.0.1.7"));
    let failed = failure_of(|| drop(config.network("net1").cidr("10.1.0.0/24").id()));
    expect!["network 'net1' can't have other addresses: instance 'web1' has one"].assert_eq(&failed.message);
    let failed = failure_of(|| drop(config.network("net1").reserve("10.0.1.7").id()));
    expect!["an instance has the address 10.0.1.7"].assert_eq(&failed.message);
}

// The cluster.

#[test]
fn setters_of_the_cluster_change_what_they_say() {
    let mut config = MockConfig::new();
    config.tag("prod").default_iallocator("hail").hidden_os("a").blacklisted_os("b").enabled_hypervisors(["xen-pvm", "kvm"]);
    config.osparam("debian", "dhcp", "yes").osparam_private("debian", "pw", "marker-1").os_hvparam("debian", "kvm", "acpi", false);
    config.hvparam("kvm", "kernel_path", "").beparam("maxmem", "1G").nicparam("vlan", ".7").ndparam("ssh_port", 2222);
    config.diskparam("rbd", "pool", "ssd").ipolicy("spindle-ratio", 16.0).ipolicy_min("nic-count", 0).ipolicy_max("cpu-count", 4);
    config.cluster(|cluster| cluster.prealloc_wipe_disks = true).candidate_pool_size(3);
    let part = |path: &str| stored(&config, &format!("/cluster/{path}"));
    assert_eq!(part("tags"), json!(["prod"]));
    assert_eq!(part("default_iallocator"), "hail");
    assert_eq!((part("hidden_os"), part("blacklisted_os")), (json!(["a"]), json!(["b"])));
    assert_eq!(part("enabled_hypervisors"), json!(["xen-pvm", "kvm"]));
    assert_eq!((part("osparams/debian/dhcp"), part("osparams_private_cluster/debian/pw")), (json!("yes"), json!("marker-1")));
    assert_eq!((part("os_hvp/debian/kvm/acpi"), part("hvparams/kvm/kernel_path")), (json!(false), json!("")));
    assert_eq!((part("beparams/default/maxmem"), part("nicparams/default/vlan")), (json!(1024), json!(".7")));
    assert_eq!((part("ndparams/ssh_port"), part("diskparams/rbd/pool")), (json!(2222), json!("ssd")));
    assert_eq!(part("ipolicy/spindle-ratio"), json!(16.0));
    assert_eq!((part("ipolicy/minmax/0/min/nic-count"), part("ipolicy/minmax/0/max/cpu-count")), (json!(0), json!(4)));
    assert_eq!((part("prealloc_wipe_disks"), part("candidate_pool_size")), (json!(true), json!(3)));
    valid(&config);
}

#[test]
fn a_cluster_without_lvm() {
    let mut config = MockConfig::new();
    config.no_lvm().instance("web1");
    assert_eq!(stored(&config, "/cluster/volume_group_name"), Value::Null);
    assert_eq!(stored(&config, "/cluster/enabled_disk_templates/0"), "file");
    assert_eq!(disks(&config, "web1")[0].dev_type.as_str(), "file");
    valid(&config);
}

#[test]
fn the_policy_follows_the_enabled_templates() {
    let mut config = MockConfig::new();
    config.ipolicy("disk-templates", ["plain", "drbd"].as_slice()).enabled_disk_templates(["plain"]);
    assert_eq!(stored(&config, "/cluster/ipolicy/disk-templates"), json!(["plain"]));
    config.enabled_disk_templates(["file", "rbd"]);
    assert_eq!(stored(&config, "/cluster/ipolicy/disk-templates"), json!(["file", "rbd"]));
    valid(&config);
}

#[test]
fn mistakes_about_the_cluster() {
    mistake(|c| drop(c.enabled_hypervisors(["kwm"]).id_of_node("node1")), expect!["'kwm' is no hypervisor; did you mean 'kvm'? (allowed: chroot, fake, kvm, lxc, xen-hvm, xen-pvm)"]);
    mistake(|c| drop(c.enabled_hypervisors([]).id_of_node("node1")), expect!["a cluster needs a hypervisor"]);
    mistake(|c| drop(c.enabled_hypervisors(["fake"]).id_of_node("node1")), expect!["instance 'web1' runs with 'kvm'"]);
    mistake(|c| drop(c.enabled_disk_templates([]).id_of_node("node1")), expect!["a cluster needs a disk template"]);
    mistake(|c| drop(c.enabled_disk_templates(["plain", "drbd", "diskless"]).id_of_node("node1")), expect!["instance 'file1' has the disk template 'file'"]);
    mistake(|c| drop(c.enabled_disk_templates(["plain", "drbd", "file"]).id_of_node("node1")), expect!["instance 'diskless1' has the disk template 'diskless'"]);
    mistake(|c| drop(c.no_lvm().id_of_node("node1")), expect!["instance 'web1' has the disk template 'plain'"]);
    mistake(|c| drop(c.tag("a b").id_of_node("node1")), expect![[r#"tag "a b" has the character " "; allowed are letters, digits and any of _.+*/:@-"#]]);
    mistake(|c| drop(c.nicparam("bridge", "br0").id_of_node("node1")), expect![[r#"interface parameter: unknown parameter "bridge"; allowed are link, mode, vlan"#]]);
    mistake(|_| drop(MockConfig::from_document(&json!({ "version": 1 }))), expect!["the document is no configuration: it is of version 0.0 (number 1); configurations of Ganeti 3.0 and 3.1 can be read: upgrade an older cluster first"]);
}

#[test]
fn ports_can_run_out() {
    let mut config = MockConfig::new();
    config.cluster(|cluster| cluster.highest_used_port = 14_999);
    let failed = failure_of(|| drop(config.instance("web1").id()));
    expect!["no TCP port is left: a cluster has 11000 to 14999"].assert_eq(&failed.message);
    assert_eq!(failed.line, line!() - 2);
}

// What other jobs do.

#[test]
fn a_removed_instance_leaves_nothing() {
    let mut config = clusters::three_nodes_five_instances();
    config.network("net1");
    config.group("default").connected("net1", "bridged", "br1");
    config.instance("db1").nic(|nic| nic.network("net1").ip("10.0.1.7"));
    let db1 = config.id_of_instance("db1");
    let ports = config.snapshot().cluster.tcpudp_port_pool.len();
    config.remove_instance("db1");
    let state = config.snapshot();
    assert!(state.get(&db1).is_err());
    assert!(state.disks.values().all(|disk| disk.dev_type.as_str() != "drbd" || disk.size == 10_240));
    assert_eq!(state.disks.len(), 3);
    assert_eq!(state.cluster.tcpudp_port_pool.len(), ports + 3);
    assert!(!taken(&config, "net1", "10.0.1.7"));
    assert!(!state.instances_of_node(&config.id_of_node("node3")).contains(&db1));
    valid(&config);
}

#[test]
fn other_objects_go_and_move() {
    let mut config = clusters::two_groups();
    config.node("node5").group("rack-b");
    config.network("net1");
    config.group("default").connected("net1", "bridged", "br1");
    config.group("rack-c");
    config.remove_node("node5").remove_group("rack-c").remove_network("net1").move_node("node2", "rack-b");
    config.move_instance("web1", "node2").rename_instance("web2", "shop2");
    let state = config.snapshot();
    assert_eq!((state.nodes.len(), state.nodegroups.len(), state.networks.len()), (4, 2, 0));
    assert_eq!(the::<NodeGroup>(&config, "default").networks.len(), 0);
    assert_eq!(the::<Node>(&config, "node2").group, config.id_of_group("rack-b"));
    assert_eq!(the::<Instance>(&config, "web1").primary_node, config.id_of_node("node2"));
    assert_eq!(the::<Instance>(&config, "shop2").name, "shop2.example.com");
    assert_eq!(config.line_of::<Node>("node5"), None);
    valid(&config);
}

#[test]
fn files_are_renamed_with_their_instance() {
    let mut config = clusters::three_nodes_five_instances();
    config.rename_instance("file1", "file2");
    let disk = &disks(&config, "file2")[0];
    let (_, path) = disk.logical_id.as_pair().unwrap();
    assert!(path.starts_with("/srv/ganeti/file-storage/file2.example.com/b10c0000-"), "{path}");
    valid(&config);
}

#[test]
fn mistakes_about_what_other_jobs_do() {
    mistake(|c| drop(c.remove_instance("web3").clone()), expect!["there is no instance 'web3'; did you mean 'web1'? (instances: web1, web2, db1, file1, diskless1)"]);
    mistake(|c| drop(c.remove_node("node1").clone()), expect!["node 'node1' is the master, which can't go"]);
    mistake(|c| drop(c.remove_node("node2").clone()), expect!["node 'node2' can't go: there are instances on it (web2, db1)"]);
    mistake(|c| drop(c.remove_group("default").clone()), expect!["node group 'default' can't go: there are nodes in it (node1, node2, node3)"]);
    mistake(|c| drop(c.remove_network("net1").clone()), expect![[r#"there is no network 'net1' (networks: none); make it first: .network("net1")"#]]);
    mistake(|c| drop(c.rename_instance("web1", "web2").clone()), expect!["there is an instance 'web2' already"]);
    mistake(|c| drop(c.move_instance("web1", "nodeX").clone()), expect!["there is no node 'nodeX'; did you mean 'node1'? (nodes: node1, node2, node3)"]);
    mistake(|c| drop(c.move_node("node1", "rack").clone()), expect![[r#"there is no node group 'rack' (node groups: default); make it first: .group("rack")"#]]);
}

#[test]
fn a_network_with_instances_stays() {
    let mut config = MockConfig::new();
    config.network("net1");
    config.group("default").connected("net1", "bridged", "br1");
    config.instance("web1").nic(|nic| nic.network("net1"));
    let failed = failure_of(|| drop(config.remove_network("net1").clone()));
    expect!["network 'net1' can't go: there are instances in it (web1)"].assert_eq(&failed.message);
}

#[test]
fn the_last_group_stays() {
    let mut config = MockConfig::new();
    config.broken("a node without a group", |draft| {
        let node = draft.data().nodes.ids().next().cloned().unwrap();
        draft.update(&node, |it| it.group = Id::new("none")).unwrap();
    });
    let failed = failure_of(|| drop(config.remove_group("default").clone()));
    expect!["node group 'default' can't go: it is the last one"].assert_eq(&failed.message);
}

// Lines, and what is broken on purpose.

#[test]
fn every_setter_notes_its_line() {
    fn line<T: Kind>(config: &MockConfig, name: &str) -> Option<u32> {
        config.line_of::<T>(name).map(|it| it.line())
    }
    let mut config = MockConfig::new();
    assert_eq!(line::<Node>(&config, "node1"), Some(line!() - 1));
    config.group("rack-b");
    config.node("node2");
    config.network("net1");
    config.instance("web1").drbd("node2", GiB(1));
    let begin = line!();
    assert_eq!(line::<NodeGroup>(&config, "rack-b"), Some(begin - 4));
    assert_eq!(line::<Instance>(&config, "web1"), Some(begin - 1));
    config.node("node2").group("rack-b");
    config.network("net1").tag("a");
    config.instance("web1").up();
    let begin = line!();
    assert_eq!(line::<Node>(&config, "node2"), Some(begin - 3));
    assert_eq!(line::<Network>(&config, "net1"), Some(begin - 2));
    assert_eq!(line::<Instance>(&config, "web1"), Some(begin - 1));
    config.move_instance("web1", "node2").rename_instance("web1", "shop1");
    assert_eq!(line::<Instance>(&config, "shop1"), Some(line!() - 1));
    assert_eq!(line::<Instance>(&config, "web2"), None);
}

#[test]
fn lines_of_ready_made_clusters_are_the_test_s() {
    let config = clusters::three_nodes_five_instances();
    let line = config.line_of::<Instance>("db1").unwrap();
    assert_eq!((line.file(), line.line()), (file!(), line!() - 2));
}

#[test]
fn an_invalid_cluster_is_told_with_the_lines_that_made_it() {
    let mut config = clusters::three_nodes();
    config.node("node2").change(|node| node.drained = true);
    config.instance("web1").nic(|nic| nic.ip("10.9.0.7")).nic(|nic| nic.ip("10.9.0.7"));
    let line = line!();
    let wanted = format!(
        "the cluster that the test has built is not valid:
  - node 'node2.example.com' is master candidate and drained at once
    {file}:{0}
  - address 10.9.0.7 (bridged xen-br0) is used by network interface 0 of instance 'web1.example.com' \
     and network interface 1 of instance 'web1.example.com'
    {file}:{1}",
        line - 2,
        line - 1,
        file = file!(),
    );
    assert_eq!(config.check().unwrap_err(), wanted);
}

#[test]
fn a_finding_that_names_nothing_is_told_with_the_last_line() {
    let mut config = clusters::three_nodes();
    config.cluster(|cluster| cluster.enabled_hypervisors.clear());
    let text = config.check().unwrap_err();
    assert!(text.ends_with(&format!("{}:{}", file!(), line!() - 2)), "{text}");
}

#[test]
fn what_was_broken_on_purpose_is_expected_and_nothing_else() {
    let mut config = clusters::three_nodes_five_instances();
    let web1 = config.id_of_instance("web1");
    config.broken("its node is gone", |draft| {
        draft.update(&web1, |it| it.primary_node = Id::new("gone")).unwrap();
    });
    valid(&config);
    assert_eq!(config.broken_because().collect::<Vec<_>>(), ["its node is gone"]);
    config.node("node2").change(|node| node.drained = true);
    let text = config.check().unwrap_err();
    assert!(text.contains("node2") && !text.contains("web1"), "{text}");
}

// Ready-made clusters.

#[test]
fn ready_made_clusters_are_valid() {
    for config in [
        clusters::empty(),
        clusters::three_nodes(),
        clusters::three_nodes_five_instances(),
        clusters::two_groups(),
        clusters::scaled(1, 30),
        clusters::scaled(7, 100),
    ] {
        valid(&config);
    }
}

#[test]
fn odd_clusters_are_valid_and_have_their_oddity() {
    let names: Vec<&str> = clusters::odd().into_iter().map(|(name, config)| (valid(&config), name).1).collect();
    expect![[r#"two groups, second volume group, no LVM, every storage, every state, every node role, single-homed, many candidates, OS parameters, VLAN, networks, exclusive storage"#]]
        .assert_eq(&names.join(", "));
    for (name, config) in clusters::odd() {
        assert_eq!(config.snapshot().named::<Instance>("web1.example.com").unwrap().name(), "web1.example.com", "{name}");
    }
}

#[test]
fn a_large_cluster_is_built_at_once() {
    let config = clusters::scaled(40, 20_000);
    let state = config.snapshot();
    assert_eq!((state.nodes.len(), state.instances.len(), state.disks.len()), (40, 20_000, 20_000));
    assert_eq!(state.disks.values().filter(|disk| disk.mirror().is_some()).count(), 2000);
    let last = the::<Instance>(&config, "inst20000");
    assert_eq!(last.disks, [Id::new("d15c0000-0000-4000-8000-000000020000")]);
    assert_eq!(state.nodes_of(&last).unwrap().len(), 2);
}

#[test]
fn a_large_cluster_can_be_changed() {
    let mut config = clusters::scaled(3, 30);
    config.node("node4");
    config.instance("web1").on("node4").drbd("node1", GiB(1)).nic(|nic| nic).up();
    config.remove_instance("inst10").instance("inst20").up();
    valid(&config);
}

#[test]
fn a_cluster_without_nodes_is_a_mistake() {
    let failed = failure_of(|| drop(clusters::scaled(0, 1)));
    assert_eq!(failed, Failed { message: "a cluster needs a node".to_owned(), line: line!() - 1, file: file!().to_owned() });
}

// Catching failures.

#[test]
fn a_failure_that_does_not_come_is_a_failure() {
    let failed = failure_of(|| {
        let result = std::panic::catch_unwind(|| failure_of(|| ()));
        let message = result.unwrap_err().downcast_ref::<&str>().unwrap().to_string();
        panic!("{message}");
    });
    assert_eq!(failed.message, "`failure_of` inside of `failure_of`");
    let result = std::panic::catch_unwind(|| failure_of(|| ()));
    let message = result.unwrap_err().downcast_ref::<&str>().unwrap().to_string();
    assert_eq!(message, "a failure was to be caught, but there was none");
}
