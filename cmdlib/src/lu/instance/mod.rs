//! Units about one instance.

mod reboot;
mod shutdown;
mod startup;

pub use reboot::InstanceReboot;
pub use shutdown::InstanceShutdown;
pub use startup::InstanceStartup;
