//! Operating systems as nodes told of them, and what is to be told of them in turn.

use std::collections::BTreeSet;

use cmdlib::lu::shared::order::nice_key;
use serde_json::{Map, Value};

use super::Case;
use super::expectation::Expectation;
use crate::replay::channels::Outcome;
use crate::replay::trace::Answer;

/// All that can be asked about a system.
const FIELDS: [&str; 11] = [
    "name",
    "valid",
    "hidden",
    "blacklisted",
    "variants",
    "api_versions",
    "parameters",
    "node_status",
    "os_hvp",
    "osparams",
    "trusted",
];

fn texts<'a>(case: &'a Case<'_>, name: &str) -> Vec<&'a str> {
    case.param(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Tells whether something is asked that can't be told about a system.
pub(super) fn unknown_field(case: &Case<'_>) -> bool {
    texts(case, "output_fields").iter().any(|field| !FIELDS.contains(field))
}

/// What a node tells of a system: name, path, whether it is valid, diagnosis, variants, parameters, versions, whether it is
/// trusted.
type Entry<'a> = &'a [Value];

/// An operating system.
struct System<'a> {
    name: &'a str,
    /// The nodes that answered, with what they tell of it.
    on_nodes: Vec<(&'a str, Vec<Entry<'a>>)>,
}

/// Returns the nodes that were asked, with what they answered.
fn answers<'a>(case: &'a Case<'_>) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let nodes = case.trace.calls().filter(|call| call.procedure == "os_diagnose").flat_map(|call| &call.nodes);
    nodes.filter_map(|node| match &node.answer {
        Answer::Ok(payload) => Some((node.key.as_str(), payload)),
        _ => None,
    })
}

/// Tells whether a node answers, and yet says nothing.
pub(super) fn some_node_says_nothing(case: &Case<'_>) -> bool {
    answers(case).any(|(_, payload)| payload.is_null())
}

/// Returns the systems that nodes told of, by name. A node that says nothing told nothing, not even that it has none.
fn systems<'a>(case: &'a Case<'_>) -> Vec<System<'a>> {
    let name_of = |entry: Entry<'a>| entry.first().and_then(Value::as_str).unwrap_or_default();
    let told = answers(case).filter_map(|(node, payload)| Some((node, payload.as_array()?)));
    let entries =
        |all: &'a [Value]| all.iter().filter_map(Value::as_array).map(Vec::as_slice).collect::<Vec<Entry<'a>>>();
    let told: Vec<(&str, Vec<Entry<'_>>)> = told.map(|(node, all)| (node, entries(all))).collect();
    let names: BTreeSet<&str> = told.iter().flat_map(|(_, entries)| entries).map(|entry| name_of(entry)).collect();
    let of = |name| {
        let own = |entries: &[Entry<'a>]| entries.iter().copied().filter(|entry| name_of(entry) == name).collect();
        System { name, on_nodes: told.iter().map(|(node, entries)| (*node, own(entries))).collect() }
    };
    names.into_iter().map(of).collect()
}

/// Returns what all sets have in common, sorted as people expect it.
fn common<'a>(sets: impl Iterator<Item = Vec<&'a Value>>) -> Vec<&'a Value> {
    let mut common: Option<Vec<&Value>> = None;
    for set in sets {
        common = Some(match common {
            None => set,
            Some(before) => before.into_iter().filter(|item| set.contains(item)).collect(),
        });
    }
    let mut common = common.unwrap_or_default();
    let text = |item: &Value| item.get(0).unwrap_or(item).as_str().map(nice_key);
    common.sort_by_key(|item| (item.as_i64(), text(item)));
    common.dedup();
    common
}

impl<'a> System<'a> {
    /// What each node would use: of several places the first. Nothing where the node lacks it.
    fn used(&self) -> impl Iterator<Item = Option<Entry<'a>>> {
        self.on_nodes.iter().map(|(_, entries)| entries.first().copied())
    }

    fn valid(&self) -> bool {
        self.used().all(|entry| entry.is_some_and(|entry| entry.get(2) == Some(&Value::Bool(true))))
    }

    /// What all nodes have of a list; a node without the system has nothing.
    fn common(&self, index: usize) -> Vec<&'a Value> {
        let list = |entry: Entry<'a>| entry.get(index).and_then(Value::as_array).into_iter().flatten().collect();
        common(self.used().map(|entry| entry.map_or_else(Vec::new, list)))
    }

    /// Returns the system with its variants, by full name.
    fn full_names(&self) -> Vec<String> {
        self.common(4).iter().filter_map(|it| it.as_str()).map(|variant| format!("{}+{variant}", self.name)).collect()
    }

    /// Returns what is to be told of it.
    fn tell(&self, field: &str, case: &Case<'_>) -> Value {
        match field {
            "name" => self.name.into(),
            "valid" => self.valid().into(),
            "hidden" => is_listed(case, "hidden_os", self.name).into(),
            "blacklisted" => is_listed(case, "blacklisted_os", self.name).into(),
            "variants" => self.common(4).into_iter().cloned().collect(),
            "parameters" => self.common(5).into_iter().cloned().collect(),
            "api_versions" => self.common(6).into_iter().cloned().collect(),
            "trusted" => self.used().flatten().all(|entry| entry.get(7) == Some(&Value::Bool(true))).into(),
            "os_hvp" | "osparams" => {
                let found = |name: String| Some((name.clone(), of_cluster(case, field, &name)?.clone()));
                self.full_names().into_iter().filter_map(found).collect::<Map<_, _>>().into()
            }
            "node_status" => {
                let rest = |entries: &[Entry<'_>]| entries.iter().map(|entry| Value::from(&entry[1..])).collect();
                self.on_nodes.iter().map(|(node, all)| ((*node).to_owned(), rest(all))).collect::<Map<_, _>>().into()
            }
            _ => Value::Null,
        }
    }
}

/// Tells whether a node lacks a system that another one has, or can't use it.
pub(super) fn some_node_differs(case: &Case<'_>) -> bool {
    systems(case).iter().any(|system| !system.valid())
}

fn of_cluster<'a>(case: &'a Case<'_>, field: &str, name: &str) -> Option<&'a Value> {
    case.trace.config["cluster"].get(field)?.get(name)
}

fn is_listed(case: &Case<'_>, list: &str, name: &str) -> bool {
    case.trace.config["cluster"]
        .get(list)
        .and_then(Value::as_array)
        .is_some_and(|list| list.iter().any(|it| it == name))
}

/// Tells whether the cluster has parameters for a system by its bare name, and is asked for them.
pub(super) fn bare_name_has_parameters(case: &Case<'_>) -> bool {
    let fields = texts(case, "output_fields");
    let has = |field: &&str| systems(case).iter().any(|system| of_cluster(case, field, system.name).is_some());
    ["os_hvp", "osparams"].iter().filter(|field| fields.contains(field)).any(has)
}

/// Returns the systems of which a result tells, row by row.
fn rows<'a>(case: &'a Case<'_>, fields: &[&str]) -> Vec<System<'a>> {
    let names = texts(case, "names");
    let mut systems = systems(case);
    systems.retain(|system| names.is_empty() || names.contains(&system.name));
    let every_kind = ["hidden", "blacklisted", "valid"].iter().all(|field| fields.contains(field));
    if every_kind && !names.is_empty() {
        systems.sort_by_key(|system| names.iter().position(|name| *name == system.name));
        return systems;
    }
    systems.retain(|system| {
        (fields.contains(&"hidden") || !is_listed(case, "hidden_os", system.name))
            && (fields.contains(&"blacklisted") || !is_listed(case, "blacklisted_os", system.name))
            && (fields.contains(&"valid") || system.valid())
    });
    systems.sort_by_key(|system| nice_key(system.name));
    systems
}

/// Changes each value of a result, by system and field.
fn change(
    case: &Case<'_>,
    wanted: &mut Expectation,
    change: impl Fn(&System<'_>, &str, &mut Value),
) -> Result<(), String> {
    let fields = texts(case, "output_fields");
    let Outcome::Result(Value::Array(result)) = &mut wanted.channels_mut().outcome else { return Ok(()) };
    let rows = rows(case, &fields);
    if rows.len() != result.len() {
        return Err(format!("{} systems are told of", rows.len()));
    }
    for (system, row) in rows.iter().zip(result) {
        for (field, value) in fields.iter().zip(row.as_array_mut().into_iter().flatten()) {
            change(system, field, value);
        }
    }
    Ok(())
}

/// A node that says nothing does not count as one that has no system.
pub(super) fn told_without_silent(case: &Case<'_>, wanted: &mut Expectation) {
    let fields = texts(case, "output_fields");
    let Outcome::Result(Value::Array(result)) = &mut wanted.channels_mut().outcome else { return };
    let row = |system: &System<'_>| fields.iter().map(|field| system.tell(field, case)).collect();
    *result = rows(case, &fields).iter().map(row).collect();
}

/// All nodes count, in whatever order they come.
pub(super) fn told_of_all_nodes(case: &Case<'_>, wanted: &mut Expectation) -> Result<(), String> {
    change(case, wanted, |system, field, value| {
        if !["name", "valid", "hidden", "blacklisted", "node_status"].contains(&field) {
            *value = system.tell(field, case);
        }
    })
}

/// Parameters by the bare name are told along with those of the variants.
pub(super) fn bare_names_told(case: &Case<'_>, wanted: &mut Expectation) -> Result<(), String> {
    change(case, wanted, |system, field, value| {
        if let ("os_hvp" | "osparams", Some(own)) = (field, of_cluster(case, field, system.name)) {
            value[system.name] = own.clone();
        }
    })
}
