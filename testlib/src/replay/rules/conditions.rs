//! Conditions: when a defect of the reference shows in a trace. They look at what was recorded, never at our run, so that no
//! fault of ours can excuse itself.

use cmdlib::locking::Level;
use serde_json::Value;

use super::named::{Named, Use};
use super::{Case, activation, evacuation, networks, systems, tags, volumes};
use crate::replay::json::same;
use crate::replay::trace::{Answer, Ending, Event, LockCall};

/// A condition, with its arguments.
pub(crate) type Condition = fn(&Case<'_>, &[String]) -> bool;

impl Use<Condition> {
    pub(super) fn holds(&self, case: &Case<'_>) -> bool {
        (self.named.function)(case, &self.args) != self.negated
    }
}

const fn named(name: &'static str, arguments: usize, function: Condition) -> Named<Condition> {
    Named { name, arguments, function }
}

/// All conditions.
pub(super) const TABLE: &[Named<Condition>] = &[
    named("always", 0, |_, _| true),
    // How it ended.
    named("class", 1, |case, args| error(case).is_some_and(|(class, _)| class == args[0])),
    named("code", 1, |case, args| error(case).is_some_and(|(_, code)| code == Some(&args[0]))),
    named("no_code", 0, |case, _| error(case) == Some(("OpPrereqError", None))),
    named("crash_in", 2, |case, args| {
        let parts = |class: &str, place: &str| class == args[0] && place.ends_with(&format!(" in {}", args[1]));
        matches!(&case.trace.ending, Ending::Crash { class, place, .. } if parts(class, place))
    }),
    named("succeeds", 0, |case, _| matches!(case.trace.ending, Ending::Result(_))),
    // How far it got.
    named("started", 0, |case, _| case.trace.started()),
    named("pre_hooks_ran", 0, |case, _| case.trace.calls().any(|call| call.procedure == "hooks_runner")),
    named("asks_instance_lock", 0, |case, _| {
        case.recorded.locks.asked.iter().any(|(level, ..)| *level == Level::Instance)
    }),
    named("waits_in_vain_for", 1, |case, args| waits_in_vain(case, &args[0])),
    named("nothing_changed", 0, |case, _| case.recorded.changes.is_empty()),
    named("call_fails", 1, |case, args| {
        let bad = |answer: &Answer| !matches!(answer, Answer::Ok(_));
        let mut calls = case.trace.calls().filter(|call| call.procedure == args[0]);
        calls.any(|call| call.nodes.iter().any(|node| bad(&node.answer)))
    }),
    // The opcode.
    named("flag", 1, |case, args| case.flag(&args[0])),
    named("off", 1, |case, args| case.param(&args[0]) == Some(&Value::Bool(false))),
    named("not_positive", 1, |case, args| case.param(&args[0]).and_then(Value::as_f64).is_some_and(|it| it <= 0.0)),
    named("given", 1, |case, args| case.param(&args[0]).is_some_and(|value| !value.is_null())),
    named("empty", 1, |case, args| case.param(&args[0]).and_then(Value::as_array).is_some_and(Vec::is_empty)),
    named("repeats", 1, |case, args| case.param(&args[0]).and_then(Value::as_array).is_some_and(|all| repeats(all))),
    named("tag_misspelt", 0, |case, _| tags::misspelt(case)),
    named("all_tags_there", 0, |case, _| tags::all_there(case)),
    named("too_many_tags", 0, |case, _| tags::too_many(case)),
    named("name_has_blanks", 0, |case, _| networks::name_has_blanks(case)),
    named("gateway6_outside", 0, |case, _| networks::gateway6_outside(case)),
    named("no_pool_possible", 0, |case, _| networks::unfit(case)),
    named("unknown_os_field", 0, |case, _| systems::unknown_field(case)),
    named("names_default_allocator", 0, |case, _| evacuation::names_default_allocator(case)),
    // The configuration before.
    named("has_default_allocator", 0, |case, _| evacuation::has_default_allocator(case)),
    named("forthcoming", 0, |case, _| case.instance().is_some_and(|instance| instance.forthcoming)),
    named("primary_offline", 0, |case, _| {
        let node = case.instance().and_then(|instance| case.config.get(&instance.primary_node).ok());
        node.is_some_and(|node| node.offline)
    }),
    // What was recorded of disks and changes.
    named("first_pass_fails", 0, |case, _| activation::first_pass_fails(case)),
    named("disk_stays_up", 0, |case, _| activation::disk_stays_up(case)),
    // What nodes told.
    named("some_node_differs", 0, |case, _| systems::some_node_differs(case)),
    named("silent_node_has_no_os", 0, |case, _| systems::some_node_says_nothing(case)),
    named("bare_os_has_parameters", 0, |case, _| systems::bare_name_has_parameters(case)),
    named("unknown_is_missing", 0, |case, _| volumes::unknown_is_missing(case)),
    named("offline_is_error", 0, |case, _| volumes::offline_is_error(case)),
    named("nodes_by_uuid", 0, |case, _| volumes::names_nodes(case)),
    // What an allocator is asked.
    named("nothing_to_place", 0, |case, _| evacuation::nothing_to_place(case)),
    named("instances_of_other_kind", 0, |case, _| evacuation::of_other_kind(case)),
    named("allocator_told_of_silent_node", 0, |case, _| evacuation::told_of_silent_node(case)),
    named("stopped_by_node", 0, |case, _| evacuation::stopped_by_node(case)),
    named("reorders", 2, |case, args| {
        let change = case.recorded.changes.members.get(args);
        change.is_some_and(|(before, after)| match (before, after) {
            (Some(Value::Array(before)), Some(Value::Array(after))) => same_elements(before, after),
            _ => false,
        })
    }),
];

fn error<'a>(case: &'a Case<'_>) -> Option<(&'a str, Option<&'a str>)> {
    match &case.trace.ending {
        Ending::Error { class, code, .. } => Some((class, code.as_deref())),
        _ => None,
    }
}

/// Tells whether locks of this level, and of no other, were not granted in time.
fn waits_in_vain(case: &Case<'_>, level: &str) -> bool {
    case.trace.events.iter().any(|event| match event {
        Event::Locks(LockCall::Wait(false), locks) => locks.iter().all(|lock| lock.level.as_str() == level),
        _ => false,
    })
}

fn repeats(all: &[Value]) -> bool {
    all.iter().enumerate().any(|(index, value)| all[..index].contains(value))
}

fn same_elements(one: &[Value], two: &[Value]) -> bool {
    let mut left: Vec<&Value> = two.iter().collect();
    let found = one.iter().all(|value| {
        let position = left.iter().position(|other| same(value, other));
        position.is_some_and(|position| !std::ptr::eq(left.swap_remove(position), value))
    });
    found && left.is_empty()
}
