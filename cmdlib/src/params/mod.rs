//! Parameters of instances, nodes, NICs and disks: their tables, their types, and what can be checked of them
//! without asking a node.
//!
//! Here lives what is true of parameters everywhere: which there are, what they default to, how a value given by a user
//! is read ([`enforce`]) and when a complete set is acceptable to a hypervisor ([`check_syntax`]). Here live no objects,
//! no configuration and no error codes: a refusal is a text, and the caller says which class and code it has.

mod disk_template;
mod hypervisor;
mod kinds;
mod logical_disk;
mod memory;
mod number;
mod storage_type;
mod syntax;
mod table;
pub mod tables;
mod tags;
mod words;

pub use crate::field::Params;
pub use disk_template::DiskTemplate;
pub use hypervisor::Hypervisor;
pub use kinds::{Kind, enforce};
pub use logical_disk::logical_disk_params;
pub use memory::{check_memory, upgrade_be};
pub use storage_type::StorageType;
pub use syntax::{check_nic, check_syntax};
pub(crate) use table::lay_over;
pub use table::{Preset, Row, Table, fill};
pub use tags::{TAG_LEN_MAX, TAGS_PER_OBJECT_MAX, validate_tag};
