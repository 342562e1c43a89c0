//! The logical units, one file each, in a folder per family. `shared` holds what several of them do alike. Only the table
//! below names units: neither processor nor contexts know one.

pub mod group;
pub mod instance;
pub mod network;
pub mod node;
pub mod os;
pub mod shared;
pub mod tags;
pub mod test;

use crate::op;

crate::units! {
    /// All units of this library.
    pub const UNITS:
        op::TagsGet => tags::TagsGet,
        op::TagsSet => tags::TagsSet,
        op::TagsDel => tags::TagsDel,
        op::TagsSearch => tags::TagsSearch,
        op::InstanceStartup => instance::InstanceStartup,
        op::InstanceShutdown => instance::InstanceShutdown,
        op::InstanceReboot => instance::InstanceReboot,
        op::GroupEvacuate => group::GroupEvacuate,
        op::GroupVerifyDisks => group::GroupVerifyDisks,
        op::NetworkAdd => network::NetworkAdd,
        op::NodePowercycle => node::NodePowercycle,
        op::OsDiagnose => os::OsDiagnose,
        op::TestDelay => test::TestDelay;
}
