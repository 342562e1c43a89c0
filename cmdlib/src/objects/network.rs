//! A network: addresses that instances can be given.

use std::collections::BTreeSet;

use crate::ids::NetworkId;
use crate::objects::object;

object! {
    /// A pool of addresses (ganeti 3.1, objects.py and network.py).
    Network {
        /// Its uuid.
        uuid: NetworkId = NetworkId::default(),
        /// Its name.
        name: String,
        /// The IPv4 network, in CIDR notation.
        network: String,
        /// The first octets of its instances' hardware addresses.
        mac_prefix: Option<String>,
        /// The IPv6 network.
        network6: Option<String>,
        /// The IPv4 gateway.
        gateway: Option<String>,
        /// The IPv6 gateway.
        gateway6: Option<String>,
        /// Which addresses instances have: a 0 or 1 for each.
        reservations: Option<String>,
        /// Which addresses are kept from instances: a 0 or 1 for each.
        ext_reservations: Option<String>,
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
