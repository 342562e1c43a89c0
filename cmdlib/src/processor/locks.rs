//! Taking the locks that a unit wishes for, level by level.
//!
//! Everything pending is granted before a level is computed from what is held of lower ones, whatever the strategy: so the
//! locks that a unit ends up with do not depend on it (D79, D80).

use std::sync::Arc;

use crate::cx::{Run, View};
use crate::locking::{HeldLevel, Level, Lock, LockName, Mode, Request, Strategy, Wait};
use crate::processor::Stop;
use crate::record::Event;
use crate::unit::Expanded;

pub(crate) struct Taking<'a> {
    run: &'a Run,
    strategy: Strategy,
    /// When the first lock was waited for.
    since: f64,
    pending: Vec<Lock>,
}

impl<'a> Taking<'a> {
    pub(crate) fn new(run: &'a Run, strategy: Strategy) -> Self {
        Self { run, strategy, since: run.now(), pending: Vec::new() }
    }

    pub(crate) fn big_lock(&mut self, mode: Mode) -> Result<(), Stop> {
        // Before it is asked for: whatever happens meanwhile, the level is freed.
        self.run.held.borrow_mut().put(Level::Cluster, HeldLevel::default());
        self.acquire(vec![Lock { level: Level::Cluster, name: LockName::One(Arc::from("BGL")), mode }])
    }

    pub(crate) fn levels(&mut self, unit: &dyn Expanded, view: &View) -> Result<(), Stop> {
        if let Some(contradiction) = unit.contradiction() {
            return Err(Stop::Internal(contradiction));
        }
        for (level, known) in unit.levels() {
            if !known {
                self.flush()?;
                self.run.refresh();
            }
            merged(level, unit.requests(level, view)?)?.map_or(Ok(()), |request| self.want(request))?;
            if !known {
                self.flush()?;
            }
        }
        self.flush()
    }

    fn want(&mut self, request: Request) -> Result<(), Stop> {
        let Request { level, mode, names, opportunistic } = request;
        let locks: Vec<Lock> = match names {
            None => vec![Lock { level, name: LockName::All, mode }],
            Some(names) => names.into_iter().map(|name| Lock { level, name: LockName::One(name), mode }).collect(),
        };
        let nothing_yet = self.run.held.borrow().level(level).is_none();
        if nothing_yet {
            self.run.held.borrow_mut().put(level, HeldLevel::default());
        }
        match (self.strategy, opportunistic) {
            (_, _) if locks.is_empty() => Ok(()),
            (Strategy::Timed(_), Some(minimum)) => {
                self.flush()?;
                self.acquire_some(&locks, minimum)
            }
            // Whoever waits as long as it takes no longer cares for a plan to take what is free.
            _ => {
                self.pending.extend(locks);
                Ok(())
            }
        }
    }

    fn flush(&mut self) -> Result<(), Stop> {
        let pending = std::mem::take(&mut self.pending);
        match self.strategy {
            _ if pending.is_empty() => Ok(()),
            Strategy::Timed(_) => self.acquire(pending),
            // One by one, in order: the only way never to be starved.
            Strategy::Blocking => pending.into_iter().try_for_each(|lock| self.acquire(vec![lock])),
        }
    }

    fn wait(&self) -> Wait {
        match self.strategy {
            Strategy::Blocking => Wait::Forever,
            Strategy::Timed(limit) => Wait::Seconds((limit - (self.run.now() - self.since)).max(0.0)),
        }
    }

    fn acquire(&mut self, locks: Vec<Lock>) -> Result<(), Stop> {
        let seams = &self.run.seams;
        let result = seams.locks.acquire(seams.owner, &locks, self.wait());
        let granted = result.is_ok().then_some(locks.as_slice());
        if granted.is_some() {
            self.run.held.borrow_mut().add(&locks);
        }
        self.run.note(&Event::Locks { request: &locks, minimum: None, granted });
        self.run.refresh();
        result.map_err(Into::into)
    }

    fn acquire_some(&mut self, locks: &[Lock], minimum: usize) -> Result<(), Stop> {
        let seams = &self.run.seams;
        let result = seams.locks.acquire_some(seams.owner, locks, minimum, self.wait());
        if let Ok(granted) = &result {
            self.run.held.borrow_mut().add(granted);
        }
        self.run.note(&Event::Locks { request: locks, minimum: Some(minimum), granted: result.as_deref().ok() });
        self.run.refresh();
        result.map(drop).map_err(Into::into)
    }
}

/// Puts the requests of one level together: the whole level swallows names. What is free is asked for alone.
fn merged(level: Level, mut requests: Vec<Request>) -> Result<Option<Request>, Stop> {
    if requests.len() > 1 && requests.iter().any(|it| it.opportunistic.is_some()) {
        let why = format!("of level {level} those locks that are free are wished, and others: one level, one wish");
        return Err(Stop::Internal(why));
    }
    let names = requests.iter().map(|it| it.names.clone()).collect::<Option<Vec<_>>>();
    let Some(mut request) = requests.pop() else { return Ok(None) };
    request.names = names.map(|names| names.into_iter().flatten().collect());
    Ok(Some(request))
}
