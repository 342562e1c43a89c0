//! Addresses as Python's `ipaddress` reads them.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::network::NetworkError;

/// Reads an IPv4 address: four decimal numbers without leading zeros (Python's `ipaddress.IPv4Address`, which the checks
/// of ganeti 3.1, ht.py, call).
///
/// # Errors
/// [`NetworkError::Address`].
pub fn ipv4(text: &str) -> Result<Ipv4Addr, NetworkError> {
    text.parse().map_err(|_| NetworkError::Address { text: text.to_owned(), version: 4 })
}

/// Reads an IPv6 address (Python's `ipaddress.IPv6Address`). A zone, as in `fe80::1%eth0`, may follow; it is dropped, as it
/// says nothing about the address to another host.
///
/// # Errors
/// [`NetworkError::Address`].
pub fn ipv6(text: &str) -> Result<Ipv6Addr, NetworkError> {
    let refuse = || NetworkError::Address { text: text.to_owned(), version: 6 };
    let address = match text.split_once('%') {
        None => text,
        Some((_, zone)) if zone.is_empty() || zone.contains(['%', '/']) => return Err(refuse()),
        Some((address, _)) => address,
    };
    address.parse().map_err(|_| refuse())
}
