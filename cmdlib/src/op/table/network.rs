//! Opcodes of networks.

use crate::op::macros::opcodes;
use crate::op::{Ipv4, Ipv4Network, Ipv6, Ipv6Network, NicMode, NonEmpty};

opcodes! {
    /// Adds a network.
    NetworkAdd = "OP_NETWORK_ADD" (
        /// Its name.
        network_name: NonEmpty,
        /// Its addresses.
        network: Ipv4Network,
    ) {
        /// Its gateway.
        gateway: Option<Ipv4> = None,
        /// Its IPv6 addresses.
        network6: Option<Ipv6Network> = None,
        /// Its IPv6 gateway.
        gateway6: Option<Ipv6> = None,
        /// The first three octets of its instances' hardware addresses.
        mac_prefix: Option<NonEmpty> = None,
        /// Addresses that no instance gets.
        add_reserved_ips: Option<Vec<Ipv4>> = None,
        /// Whether the addresses of the nodes and the cluster are kept from instances.
        conflicts_check: bool = true,
        /// Its tags.
        tags: Vec<NonEmpty> = Vec::new(),
    } -> ();

    /// Connects a network to a node group.
    NetworkConnect = "OP_NETWORK_CONNECT" (
        group_name: NonEmpty,
        network_name: NonEmpty,
        network_mode: NicMode,
        network_link: NonEmpty,
    ) {
        network_vlan: String = String::new(),
        conflicts_check: bool = true,
    } -> ();

    /// Disconnects a network from a node group.
    NetworkDisconnect = "OP_NETWORK_DISCONNECT" (
        group_name: NonEmpty,
        network_name: NonEmpty,
    ) {} -> ();

    /// Removes a network.
    NetworkRemove = "OP_NETWORK_REMOVE" (
        network_name: NonEmpty,
    ) {
        force: bool = false,
    } -> ();

    /// Gives a network another name.
    NetworkRename = "OP_NETWORK_RENAME" (
        network_name: NonEmpty,
        new_name: NonEmpty,
    ) {} -> NonEmpty;

    /// Changes parameters of a network.
    NetworkSetParams = "OP_NETWORK_SET_PARAMS" (
        network_name: NonEmpty,
    ) {
        gateway: Option<Ipv4> = None,
        network6: Option<Ipv6Network> = None,
        gateway6: Option<Ipv6> = None,
        mac_prefix: Option<NonEmpty> = None,
        add_reserved_ips: Option<Vec<Ipv4>> = None,
        remove_reserved_ips: Option<Vec<Ipv4>> = None,
    } -> ();
}
