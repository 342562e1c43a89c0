//! What other jobs do.

use cmdlib::ids::Id;
use cmdlib::objects::{Instance, Node, NodeGroup};
use expect_test::expect;
use testlib::{MockConfig, clusters, failure_of};

use super::{Wrong, disks, mistakes, taken, the, valid, wrong};

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
    mistakes(
        &[
            wrong!(|c| c.remove_instance("web3")),
            wrong!(|c| c.remove_node("node1")),
            wrong!(|c| c.remove_node("node2")),
            wrong!(|c| c.remove_group("default")),
            wrong!(|c| c.remove_network("net1")),
            wrong!(|c| c.rename_instance("web1", "web2")),
            wrong!(|c| c.move_instance("web1", "nodeX")),
            wrong!(|c| c.move_node("node1", "rack")),
        ],
        expect![[r#"
            there is no instance 'web3'; did you mean 'web1'? (instances: web1, web2, db1, file1, diskless1)
            node 'node1' is the master, which can't go
            node 'node2' can't go: there are instances on it (web2, db1)
            node group 'default' can't go: there are nodes in it (node1, node2, node3)
            there is no network 'net1' (networks: none); make it first: .network("net1")
            there is an instance 'web2' already
            there is no node 'nodeX'; did you mean 'node1'? (nodes: node1, node2, node3)
            there is no node group 'rack' (node groups: default); make it first: .group("rack")"#]],
    );
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
