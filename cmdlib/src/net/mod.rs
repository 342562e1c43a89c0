//! Networks: addresses and networks as users write them, pools of addresses, prefixes of MAC addresses.
//!
//! Here live values and arithmetic only; which network an instance has, and who may change it, is not known here.

mod address;
mod mac;
mod network;
mod pool;

pub use address::{ipv4, ipv6};
pub use mac::{MacError, mac_address, mac_prefix};
pub use network::{Ipv4Network, Ipv6Network, NetworkError};
pub use pool::{AddressPool, Holder, POOL_LENGTH_MAX, POOL_LENGTH_MIN, PoolError};
