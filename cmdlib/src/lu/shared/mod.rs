//! What several logical units do alike. A helper takes a context, the weakest that it needs, and never a unit; it is tested by
//! itself.

pub mod bridges;
pub mod disks;
pub mod groups;
pub mod hvparams;
pub mod instance;
pub mod instance_env;
pub mod memory;
pub mod node;
pub mod order;
pub mod tags;
