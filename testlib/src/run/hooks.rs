//! What a test says of hooks.

use std::collections::BTreeSet;
use std::panic::Location;

use cmdlib::hooks::HookPhase;
use cmdlib::locking::Level;
use cmdlib::rpc::HooksRunner;

use super::LuRun;
use crate::finding::{Finding, Topic};
use crate::journal::{Step, What};
use crate::names::{listed, nearest};
use crate::scope::key_of;

/// The path of the hook for changed configurations, which belongs to no unit.
const CONFIG_UPDATE: &str = "config-update";

impl LuRun {
    fn hook_calls(&self) -> Vec<(HooksRunner, BTreeSet<String>)> {
        let names = &self.once.journal.names;
        let of = |step: &Step| match &step.what {
            What::Call { call, nodes } => {
                let call = call.as_any().downcast_ref::<HooksRunner>()?.clone();
                Some((call, nodes.iter().map(|node| names.name(&node.name)).collect()))
            }
            _ => None,
        };
        self.once.journal.steps.iter().filter_map(of).collect()
    }

    /// Hooks of this path ran on these nodes before, and on these after. A phase that did not run has no nodes.
    #[track_caller]
    pub fn hooks<'a>(
        mut self,
        path: &str,
        pre: impl IntoIterator<Item = &'a str>,
        post: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let at = Location::caller();
        let phases: [(&str, Vec<&str>); 2] = [("pre", pre.into_iter().collect()), ("post", post.into_iter().collect())];
        let calls = self.hook_calls();
        for (phase, nodes) in phases {
            let mut wanted = BTreeSet::new();
            for name in nodes {
                let key = key_of(Level::Node, name, &[&self.once.before, &self.once.after], at);
                wanted.insert(self.once.journal.names.name(&key));
            }
            let ran = calls.iter().filter(|(call, _)| call.path == path && call.phase == phase);
            let got: BTreeSet<String> = ran.flat_map(|(_, nodes)| nodes.clone()).collect();
            if got != wanted {
                let finding = Finding::new(Topic::Hooks, format!("hooks ran elsewhere in phase {phase}"));
                let finding = finding.wanted(format!("{path} on {}", listed(&wanted, "no node")), at);
                let finding = finding.got(format!("on {}", listed(&got, "no node")));
                let others: BTreeSet<String> = calls.iter().map(|(call, _)| call.path.clone()).collect();
                let other_path = !others.is_empty() && !others.contains(path);
                let hint = || format!("hooks of another path ran: {}", listed(&others, "none"));
                self.note(if other_path { finding.hint(hint()) } else { finding });
            }
        }
        self
    }

    /// No hooks ran.
    #[track_caller]
    pub fn no_hooks(mut self) -> Self {
        let at = Location::caller();
        for (call, nodes) in self.hook_calls() {
            let got = format!("{} {} on {}", call.path, call.phase, listed(&nodes, "no node"));
            self.note(Finding::new(Topic::Hooks, "hooks ran").wanted("no hooks", at).got(got));
        }
        self
    }

    /// In this phase the hooks of the unit had these variables, with these values, whatever else they had. For names that
    /// must be absent there is `hook_env_without`.
    #[track_caller]
    pub fn hook_env<'a>(mut self, phase: HookPhase, variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let at = Location::caller();
        let Some(call) = self.unit_hooks(phase) else {
            self.note(no_hooks_ran(phase, at));
            return self;
        };
        for (name, value) in variables {
            let got = call.env.get(name).map(|got| self.once.journal.names.readable(got));
            if got.as_deref() == Some(value) || call.env.get(name).is_some_and(|got| got == value) {
                continue;
            }
            let finding = Finding::new(Topic::Hooks, format!("a hook variable differs in phase {}", phase.as_str()));
            let finding = finding.wanted(format!("{name}={value}"), at);
            self.note(match (got, nearest(name, call.env.keys().map(String::as_str))) {
                (Some(got), _) => finding.got(format!("{name}={got}")),
                (None, Some(near)) => finding.got("it is absent").hint(format!("there is {near}")),
                (None, None) => finding.got("it is absent"),
            });
        }
        self
    }

    /// In this phase the hooks of the unit ran, and did not have these variables.
    #[track_caller]
    pub fn hook_env_without<'a>(mut self, phase: HookPhase, names: impl IntoIterator<Item = &'a str>) -> Self {
        let at = Location::caller();
        let Some(call) = self.unit_hooks(phase) else {
            self.note(no_hooks_ran(phase, at));
            return self;
        };
        for name in names {
            if let Some(value) = call.env.get(name) {
                let finding =
                    Finding::new(Topic::Hooks, format!("a hook variable is there in phase {}", phase.as_str()));
                let got = format!("{name}={}", self.once.journal.names.readable(value));
                self.note(finding.wanted(format!("no {name}"), at).got(got));
            }
        }
        self
    }

    fn unit_hooks(&self, phase: HookPhase) -> Option<HooksRunner> {
        let of_unit = |call: &HooksRunner| call.phase == phase.as_str() && call.path != CONFIG_UPDATE;
        self.hook_calls().into_iter().map(|(call, _)| call).find(of_unit)
    }
}

fn no_hooks_ran(phase: HookPhase, at: &'static Location<'static>) -> Finding {
    let wanted = format!("the unit's hooks in phase {}", phase.as_str());
    Finding::new(Topic::Hooks, "no hooks ran").wanted(wanted, at).got("none in that phase")
}
