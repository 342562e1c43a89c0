//! What a test says of locks.

use std::collections::BTreeSet;
use std::panic::Location;

use cmdlib::locking::{Level, Lock, LockName, Mode};
use cmdlib::rpc::Call;

use super::LuRun;
use crate::finding::{Finding, Topic};
use crate::journal::{Step, What, lock_text};
use crate::locks::LockNamed;
use crate::scope::key_of;

impl LuRun {
    #[track_caller]
    fn lock(&self, named: &LockNamed) -> Lock {
        let states = [&self.once.before, &self.once.after];
        let name = match &named.name {
            Some(name) => LockName::One(key_of(named.level, name, &states, named.at).into()),
            None => LockName::All,
        };
        Lock { level: named.level, name, mode: named.mode }
    }

    fn asked(&self) -> BTreeSet<Lock> {
        let of = |step: &Step| match &step.what {
            What::Locks { request, .. } => request.clone(),
            _ => Vec::new(),
        };
        self.once.journal.steps.iter().flat_map(of).filter(|lock| lock.level != Level::Cluster).collect()
    }

    fn lock_finding(&self, lock: &Lock, at: &'static Location<'static>) -> Finding {
        let names = &self.once.journal.names;
        let text = lock_text(lock, names);
        let asked = self.asked();
        let same = asked.iter().find(|asked| asked.level == lock.level && asked.name == lock.name);
        let got = match same {
            Some(same) => format!("asked as {}", lock_text(same, names)),
            None if asked.is_empty() => "no lock was asked for".to_owned(),
            None => "never asked".to_owned(),
        };
        Finding::new(Topic::Locks, "a lock was not asked for").wanted(text, at).got(got)
    }

    /// These locks were asked for, besides the big lock of the cluster, and no others.
    #[track_caller]
    pub fn locked(mut self, locks: impl IntoIterator<Item = LockNamed>) -> Self {
        let at = Location::caller();
        let wanted: Vec<LockNamed> = locks.into_iter().collect();
        let asked = self.asked();
        let mut expected = BTreeSet::new();
        for named in &wanted {
            let lock = self.lock(named);
            if !asked.contains(&lock) {
                self.note(self.lock_finding(&lock, named.at));
            }
            expected.insert(lock);
        }
        for lock in asked.difference(&expected) {
            if expected.iter().any(|wanted| wanted.level == lock.level && wanted.name == lock.name) {
                continue;
            }
            let text = lock_text(lock, &self.once.journal.names);
            let finding = Finding::new(Topic::Locks, "a lock was asked for that is not in the list");
            self.note(finding.wanted("no other lock", at).got(text));
        }
        self
    }

    /// These locks were asked for, whatever else was.
    #[track_caller]
    pub fn locked_also(mut self, locks: impl IntoIterator<Item = LockNamed>) -> Self {
        for named in locks {
            let lock = self.lock(&named);
            if !self.asked().contains(&lock) {
                self.note(self.lock_finding(&lock, named.at));
            }
        }
        self
    }

    /// No lock was asked for, besides the big lock of the cluster.
    #[track_caller]
    pub fn locked_nothing(self) -> Self {
        self.locked([])
    }

    /// This lock was never asked for, in whatever mode.
    #[track_caller]
    pub fn never_locked(mut self, level: Level, name: &str) -> Self {
        let at = Location::caller();
        let one = LockName::One(key_of(level, name, &[&self.once.before, &self.once.after], at).into());
        let is = |lock: &Lock| lock.level == level && (lock.name == one || lock.name == LockName::All);
        if let Some(lock) = self.asked().into_iter().find(is) {
            let got = lock_text(&lock, &self.once.journal.names);
            let finding = Finding::new(Topic::Locks, "a lock was asked for");
            self.note(finding.wanted(format!("never {level}/{name}"), at).got(got));
        }
        self
    }

    /// These locks were held, at least in these modes, during every call of this kind.
    #[track_caller]
    pub fn held_during<C: Call>(mut self, locks: impl IntoIterator<Item = LockNamed>) -> Self {
        let at = Location::caller();
        let mut wanted = Vec::new();
        for named in locks {
            wanted.push((self.lock(&named), named.at));
        }
        let of_kind = |step: &&Step| matches!(&step.what, What::Call { call, .. } if call.procedure() == C::NAME);
        let steps: Vec<&Step> = self.once.journal.steps.iter().filter(of_kind).collect();
        let mut findings = Vec::new();
        for step in &steps {
            for (lock, at) in &wanted {
                let how = held(step, lock);
                if how.is_none_or(|mode| mode < lock.mode) {
                    let got = how.map_or("not held".to_owned(), |mode| format!("held {mode}"));
                    let text = format!("{} during {}", lock_text(lock, &self.once.journal.names), C::NAME);
                    let finding = Finding::new(Topic::Locks, "a lock was not held during a call");
                    findings.push(finding.wanted(text, at).got(format!("{got} in step {}", step.number)));
                }
            }
        }
        if steps.is_empty() {
            let finding = Finding::new(Topic::Locks, "a call was never made");
            findings.push(finding.wanted(format!("locks held during {}", C::NAME), at).got("no such call"));
        }
        self.findings.extend(findings);
        self
    }

    /// These locks were given back before the end.
    #[track_caller]
    pub fn released(mut self, locks: impl IntoIterator<Item = LockNamed>) -> Self {
        let of = |step: &Step| match &step.what {
            What::Released(locks) => locks.clone(),
            _ => Vec::new(),
        };
        let released: Vec<Lock> = self.once.journal.steps.iter().flat_map(of).collect();
        for named in locks {
            let lock = self.lock(&named);
            if released.contains(&lock) {
                continue;
            }
            let text = lock_text(&lock, &self.once.journal.names);
            let last = self.once.journal.steps.last().and_then(|step| held(step, &lock));
            let got = match last {
                Some(mode) => format!("held {mode} to the end"),
                None if self.once.journal.steps.iter().any(|step| held(step, &lock).is_some()) => {
                    "it was held, and given back in another mode".to_owned()
                }
                None => "it was never held".to_owned(),
            };
            self.note(
                Finding::new(Topic::Locks, "a lock was not given back before the end").wanted(text, named.at).got(got),
            );
        }
        self
    }

    /// All locks held of this level were made shared before the end.
    #[track_caller]
    pub fn downgraded(mut self, level: Level) -> Self {
        let at = Location::caller();
        let downgraded =
            |step: &Step| matches!(&step.what, What::Downgraded(locks) if locks.iter().any(|lock| lock.level == level));
        if !self.once.journal.steps.iter().any(downgraded) {
            let finding = Finding::new(Topic::Locks, "locks were not downgraded");
            self.note(finding.wanted(format!("those of level {level}"), at).got("no downgrade of that level"));
        }
        self
    }
}

/// How a lock is held in a step, be it with the whole level.
fn held(step: &Step, lock: &Lock) -> Option<Mode> {
    let of = |name: LockName| step.held.get(&(lock.level, name)).copied();
    of(lock.name.clone()).max(of(LockName::All))
}
