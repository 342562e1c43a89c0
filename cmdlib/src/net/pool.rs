//! Pools of IPv4 addresses: which ones of a network are taken, and by whom (ganeti 3.1, network.py).

use std::error::Error;
use std::fmt;
use std::net::Ipv4Addr;

use super::network::{Ipv4Network, NetworkError};

/// The length of the largest network that can have a pool (ganeti 3.1, network.py: `IPV4_NETWORK_MAX_SIZE`).
pub const POOL_LENGTH_MIN: u8 = 16;

/// The length of the smallest network that can have a pool (ganeti 3.1, network.py: `IPV4_NETWORK_MIN_SIZE`).
pub const POOL_LENGTH_MAX: u8 = 30;

/// For whom an address is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// An instance.
    Instance,
    /// Something that is no instance: the network's own two addresses, its gateway, and what users reserved.
    External,
}

/// Why a pool can't be made, or does not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PoolError {
    /// The network is none.
    Network(NetworkError),
    /// The network has more addresses than a pool can have.
    TooLarge {
        /// The network.
        network: Ipv4Network,
    },
    /// The network has fewer addresses than a pool needs.
    TooSmall {
        /// The network.
        network: Ipv4Network,
    },
    /// The text of reservations has something else than 0 and 1.
    Mark {
        /// Whose reservations.
        holder: Holder,
        /// The first such character.
        found: char,
    },
    /// The text of reservations is longer or shorter than the network.
    Length {
        /// Whose reservations.
        holder: Holder,
        /// Its length.
        found: usize,
        /// The number of addresses.
        wanted: usize,
    },
    /// The address is not in the network.
    Outside {
        /// The network.
        network: Ipv4Network,
        /// The address.
        address: Ipv4Addr,
    },
    /// The address is taken already.
    Taken {
        /// By whom.
        holder: Holder,
        /// The address.
        address: Ipv4Addr,
    },
    /// The address is not taken, and so can't be released.
    NotTaken {
        /// By whom it should be.
        holder: Holder,
        /// The address.
        address: Ipv4Addr,
    },
    /// All addresses are taken.
    Full {
        /// The network.
        network: Ipv4Network,
    },
}

impl fmt::Display for PoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PoolError::Network(error) => error.fmt(f),
            PoolError::TooLarge { network } => {
                write!(f, "network {network} is too large for a pool of addresses, /{POOL_LENGTH_MIN} is the largest")
            }
            PoolError::TooSmall { network } => {
                write!(f, "network {network} is too small for a pool of addresses, /{POOL_LENGTH_MAX} is the smallest")
            }
            PoolError::Mark { holder, found } => {
                write!(f, "the reservations {} have {found:?} among the zeros and ones", holder.by())
            }
            PoolError::Length { holder, found, wanted } => {
                write!(f, "the reservations {} are {found}, but the network has {wanted} addresses", holder.by())
            }
            PoolError::Outside { network, address } => write!(f, "address {address} is not in network {network}"),
            PoolError::Taken { holder, address } => write!(f, "address {address} is reserved {} already", holder.by()),
            PoolError::NotTaken { holder, address } => write!(f, "address {address} is not reserved {}", holder.by()),
            PoolError::Full { network } => write!(f, "network {network} has no free address"),
        }
    }
}

impl Error for PoolError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            PoolError::Network(error) => Some(error),
            _ => None,
        }
    }
}

impl From<NetworkError> for PoolError {
    fn from(error: NetworkError) -> PoolError {
        PoolError::Network(error)
    }
}

impl Holder {
    fn by(self) -> &'static str {
        match self {
            Holder::Instance => "by an instance",
            Holder::External => "externally",
        }
    }
}

/// The addresses of an IPv4 network, each free, taken by an instance, reserved externally, or both.
///
/// ```
/// use cmdlib::net::{AddressPool, Holder, PoolError, ipv4};
///
/// let mut pool = AddressPool::begin("192.0.2.0/29", Some(ipv4("192.0.2.1")?))?;
/// assert_eq!(pool.to_text(Holder::External), "11000001");
/// let address = pool.take_free()?;
/// assert_eq!(address.to_string(), "192.0.2.2");
/// assert_eq!(pool.to_text(Holder::Instance), "00100000");
/// assert_eq!(pool.map(), "XXX....X");
/// # Ok::<(), PoolError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressPool {
    network: Ipv4Network,
    instances: Vec<bool>,
    external: Vec<bool>,
}

impl AddressPool {
    /// A pool with what is reserved, as the configuration has it: a zero or one for each address. None, and an empty text,
    /// are no reservations at all.
    ///
    /// # Errors
    /// A text that is no network, a network outside of the limits of size, a text of another length or with other
    /// characters. (For the latter two the reference ends with an internal error, or skips white space.)
    pub fn new(network: &str, instances: Option<&str>, external: Option<&str>) -> Result<AddressPool, PoolError> {
        let network = Ipv4Network::parse(network)?;
        if network.length() < POOL_LENGTH_MIN {
            return Err(PoolError::TooLarge { network });
        }
        if network.length() > POOL_LENGTH_MAX {
            return Err(PoolError::TooSmall { network });
        }
        let size = network.size() as usize;
        let instances = marks(instances, size, Holder::Instance)?;
        let external = marks(external, size, Holder::External)?;
        Ok(AddressPool { network, instances, external })
    }

    /// The pool of a new network: its first and last address and its gateway are reserved externally.
    ///
    /// # Errors
    /// As of [`new`](Self::new), and a gateway that is outside, or the first or last address.
    pub fn begin(network: &str, gateway: Option<Ipv4Addr>) -> Result<AddressPool, PoolError> {
        let mut pool = AddressPool::new(network, None, None)?;
        let network = pool.network;
        for address in [network.address(), network.broadcast()].into_iter().chain(gateway) {
            pool.reserve(address, Holder::External)?;
        }
        Ok(pool)
    }

    /// The network.
    pub fn network(&self) -> Ipv4Network {
        self.network
    }

    /// Whether the address is in the network.
    pub fn contains(&self, address: Ipv4Addr) -> bool {
        self.network.contains(address)
    }

    /// Whether the address is taken by this holder.
    ///
    /// # Errors
    /// An address outside of the network.
    pub fn is_reserved(&self, address: Ipv4Addr, holder: Holder) -> Result<bool, PoolError> {
        Ok(self.marks(holder)[self.index(address)?])
    }

    /// Takes an address. What the other holder has is not looked at: an instance can have an address that is reserved
    /// externally.
    ///
    /// # Errors
    /// An address outside of the network, or one that this holder has already.
    pub fn reserve(&mut self, address: Ipv4Addr, holder: Holder) -> Result<(), PoolError> {
        let index = self.index(address)?;
        match std::mem::replace(&mut self.marks_mut(holder)[index], true) {
            true => Err(PoolError::Taken { holder, address }),
            false => Ok(()),
        }
    }

    /// Gives an address back.
    ///
    /// # Errors
    /// An address outside of the network, or one that this holder does not have.
    pub fn release(&mut self, address: Ipv4Addr, holder: Holder) -> Result<(), PoolError> {
        let index = self.index(address)?;
        match std::mem::replace(&mut self.marks_mut(holder)[index], false) {
            true => Ok(()),
            false => Err(PoolError::NotTaken { holder, address }),
        }
    }

    /// The addresses that nobody has, the lowest first. For whom knows of more that are spoken for, as jobs that run do.
    pub fn free_addresses(&self) -> impl Iterator<Item = Ipv4Addr> {
        self.addresses().zip(self.taken()).filter(|(_, taken)| !taken).map(|(address, _)| address)
    }

    /// The lowest address that nobody has; it stays free.
    ///
    /// # Errors
    /// A full network.
    pub fn free_address(&self) -> Result<Ipv4Addr, PoolError> {
        self.free_addresses().next().ok_or(PoolError::Full { network: self.network })
    }

    /// Takes the lowest address that nobody has, for an instance.
    ///
    /// # Errors
    /// A full network.
    pub fn take_free(&mut self) -> Result<Ipv4Addr, PoolError> {
        let address = self.free_address()?;
        self.reserve(address, Holder::Instance)?;
        Ok(address)
    }

    /// The addresses that are reserved externally, the lowest first.
    pub fn external_addresses(&self) -> impl Iterator<Item = Ipv4Addr> {
        self.addresses().zip(&self.external).filter(|(_, taken)| **taken).map(|(address, _)| address)
    }

    /// The addresses that instances have, the lowest first.
    pub fn instance_addresses(&self) -> impl Iterator<Item = Ipv4Addr> {
        self.addresses().zip(&self.instances).filter(|(_, taken)| **taken).map(|(address, _)| address)
    }

    /// How many addresses somebody has.
    pub fn reserved_count(&self) -> usize {
        self.taken().filter(|taken| *taken).count()
    }

    /// How many addresses nobody has.
    pub fn free_count(&self) -> usize {
        self.instances.len() - self.reserved_count()
    }

    /// Whether somebody has each address.
    pub fn is_full(&self) -> bool {
        self.free_count() == 0
    }

    /// What this holder has, as the configuration has it: a zero or one for each address.
    pub fn to_text(&self, holder: Holder) -> String {
        self.marks(holder).iter().map(|taken| if *taken { '1' } else { '0' }).collect()
    }

    /// What anybody has, as users see it: a dot for what is free, an X for what is taken.
    pub fn map(&self) -> String {
        self.taken().map(|taken| if taken { 'X' } else { '.' }).collect()
    }

    fn marks(&self, holder: Holder) -> &[bool] {
        match holder {
            Holder::Instance => &self.instances,
            Holder::External => &self.external,
        }
    }

    fn marks_mut(&mut self, holder: Holder) -> &mut [bool] {
        match holder {
            Holder::Instance => &mut self.instances,
            Holder::External => &mut self.external,
        }
    }

    fn taken(&self) -> impl Iterator<Item = bool> {
        self.instances.iter().zip(&self.external).map(|(instance, external)| *instance || *external)
    }

    fn addresses(&self) -> impl Iterator<Item = Ipv4Addr> {
        (self.network.address().to_bits()..=self.network.broadcast().to_bits()).map(Ipv4Addr::from_bits)
    }

    /// Where the address stands in both lists, which have a place for each address of the network.
    fn index(&self, address: Ipv4Addr) -> Result<usize, PoolError> {
        if !self.contains(address) {
            return Err(PoolError::Outside { network: self.network, address });
        }
        Ok((address.to_bits() - self.network.address().to_bits()) as usize)
    }
}

/// Reads the reservations of a holder.
fn marks(text: Option<&str>, size: usize, holder: Holder) -> Result<Vec<bool>, PoolError> {
    let text = text.unwrap_or_default();
    if text.is_empty() {
        return Ok(vec![false; size]);
    }
    if let Some(found) = text.chars().find(|mark| !matches!(mark, '0' | '1')) {
        return Err(PoolError::Mark { holder, found });
    }
    if text.len() != size {
        return Err(PoolError::Length { holder, found: text.len(), wanted: size });
    }
    Ok(text.bytes().map(|mark| mark == b'1').collect())
}
