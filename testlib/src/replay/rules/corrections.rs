//! Corrections: what our run shows on a channel in the place of what was recorded. Each says it exactly.

use cmdlib::error::Code;
use cmdlib::field::Field;
use serde_json::Value;

use super::Case;
use super::named::{Named, Use};
use crate::replay::channels::{Changes, Channel, Channels, Locks, NodeCall, Outcome};

/// What is shown, by channel: each gets the case, its arguments, our run for what can't be told from the trace alone, and
/// the expectation so far.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Correction {
    Outcome(fn(&Case<'_>, &[String], &Channels, &mut Outcome) -> Shown),
    Locks(fn(&Case<'_>, &[String], &Channels, &mut Locks) -> Shown),
    Rpc(fn(&Case<'_>, &[String], &Channels, &mut Vec<NodeCall>) -> Shown),
    Allocator(fn(&Case<'_>, &[String], &Channels, &mut Vec<Value>) -> Shown),
    Jobs(fn(&Case<'_>, &[String], &Channels, &mut Vec<Vec<Vec<Value>>>) -> Shown),
    Changes(fn(&Case<'_>, &[String], &Channels, &mut Changes) -> Shown),
}

/// What was wanted, where our run does not show it.
pub(crate) type Shown = Result<(), String>;

impl Use<Correction> {
    pub(super) fn channel(&self) -> Channel {
        self.named.function.channel()
    }

    pub(super) fn apply(&self, case: &Case<'_>, ours: &Channels, wanted: &mut Channels) -> Shown {
        let args = &self.args;
        match self.named.function {
            Correction::Outcome(show) => show(case, args, ours, &mut wanted.outcome),
            Correction::Locks(show) => show(case, args, ours, &mut wanted.locks),
            Correction::Rpc(show) => show(case, args, ours, &mut wanted.rpc),
            Correction::Allocator(show) => show(case, args, ours, &mut wanted.allocator),
            Correction::Jobs(show) => show(case, args, ours, &mut wanted.jobs),
            Correction::Changes(show) => show(case, args, ours, &mut wanted.changes),
        }
    }
}

impl Correction {
    fn channel(self) -> Channel {
        match self {
            Self::Outcome(_) => Channel::Outcome,
            Self::Locks(_) => Channel::Locks,
            Self::Rpc(_) => Channel::Rpc,
            Self::Allocator(_) => Channel::Allocator,
            Self::Jobs(_) => Channel::Jobs,
            Self::Changes(_) => Channel::Changes,
        }
    }
}

/// Returns the corrections of a channel.
pub(super) fn of_channel(channel: Channel) -> Vec<Named<Correction>> {
    TABLE.iter().filter(|named| named.function.channel() == channel).copied().collect()
}

const fn named(name: &'static str, arguments: usize, function: Correction) -> Named<Correction> {
    Named { name, arguments, function }
}

const TABLE: &[Named<Correction>] = &[
    named("refused", 1, Correction::Outcome(|_, args, _, outcome| {
        let code = Code::read(&args[0].as_str().into()).map_err(|misfit| misfit.to_string())?;
        *outcome = Outcome::refused(code);
        Ok(())
    })),
    named("failed", 0, Correction::Outcome(|_, _, _, outcome| {
        *outcome = Outcome::failed();
        Ok(())
    })),
    named("nothing", 0, Correction::Changes(|_, _, _, changes| {
        changes.members.clear();
        Ok(())
    })),
];
