//! Networks as Python's `ipaddress` reads them: an address and a length, nothing set behind the length.

use std::error::Error;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::address::{ipv4, ipv6};

/// Why a text is no address or no network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkError {
    /// It is no address of this version of IP, or a network whose address part is none.
    Address {
        /// What was given.
        text: String,
        /// 4 or 6.
        version: u8,
    },
    /// What follows the slash is neither a length nor (version 4) a mask.
    Length {
        /// What was given.
        text: String,
        /// 4 or 6.
        version: u8,
    },
    /// The address is one of a host in the network, and not that of the network.
    HostBits {
        /// What was given.
        text: String,
        /// The network that the host is in.
        network: String,
    },
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NetworkError::Address { text, version } => write!(f, "{text:?} has no valid IPv{version} address"),
            NetworkError::Length { text, version: 4 } => {
                write!(f, "{text:?} has neither a length from 0 to 32 nor a netmask after the slash")
            }
            NetworkError::Length { text, .. } => write!(f, "{text:?} has no length from 0 to 128 after the slash"),
            NetworkError::HostBits { text, network } => {
                write!(f, "{text:?} is the address of a host; its network is {network}")
            }
        }
    }
}

impl Error for NetworkError {}

/// An IPv4 network.
///
/// ```
/// use cmdlib::net::{Ipv4Network, NetworkError};
///
/// let network = Ipv4Network::parse("10.0.0.0/255.255.255.0")?;
/// assert_eq!(network.to_string(), "10.0.0.0/24");
/// assert_eq!(network.broadcast().to_string(), "10.0.0.255");
///
/// let error = Ipv4Network::parse("10.0.0.1/24").unwrap_err();
/// assert_eq!(error.to_string(), "\"10.0.0.1/24\" is the address of a host; its network is 10.0.0.0/24");
/// # Ok::<(), NetworkError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ipv4Network {
    address: Ipv4Addr,
    length: u8,
}

impl Ipv4Network {
    /// Reads a network (Python's `ipaddress.IPv4Network`): an address, alone or with a length, a netmask or a mask of the
    /// host part. One without a length is a single address.
    ///
    /// # Errors
    /// Each of [`NetworkError`].
    pub fn parse(text: &str) -> Result<Ipv4Network, NetworkError> {
        let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
        let refuse = |_| NetworkError::Address { text: text.to_owned(), version: 4 };
        let address = ipv4(address).map_err(refuse)?;
        let length = length.map_or(Some(32), |length| length_of(length, 32).or_else(|| length_of_mask(length)));
        let length = length.ok_or_else(|| NetworkError::Length { text: text.to_owned(), version: 4 })?;
        let network = Ipv4Network { address: Ipv4Addr::from_bits(address.to_bits() & mask4(length)), length };
        if network.address != address {
            return Err(NetworkError::HostBits { text: text.to_owned(), network: network.to_string() });
        }
        Ok(network)
    }

    /// The first address, which is that of the network.
    pub const fn address(self) -> Ipv4Addr {
        self.address
    }

    /// The last address, which reaches all hosts.
    pub const fn broadcast(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.address.to_bits() | !mask4(self.length))
    }

    /// How many bits all its addresses share.
    pub const fn length(self) -> u8 {
        self.length
    }

    /// How many addresses it has.
    pub const fn size(self) -> u64 {
        1 << (32 - self.length)
    }

    /// Whether the address is in it.
    pub const fn contains(self, address: Ipv4Addr) -> bool {
        address.to_bits() & mask4(self.length) == self.address.to_bits()
    }
}

impl fmt::Display for Ipv4Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

/// An IPv6 network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ipv6Network {
    address: Ipv6Addr,
    length: u8,
}

impl Ipv6Network {
    /// Reads a network (Python's `ipaddress.IPv6Network`): an address, alone or with a length. One without a length is a
    /// single address.
    ///
    /// # Errors
    /// Each of [`NetworkError`].
    pub fn parse(text: &str) -> Result<Ipv6Network, NetworkError> {
        let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
        let refuse = |_| NetworkError::Address { text: text.to_owned(), version: 6 };
        let address = ipv6(address).map_err(refuse)?;
        let length = length.map_or(Some(128), |length| length_of(length, 128));
        let length = length.ok_or_else(|| NetworkError::Length { text: text.to_owned(), version: 6 })?;
        let network = Ipv6Network { address: Ipv6Addr::from_bits(address.to_bits() & mask6(length)), length };
        if network.address != address {
            return Err(NetworkError::HostBits { text: text.to_owned(), network: network.to_string() });
        }
        Ok(network)
    }

    /// The first address.
    pub const fn address(self) -> Ipv6Addr {
        self.address
    }

    /// How many bits all its addresses share.
    pub const fn length(self) -> u8 {
        self.length
    }

    /// Whether the address is in it.
    pub const fn contains(self, address: Ipv6Addr) -> bool {
        address.to_bits() & mask6(self.length) == self.address.to_bits()
    }

    /// Whether the address can be its gateway: one in it, or one that is valid on the link only (ganeti 3.1, network.py,
    /// `AddressPool.Validate`).
    pub const fn accepts_gateway(self, address: Ipv6Addr) -> bool {
        self.contains(address) || address.is_unicast_link_local()
    }
}

impl fmt::Display for Ipv6Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

/// The bits of the network.
const fn mask4(length: u8) -> u32 {
    !u32::MAX.unbounded_shr(length as u32)
}

/// The bits of the network.
const fn mask6(length: u8) -> u128 {
    !u128::MAX.unbounded_shr(length as u32)
}

/// Reads a length: ASCII digits, of which the first may be zeros.
fn length_of(text: &str, most: u8) -> Option<u8> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let length = digits.then(|| text.parse::<u8>().ok())??;
    (length <= most).then_some(length)
}

/// Reads a netmask, or else a mask of the host part, as a length: 0.0.0.0 is the netmask of length 0.
fn length_of_mask(text: &str) -> Option<u8> {
    let mask = ipv4(text).ok()?.to_bits();
    let is_host_mask = mask != 0 && mask.leading_ones() == 0;
    let netmask = if is_host_mask { !mask } else { mask };
    let length = netmask.leading_ones() as u8;
    (netmask == mask4(length)).then_some(length)
}
