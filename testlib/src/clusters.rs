//! Ready-made clusters. Each is valid, and says what it is made of; a test changes what it is about.
//!
//! The small ones are made once, as they come out the same each time, and every test gets a copy.

use std::panic::Location;
use std::sync::LazyLock;

use crate::config::{GiB, MockConfig};

/// Returns the smallest cluster: [`MockConfig::new`].
///
/// ```
/// assert_eq!(testlib::clusters::empty().snapshot().instances.len(), 0);
/// ```
#[must_use]
#[track_caller]
pub fn empty() -> MockConfig {
    MockConfig::new()
}

/// Returns a cluster of `node1` (the master), `node2` and `node3` in the group `default`, all master candidates,
/// without instances.
///
/// ```
/// assert_eq!(testlib::clusters::three_nodes().snapshot().nodes.len(), 3);
/// ```
#[must_use]
#[track_caller]
pub fn three_nodes() -> MockConfig {
    static MADE: LazyLock<MockConfig> = LazyLock::new(|| {
        let mut config = MockConfig::new();
        config.node("node2");
        config.node("node3");
        config
    });
    MADE.clone().ready(Location::caller())
}

/// Returns the three nodes with an instance of each common kind:
///
/// | | disk | on | state |
/// |---|---|---|---|
/// | `web1` | plain, 1 GiB | `node1` | down |
/// | `web2` | mirrored, 10 GiB | `node1`, `node2` | up |
/// | `db1` | mirrored, 20 GiB and 5 GiB | `node2`, `node3` | up |
/// | `file1` | file, 2 GiB | `node3` | down |
/// | `diskless1` | none | `node3` | up |
///
/// Each has one bridged interface.
///
/// ```
/// assert_eq!(testlib::clusters::three_nodes_five_instances().snapshot().instances.len(), 5);
/// ```
#[must_use]
#[track_caller]
pub fn three_nodes_five_instances() -> MockConfig {
    static MADE: LazyLock<MockConfig> = LazyLock::new(|| {
        let mut config = three_nodes();
        config.instance("web1").on("node1").plain(GiB(1));
        config.instance("web2").on("node1").drbd("node2", GiB(10)).up();
        config.instance("db1").on("node2").drbd("node3", GiB(20)).drbd("node3", GiB(5)).up();
        config.instance("file1").on("node3").file(GiB(2));
        config.instance("diskless1").on("node3").diskless().up();
        config
    });
    MADE.clone().ready(Location::caller())
}

/// Returns two groups of two nodes: `node1` and `node2` in `default`, `node3` and `node4` in `rack-b`; with a mirrored
/// instance in each (`web1`, `web2`), and `split1`, which is mirrored across (`node2`, `node3`). All are up.
///
/// ```
/// let config = testlib::clusters::two_groups();
/// let state = config.snapshot();
/// let split1 = state.get(&config.id_of_instance("split1")).unwrap();
/// assert_eq!(state.groups_of(&split1).unwrap().len(), 2);
/// ```
#[must_use]
#[track_caller]
pub fn two_groups() -> MockConfig {
    static MADE: LazyLock<MockConfig> = LazyLock::new(|| {
        let mut config = MockConfig::new();
        config.group("rack-b");
        config.node("node2");
        config.node("node3").group("rack-b");
        config.node("node4").group("rack-b");
        config.instance("web1").on("node1").drbd("node2", GiB(10)).up();
        config.instance("web2").on("node3").drbd("node4", GiB(10)).up();
        config.instance("split1").on("node2").drbd("node3", GiB(10)).up();
        config
    });
    MADE.clone().ready(Location::caller())
}

/// Returns a large cluster: `node1` to `node<nodes>`, `inst1` to `inst<instances>`, spread over them in turn, all up,
/// with a plain disk of 10 GiB and a bridged interface, under Xen (whose consoles need no port). Every tenth instance
/// is mirrored to the next node, if there is another one, as far as there are ports for it. 100,000 instances take
/// some two seconds in a release build.
///
/// # Panics
/// `nodes` is 0.
///
/// ```
/// let config = testlib::clusters::scaled(4, 100);
/// assert_eq!(config.snapshot().instances.len(), 100);
/// config.id_of_instance("inst100");
/// ```
#[must_use]
#[track_caller]
pub fn scaled(nodes: usize, instances: usize) -> MockConfig {
    MockConfig::scaled(nodes, instances, Location::caller())
}

/// Returns the odd clusters that every logical unit must cope with, by name: each unit's tests go through all of them.
///
/// Each has `web1` on `node1`, so that a test needs no knowledge of the rest.
///
/// | | |
/// |---|---|
/// | `two groups` | [`two_groups`]: one instance lies across |
/// | `second volume group` | `web1` has volumes in `xenvg` and `fastvg`; mirrors have their metadata in `fastvg` |
/// | `no LVM` | no volume group; `web1` has a file |
/// | `every storage` | one instance each: `file1`, `shared1`, `gluster1`, `ext1`, `rbd1`, `block1`, `diskless1` |
/// | `every state` | `up1`, `down1`, `offline1`, `user1` (stopped from within), `planned1` (forthcoming) |
/// | `every node role` | nodes `drained1`, `offline1`, `storage1` (not VM capable), `plain1` (not master capable) |
/// | | `web2` is on `drained1`, `web3` is mirrored to `offline1` |
/// | `single-homed` | no secondary addresses; `web2` is mirrored |
/// | `many candidates` | three candidates, a pool of one |
/// | `OS parameters` | public, private and hypervisor parameters of the system of `web1`, and its own |
/// | `VLAN` | interfaces are on Open vSwitch with a VLAN by default; `web1` has one of its own, too |
/// | `networks` | `net1` is connected, `net2` is not; `web1` has an address of `net1` |
/// | `exclusive storage` | disks with physical volumes of their own |
///
/// ```
/// for (name, config) in testlib::clusters::odd() {
///     config.id_of_instance("web1");
///     assert_eq!(config.check(), Ok(()), "{name}");
/// }
/// ```
#[must_use]
#[track_caller]
pub fn odd() -> Vec<(&'static str, MockConfig)> {
    let line = Location::caller();
    let with_web1 = |shape: fn(&mut MockConfig)| {
        let mut config = three_nodes();
        shape(&mut config);
        config.instance("web1");
        config.ready(line)
    };
    vec![
        ("two groups", two_groups()),
        ("second volume group", with_web1(second_volume_group)),
        ("no LVM", with_web1(no_lvm)),
        ("every storage", with_web1(every_storage)),
        ("every state", with_web1(every_state)),
        ("every node role", with_web1(every_node_role)),
        ("single-homed", with_web1(single_homed)),
        ("many candidates", with_web1(many_candidates)),
        ("OS parameters", with_web1(os_parameters)),
        ("VLAN", with_web1(vlan)),
        ("networks", with_web1(networks)),
        ("exclusive storage", with_web1(exclusive_storage)),
    ]
}

fn second_volume_group(config: &mut MockConfig) {
    config.diskparam("drbd", "metavg", "fastvg");
    config.instance("web1").plain(GiB(1)).plain_in("fastvg", GiB(1));
    config.instance("web2").drbd("node2", GiB(1)).up();
}

fn no_lvm(config: &mut MockConfig) {
    config.no_lvm();
}

fn many_candidates(config: &mut MockConfig) {
    config.candidate_pool_size(1);
}

fn exclusive_storage(config: &mut MockConfig) {
    config.group("default").exclusive_storage();
}

fn every_storage(config: &mut MockConfig) {
    config.instance("file1").file(GiB(1));
    config.instance("shared1").sharedfile(GiB(1));
    config.instance("gluster1").gluster(GiB(1));
    config.instance("ext1").ext("netapp", GiB(1));
    config.instance("rbd1").rbd(GiB(1));
    config.instance("block1").blockdev("/dev/disk/by-id/lun1", GiB(1));
    config.instance("diskless1").diskless();
}

fn every_state(config: &mut MockConfig) {
    config.instance("up1").up();
    config.instance("down1").down();
    config.instance("offline1").offline();
    config.instance("user1").stopped_by_user();
    config.instance("planned1").forthcoming();
}

fn every_node_role(config: &mut MockConfig) {
    config.node("drained1").drained();
    config.node("offline1").offline();
    config.node("storage1").not_vm_capable();
    config.node("plain1").not_master_capable();
    config.instance("web2").on("drained1");
    config.instance("web3").drbd("offline1", GiB(1)).up();
}

fn single_homed(config: &mut MockConfig) {
    config.single_homed().instance("web2").drbd("node2", GiB(1)).up();
}

fn os_parameters(config: &mut MockConfig) {
    config.osparam("debian", "dhcp", "no").osparam("debian+default", "dhcp", "yes");
    config.osparam_private("debian", "rootpw", "cluster-os-secret-0001");
    config.os_hvparam("debian+default", "kvm", "acpi", false);
    config.instance("web1").osparam("locale", "C").osparam_private("userpw", "instance-os-secret-0001");
}

fn vlan(config: &mut MockConfig) {
    config.nicparam("mode", "openvswitch").nicparam("link", "switch1").nicparam("vlan", ".7");
    config.instance("web1").nic(|nic| nic).nic(|nic| nic.openvswitch("switch1").vlan(":5:6"));
}

fn networks(config: &mut MockConfig) {
    config.network("net1").gateway("10.0.1.1");
    config.network("net2");
    config.group("default").connected("net1", "bridged", "br1");
    config.instance("web1").nic(|nic| nic.network("net1").ip("10.0.1.7"));
}
