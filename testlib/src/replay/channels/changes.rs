//! What is changed in the configuration.

use std::collections::BTreeMap;

use cmdlib::config::Snapshot;
use cmdlib::field::shortened;
use serde_json::Value;

use super::{Channel, Difference};
use crate::diff::differing_objects;
use crate::replay::json::{changes, changes_at, same_option};
use crate::replay::trace::{Change, Trace};

/// The changed members of the configuration, by path: before and after.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    /// The deepest members that differ.
    pub members: BTreeMap<Vec<String>, (Option<Value>, Option<Value>)>,
}

impl Changes {
    pub(super) fn recorded(trace: &Trace) -> Self {
        Self::of(trace.changes.clone())
    }

    /// Returns in what two documents differ.
    #[must_use]
    pub fn between(before: &Value, after: &Value) -> Self {
        Self::of(changes(before, after))
    }

    /// Returns in what two states differ. What both share is not looked at.
    pub(in crate::replay) fn of_states(before: &Snapshot, after: &Snapshot) -> Self {
        let of = |(path, both)| match both {
            (Some(before), Some(after)) => changes_at(path, &before, &after),
            (before, after) => vec![Change { path, before, after }],
        };
        Self::of(differing_objects(before, after).into_iter().flat_map(of).collect())
    }

    fn of(changes: Vec<Change>) -> Self {
        let members = changes.into_iter().filter(|it| !same_option(it.before.as_ref(), it.after.as_ref()));
        Self { members: members.map(|it| (it.path, (it.before, it.after))).collect() }
    }

    /// Tells whether nothing was changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub(super) fn differences(&self, ours: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        let text = |change: Option<&(Option<Value>, Option<Value>)>| {
            let shown = |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), shortened);
            change.map_or_else(
                || "unchanged".to_owned(),
                |(before, after)| format!("{} -> {}", shown(before), shown(after)),
            )
        };
        let only_ours = ours.members.keys().filter(|path| !self.members.contains_key(*path));
        for path in self.members.keys().chain(only_ours) {
            let (wanted, ours) = (self.members.get(path), ours.members.get(path));
            let same = matches!((wanted, ours), (Some((a, b)), Some((c, d)))
                if same_option(a.as_ref(), c.as_ref()) && same_option(b.as_ref(), d.as_ref()));
            if !same {
                found.push(Difference::new(Channel::Changes, path.join("."), text(wanted), text(ours)));
            }
        }
        found
    }
}
