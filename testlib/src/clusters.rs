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

/// Returns all [odd clusters](crate::odd), by name.
///
/// ```
/// assert_eq!(testlib::clusters::odd().len(), testlib::odd::ALL.len());
/// ```
#[must_use]
pub fn odd() -> Vec<(&'static str, MockConfig)> {
    crate::odd::ALL.iter().map(|odd| (odd.name, (odd.make)())).collect()
}
