//! Nodes that answer as they were recorded.

use std::cell::RefCell;
use std::rc::Rc;

use cmdlib::config::Snapshot;
use cmdlib::rpc::{Message, Transport, Trouble};
use serde_json::Value;

use super::{Unanswered, Unrecorded};
use crate::replay::json::same;
use crate::replay::trace::{Answer, CalledNode, Trace};

pub(super) struct RecordedNodes {
    /// The recorded answers that are left, with their procedure, in order.
    answers: RefCell<Vec<(String, CalledNode)>>,
    healthy: Option<Unrecorded>,
    unanswered: Unanswered,
}

impl RecordedNodes {
    pub(super) fn new(trace: &Trace, healthy: Option<Unrecorded>, unanswered: Unanswered) -> Self {
        let answers = trace.calls().flat_map(|call| {
            let contacted = call.nodes.iter().filter(|node| node.contacted);
            contacted.map(|node| (call.procedure.clone(), node.clone()))
        });
        Self { answers: RefCell::new(answers.collect()), healthy, unanswered }
    }

    /// Takes the next answer to this procedure on this node. One that was given to the very same arguments comes before one
    /// that was not: where our run makes fewer calls, or others, the rest of them keep their answers.
    fn next(&self, message: &Message<'_>) -> Option<Answer> {
        let mut answers = self.answers.borrow_mut();
        let procedure = message.call.procedure();
        let fits = |(name, node): &(String, CalledNode)| {
            name == procedure && (node.key == message.node.as_str() || node.name == message.name)
        };
        let alike = |it: &(String, CalledNode)| fits(it) && same_args(&node_args(it), &message.args);
        let position = answers.iter().position(alike).or_else(|| answers.iter().position(fits))?;
        Some(answers.remove(position).1.answer)
    }
}

fn node_args(answer: &(String, CalledNode)) -> Rc<Vec<Value>> {
    Rc::clone(&answer.1.args)
}

fn same_args(recorded: &[Value], ours: &[Value]) -> bool {
    recorded.len() == ours.len() && recorded.iter().zip(ours).all(|(recorded, ours)| same(recorded, ours))
}

impl Transport for RecordedNodes {
    fn send(&self, batch: &[Message<'_>], config: &Snapshot) -> Vec<Result<Value, Trouble>> {
        let answer = |message: &Message<'_>| match self.next(message) {
            Some(Answer::Ok(payload)) => Ok(payload),
            Some(Answer::Fail(text)) => Err(Trouble::Refused(text)),
            Some(Answer::Failed(text)) => Err(Trouble::Unreachable(text)),
            Some(Answer::Offline) => Err(Trouble::Offline),
            None => {
                self.unanswered.borrow_mut().push(format!("{} on {}", message.call.procedure(), message.name));
                self.healthy.map_or_else(
                    || Err(Trouble::Unreachable("no answer was recorded".to_owned())),
                    |healthy| healthy(message, config),
                )
            }
        };
        batch.iter().map(answer).collect()
    }
}
