//! What a run notes while it goes on. It belongs to the processor; contexts are views of it.

use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::rc::Rc;

use serde_json::Value;

use crate::config::{Snapshot, Written};
use crate::cx::View;
use crate::ids::NodeId;
use crate::locking::Held;
use crate::op::Common;
use crate::processor::Seams;
use crate::record::{CallEvent, Event, LogKind, LogLine, NodeCall, Phase};
use crate::rpc::{AnyCall, Encode, Message, Scope, Trouble};

pub(crate) struct Run {
    pub(crate) seams: Seams,
    pub(crate) op_id: &'static str,
    pub(crate) common: RefCell<Common>,
    snapshot: RefCell<Snapshot>,
    pub(crate) held: RefCell<Held>,
    /// Whether the whole configuration was written, so that its hook has to run.
    pub(crate) wrote: Cell<bool>,
    phase: Cell<Phase>,
}

impl Run {
    pub(crate) fn new(seams: Seams, op_id: &'static str) -> Rc<Self> {
        let snapshot = RefCell::new(seams.config.snapshot());
        Rc::new(Self {
            seams,
            op_id,
            common: RefCell::default(),
            snapshot,
            held: RefCell::default(),
            wrote: Cell::new(false),
            phase: Cell::new(Phase::Arguments),
        })
    }

    pub(crate) fn view(self: &Rc<Self>) -> View {
        View { run: Rc::clone(self) }
    }

    #[track_caller]
    pub(crate) fn note(&self, event: &Event<'_>) {
        self.seams.record.note(event, Location::caller());
    }

    #[track_caller]
    pub(crate) fn enter(&self, phase: Phase) {
        self.phase.set(phase);
        self.note(&Event::Phase(phase));
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.snapshot.borrow().clone()
    }

    /// Looks at the configuration anew: after a wait, after a change, at the begin of a phase (H79).
    pub(crate) fn refresh(&self) {
        self.snapshot.replace(self.seams.config.snapshot());
    }

    #[track_caller]
    pub(crate) fn log(&self, kind: LogKind, text: String) {
        self.note(&Event::Log(&LogLine { kind, text }));
    }

    #[track_caller]
    pub(crate) fn wrote(&self, written: &Written) {
        if written.changed {
            self.refresh();
            self.wrote.set(self.wrote.get() || written.whole);
            self.note(&Event::Changed(written));
        }
    }

    /// Makes a call to nodes, each once, and returns the answers in their order. Nodes that are known to be down are not
    /// called unless the call is meant for them.
    #[track_caller]
    pub(crate) fn call(&self, nodes: &[NodeId], call: &dyn AnyCall) -> Rc<[NodeCall]> {
        let config = self.snapshot();
        let mut told = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            if nodes[..index].contains(node) {
                continue;
            }
            let found = config.nodes.get(node);
            let name = found.map_or_else(|| node.to_string(), |it| it.name.clone());
            let offline = call.scope() == Scope::Online && found.is_some_and(|it| it.offline);
            let args = call.args(&Encode { node: node.clone(), config: config.clone() });
            let answer = match &args {
                Err(gone) => Err(Trouble::NotSent(gone.to_string())),
                Ok(_) if offline => Err(Trouble::Offline),
                Ok(_) => Ok(Value::Null),
            };
            let contacted = answer.is_ok();
            told.push(NodeCall { node: node.clone(), name, contacted, args: args.unwrap_or_default(), answer });
        }
        let message =
            |it: &NodeCall| Message { node: it.node.clone(), name: it.name.clone(), call, args: it.args.clone() };
        let batch: Vec<Message<'_>> = told.iter().filter(|it| it.contacted).map(message).collect();
        let mut answers =
            if batch.is_empty() { Vec::new() } else { self.seams.transport.send(&batch, &config) }.into_iter();
        drop(batch);
        for it in told.iter_mut().filter(|it| it.contacted) {
            it.answer = answers
                .next()
                .unwrap_or_else(|| Err(Trouble::Unreachable("the transport returned no answer".to_owned())));
        }
        let told: Rc<[NodeCall]> = told.into();
        self.note(&Event::Call(&CallEvent { call, nodes: &told }));
        told
    }

    pub(crate) fn now(&self) -> f64 {
        self.seams.host.clock.now()
    }
}
