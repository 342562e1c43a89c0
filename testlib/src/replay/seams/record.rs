//! Notes of what our run does, by channel.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::Location;

use cmdlib::locking::{Held, Lock, Mode};
use cmdlib::record::{CallEvent, Event, Record};

use super::locks::name;
use crate::replay::channels::{Changes, Channels, GivenBack, LockMode, Locks, NodeCall, Outcome};

#[derive(Debug, Default)]
pub(super) struct Notes {
    channels: RefCell<Option<Channels>>,
}

impl Notes {
    pub(super) fn channels(&self, outcome: Outcome) -> Channels {
        let channels = self.channels.borrow_mut().take();
        Channels { outcome, ..channels.unwrap_or_else(empty) }
    }
}

fn empty() -> Channels {
    Channels {
        outcome: Outcome::LockTimeout,
        locks: Locks::default(),
        rpc: Vec::new(),
        allocator: Vec::new(),
        jobs: Vec::new(),
        changes: Changes::default(),
    }
}

fn mode(mode: Mode) -> LockMode {
    match mode {
        Mode::Shared => LockMode::Shared,
        Mode::Exclusive => LockMode::Exclusive,
    }
}

impl Record for Notes {
    fn note(&self, event: &Event<'_>, _: &'static Location<'static>) {
        let mut noted = self.channels.borrow_mut();
        let noted = noted.get_or_insert_with(empty);
        let mut give_back = |locks: &[Lock], how: GivenBack| {
            noted.locks.given_back.extend(locks.iter().map(|lock| (lock.level, name(lock), how)));
        };
        match event {
            Event::Locks { request, .. } => {
                noted.locks.asked.extend(request.iter().map(|lock| (lock.level, name(lock), mode(lock.mode))));
            }
            Event::Started(held) => noted.locks.held = Some(all_held(held)),
            Event::Released { locks, .. } => give_back(locks, GivenBack::Released),
            Event::Downgraded { locks, .. } => give_back(locks, GivenBack::Downgraded),
            Event::Call(call) => note_call(noted, call),
            Event::Jobs { jobs, .. } => noted.jobs.push(jobs.to_vec()),
            _ => {}
        }
    }
}

fn all_held(held: &Held) -> BTreeMap<(cmdlib::locking::Level, crate::replay::trace::LockName), LockMode> {
    let locks = held.levels().flat_map(|(level, held)| held.locks(level));
    locks.map(|lock| ((lock.level, name(&lock)), mode(lock.mode))).collect()
}

fn note_call(noted: &mut Channels, event: &CallEvent<'_>) {
    let mut call = NodeCall {
        procedure: event.call.procedure().to_owned(),
        nodes: BTreeMap::new(),
        timeout: Some(event.call.seconds()),
    };
    for node in event.nodes.iter().filter(|node| node.contacted) {
        call.nodes.insert(node.name.clone(), node.args.values());
    }
    noted.allocator.extend(call.take_document());
    noted.rpc.push(call);
}
