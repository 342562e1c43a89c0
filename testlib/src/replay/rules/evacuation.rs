//! The evacuation of a group: what an allocator is asked, and what comes of it.

use std::collections::BTreeMap;
use std::rc::Rc;

use cmdlib::locking::Level;
use cmdlib::objects::Node;
use serde_json::{Value, json};

use super::Case;
use super::document::{self, Topic};
use super::expectation::{Expectation, Step};
use crate::replay::channels::{NodeCall, Outcome};
use crate::replay::trace::{LockName, env};

const HOOKS: &str = "hooks_runner";
const ASK_NODES: &str = "node_info";
const ASK_ALLOCATOR: &str = "iallocator_runner";
/// How long an allocator may take, in seconds.
const PATIENCE: f64 = 900.0;
/// The name that stands for the default allocator.
const DEFAULT: &str = ".";

fn called(case: &Case<'_>, procedure: &str) -> bool {
    case.trace.calls().any(|call| call.procedure == procedure)
}

/// Returns the names of the instances to be moved: those that are locked.
fn instances(case: &Case<'_>) -> Vec<String> {
    let held = case.recorded.locks.held.iter().flat_map(BTreeMap::keys);
    held.filter_map(|lock| match lock {
        (Level::Instance, LockName::One(name)) => Some(name.clone()),
        _ => None,
    })
    .collect()
}

fn topic(case: &Case<'_>) -> Topic {
    Topic::of(&instances(case), case.config)
}

/// Tells whether the reference began to ask what the allocator needs although there is nothing to place.
pub(super) fn nothing_to_place(case: &Case<'_>) -> bool {
    called(case, ASK_NODES) && instances(case).is_empty()
}

/// Tells whether the instances are on another template or hypervisor than the cluster's defaults, for which free room was
/// asked.
pub(super) fn of_other_kind(case: &Case<'_>) -> bool {
    called(case, ASK_NODES) && topic(case) != Topic::by_default(case.config)
}

/// Tells whether the run ended because a node told too little of itself.
pub(super) fn stopped_by_node(case: &Case<'_>) -> bool {
    let default = Topic::by_default(case.config);
    called(case, ASK_NODES) && !called(case, ASK_ALLOCATOR) && document::some_node_tells_too_little(case, &default)
}

/// Tells whether the allocator was told of a node that says nothing of the instances that run there.
pub(super) fn told_of_silent_node(case: &Case<'_>) -> bool {
    called(case, ASK_ALLOCATOR) && document::some_node_says_nothing(case)
}

/// Tells whether the allocator is named by the word that stands for the default.
pub(super) fn names_default_allocator(case: &Case<'_>) -> bool {
    case.text("iallocator") == Some(DEFAULT)
}

/// Tells whether the cluster has a default allocator.
pub(super) fn has_default_allocator(case: &Case<'_>) -> bool {
    !case.config.cluster.default_iallocator.is_empty()
}

/// Returns the name of the allocator to ask.
fn allocator(case: &Case<'_>) -> String {
    let named = case.text("iallocator").filter(|name| !name.is_empty() && *name != DEFAULT);
    named.unwrap_or(&case.config.cluster.default_iallocator).to_owned()
}

fn is(step: &Step, procedure: &str) -> bool {
    matches!(step, Step::Call(call) if call.procedure == procedure)
}

/// Returns the call of the scripts that run after, as it follows from that of those before.
fn after(before: &NodeCall) -> NodeCall {
    let mut after = before.clone();
    for args in after.nodes.values_mut() {
        let args = Rc::make_mut(args);
        args[1] = "post".into();
        if let Some(Value::Object(variables)) = args.get_mut(2) {
            let copies = env::copies(variables.iter());
            variables.extend(copies);
            variables.insert("GANETI_HOOKS_PHASE".to_owned(), "post".into());
        }
    }
    after
}

/// Nobody is asked, no job is submitted, and the run succeeds.
pub(super) fn nothing_done(wanted: &mut Expectation) {
    wanted.change_steps(|steps| {
        steps.retain(|step| is(step, HOOKS));
        if let [Step::Call(before)] = steps.as_slice() {
            let after = after(before);
            steps.push(Step::Call(after));
        }
    });
    let channels = wanted.channels_mut();
    channels.outcome = Outcome::Result(json!({"jobs": []}));
    channels.allocator.clear();
    channels.jobs.clear();
}

/// Nodes are asked for the room that the instances need, and the allocator is told what they answered.
pub(super) fn asks_for_own_kind(case: &Case<'_>, wanted: &mut Expectation) {
    let topic = topic(case);
    wanted.change_steps(|steps| {
        for step in steps {
            let Step::Call(call) = step else { continue };
            for (name, args) in call.nodes.iter_mut().filter(|_| call.procedure == ASK_NODES) {
                if let Ok(node) = case.config.named::<Node>(name) {
                    *args = Rc::new(topic.arguments(case.config, &node));
                }
            }
        }
    });
    nodes_told_anew(case, wanted);
}

/// The allocator is told what the answers of nodes are worth.
pub(super) fn nodes_told_anew(case: &Case<'_>, wanted: &mut Expectation) {
    for document in &mut wanted.channels_mut().allocator {
        document["nodes"] = document::nodes(case, &topic(case));
    }
}

/// The node that told too little counts as offline, and the allocator is asked; no answer of it was recorded, so the run
/// fails there.
pub(super) fn goes_on_without_node(case: &Case<'_>, wanted: &mut Expectation) -> Result<(), String> {
    let hooks = case.trace.calls().find(|call| call.procedure == HOOKS).and_then(|call| call.nodes.first());
    let targets = hooks.and_then(|node| node.args.get(2)?.get("GANETI_TARGET_GROUPS")?.as_str());
    let targets: Vec<&str> = targets.ok_or("scripts are told of the target groups")?.split_whitespace().collect();
    let request = json!({"type": "change-group", "instances": instances(case), "target_groups": targets});
    let document = document::whole(case, &topic(case), &request);
    let options = json!(case.config.cluster.default_iallocator_params);
    let args = Rc::new(vec![allocator(case).into(), Value::Null, options]);
    let call = NodeCall {
        procedure: ASK_ALLOCATOR.to_owned(),
        nodes: [(case.config.master_name(), args)].into(),
        timeout: Some(PATIENCE),
    };
    wanted.change_steps(|steps| steps.push(Step::Call(call)));
    wanted.channels_mut().allocator.push(document);
    wanted.channels_mut().outcome = Outcome::failed();
    Ok(())
}

/// The default allocator is asked.
pub(super) fn asks_default_allocator(case: &Case<'_>, wanted: &mut Expectation) {
    wanted.change_steps(|steps| {
        for step in steps.iter_mut().filter(|step| is(step, ASK_ALLOCATOR)) {
            let Step::Call(call) = step else { continue };
            for args in call.nodes.values_mut() {
                Rc::make_mut(args)[0] = allocator(case).into();
            }
        }
    });
}
