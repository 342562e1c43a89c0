//! Locks: which are asked for, which are held when the checks begin, which are given back before the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use cmdlib::locking::Level;

use super::{Channel, Difference};
use crate::replay::trace::{AskedLock, Event, LockCall, LockKind, LockName, Trace};

/// How a lock is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockMode {
    /// With others.
    Shared,
    /// Alone.
    Exclusive,
}

/// How a lock is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GivenBack {
    /// Wholly.
    Released,
    /// It stays held, with others.
    Downgraded,
}

/// The locks of a run. How many requests it asked for them with does not count, nor does asking twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Locks {
    /// Those asked for.
    pub asked: BTreeSet<(Level, LockName, LockMode)>,
    /// Those held when the checks begin, if it gets so far.
    pub held: Option<BTreeMap<(Level, LockName), LockMode>>,
    /// Those given back before the end.
    pub given_back: BTreeSet<(Level, LockName, GivenBack)>,
}

fn mode(kind: LockKind) -> Option<LockMode> {
    match kind {
        LockKind::Shared => Some(LockMode::Shared),
        LockKind::Exclusive => Some(LockMode::Exclusive),
        LockKind::Release => None,
    }
}

impl Locks {
    pub(super) fn recorded(trace: &Trace) -> Self {
        let mut out = Self::default();
        let mut held = BTreeMap::new();
        // Whatever follows the last event of another kind is the clean-up, which says nothing.
        let silent = |event: &Event| matches!(event, Event::Locks(LockCall::FreeLevel(_), _) | Event::Log(..));
        let end = trace.events.iter().rposition(|event| !silent(event)).map_or(0, |last| last + 1);
        for event in &trace.events[..end] {
            match event {
                Event::Start => out.held = Some(held.clone()),
                Event::Locks(call, locks) => out.add(call, locks, &mut held),
                _ => {}
            }
        }
        out
    }

    fn add(&mut self, call: &LockCall, locks: &[AskedLock], held: &mut BTreeMap<(Level, LockName), LockMode>) {
        let key = |lock: &AskedLock| (lock.level, lock.name.clone());
        let wished = || locks.iter().filter_map(|lock| Some((lock, mode(lock.kind)?)));
        match call {
            LockCall::Wait(granted) => {
                self.asked.extend(wished().map(|(lock, mode)| (lock.level, lock.name.clone(), mode)));
                if *granted {
                    held.extend(wished().map(|(lock, mode)| (key(lock), mode)));
                }
            }
            LockCall::Opportunistic(granted) => {
                self.asked.extend(wished().map(|(lock, mode)| (lock.level, lock.name.clone(), mode)));
                held.extend(wished().map(|(lock, mode)| (key(lock), mode)).filter(|(key, _)| granted.contains(key)));
            }
            LockCall::Try | LockCall::FreeLevel(_) => {
                for lock in locks.iter().filter(|lock| lock.kind == LockKind::Release) {
                    held.remove(&key(lock));
                    self.given_back.insert((lock.level, lock.name.clone(), GivenBack::Released));
                }
            }
            LockCall::DowngradeLevel(_) => {
                for lock in locks {
                    self.given_back.insert((lock.level, lock.name.clone(), GivenBack::Downgraded));
                }
            }
        }
    }

    /// Adds a lock that is asked for and, if the checks begin, held.
    pub fn add_held(&mut self, level: Level, name: LockName, mode: LockMode) {
        if let Some(held) = &mut self.held {
            held.insert((level, name.clone()), mode);
        }
        self.asked.insert((level, name, mode));
    }

    pub(super) fn differences(&self, ours: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        let texts = |locks: &BTreeSet<(Level, LockName, LockMode)>| -> BTreeSet<String> {
            locks.iter().map(|(level, name, mode)| shown(*level, name, mode)).collect()
        };
        found.extend(sets("asked for", &texts(&self.asked), &texts(&ours.asked)));
        let texts = |held: &BTreeMap<(Level, LockName), LockMode>| -> BTreeSet<String> {
            held.iter().map(|((level, name), mode)| shown(*level, name, mode)).collect()
        };
        match (&self.held, &ours.held) {
            (Some(wanted), Some(ours)) => found.extend(sets("held for the checks", &texts(wanted), &texts(ours))),
            (None, None) => {}
            (wanted, ours) => {
                let text = |held: bool| if held { "the checks begin" } else { "the checks don't begin" };
                found.push(Difference::new(
                    Channel::Locks,
                    "all locks are held",
                    text(wanted.is_some()),
                    text(ours.is_some()),
                ));
            }
        }
        let texts = |locks: &BTreeSet<(Level, LockName, GivenBack)>| -> BTreeSet<String> {
            locks.iter().map(|(level, name, how)| shown(*level, name, how)).collect()
        };
        found.extend(sets("given back", &texts(&self.given_back), &texts(&ours.given_back)));
        found
    }
}

fn sets(subject: &str, wanted: &BTreeSet<String>, ours: &BTreeSet<String>) -> Vec<Difference> {
    let list = |some: Vec<&String>| {
        if some.is_empty() {
            return "none more".to_owned();
        }
        some.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", ")
    };
    if wanted == ours {
        return Vec::new();
    }
    let (missing, more) = (wanted.difference(ours).collect(), ours.difference(wanted).collect());
    vec![Difference::new(Channel::Locks, subject, list(missing), list(more))]
}

fn shown(level: Level, name: &LockName, how: &impl fmt::Display) -> String {
    match name {
        LockName::All => format!("{level}/all {how}"),
        LockName::One(name) => format!("{level}/{name} {how}"),
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shared => "shared",
            Self::Exclusive => "exclusive",
        })
    }
}

impl fmt::Display for GivenBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Released => "released",
            Self::Downgraded => "made shared",
        })
    }
}
