//! What every cluster begins with, and how it is counted on.

use cmdlib::config::Snapshot;
use cmdlib::objects::{Instance, Node};
use cmdlib::params::{Hypervisor, check_syntax};
use expect_test::expect;
use testlib::{GiB, MockConfig, clusters};

use super::{stored, the, valid};

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
    expect!["version cluster nodes nodegroups instances networks disks filters ctime mtime serial_no"]
        .assert_eq(&keys(""));
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
    let build = || {
        let mut config = MockConfig::new();
        config.group("rack-b");
        config.node("node2").group("rack-b").offline();
        config.instance("web1").drbd("node2", GiB(1)).file(GiB(2)).nic(|nic| nic).up();
        config.snapshot().write().to_string()
    };
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
