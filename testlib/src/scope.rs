//! From the names that a test uses to the keys of locks and ids of objects.

use std::panic::Location;

use cmdlib::config::{ByName, Snapshot};
use cmdlib::locking::Level;
use cmdlib::objects::{Instance, Network, Node, NodeGroup};

/// Returns the key of the lock that a test names. A name that does not exist is a mistake in the test.
#[track_caller]
pub(crate) fn key_of(level: Level, name: &str, states: &[&Snapshot], at: &Location<'_>) -> String {
    fn find<T: ByName>(states: &[&Snapshot], name: &str) -> Option<String> {
        states.iter().find_map(|state| state.find::<T>(name).ok()).map(|id| id.to_string())
    }
    let instance = |state: &&Snapshot| Some(state.get(&state.find::<Instance>(name).ok()?).ok()?.name.clone());
    let found = match level {
        Level::Cluster => Some("BGL".to_owned()),
        Level::Instance => states.iter().find_map(instance),
        Level::NodeGroup => find::<NodeGroup>(states, name),
        Level::Node | Level::NodeRes => find::<Node>(states, name),
        Level::Network => find::<Network>(states, name),
    };
    // Without a closure: it would lose the test's line.
    let Some(found) = found else {
        let known = known_names(level, states);
        let near = crate::names::did_you_mean(name, known.iter().map(String::as_str));
        let known = crate::names::listed(&known, "none");
        panic!("{}:{}: there is no {level} '{name}'{near} (there are: {known})", at.file(), at.line());
    };
    found
}

fn known_names(level: Level, states: &[&Snapshot]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for state in states {
        let more: Vec<String> = match level {
            Level::Cluster => Vec::new(),
            Level::Instance => state.instances.values().map(|it| it.name.clone()).collect(),
            Level::NodeGroup => state.nodegroups.values().map(|it| it.name.clone()).collect(),
            Level::Node | Level::NodeRes => state.nodes.values().map(|it| it.name.clone()).collect(),
            Level::Network => state.networks.values().map(|it| it.name.clone()).collect(),
        };
        names.extend(more.into_iter().map(|name| name.replace(".example.com", "")));
    }
    names.sort();
    names.dedup();
    names
}
