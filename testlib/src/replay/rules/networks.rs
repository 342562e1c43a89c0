//! Networks that can't be: where the reference finds it out too late, or not at all.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::Value;

use super::Case;

/// The longest and the shortest prefix of a network with a pool of addresses.
const PREFIXES: std::ops::RangeInclusive<u32> = 16..=30;

/// Returns the address of a text `address/length`, and the mask of its host part.
fn network(text: &str) -> Option<(u128, u32)> {
    let (address, length) = text.split_once('/')?;
    let address = match (address.parse::<Ipv4Addr>(), address.parse::<Ipv6Addr>()) {
        (Ok(address), _) => u128::from(address.to_bits()),
        (_, Ok(address)) => address.to_bits(),
        _ => return None,
    };
    Some((address, length.parse().ok()?))
}

/// Tells whether the name has a blank or a control character.
pub(super) fn name_has_blanks(case: &Case<'_>) -> bool {
    let name = case.text("network_name").unwrap_or_default();
    name.chars().any(|letter| letter.is_whitespace() || letter.is_control())
}

/// Tells whether the IPv6 gateway is neither in its network nor valid on the link only.
pub(super) fn gateway6_outside(case: &Case<'_>) -> bool {
    let gateway = case.text("gateway6").and_then(|text| text.parse::<Ipv6Addr>().ok());
    let (Some(gateway), Some((base, length))) = (gateway, case.text("network6").and_then(network)) else {
        return false;
    };
    let host = u128::MAX.checked_shr(length).unwrap_or(0);
    let on_link = gateway.segments()[0] & 0xffc0 == 0xfe80;
    !on_link && (gateway.to_bits() ^ base) & !host != 0
}

/// Tells whether there can be no pool of addresses as asked for: the network is too large or too small, the gateway lies
/// outside or is the network's first or last address, an address to be reserved lies outside or is reserved already.
pub(super) fn unfit(case: &Case<'_>) -> bool {
    let Some((base, length)) = case.text("network").and_then(network) else { return false };
    if !PREFIXES.contains(&length) {
        return true;
    }
    let first = u32::try_from(base).unwrap_or_default();
    let last = first | (u32::MAX >> length);
    let mut taken = BTreeSet::from([first, last]);
    let address = |text: &str| text.parse::<Ipv4Addr>().ok().map(Ipv4Addr::to_bits);
    let take = |text: &str, taken: &mut BTreeSet<u32>| match address(text) {
        Some(address) => (first..=last).contains(&address) && taken.insert(address),
        None => false,
    };
    if case.text("gateway").is_some_and(|gateway| !take(gateway, &mut taken)) {
        return true;
    }
    // Addresses of nodes and cluster are taken where they can be; who asks for one of them once more is refused.
    if case.param("conflicts_check") != Some(&Value::Bool(false)) {
        for node in case.config.nodes.values() {
            take(&node.primary_ip, &mut taken);
            take(&node.secondary_ip, &mut taken);
        }
        take(&case.config.cluster.master_ip, &mut taken);
    }
    let asked = case.param("add_reserved_ips").and_then(Value::as_array).into_iter().flatten();
    asked.filter_map(Value::as_str).any(|text| !take(text, &mut taken))
}
