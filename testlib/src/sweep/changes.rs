//! What other jobs may do to the objects that a run is about, while it waits for locks: each as a line of a test, and as the
//! state that comes of it.

use std::collections::BTreeSet;

use cmdlib::config::{ByName, Entity, Snapshot, Table};
use cmdlib::locking::{Level, LockName};
use cmdlib::objects::Instance;
use serde_json::Value;

use crate::bench::Once;
use crate::config::{MiB, MockConfig};
use crate::failure::tried;
use crate::host::BEGIN;
use crate::journal::What;

/// The objects that a run is about, by the names that tests use.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct About {
    instances: BTreeSet<String>,
    nodes: BTreeSet<String>,
    groups: BTreeSet<String>,
    networks: BTreeSet<String>,
}

impl About {
    /// Looks at the opcode, and at the locks, changes and calls of the run.
    pub(crate) fn of(once: &Once) -> Self {
        let mut about = Self::default();
        let mut words = BTreeSet::new();
        words_of(&once.op, &mut words);
        for step in &once.journal.steps {
            match &step.what {
                What::Locks { granted: Some(locks), .. } => {
                    for lock in locks {
                        match &lock.name {
                            LockName::One(name) => _ = words.insert(name.to_string()),
                            LockName::All => about.all(lock.level, once),
                        }
                    }
                }
                What::Call { call, nodes } => {
                    words.extend(call.instance());
                    words.extend(nodes.iter().map(|node| node.name.clone()));
                }
                _ => {}
            }
        }
        words.extend(once.changes.0.keys().filter_map(|path| path.get(1).cloned()));
        let before = &once.before;
        about.instances.extend(named(&before.instances, &words, once));
        about.nodes.extend(named(&before.nodes, &words, once));
        about.groups.extend(named(&before.nodegroups, &words, once));
        about.networks.extend(named(&before.networks, &words, once));
        about
    }

    /// Adds what these are on or in: nodes of instances, groups of nodes, networks of groups.
    pub(crate) fn with_what_they_are_on(mut self, once: &Once) -> Self {
        let (state, names) = (&once.before, &once.journal.names);
        let found = |name: &String| state.named::<Instance>(name).or_else(|_| state.get(&state.find(name)?)).ok();
        let nodes = self.instances.iter().filter_map(found).flat_map(|it| state.nodes_of(&it).unwrap_or_default());
        let nodes: Vec<_> = nodes.map(|id| names.name(id.as_str())).collect();
        self.nodes.extend(nodes);
        let groups = state.nodes.values().filter(|node| self.nodes.contains(&names.name(&node.name)));
        let groups: Vec<_> = groups.filter_map(|node| state.get(&node.group).ok()).collect();
        let networks = groups.iter().flat_map(|group| group.networks.keys()).map(|id| names.name(id));
        self.networks.extend(networks);
        self.groups.extend(groups.iter().map(|group| names.name(&group.name)));
        self
    }

    fn all(&mut self, level: Level, once: &Once) {
        match level {
            Level::Instance => self.instances.extend(every(&once.before.instances, once)),
            Level::Node | Level::NodeRes => self.nodes.extend(every(&once.before.nodes, once)),
            Level::NodeGroup => self.groups.extend(every(&once.before.nodegroups, once)),
            Level::Network => self.networks.extend(every(&once.before.networks, once)),
            Level::Cluster => {}
        }
    }
}

fn every<T: ByName>(table: &Table<T>, once: &Once) -> Vec<String> {
    table.values().map(|it| once.journal.names.name(it.name())).collect()
}

/// Returns the objects that are meant by a word: a name, short or full, or an id.
fn named<T: ByName>(table: &Table<T>, words: &BTreeSet<String>, once: &Once) -> Vec<String> {
    let names = &once.journal.names;
    let meant = |it: &&std::sync::Arc<T>| {
        words.contains(it.name()) || words.contains(it.id().as_str()) || words.contains(&names.name(it.name()))
    };
    table.values().filter(meant).map(|it| names.name(it.name())).collect()
}

fn words_of(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => _ = words.insert(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| words_of(item, words)),
        Value::Object(members) => members.values().for_each(|member| words_of(member, words)),
        _ => {}
    }
}

/// Something that another job may do.
pub(crate) struct Change {
    /// As a test writes it.
    pub(crate) text: String,
    /// The cluster afterwards.
    pub(crate) state: Snapshot,
    /// An object's name before and after, if it was renamed.
    pub(super) renamed: Option<(String, String)>,
}

impl Change {
    /// Returns the opcode that means the same objects afterwards.
    pub(crate) fn now(&self, op: &Value) -> Value {
        let Some((old, new)) = &self.renamed else { return op.clone() };
        match op {
            Value::String(text)
                if text == old || text.strip_prefix(old.as_str()).is_some_and(|it| it.starts_with('.')) =>
            {
                text.replacen(old.as_str(), new, 1).into()
            }
            Value::Array(items) => items.iter().map(|item| self.now(item)).collect(),
            Value::Object(members) => members.iter().map(|(key, it)| (key.clone(), self.now(it))).collect(),
            other => other.clone(),
        }
    }
}

/// The changes that are worth a run, and the number of those that no job could make.
pub(crate) struct Changes<'a> {
    cluster: &'a MockConfig,
    before: Snapshot,
    pub(crate) all: Vec<Change>,
    pub(super) skipped: usize,
}

impl<'a> Changes<'a> {
    pub(crate) fn of(cluster: &'a MockConfig, about: &About) -> Self {
        let mut changes = Self { cluster, before: cluster.snapshot(), all: Vec::new(), skipped: 0 };
        about.instances.iter().for_each(|name| changes.instance(name));
        about.nodes.iter().for_each(|name| changes.node(name));
        about.groups.iter().for_each(|name| changes.group(name));
        about.networks.iter().for_each(|name| changes.network(name));
        changes
    }

    /// Tries a change, and keeps what comes of it if the cluster is as valid as before.
    fn put(&mut self, text: String, change: impl FnOnce(&mut MockConfig)) {
        let mut cluster = self.cluster.clone();
        cluster.running(BEGIN);
        let done = tried(|| {
            change(&mut cluster);
            cluster.check().is_ok().then(|| cluster.snapshot())
        });
        match done.flatten().filter(|state| !state.same_as(&self.before)) {
            Some(state) => self.all.push(Change { text, state, renamed: None }),
            None => self.skipped += 1,
        }
    }

    /// As `put`, for a change of a name.
    fn rename(&mut self, text: String, names: (&str, &str), change: impl FnOnce(&mut MockConfig)) {
        let before = self.all.len();
        self.put(text, change);
        if let Some(change) = self.all.get_mut(before) {
            change.renamed = Some((names.0.to_owned(), names.1.to_owned()));
        }
    }

    fn names<T: Entity>(&self, table: &Table<T>) -> Vec<String> {
        let domain = self.before.cluster.cluster_name.split_once('.').map_or("", |(_, domain)| domain);
        let short =
            |name: &str| name.strip_suffix(domain).and_then(|rest| rest.strip_suffix('.')).unwrap_or(name).to_owned();
        table.values().map(|it| short(it.name())).collect()
    }

    fn instance(&mut self, name: &str) {
        self.put(format!("cluster.remove_instance({name:?});"), |it| _ = it.remove_instance(name));
        let other = format!("{name}-renamed");
        self.rename(format!("cluster.rename_instance({name:?}, {other:?});"), (name, &other), |it| {
            _ = it.rename_instance(name, &other);
        });
        let before = self.before.clone();
        for node in self.names(&before.nodes) {
            let text = format!("cluster.move_instance({name:?}, {node:?});");
            self.put(text, |it| _ = it.move_instance(name, &node));
            let text = format!("cluster.instance({name:?}).secondary({node:?});");
            self.put(text, |it| _ = it.instance(name).secondary(&node));
        }
        self.put(format!("cluster.instance({name:?}).up();"), |it| _ = it.instance(name).up());
        self.put(format!("cluster.instance({name:?}).down();"), |it| _ = it.instance(name).down());
        self.put(format!("cluster.instance({name:?}).offline();"), |it| _ = it.instance(name).offline());
        self.put(format!("cluster.instance({name:?}).stopped_by_user();"), |it| {
            _ = it.instance(name).stopped_by_user();
        });
        self.put(format!("cluster.instance({name:?}).diskless();"), |it| _ = it.instance(name).diskless());
        let text = format!("cluster.instance({name:?}).plain(testlib::MiB(2048));");
        self.put(text, |it| _ = it.instance(name).plain(MiB(2048)));
        self.put(format!("cluster.instance({name:?}).no_nics();"), |it| _ = it.instance(name).no_nics());
        let text = format!("cluster.instance({name:?}).memory(testlib::MiB(256), testlib::MiB(512));");
        self.put(text, |it| _ = it.instance(name).memory(MiB(256), MiB(512)));
        self.put(format!("cluster.instance({name:?}).tag(\"meanwhile\");"), |it| {
            _ = it.instance(name).tag("meanwhile");
        });
    }

    fn node(&mut self, name: &str) {
        self.put(format!("cluster.remove_node({name:?});"), |it| _ = it.remove_node(name));
        self.put(format!("cluster.node({name:?}).offline();"), |it| _ = it.node(name).offline());
        self.put(format!("cluster.node({name:?}).drained();"), |it| _ = it.node(name).drained());
        self.put(format!("cluster.node({name:?}).online();"), |it| _ = it.node(name).online());
        self.put(format!("cluster.node({name:?}).not_vm_capable();"), |it| _ = it.node(name).not_vm_capable());
        self.put(format!("cluster.node({name:?}).tag(\"meanwhile\");"), |it| _ = it.node(name).tag("meanwhile"));
        self.put(format!("cluster.node({name:?}).primary_ip(\"192.0.2.250\");"), |it| {
            _ = it.node(name).primary_ip("192.0.2.250");
        });
        let before = self.before.clone();
        for group in self.names(&before.nodegroups) {
            self.put(format!("cluster.move_node({name:?}, {group:?});"), |it| _ = it.move_node(name, &group));
        }
        // What is guessed from a node may have more on it by then.
        let text = format!("cluster.instance(\"meanwhile1\").on({name:?});");
        self.put(text, |it| _ = it.instance("meanwhile1").on(name));
    }

    fn group(&mut self, name: &str) {
        self.put(format!("cluster.remove_group({name:?});"), |it| _ = it.remove_group(name));
        let text = format!("cluster.group({name:?}).change(|group| group.name = \"renamed\".to_owned());");
        self.rename(text, (name, "renamed"), |it| _ = it.group(name).change(|group| group.name = "renamed".to_owned()));
        self.put(format!("cluster.group({name:?}).tag(\"meanwhile\");"), |it| _ = it.group(name).tag("meanwhile"));
        let text = format!("cluster.node(\"meanwhile1\").group({name:?});");
        self.put(text, |it| _ = it.node("meanwhile1").group(name));
        self.put(format!("cluster.group({name:?}).alloc_policy(\"unallocable\");"), |it| {
            _ = it.group(name).alloc_policy("unallocable");
        });
        let text = format!("cluster.group({name:?}).ipolicy_max(\"memory-size\", 128);");
        self.put(text, |it| _ = it.group(name).ipolicy_max("memory-size", 128));
        let before = self.before.clone();
        for network in self.names(&before.networks) {
            let text = format!("cluster.group({name:?}).connected({network:?}, \"bridged\", \"br9\");");
            self.put(text, |it| _ = it.group(name).connected(&network, "bridged", "br9"));
        }
    }

    fn network(&mut self, name: &str) {
        self.put(format!("cluster.remove_network({name:?});"), |it| _ = it.remove_network(name));
        let text = format!("cluster.network({name:?}).change(|network| network.name = \"renamed\".to_owned());");
        self.rename(text, (name, "renamed"), |it| {
            _ = it.network(name).change(|network| network.name = "renamed".to_owned());
        });
        self.put(format!("cluster.network({name:?}).tag(\"meanwhile\");"), |it| _ = it.network(name).tag("meanwhile"));
    }
}
