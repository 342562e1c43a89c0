//! Addresses: of IPv4 and IPv6, which keep their place in the networks of the cluster, and of hardware, which keep their prefix.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::Value;

use super::{address, ends, numbered, run, table};

/// Where networks and addresses go: what is meant for private use, and for documentation.
const BASE_4: u128 = u32::from_be_bytes([10, 0, 0, 0]) as u128;
const BASE_6: u128 = 0x2001_0db8 << 96;
/// Larger networks have no place there.
const BITS_MAX_4: u32 = 20;
const BITS_MAX_6: u32 = 96;
/// Addresses outside of all networks are as if in networks of so many bits.
const ALONE_BITS: u32 = 8;

/// A family of addresses, as numbers.
#[derive(Debug, Default)]
struct Family {
    /// The networks of the cluster: first address and bits of hosts.
    networks: BTreeSet<(u128, u32)>,
    seen: BTreeSet<u128>,
    new: BTreeMap<u128, u128>,
}

/// What addresses become.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    four: Family,
    six: Family,
    /// Prefixes of three octets, and whole addresses.
    prefixes: BTreeSet<String>,
    macs: BTreeSet<String>,
    new_macs: BTreeMap<String, String>,
}

impl Addresses {
    /// Learns the networks and prefixes of a configuration.
    pub(super) fn learn(config: &Value) -> Self {
        let mut addresses = Self::default();
        for network in table(config, "networks") {
            for key in ["network", "network6"] {
                network.get(key).and_then(Value::as_str).into_iter().for_each(|it| addresses.network(it));
            }
        }
        let prefix = |object: Option<&Value>| object.and_then(Value::as_str).map(str::to_lowercase);
        addresses.prefixes.extend(prefix(config["cluster"].get("mac_prefix")));
        addresses.prefixes.extend(table(config, "networks").filter_map(|it| prefix(it.get("mac_prefix"))));
        addresses
    }

    fn network(&mut self, text: &str) {
        let Some((first, bits)) = text.split_once('/') else { return };
        let (Some(first), Ok(bits)) = (address(first), bits.parse::<u32>()) else { return };
        match first {
            IpAddr::V4(first) if (32 - BITS_MAX_4..=32).contains(&bits) => {
                _ = self.four.networks.insert((first.to_bits().into(), 32 - bits));
            }
            IpAddr::V6(first) if (128 - BITS_MAX_6..=128).contains(&bits) => {
                _ = self.six.networks.insert((first.to_bits(), 128 - bits));
            }
            _ => {}
        }
    }

    /// Learns the addresses in a text.
    pub(super) fn learn_text(&mut self, text: &str) {
        // A network that an opcode is about.
        self.network(text);
        let mut alone = true;
        for (at, letter) in text.char_indices() {
            if alone {
                match Self::found(&text[at..]) {
                    Some((_, Found::Mac(mac))) => {
                        self.prefixes.insert(mac[..8].to_owned());
                        self.macs.insert(mac);
                    }
                    Some((_, Found::Ip(IpAddr::V4(ip)))) => _ = self.four.seen.insert(ip.to_bits().into()),
                    Some((_, Found::Ip(IpAddr::V6(ip)))) => _ = self.six.seen.insert(ip.to_bits()),
                    None => {}
                }
            }
            alone = !letter.is_alphanumeric();
        }
    }

    /// Decides what each becomes.
    pub(super) fn settle(&mut self) {
        self.four.settle(BASE_4);
        self.six.settle(BASE_6);
        let mut macs = BTreeMap::new();
        let mut number = 0_u32;
        for prefix in &self.prefixes {
            // Of local use, for one host: what hypervisors give out themselves.
            let new = loop {
                let [_, _, two, three] = number.to_be_bytes();
                number += 1;
                let new = format!("02:{two:02x}:{three:02x}");
                if !self.prefixes.contains(&new) {
                    break new;
                }
            };
            let of = self.macs.iter().filter(|mac| mac.starts_with(prefix.as_str()));
            for (index, (mac, _)) in numbered(of, "").into_iter().enumerate() {
                let [_, one, two, three] = u32::try_from(index + 1).unwrap_or(u32::MAX).to_be_bytes();
                macs.insert(mac, format!("{new}:{one:02x}:{two:02x}:{three:02x}"));
            }
            macs.insert(prefix.clone(), new);
        }
        self.new_macs = macs;
    }

    /// Returns what stands at the head of a text in place of an address, and how much of the text that is.
    pub(super) fn at(&self, text: &str) -> Option<(usize, String)> {
        if let Some((length, found)) = Self::found(text) {
            let new = match found {
                Found::Mac(mac) => self.new_macs.get(&mac)?.clone(),
                Found::Ip(IpAddr::V4(ip)) => self.four.of_v4(ip)?,
                Found::Ip(IpAddr::V6(ip)) => Ipv6Addr::from_bits(*self.six.new.get(&ip.to_bits())?).to_string(),
            };
            return Some((length, new));
        }
        // A prefix alone: three octets might as well be a time of day, but for those that are known.
        let prefix = run(text, |byte| byte.is_ascii_hexdigit() || byte == b':');
        let new = (prefix.len() == 8).then(|| self.new_macs.get(&prefix.to_lowercase()))??;
        Some((8, new.clone()))
    }

    /// Returns the address at the head of a text, and its length.
    fn found(text: &str) -> Option<(usize, Found)> {
        let run = run(text, |byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'));
        let lengths = (2..=run.len()).rev().filter(|length| ends(&text[*length..]) && !run[..*length].ends_with('.'));
        lengths.into_iter().find_map(|length| Some((length, read(&run[..length])?)))
    }
}

/// An address as it stands in a text.
enum Found {
    Ip(IpAddr),
    Mac(String),
}

fn read(text: &str) -> Option<Found> {
    let octets: Vec<&str> = text.split(':').collect();
    if octets.len() == 6 && octets.iter().all(|it| it.len() == 2 && it.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        return Some(Found::Mac(text.to_lowercase()));
    }
    let ip = address(text)?;
    // They name no host.
    let special = ip.is_unspecified() || ip.is_loopback() || ip == IpAddr::V4(Ipv4Addr::BROADCAST);
    (!special).then_some(Found::Ip(ip))
}

impl Family {
    fn of_v4(&self, ip: Ipv4Addr) -> Option<String> {
        let new = self.new.get(&ip.to_bits().into())?;
        Some(Ipv4Addr::from_bits(u32::try_from(*new).ok()?).to_string())
    }

    fn settle(&mut self, base: u128) {
        let mut places: Vec<(u128, u32, u128)> = Vec::new();
        let mut next = base;
        // The larger first: a network within another goes where that one goes.
        let mut networks: Vec<(u128, u32)> = self.networks.iter().copied().collect();
        networks.sort_by_key(|(first, bits)| (std::cmp::Reverse(*bits), *first));
        let alone = self.seen.iter().map(|it| (it >> ALONE_BITS << ALONE_BITS, ALONE_BITS));
        let alone: BTreeSet<(u128, u32)> = alone.collect();
        let seen: Vec<u128> = self.seen.iter().copied().collect();
        for (first, bits) in networks.into_iter().chain(alone) {
            if places.iter().any(|(of, size, _)| within(first, *of, *size)) {
                continue;
            }
            let size = 1_u128.checked_shl(bits).unwrap_or(u128::MAX);
            next = next.next_multiple_of(size);
            // No new address is one of the old.
            while seen.iter().any(|it| within(*it, next, bits)) {
                next = next.wrapping_add(size);
            }
            places.push((first, bits, next));
            next = next.wrapping_add(size);
        }
        for old in seen {
            let place = places.iter().find(|(first, bits, _)| within(old, *first, *bits));
            self.new.extend(place.map(|(first, _, new)| (old, new + (old - first))));
        }
    }
}

fn within(address: u128, first: u128, bits: u32) -> bool {
    address.checked_shr(bits).unwrap_or(0) == first.checked_shr(bits).unwrap_or(0)
}
