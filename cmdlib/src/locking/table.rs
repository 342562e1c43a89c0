//! The table of locks: who holds which, and who waits. A state machine without threads and without a clock; what blocks is
//! [`InProcess`](crate::locking::InProcess).
//!
//! # Rules
//! - A request is granted whole, or waits whole. It takes nothing while it waits.
//! - Requests are served by priority (a small number first), then by arrival.
//! - A request that waits lays *claim* to its locks in order, up to the first one that it can't have yet; those that are served
//!   later go without what is claimed. So no request is starved by later ones that would share a lock, or that ask for less.
//! - A whole level conflicts with each of its names, those unknown included.
//! - What is free may be asked for (`at_least`): it lays no claim, and waits only while too little is free.
//!
//! # Why there is no deadlock
//! A request waits *at a place*, the first of its locks that it can't have. Whoever is in the way there holds that lock, and
//! can only wait at a later place, since locks are asked for in order and none is upgraded; or is served before and claims it,
//! so it waits at a later place, or at the same one with a better rank. So (place, rank) grows along each chain of waits, no chain
//! is a circle, and at the end of each is somebody who does not wait. This is why claims end where their request waits: one on
//! all locks of a waiting request would be in the way of the very owner that it waits for.
//!
//! Source: ganeti 3.1, Locking/Allocation.hs and Locking/Waiting.hs. These have no claims: there, whoever must not be starved
//! asks for one lock after the other, and late readers pass a waiting writer. Upgrades are allowed there.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Owner;
use crate::locking::holdings::{Claim, Holdings, Place};
use crate::locking::misuse::in_order;
use crate::locking::{Level, Lock, Misuse, Mode};

/// When a request is served: by priority, then by arrival.
type Rank = (i64, u64);

#[derive(Debug)]
struct Request {
    owner: Owner,
    /// In the order of locks.
    wanted: Vec<Lock>,
    at_least: Option<usize>,
}

/// A request that waits, as it is shown to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Whose it is.
    pub owner: Owner,
    /// The priority with which it is served.
    pub priority: i64,
    /// The locks it asks for, in order.
    pub wanted: Vec<Lock>,
    /// Who is in the way: whoever holds what it wants, or claims it and is served before.
    pub blocked_by: Vec<Owner>,
}

/// What becomes of a request at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The locks that are granted; none if the request waits.
    pub granted: Option<Vec<Lock>>,
    /// Whom to wake: where a more urgent request gets in the way of one that waits, the claims of that one shrink.
    pub woken: Vec<Owner>,
}

/// What became of a request that waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// These locks were granted.
    Granted(Vec<Lock>),
    /// It was taken back; nothing of it is held.
    Cancelled,
}

/// Who holds which lock, and who waits for which. What changes it returns whom to wake.
#[derive(Debug, Default)]
pub struct LockTable {
    holdings: Holdings,
    waiting: BTreeMap<Rank, Request>,
    /// Of requests that waited, until they are asked for.
    answers: BTreeMap<Owner, Vec<Lock>>,
    /// Those that are not 0.
    priorities: BTreeMap<Owner, i64>,
    arrivals: u64,
}

impl LockTable {
    /// Asks for locks: all of them, or at least so many. What the owner holds already is not granted once more. A request for
    /// more than it names is cancelled at once, since it would wait in vain.
    ///
    /// # Errors
    /// The request breaks the rules; nothing is changed.
    ///
    /// ```
    /// use cmdlib::config::Owner;
    /// use cmdlib::locking::{Answer, Level, Lock, LockName, LockTable, Mode};
    ///
    /// let lock = Lock { level: Level::Node, name: LockName::One("node1".into()), mode: Mode::Exclusive };
    /// let mut table = LockTable::default();
    /// assert_eq!(table.request(Owner(1), &[lock.clone()], None)?.granted, Some(vec![lock.clone()]));
    /// assert_eq!(table.request(Owner(2), &[lock.clone()], None)?.granted, None);
    /// assert_eq!(table.free(Owner(1), Level::Node), [Owner(2)]);
    /// assert_eq!(table.answer(Owner(2)), Some(Answer::Granted(vec![lock])));
    /// # Ok::<(), cmdlib::locking::Misuse>(())
    /// ```
    pub fn request(&mut self, owner: Owner, request: &[Lock], at_least: Option<usize>) -> Result<Asked, Misuse> {
        if self.rank(owner).is_some() {
            return Err(Misuse::Waiting { owner });
        }
        let wanted = in_order(owner, request, &self.holdings)?;
        self.answers.remove(&owner);
        // What is held already counts as well.
        let had = request.iter().collect::<BTreeSet<_>>().len() - wanted.len();
        let at_least = at_least.map(|least| least.saturating_sub(had));
        if at_least.is_some_and(|least| least > wanted.len()) {
            return Ok(Asked { granted: None, woken: Vec::new() });
        }
        self.arrivals += 1;
        let rank = (self.priority(owner), self.arrivals);
        self.waiting.insert(rank, Request { owner, wanted, at_least });
        let mut woken = self.settle();
        woken.retain(|other| *other != owner);
        Ok(Asked { granted: self.answers.remove(&owner), woken })
    }

    /// Returns what became of an owner's request, once; none if it waits.
    pub fn answer(&mut self, owner: Owner) -> Option<Answer> {
        match self.answers.remove(&owner) {
            Some(granted) => Some(Answer::Granted(granted)),
            None if self.rank(owner).is_some() => None,
            None => Some(Answer::Cancelled),
        }
    }

    /// Takes a request that waits back. What was granted stays.
    pub fn cancel(&mut self, owner: Owner) -> Vec<Owner> {
        let Some(rank) = self.rank(owner) else { return Vec::new() };
        self.waiting.remove(&rank);
        let mut woken = self.settle();
        woken.push(owner);
        woken
    }

    /// Serves an owner's requests with this priority from now on, the one that waits included. A small number is served first; 0
    /// is what all begin with.
    pub fn prioritize(&mut self, owner: Owner, priority: i64) -> Vec<Owner> {
        match priority {
            0 => self.priorities.remove(&owner),
            _ => self.priorities.insert(owner, priority),
        };
        let Some(rank) = self.rank(owner) else { return Vec::new() };
        if let Some(request) = self.waiting.remove(&rank) {
            self.waiting.insert((priority, rank.1), request);
        }
        self.settle()
    }

    /// Takes locks of one level back, and keeps `keep`. Names can be kept of a whole level. What is not held is not kept, and
    /// what is held shared is kept shared.
    pub fn release(&mut self, owner: Owner, level: Level, keep: &[Lock]) -> Vec<Owner> {
        let kept = |lock: &Lock| {
            let held = self.holdings.mode(owner, lock).filter(|_| lock.level == level)?;
            // Names don't make a level.
            Some(Lock { mode: lock.mode.min(held), ..lock.clone() })
        };
        let stays: Vec<Lock> = keep.iter().filter_map(kept).collect();
        self.replace(owner, level, &stays)
    }

    /// Makes all locks of a level shared.
    pub fn downgrade(&mut self, owner: Owner, level: Level) -> Vec<Owner> {
        let shared = |lock: Lock| Lock { mode: Mode::Shared, ..lock };
        let stays: Vec<Lock> = self.holdings.level(owner, level).into_iter().map(shared).collect();
        self.replace(owner, level, &stays)
    }

    /// Takes all locks of a level back.
    pub fn free(&mut self, owner: Owner, level: Level) -> Vec<Owner> {
        self.replace(owner, level, &[])
    }

    /// Takes all back from an owner that is gone: its locks, its request, its priority.
    pub fn forget(&mut self, owner: Owner) -> Vec<Owner> {
        let waited = self.rank(owner).and_then(|rank| self.waiting.remove(&rank)).is_some();
        self.answers.remove(&owner);
        self.priorities.remove(&owner);
        for lock in self.held(owner) {
            self.holdings.take_level(owner, lock.level);
        }
        let mut woken = self.settle();
        woken.extend(waited.then_some(owner));
        woken
    }

    /// Returns what an owner holds, in the order of locks.
    #[must_use]
    pub fn held(&self, owner: Owner) -> Vec<Lock> {
        self.holdings.all(owner).collect()
    }

    /// Returns who holds something.
    #[must_use]
    pub fn owners(&self) -> Vec<Owner> {
        self.holdings.owners().collect()
    }

    /// Returns the requests that wait, in the order in which they are served.
    #[must_use]
    pub fn waiting(&self) -> Vec<Waiting> {
        let mut claims: Vec<Claim> = Vec::new();
        let mut shown = Vec::new();
        for ((priority, _), request) in &self.waiting {
            let owner = request.owner;
            let holders = request.wanted.iter().flat_map(|lock| self.holdings.in_the_way(owner, lock));
            let claimed = |lock| claims.iter().filter(move |claim: &&Claim| claim.conflict(lock).is_some());
            let ahead = request.wanted.iter().flat_map(claimed).map(|claim| claim.owner);
            let mut blocked_by: Vec<Owner> = holders.map(|(_, other)| other).chain(ahead).collect();
            blocked_by.sort();
            blocked_by.dedup();
            shown.push(Waiting { owner, priority: *priority, wanted: request.wanted.clone(), blocked_by });
            claims.extend(self.claims_of(request, &claims));
        }
        shown
    }

    fn priority(&self, owner: Owner) -> i64 {
        self.priorities.get(&owner).copied().unwrap_or(0)
    }

    fn rank(&self, owner: Owner) -> Option<Rank> {
        self.waiting.iter().find(|(_, request)| request.owner == owner).map(|(rank, _)| *rank)
    }

    fn replace(&mut self, owner: Owner, level: Level, stays: &[Lock]) -> Vec<Owner> {
        self.holdings.take_level(owner, level);
        stays.iter().for_each(|lock| self.holdings.grant(owner, lock));
        self.settle()
    }

    /// Grants what can be granted, and returns to whom. Once around is enough: what is granted to one is no help to those who
    /// are served before, and takes nothing of what they claim.
    fn settle(&mut self) -> Vec<Owner> {
        let mut claims: Vec<Claim> = Vec::new();
        let mut granted: Vec<(Rank, Vec<Lock>)> = Vec::new();
        for rank in self.waiting.keys().copied().collect::<Vec<_>>() {
            let Some(request) = self.waiting.get(&rank) else { continue };
            let is_free = |lock: &&Lock| self.conflict(request.owner, lock, &claims).is_none();
            let locks: Vec<Lock> = request.wanted.iter().filter(is_free).cloned().collect();
            if locks.len() < request.at_least.unwrap_or(request.wanted.len()) {
                claims.extend(self.claims_of(request, &claims));
                continue;
            }
            let owner = request.owner;
            locks.iter().for_each(|lock| self.holdings.grant(owner, lock));
            granted.push((rank, locks));
        }
        let mut woken = Vec::new();
        for (rank, locks) in granted {
            if let Some(request) = self.waiting.remove(&rank) {
                self.answers.insert(request.owner, locks);
                woken.push(request.owner);
            }
        }
        woken
    }

    /// Returns the first place at which a lock can't be had: it is held, or claimed by somebody who is served before.
    fn conflict(&self, owner: Owner, lock: &Lock, claims: &[Claim]) -> Option<Place> {
        let claimed = claims.iter().filter_map(|claim| claim.conflict(lock));
        claimed.chain(self.holdings.conflict(owner, lock)).min()
    }

    /// Returns what a request that waits claims.
    fn claims_of(&self, request: &Request, ahead: &[Claim]) -> Vec<Claim> {
        let owner = request.owner;
        let first = request.wanted.iter().find_map(|lock| self.conflict(owner, lock, ahead));
        match (request.at_least, first) {
            (None, Some(up_to)) => {
                let claim = |lock: &Lock| Claim { owner, lock: lock.clone(), up_to: up_to.clone() };
                request.wanted.iter().map(claim).collect()
            }
            _ => Vec::new(),
        }
    }
}
