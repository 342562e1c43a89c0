//! The message of the day: what nodes show to whoever logs in.

pub mod lu;
pub mod op;
pub mod rpc;

cmdlib::units! {
    /// The units of this crate. Processor and bench know them by this table.
    pub const UNITS: op::NodeMotd => lu::NodeMotd;
}
