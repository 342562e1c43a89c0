//! Recording a run as one line of JSON, which `replay` takes. The line holds its configuration, and its objects keep the order
//! of their members, since our configuration does.
//!
//! ```
//! use cmdlib::op;
//! use testlib::{LuTest, replay};
//!
//! let mut t = LuTest::new();
//! let run = t.run(op::TagsSet { name: None, ..op::TagsSet::new(op::TagKind::Cluster, ["rack:1"]) }).succeeded();
//! replay::trace(&run.record().unwrap());
//! ```

use std::fmt;

use cmdlib::field::Field;
use cmdlib::hooks::FailedScript;
use cmdlib::locking::{Level, Lock, LockName, Strategy};
use cmdlib::processor::Ended;
use cmdlib::record::{LogKind, LogLine, NodeCall};
use cmdlib::rpc::{AnyCall, Trouble};
use serde_json::{Map, Value, json};

use crate::bench::Once;
use crate::host::BEGIN;
use crate::journal::{Journal, Step, What};
use crate::replay::{BENCH, Changes};
use crate::run::Judged;

/// The call whose second argument is a document as text.
const ALLOCATOR: &str = "iallocator_runner";
/// Clocks that differ by less are equal.
const TOLERANCE: f64 = 1e-6;

impl Judged {
    /// Returns the run as a trace: one line of JSON, which `replay::trace` replays. It holds what was given, secrets too.
    ///
    /// Of the two ways of taking locks it shows the timed one, unless the test had `only` the other. It shows what happened,
    /// right or wrong: a bug becomes a test when `outcome` is replaced by what should have been.
    ///
    /// # Errors
    /// Something happened that a trace has no place for: the test changed the cluster during the run, time passed while a
    /// node answered, a script gave an error that no node can give, or it was no opcode that ran. The text says which.
    pub fn record(&self) -> Result<String, String> {
        let thread = std::thread::current();
        // The main thread runs tests as well, and has no test's name.
        line(&self.once, thread.name().filter(|name| *name != "main")).map_err(|why| why.to_string())
    }
}

/// What a trace has no place for.
#[derive(Debug, PartialEq)]
pub(crate) enum NoPlace {
    /// It was no opcode that ran.
    Stage,
    /// The test changed the cluster, in this step.
    Interference(usize),
    /// So many seconds passed while nodes answered.
    Time(f64),
    /// An error that no node gives, in this step: the call and the node.
    Answer(usize, &'static str, String),
    /// The socket that ends a wait did not open.
    Socket,
    /// The test injected a fault.
    Injected,
}

impl NoPlace {
    /// Returns its kind, to be counted.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Stage => "a stage without opcode",
            Self::Interference(_) => "interference during the run",
            Self::Time(_) => "time passed while nodes answered",
            Self::Answer(..) => "an error that no node gives",
            Self::Socket => "a socket that did not open",
            Self::Injected => "an injected fault",
        }
    }
}

impl fmt::Display for NoPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stage => f.write_str("a stage of the test's own has no opcode: a trace needs one"),
            Self::Interference(step) => write!(
                f,
                "the cluster was changed from outside in step {step}: a trace has one configuration to begin with, and can't \
                 tell of such changes"
            ),
            Self::Time(seconds) => {
                write!(f, "{seconds} seconds passed while nodes answered: in a trace the clock stands still then")
            }
            Self::Answer(step, call, node) => write!(
                f,
                "in step {step} the script answers {call} on {node} with an error that no node gives: let it reply what is \
                 malformed, or say no"
            ),
            Self::Socket => f.write_str("the socket that ends a wait did not open: in a trace it always does"),
            Self::Injected => {
                f.write_str("the test injected a fault: a trace has no place for what storage, queue or machine refuse")
            }
        }
    }
}

/// Returns a run as a trace: one line of JSON. `by` is the test, or what else ran it.
pub(crate) fn line(once: &Once, by: Option<&str>) -> Result<String, NoPlace> {
    if once.op.is_null() {
        return Err(NoPlace::Stage);
    }
    if once.injected {
        return Err(NoPlace::Injected);
    }
    let events = events(&once.journal)?;
    time_told(once)?;
    let config = once.before.write();
    let changes = if once.after.same_as(&once.before) { Vec::new() } else { changes(&config, &once.after.write()) };
    let short = by.and_then(|by| by.rsplit("::").next()).unwrap_or(BENCH);
    let trace = json!({
        "id": format!("{}-{short}", once.unit),
        "origin": by.map_or_else(|| BENCH.to_owned(), |by| format!("{BENCH}:{by}")),
        "lu": once.unit,
        "op": once.op,
        "config": config,
        "mode": if once.strategy == Strategy::Blocking { "blocking" } else { "timed" },
        "now": BEGIN,
        "events": events,
        "outcome": outcome(&once.ended, &once.journal),
        "changes": changes,
    });
    Ok(trace.to_string())
}

fn events(journal: &Journal) -> Result<Vec<Value>, NoPlace> {
    let mut events = Vec::new();
    let mut asked = journal.asked.iter().peekable();
    for step in &journal.steps {
        while let Some(asked) = asked.next_if(|asked| asked.before <= step.number) {
            events.push(asked.event().ok_or(NoPlace::Socket)?);
        }
        events.extend(event(step)?);
    }
    for asked in asked {
        events.push(asked.event().ok_or(NoPlace::Socket)?);
    }
    events.extend(freed(journal));
    Ok(events)
}

fn event(step: &Step) -> Result<Option<Value>, NoPlace> {
    Ok(Some(match &step.what {
        What::Locks { request, minimum: None, granted } => {
            json!({"locks": locks(request, None), "call": "wait", "granted": granted.is_some()})
        }
        What::Locks { request, minimum: Some(minimum), granted } => {
            let names = |granted: &Vec<Lock>| granted.iter().map(lock_name).collect();
            let granted = granted.as_ref().map_or(Value::Bool(false), names);
            json!({"locks": locks(request, None), "call": "opportunistic", "count": minimum, "granted": granted})
        }
        What::Started => json!({"start": true}),
        What::Released(gone) => json!({"locks": locks(gone, Some("release")), "call": "try", "granted": true}),
        What::Downgraded(now) => match now.first() {
            Some(first) => given_back("downgrade_level", first.level, locks(now, None)),
            None => return Ok(None),
        },
        What::Call { call, nodes } => call_event(step.number, &**call, nodes)?,
        // They are arguments of the calls that follow.
        What::Hooks { .. } | What::Allocator { .. } => return Ok(None),
        What::Log(line) => log(line),
        What::Changed(_) => json!({"wconfd": "WriteConfig", "args": []}),
        What::Jobs { jobs, answers } => json!({"jobs": jobs, "ids": answers.write()}),
        What::Drawn { kind, value } => json!({"random": kind, "value": value}),
        What::Slept { seconds } => json!({"sleep": seconds}),
        What::Retry => json!({"retry": true}),
        What::Interference(_) => return Err(NoPlace::Interference(step.number)),
    }))
}

fn lock_name(lock: &Lock) -> String {
    match &lock.name {
        LockName::All => format!("{}/[lockset]", lock.level),
        LockName::One(name) => format!("{}/{name}", lock.level),
    }
}

/// Returns locks, each with its mode or with what else is done to it.
fn locks(locks: &[Lock], kind: Option<&str>) -> Value {
    let kind_of = |lock: &Lock| kind.map_or_else(|| lock.mode.to_string(), str::to_owned);
    locks.iter().map(|lock| json!([lock_name(lock), kind_of(lock)])).collect()
}

fn given_back(call: &str, level: Level, locks: Value) -> Value {
    json!({"locks": locks, "call": call, "level": level.as_str()})
}

/// Returns how the locks that were held at the end are given back, the highest level first.
fn freed(journal: &Journal) -> Vec<Value> {
    let held = journal.steps.last().map(|step| &*step.held);
    let of_level = |level: Level| {
        let held = held.into_iter().flatten().filter(|((of, _), _)| *of == level);
        held.map(|((level, name), mode)| Lock { level: *level, name: name.clone(), mode: *mode }).collect::<Vec<_>>()
    };
    let levels = Level::ALL.into_iter().rev().chain([Level::Cluster]);
    let held = levels.map(|level| (level, of_level(level))).filter(|(_, held)| !held.is_empty());
    held.map(|(level, held)| given_back("free_level", level, locks(&held, Some("release")))).collect()
}

fn call_event(number: usize, call: &dyn AnyCall, nodes: &[NodeCall]) -> Result<Value, NoPlace> {
    let mut event = json!({
        "rpc": call.procedure(),
        "nodes": nodes.iter().map(|it| json!([it.node.as_str(), it.name, it.contacted])).collect::<Value>(),
    });
    let of_node = |it: &NodeCall, value: Value| (it.node.to_string(), value);
    let args = |it: &NodeCall| wire_args(call.procedure(), &it.args);
    if nodes.iter().all(|it| it.args == nodes[0].args) {
        event["args"] = nodes.first().map_or_else(|| json!([]), args);
    } else {
        event["args_per_node"] = nodes.iter().map(|it| of_node(it, args(it))).collect::<Map<_, _>>().into();
    }
    let mut answers = Map::new();
    for it in nodes {
        answers.extend([of_node(
            it,
            answer(it).ok_or_else(|| NoPlace::Answer(number, call.procedure(), it.name.clone()))?,
        )]);
    }
    event["answers"] = answers.into();
    event["timeout"] = call.seconds().into();
    Ok(event)
}

fn wire_args(procedure: &str, args: &[Value]) -> Value {
    let mut args = args.to_vec();
    if procedure == ALLOCATOR
        && let Some(document) = args.get(1).and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok())
    {
        let document: Value = document;
        args[1] = json!({"$json": document});
    }
    args.into()
}

/// Returns an answer as traces have it; none if no node can give it.
fn answer(node: &NodeCall) -> Option<Value> {
    Some(match &node.answer {
        Ok(payload) => json!({"ok": payload}),
        Err(Trouble::Refused(text)) => json!({"fail": text}),
        Err(Trouble::Unreachable(text)) => json!({"failed": text}),
        Err(Trouble::Offline) => json!({"offline": true}),
        Err(Trouble::NotSent(text)) if !node.contacted => json!({"failed": text}),
        Err(Trouble::Malformed(_) | Trouble::NotSent(_)) => return None,
    })
}

fn log(line: &LogLine) -> Value {
    let text = &line.text;
    let text = match line.kind {
        LogKind::Info => format!(" - INFO: {text}"),
        LogKind::Warning => format!(" - WARNING: {text}"),
        LogKind::Hint => format!("      Hint: {text}"),
        LogKind::Step => format!("STEP {text}"),
        LogKind::Message => text.clone(),
        LogKind::DelayTest => return json!({"log": ["delay-test", [text]]}),
    };
    json!({"log": ["message", text]})
}

fn outcome(ended: &Ended, journal: &Journal) -> Value {
    let error = |code: Option<&str>, text: &str| json!({"error": ended.class(), "code": code, "text": text});
    match ended {
        Ended::Success(result) => json!({"result": result}),
        Ended::Refused(refusal) => error(Some(refusal.code.as_str()), &refusal.text),
        Ended::Failed(failure) => error(None, &failure.text),
        Ended::HooksAborted(scripts) => {
            let script = |it: &FailedScript| json!([it.node, it.script, it.output]);
            let mut aborted = error(None, &ended.to_string());
            aborted["args"] = json!([scripts.iter().map(script).collect::<Value>()]);
            aborted
        }
        Ended::LockTimeout => json!({"lock_timeout": true}),
        Ended::BadResult(why) => error(None, why),
        Ended::OpCodeUnknown(why) => error(None, &why.to_string()),
        Ended::Internal(why) => {
            let place = journal.ended_in.map_or("a phase that is not known", |phase| phase.as_str());
            json!({"crash": "InternalError", "text": why, "where": place})
        }
    }
}

fn changes(before: &Value, after: &Value) -> Vec<Value> {
    let change = |(path, (old, new)): (Vec<String>, (Option<Value>, Option<Value>))| {
        let mut change = json!({"path": with_indexes(path, before)});
        for (key, value) in [("before", old), ("after", new)] {
            if let Some(value) = value {
                change[key] = value;
            }
        }
        change
    };
    Changes::between(before, after).members.into_iter().map(change).collect()
}

/// Returns a path with numbers where it leads into a list.
fn with_indexes(path: Vec<String>, document: &Value) -> Value {
    let mut place = Some(document);
    let step = |key: String| {
        let list = place.and_then(Value::as_array);
        let index = list.and_then(|_| key.parse::<usize>().ok());
        place = place.and_then(|place| index.map_or_else(|| place.get(&key), |index| place.get(index)));
        index.map_or_else(|| Value::from(key), Value::from)
    };
    path.into_iter().map(step).collect()
}

/// Checks that the time that passed is all told by events.
fn time_told(once: &Once) -> Result<(), NoPlace> {
    // A wait for locks that were not granted ends the run: nothing in the trace comes after it.
    let in_vain = |step: &Step| matches!(&step.what, What::Locks { granted: None, .. });
    if once.journal.steps.iter().any(in_vain) {
        return Ok(());
    }
    let slept =
        once.journal.steps.iter().map(|step| if let What::Slept { seconds } = step.what { seconds } else { 0.0 });
    let told = slept.chain(once.journal.asked.iter().map(|asked| asked.took)).sum::<f64>();
    let untold = once.seconds - told;
    if untold.abs() < TOLERANCE {
        return Ok(());
    }
    Err(NoPlace::Time(untold))
}

#[cfg(test)]
mod tests {
    use cmdlib::rpc::{Argument, TestDelay};

    use super::*;

    fn called(node: &str, args: Value, answer: Result<Value, Trouble>) -> NodeCall {
        let contacted = !matches!(answer, Err(Trouble::NotSent(_) | Trouble::Offline));
        let args = args.as_array().into_iter().flatten().cloned().map(Argument::from).collect();
        NodeCall { node: node.into(), name: format!("{node}.example.com"), contacted, args, answer }
    }

    #[test]
    fn arguments_that_differ_from_node_to_node_are_told_for_each() {
        let nodes = [
            called("n1", json!([1]), Ok(Value::Null)),
            called("n2", json!([2]), Err(Trouble::Offline)),
            called("n3", json!([]), Err(Trouble::NotSent("it is gone".to_owned()))),
        ];
        let event = call_event(1, &TestDelay { duration: 1.0 }, &nodes);
        let wanted = json!({
            "rpc": "test_delay",
            "nodes": [["n1", "n1.example.com", true], ["n2", "n2.example.com", false], ["n3", "n3.example.com", false]],
            "args_per_node": {"n1": [1], "n2": [2], "n3": []},
            "answers": {"n1": {"ok": null}, "n2": {"offline": true}, "n3": {"failed": "it is gone"}},
            "timeout": 6.0,
        });
        assert_eq!(event, Ok(wanted));
    }

    #[test]
    fn paths_have_numbers_where_they_lead_into_lists() {
        let document = |mode: &str| json!({"nics": [{}, {"1": {"mode": mode}}], "uuid": "x"});
        let mut after = document("routed");
        after["new"] = json!(1);
        let wanted = [
            json!({"path": ["new"], "after": 1}),
            json!({"path": ["nics", 1, "1", "mode"], "before": "bridged", "after": "routed"}),
        ];
        assert_eq!(changes(&document("bridged"), &after), wanted);
    }
}
