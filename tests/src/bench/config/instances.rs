//! Instances, their states and interfaces.

use cmdlib::objects::{AdminSource, AdminState, Instance};
use expect_test::expect;
use serde_json::{Value, json};
use testlib::{GiB, MiB, MockConfig, failure_of};

use super::{Wrong, disks, mistakes, shape, stored, taken, the, valid, wrong};

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

#[test]
fn mistakes_about_instances() {
    mistakes(
        &[
            wrong!(|c| c.instance("")),
            wrong!(|c| c.id_of_instance("web11")),
            wrong!(|c| c.instance("web1").on("node4")),
            wrong!(|c| c.instance("web1").drbd("node1", GiB(1))),
            wrong!(|c| c.instance("web2").secondary("node1")),
            wrong!(|c| c.instance("web1").secondary("node2")),
            wrong!(|c| c.instance("web1").forthcoming().up()),
            wrong!(|c| c.instance("web1").forthcoming().stopped_by_user()),
            wrong!(|c| c.instance("web1").memory(GiB(2), GiB(1))),
            wrong!(|c| c.instance("web1").hypervisor("xen")),
            wrong!(|c| c.instance("web1").hvparam("vnc_tls", true).hypervisor("xen-pvm")),
            wrong!(|c| c.instance("web1").hvparam("acpy", true)),
            wrong!(|c| c.instance("web1").hvparam("migration_port", 1)),
            wrong!(|c| c.instance("web1").beparam("cpus", 1)),
            wrong!(|c| c.instance("web1").disk(1, |_| ())),
            wrong!(|c| c.instance("web1").disk(0, |it| it.uuid = "x".into())),
        ],
        expect![[r#"
            an instance needs a name
            there is no instance 'web11'; did you mean 'web1'? (instances: web1, web2, db1, file1, diskless1)
            there is no node 'node4'; did you mean 'node1'? (nodes: node1, node2, node3)
            node 'node1' is the primary node of instance 'web1': a disk can't be mirrored to it (say .on(..) before)
            node 'node1' is the primary node of instance 'web2': a disk can't be mirrored to it (say .on(..) before)
            instance 'web1' has no mirrored disk
            instance 'web1' is only planned: it can't be up
            instance 'web1' is only planned: nobody can stop it
            the least memory (2048 MiB) is more than the most (1024 MiB)
            'xen' is no hypervisor (allowed: chroot, fake, kvm, lxc, xen-hvm, xen-pvm)
            'xen-pvm' has no parameter 'vnc_tls', which instance 'web1' has
            parameter of 'kvm': unknown parameter "acpy"; did you mean `acpi`?
            parameter of 'kvm' 'migration_port' can be set for the cluster only
            backend parameter: unknown parameter "cpus"; did you mean `vcpus`?
            instance 'web1' has no disk 1: it has 1, counted from 0
            the uuid of a disk does not change; to break a cluster, use `broken`"#]],
    );
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
    mistakes(
        &[
            wrong!(|c| c.instance("web1").nic(|n| n.network("net1"))),
            wrong!(|c| net1(c).instance("web1").nic(|n| n.network("net2"))),
            wrong!(|c| net1(c).instance("web1").nic(|n| n.network("net1").bridged("br2"))),
            wrong!(|c| net1(c).instance("web1").nic(|n| n.network("net1").ip("10.2.0.1"))),
            wrong!(|c| net1(c).instance("web1").nic(|n| n.network("net1").ip("10.1.0.1"))),
            wrong!(|c| net1(c).instance("web1").nic(|n| n.network("net1").ip("::1"))),
            wrong!(|c| net1(c)
                .instance("web1")
                .nic(|n| n.network("net1").ip("10.1.0.3"))
                .nic(|n| n.network("net1").ip("10.1.0.3"))),
            wrong!(|c| c.instance("web1").nic(|n| n.ip("somewhere"))),
            wrong!(|c| c.instance("web1").nic(|n| n.mac("aa:00:00:00:00:02"))),
            wrong!(|c| c.instance("web1").nic(|n| n.mac("aa:00"))),
        ],
        expect![[r#"
            there is no network 'net1' (networks: none); make it first: .network("net1")
            network 'net2' is not connected to node group 'default' (connected: net1); connect it first: .group("default").connected("net2", "bridged", "br0")
            an interface in a network has the mode, link and VLAN of the connection: leave them out
            network 'net1': address 10.2.0.1 is not in network 10.1.0.0/28
            network 'net1': address 10.1.0.1 is kept from instances
            "::1" has no valid IPv4 address
            network 'net1': address 10.1.0.3 is reserved by an instance already
            "somewhere" is no address
            another interface has the hardware address aa:00:00:00:00:02
            "aa:00" is no MAC address; 6 octets are wanted, as in aa:00:0f:12:34:56"#]],
    );
}
