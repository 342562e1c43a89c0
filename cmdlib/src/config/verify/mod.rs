//! What is wrong with a state, finding by finding. One room per kind of object, and one for what may exist only once.
//!
//! Source: ganeti 3.1, config/__init__.py and config/verify.py, and what the configuration daemon looks at. Each fault is
//! found once, where it was made: a wrong parameter of the cluster is no finding of each group and node that inherits it.

mod changed;
mod claims;
mod cluster;
mod disks;
mod finding;
mod groups;
mod instances;
mod networks;
mod nodes;
mod parameters;
mod policy;
mod unique;

pub use changed::{UNREAD, UNREAD_OF_INSTANCE};
pub use finding::{Finding, FindingKind};

use crate::config::data::Data;
use crate::config::entity::Entity;
use crate::config::table::Table;
use crate::field::Params;
use crate::ids::NodeId;
use crate::objects::{Disk, Instance};

impl Data {
    /// Returns everything that is wrong with this state: the cluster first, then object by object in the order of the tables,
    /// then what is used more than once. Networks' IPv6 part, filter rules, hypervisor parameters and those of operating
    /// systems are not looked at.
    #[must_use]
    pub fn verify(&self) -> Vec<Finding> {
        let mut judge = Judge { data: self, nic_defaults: self.cluster_nicparams(), findings: Vec::new() };
        judge.cluster();
        judge.nodes();
        judge.groups();
        judge.networks();
        judge.instances();
        judge.disks();
        judge.unique();
        judge.findings
    }
}

/// The findings so far, and what many of the checks need.
struct Judge<'a> {
    data: &'a Data,
    nic_defaults: Params,
    findings: Vec<Finding>,
}

impl Judge<'_> {
    fn find(&mut self, kind: FindingKind, text: String) {
        self.findings.push(Finding { kind, text });
    }

    /// Judges that each object of a table is filed under its own uuid.
    fn filing<T: Entity>(&mut self, table: &Table<T>) {
        for (id, object) in table.iter() {
            if object.id() != id {
                let (kind, name, own) = (T::KIND, object.name(), object.id());
                self.find(FindingKind::Misfiled, format!("{kind} '{name}' is filed under {id}, but its uuid is {own}"));
            }
        }
    }
}

/// Names an instance, by its uuid where it has no name yet.
fn instance_name(instance: &Instance) -> &str {
    if instance.name.is_empty() { instance.uuid.as_str() } else { &instance.name }
}

/// Names a disk by its place in its instance, or else by its own name or uuid.
fn disk_name(data: &Data, disk: &Disk) -> String {
    let owner = data.owner(&disk.uuid).and_then(|owner| data.instances.get(owner));
    match (owner, &disk.name) {
        (Some(owner), _) => {
            let index = owner.disks.iter().position(|it| *it == disk.uuid).unwrap_or_default();
            format!("disk {index} of instance '{}'", instance_name(owner))
        }
        (None, Some(name)) => format!("disk '{name}', which no instance has,"),
        (None, None) => format!("disk {}, which no instance has,", disk.uuid),
    }
}

/// Tells how a reference that leads nowhere was written.
fn reference(id: &NodeId) -> String {
    if id.is_empty() { "none".to_owned() } else { format!("{id}, which is not in the configuration") }
}
