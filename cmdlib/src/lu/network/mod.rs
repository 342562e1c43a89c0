//! Units about networks: pools of addresses for instances.

mod add;

pub use add::NetworkAdd;
