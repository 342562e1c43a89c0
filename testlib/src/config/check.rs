//! Whether a cluster could exist, by the real `verify`.

use std::collections::BTreeSet;
use std::panic::Location;

use cmdlib::config::{Draft, Entity, Finding, Table};

use super::MockConfig;
use super::lines::Line;

impl MockConfig {
    /// Breaks the cluster on purpose: what `verify` finds from then on because of it is no mistake of the test. `why`
    /// is for the reader. Break it last: findings are known by their text, which names what later changes may rename.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// let node1 = config.id_of_node("node1");
    /// config.broken("a node whose group is gone", |draft| {
    ///     draft.update(&node1, |it| it.group = "no-such-group".into()).unwrap();
    /// });
    /// config.check().unwrap();
    /// assert_eq!(config.broken_because().collect::<Vec<_>>(), ["a node whose group is gone"]);
    /// ```
    #[track_caller]
    pub fn broken(&mut self, why: &str, change: impl FnOnce(&mut Draft)) -> &mut Self {
        let line = Location::caller();
        let before = self.findings();
        self.change(change);
        self.expected.extend(self.findings().difference(&before).cloned());
        self.reasons.push((why.to_owned(), line));
        self.lines.note_all(line);
        self
    }

    /// Returns why the cluster was broken on purpose; nothing if it was not.
    pub fn broken_because(&self) -> impl Iterator<Item = &str> {
        self.reasons.iter().map(|(why, _)| why.as_str())
    }

    /// Tells whether the cluster could exist: the real `verify` finds nothing but what was broken on purpose.
    ///
    /// # Errors
    /// All findings, each with the lines of the test that spoke of its objects last.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.node("node2").change(|node| node.master_candidate = false);
    /// assert!(config.check().is_err());
    /// ```
    pub fn check(&self) -> Result<(), String> {
        if self.state.findings().iter().all(|finding| self.expected.contains(finding)) {
            return Ok(());
        }
        let findings: Vec<Finding> = self.findings().difference(&self.expected).cloned().collect();
        let mut text = "the cluster that the test has built is not valid:".to_owned();
        for finding in findings {
            text.push_str(&format!("\n  - {}", finding.text));
            for line in self.lines_about(&finding.text) {
                text.push_str(&format!("\n    {}:{}", line.file(), line.line()));
            }
        }
        Err(text)
    }

    fn findings(&self) -> BTreeSet<Finding> {
        self.state.findings().iter().cloned().collect()
    }

    /// Returns the lines about the objects that a finding names; the last one of all where it names none.
    fn lines_about(&self, text: &str) -> BTreeSet<Line> {
        let named: BTreeSet<&str> = text.split('\'').skip(1).step_by(2).collect();
        let uuids: BTreeSet<&str> = text.split(|it: char| !it.is_ascii_hexdigit() && it != '-').collect();
        let state = &self.state;
        let objects = ids_of(&state.nodes).chain(ids_of(&state.nodegroups)).chain(ids_of(&state.networks));
        let objects = objects.chain(ids_of(&state.instances));
        let about = objects.filter(|(id, name)| named.contains(name.as_str()) || uuids.contains(id.as_str()));
        let mut lines: BTreeSet<Line> = about.filter_map(|(id, _)| self.lines.get(&id)).collect();
        let owners = state.disks.ids().filter(|id| uuids.contains(id.as_str())).filter_map(|id| state.owner(id));
        lines.extend(owners.filter_map(|owner| self.lines.get(owner.as_str())));
        if lines.is_empty() {
            lines.extend(self.lines.last());
        }
        lines
    }
}

fn ids_of<T: Entity>(table: &Table<T>) -> impl Iterator<Item = (String, String)> {
    table.iter().map(|(id, object)| (id.to_string(), object.name().to_owned()))
}
