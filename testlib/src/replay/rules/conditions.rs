//! Conditions: when a defect of the reference shows in a trace. They look at what was recorded, never at our run, so that no
//! fault of ours can excuse itself.

use serde_json::Value;

use super::Case;
use super::named::{Named, Use};
use crate::replay::trace::Ending;

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
    named("started", 0, |case, _| case.trace.started()),
    named("class", 1, |case, args| error(case).is_some_and(|(class, _)| class == args[0])),
    named("code", 1, |case, args| error(case).is_some_and(|(_, code)| code == Some(args[0].as_str()))),
    named("no_code", 0, |case, _| error(case).is_some_and(|(class, code)| class == "OpPrereqError" && code.is_none())),
    named("crash", 1, |case, args| matches!(&case.trace.ending, Ending::Crash { class, .. } if *class == args[0])),
    named("succeeds", 0, |case, _| matches!(case.trace.ending, Ending::Result(_))),
    named("flag", 1, |case, args| case.flag(&args[0])),
    named("given", 1, |case, args| case.param(&args[0]).is_some_and(|value| !value.is_null())),
    named("is", 2, |case, args| case.param(&args[0]).and_then(Value::as_str) == Some(args[1].as_str())),
    named("empty", 1, |case, args| case.param(&args[0]).and_then(Value::as_array).is_some_and(Vec::is_empty)),
];

fn error<'a>(case: &'a Case<'_>) -> Option<(&'a str, Option<&'a str>)> {
    match &case.trace.ending {
        Ending::Error { class, code, .. } => Some((class, code.as_deref())),
        _ => None,
    }
}
