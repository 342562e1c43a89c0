//! An instance: a virtual machine, its network interfaces and its wanted state.

use std::collections::BTreeSet;

use crate::field::Params;
use crate::ids::{DiskId, InstanceId, NetworkId, NodeId};
use crate::objects::{Private, object};

crate::words! {
    /// What state an instance is wanted in.
    pub enum AdminState {
        /// Running.
        Up = "up",
        /// Stopped.
        Down = "down",
        /// Not to be started.
        Offline = "offline",
    }
    default Down
}

crate::words! {
    /// Who wanted that state.
    pub enum AdminSource {
        /// An administrator of the cluster.
        Admin = "admin",
        /// The user inside the instance.
        User = "user",
    }
    default Admin
}

object! {
    /// A virtual machine (ganeti 3.1, objects.py). A forthcoming one may lack name, node, system and hypervisor: they are
    /// empty then.
    Instance {
        /// Its uuid.
        uuid: InstanceId = InstanceId::default(),
        /// Whether it is only planned: nothing of it exists on nodes.
        forthcoming: bool = false,
        /// Its full name.
        name: String = String::new(),
        /// The node that runs it.
        primary_node: NodeId = NodeId::default(),
        /// Its operating system, with the variant: `debian+wheezy`.
        os: String = String::new(),
        /// The hypervisor that runs it.
        hypervisor: String = String::new(),
        /// Its own hypervisor parameters.
        hvparams: Params = Params::new(),
        /// Its own backend parameters.
        beparams: Params = Params::new(),
        /// Its own parameters for the operating system's scripts.
        osparams: Params = Params::new(),
        /// Those that must not show.
        osparams_private: Private = Private::default(),
        /// The state that is wanted.
        admin_state: AdminState = AdminState::Down,
        /// Who wanted it.
        admin_state_source: AdminSource = AdminSource::Admin,
        /// Its network interfaces.
        nics: Vec<Nic> = Vec::new(),
        /// Its disks; the position is the disk's index.
        disks: Vec<DiskId> = Vec::new(),
        /// Whether its disks are wanted active.
        disks_active: bool = false,
        /// The port of its console.
        network_port: Option<i64>,
        /// Its tags.
        tags: BTreeSet<String> = BTreeSet::new(),
        /// Counts its changes.
        serial_no: i64 = 1,
        /// When it was made, in seconds since 1970.
        ctime: f64 = 0.0,
        /// When it was changed last, in seconds since 1970.
        mtime: f64 = 0.0,
    }
}

object! {
    /// A network interface of an instance (ganeti 3.1, objects.py).
    Nic {
        /// Its uuid.
        uuid: String = String::new(),
        /// Its hardware address.
        mac: String,
        /// Its address.
        ip: Option<String>,
        /// Its own mode, link and vlan.
        nicparams: Params = Params::new(),
        /// The network that the address comes from.
        network: Option<NetworkId>,
        /// Its name.
        name: Option<String>,
    }
}
