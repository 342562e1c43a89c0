//! Finding objects by name: the full one, or its first components where only one object has them.

use std::sync::Arc;

use crate::config::data::{AllNames, Data};
use crate::config::entity::{Entity, Gone};
use crate::config::table::{FastMap, Table};
use crate::ids::Id;
use crate::objects::{Instance, Network, Node, NodeGroup};

/// An index from names, and their first components, to ids.
#[derive(Debug)]
pub(crate) struct Names<T> {
    /// All first components of a name and the name itself, in lower case.
    parts: Arc<FastMap<Box<str>, Vec<Id<T>>>>,
    /// Names as they are.
    whole: Arc<FastMap<Box<str>, Vec<Id<T>>>>,
}

impl<T> Clone for Names<T> {
    fn clone(&self) -> Self {
        Self { parts: Arc::clone(&self.parts), whole: Arc::clone(&self.whole) }
    }
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { parts: Arc::default(), whole: Arc::default() }
    }
}

fn parts_of(name: &str) -> impl Iterator<Item = Box<str>> {
    let lower = name.to_lowercase();
    let mut ends: Vec<usize> = lower.match_indices('.').map(|(at, _)| at).collect();
    ends.push(lower.len());
    ends.into_iter().map(move |end| Box::from(&lower[..end]))
}

impl<T: Entity> Names<T> {
    pub(crate) fn of(table: &Table<T>) -> Self {
        let mut parts: FastMap<Box<str>, Vec<Id<T>>> = FastMap::default();
        let mut whole: FastMap<Box<str>, Vec<Id<T>>> = FastMap::default();
        for (id, object) in table.iter() {
            if object.name().is_empty() {
                continue;
            }
            for part in parts_of(object.name()) {
                parts.entry(part).or_default().push(id.clone());
            }
            whole.entry(object.name().into()).or_default().push(id.clone());
        }
        Self { parts: Arc::new(parts), whole: Arc::new(whole) }
    }
}

impl<T> Names<T> {
    pub(crate) fn change(&mut self, id: &Id<T>, before: Option<&str>, after: Option<&str>) {
        // What has no name, as a forthcoming instance may, is not found by the empty one.
        let (before, after) = (before.filter(|name| !name.is_empty()), after.filter(|name| !name.is_empty()));
        if before == after {
            return;
        }
        let (parts, whole) = (Arc::make_mut(&mut self.parts), Arc::make_mut(&mut self.whole));
        let forget = |index: &mut FastMap<Box<str>, Vec<Id<T>>>, key: &str| {
            if let Some(ids) = index.get_mut(key) {
                ids.retain(|other| other != id);
                if ids.is_empty() {
                    index.swap_remove(key);
                }
            }
        };
        if let Some(name) = before {
            parts_of(name).for_each(|part| forget(parts, &part));
            forget(whole, name);
        }
        if let Some(name) = after {
            parts_of(name).for_each(|part| parts.entry(part).or_default().push(id.clone()));
            whole.entry(name.into()).or_default().push(id.clone());
        }
    }

    fn exactly(&self, name: &str) -> Option<&Id<T>> {
        self.whole.get(name).and_then(|ids| ids.first())
    }
}

/// A kind of object that users name.
pub trait ByName: Entity {
    /// Returns the id of the object that a user means by `name`.
    fn find(data: &Data, name: &str) -> Option<Id<Self>>;
    #[doc(hidden)]
    fn exactly(data: &Data, name: &str) -> Option<Id<Self>>;
}

fn by_components<T: Entity>(names: &Names<T>, data: &Data, name: &str) -> Option<Id<T>> {
    if let Some(id) = names.exactly(name) {
        return Some(id.clone());
    }
    let lower = name.to_lowercase();
    let found = names.parts.get(lower.as_str())?;
    let mut whole =
        found.iter().filter(|id| T::table(data).get(id).is_some_and(|it| it.name().to_lowercase() == lower));
    match (whole.next(), whole.next(), found.as_slice()) {
        (Some(id), None, _) | (_, _, [id]) => Some(id.clone()),
        _ => None,
    }
}

macro_rules! by_name {
    ($type:ident, $index:ident, |$names:ident, $data:ident, $name:ident| $find:expr) => {
        impl ByName for $type {
            fn find($data: &Data, $name: &str) -> Option<Id<Self>> {
                let AllNames { $index: $names, .. } = &$data.names;
                $find
            }
            fn exactly(data: &Data, name: &str) -> Option<Id<Self>> {
                data.names.$index.exactly(name).cloned()
            }
        }
    };
}

// Ganeti 3.1, config/__init__.py: instances and nodes by their first components, groups and networks by uuid or name.
by_name!(Instance, instances, |names, data, name| by_components(names, data, name));
by_name!(Node, nodes, |names, data, name| by_components(names, data, name));
by_name!(NodeGroup, nodegroups, |names, data, name| uuid_or_name(names, data, name));
by_name!(Network, networks, |names, data, name| uuid_or_name(names, data, name));

fn uuid_or_name<T: Entity>(names: &Names<T>, data: &Data, name: &str) -> Option<Id<T>> {
    let id = Id::new(name);
    if T::table(data).get(&id).is_some() { Some(id) } else { names.exactly(name).cloned() }
}

impl Data {
    /// Returns the id of the object that a user means by `name`: an instance or node by its full name or by first components
    /// that no other has, a group or network by its name or uuid.
    ///
    /// # Errors
    /// No object, or more than one, is meant.
    pub fn find<T: ByName>(&self, name: &str) -> Result<Id<T>, Gone> {
        T::find(self, name).ok_or_else(|| Gone::new(T::KIND, name))
    }

    /// Returns the object with exactly this name.
    ///
    /// # Errors
    /// There is none.
    pub fn named<T: ByName>(&self, name: &str) -> Result<Arc<T>, Gone> {
        let id = T::exactly(self, name).ok_or_else(|| Gone::new(T::KIND, name))?;
        self.get(&id)
    }
}
