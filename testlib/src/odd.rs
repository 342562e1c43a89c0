//! The odd clusters that every logical unit must cope with (R87), each a function and a line of [`ALL`]: units are swept on all
//! of them, so one that is added here is one that all units meet.
//!
//! Each is valid, and has `web1` on `node1`, so that a test needs no knowledge of the rest.

use std::panic::Location;

use crate::clusters::three_nodes;
use crate::config::{GiB, MockConfig};

/// An odd cluster.
#[derive(Debug, Clone, Copy)]
pub struct Odd {
    /// What is odd about it.
    pub name: &'static str,
    /// The path of the function that makes it, for whoever writes a test with it.
    pub path: &'static str,
    /// Makes it.
    pub make: fn() -> MockConfig,
}

macro_rules! odd_clusters {
    ($($(#[$doc:meta])* $function:ident = $name:literal, $shape:expr;)+) => {
        $(
            $(#[$doc])*
            #[must_use]
            #[track_caller]
            pub fn $function() -> MockConfig {
                made($shape, Location::caller())
            }
        )+

        /// All of them.
        ///
        /// ```
        /// for odd in testlib::odd::ALL {
        ///     let config = (odd.make)();
        ///     config.id_of_instance("web1");
        ///     assert_eq!(config.check(), Ok(()), "{}", odd.name);
        /// }
        /// ```
        pub const ALL: &[Odd] = &[$(Odd {
            name: $name,
            path: concat!("testlib::odd::", stringify!($function)),
            make: $function,
        }),+];
    };
}

fn made(shape: impl FnOnce(&mut MockConfig), line: &'static Location<'static>) -> MockConfig {
    let mut config = three_nodes();
    shape(&mut config);
    config.instance("web1");
    config.ready(line)
}

odd_clusters! {
    /// Two groups of two nodes. One instance lies across: [`clusters::two_groups`](crate::clusters::two_groups).
    two_groups = "two groups", |config| *config = crate::clusters::two_groups();

    /// `web1` has volumes in `xenvg` and `fastvg`; mirrors have their metadata in `fastvg`.
    second_volume_group = "second volume group", |config| {
        config.diskparam("drbd", "metavg", "fastvg");
        config.instance("web1").plain(GiB(1)).plain_in("fastvg", GiB(1));
        config.instance("web2").drbd("node2", GiB(1)).up();
    };

    /// No volume group; `web1` has a file.
    no_lvm = "no LVM", |config| _ = config.no_lvm();

    /// One instance each: `file1`, `shared1`, `gluster1`, `ext1`, `rbd1`, `block1`, `diskless1`.
    every_storage = "every storage", |config| {
        config.instance("file1").file(GiB(1));
        config.instance("shared1").sharedfile(GiB(1));
        config.instance("gluster1").gluster(GiB(1));
        config.instance("ext1").ext("netapp", GiB(1));
        config.instance("rbd1").rbd(GiB(1));
        config.instance("block1").blockdev("/dev/disk/by-id/lun1", GiB(1));
        config.instance("diskless1").diskless();
    };

    /// `up1`, `down1`, `offline1`, `user1` (stopped from within), `planned1` (forthcoming).
    every_state = "every state", |config| {
        config.instance("up1").up();
        config.instance("down1").down();
        config.instance("offline1").offline();
        config.instance("user1").stopped_by_user();
        config.instance("planned1").forthcoming();
    };

    /// Nodes `drained1`, `offline1`, `storage1` (not VM capable), `plain1` (not master capable). `web2` is on `drained1`,
    /// `web3` is mirrored to `offline1`.
    every_node_role = "every node role", |config| {
        config.node("drained1").drained();
        config.node("offline1").offline();
        config.node("storage1").not_vm_capable();
        config.node("plain1").not_master_capable();
        config.instance("web2").on("drained1");
        config.instance("web3").drbd("offline1", GiB(1)).up();
    };

    /// No secondary addresses; `web2` is mirrored.
    single_homed = "single-homed", |config| _ = config.single_homed().instance("web2").drbd("node2", GiB(1)).up();

    /// Three candidates, a pool of one.
    many_candidates = "many candidates", |config| _ = config.candidate_pool_size(1);

    /// Public, private and hypervisor parameters of the system of `web1`, and its own.
    os_parameters = "OS parameters", |config| {
        config.osparam("debian", "dhcp", "no").osparam("debian+default", "dhcp", "yes");
        config.osparam_private("debian", "rootpw", "cluster-os-secret-0001");
        config.os_hvparam("debian+default", "kvm", "acpi", false);
        config.instance("web1").osparam("locale", "C").osparam_private("userpw", "instance-os-secret-0001");
    };

    /// Interfaces are on Open vSwitch with a VLAN by default; `web1` has one of its own, too.
    vlan = "VLAN", |config| {
        config.nicparam("mode", "openvswitch").nicparam("link", "switch1").nicparam("vlan", ".7");
        config.instance("web1").nic(|nic| nic).nic(|nic| nic.openvswitch("switch1").vlan(":5:6"));
    };

    /// `net1` is connected, `net2` is not; `web1` has an address of `net1`.
    networks = "networks", |config| {
        config.network("net1").gateway("10.0.1.1");
        config.network("net2");
        config.group("default").connected("net1", "bridged", "br1");
        config.instance("web1").nic(|nic| nic.network("net1").ip("10.0.1.7"));
    };

    /// Disks with physical volumes of their own.
    exclusive_storage = "exclusive storage", |config| _ = config.group("default").exclusive_storage();

    /// The master alone, with an instance.
    one_node = "one node", |config| *config = MockConfig::new();

    /// The primary node of the mirrored `web2` is offline, its secondary is not; `rack-b` has no node.
    dead_primary = "dead primary", |config| {
        config.group("rack-b");
        config.instance("web2").on("node2").drbd("node3", GiB(1)).up();
        config.node("node2").offline();
    };

    /// Everything that can carry tags has one; `net1` is not connected.
    tagged = "tags", |config| {
        config.tag("odd").node("node1").tag("odd");
        config.group("default").tag("odd");
        config.network("net1").tag("odd");
        config.instance("web1").tag("odd");
    };
}
