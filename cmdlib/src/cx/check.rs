//! Checking with all locks held.

use std::ops::Deref;

use crate::config::{Reserved, Taken};
use crate::cx::Asking;
use crate::host::{HostName, Unresolved};

/// Also reserves, and asks the network.
pub struct Check {
    pub(crate) asking: Asking,
}

impl Deref for Check {
    type Target = Asking;
    fn deref(&self) -> &Asking {
        &self.asking
    }
}

impl Check {
    /// Reserves something until the end of the run.
    ///
    /// # Errors
    /// It is in use, or another job has it.
    pub fn reserve(&self, what: Reserved) -> Result<(), Taken> {
        let run = &self.asking.view.run;
        run.seams.config.reserve(run.seams.owner, what)
    }

    /// Looks a host name up.
    ///
    /// # Errors
    /// It does not resolve.
    pub fn resolve(&self, name: &str) -> Result<HostName, Unresolved> {
        self.asking.view.run.seams.host.net.resolve(name)
    }

    /// Tells whether something listens at a port within so many seconds.
    #[must_use]
    pub fn ping(&self, host: &str, port: u16, seconds: f64) -> bool {
        self.asking.view.run.seams.host.net.ping(host, port, seconds)
    }
}
