//! Who claims what: a thing that two claim is a finding.

use std::hash::Hash;

use indexmap::map::Entry;

use crate::config::table::FastMap;

/// The claims on things of one kind, in the order in which they were made.
pub(super) struct Claims<K, C> {
    // The first claimant beside the others: nearly all things have one, and no list is made for it.
    by: FastMap<K, (C, Vec<C>)>,
}

impl<K: Hash + Eq, C> Claims<K, C> {
    pub(super) fn new() -> Self {
        Self { by: FastMap::default() }
    }

    pub(super) fn add(&mut self, thing: K, claimant: C) {
        match self.by.entry(thing) {
            Entry::Vacant(free) => drop(free.insert((claimant, Vec::new()))),
            Entry::Occupied(mut taken) => taken.get_mut().1.push(claimant),
        }
    }

    /// Returns what is claimed.
    pub(super) fn things(&self) -> impl Iterator<Item = &K> {
        self.by.keys()
    }

    /// Returns what more than one claims, with all claimants.
    pub(super) fn disputed(self) -> impl Iterator<Item = (K, Vec<C>)> {
        self.by.into_iter().filter(|(_, (_, others))| !others.is_empty()).map(|(thing, (first, mut others))| {
            others.insert(0, first);
            (thing, others)
        })
    }
}
