//! Clusters by chance, as plain data. A plan says what there is; which node or network is meant by a number is found when the
//! plan is built, so that every plan can be built, and stays one that can be when parts of it are taken away.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{select, subsequence};

/// A number that means one of those that there are, whatever their number.
pub(super) type Pick = u8;

/// Makes an enum of which some members are chosen; the first is the plainest.
macro_rules! choices {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }
    };
}

choices! {
    /// What a cluster may have that is out of the ordinary.
    Setting {
        /// Nodes have one address each.
        SingleHomed,
        /// No volume group.
        NoLvm,
        /// Metadata of mirrors lies in a volume group of its own.
        SecondVolumeGroup,
        /// More candidates than are wanted.
        SmallPool,
        /// Interfaces are on Open vSwitch with a VLAN by default.
        Vlan,
        /// Parameters of an operating system, its hypervisor parameters among them.
        OsParameters,
        /// The same, of those that must not show.
        SecretOsParameters,
        /// Operating systems that are hidden or must not be used.
        HiddenSystems,
        /// Parameters of the hypervisor, the backend and the nodes.
        Parameters,
        /// An allocator that is asked when none is named.
        Allocator,
        /// Tags.
        Tags,
    }
}

choices! {
    /// What a node group may have that is out of the ordinary.
    GroupSetting {
        /// Allocators use it last.
        LastResort,
        /// Allocators don't use it.
        Unallocable,
        /// Disks have physical volumes of their own.
        ExclusiveStorage,
        /// Metadata of mirrors lies in a volume group of its own.
        SecondVolumeGroup,
        /// Parameters of its nodes, and limits of its own.
        Parameters,
        /// A tag.
        Tag,
    }
}

choices! {
    /// What a node may be that is out of the ordinary.
    NodeSetting {
        /// It gets no new instances.
        Drained,
        /// It is down.
        Offline,
        /// It can't run instances.
        NotVmCapable,
        /// It can't be the master.
        NotMasterCapable,
        /// It has no power.
        Unpowered,
        /// It has parameters of its own.
        Parameters,
        /// It has a tag.
        Tag,
    }
}

choices! {
    /// What a network may have.
    NetworkSetting {
        /// A gateway.
        Gateway,
        /// A prefix for hardware addresses.
        MacPrefix,
        /// A reserved address.
        Reserved,
        /// A tag.
        Tag,
    }
}

choices! {
    /// What the disks of an instance are.
    Storage {
        /// Logical volumes.
        Plain,
        /// Logical volumes, the last of them in another volume group.
        PlainElsewhere,
        /// Mirrored ones.
        Drbd,
        /// Files.
        File,
        /// Files that all nodes see.
        SharedFile,
        /// Files on a Gluster volume.
        Gluster,
        /// Volumes of a provider outside.
        Ext,
        /// Block devices of Ceph.
        Rbd,
        /// Block devices that exist already.
        Blockdev,
        /// There are none.
        Diskless,
    }
}

choices! {
    /// What state an instance is in.
    State {
        /// Stopped.
        Down,
        /// Running.
        Up,
        /// Stopped, and not to be started.
        Offline,
        /// Stopped from within.
        StoppedByUser,
        /// Only planned.
        Forthcoming,
        /// Stopped with active disks.
        DisksActive,
    }
}

choices! {
    /// What an instance may have that is out of the ordinary.
    InstanceSetting {
        /// Another hypervisor.
        Xen,
        /// Backend parameters.
        Parameters,
        /// Parameters of its operating system.
        OsParameters,
        /// The same, of those that must not show.
        SecretOsParameters,
        /// A tag.
        Tag,
    }
}

choices! {
    /// How an interface is attached.
    NicPlan {
        /// As is the default.
        Default,
        /// To a bridge.
        Bridged,
        /// To a switch, with a VLAN.
        Switched,
        /// Routed, with an address.
        Routed,
        /// To a network, without an address.
        Network,
        /// To a network, with an address.
        Address,
    }
}

/// A node group besides the first one.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupPlan {
    /// What is out of the ordinary.
    pub settings: Vec<GroupSetting>,
}

/// A node besides the master.
#[derive(Debug, Clone, PartialEq)]
pub struct NodePlan {
    /// Which group it is in.
    pub group: u8,
    /// What is out of the ordinary.
    pub settings: Vec<NodeSetting>,
}

/// A network.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkPlan {
    /// Which groups it is connected to.
    pub groups: Vec<u8>,
    /// What it has.
    pub settings: Vec<NetworkSetting>,
}

/// An instance.
#[derive(Debug, Clone, PartialEq)]
pub struct InstancePlan {
    /// Which of the nodes that can run it does.
    pub node: u8,
    /// Which of the others has the other side of its mirrors.
    pub secondary: u8,
    /// What its disks are. Where there is no LVM they are files; where there is no other node they are not mirrored.
    pub storage: Storage,
    /// How many disks it has besides the first.
    pub more_disks: u8,
    /// What state it is in.
    pub state: State,
    /// Its interfaces; none means the one of each new instance.
    pub nics: Option<Vec<NicPlan>>,
    /// What is out of the ordinary.
    pub settings: Vec<InstanceSetting>,
}

/// A cluster: what there is besides one group with the master.
///
/// Every plan can be built ([`ClusterPlan::config`]), and the real `verify` finds nothing wrong with it. Its text is the lines
/// of a test that build it.
///
/// ```
/// use testlib::strategies::{ClusterPlan, NodePlan, NodeSetting};
///
/// let node = NodePlan { group: 0, settings: vec![NodeSetting::Offline] };
/// let plan = ClusterPlan { nodes: vec![node], ..ClusterPlan::default() };
/// assert_eq!(plan.to_string(), ".node(\"node2\").offline()\n");
/// plan.config().check().unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClusterPlan {
    /// What is out of the ordinary.
    pub settings: Vec<Setting>,
    /// The groups besides the first one: `group2` and so on.
    pub groups: Vec<GroupPlan>,
    /// The networks: `net1` and so on.
    pub networks: Vec<NetworkPlan>,
    /// The nodes besides the master: `node2` and so on.
    pub nodes: Vec<NodePlan>,
    /// The instances: `inst1` and so on.
    pub instances: Vec<InstancePlan>,
}

/// Some of `all`, mostly none.
fn some<T: Clone + std::fmt::Debug + 'static>(all: &'static [T], most: usize) -> impl Strategy<Value = Vec<T>> {
    prop_oneof![2 => Just(Vec::new()), 3 => subsequence(all, 0..=most)]
}

/// One of `all`, often the first.
fn one<T: Clone + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop_oneof![1 => Just(all[0].clone()), 3 => select(all)]
}

fn group() -> impl Strategy<Value = GroupPlan> {
    some(GroupSetting::ALL, 3).prop_map(|settings| GroupPlan { settings })
}

fn node() -> impl Strategy<Value = NodePlan> {
    (any::<Pick>(), some(NodeSetting::ALL, 2)).prop_map(|(group, settings)| NodePlan { group, settings })
}

fn network() -> impl Strategy<Value = NetworkPlan> {
    (vec(any::<Pick>(), 0..3), some(NetworkSetting::ALL, 4))
        .prop_map(|(groups, settings)| NetworkPlan { groups, settings })
}

fn nics() -> impl Strategy<Value = Option<Vec<NicPlan>>> {
    prop_oneof![2 => Just(None), 3 => vec(one(NicPlan::ALL), 0..3).prop_map(Some)]
}

fn instance() -> impl Strategy<Value = InstancePlan> {
    let place = (any::<Pick>(), any::<Pick>());
    let disks = (one(Storage::ALL), 0..3_u8);
    (place, disks, one(State::ALL), nics(), some(InstanceSetting::ALL, 3)).prop_map(
        |((node, secondary), (storage, more_disks), state, nics, settings)| InstancePlan {
            node,
            secondary,
            storage,
            more_disks,
            state,
            nics,
            settings,
        },
    )
}

/// Clusters of all kinds: up to three groups, five nodes, three networks and five instances, in any role, state and storage,
/// with parameters on all levels. All are valid. They shrink to a master alone.
///
/// ```
/// use proptest::prelude::*;
///
/// let mut runner = proptest::test_runner::TestRunner::deterministic();
/// let clusters = testlib::strategies::clusters().prop_filter("with instances", |it| !it.instances.is_empty());
/// runner.run(&clusters, |plan| Ok(plan.config().check().unwrap())).unwrap();
/// ```
pub fn clusters() -> impl Strategy<Value = ClusterPlan> {
    (some(Setting::ALL, 5), vec(group(), 0..3), vec(network(), 0..4), vec(node(), 0..5), vec(instance(), 0..6))
        .prop_map(|(settings, groups, networks, nodes, instances)| ClusterPlan {
            settings,
            groups,
            networks,
            nodes,
            instances,
        })
}
