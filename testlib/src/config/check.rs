//! Whether a cluster could exist, by the real `verify`.

use std::collections::BTreeSet;
use std::panic::Location;

use cmdlib::config::{Draft, Entity, Finding};

use super::MockConfig;
use super::lines::Line;

impl MockConfig {
    /// Breaks the cluster on purpose: what `verify` finds from then on because of it is no mistake of the test. `why` is
    /// for the reader. Break it last: findings are known by their text, which names what later changes may rename.
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
        let findings: Vec<Finding> = self.findings().difference(&self.expected).cloned().collect();
        if findings.is_empty() {
            return Ok(());
        }
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
        self.state.verify().into_iter().collect()
    }

    /// Returns the lines about the objects that a text names; the last one of all where it names none.
    fn lines_about(&self, text: &str) -> BTreeSet<Line> {
        let words: BTreeSet<&str> = words_of(text).collect();
        let about = |id: &str, name: &str| {
            let named = words.contains(id) || words.contains(name) || words.contains(self.short_name(name));
            self.lines.get(id).filter(|_| named)
        };
        let state = &self.state;
        let nodes = state.nodes.iter().filter_map(|(id, it)| about(id.as_str(), it.name()));
        let instances = state.instances.iter().filter_map(|(id, it)| about(id.as_str(), it.name()));
        let groups = state.nodegroups.iter().filter_map(|(id, it)| about(id.as_str(), it.name()));
        let networks = state.networks.iter().filter_map(|(id, it)| about(id.as_str(), it.name()));
        let owners = state.disks.ids().filter(|id| words.contains(id.as_str())).filter_map(|id| state.owner(id));
        let disks = owners.filter_map(|owner| self.lines.get(owner.as_str()));
        let mut lines: BTreeSet<Line> = nodes.chain(instances).chain(groups).chain(networks).chain(disks).collect();
        if lines.is_empty() {
            lines.extend(self.lines.last());
        }
        lines
    }
}

/// Returns the words of a text that could be names or uuids.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let inside = |character: char| character.is_alphanumeric() || matches!(character, '.' | '-' | '_');
    text.split(move |character| !inside(character)).map(|word| word.trim_matches(['.', '-']))
}
