//! A node group. Its members are computed from the nodes (`config::Snapshot::members`), never stored.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::field::Params;
use crate::ids::GroupId;
use crate::objects::object;

object! {
    /// A group of nodes among which instances can be mirrored (ganeti 3.1, objects.py).
    NodeGroup {
        /// Its uuid.
        uuid: GroupId = GroupId::default(),
        /// Its name.
        name: String,
        /// Node parameters for its members.
        ndparams: Params = Params::new(),
        /// Whether allocators may use it: `preferred`, `last_resort` or `unallocable`.
        alloc_policy: String = "preferred".to_owned(),
        /// Its part of the instance policy.
        ipolicy: Params = Params::new(),
        /// Disk parameters, by template.
        diskparams: IndexMap<String, Params> = IndexMap::new(),
        /// The parameters with which networks are connected, by their uuid.
        networks: IndexMap<String, Params> = IndexMap::new(),
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
