//! Calls to nodes: their order, the nodes contacted, the arguments on the wire.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use super::{Channel, Difference};
use crate::replay::json::{first_difference, same};
use crate::replay::trace::Call;

/// The call whose second argument is a document of its own channel.
const ALLOCATOR: &str = "iallocator_runner";

/// A call to one or more nodes. The order of its nodes means nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeCall {
    /// Its name on the wire.
    pub procedure: String,
    /// The arguments as they go to each node that is contacted, by name.
    pub nodes: BTreeMap<String, Rc<Vec<Value>>>,
    /// How long answers are waited for, in seconds.
    pub timeout: Option<f64>,
}

impl NodeCall {
    pub(super) fn recorded(call: &Call) -> Self {
        let contacted = call.nodes.iter().filter(|node| node.contacted);
        Self {
            procedure: call.procedure.clone(),
            nodes: contacted.map(|node| (node.name.clone(), Rc::clone(&node.args))).collect(),
            timeout: call.timeout,
        }
    }

    /// Takes the document out of a call to the allocator.
    pub(in crate::replay) fn take_document(&mut self) -> Option<Value> {
        if self.procedure != ALLOCATOR {
            return None;
        }
        let mut document = None;
        for args in self.nodes.values_mut() {
            let taken = Rc::make_mut(args).get_mut(1).map(Value::take);
            document = document.or(taken);
        }
        match document? {
            Value::Object(mut members) if members.contains_key("$json") => members.remove("$json"),
            // What is not JSON is kept as the text that it is: it differs from any document.
            Value::String(text) => Some(serde_json::from_str(&text).unwrap_or(Value::String(text))),
            other => Some(other),
        }
    }

    fn equals(&self, ours: &Self) -> bool {
        self.procedure == ours.procedure
            && self.nodes.len() == ours.nodes.len()
            && self.nodes.iter().all(|(node, args)| ours.nodes.get(node).is_some_and(|ours| same_args(args, ours)))
            && same_timeout(self.timeout, ours.timeout)
    }

    fn difference(&self, ours: &Self) -> Option<(String, String, String)> {
        if self.procedure != ours.procedure || !self.nodes.keys().eq(ours.nodes.keys()) {
            return Some((String::new(), self.shown(), ours.shown()));
        }
        if !same_timeout(self.timeout, ours.timeout) {
            let text = |seconds: Option<f64>| seconds.map_or_else(|| "none".to_owned(), |it| format!("{it} s"));
            return Some((format!(" {}: timeout", self.procedure), text(self.timeout), text(ours.timeout)));
        }
        self.nodes.iter().find_map(|(node, args)| {
            let ours = ours.nodes.get(node).filter(|ours| !same_args(args, ours))?;
            let (wanted, got) = (args.to_vec().into(), ours.to_vec().into());
            let (path, wanted, ours) = first_difference(&wanted, &got)?;
            Some((format!(" {} on {node}: args{path}", self.procedure), wanted, ours))
        })
    }

    fn shown(&self) -> String {
        if self.nodes.is_empty() {
            return format!("{} on no node", self.procedure);
        }
        let nodes: Vec<&str> = self.nodes.keys().map(String::as_str).collect();
        let detail = self.nodes.values().next().filter(|_| self.procedure == "hooks_runner");
        let detail = detail.map(|args| args.iter().take(2).map(|arg| format!(" {arg}")).collect::<String>());
        format!("{}{} on {}", self.procedure, detail.unwrap_or_default(), nodes.join(", "))
    }
}

fn same_args(recorded: &[Value], ours: &[Value]) -> bool {
    recorded.len() == ours.len() && recorded.iter().zip(ours).all(|(recorded, ours)| same(recorded, ours))
}

fn same_timeout(recorded: Option<f64>, ours: Option<f64>) -> bool {
    match (recorded, ours) {
        (Some(recorded), Some(ours)) => (recorded - ours).abs() < 1e-6,
        (recorded, ours) => recorded.is_none() == ours.is_none(),
    }
}

pub(super) fn differences(wanted: &[NodeCall], ours: &[NodeCall], unordered: bool) -> Vec<Difference> {
    if unordered {
        return as_multisets(wanted, ours);
    }
    let mut found = Vec::new();
    let nothing = || "no further call".to_owned();
    for index in 0..wanted.len().max(ours.len()) {
        let subject = |detail: &str| format!("call {}{detail}", index + 1);
        match (wanted.get(index), ours.get(index)) {
            (Some(wanted), Some(ours)) => {
                if let Some((detail, wanted, ours)) = wanted.difference(ours) {
                    // After calls of different kind the rest only repeats that.
                    let out_of_step = detail.is_empty();
                    found.push(Difference::new(Channel::Rpc, subject(&detail), wanted, ours));
                    if out_of_step {
                        break;
                    }
                }
            }
            (Some(wanted), None) => found.push(Difference::new(Channel::Rpc, subject(""), wanted.shown(), nothing())),
            (None, Some(ours)) => found.push(Difference::new(Channel::Rpc, subject(""), nothing(), ours.shown())),
            (None, None) => {}
        }
    }
    found
}

fn as_multisets(wanted: &[NodeCall], ours: &[NodeCall]) -> Vec<Difference> {
    let mut left: Vec<&NodeCall> = ours.iter().collect();
    let mut found = Vec::new();
    for call in wanted {
        match left.iter().position(|ours| call.equals(ours)) {
            Some(position) => drop(left.remove(position)),
            None => found.push(Difference::new(Channel::Rpc, "calls in any order", call.shown(), "no such call")),
        }
    }
    found.extend(
        left.iter().map(|call| Difference::new(Channel::Rpc, "calls in any order", "no such call", call.shown())),
    );
    found
}
