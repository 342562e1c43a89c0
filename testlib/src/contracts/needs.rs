//! What runs hold, and what they need of it.

use std::collections::{BTreeMap, BTreeSet};

use cmdlib::locking::{Level, Mode};
use serde_json::{Value, json};

use crate::bench::Once;
use crate::contracts::table::{self, Key, alone, mode};
use crate::journal::{HeldNow, What};

/// What runs hold of locks, what they need of them, and what they decide by without one: level by level.
#[derive(Debug, Default)]
pub(crate) struct Needs {
    pub(crate) held: BTreeMap<Level, Mode>,
    pub(crate) needed: BTreeMap<Level, Mode>,
    /// What another job could do meanwhile.
    pub(crate) unlocked: BTreeMap<Level, BTreeSet<String>>,
}

impl Needs {
    /// Looks at what a run changed and called.
    pub(crate) fn of(once: &Once) -> Self {
        let mut needs = Self::default();
        for step in &once.journal.steps {
            match &step.what {
                What::Locks { granted: Some(locks), .. } => {
                    // Every run shares the big lock.
                    let own = |level, mode| (level, mode) != (Level::Cluster, Mode::Shared);
                    locks.iter().filter(|it| own(it.level, it.mode)).for_each(|it| needs.hold(it.level, it.mode));
                }
                What::Changed(written) => {
                    let changed = table::changed(&written.before, &written.after);
                    changed.iter().flat_map(|it| &it.locks).for_each(|it| needs.need(&step.held, it, Mode::Exclusive));
                }
                What::Call { call, nodes } => {
                    // Of several that would do each counts: which of them is there for the call nobody can tell.
                    let locks =
                        nodes.iter().filter(|it| it.contacted).flat_map(|it| table::of_call(&**call, it.node.as_str()));
                    locks.for_each(|(lock, mode)| needs.need(&step.held, &lock, mode));
                }
                _ => {}
            }
        }
        needs
    }

    fn hold(&mut self, level: Level, mode: Mode) {
        let held = self.held.entry(level).or_insert(mode);
        *held = mode.max(*held);
    }

    /// Something needs a lock so. If it is not held, the big lock may stand for it.
    pub(crate) fn need(&mut self, held: &HeldNow, lock: &Key, wanted: Mode) {
        let (level, wanted) = match mode(held, lock) {
            Some(_) => (lock.0, wanted),
            None if alone(held) => (Level::Cluster, Mode::Exclusive),
            None => return,
        };
        let needed = self.needed.entry(level).or_insert(wanted);
        *needed = wanted.max(*needed);
    }

    /// Adds what other runs hold and need.
    pub(crate) fn add(&mut self, other: Self) {
        other.held.into_iter().for_each(|(level, mode)| self.hold(level, mode));
        for (level, mode) in other.needed {
            let needed = self.needed.entry(level).or_insert(mode);
            *needed = mode.max(*needed);
        }
        for (level, changes) in other.unlocked {
            self.unlocked.entry(level).or_default().extend(changes);
        }
    }

    /// Returns it as a note of a test, and [`read`](Self::read) reads it.
    pub(crate) fn json(&self) -> Value {
        let modes = |of: &BTreeMap<Level, Mode>| -> Vec<_> {
            of.iter().map(|(level, mode)| json!([level.as_str(), mode.to_string()])).collect()
        };
        let unlocked: Vec<_> = self.unlocked.iter().map(|(level, changes)| json!([level.as_str(), changes])).collect();
        json!({"held": modes(&self.held), "needed": modes(&self.needed), "unlocked": unlocked})
    }

    pub(crate) fn read(note: &Value) -> Option<Self> {
        let level = |pair: &Value| {
            let mut all = [Level::Cluster].into_iter().chain(Level::ALL);
            all.find(|level| pair[0] == level.as_str())
        };
        let modes = |name: &str| -> Option<BTreeMap<Level, Mode>> {
            let mode = |pair: &Value| if pair[1] == "shared" { Mode::Shared } else { Mode::Exclusive };
            note[name].as_array()?.iter().map(|pair| Some((level(pair)?, mode(pair)))).collect()
        };
        let unlocked = note["unlocked"].as_array()?.iter().map(|pair| {
            let changes = pair[1].as_array()?.iter().map(|it| it.as_str().map(str::to_owned));
            Some((level(pair)?, changes.collect::<Option<_>>()?))
        });
        Some(Self { held: modes("held")?, needed: modes("needed")?, unlocked: unlocked.collect::<Option<_>>()? })
    }
}
