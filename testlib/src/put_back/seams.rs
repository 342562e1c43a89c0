//! A defect around the seams: answers of nodes, locks that are given back, the moment at which a change of the configuration is
//! made or seen.

use std::cell::Cell;
use std::panic::Location;
use std::rc::Rc;
use std::sync::Arc;

use cmdlib::config::{ChangeError, Config, Owner, Snapshot};
use cmdlib::locking::{Level, Lock, LockManager, NotGranted, Wait};
use cmdlib::processor::Seams;
use cmdlib::record::{Event, Phase, Record};
use cmdlib::rpc::{Message, Transport, Trouble};
use serde_json::Value;

use crate::disturbance::{Disturbance, Inside};
use crate::host::BEGIN;
use crate::moment::OnGrant;
use crate::put_back::What;
use crate::rpc::Nodes;

/// A defect around the seams of runs.
pub(crate) struct Around {
    what: What,
    /// What the unit writes after the call before which it is to be written.
    bring: Option<Snapshot>,
}

impl Around {
    pub(crate) fn new(what: What, bring: Option<Snapshot>) -> Self {
        Self { what, bring }
    }
}

impl Disturbance for Around {
    fn wrap(&self, seams: Seams, inside: &Inside) -> Seams {
        let stale = self.what == What::StaleSnapshot;
        let around = Rc::new(Wrapping {
            what: self.what.clone(),
            nodes: Rc::clone(&inside.nodes),
            bring: Cell::new(self.bring.clone()),
            interfere: if stale { inside.locks.granted.take() } else { Vec::new() },
            config: Arc::clone(&seams.config),
            transport: seams.transport,
            locks: seams.locks,
            record: seams.record,
            phase: Cell::new(Phase::Locks),
        });
        let (transport, locks): (Rc<dyn Transport>, Rc<dyn LockManager>) = (around.clone(), around.clone());
        Seams { transport, locks, record: around, ..seams }
    }
}

struct Wrapping {
    what: What,
    /// For their healthy answers.
    nodes: Rc<Nodes>,
    bring: Cell<Option<Snapshot>>,
    /// For a unit that sees such changes too late.
    interfere: Vec<OnGrant>,
    config: Arc<Config>,
    transport: Rc<dyn Transport>,
    locks: Rc<dyn LockManager>,
    record: Rc<dyn Record>,
    phase: Cell<Phase>,
}

impl Wrapping {
    /// Writes what the unit is about to write later.
    fn bring_forward(&self) {
        let Some(wanted) = self.bring.take() else { return };
        let changed = self.config.change(BEGIN, |draft| {
            draft.become_state(&wanted);
            Ok::<(), ChangeError>(())
        });
        if let Ok(((), written)) = changed {
            self.record.note(&Event::Changed(&written), Location::caller());
        }
    }
}

impl Transport for Wrapping {
    fn send(&self, batch: &[Message<'_>], config: &Snapshot) -> Vec<Result<Value, Trouble>> {
        let is = |name: &str| batch.first().is_some_and(|message| message.call.procedure() == name);
        match &self.what {
            What::WriteBefore(call) if is(call) && self.phase.get() == Phase::Exec => self.bring_forward(),
            _ => {}
        }
        let answers = self.transport.send(batch, config);
        match &self.what {
            What::IgnoreError(call) if is(call) => {
                let healthy = |(message, answer): (&Message<'_>, Result<Value, Trouble>)| match answer {
                    Err(trouble) => self.nodes.healthy_answer(message, config).ok_or(trouble),
                    answer => answer,
                };
                batch.iter().zip(answers).map(healthy).collect()
            }
            _ => answers,
        }
    }
}

impl LockManager for Wrapping {
    fn acquire(&self, owner: Owner, request: &[Lock], wait: Wait) -> Result<(), NotGranted> {
        self.locks.acquire(owner, request, wait)
    }
    fn acquire_some(
        &self,
        owner: Owner,
        request: &[Lock],
        minimum: usize,
        wait: Wait,
    ) -> Result<Vec<Lock>, NotGranted> {
        self.locks.acquire_some(owner, request, minimum, wait)
    }
    fn release(&self, owner: Owner, level: Level, keep: &[Lock]) {
        if self.what != What::ForgetRelease(level) {
            self.locks.release(owner, level, keep);
        }
    }
    fn downgrade(&self, owner: Owner, level: Level) {
        if self.what != What::ForgetDowngrade(level) {
            self.locks.downgrade(owner, level);
        }
    }
    fn free(&self, owner: Owner, level: Level) {
        self.locks.free(owner, level);
    }
}

impl Record for Wrapping {
    fn note(&self, event: &Event<'_>, at: &'static Location<'static>) {
        let forgotten = match event {
            Event::Released { level, .. } => self.what == What::ForgetRelease(*level),
            Event::Downgraded { level, .. } => self.what == What::ForgetDowngrade(*level),
            _ => false,
        };
        if !forgotten {
            self.record.note(event, at);
        }
        if let Event::Phase(phase) = event {
            self.phase.set(*phase);
            // Whoever checked a state of before the wait meets the change when it acts.
            if let Phase::PreHooks | Phase::CleanUp = phase {
                Level::ALL.into_iter().for_each(|level| self.interfere.iter().for_each(|it| it(level)));
            }
        }
    }
}
