//! Nodes and their roles.

use cmdlib::objects::Node;
use expect_test::expect;
use serde_json::{Value, json};
use testlib::{MockConfig, clusters, failure_of};

use super::{Wrong, mistakes, stored, the, valid, wrong};

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
fn long_lists_are_cut() {
    let config = clusters::scaled(25, 0);
    let failed = failure_of(|| drop(config.id_of_node("somewhere")));
    let all: Vec<String> = (1..=20).map(|number| format!("node{number}")).collect();
    let wanted = format!("there is no node 'somewhere' (nodes: {}, and 5 more); make it first: ", all.join(", "));
    assert_eq!(failed.message, wanted + ".node(\"somewhere\")");
}

#[test]
fn mistakes_about_nodes() {
    mistakes(
        &[
            wrong!(|c| c.id_of_node("nod2")),
            wrong!(|c| c.id_of_node("gateway-to-hell")),
            wrong!(|c| c.node("")),
            wrong!(|c| c.node("node2").group("rack-b")),
            wrong!(|c| c.node("node1").offline()),
            wrong!(|c| c.node("node1").drained()),
            wrong!(|c| c.node("node1").candidate(false)),
            wrong!(|c| c.node("node1").not_master_capable()),
            wrong!(|c| c.node("node2").offline().candidate(true)),
            wrong!(|c| c.node("node2").drained().candidate(true)),
            wrong!(|c| c.node("node2").not_master_capable().candidate(true)),
            wrong!(|c| c.node("node2").not_master_capable().master()),
            wrong!(|c| c.node("node2").not_vm_capable()),
            wrong!(|c| c.node("node2").primary_ip("192.0.2.3")),
            wrong!(|c| c.node("node2").secondary_ip("192.0.2.254")),
            wrong!(|c| c.node("node2").primary_ip("192.0.2")),
            wrong!(|c| c.node("node2").ndparam("spindles", 1)),
            wrong!(|c| c.node("node2").ndparam("ssh_port", "many")),
            wrong!(|c| c.node("node2").ndparam("exclusive_storage", true)),
            wrong!(|c| c.node("node2").tag("two words")),
            wrong!(|c| c.node("node2").change(|it| it.uuid = "x".into())),
        ],
        expect![[r#"
            there is no node 'nod2'; did you mean 'node2'? (nodes: node1, node2, node3)
            there is no node 'gateway-to-hell' (nodes: node1, node2, node3); make it first: .node("gateway-to-hell")
            a node needs a name
            there is no node group 'rack-b' (node groups: default); make it first: .group("rack-b")
            node 'node1' is the master, which can't go offline; make another node the master first
            node 'node1' is the master, which can't be drained; make another node the master first
            node 'node1' is the master, which can't leave the pool of candidates; make another node the master first
            node 'node1' is the master, which can't lose the ability to be one; make another node the master first
            node 'node2' is offline: it can't be a master candidate
            node 'node2' is drained: it can't be a master candidate
            node 'node2' is not master capable: it can't be a master candidate
            node 'node2' is not master capable
            node 'node2' runs instances or mirrors their disks: web2, db1
            node 'node3' has the address 192.0.2.3
            the cluster has the address 192.0.2.254
            "192.0.2" has no valid IPv4 address
            node parameter: unknown parameter "spindles"; allowed are cpu_speed, exclusive_storage, oob_program, ovs, ovs_link, ovs_name, spindle_count, ssh_port
            node parameter: parameter `ssh_port` has the value "many", but must be a whole number of at most 64 bits
            node parameter 'exclusive_storage' can be set for a group or the cluster only
            tag "two words" has the character " "; allowed are letters, digits and any of _.+*/:@-
            the uuid of a node does not change; to break a cluster, use `broken`"#]],
    );
}
