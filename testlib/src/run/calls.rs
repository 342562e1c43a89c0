//! What a test says of calls to nodes.

use std::collections::BTreeSet;
use std::panic::Location;

use cmdlib::locking::Level;
use cmdlib::rpc::{AnyCall, Call, HooksRunner};

use super::{LuRun, calls};
use crate::finding::{Finding, Topic};
use crate::journal::call_text;
use crate::names::{listed, nearest};
use crate::rpc::plural;
use crate::scope::key_of;

impl LuRun {
    fn count<C: Call>(&self, matches: impl Fn(&C) -> bool) -> usize {
        let is = |call: &dyn AnyCall| call.as_any().downcast_ref::<C>().is_some_and(&matches);
        calls(&self.once.journal).iter().filter(|(_, call, _)| is(*call)).count()
    }

    /// Adds the calls that were made to a finding, one a line.
    fn with_calls_made(&self, finding: Finding, but_hooks: bool) -> Finding {
        let names = &self.once.journal.names;
        let made = calls(&self.once.journal);
        let told = made.iter().filter(|(_, call, _)| !but_hooks || call.procedure() != HooksRunner::NAME);
        let lines: Vec<String> = told
            .map(|(number, call, nodes)| {
                let nodes: Vec<String> = nodes.iter().map(|node| names.name(node)).collect();
                format!("{} in step {number}", call_text(*call, Some(&nodes.join(", @")), names))
            })
            .collect();
        if lines.is_empty() { finding.got("no call was made") } else { lines.into_iter().fold(finding, Finding::got) }
    }

    /// This call was made.
    #[track_caller]
    pub fn called<C: Call>(mut self) -> Self {
        let at = Location::caller();
        if self.count::<C>(|_| true) == 0 {
            let finding = Finding::new(Topic::Order, "a call was not made").wanted(C::NAME, at);
            self.note(self.with_calls_made(finding, true));
        }
        self
    }

    /// This call was made so often: a call to several nodes counts once.
    #[track_caller]
    pub fn called_times<C: Call>(mut self, times: usize) -> Self {
        let at = Location::caller();
        let count = self.count::<C>(|_| true);
        if count != times {
            let wanted = format!("{} of {}", plural(times, "call"), C::NAME);
            let more = if count > times { "more" } else { "less" };
            let finding = Finding::new(Topic::Order, format!("a call was made {more} often"));
            self.note(finding.wanted(wanted, at).got(plural(count, "call")));
        }
        self
    }

    /// This call was made with arguments for which `matches` holds; `what` says in reports which those are.
    #[track_caller]
    pub fn called_with<C: Call>(mut self, what: &str, matches: impl Fn(&C) -> bool) -> Self {
        let at = Location::caller();
        if self.count::<C>(matches) == 0 {
            let finding = Finding::new(Topic::Order, "a call was not made like that");
            let mut finding = finding.wanted(format!("{} with {what}", C::NAME), at);
            for (number, call, _) in calls(&self.once.journal) {
                if let Some(call) = call.as_any().downcast_ref::<C>() {
                    let text = self.once.journal.names.readable(&format!("{call:?}"));
                    finding = finding.got(format!("{text} in step {number}"));
                }
            }
            if finding.got.is_empty() {
                finding = finding.got("no such call");
            }
            self.note(finding);
        }
        self
    }

    /// This call was made to these nodes, all calls of the kind together, and to no others.
    #[track_caller]
    pub fn called_on<'a, C: Call>(mut self, nodes: impl IntoIterator<Item = &'a str>) -> Self {
        let at = Location::caller();
        let states = [&self.once.before, &self.once.after];
        let mut wanted = BTreeSet::new();
        for name in nodes {
            wanted.insert(self.once.journal.names.name(&key_of(Level::Node, name, &states, at)));
        }
        let of_kind = calls(&self.once.journal).into_iter().filter(|(_, call, _)| call.procedure() == C::NAME);
        let got = of_kind.flat_map(|(_, _, nodes)| nodes).map(|node| self.once.journal.names.name(&node));
        let got: BTreeSet<String> = got.collect();
        if wanted != got {
            let finding = Finding::new(Topic::Order, "a call went to other nodes");
            let wanted = format!("{} on {}", C::NAME, listed(&wanted, "no node"));
            self.note(finding.wanted(wanted, at).got(format!("on {}", listed(&got, "no node"))));
        }
        self
    }

    /// This call was never made.
    #[track_caller]
    pub fn never_called<C: Call>(mut self) -> Self {
        let at = Location::caller();
        let made = calls(&self.once.journal);
        let made = made.iter().filter(|(_, call, _)| call.procedure() == C::NAME).map(|(number, ..)| *number);
        for number in made.collect::<Vec<usize>>() {
            let finding = Finding::new(Topic::Order, "a call was made").wanted(format!("never {}", C::NAME), at);
            self.note(finding.got(format!("{} in step {number}", C::NAME)));
        }
        self
    }

    /// No node was called, be it by hooks.
    #[track_caller]
    pub fn called_nobody(mut self) -> Self {
        let at = Location::caller();
        if !calls(&self.once.journal).is_empty() {
            let finding = Finding::new(Topic::Order, "calls were made").wanted("no call", at);
            self.note(self.with_calls_made(finding, false));
        }
        self
    }

    /// The calls were made in this order, others between them or not; by their names on the wire.
    #[track_caller]
    pub fn called_in_order<'a>(mut self, procedures: impl IntoIterator<Item = &'a str>) -> Self {
        let at = Location::caller();
        let wanted: Vec<&str> = procedures.into_iter().collect();
        let made: Vec<&'static str> = calls(&self.once.journal).iter().map(|(_, call, _)| call.procedure()).collect();
        let mut rest = made.iter();
        if let Some(missing) = wanted.iter().find(|name| !rest.any(|made| made == *name)) {
            let finding = Finding::new(Topic::Order, "calls were made in another order").wanted(wanted.join(", "), at);
            let finding = finding.got(if made.is_empty() { "no call was made".to_owned() } else { made.join(", ") });
            let near = nearest(missing, made.iter().copied()).filter(|_| !made.contains(missing));
            self.note(match near {
                Some(near) => finding.hint(format!("'{missing}' was never made; did you mean '{near}'?")),
                None if made.contains(missing) => finding.hint(format!("'{missing}' does not come there")),
                None => finding.hint(format!("'{missing}' was never made")),
            });
        }
        self
    }
}
