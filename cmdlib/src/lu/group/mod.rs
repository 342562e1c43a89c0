//! Units about node groups.

mod evacuate;
mod verify_disks;

pub use evacuate::GroupEvacuate;
pub use verify_disks::{DiskReport, GroupVerifyDisks};
