//! What is expected of our run: what was recorded, as corrections change it. Calls and writes stand in one sequence, since
//! a call tells a node about an instance as the writes before have made it.

use std::rc::Rc;

use serde_json::Value;

use super::Case;
use crate::replay::channels::{Channels, NodeCall};
use crate::replay::trace::Event;

/// A step of the run.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// Nodes are called.
    Call(NodeCall),
    /// The wanted state of an instance is written.
    Status(StatusWrite),
}

/// A change of the wanted state of an instance; what is not given stays. One that changes nothing writes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct StatusWrite {
    /// The index of the event, if it was recorded.
    pub(super) event: Option<usize>,
    pub(super) instance: String,
    pub(super) admin_state: Option<String>,
    pub(super) disks_active: Option<bool>,
    pub(super) source: Option<String>,
}

impl StatusWrite {
    pub(super) fn disks_active(instance: &str, active: bool) -> Self {
        Self { instance: instance.to_owned(), disks_active: Some(active), ..Self::default() }
    }

    fn recorded(event: usize, name: &str, args: &[Value]) -> Option<Self> {
        if name != "SetInstanceStatus" {
            return None;
        }
        let text = |index: usize| args.get(index).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            event: Some(event),
            instance: text(0)?,
            admin_state: text(1),
            disks_active: args.get(2).and_then(Value::as_bool),
            source: text(3),
        })
    }
}

pub(super) struct Expectation {
    channels: Channels,
    steps: Vec<Step>,
    /// Whether writes were changed, so that what follows from them has to be told anew.
    rewritten: bool,
}

impl Expectation {
    pub(super) fn recorded(case: &Case<'_>) -> Self {
        let mut calls = case.recorded.rpc.iter();
        let steps = case.trace.events.iter().enumerate().filter_map(|(index, event)| match event {
            Event::Call(_) => calls.next().cloned().map(Step::Call),
            Event::Daemon(name, args) => StatusWrite::recorded(index, name, args).map(Step::Status),
            _ => None,
        });
        Self { steps: steps.collect(), channels: case.recorded.clone(), rewritten: false }
    }

    pub(super) fn channels(&self) -> &Channels {
        &self.channels
    }

    /// The channels for a change; calls are changed by steps.
    pub(super) fn channels_mut(&mut self) -> &mut Channels {
        &mut self.channels
    }

    pub(super) fn into_channels(self) -> Channels {
        self.channels
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Changes the steps. What follows from changed writes follows when the correction is done.
    pub(super) fn change_steps(&mut self, change: impl FnOnce(&mut Vec<Step>)) {
        let writes = |steps: &[Step]| -> Vec<(usize, StatusWrite)> {
            let mut calls = 0;
            let mut out = Vec::new();
            for step in steps {
                match step {
                    Step::Call(_) => calls += 1,
                    Step::Status(write) => out.push((calls, write.clone())),
                }
            }
            out
        };
        let before = writes(&self.steps);
        change(&mut self.steps);
        self.rewritten |= before != writes(&self.steps);
    }

    /// Makes the channels follow from the steps.
    pub(super) fn settle(&mut self, case: &Case<'_>) {
        if self.rewritten {
            let mut instances: Vec<State> = Vec::new();
            for step in &mut self.steps {
                match step {
                    Step::Status(write) => State::of(&write.instance, &mut instances, case).write(write, case),
                    Step::Call(call) => instances.iter().for_each(|state| state.show(call)),
                }
            }
            for state in instances {
                state.show_changes(case, &mut self.channels);
            }
        }
        let calls = self.steps.iter().filter_map(|step| match step {
            Step::Call(call) => Some(call.clone()),
            Step::Status(_) => None,
        });
        self.channels.rpc = calls.collect();
    }
}

/// The state of an instance on its way through the writes.
struct State {
    instance: String,
    members: [(&'static str, Value); 5],
}

impl State {
    fn of<'a>(instance: &str, all: &'a mut Vec<Self>, case: &Case<'_>) -> &'a mut Self {
        let position = all.iter().position(|it| it.instance == instance).unwrap_or_else(|| {
            let document = &case.trace.config["instances"][instance];
            let members = ["admin_state", "admin_state_source", "disks_active", "serial_no", "mtime"];
            let members = members.map(|key| (key, document[key].clone()));
            all.push(Self { instance: instance.to_owned(), members });
            all.len() - 1
        });
        &mut all[position]
    }

    fn write(&mut self, write: &StatusWrite, case: &Case<'_>) {
        let wanted = [
            write.admin_state.as_deref().map(Value::from),
            write.source.as_deref().map(Value::from),
            write.disks_active.map(Value::from),
        ];
        let mut changed = false;
        for ((_, member), wanted) in self.members.iter_mut().zip(wanted) {
            if let Some(wanted) = wanted.filter(|wanted| wanted != member) {
                *member = wanted;
                changed = true;
            }
        }
        if changed {
            self.members[3].1 = Value::from(self.members[3].1.as_i64().unwrap_or(0) + 1);
            self.members[4].1 = Value::from(case.trace.now);
        }
    }

    /// Puts the state into the arguments that are the instance.
    fn show(&self, call: &mut NodeCall) {
        let is_it =
            |arg: &Value| arg.get("uuid") == Some(&self.instance.as_str().into()) && arg.get("beparams").is_some();
        for args in call.nodes.values_mut().filter(|args| args.iter().any(is_it)) {
            for arg in Rc::make_mut(args).iter_mut().filter(|arg| is_it(arg)) {
                for (key, value) in &self.members {
                    arg[*key] = value.clone();
                }
            }
        }
    }

    fn show_changes(&self, case: &Case<'_>, channels: &mut Channels) {
        for (key, value) in &self.members {
            let path = ["instances", self.instance.as_str(), key].map(str::to_owned).to_vec();
            let before = case.trace.config["instances"][&self.instance].get(*key);
            if before.unwrap_or(&Value::Null) == value {
                channels.changes.members.remove(&path);
            } else {
                channels.changes.members.insert(path, (before.cloned(), Some(value.clone())));
            }
        }
    }
}
