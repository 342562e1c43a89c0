//! Units about nodes.

mod powercycle;

pub use powercycle::NodePowercycle;
