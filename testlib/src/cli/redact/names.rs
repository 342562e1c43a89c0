//! The names of hosts and instances, label by label, and those of groups and networks.

use std::collections::{BTreeMap, BTreeSet};

use cmdlib::op;
use serde_json::Value;

use super::{ends, keys, numbered, run, table, texts};
use crate::{MockConfig, clusters};

/// Members of opcodes that hold names: by their end.
const NAMED: [&str; 11] =
    ["_name", "_names", "node", "nodes", "instances", "_group", "_groups", "network", "master", "remote_node", "name"];
/// Ganeti itself gives them, or anybody would.
const OF_ALL: [&str; 2] = ["default", "cluster"];
/// Objects of these tables have names that are no hosts'.
const PLAIN: [(&str, &str); 2] = [("nodegroups", "group"), ("networks", "network")];
/// And of these, names with domains.
const HOSTS: [(&str, &str); 2] = [("nodes", "node"), ("instances", "inst")];

/// What names become.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// First labels of hosts and instances, by what they are.
    labels: BTreeMap<String, BTreeSet<&'static str>>,
    /// Labels of domains.
    domain_labels: BTreeSet<String>,
    /// All that stands after the first label of a name.
    domains: BTreeSet<String>,
    plain: BTreeMap<&'static str, BTreeSet<String>>,
    /// What each name or label becomes that may stand alone.
    alone: BTreeMap<String, String>,
    of_domain: BTreeMap<String, String>,
    kept: BTreeSet<String>,
}

/// Returns the words of configurations and opcodes: what no name is taken from in a text.
pub(super) fn words() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut config = MockConfig::new().snapshot().write();
    let pruned = ["nodes", "instances", "disks", "networks"];
    config.as_object_mut().into_iter().for_each(|members| members.retain(|key, _| !pruned.contains(&key.as_str())));
    if let Some(cluster) = config["cluster"].as_object_mut() {
        cluster.shift_remove("cluster_name");
    }
    texts(&config, &mut |text| words.extend([text.to_owned()]));
    keys(&clusters::three_nodes_five_instances().snapshot().write(), &mut words);
    words.extend(op::Any::IDS.iter().map(|id| (*id).to_owned()));
    let more = "true false null none None up down offline online node instance group network cluster disk ok auto default \
                plain drbd file sharedfile gluster rbd ext blockdev diskless kvm xen-pvm xen-hvm fake lxc chroot \
                user admin name uuid tags kind pre post";
    words.extend(more.split_whitespace().map(str::to_owned));
    words
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

impl Names {
    /// Learns the names of the objects, and those that opcodes give to what does not exist.
    pub(super) fn learn(config: &Value, ops: &[&Value], words: &BTreeSet<String>) -> Self {
        let mut names = Self::default();
        for (of, kind) in HOSTS {
            for object in table(config, of) {
                object.get("name").and_then(Value::as_str).into_iter().for_each(|name| names.host(name, kind));
            }
        }
        if let Some(name) = config["cluster"]["cluster_name"].as_str() {
            names.host(name, "cluster");
        }
        for (of, kind) in PLAIN {
            let of = table(config, of).filter_map(|object| object.get("name").and_then(Value::as_str));
            names.plain.entry(kind).or_default().extend(of.map(str::to_owned));
        }
        for op in ops {
            for (key, value) in op.as_object().into_iter().flatten() {
                if NAMED.iter().any(|end| key.ends_with(end)) {
                    texts(value, &mut |text| names.given(text, key));
                }
            }
        }
        names.kept.extend(names.labels.keys().filter(|label| words.contains(*label)).cloned());
        for plain in names.plain.values_mut() {
            let (kept, others) = std::mem::take(plain).into_iter().partition(|it| words.contains(it));
            *plain = others;
            let kept: BTreeSet<String> = kept;
            names.kept.extend(kept);
        }
        names
    }

    /// A name with its domain.
    fn host(&mut self, name: &str, kind: &'static str) {
        let (label, domain) = name.split_once('.').unwrap_or((name, ""));
        self.labels.entry(label.to_owned()).or_default().insert(kind);
        if !domain.is_empty() {
            self.domains.insert(domain.to_owned());
            self.domain_labels.extend(domain.split('.').filter(|it| !it.is_empty()).map(str::to_owned));
        }
    }

    /// A name in an opcode: of what exists, or of what does not.
    fn given(&mut self, name: &str, key: &str) {
        let plain = self.plain.values().any(|names| names.contains(name));
        let head = name.split('.').next().unwrap_or_default();
        let odd = name.is_empty() || is_uuid(name) || !name.bytes().all(is_of_name);
        if plain || odd || (self.labels.contains_key(head) && !name.contains('.')) {
            return;
        }
        if key.contains("group") {
            self.plain.entry("group").or_default().insert(name.to_owned());
        } else if key.contains("network") {
            self.plain.entry("network").or_default().insert(name.to_owned());
        } else {
            self.host(name, if key.contains("node") { "node" } else { "inst" });
        }
    }

    /// Learns the hosts of known domains that a text names.
    pub(super) fn learn_hosts(&mut self, text: &str) {
        for word in text.split(|letter: char| !letter.is_ascii() || !is_of_name(letter as u8)) {
            let word = word.trim_end_matches('.');
            let Some((label, domain)) = word.split_once('.') else { continue };
            if !label.is_empty() && !self.labels.contains_key(label) && self.domains.contains(domain) {
                self.labels.entry(label.to_owned()).or_default().insert("host");
            }
        }
    }

    /// Decides what each becomes.
    pub(super) fn settle(&mut self) {
        // What comes before a dot sorts by what it is followed by.
        let mut labels: Vec<(&String, &BTreeSet<&'static str>)> = self.labels.iter().collect();
        labels.sort_by_key(|(label, _)| format!("{label}."));
        // Of one prefix they sort among each other; where one label is of two kinds, all have the same.
        let mixed = labels.iter().any(|(_, kinds)| kinds.len() > 1);
        let prefix = |kinds: &BTreeSet<&'static str>| {
            if mixed { "host" } else { kinds.first().copied().unwrap_or("host") }
        };
        let prefixes: BTreeSet<&str> = labels.iter().map(|(_, kinds)| prefix(kinds)).collect();
        let mut alone = BTreeMap::new();
        for of in prefixes {
            let these = labels.iter().filter(|(_, kinds)| prefix(kinds) == of).map(|(label, _)| *label);
            alone.extend(numbered(these, &format!("{of}-")));
        }
        for (kind, names) in &self.plain {
            alone.extend(numbered(names.iter(), &format!("{kind}-")));
        }
        self.of_domain = numbered(self.domain_labels.iter(), "dom");
        self.alone = alone;
    }

    /// The names of the cluster's making that were kept; those that every cluster has tell nothing.
    pub(super) fn kept(&self) -> Vec<String> {
        self.kept.iter().filter(|name| !OF_ALL.contains(&name.as_str())).cloned().collect()
    }

    /// Returns what stands at the head of a text in place of a name, and how much of the text that is: the longest name.
    pub(super) fn at(&self, text: &str) -> Option<(usize, String)> {
        let run = run(text, is_of_name);
        let ends_here = |length: &usize| *length > 0 && run.is_char_boundary(*length) && ends(&text[*length..]);
        let lengths = (1..=run.len()).rev().filter(ends_here);
        lengths.into_iter().find_map(|length| Some((length, self.replaced(&run[..length])?)))
    }

    fn replaced(&self, name: &str) -> Option<String> {
        if let Some(new) = self.alone.get(name).filter(|_| !self.kept.contains(name)) {
            return Some(new.clone());
        }
        if name.contains('.') && self.domains.contains(name) {
            return Some(self.domain(name));
        }
        let (label, domain) = name.split_once('.')?;
        let label = self.alone.get(label)?;
        // A name may be given with a part of its domain.
        let part = |of: &String| of == domain || of.strip_prefix(domain).is_some_and(|rest| rest.starts_with('.'));
        self.domains.iter().any(part).then(|| format!("{label}.{}", self.domain(domain)))
    }

    fn domain(&self, domain: &str) -> String {
        let label = |label: &str| self.of_domain.get(label).map_or(label, String::as_str).to_owned();
        domain.split('.').map(label).collect::<Vec<_>>().join(".")
    }
}
