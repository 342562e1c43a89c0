//! The logical units, one file each.

mod node_motd;

pub use node_motd::NodeMotd;
