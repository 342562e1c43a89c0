//! What a test says of changes.

use std::collections::BTreeSet;
use std::panic::Location;

use cmdlib::config::{Entity, Table};

use super::LuRun;
use crate::finding::{Finding, Topic};
use crate::journal::{Step, What};
use crate::names::{did_you_mean, listed};
use crate::rpc::plural;

impl LuRun {
    fn change_lines(&self) -> BTreeSet<String> {
        self.once.changes.lines(&self.once.journal.names).into_iter().collect()
    }

    /// The unit changed this, and nothing else. Lines are as a report shows them, `instances[web1].admin_state: down -> up`;
    /// serial numbers and times of changes are left out.
    #[track_caller]
    pub fn changed<'a>(mut self, lines: impl IntoIterator<Item = &'a str>) -> Self {
        let at = Location::caller();
        let wanted: BTreeSet<String> = lines.into_iter().map(str::to_owned).collect();
        for line in &wanted {
            self.understand(line, at);
        }
        let got = self.change_lines();
        for line in wanted.difference(&got) {
            self.note(not_changed(line, &got, at));
        }
        let path = |line: &String| line.split(": ").next().map(str::to_owned);
        for line in got.difference(&wanted) {
            if wanted.iter().any(|wanted| path(wanted) == path(line)) {
                continue;
            }
            let finding = Finding::new(Topic::Config, "something else was changed");
            self.note(finding.wanted("no other change", at).got(line.clone()));
        }
        self
    }

    /// The unit changed this, whatever else it did.
    #[track_caller]
    pub fn changed_also(mut self, line: &str) -> Self {
        let at = Location::caller();
        self.understand(line, at);
        let got = self.change_lines();
        if !got.contains(line) {
            self.note(not_changed(line, &got, at));
        }
        self
    }

    /// The unit changed nothing at all, not even a serial number.
    #[track_caller]
    pub fn changed_nothing(mut self) -> Self {
        let at = Location::caller();
        if self.writes() > 0 {
            let finding = Finding::new(Topic::Config, "something was changed").wanted("no change", at);
            let lines = self.change_lines();
            let only = format!("{}, which moved only serial numbers and times", plural(self.writes(), "write"));
            self.note(if lines.is_empty() { finding.got(only) } else { lines.into_iter().fold(finding, Finding::got) });
        }
        self
    }

    fn writes(&self) -> usize {
        self.once.journal.steps.iter().filter(|step: &&Step| matches!(step.what, What::Changed(_))).count()
    }

    /// The configuration was written so often.
    #[track_caller]
    pub fn wrote_times(mut self, times: usize) -> Self {
        let at = Location::caller();
        let count = self.writes();
        if count != times {
            let more = if count > times { "more" } else { "less" };
            let finding = Finding::new(Topic::Config, format!("the configuration was written {more} often"));
            self.note(finding.wanted(plural(times, "write"), at).got(plural(count, "write")));
        }
        self
    }

    /// A line that can never be is a mistake in the test.
    #[track_caller]
    fn understand(&self, line: &str, at: &Location<'_>) {
        let place = format!("{}:{}", at.file(), at.line());
        let Some((path, _)) = line.split_once(": ").filter(|(_, values)| values.contains(" -> ")) else {
            panic!("{place}: '{line}' is not a change; one reads `instances[web1].admin_state: down -> up`");
        };
        let Some((table, rest)) = path.split_once('[') else {
            if path.starts_with("cluster.") {
                return;
            }
            panic!(
                "{place}: '{path}' is no place in the configuration; one reads `instances[web1].admin_state` or `cluster.tags`"
            );
        };
        let name = rest.split(']').next().unwrap_or_default();
        let Some(known) = self.names_in(table) else {
            panic!(
                "{place}: there is no table '{table}'{} (there are: {})",
                did_you_mean(table, TABLES),
                TABLES.join(", ")
            );
        };
        assert!(
            known.contains(name),
            "{place}: there is nothing named '{name}' among the {table}{} (there are: {})",
            did_you_mean(name, known.iter().map(String::as_str)),
            listed(&known, "none")
        );
    }

    /// The names of all objects of a table, as reports show them.
    fn names_in(&self, table: &str) -> Option<BTreeSet<String>> {
        fn ids<T: Entity>(states: [&Table<T>; 2]) -> Vec<String> {
            states.iter().flat_map(|table| table.ids()).map(ToString::to_string).collect()
        }
        let (before, after) = (&self.once.before, &self.once.after);
        let ids = match table {
            "nodes" => ids([&before.nodes, &after.nodes]),
            "nodegroups" => ids([&before.nodegroups, &after.nodegroups]),
            "instances" => ids([&before.instances, &after.instances]),
            "networks" => ids([&before.networks, &after.networks]),
            "disks" => ids([&before.disks, &after.disks]),
            _ => return None,
        };
        Some(ids.iter().map(|id| self.once.journal.names.name(id)).collect())
    }
}

const TABLES: [&str; 5] = ["nodes", "nodegroups", "instances", "networks", "disks"];

fn not_changed(line: &str, got: &BTreeSet<String>, at: &'static Location<'static>) -> Finding {
    let path = line.split(": ").next().unwrap_or(line);
    let finding = Finding::new(Topic::Config, "a change was not made").wanted(line, at);
    match got.iter().find(|other| other.split(": ").next() == Some(path)) {
        Some(other) => finding.got(other.clone()),
        None => finding.got("it stayed as it was"),
    }
}
