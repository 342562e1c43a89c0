//! The lock manager of a process: its table by itself, the threads that wait for it, and units that run on it.

mod giving_back;
mod granting;
mod manager;
mod misuse;
mod properties;
mod queue;
mod runs;
mod schedules;
mod stress;
mod walk;

use cmdlib::config::Owner;
use cmdlib::locking::{Answer, Level, Lock, LockName, LockTable, Mode};

/// A lock as these tests write it: `node/a shared`, `instance/all exclusive`; more than one, with commas.
fn locks(text: &str) -> Vec<Lock> {
    let one = |text: &str| {
        let (place, mode) = text.split_once(' ')?;
        let (level, name) = place.split_once('/')?;
        let level = [Level::Cluster].into_iter().chain(Level::ALL).find(|it| it.as_str() == level)?;
        let mode = [Mode::Shared, Mode::Exclusive].into_iter().find(|it| it.to_string() == mode)?;
        let name = if name == "all" { LockName::All } else { LockName::One(name.into()) };
        Some(Lock { level, name, mode })
    };
    text.split(", ")
        .filter(|it| !it.is_empty())
        .map(|it| one(it).unwrap_or_else(|| panic!("no lock: '{it}'")))
        .collect()
}

fn text(locks: &[Lock]) -> String {
    locks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A table, and what becomes of requests, as a text each.
#[derive(Default)]
struct Desk {
    table: LockTable,
}

impl Desk {
    /// Asks for all of these; returns whether they are granted at once.
    #[track_caller]
    fn asks(&mut self, owner: u64, wanted: &str) -> bool {
        let granted = self.table.request(Owner(owner), &locks(wanted), None);
        granted.unwrap_or_else(|misuse| panic!("refused: {misuse}")).granted.is_some()
    }

    /// Asks for some of these; returns what is granted at once.
    #[track_caller]
    fn asks_some(&mut self, owner: u64, least: usize, wanted: &str) -> Option<String> {
        let granted = self.table.request(Owner(owner), &locks(wanted), Some(least));
        granted.unwrap_or_else(|misuse| panic!("refused: {misuse}")).granted.map(|locks| text(&locks))
    }

    /// Asks for what must not be asked for; returns why.
    #[track_caller]
    fn misuse(&mut self, owner: u64, wanted: &str) -> String {
        let (held, waiting) = (self.held(owner), self.table.waiting());
        let refused = self.table.request(Owner(owner), &locks(wanted), None).expect_err("it is not refused");
        assert_eq!((self.held(owner), self.table.waiting()), (held, waiting), "a refused request changes nothing");
        refused.to_string()
    }

    /// Frees a level; returns who is woken.
    fn frees(&mut self, owner: u64, level: Level) -> Vec<u64> {
        numbers(self.table.free(Owner(owner), level))
    }

    fn held(&self, owner: u64) -> String {
        text(&self.table.held(Owner(owner)))
    }

    /// Who waits, in the order in which they are served.
    fn waits(&self) -> Vec<u64> {
        numbers(self.table.waiting().into_iter().map(|it| it.owner))
    }

    fn answer(&mut self, owner: u64) -> Option<Answer> {
        self.table.answer(Owner(owner))
    }
}

/// The owners that are none.
const NOBODY: [u64; 0] = [];

fn numbers(owners: impl IntoIterator<Item = Owner>) -> Vec<u64> {
    owners.into_iter().map(|owner| owner.0).collect()
}
