//! A node: a machine that runs instances, or could.

use std::collections::BTreeSet;

use crate::field::Params;
use crate::ids::{GroupId, NodeId};
use crate::objects::object;

object! {
    /// A machine of the cluster (ganeti 3.1, objects.py).
    Node {
        /// Its uuid.
        uuid: NodeId = NodeId::default(),
        /// Its full name.
        name: String,
        /// The address that calls go to.
        primary_ip: String,
        /// The address that disks are mirrored over; the primary one on single-homed clusters.
        secondary_ip: String,
        /// Whether it may become the master.
        master_candidate: bool = false,
        /// Whether it is known to be down: it is not contacted.
        offline: bool = false,
        /// Whether it gets no new instances.
        drained: bool = false,
        /// The group that it belongs to.
        group: GroupId,
        /// Whether it could become a master candidate.
        master_capable: bool = true,
        /// Whether it can run instances.
        vm_capable: bool = true,
        /// Its own node parameters.
        ndparams: Params = Params::new(),
        /// Whether it is powered, as far as known.
        powered: bool = true,
        /// What its hypervisors have, as set by hand.
        hv_state_static: Params = Params::new(),
        /// What its storage has, as set by hand.
        disk_state_static: Params = Params::new(),
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
