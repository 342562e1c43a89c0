//! Lines of a test that shape its cluster. A line is carried out and printed from the same data, so what a failure prints is
//! what was run.

use std::fmt;

use crate::config::{GroupBuilder, InstanceBuilder, MiB, MockConfig, NetworkBuilder, NicBuilder, NodeBuilder};

/// An argument as a test writes it.
trait Argument {
    fn rust(&self) -> String;
}

impl Argument for String {
    fn rust(&self) -> String {
        format!("{self:?}")
    }
}

impl Argument for bool {
    fn rust(&self) -> String {
        self.to_string()
    }
}

impl Argument for u32 {
    fn rust(&self) -> String {
        self.to_string()
    }
}

impl Argument for MiB {
    fn rust(&self) -> String {
        format!("{self:?}")
    }
}

impl Argument for Vec<NicSetter> {
    fn rust(&self) -> String {
        format!("|nic| nic{}", all(self))
    }
}

fn call(f: &mut fmt::Formatter<'_>, method: &str, arguments: &[&dyn Argument]) -> fmt::Result {
    let arguments: Vec<String> = arguments.iter().map(|it| it.rust()).collect();
    write!(f, ".{method}({})", arguments.join(", "))
}

fn all(setters: &[impl fmt::Display]) -> String {
    setters.iter().map(ToString::to_string).collect()
}

/// Makes the setters of one builder: a line says the arguments, and the call that they stand for.
macro_rules! setters {
    ($(#[$meta:meta])* $name:ident<$($life:lifetime)?>($builder:ty) {
        $($variant:ident($($arg:ident: $type:ty),*) => $method:ident($($given:expr),*);)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub(super) enum $name { $($variant($($type),*),)+ }

        impl $name {
            fn apply<$($life)?>(&self, builder: $builder) -> $builder {
                match self { $(Self::$variant($($arg),*) => builder.$method($($given),*),)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Self::$variant($($arg),*) => call(f, stringify!($method), &[$($arg as &dyn Argument),*]),)+ }
            }
        }
    };
}

setters! {
    /// What is set of the cluster.
    ClusterSetter<'c>(&'c mut MockConfig) {
        SingleHomed() => single_homed();
        NoLvm() => no_lvm();
        PoolSize(size: u32) => candidate_pool_size(*size);
        Allocator(name: String) => default_iallocator(name);
        Hidden(os: String) => hidden_os(os);
        Blacklisted(os: String) => blacklisted_os(os);
        OsParameter(os: String, key: String, value: String) => osparam(os, key, value);
        SecretOsParameter(os: String, key: String, value: String) => osparam_private(os, key, value);
        OsHypervisorFlag(os: String, of: String, key: String, value: bool) => os_hvparam(os, of, key, *value);
        HypervisorText(of: String, key: String, value: String) => hvparam(of, key, value.as_str());
        Backend(key: String, value: u32) => beparam(key, *value);
        Nic(key: String, value: String) => nicparam(key, value.as_str());
        DiskText(of: String, key: String, value: String) => diskparam(of, key, value.as_str());
        NodeText(key: String, value: String) => ndparam(key, value.as_str());
        Tag(tag: String) => tag(tag);
    }
}

setters! {
    /// What is set of a node group.
    GroupSetter<'c>(GroupBuilder<'c>) {
        Policy(policy: String) => alloc_policy(policy);
        ExclusiveStorage() => exclusive_storage();
        DiskText(of: String, key: String, value: String) => diskparam(of, key, value.as_str());
        NodeText(key: String, value: String) => ndparam(key, value.as_str());
        Most(key: String, most: u32) => ipolicy_max(key, u64::from(*most));
        Connected(network: String, mode: String, link: String) => connected(network, mode, link);
        ConnectedVlan(network: String, link: String, vlan: String) => connected_vlan(network, link, vlan);
        Tag(tag: String) => tag(tag);
    }
}

setters! {
    /// What is set of a network.
    NetworkSetter<'c>(NetworkBuilder<'c>) {
        Gateway(address: String) => gateway(address);
        MacPrefix(prefix: String) => mac_prefix(prefix);
        Reserved(address: String) => reserve(address);
        Tag(tag: String) => tag(tag);
    }
}

setters! {
    /// What is set of a node.
    NodeSetter<'c>(NodeBuilder<'c>) {
        Group(name: String) => group(name);
        Drained() => drained();
        Offline() => offline();
        NotVmCapable() => not_vm_capable();
        NotMasterCapable() => not_master_capable();
        Powered(powered: bool) => powered(*powered);
        NodeText(key: String, value: String) => ndparam(key, value.as_str());
        Tag(tag: String) => tag(tag);
    }
}

setters! {
    /// What is set of an interface.
    NicSetter<>(NicBuilder) {
        Bridged(bridge: String) => bridged(bridge);
        Switched(switch: String) => openvswitch(switch);
        Routed(table: String) => routed(table);
        Vlan(vlan: String) => vlan(vlan);
        Network(name: String) => network(name);
        Address(address: String) => ip(address);
    }
}

setters! {
    /// What is set of an instance.
    InstanceSetter<'c>(InstanceBuilder<'c>) {
        On(node: String) => on(node);
        Plain(size: MiB) => plain(*size);
        PlainIn(group: String, size: MiB) => plain_in(group, *size);
        Drbd(secondary: String, size: MiB) => drbd(secondary, *size);
        File(size: MiB) => file(*size);
        SharedFile(size: MiB) => sharedfile(*size);
        Gluster(size: MiB) => gluster(*size);
        Rbd(size: MiB) => rbd(*size);
        Ext(provider: String, size: MiB) => ext(provider, *size);
        Blockdev(path: String, size: MiB) => blockdev(path, *size);
        Diskless() => diskless();
        Up() => up();
        Offline() => offline();
        StoppedByUser() => stopped_by_user();
        Forthcoming() => forthcoming();
        DisksActive(active: bool) => disks_active(*active);
        Hypervisor(name: String) => hypervisor(name);
        Backend(key: String, value: u32) => beparam(key, *value);
        OsParameter(key: String, value: String) => osparam(key, value);
        SecretOsParameter(key: String, value: String) => osparam_private(key, value);
        NoNics() => no_nics();
        Nic(nic: Vec<NicSetter>) => nic(|builder| nic.iter().fold(builder, |builder, it| it.apply(builder)));
        Tag(tag: String) => tag(tag);
    }
}

/// A line of a test that shapes its cluster.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Line {
    Cluster(Vec<ClusterSetter>),
    Group(String, Vec<GroupSetter>),
    Network(String, Vec<NetworkSetter>),
    Node(String, Vec<NodeSetter>),
    Instance(String, Vec<InstanceSetter>),
}

impl Line {
    /// Does to the cluster what the line says.
    pub(super) fn apply(&self, config: &mut MockConfig) {
        match self {
            Self::Cluster(setters) => drop(setters.iter().fold(config, |it, setter| setter.apply(it))),
            Self::Group(name, setters) => drop(setters.iter().fold(config.group(name), |it, setter| setter.apply(it))),
            Self::Network(name, setters) => {
                drop(setters.iter().fold(config.network(name), |it, setter| setter.apply(it)));
            }
            Self::Node(name, setters) => drop(setters.iter().fold(config.node(name), |it, setter| setter.apply(it))),
            Self::Instance(name, setters) => {
                drop(setters.iter().fold(config.instance(name), |it, setter| setter.apply(it)));
            }
        }
    }
}

/// Shows the line as a test writes it, behind what returns the cluster: `.node("node2").offline()`.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cluster(setters) => f.write_str(&all(setters)),
            Self::Group(name, setters) => write!(f, ".group({name:?}){}", all(setters)),
            Self::Network(name, setters) => write!(f, ".network({name:?}){}", all(setters)),
            Self::Node(name, setters) => write!(f, ".node({name:?}){}", all(setters)),
            Self::Instance(name, setters) => write!(f, ".instance({name:?}){}", all(setters)),
        }
    }
}
