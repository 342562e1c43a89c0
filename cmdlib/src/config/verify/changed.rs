//! What a change broke. Most changes touch nothing that a rule reads, and then nothing is looked at, however large the
//! configuration is.

use std::sync::Arc;

use serde_json::Value;

use super::Finding;
use crate::config::data::Snapshot;
use crate::config::entity::Entity;
use crate::field::Field;
use crate::objects::Instance;

/// The members of all objects that no rule reads.
pub const UNREAD: [&str; 4] = ["tags", "serial_no", "ctime", "mtime"];
/// Those of an instance.
pub const UNREAD_OF_INSTANCE: [&str; 3] = ["admin_state", "admin_state_source", "disks_active"];

impl Snapshot {
    /// Returns what is wrong with this state and was not with the one before.
    #[must_use]
    pub fn new_findings(&self, before: &Self) -> Vec<Finding> {
        if self.same_for_rules(before) {
            return Vec::new();
        }
        let known = before.findings();
        self.findings().iter().filter(|finding| !known.contains(finding)).cloned().collect()
    }

    fn same_for_rules(&self, before: &Self) -> bool {
        let cluster = Arc::ptr_eq(&self.cluster, &before.cluster)
            || same_but_for(&*before.cluster, &*self.cluster, |member| UNREAD.contains(&member));
        cluster
            && self.same_table::<crate::objects::Node>(before)
            && self.same_table::<crate::objects::NodeGroup>(before)
            && self.same_table::<Instance>(before)
            && self.same_table::<crate::objects::Network>(before)
            && self.same_table::<crate::objects::Disk>(before)
    }

    fn same_table<T: Entity>(&self, before: &Self) -> bool {
        let unread = |member: &str| {
            UNREAD.contains(&member) || (T::TABLE == Instance::TABLE && UNREAD_OF_INSTANCE.contains(&member))
        };
        T::table(self).changed_since(T::table(before)).into_iter().all(|(_, one, two)| match (one, two) {
            (Some(one), Some(two)) => same_but_for(&**one, &**two, unread),
            _ => false,
        })
    }
}

fn same_but_for<T: Field>(one: &T, two: &T, unread: impl Fn(&str) -> bool) -> bool {
    let (one, two) = one.write_differing(two);
    let read = |(value, other): (&Value, &Value)| {
        let members = value.as_object().into_iter().flatten();
        members.into_iter().all(|(key, value)| unread(key) || other.get(key) == Some(value))
    };
    read((&one, &two)) && read((&two, &one))
}
