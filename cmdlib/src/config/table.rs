//! A table of objects: in order of insertion, in chunks that snapshots share, so that one change among 100,000 copies one
//! chunk and not the table.

use std::sync::Arc;

use foldhash::fast::FixedState;
use indexmap::IndexMap;

use crate::ids::{Id, IdText};

const CHUNK: usize = 256;

/// What the configuration files by ids and names. Nobody attacks it through them, so they are hashed the quick way.
pub(super) type FastMap<K, V> = IndexMap<K, V, FixedState>;

/// What differs in two states of a table: an id, the object before, the object after.
pub type Changed<'a, T> = (&'a Id<T>, Option<&'a Arc<T>>, Option<&'a Arc<T>>);

/// Objects by id, in order of insertion.
#[derive(Debug)]
pub struct Table<T> {
    chunks: Arc<Vec<Chunk<T>>>,
    positions: Arc<FastMap<Id<T>, ()>>,
}

type Chunk<T> = Arc<Vec<Arc<T>>>;

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self { chunks: Arc::clone(&self.chunks), positions: Arc::clone(&self.positions) }
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { chunks: Arc::default(), positions: Arc::default() }
    }
}

impl<T> FromIterator<(Id<T>, Arc<T>)> for Table<T> {
    fn from_iter<I: IntoIterator<Item = (Id<T>, Arc<T>)>>(entries: I) -> Self {
        let mut table = Self::default();
        entries.into_iter().for_each(|(id, object)| drop(table.insert(id, object)));
        table
    }
}

impl<T> Table<T> {
    /// Returns the number of objects.
    #[must_use]
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Tells whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// Returns the object filed under `id`.
    #[must_use]
    pub fn get(&self, id: &Id<T>) -> Option<&Arc<T>> {
        let position = self.positions.get_index_of(id)?;
        self.chunks.get(position / CHUNK)?.get(position % CHUNK)
    }

    /// Returns the ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = &Id<T>> {
        self.positions.keys()
    }

    /// Returns the objects, in order.
    pub fn values(&self) -> impl Iterator<Item = &Arc<T>> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// Returns ids and objects, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Id<T>, &Arc<T>)> {
        self.ids().zip(self.values())
    }

    /// Returns the object filed under an id that may be of another kind.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Arc<T>> {
        let position = self.positions.get_index_of(&IdText(id))?;
        self.chunks.get(position / CHUNK)?.get(position % CHUNK)
    }

    /// Returns what is not the very same object as in another state of the table: its id, the object there, the object here.
    /// Chunks that both share are not looked at.
    pub fn changed_since<'a>(&'a self, before: &'a Self) -> Vec<Changed<'a, T>> {
        let differ = |one: Option<&Arc<T>>, two: Option<&Arc<T>>| match (one, two) {
            (Some(one), Some(two)) => !Arc::ptr_eq(one, two),
            (one, two) => one.is_some() || two.is_some(),
        };
        if !Arc::ptr_eq(&self.positions, &before.positions) {
            let ids = before.ids().chain(self.ids().filter(|id| before.get(id).is_none()));
            let both = ids.map(|id| (id, before.get(id), self.get(id)));
            return both.filter(|(_, one, two)| differ(*one, *two)).collect();
        }
        let mut changed = Vec::new();
        for (number, (one, two)) in before.chunks.iter().zip(self.chunks.iter()).enumerate() {
            if Arc::ptr_eq(one, two) {
                continue;
            }
            for (offset, both) in one.iter().zip(two.iter()).enumerate() {
                if let (one, two, Some((id, ()))) = (both.0, both.1, self.positions.get_index(number * CHUNK + offset))
                    && !Arc::ptr_eq(one, two)
                {
                    changed.push((id, Some(one), Some(two)));
                }
            }
        }
        changed
    }

    /// Tells whether two tables are certainly the same, without looking at the objects.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.positions, &other.positions)
            && self.chunks.iter().zip(other.chunks.iter()).all(|(one, two)| Arc::ptr_eq(one, two))
    }

    /// Puts an object in place of the one filed under `id`, or at the end. Returns the former one.
    pub(crate) fn insert(&mut self, id: Id<T>, object: Arc<T>) -> Option<Arc<T>> {
        let chunks = Arc::make_mut(&mut self.chunks);
        if let Some(position) = self.positions.get_index_of(&id) {
            let chunk = Arc::make_mut(&mut chunks[position / CHUNK]);
            return Some(std::mem::replace(&mut chunk[position % CHUNK], object));
        }
        if self.positions.len().is_multiple_of(CHUNK) {
            chunks.push(Arc::new(Vec::with_capacity(CHUNK)));
        }
        let last = chunks.last_mut().expect("a chunk was added if all were full");
        Arc::make_mut(last).push(object);
        Arc::make_mut(&mut self.positions).insert(id, ());
        None
    }

    /// Takes the object filed under `id` out.
    pub(crate) fn remove(&mut self, id: &Id<T>) -> Option<Arc<T>> {
        let position = self.positions.get_index_of(id)?;
        // Objects after it move up by one; chunks before it stay shared with snapshots.
        let mut moved: Vec<Arc<T>> =
            self.chunks[position / CHUNK..].iter().flat_map(|chunk| chunk.iter().cloned()).collect();
        let object = moved.remove(position % CHUNK);
        let chunks = Arc::make_mut(&mut self.chunks);
        chunks.truncate(position / CHUNK);
        chunks.extend(moved.chunks(CHUNK).map(|chunk| Arc::new(chunk.to_vec())));
        Arc::make_mut(&mut self.positions).shift_remove(id);
        Some(object)
    }
}
