//! What a change changed, by path: `instances[web1].admin_state: down -> up`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cmdlib::config::{Entity, Snapshot};
use cmdlib::field::Field as _;
use cmdlib::objects::{Disk, Instance, Network, Node, NodeGroup};
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
        for (path, (one, two)) in differing_objects(before, after) {
            changes.values(&path, one.as_ref(), two.as_ref());
        }
        changes
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

    /// Returns the lines of a report, and with them all that objects have that came or went.
    pub(crate) fn in_full(&self, names: &Names) -> Vec<String> {
        let mut parts = Self::default();
        for (path, (before, after)) in &self.0 {
            let nothing = Value::Object(serde_json::Map::new());
            match (before, after) {
                (None, Some(object @ Value::Object(_))) => parts.values(path, Some(&nothing), Some(object)),
                (Some(object @ Value::Object(_)), None) => parts.values(path, Some(object), Some(&nothing)),
                (before, after) => parts.values(path, before.as_ref(), after.as_ref()),
            }
        }
        parts.lines(names)
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

/// Returns the objects that are not the very same in two states, each with its place in the document; of one that is in both,
/// only what differs need be there.
pub(crate) fn differing_objects(before: &Snapshot, after: &Snapshot) -> Vec<(Path, Difference)> {
    fn of<T: Entity>(before: &Snapshot, after: &Snapshot, found: &mut Vec<(Path, Difference)>) {
        for (id, one, two) in T::table(after).changed_since(T::table(before)) {
            let both = match (one, two) {
                (Some(one), Some(two)) => {
                    let (one, two) = one.write_differing(two);
                    (Some(one), Some(two))
                }
                (one, two) => (one.map(|it| it.write()), two.map(|it| it.write())),
            };
            found.push((vec![T::TABLE.to_owned(), id.to_string()], both));
        }
    }
    let mut found = Vec::new();
    if before.same_as(after) {
        return found;
    }
    if !Arc::ptr_eq(&before.cluster, &after.cluster) {
        let (one, two) = before.cluster.write_differing(&after.cluster);
        found.push((vec!["cluster".to_owned()], (Some(one), Some(two))));
    }
    of::<Node>(before, after, &mut found);
    of::<NodeGroup>(before, after, &mut found);
    of::<Instance>(before, after, &mut found);
    of::<Network>(before, after, &mut found);
    of::<Disk>(before, after, &mut found);
    found
}

/// Returns which objects differ in two states: the table and the id of each.
pub(crate) fn changed_objects(before: &Snapshot, after: &Snapshot) -> BTreeSet<(&'static str, String)> {
    fn of<T: Entity>(before: &Snapshot, after: &Snapshot) -> impl Iterator<Item = (&'static str, String)> {
        let changed = T::table(after).changed_since(T::table(before)).into_iter().filter(|(_, one, two)| one != two);
        changed.map(|(id, ..)| (T::TABLE, id.to_string())).collect::<Vec<_>>().into_iter()
    }
    let objects = of::<Node>(before, after).chain(of::<NodeGroup>(before, after)).chain(of::<Instance>(before, after));
    objects.chain(of::<Network>(before, after)).chain(of::<Disk>(before, after)).collect()
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
