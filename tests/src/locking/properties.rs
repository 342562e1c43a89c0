//! What holds of the table whatever is done with it: many walks of chance, judged by an oracle that knows nothing of how the
//! table works.

use std::collections::BTreeMap;

use cmdlib::config::Owner;
use cmdlib::locking::{Answer, Asked, Level, Lock, LockName, LockTable, Mode};

use super::stress::Dice;
use super::text;
use super::walk::conflict;

const WALKS: u64 = 200;
const STEPS: u64 = 60;
const OWNERS: u64 = 6;
const LEVELS: [Level; 3] = [Level::Instance, Level::Node, Level::NodeRes];

/// What a request that waits wants: its rank, its locks, and how many would do.
type Wanted = ((i64, u64), Vec<Lock>, Option<usize>);

#[derive(Default)]
struct Walk {
    table: LockTable,
    waiting: BTreeMap<Owner, Wanted>,
    priorities: BTreeMap<Owner, i64>,
    arrivals: u64,
    granted: usize,
    story: Vec<String>,
}

impl Walk {
    fn told(&mut self, line: String) {
        self.story.push(line);
    }

    #[track_caller]
    fn holds(&self, good: bool, what: &str) {
        assert!(good, "{what}\n{}\n{:#?}", self.story.join("\n"), self.table.waiting());
    }

    fn step(&mut self, dice: &mut Dice) {
        let owner = Owner(1 + dice.below(OWNERS));
        let level = LEVELS[dice.below(3) as usize];
        let woken = match dice.below(10) {
            0..=4 => return self.ask(owner, dice),
            5 | 6 => {
                self.told(format!("{} frees {level}", owner.0));
                self.table.free(owner, level)
            }
            7 => {
                let held: Vec<Lock> = self.table.held(owner).into_iter().filter(|it| it.level == level).collect();
                let keep: Vec<Lock> = held.into_iter().filter(|_| dice.below(2) == 0).collect();
                self.told(format!("{} keeps of {level} {}", owner.0, text(&keep)));
                self.table.release(owner, level, &keep)
            }
            8 => {
                let priority = dice.below(5) as i64 - 2;
                self.told(format!("{} has priority {priority}", owner.0));
                self.priorities.insert(owner, priority);
                if let Some(asked) = self.waiting.get_mut(&owner) {
                    asked.0.0 = priority;
                }
                self.table.prioritize(owner, priority)
            }
            _ => {
                self.told(format!("{} is gone", owner.0));
                self.waiting.remove(&owner);
                self.priorities.remove(&owner);
                self.table.forget(owner)
            }
        };
        self.were_granted(woken);
    }

    fn were_granted(&mut self, woken: Vec<Owner>) {
        for owner in woken {
            if self.waiting.remove(&owner).is_some() {
                self.was_granted(owner);
            }
        }
    }

    fn ask(&mut self, owner: Owner, dice: &mut Dice) {
        let mut wanted = Vec::new();
        for level in LEVELS {
            let mode = if dice.below(2) == 0 { Mode::Shared } else { Mode::Exclusive };
            match dice.below(6) {
                0 => wanted.push(Lock { level, name: LockName::All, mode }),
                1..=2 => {
                    let names = ["a", "b", "c"].into_iter().filter(|_| dice.below(2) == 0);
                    wanted.extend(names.map(|name| Lock { level, name: LockName::One(name.into()), mode }));
                }
                _ => {}
            }
        }
        let least = (dice.below(4) == 0).then(|| dice.below(wanted.len() as u64 + 1) as usize);
        self.told(format!("{} asks for {} ({least:?})", owner.0, text(&wanted)));
        self.arrivals += 1;
        match self.table.request(owner, &wanted, least) {
            Err(misuse) => self.told(format!("  refused: {misuse}")),
            Ok(Asked { granted: Some(granted), woken }) => {
                self.told(format!("  granted: {}", text(&granted)));
                self.granted += 1;
                self.were_granted(woken);
            }
            Ok(Asked { granted: None, woken }) => {
                self.were_granted(woken);
                let rank = (self.priorities.get(&owner).copied().unwrap_or(0), self.arrivals);
                let held = self.table.held(owner);
                let missing = |lock: &Lock| !held.iter().any(|it| covers(it, lock));
                let missing: Vec<Lock> = wanted.iter().filter(|lock| missing(lock)).cloned().collect();
                let had = wanted.len() - missing.len();
                self.waiting.insert(owner, (rank, missing, least.map(|least| least.saturating_sub(had))));
            }
        }
    }

    fn was_granted(&mut self, owner: Owner) {
        self.granted += 1;
        match self.table.answer(owner) {
            Some(Answer::Granted(locks)) => self.told(format!("  {} is granted {}", owner.0, text(&locks))),
            other => self.holds(false, &format!("{} was woken for {other:?}", owner.0)),
        }
    }

    fn judge(&self) {
        let held: Vec<(Owner, Lock)> = self
            .table
            .owners()
            .into_iter()
            .flat_map(|it| self.table.held(it).into_iter().map(move |l| (it, l)))
            .collect();
        for (index, (owner, lock)) in held.iter().enumerate() {
            let other = held[..index].iter().find(|(other, it)| other != owner && conflict(it, lock));
            self.holds(other.is_none(), &format!("{} holds {lock}, in spite of {other:?}", owner.0));
        }
        let mut ranks: Vec<(&Wanted, Owner)> = self.waiting.iter().map(|(owner, asked)| (asked, *owner)).collect();
        ranks.sort_by_key(|(asked, _)| asked.0);
        let order: Vec<Owner> = ranks.iter().map(|(_, owner)| *owner).collect();
        let shown: Vec<Owner> = self.table.waiting().into_iter().map(|it| it.owner).collect();
        self.holds(order == shown, "requests are served by priority, then by arrival");
        // Who waits has a reason: the first of all waits for somebody who holds something.
        if let Some(((_, wanted, least), owner)) = ranks.first() {
            let is_free = |lock: &&Lock| !held.iter().any(|(other, it)| other != owner && conflict(it, lock));
            let free = wanted.iter().filter(is_free).count();
            self.holds(free < least.unwrap_or(wanted.len()), "what the first one waits for is free");
        }
        self.no_circle(&order);
    }

    /// From whoever waits, somebody who does not wait is reached.
    fn no_circle(&self, waiting: &[Owner]) {
        let shown = self.table.waiting();
        let mut stuck: Vec<Owner> = waiting.to_vec();
        loop {
            let moves = |it: &Owner| {
                let entry = shown.iter().find(|entry| entry.owner == *it).expect("it waits");
                entry.blocked_by.iter().all(|other| !stuck.contains(other))
            };
            let left: Vec<Owner> = stuck.iter().copied().filter(|it| !moves(it)).collect();
            if left.len() == stuck.len() {
                return self.holds(left.is_empty(), &format!("{left:?} wait for each other"));
            }
            stuck = left;
        }
    }
}

fn covers(held: &Lock, wanted: &Lock) -> bool {
    held.level == wanted.level && (held.name == wanted.name || held.name == LockName::All) && held.mode >= wanted.mode
}

#[test]
fn whatever_is_asked_nothing_conflicts_all_are_served_in_order_and_nobody_waits_in_a_circle() {
    let mut granted = 0;
    for seed in 0..WALKS {
        let (mut dice, mut walk) = (Dice(seed), Walk::default());
        walk.told(format!("seed {seed}"));
        for _ in 0..STEPS {
            walk.step(&mut dice);
            walk.judge();
        }
        granted += walk.granted;
        // Once all that hold something are gone, and those who are granted then, nobody waits any more.
        for _ in 0..=OWNERS {
            for owner in walk.table.owners() {
                walk.told(format!("{} is gone", owner.0));
                walk.table.forget(owner);
            }
        }
        walk.holds(walk.table.waiting().is_empty() && walk.table.owners().is_empty(), "somebody waits for nobody");
    }
    assert!(granted as u64 > WALKS * 5, "the walks are about something: {granted} requests were granted");
}
