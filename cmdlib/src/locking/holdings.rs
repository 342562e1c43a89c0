//! Who holds which lock, and what is in the way of whom.

use std::collections::BTreeMap;

use crate::config::Owner;
use crate::locking::{Level, Lock, LockName, Mode};

/// A lock's place in the order in which locks are taken: level by level, a whole level before its names, names as text.
pub(super) type Place = (Level, LockName);

pub(super) fn place(lock: &Lock) -> Place {
    (lock.level, lock.name.clone())
}

/// Both may be held by two owners at once.
fn together(one: Mode, other: Mode) -> bool {
    one == Mode::Shared && other == Mode::Shared
}

/// What all owners hold: by owner and by lock, always both alike.
#[derive(Debug, Default)]
pub(super) struct Holdings {
    of: BTreeMap<Owner, BTreeMap<Place, Mode>>,
    at: BTreeMap<Place, BTreeMap<Owner, Mode>>,
}

impl Holdings {
    pub(super) fn grant(&mut self, owner: Owner, lock: &Lock) {
        self.of.entry(owner).or_default().insert(place(lock), lock.mode);
        self.at.entry(place(lock)).or_default().insert(owner, lock.mode);
    }

    /// Takes all that an owner holds of a level.
    pub(super) fn take_level(&mut self, owner: Owner, level: Level) {
        for lock in self.level(owner, level) {
            self.take(owner, &place(&lock));
        }
    }

    fn take(&mut self, owner: Owner, place: &Place) {
        if let Some(held) = self.of.get_mut(&owner) {
            held.remove(place);
            if held.is_empty() {
                self.of.remove(&owner);
            }
        }
        if let Some(owners) = self.at.get_mut(place) {
            owners.remove(&owner);
            if owners.is_empty() {
                self.at.remove(place);
            }
        }
    }

    pub(super) fn owners(&self) -> impl Iterator<Item = Owner> {
        self.of.keys().copied()
    }

    /// Returns what an owner holds, in order.
    pub(super) fn all(&self, owner: Owner) -> impl Iterator<Item = Lock> {
        let held = self.of.get(&owner).into_iter().flatten();
        held.map(|((level, name), mode)| Lock { level: *level, name: name.clone(), mode: *mode })
    }

    /// Returns what an owner holds of a level, in order.
    pub(super) fn level(&self, owner: Owner, level: Level) -> Vec<Lock> {
        self.all(owner).filter(|lock| lock.level == level).collect()
    }

    /// Returns the last lock of an owner, in the order of locks.
    pub(super) fn highest(&self, owner: Owner) -> Option<Lock> {
        let ((level, name), mode) = self.of.get(&owner)?.last_key_value()?;
        Some(Lock { level: *level, name: name.clone(), mode: *mode })
    }

    /// Returns how an owner holds a lock, by itself or within its whole level.
    pub(super) fn mode(&self, owner: Owner, lock: &Lock) -> Option<Mode> {
        let held = self.of.get(&owner)?;
        held.get(&place(lock)).max(held.get(&(lock.level, LockName::All))).copied()
    }

    /// Returns the first place at which others are in the way of a lock.
    pub(super) fn conflict(&self, owner: Owner, lock: &Lock) -> Option<Place> {
        self.in_the_way(owner, lock).next().map(|(place, _)| place)
    }

    /// Returns who is in the way of a lock, and where. Whoever holds a whole level is in the way of each of its names.
    pub(super) fn in_the_way<'a>(&'a self, owner: Owner, lock: &'a Lock) -> impl Iterator<Item = (Place, Owner)> + 'a {
        let level = lock.level;
        let whole = (level, LockName::All);
        let places: Box<dyn Iterator<Item = (Place, &'a BTreeMap<Owner, Mode>)> + 'a> = match &lock.name {
            LockName::All => {
                let of_level = self.at.range(whole..).take_while(move |((of, _), _)| *of == level);
                Box::new(of_level.map(|(place, owners)| (place.clone(), owners)))
            }
            LockName::One(_) => {
                let owners = self.at.get(&whole).into_iter().chain(self.at.get(&place(lock)));
                Box::new(owners.map(|owners| (place(lock), owners)))
            }
        };
        places.flat_map(move |(place, owners)| {
            let others = owners.iter().filter(move |(other, held)| **other != owner && !together(lock.mode, **held));
            others.map(move |(other, _)| (place.clone(), *other))
        })
    }
}

/// What a request that waits lays claim to: a lock of it, up to where it waits.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) owner: Owner,
    pub(super) lock: Lock,
    pub(super) up_to: Place,
}

impl Claim {
    /// Returns the first place at which the claim is in the way of a lock.
    pub(super) fn conflict(&self, lock: &Lock) -> Option<Place> {
        if self.lock.level != lock.level || together(self.lock.mode, lock.mode) {
            return None;
        }
        let at = match (&self.lock.name, &lock.name) {
            (LockName::One(claimed), LockName::One(wanted)) if claimed != wanted => return None,
            (LockName::One(_), _) => place(&self.lock),
            (LockName::All, _) => place(lock),
        };
        (at <= self.up_to).then_some(at)
    }
}
