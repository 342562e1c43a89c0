//! What a change changed, by path: `instances[web1].admin_state: down -> up`.

use std::collections::BTreeMap;

use cmdlib::config::{Entity, Snapshot, Table};
use cmdlib::field::Field;
use serde_json::Value;

use crate::names::Names;

/// Where in the document: the members that lead there.
pub(crate) type Path = Vec<String>;
/// What was there, and what is.
pub(crate) type Difference = (Option<Value>, Option<Value>);

/// Changes by path. Later ones are laid over earlier ones.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Changes(pub(crate) BTreeMap<Path, Difference>);

impl Changes {
    /// Returns what differs between two states. Objects that both share are not looked at.
    pub(crate) fn between(before: &Snapshot, after: &Snapshot) -> Self {
        let mut changes = Self::default();
        if before.same_as(after) {
            return changes;
        }
        changes.values(&["cluster".to_owned()], Some(&before.cluster.write()), Some(&after.cluster.write()));
        changes.table(&before.nodes, &after.nodes);
        changes.table(&before.nodegroups, &after.nodegroups);
        changes.table(&before.instances, &after.instances);
        changes.table(&before.networks, &after.networks);
        changes.table(&before.disks, &after.disks);
        changes
    }

    fn table<T: Entity>(&mut self, before: &Table<T>, after: &Table<T>) {
        if before.same_as(after) {
            return;
        }
        for id in before.ids().chain(after.ids().filter(|id| before.get(id).is_none())) {
            let (one, two) = (before.get(id), after.get(id));
            if matches!((one, two), (Some(one), Some(two)) if std::sync::Arc::ptr_eq(one, two)) {
                continue;
            }
            let path = [T::TABLE.to_owned(), id.to_string()];
            self.values(&path, one.map(|it| it.write()).as_ref(), two.map(|it| it.write()).as_ref());
        }
    }

    fn values(&mut self, path: &[String], before: Option<&Value>, after: Option<&Value>) {
        match (before, after) {
            (Some(Value::Object(one)), Some(Value::Object(two))) => {
                for key in one.keys().chain(two.keys().filter(|key| !one.contains_key(*key))) {
                    let mut path = path.to_vec();
                    path.push(key.clone());
                    self.values(&path, one.get(key), two.get(key));
                }
            }
            (Some(Value::Array(one)), Some(Value::Array(two)))
                if one.len() == two.len() && one.iter().all(Value::is_object) =>
            {
                for (index, (one, two)) in one.iter().zip(two).enumerate() {
                    let mut path = path.to_vec();
                    path.push(index.to_string());
                    self.values(&path, Some(one), Some(two));
                }
            }
            (before, after) if before != after => {
                self.0.insert(path.to_vec(), (before.cloned(), after.cloned()));
            }
            _ => {}
        }
    }

    /// Lays later changes over these.
    pub(crate) fn then(&mut self, later: Self) {
        for (path, (before, after)) in later.0 {
            let before = self.0.remove(&path).map_or(before, |(first, _)| first);
            if before != after {
                self.0.insert(path, (before, after));
            }
        }
    }

    /// Returns the lines of a report, without serial numbers and times, which move with every change.
    pub(crate) fn lines(&self, names: &Names) -> Vec<String> {
        let told = self.0.iter().filter(|(path, _)| !bookkeeping(path));
        told.map(|(path, (before, after))| {
            format!("{}: {} -> {}", place(path, names), shown(before.as_ref(), names), shown(after.as_ref(), names))
        })
        .collect()
    }
}

fn bookkeeping(path: &[String]) -> bool {
    path.last().is_some_and(|last| matches!(last.as_str(), "serial_no" | "mtime"))
}

/// Returns a path as a test author reads it.
fn place(path: &[String], names: &Names) -> String {
    match path {
        [table, id, rest @ ..] if table != "cluster" => {
            let rest: String = rest.iter().map(|member| format!(".{member}")).collect();
            format!("{table}[{}]{rest}", names.name(id))
        }
        _ => path.join("."),
    }
}

/// Returns a value as a test author reads it: texts without quotes, nothing as `(none)`, objects as `{..}` with their name.
fn shown(value: Option<&Value>, names: &Names) -> String {
    match value {
        None | Some(Value::Null) => "(none)".to_owned(),
        Some(Value::String(text)) => names.readable(text),
        Some(Value::Object(members)) => members
            .get("name")
            .and_then(Value::as_str)
            .map_or_else(|| "{..}".to_owned(), |name| format!("{{{}}}", names.readable(name))),
        Some(other) => names.readable(&other.to_string()),
    }
}
