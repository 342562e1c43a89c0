//! Asking nodes and the allocator, and giving locks back.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use serde_json::Value;

use crate::cx::View;
use crate::error::Problem;
use crate::field::Field;
use crate::iallocator;
use crate::ids::NodeId;
use crate::locking::{HeldLevel, LockLevel};
use crate::record::{Event, NodeCall};
use crate::rpc::{Call, CallError, Question, Trouble};

/// Also asks nodes, asks the allocator, and gives locks back.
pub struct Asking {
    pub(crate) view: View,
}

impl Deref for Asking {
    type Target = View;
    fn deref(&self) -> &View {
        &self.view
    }
}

pub(crate) fn read<C: Call>(it: &NodeCall) -> Result<C::Reply, CallError> {
    let read = |value: &Value| C::Reply::read(value).map_err(|misfit| Trouble::Malformed(misfit.to_string()));
    let reply = it.answer.as_ref().map_err(Clone::clone).and_then(read);
    reply.map_err(|trouble| CallError { node: it.name.clone(), call: C::NAME, trouble, purpose: None })
}

impl Asking {
    /// Asks one node.
    ///
    /// # Errors
    /// There is no usable answer.
    #[track_caller]
    pub fn ask<Q: Question>(&self, node: &NodeId, question: Q) -> Result<Q::Reply, CallError> {
        self.one(node, &question)
    }

    /// Asks several nodes the same. Each answers for itself; the answers come in the order of the nodes.
    #[track_caller]
    pub fn ask_all<Q: Question>(&self, nodes: &[NodeId], question: Q) -> Vec<(NodeId, Result<Q::Reply, CallError>)> {
        self.several(nodes, &question)
    }

    #[track_caller]
    pub(crate) fn one<C: Call>(&self, node: &NodeId, call: &C) -> Result<C::Reply, CallError> {
        let unanswered = || CallError {
            node: node.to_string(),
            call: C::NAME,
            trouble: Trouble::Unreachable("no answer".to_owned()),
            purpose: None,
        };
        let answers = self.several(std::slice::from_ref(node), call);
        answers.into_iter().next().map_or_else(|| Err(unanswered()), |(_, answer)| answer)
    }

    #[track_caller]
    pub(crate) fn several<C: Call>(&self, nodes: &[NodeId], call: &C) -> Vec<(NodeId, Result<C::Reply, CallError>)> {
        if nodes.is_empty() {
            return Vec::new();
        }
        let answers = self.view.run.call(nodes, call);
        answers.iter().map(|it| (it.node.clone(), read::<C>(it))).collect()
    }

    /// Asks the allocator `name`.
    ///
    /// # Errors
    /// The cluster can't be described to it, it fails, or its reply breaks the rules.
    #[track_caller]
    pub fn allocate<R: iallocator::Kind>(
        &self,
        name: &str,
        request: R,
    ) -> Result<iallocator::Reply<R::Result>, Problem> {
        iallocator::run(self, name, request)
    }

    /// Returns the locks held of a level; if the whole level is held, all that exists of it.
    ///
    /// # Panics
    /// The unit never wished for locks of this level: an error of its programmer, which ends as an internal error.
    #[must_use]
    pub fn held<V: LockLevel>(&self) -> BTreeSet<V::Key> {
        self.view.wished::<V>()
    }

    /// Gives all locks of a level back but these.
    #[track_caller]
    pub fn keep_only<V: LockLevel>(&self, keep: impl IntoIterator<Item = V::Key>) {
        let run = &self.view.run;
        let level = V::LEVEL;
        let keep: BTreeSet<Arc<str>> = keep.into_iter().map(|key| Arc::from(key.as_ref())).collect();
        let names = run.held.borrow().names(level, &self.view.config());
        let Some(held) = run.held.borrow_mut().take(level) else { return };
        let mode = |name: &Arc<str>| held.all.max(held.names.get(name).copied());
        let stays =
            names.iter().filter(|name| keep.contains(*name)).filter_map(|name| Some((Arc::clone(name), mode(name)?)));
        let stays = HeldLevel { all: None, names: stays.collect() };
        let goes: Vec<_> = held.locks(level).into_iter().filter(|lock| !stays.locks(level).contains(lock)).collect();
        run.seams.locks.release(run.seams.owner, level, &stays.locks(level));
        run.held.borrow_mut().put(level, stays);
        if !goes.is_empty() {
            run.note(&Event::Released { level, locks: &goes });
        }
    }

    /// Gives these locks of a level back.
    #[track_caller]
    pub fn release<V: LockLevel>(&self, names: impl IntoIterator<Item = V::Key>) {
        let goes: BTreeSet<V::Key> = names.into_iter().collect();
        self.keep_only::<V>(self.view.held_keys::<V>().into_iter().filter(|key| !goes.contains(key)));
    }
}
