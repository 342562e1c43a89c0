//! The arguments of every recorded call are those that the table says, and go out again as they came.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use cmdlib::rpc::{self, AnyCall, Encode, Kind, Scope};
use serde_json::{Map, Value, json};
use testlib::replay::Corpus;

use super::scan::{member, parts};
use super::table::reference;

/// Calls of which the reference says that they change nothing, and which do as they are told (R04).
const ACTIONS: [&str; 1] = ["test_delay"];

/// The variables of scripts that have no counterpart after the execution.
const GENERAL: [&str; 9] = cmdlib::hooks::GENERAL;

/// Values that traces share, by id.
struct Shared<'a> {
    lines: BTreeMap<&'a str, &'a str>,
    read: RefCell<BTreeMap<String, Rc<Value>>>,
}

impl<'a> Shared<'a> {
    fn of(text: &'a str) -> Self {
        let entry = |line: &'a str| {
            let members = parts(line);
            Some((member(&members, "id")?.trim_matches('"'), member(&members, "value")?))
        };
        Self { lines: text.lines().filter_map(entry).collect(), read: RefCell::default() }
    }

    fn get(&self, id: &str) -> Rc<Value> {
        if let Some(value) = self.read.borrow().get(id) {
            return Rc::clone(value);
        }
        let value = Rc::new(self.expanded(serde_json::from_str(self.lines[id]).unwrap()));
        self.read.borrow_mut().insert(id.to_owned(), Rc::clone(&value));
        value
    }

    fn expanded(&self, value: Value) -> Value {
        match value {
            Value::Object(members) => match members.get("$").and_then(Value::as_str) {
                Some(id) => (*self.get(id)).clone(),
                None => Value::Object(members.into_iter().map(|(key, item)| (key, self.expanded(item))).collect()),
            },
            Value::Array(items) => items.into_iter().map(|item| self.expanded(item)).collect(),
            plain => plain,
        }
    }

    fn parsed(&self, text: &str) -> Value {
        self.expanded(serde_json::from_str(text).unwrap())
    }
}

/// The events of a trace, and the environments of scripts that were told in full or put together, by event.
struct Trace<'a> {
    events: Vec<&'a str>,
    environments: BTreeMap<usize, Rc<Value>>,
}

impl Trace<'_> {
    /// The environment of an event, which may be told by what it differs in from that of another.
    fn environment(&mut self, event: usize, shared: &Shared<'_>) -> Rc<Value> {
        if let Some(known) = self.environments.get(&event) {
            return Rc::clone(known);
        }
        let args = member(&parts(self.events[event]), "args").unwrap();
        let told = shared.parsed(parts(args)[2]);
        let env = match told.get("$env").and_then(Value::as_u64) {
            None => told,
            Some(other) => {
                let other = self.environment(usize::try_from(other).unwrap(), shared);
                applied(other.as_object().unwrap(), &told)
            }
        };
        Rc::clone(self.environments.entry(event).or_insert(Rc::new(env)))
    }
}

/// Another environment with what is told to differ.
fn applied(other: &Map<String, Value>, told: &Value) -> Value {
    let mut env = other.clone();
    if told.get("mirror") == Some(&json!(true)) {
        for (name, value) in other.iter().filter(|(name, _)| !GENERAL.contains(&name.as_str())) {
            env.insert(name.replacen("GANETI_", "GANETI_POST_", 1), value.clone());
        }
    }
    for (name, value) in told.get("set").and_then(Value::as_object).into_iter().flatten() {
        env.insert(name.clone(), value.clone());
    }
    for name in told.get("unset").and_then(Value::as_array).into_iter().flatten() {
        env.shift_remove(name.as_str().unwrap());
    }
    Value::Object(env)
}

/// A call that is read and goes out as it came, or what is wrong with its arguments.
fn read(procedure: &str, args: &[Value], to: &Encode) -> Result<Box<dyn AnyCall>, String> {
    let call = rpc::read(procedure, args).ok_or("there is no such call")?.map_err(|misfit| misfit.to_string())?;
    let written = call.args(to).map_err(|gone| gone.to_string())?;
    if *written == *args { Ok(call) } else { Err(format!("goes out as {}", json!(*written))) }
}

/// The arguments of one call, node by node, as text.
fn arguments<'a>(event: &[&'a str]) -> Vec<&'a str> {
    match (member(event, "args"), member(event, "args_per_node")) {
        (Some(args), _) => vec![args],
        (None, Some(by_node)) => {
            parts(by_node).into_iter().map(|part| part.split_once("\":").map_or(part, |(_, args)| args)).collect()
        }
        (None, None) => Vec::new(),
    }
}

#[derive(Default)]
struct Seen {
    /// Arguments, as text, that were looked at already: by call and place.
    known: BTreeSet<String>,
    calls: usize,
    lists: usize,
    /// How many of the lists had something new.
    read: usize,
    /// What the table says of the calls that were read.
    facts: BTreeMap<String, (Kind, Scope)>,
    wrong: BTreeMap<(String, String), String>,
}

impl Seen {
    /// Tells whether an argument is new. What an environment differs from is told by its place in the trace: it is always new.
    fn is_new(&mut self, procedure: &str, text: &str) -> bool {
        let args = if text.starts_with('[') { parts(text) } else { vec![text] };
        let mut new = self.known.insert(format!("{procedure} of {}", args.len()));
        for (index, arg) in args.iter().enumerate() {
            new |= self.known.insert(format!("{procedure} {index} {arg}"));
        }
        new || text.contains(r#""$env""#)
    }

    fn trace(&mut self, line: &str, shared: &Shared<'_>, to: &Encode) {
        let Some(begin) = line.find(r#""events":["#) else { return };
        let events = parts(&line[begin + r#""events":"#.len()..]);
        let mut trace = Trace { events, environments: BTreeMap::new() };
        for index in 0..trace.events.len() {
            if !trace.events[index].contains(r#""rpc":""#) {
                continue;
            }
            let event = parts(trace.events[index]);
            // A call to no node at all has no arguments.
            if member(&event, "nodes") == Some("[]") {
                continue;
            }
            let procedure = member(&event, "rpc").unwrap().trim_matches('"');
            self.calls += 1;
            for text in arguments(&event) {
                self.lists += 1;
                if !self.is_new(procedure, text) {
                    continue;
                }
                self.read += 1;
                let mut args = shared.parsed(text).as_array().cloned().unwrap();
                if args.get(2).is_some_and(|arg| arg.get("$env").is_some()) {
                    args[2] = (*trace.environment(index, shared)).clone();
                }
                if let Some(document) = args.get(1).and_then(|arg| arg.get("$json")) {
                    args[1] = Value::from(document.to_string());
                }
                let wrong = match read(procedure, &args, to) {
                    Err(wrong) => wrong,
                    Ok(call) => {
                        self.facts.insert(procedure.to_owned(), (call.kind(), call.scope()));
                        let limit = member(&event, "timeout").map_or(0.0, |it| it.parse().unwrap());
                        if call.seconds() == limit {
                            continue;
                        }
                        format!("its time limit is {}, in the reference {limit}", call.seconds())
                    }
                };
                let id = line[line.find(r#""id":"#).unwrap_or_default()..].chars().take(60).collect();
                self.wrong.insert((procedure.to_owned(), wrong), id);
            }
        }
    }
}

#[test]
fn the_arguments_of_every_recorded_call_are_read_and_go_out_as_they_came() {
    let Some(folder) = folder() else { return };
    let corpus = Corpus::open(&folder).unwrap();
    let values = std::fs::read_to_string(folder.join("values.jsonl")).unwrap_or_default();
    let shared = Shared::of(&values);
    let config = testlib::clusters::three_nodes().snapshot();
    let to = Encode { node: config.cluster.master_node.clone(), config };
    let mut seen = Seen::default();
    for file in corpus.files() {
        for line in std::fs::read_to_string(file).unwrap().lines() {
            seen.trace(line, &shared, &to);
        }
    }
    assert!(
        seen.wrong.is_empty(),
        "{} calls, {} lists of arguments, {} of them read; wrong: {:#?}",
        seen.calls,
        seen.lists,
        seen.read,
        seen.wrong
    );
    assert!(seen.calls > 0, "there is no call in {}", folder.display());
    let reference = reference().unwrap_or_default();
    for (name, (kind, scope)) in seen.facts {
        let Some(theirs) = reference.get(&name) else { continue };
        let changes = theirs["changes_node"] == true || ACTIONS.contains(&name.as_str());
        assert_eq!(kind == Kind::Action, changes, "{name}");
        assert_eq!(scope == Scope::Everywhere, theirs["offline_nodes"] == "called anyway", "{name}");
    }
}

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn folder() -> Option<std::path::PathBuf> {
    let folder = if crate::is_counted() { None } else { Corpus::default_folder().unwrap() };
    if folder.is_none() {
        eprintln!("skipped: there are no recorded calls at ../shared/corpus");
    }
    folder.filter(|folder| Path::new(folder).is_dir())
}
