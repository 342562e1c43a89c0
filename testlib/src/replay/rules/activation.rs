//! How the recorded runs bring the disks of an instance up and down: where the reference goes wrong there, and what it does
//! instead when it goes right.

use serde_json::Value;

use super::Case;
use super::expectation::{StatusWrite, Step};
use crate::replay::channels::NodeCall;
use crate::replay::trace::{Answer, Call, Event};

const ASSEMBLE: &str = "blockdev_assemble";
const SHUTDOWN: &str = "blockdev_shutdown";

fn is_first_pass(args: Option<&[Value]>) -> bool {
    args.and_then(|args| args.get(2)).and_then(Value::as_bool) == Some(false)
}

fn first_pass<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a Call> {
    let assemblies = case.trace.calls().filter(|call| call.procedure == ASSEMBLE);
    assemblies.filter(|call| is_first_pass(call.nodes.first().map(|node| node.args.as_slice())))
}

/// Tells whether a device could not be made available on some node in the first pass, which alone is reason to fail.
pub(super) fn first_pass_fails(case: &Case<'_>) -> bool {
    let ignored = case.flag("force") || case.flag("ignore_secondaries");
    let primary = case.instance().map(|instance| instance.primary_node.to_string());
    !ignored
        && first_pass(case).flat_map(|call| &call.nodes).any(|node| match &node.answer {
            Answer::Ok(_) => false,
            Answer::Offline => Some(&node.key) == primary.as_ref(),
            Answer::Fail(_) | Answer::Failed(_) => true,
        })
}

fn is(step: &Step, procedure: &str) -> bool {
    matches!(step, Step::Call(call) if call.procedure == procedure)
}

fn is_second_pass(step: &Step) -> bool {
    let first = |call: &NodeCall| is_first_pass(call.nodes.values().next().map(|args| args.as_slice()));
    matches!(step, Step::Call(call) if call.procedure == ASSEMBLE && !call.nodes.is_empty() && !first(call))
}

/// Leaves the second pass out.
pub(super) fn without_second_pass(steps: &mut Vec<Step>) {
    steps.retain(|step| !is_second_pass(step));
}

/// Lets an activation whose second pass failed end as it should: that pass goes on for the other disks, then everything is
/// taken down and marked inactive.
pub(super) fn failed_second_pass(case: &Case<'_>, steps: &mut Vec<Step>) {
    let Some(instance) = case.instance() else { return };
    let primary = case.config.node_name(&instance.primary_node);
    without_second_pass(steps);
    let first: Vec<NodeCall> = steps
        .iter()
        .filter(|step| is(step, ASSEMBLE))
        .filter_map(|step| if let Step::Call(call) = step { Some(call.clone()) } else { None })
        .collect();
    for call in first.iter().filter(|call| call.nodes.contains_key(&primary)) {
        let mut call = call.clone();
        for args in call.nodes.values_mut() {
            std::rc::Rc::make_mut(args)[2] = true.into();
        }
        steps.push(Step::Call(call));
    }
    steps.push(Step::Status(StatusWrite::disks_active(instance.uuid.as_str(), false)));
    for mut call in first {
        SHUTDOWN.clone_into(&mut call.procedure);
        for args in call.nodes.values_mut() {
            std::rc::Rc::make_mut(args).truncate(1);
        }
        steps.push(Step::Call(call));
    }
}

/// Returns the events that mark disks inactive although one of them could then not be taken down. Disks that are taken
/// down because their activation failed are none of these: they are inactive anyway.
fn false_marks(case: &Case<'_>) -> Vec<usize> {
    let primary = case.instance().map(|instance| instance.primary_node.to_string());
    let mut found = Vec::new();
    let (mut last_call, mut mark) = ("", None);
    for (index, event) in case.trace.events.iter().enumerate() {
        match event {
            Event::Daemon(..) => mark = Some(index).filter(|_| last_call != ASSEMBLE),
            Event::Call(call) => {
                let bad = call.nodes.iter().any(|node| match &node.answer {
                    Answer::Ok(_) => false,
                    Answer::Offline => Some(&node.key) == primary.as_ref(),
                    Answer::Fail(_) | Answer::Failed(_) => true,
                });
                if call.procedure == SHUTDOWN && bad {
                    found.extend(mark);
                }
                last_call = &call.procedure;
            }
            _ => {}
        }
    }
    found.dedup();
    found
}

/// Tells whether a device could not be taken down.
pub(super) fn disk_stays_up(case: &Case<'_>) -> bool {
    !false_marks(case).is_empty()
}

/// Leaves out the writes that mark disks inactive of which a device could not be taken down.
pub(super) fn without_false_marks(case: &Case<'_>, steps: &mut Vec<Step>) {
    let wrong = false_marks(case);
    steps
        .retain(|step| !matches!(step, Step::Status(write) if write.event.is_some_and(|event| wrong.contains(&event))));
}

/// Cuts the steps after the last call that takes a disk down.
pub(super) fn until_disks_are_down(steps: &mut Vec<Step>) {
    let last = steps.iter().rposition(|step| is(step, SHUTDOWN));
    steps.truncate(last.map_or(0, |last| last + 1));
}
