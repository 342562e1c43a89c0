//! What happened in a run, step by step, in one numbering: phases, locks, calls, hooks, changes, log lines.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::Location;
use std::rc::Rc;

use cmdlib::config::Written;
use cmdlib::hooks::Environment;
use cmdlib::iallocator::{Allocate, Request};
use cmdlib::jobs::Submission;
use cmdlib::locking::{Level, Lock, LockName, Mode};
use cmdlib::record::{Event, LogLine, NodeCall, Phase, Record};
use cmdlib::rpc::{AnyCall, Trouble};
use serde_json::Value;

use crate::diff::Changes;
use crate::heard::Asked;
use crate::names::Names;

/// The locks held at a moment.
pub(crate) type HeldNow = Rc<BTreeMap<(Level, LockName), Mode>>;

/// Something that happened.
#[derive(Debug)]
pub(crate) enum What {
    Locks {
        request: Vec<Lock>,
        minimum: Option<usize>,
        granted: Option<Vec<Lock>>,
    },
    Started,
    Released(Vec<Lock>),
    Downgraded(Vec<Lock>),
    Call {
        call: Box<dyn AnyCall>,
        nodes: Rc<[NodeCall]>,
    },
    Hooks {
        env: Environment,
    },
    Log(LogLine),
    Changed(Written),
    Jobs {
        jobs: Vec<Vec<Value>>,
        answers: Vec<Submission>,
    },
    Allocator {
        request: Box<Request>,
        document: Value,
    },
    Drawn {
        kind: &'static str,
        value: String,
    },
    Slept {
        seconds: f64,
    },
    Retry,
    /// The test changed the cluster, as another job would have done.
    Interference(Changes),
}

/// One step.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) number: usize,
    pub(crate) phase: Phase,
    pub(crate) what: What,
    pub(crate) at: &'static Location<'static>,
    pub(crate) held: HeldNow,
}

/// What happened, as text: [`std::fmt::Display`] shows one step a line.
#[derive(Debug, Default)]
pub struct Journal {
    pub(crate) steps: Vec<Step>,
    /// What the machine was asked, which is no step.
    pub(crate) asked: Vec<Asked>,
    /// The phase in which the run ended.
    pub(crate) ended_in: Option<Phase>,
    pub(crate) names: Names,
}

#[derive(Debug)]
struct State {
    steps: Vec<Step>,
    asked: Vec<Asked>,
    phase: Phase,
    ended_in: Option<Phase>,
    held: HeldNow,
}

/// Writes the journal while the run goes on.
#[derive(Debug)]
pub(crate) struct Recorder(RefCell<State>);

impl Default for Recorder {
    fn default() -> Self {
        let (steps, asked) = (Vec::new(), Vec::new());
        Self(RefCell::new(State { steps, asked, phase: Phase::Locks, ended_in: None, held: Rc::default() }))
    }
}

impl Recorder {
    /// Returns the number that the next step will have.
    pub(crate) fn next(&self) -> usize {
        self.0.borrow().steps.len() + 1
    }

    /// Returns the phase that the run is in.
    pub(crate) fn phase(&self) -> Phase {
        self.0.borrow().phase
    }

    #[track_caller]
    pub(crate) fn interference(&self, changes: Changes) {
        self.push(What::Interference(changes), Location::caller());
    }

    pub(crate) fn asked(&self, asked: Asked) {
        self.0.borrow_mut().asked.push(asked);
    }

    fn push(&self, what: What, at: &'static Location<'static>) {
        let mut state = self.0.borrow_mut();
        let step = Step { number: state.steps.len() + 1, phase: state.phase, what, at, held: Rc::clone(&state.held) };
        state.steps.push(step);
    }

    fn lock(&self, change: impl FnOnce(&mut BTreeMap<(Level, LockName), Mode>)) {
        change(Rc::make_mut(&mut self.0.borrow_mut().held));
    }

    /// Returns the journal, and begins a new one.
    pub(crate) fn finish(&self, names: Names) -> Journal {
        let mut state = self.0.borrow_mut();
        let (steps, asked) = (std::mem::take(&mut state.steps), std::mem::take(&mut state.asked));
        Journal { steps, asked, ended_in: state.ended_in.take(), names }
    }
}

fn key(lock: &Lock) -> (Level, LockName) {
    (lock.level, lock.name.clone())
}

impl Record for Recorder {
    fn note(&self, event: &Event<'_>, at: &'static Location<'static>) {
        let what = match event {
            Event::Phase(phase) => {
                let before = std::mem::replace(&mut self.0.borrow_mut().phase, *phase);
                if *phase == Phase::CleanUp {
                    self.0.borrow_mut().ended_in = Some(before);
                }
                return;
            }
            Event::Locks { request, minimum, granted } => {
                let granted = granted.map(<[Lock]>::to_vec);
                self.lock(|held| held.extend(granted.iter().flatten().map(|lock| (key(lock), lock.mode))));
                What::Locks { request: request.to_vec(), minimum: *minimum, granted }
            }
            Event::Started(_) => What::Started,
            Event::Released { level, locks } => {
                self.lock(|held| {
                    held.retain(|(of, name), _| of != level || !locks.iter().any(|lock| lock.name == *name));
                });
                What::Released(locks.to_vec())
            }
            Event::Downgraded { locks, .. } => {
                self.lock(|held| held.extend(locks.iter().map(|lock| (key(lock), lock.mode))));
                What::Downgraded(locks.to_vec())
            }
            Event::Freed { level, .. } => {
                self.lock(|held| held.retain(|(of, _), _| of != level));
                return;
            }
            Event::Call(call) => What::Call { call: call.call.boxed(), nodes: Rc::clone(call.nodes) },
            Event::Hooks { env } => What::Hooks { env: (*env).clone() },
            Event::Log(line) => What::Log((*line).clone()),
            Event::Changed(written) => What::Changed((*written).clone()),
            Event::Jobs { jobs, answers } => What::Jobs { jobs: jobs.to_vec(), answers: answers.to_vec() },
            Event::Allocator { request, document } => {
                What::Allocator { request: Box::new((*request).clone()), document: (*document).clone() }
            }
            Event::Drawn { kind, value } => What::Drawn { kind, value: (*value).to_owned() },
            Event::Slept { seconds } => What::Slept { seconds: *seconds },
            Event::Retry => What::Retry,
        };
        self.push(what, at);
    }
}

/// Returns a lock as a test author writes it: `node-res/node1 exclusive`.
pub(crate) fn lock_text(lock: &Lock, names: &Names) -> String {
    let name = match &lock.name {
        LockName::All => "(all)".to_owned(),
        LockName::One(name) => names.name(name),
    };
    format!("{}/{name} {}", lock.level, lock.mode)
}

/// Returns a list of locks on one line.
fn locks_text(locks: &[Lock], names: &Names) -> String {
    let texts: Vec<String> = locks.iter().map(|lock| lock_text(lock, names)).collect();
    texts.join(", ")
}

/// Returns a call as a test author reads it: `blockdev_assemble(web1) @node1`.
pub(crate) fn call_text(call: &dyn AnyCall, node: Option<&str>, names: &Names) -> String {
    let about = call.instance().map(|name| names.name(&name)).unwrap_or_default();
    let node = node.map(|node| format!(" @{}", names.name(node))).unwrap_or_default();
    format!("{}({about}){node}", call.procedure())
}

fn answer_text(answer: &Result<Value, Trouble>) -> Option<String> {
    match answer {
        Ok(_) => None,
        Err(Trouble::Refused(text)) => Some(format!("refused: {text}")),
        Err(other) => Some(other.to_string()),
    }
}

impl Step {
    /// Returns what happened, in one or more lines.
    fn lines(&self, names: &Names) -> Vec<String> {
        let one = |kind: &str, text: String| vec![format!("{kind:<8}{text}")];
        match &self.what {
            What::Locks { request, minimum, granted } => {
                let asked = locks_text(request, names);
                match (minimum, granted) {
                    (_, None) => one("lock", format!("{asked}: not granted")),
                    (None, Some(_)) => one("lock", asked),
                    (Some(minimum), Some(granted)) => {
                        one("lock", format!("at least {minimum} of {asked}: got {}", locks_text(granted, names)))
                    }
                }
            }
            What::Started => one("start", "all locks are held".to_owned()),
            What::Released(locks) => one("release", locks_text(locks, names)),
            What::Downgraded(locks) => one("share", locks_text(locks, names)),
            What::Call { call, nodes } => call_lines(&**call, nodes, names),
            What::Hooks { env } => {
                let of = |name: &str| env.get(name).map_or("", String::as_str);
                one("hooks", format!("{} {}", of("GANETI_HOOKS_PATH"), of("GANETI_HOOKS_PHASE")))
            }
            What::Log(line) => one("log", format!("{}: {}", line.kind.as_str(), names.readable(&line.text))),
            What::Changed(written) => Changes::between(&written.before, &written.after)
                .lines(names)
                .into_iter()
                .map(|line| format!("{:<8}{line}", "config"))
                .collect(),
            What::Jobs { jobs, answers } => {
                let line = |(job, answer): (&Vec<Value>, &Submission)| {
                    let ops: Vec<String> = job.iter().map(|op| op_text(op, names)).collect();
                    let rejected = match answer {
                        Submission::Accepted(_) => String::new(),
                        Submission::Rejected(why) => format!(": rejected: {why}"),
                        Submission::Unclear(_, told) => format!(": neither taken nor rejected: {told}"),
                    };
                    format!("{:<8}{}{rejected}", "job", ops.join(", "))
                };
                jobs.iter().zip(answers).map(line).collect()
            }
            What::Allocator { request, .. } => one("ask", request_text(request, names)),
            What::Drawn { kind, value } => one("draw", format!("{kind} {}", names.name(value))),
            What::Slept { seconds } => one("sleep", format!("{seconds} s")),
            What::Retry => one("retry", "the unit prepares another attempt".to_owned()),
            What::Interference(changes) => {
                changes.lines(names).into_iter().map(|line| format!("{:<8}{line}", "another")).collect()
            }
        }
    }
}

fn call_lines(call: &dyn AnyCall, nodes: &[NodeCall], names: &Names) -> Vec<String> {
    let good: Vec<String> = nodes.iter().filter(|it| it.answer.is_ok()).map(|it| names.name(&it.name)).collect();
    let mut lines = Vec::new();
    if !good.is_empty() {
        lines.push(format!("{:<8}{} @{}", "call", call_text(call, None, names), good.join(", @")));
    }
    for node in nodes {
        if let Some(why) = answer_text(&node.answer) {
            lines.push(format!("{:<8}{}: {}", "call", call_text(call, Some(&node.name), names), names.readable(&why)));
        }
    }
    lines
}

/// Returns an opcode as a test author reads it: `OP_INSTANCE_MIGRATE(web1)`.
pub(crate) fn op_text(op: &Value, names: &Names) -> String {
    let member = |key: &str| op.get(key).and_then(Value::as_str);
    let id = member("OP_ID").unwrap_or("?");
    let about = ["instance_name", "node_name", "group_name", "network_name", "name"].into_iter().find_map(member);
    format!("{id}({})", about.map(|name| names.name(name)).unwrap_or_default())
}

/// Returns a request to the allocator as a test author reads it: `change-group of web1 to default`.
pub(crate) fn request_text(request: &Request, names: &Names) -> String {
    let list = |all: &mut dyn Iterator<Item = &str>| all.map(|it| names.name(it)).collect::<Vec<_>>().join(", ");
    let texts = |all: &[String]| list(&mut all.iter().map(String::as_str));
    match request {
        Request::Allocate(request) => allocate_text("allocate of ", request, names),
        Request::AllocateSecondary(request) => format!("allocate-secondary of {}", names.name(&request.instance)),
        Request::MultiAllocate(request) => {
            let each: Vec<String> = request.instances.iter().map(|it| allocate_text("", it, names)).collect();
            format!("multi-allocate of {}", each.join("; "))
        }
        Request::Relocate(request) => {
            let from = list(&mut request.from.iter().map(|id| id.as_str()));
            format!("relocate of {} from {from}", names.name(request.instance.as_str()))
        }
        Request::NodeEvacuate(request) => {
            let soft = if request.ignore_soft_errors { ", soft errors ignored" } else { "" };
            format!("node-evacuate of {} ({}{soft})", texts(&request.instances), request.mode.as_str())
        }
        Request::ChangeGroup(request) => {
            let groups = list(&mut request.targets.iter().map(|id| id.as_str()));
            let groups = if groups.is_empty() { "any group" } else { &groups };
            format!("change-group of {} to {groups}", texts(&request.instances))
        }
    }
}

/// Returns what an instance needs: `web1 (drbd 1024 MiB, memory 128 MiB) in rack-b on any of node1, node2`.
fn allocate_text(kind: &str, request: &Allocate, names: &Names) -> String {
    let disks: String = request.disks.iter().map(|disk| format!(" {} MiB", disk.size)).collect();
    let (name, memory) = (names.name(&request.name), request.memory);
    let mut text = format!("{kind}{name} ({}{disks}, memory {memory} MiB)", request.template);
    if let Some(group) = &request.group {
        text += &format!(" in {}", names.name(group));
    }
    if let Some(nodes) = &request.nodes {
        let nodes: Vec<String> = nodes.iter().map(|node| names.name(node)).collect();
        text += &if nodes.is_empty() { " on none".to_owned() } else { format!(" on any of {}", nodes.join(", ")) };
    }
    text
}

/// Returns a place in the code under test without what all of it has in common.
pub(crate) fn place_text(at: &Location<'_>) -> String {
    let file = at.file();
    let short = file.rsplit_once("/src/").map_or(file, |(_, rest)| rest);
    format!("{short}:{}", at.line())
}

impl Journal {
    /// Returns the steps as lines, with the place in the code under test.
    pub(crate) fn lines(&self, places: bool) -> Vec<String> {
        let mut lines = Vec::new();
        for step in &self.steps {
            for (index, text) in step.lines(&self.names).into_iter().enumerate() {
                let number = if index == 0 { step.number.to_string() } else { String::new() };
                let mut line = format!("{number:>3} {:<10} {text}", step.phase.as_str());
                if places && index == 0 && shows_place(&step.what) {
                    line += &format!("   [{}]", place_text(step.at));
                }
                lines.push(line);
            }
        }
        lines
    }
}

fn shows_place(what: &What) -> bool {
    matches!(what, What::Call { .. } | What::Log(_) | What::Changed(_) | What::Jobs { .. } | What::Released(_))
}

impl std::fmt::Display for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lines = self.lines(false);
        // Inline literals lose what all their lines begin with, so a story must not begin with blanks either.
        let blank = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
        lines.iter().try_for_each(|line| writeln!(f, "{}", &line[blank..]))
    }
}
