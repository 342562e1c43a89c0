//! The machine that the master runs on, cut the way the phases are: what may be asked at any time, what is only for `exec`.
//! Small traits, so that each can be mocked by itself. This and `config::storage` are the only places of the crate where
//! clocks, files and sockets may appear.

use std::fmt;
use std::rc::Rc;

use crate::objects::Network;

/// Tells the time, and lets it pass.
pub trait Clock {
    /// Returns the time in seconds since 1970.
    fn now(&self) -> f64;
    /// Lets so many seconds pass.
    fn sleep(&self, seconds: f64);
}

/// Draws what nobody else has.
pub trait Random {
    /// Returns a new uuid.
    fn uuid(&self) -> String;
    /// Returns a new hardware address.
    fn mac(&self, network: Option<&Network>) -> String;
    /// Returns a new secret of so many bytes, as hexadecimal digits.
    fn secret(&self, bytes: usize) -> String;
    /// Returns a number from 0 up to 1.
    fn fraction(&self) -> f64;
}

/// The name or address of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostName {
    /// Its full name.
    pub name: String,
    /// Its address.
    pub ip: String,
}

/// A name does not resolve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved {
    /// The name.
    pub name: String,
    /// What the resolver says.
    pub text: String,
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name '{}' does not resolve: {}", self.name, self.text)
    }
}
impl std::error::Error for Unresolved {}

/// Asks the network. Nothing is changed by it: checks may.
pub trait Net {
    /// Looks a host name up.
    ///
    /// # Errors
    /// It does not resolve.
    fn resolve(&self, name: &str) -> Result<HostName, Unresolved>;
    /// Tells whether something listens at the port within so many seconds.
    fn ping(&self, host: &str, port: u16, seconds: f64) -> bool;
}

/// What came of waiting at a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// Somebody connected, or sent something, or hung up.
    Reached,
    /// Nobody did in time.
    TimedOut,
}

/// A socket that somebody may connect to in order to end a wait. For the unit that tests the queue.
pub trait Doorbell {
    /// Opens the socket and returns its path.
    ///
    /// # Errors
    /// It can't be opened; the text says why.
    fn open(&self) -> Result<String, String>;
    /// Waits for a connection, so many seconds.
    fn accept(&self, seconds: f64) -> Waited;
    /// Waits for a byte on that connection, so many seconds.
    fn receive(&self, seconds: f64) -> Waited;
    /// Closes the socket.
    fn close(&self);
}

/// The seams to the machine.
#[derive(Clone)]
pub struct Host {
    /// Time.
    pub clock: Rc<dyn Clock>,
    /// Chance.
    pub random: Rc<dyn Random>,
    /// The network.
    pub net: Rc<dyn Net>,
    /// The socket that ends a wait.
    pub doorbell: Rc<dyn Doorbell>,
}
