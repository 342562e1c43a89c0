//! Jobs that take and give back locks by chance, and an observer who knows only what a conflict is.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cmdlib::config::Owner;
use cmdlib::locking::{InProcess, Level, Lock, LockManager, LockName, Mode, Monitor, NotGranted, Wait};

/// Draws a number below the one given.
pub(super) type Chance<'a> = dyn FnMut(u64) -> u64 + 'a;

/// Knows who believes to hold what.
#[derive(Default)]
pub(super) struct Observer {
    believed: Mutex<BTreeMap<Owner, Vec<Lock>>>,
}

impl Observer {
    /// An owner believes to hold these from now on, and nothing else.
    pub(super) fn holds(&self, owner: Owner, locks: &[Lock]) {
        let mut believed = self.believed.lock().unwrap_or_else(PoisonError::into_inner);
        for (other, held) in believed.iter().filter(|(other, _)| **other != owner) {
            for (one, two) in locks.iter().flat_map(|one| held.iter().map(move |two| (one, two))) {
                assert!(!conflict(one, two), "{owner:?} holds {one} while {other:?} holds {two}");
            }
        }
        believed.insert(owner, locks.to_vec());
    }
}

pub(super) fn conflict(one: &Lock, two: &Lock) -> bool {
    let same = one.name == two.name || one.name == LockName::All || two.name == LockName::All;
    one.level == two.level && same && (one.mode == Mode::Exclusive || two.mode == Mode::Exclusive)
}

/// One job: what it is, what it works on, and who looks on.
pub(super) struct Walk<'a, M> {
    pub(super) owner: Owner,
    pub(super) jobs: u64,
    pub(super) locks: &'a InProcess<M>,
    pub(super) observer: &'a Observer,
    /// Lets others run while locks are held.
    pub(super) pause: fn(),
    /// How long timed requests wait.
    pub(super) seconds: f64,
}

const LEVELS: [Level; 3] = [Level::Instance, Level::Node, Level::NodeRes];
const NAMES: [&str; 3] = ["a", "b", "c"];

impl<M: Monitor> Walk<'_, M> {
    /// Takes locks level by level, does something, and gives all back; so many times.
    pub(super) fn rounds(&self, rounds: u64, chance: &mut Chance<'_>) {
        for _ in 0..rounds {
            let mut held = Vec::new();
            self.climb(&mut held, chance);
            for level in LEVELS.into_iter().rev() {
                held.retain(|lock| lock.level != level);
                self.observer.holds(self.owner, &held);
                self.locks.free(self.owner, level);
            }
        }
    }

    fn climb(&self, held: &mut Vec<Lock>, chance: &mut Chance<'_>) {
        for level in LEVELS {
            if self.take(level, held, chance).is_err() {
                return;
            }
            self.observer.holds(self.owner, held);
            (self.pause)();
            self.meddle(level, held, chance);
        }
    }

    fn take(&self, level: Level, held: &mut Vec<Lock>, chance: &mut Chance<'_>) -> Result<(), NotGranted> {
        let mode = if chance(2) == 0 { Mode::Shared } else { Mode::Exclusive };
        let lock = |name| Lock { level, name, mode };
        let wanted: Vec<Lock> = match chance(5) {
            0 => return Ok(()),
            1 => vec![lock(LockName::All)],
            _ => {
                let names = NAMES.iter().filter(|_| chance(2) == 0);
                names.map(|name| lock(LockName::One((*name).into()))).collect()
            }
        };
        let wait = if chance(3) == 0 { Wait::Seconds(self.seconds) } else { Wait::Forever };
        if chance(4) == 0 {
            let least = chance(wanted.len() as u64 + 1) as usize;
            held.extend(self.locks.acquire_some(self.owner, &wanted, least, Wait::Seconds(self.seconds))?);
        } else {
            self.locks.acquire(self.owner, &wanted, wait)?;
            held.extend(wanted);
        }
        Ok(())
    }

    /// Gives a part back, shares, changes its own priority, or cancels another's wait.
    fn meddle(&self, level: Level, held: &mut Vec<Lock>, chance: &mut Chance<'_>) {
        match chance(8) {
            0 => {
                held.iter_mut().filter(|it| it.level == level).for_each(|it| it.mode = Mode::Shared);
                self.observer.holds(self.owner, held);
                self.locks.downgrade(self.owner, level);
            }
            1 => {
                let of_level: Vec<Lock> = held.extract_if(.., |it| it.level == level).collect();
                let single = |it: Lock| match it.name {
                    LockName::All => NAMES.map(|name| Lock { name: LockName::One(name.into()), ..it.clone() }).to_vec(),
                    LockName::One(_) => vec![it],
                };
                let keep: Vec<Lock> = of_level.into_iter().flat_map(single).filter(|_| chance(2) == 0).collect();
                held.extend(keep.iter().cloned());
                self.observer.holds(self.owner, held);
                self.locks.release(self.owner, level, &keep);
            }
            2 => self.locks.prioritize(Owner(1 + chance(self.jobs)), chance(5) as i64 - 2),
            3 => self.locks.cancel(Owner(1 + chance(self.jobs))),
            _ => {}
        }
    }
}
