//! What nodes and the allocator answer, where they are not healthy: a file of JSON objects, one a line.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use cmdlib::config::Snapshot;
use cmdlib::objects::Node;
use cmdlib::rpc::Trouble as NodeTrouble;
use serde_json::Value;

use super::input;
use super::trouble::Trouble;
use crate::library::{CallName, Library};
use crate::names::{did_you_mean, listed};
use crate::rpc::ScriptedRpc;

const WANTED: &str =
    "answers, one a line: {\"call\": \"instance_start\", \"node\": \"node1\", \"fail\": \"no kernel\"}";
/// The call whose payload is a document as text.
const ALLOCATOR: &str = "iallocator_runner";
/// What a line may have beside one of `KINDS`.
const MEMBERS: [&str; 3] = ["call", "node", "times"];
/// What an answer may be.
const KINDS: [&str; 4] = ["ok", "fail", "failed", "offline"];

/// A line of the file.
#[derive(Debug)]
pub(super) struct Answer {
    /// Its number in the file, from 1.
    number: usize,
    pub(super) call: CallName,
    /// The full name of its node; none if it is about each of them.
    pub(super) node: Option<String>,
    /// How often each node gives it.
    times: usize,
    pub(super) answer: Result<Value, NodeTrouble>,
}

/// How often the nodes have given the answers, by the index of the answer and the node.
type Given = Rc<RefCell<BTreeMap<(usize, String), usize>>>;

/// The answers of a file, and which of them were given.
#[derive(Debug)]
pub(super) struct Answers {
    all: Vec<Answer>,
    given: Given,
}

/// Reads the lines of a file that are not empty, with their numbers.
pub(super) fn lines(path: &Path) -> Result<Vec<(usize, Value)>, Trouble> {
    let place = path.display().to_string();
    let text = input::text_of_file(path)
        .map_err(|why| Trouble::new(format!("the answers can't be read: {why}"), &place).expected(WANTED))?;
    let numbered = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(index, line): (usize, &str)| {
        let value = input::parse(line.as_bytes());
        let value = value.map_err(|what| Trouble::new(what, at(&place, index + 1)).expected(WANTED))?;
        Ok((index + 1, value))
    };
    numbered.map(read).collect()
}

fn at(place: &str, number: usize) -> String {
    format!("{place}, line {number}")
}

impl Answers {
    /// Reads the lines of a file: calls that the library has, nodes of the cluster.
    pub(super) fn read(
        lines: &[(usize, Value)],
        place: &str,
        library: &Library,
        cluster: &Snapshot,
    ) -> Result<Self, Trouble> {
        let read = |(number, line): &(usize, Value)| {
            answer(*number, line, library, cluster)
                .map_err(|what| Trouble::new(what, at(place, *number)).expected(WANTED))
        };
        Ok(Self { all: lines.iter().map(read).collect::<Result<_, _>>()?, given: Given::default() })
    }

    /// Adds what is left of the answers to a script.
    pub(super) fn script(&self, script: &mut ScriptedRpc, cluster: &Snapshot) {
        for (index, answer) in self.all.iter().enumerate() {
            let nodes = cluster.nodes.values().map(|node| &node.name);
            for node in nodes.filter(|name| answer.node.as_ref().is_none_or(|node| node == *name)) {
                let key = (index, node.clone());
                let times = answer.times;
                let (left, given, of) = (Rc::clone(&self.given), Rc::clone(&self.given), key.clone());
                let more = move || left.borrow().get(&of).copied().unwrap_or(0) < times;
                let reply = answer.answer.clone();
                let answers = move || {
                    *given.borrow_mut().entry(key.clone()).or_default() += 1;
                    reply.clone()
                };
                script.recorded(answer.call.wire, node.clone(), more, answers);
            }
        }
    }

    /// Returns the answers that were given, each with its nodes and how often each of them gave it.
    pub(super) fn given(&self) -> Vec<(&Answer, Vec<(String, usize)>)> {
        let given = self.given.borrow();
        let of = |index: usize| {
            let mine = given.iter().filter(move |((of, _), _)| *of == index);
            mine.map(|((_, node), times)| (node.clone(), *times)).collect::<Vec<_>>()
        };
        self.all
            .iter()
            .enumerate()
            .map(|(index, answer)| (answer, of(index)))
            .filter(|(_, of)| !of.is_empty())
            .collect()
    }

    /// Returns the answers that nobody asked for, as text.
    pub(super) fn unused(&self) -> Vec<String> {
        let given = self.given.borrow();
        let unused = |(index, _): &(usize, &Answer)| !given.keys().any(|(of, _)| of == index);
        let text = |(_, answer): (usize, &Answer)| {
            let node = answer.node.as_ref().map(|node| format!(" @{node}")).unwrap_or_default();
            format!("line {}: {}{node}", answer.number, answer.call.wire)
        };
        self.all.iter().enumerate().filter(unused).map(text).collect()
    }
}

fn answer(number: usize, line: &Value, library: &Library, cluster: &Snapshot) -> Result<Answer, String> {
    let members = line.as_object().ok_or_else(|| format!("not an answer, but {}", input::kind(line)))?;
    if let Some(other) = members.keys().find(|key| !MEMBERS.contains(&key.as_str()) && !KINDS.contains(&key.as_str())) {
        return Err(format!("an answer has no `{other}`{}", did_you_mean(other, MEMBERS.into_iter().chain(KINDS))));
    }
    let text = |key: &str| match members.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(other) => Err(format!("`{key}` is {}, not a text", input::kind(other))),
    };
    let name = text("call")?.ok_or("the answer has no `call`")?;
    let known = || library.calls().iter();
    let call = known()
        .find(|call| call.wire == name)
        .copied()
        .ok_or_else(|| format!("there is no call '{name}'{}", did_you_mean(name, known().map(|call| call.wire))))?;
    let node = text("node")?.map(|name| node_named(name, cluster)).transpose()?;
    let times = match members.get("times") {
        None => 1,
        Some(times) => times
            .as_u64()
            .and_then(|times| usize::try_from(times).ok())
            .filter(|times| *times > 0)
            .ok_or("`times` is not a number from 1 on")?,
    };
    let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| members.contains_key(*kind)).collect();
    let answer = match kinds[..] {
        ["ok"] => Ok(payload(call, &members["ok"])),
        ["fail"] => Err(NodeTrouble::Refused(text("fail")?.unwrap_or_default().to_owned())),
        ["failed"] => Err(NodeTrouble::Unreachable(text("failed")?.unwrap_or_default().to_owned())),
        ["offline"] if members["offline"] == Value::Bool(true) => Err(NodeTrouble::Offline),
        ["offline"] => return Err("`offline` is not true".to_owned()),
        [] => return Err(format!("the answer has none of {}", KINDS.join(", "))),
        [..] => return Err(format!("the answer has more than one of {}: {}", KINDS.join(", "), kinds.join(", "))),
    };
    Ok(Answer { number, call, node, times, answer })
}

/// The reply of an allocator is a text on the wire; as JSON it is easier to write.
fn payload(call: CallName, given: &Value) -> Value {
    if call.wire == ALLOCATOR && !given.is_string() { given.to_string().into() } else { given.clone() }
}

fn node_named(name: &str, cluster: &Snapshot) -> Result<String, String> {
    let found = cluster.find::<Node>(name).ok().and_then(|id| cluster.get(&id).ok());
    found.map(|node| node.name.clone()).ok_or_else(|| {
        let known: Vec<String> = cluster.nodes.values().map(|node| node.name.clone()).collect();
        let near = did_you_mean(name, known.iter().map(String::as_str));
        format!("there is no node '{name}'{near} (there are: {})", listed(&known, "none"))
    })
}
