//! Names for reports: whoever reads one thinks of `web1` and `node2`, not of uuids.

use std::collections::{BTreeMap, BTreeSet};

use cmdlib::config::Snapshot;

/// From uuids and full names to the names that a test author uses.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    by_id: BTreeMap<String, String>,
    /// The nodes, by the name that a test author uses.
    nodes: BTreeSet<String>,
    domain: String,
}

impl Names {
    /// Learns the names of all objects of the states.
    pub(crate) fn of(states: &[&Snapshot]) -> Self {
        let mut names = Self::default();
        for state in states {
            let cluster = &state.cluster.cluster_name;
            if let Some((_, domain)) = cluster.split_once('.') {
                names.domain = format!(".{domain}");
            }
            let mut put = |id: &str, name: &str| drop(names.by_id.insert(id.to_owned(), name.to_owned()));
            state.nodes.iter().for_each(|(id, it)| put(id.as_str(), &it.name));
            state.nodegroups.iter().for_each(|(id, it)| put(id.as_str(), &it.name));
            state.networks.iter().for_each(|(id, it)| put(id.as_str(), &it.name));
            state.instances.iter().for_each(|(id, it)| put(id.as_str(), &it.name));
            for instance in state.instances.values() {
                for (index, disk) in instance.disks.iter().enumerate() {
                    put(disk.as_str(), &format!("{}/disk{index}", instance.name));
                }
            }
        }
        for state in states {
            let nodes: Vec<String> = state.nodes.values().map(|it| names.name(&it.name)).collect();
            names.nodes.extend(nodes);
        }
        names
    }

    /// Returns what to tell whoever names a node that does not exist; nothing if it does.
    pub(crate) fn no_such_node(&self, name: &str) -> Option<String> {
        if self.nodes.contains(&self.name(name)) {
            return None;
        }
        let near = did_you_mean(name, self.nodes.iter().map(String::as_str));
        Some(format!("there is no node '{name}'{near} (there are: {})", listed(&self.nodes, "none")))
    }

    /// Returns the name of what has this id or full name.
    pub(crate) fn name<'a>(&'a self, id: &'a str) -> String {
        self.short(self.by_id.get(id).map_or(id, String::as_str))
    }

    fn short(&self, name: &str) -> String {
        if self.domain.is_empty() { name.to_owned() } else { name.replace(&self.domain, "") }
    }

    /// Returns a text with all ids replaced by names.
    pub(crate) fn readable(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut word = String::new();
        let flush = |word: &mut String, out: &mut String| {
            out.push_str(self.by_id.get(word.as_str()).map_or(word.as_str(), String::as_str));
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
