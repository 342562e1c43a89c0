//! Parameters that are one of a few words.

use serde_json::Value;

use crate::field::{Field, Misfit};
use crate::params::{Hypervisor, StorageType};
use crate::shape::Shape;

crate::words! {
    /// What can carry tags.
    pub enum TagKind {
        /// The cluster.
        Cluster = "cluster",
        /// An instance.
        Instance = "instance",
        /// A network.
        Network = "network",
        /// A node.
        Node = "node",
        /// A node group.
        NodeGroup = "nodegroup",
    }
}

crate::words! {
    /// How an instance is rebooted.
    pub enum RebootType {
        /// Stopped with its disks, and started again.
        Full = "full",
        /// Reset by its hypervisor.
        Hard = "hard",
        /// Asked to reboot.
        Soft = "soft",
    }
}

crate::words! {
    /// How a running instance is moved.
    pub enum MigrationMode {
        /// While it runs.
        Live = "live",
        /// Stopped for the while.
        NonLive = "non-live",
    }
}

crate::words! {
    /// Which side of a mirror is replaced.
    pub enum ReplaceMode {
        /// The one that is broken.
        Auto = "replace_auto",
        /// The secondary moves to another node.
        NewSecondary = "replace_new_secondary",
        /// The primary, on its node.
        OnPrimary = "replace_on_primary",
        /// The secondary, on its node.
        OnSecondary = "replace_on_secondary",
    }
}

crate::words! {
    /// Which instances leave a node.
    pub enum EvacuationMode {
        /// All of them.
        All = "all",
        /// Those that run there.
        Primary = "primary-only",
        /// Those that are mirrored there.
        Secondary = "secondary-only",
    }
}

crate::words! {
    /// Where an export goes.
    pub enum ExportMode {
        /// To a node of this cluster.
        Local = "local",
        /// To another cluster.
        Remote = "remote",
    }
}

crate::words! {
    /// The type of nodes' keys.
    pub enum SshKeyType {
        /// DSA.
        Dsa = "dsa",
        /// Elliptic curves.
        Ecdsa = "ecdsa",
        /// RSA.
        Rsa = "rsa",
    }
}

crate::words! {
    /// Whether allocators may use a node group.
    pub enum AllocPolicy {
        /// If no other has room.
        LastResort = "last_resort",
        /// Yes.
        Preferred = "preferred",
        /// No.
        Unallocable = "unallocable",
    }
}

crate::words! {
    /// How file disks are accessed.
    pub enum FileDriver {
        /// By Xen's driver.
        Blktap = "blktap",
        /// By its successor.
        Blktap2 = "blktap2",
        /// By loop devices.
        Loop = "loop",
    }
}

crate::words! {
    /// Where a new instance comes from.
    pub enum CreateMode {
        /// From scripts of its operating system.
        Create = "create",
        /// From an export on a node.
        Import = "import",
        /// From another cluster.
        RemoteImport = "remote-import",
    }
}

crate::words! {
    /// How a network interface is connected.
    pub enum NicMode {
        /// To a bridge.
        Bridged = "bridged",
        /// To Open vSwitch.
        OpenVswitch = "openvswitch",
        /// As the network says.
        Pool = "pool",
        /// By routes.
        Routed = "routed",
    }
}

crate::words! {
    /// What the out-of-band program does.
    pub enum OobAction {
        /// Tells how the machine is.
        Health = "health",
        /// Turns it off and on.
        PowerCycle = "power-cycle",
        /// Turns it off.
        PowerOff = "power-off",
        /// Turns it on.
        PowerOn = "power-on",
        /// Tells whether it is on.
        PowerStatus = "power-status",
    }
}

crate::words! {
    /// What can be queried.
    pub enum QueryResource {
        /// The cluster.
        Cluster = "cluster",
        /// Exports.
        Export = "export",
        /// Storage providers.
        ExtStorage = "extstorage",
        /// Filter rules.
        Filter = "filter",
        /// Node groups.
        Group = "group",
        /// Instances.
        Instance = "instance",
        /// Jobs.
        Job = "job",
        /// Locks.
        Lock = "lock",
        /// Networks.
        Network = "network",
        /// Nodes.
        Node = "node",
        /// Operating systems.
        Os = "os",
    }
}

crate::words! {
    /// Which side of an allocator is shown.
    pub enum AllocatorTest {
        /// What it is asked.
        In = "in",
        /// What it replies.
        Out = "out",
    }
}

crate::words! {
    /// What an allocator is asked for.
    pub enum AllocatorMode {
        /// A place for a new instance.
        Allocate = "allocate",
        /// A secondary node for an instance.
        AllocateSecondary = "allocate-secondary",
        /// Places in other groups.
        ChangeGroup = "change-group",
        /// Places for several new instances.
        MultiAllocate = "multi-allocate",
        /// Places for the instances of a node.
        NodeEvacuate = "node-evacuate",
        /// Another secondary node.
        Relocate = "relocate",
    }
}

macro_rules! named {
    ($($type:ident)+) => { $(impl Field for $type {
        fn read(value: &Value) -> Result<Self, Misfit> {
            value.as_str().and_then(Self::parse).ok_or_else(|| Self::misfit(value))
        }
        fn shape() -> Shape {
            Shape::Words(Self::ALL.into_iter().map(Self::as_str).collect())
        }
        fn write(&self) -> Value {
            Value::from(self.as_str())
        }
    })+ };
}
named! { Hypervisor StorageType }
