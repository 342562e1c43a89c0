//! Names for reports: whoever reads one thinks of `web1` and `node2`, not of uuids.

use std::borrow::Cow;
use std::collections::BTreeSet;

use cmdlib::config::{Entity, Snapshot, Table};

/// From uuids and full names to the names that a test author uses. Nothing is looked up before somebody asks.
#[derive(Clone, Default)]
pub(crate) struct Names {
    /// The states whose objects are meant; the last one has the first word.
    states: Vec<Snapshot>,
    /// What full names end in.
    domain: Option<String>,
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Names({} states)", self.states.len())
    }
}

impl Names {
    /// Knows the names of all objects of the states.
    pub(crate) fn of(states: &[&Snapshot]) -> Self {
        let domain = |state: &&Snapshot| Some(format!(".{}", state.cluster.cluster_name.split_once('.')?.1));
        let domain = states.iter().rev().find_map(domain);
        Self { states: states.iter().map(|state| (*state).clone()).collect(), domain }
    }

    /// Returns what to tell whoever names a node that does not exist; nothing if it does.
    pub(crate) fn no_such_node(&self, name: &str) -> Option<String> {
        let nodes = self.states.iter().flat_map(|state| state.nodes.values()).map(|it| self.name(&it.name));
        let nodes: BTreeSet<String> = nodes.collect();
        if nodes.contains(&self.name(name)) {
            return None;
        }
        let near = did_you_mean(name, nodes.iter().map(String::as_str));
        Some(format!("there is no node '{name}'{near} (there are: {})", listed(&nodes, "none")))
    }

    /// Returns the name of what has this id or full name.
    pub(crate) fn name(&self, id: &str) -> String {
        match self.of_id(id) {
            Some(name) => self.short(&name),
            None => self.short(id),
        }
    }

    fn of_id(&self, id: &str) -> Option<Cow<'_, str>> {
        self.states.iter().rev().find_map(|state| name_in(state, id))
    }

    fn short(&self, name: &str) -> String {
        self.domain.as_ref().map_or_else(|| name.to_owned(), |domain| name.replace(domain, ""))
    }

    /// Returns a text with all ids replaced by names.
    pub(crate) fn readable(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut word = String::new();
        let flush = |word: &mut String, out: &mut String| {
            match self.of_id(word) {
                Some(name) => out.push_str(&name),
                None => out.push_str(word),
            }
            word.clear();
        };
        for character in text.chars() {
            if character.is_ascii_alphanumeric() || matches!(character, '-' | '_') {
                word.push(character);
            } else {
                flush(&mut word, &mut out);
                out.push(character);
            }
        }
        flush(&mut word, &mut out);
        self.short(&out)
    }
}

fn name_in<'a>(state: &'a Snapshot, id: &str) -> Option<Cow<'a, str>> {
    fn in_table<'a, T: Entity>(table: &'a Table<T>, id: &str) -> Option<&'a str> {
        table.find(id).map(|it| it.name())
    }
    let named = in_table(&state.instances, id)
        .or_else(|| in_table(&state.networks, id))
        .or_else(|| in_table(&state.nodegroups, id))
        .or_else(|| in_table(&state.nodes, id));
    named.map(Cow::Borrowed).or_else(|| {
        let disk = id.into();
        let owner = state.instances.get(state.owner(&disk)?)?;
        let index = owner.disks.iter().position(|it| *it == disk)?;
        Some(Cow::Owned(format!("{}/disk{index}", owner.name)))
    })
}

/// Returns the candidate that is nearest to a misspelt name, if any is near.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = candidates.into_iter().map(|candidate| (distance(name, candidate), candidate));
    scored.filter(|(distance, _)| *distance <= 1 + name.len() / 3).min().map(|(_, candidate)| candidate)
}

/// Returns `; did you mean 'node02'?` if a candidate is near.
pub(crate) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, candidates).map(|near| format!("; did you mean '{near}'?")).unwrap_or_default()
}

/// Returns names as a list, or the words for none.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a String>, none: &str) -> String {
    let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
    if names.is_empty() { none.to_owned() } else { names.join(", ") }
}

/// The number of characters to change, add or drop (Levenshtein).
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, b) in two.iter().enumerate() {
            let cost = corner + usize::from(a != *b);
            corner = row[j + 1];
            row[j + 1] = cost.min(corner + 1).min(row[j] + 1);
        }
    }
    row[two.len()]
}
