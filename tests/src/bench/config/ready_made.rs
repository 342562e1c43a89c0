//! Ready-made clusters.

use cmdlib::ids::Id;
use cmdlib::objects::{Instance, Node};
use expect_test::expect;
use testlib::{Failed, GiB, clusters, failure_of};

use super::{the, valid};

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
    expect!["two groups, second volume group, no LVM, every storage, every state, every node role, single-homed, many candidates, OS parameters, VLAN, networks, exclusive storage, one node, dead primary, tags"]
        .assert_eq(&names.join(", "));
    for (name, config) in clusters::odd() {
        assert_eq!(config.snapshot().named::<Instance>("web1.example.com").unwrap().name, "web1.example.com", "{name}");
    }
}

#[test]
fn a_large_cluster_is_built_at_once() {
    let config = clusters::scaled(40, 2_000);
    let state = config.snapshot();
    assert_eq!((state.nodes.len(), state.instances.len(), state.disks.len()), (40, 2_000, 2_000));
    assert_eq!(state.disks.values().filter(|disk| disk.mirror().is_some()).count(), 200);
    let last = the::<Instance>(&config, "inst2000");
    assert_eq!(last.disks, [Id::new("d15c0000-0000-4000-8000-000000002000")]);
    assert_eq!(state.nodes_of(&last).unwrap().len(), 2);
}

#[test]
fn many_nodes_have_addresses_of_their_own() {
    let mut config = clusters::scaled(300, 0);
    config.node("far1");
    valid(&config);
    assert_eq!(the::<Node>(&config, "node251").primary_ip, "10.64.0.251");
    assert_eq!(the::<Node>(&config, "far1").secondary_ip, "10.96.1.45");
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
    let line = line!() - 1;
    assert_eq!(failed, Failed { message: "a cluster needs a node".to_owned(), line, file: file!().to_owned() });
}
