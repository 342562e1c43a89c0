//! Disks of instances.

use cmdlib::objects::Instance;
use expect_test::expect;
use serde_json::{Value, json};
use testlib::{GiB, MiB, MockConfig, clusters, failure_of};

use super::{disks, shape, the, valid};

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
