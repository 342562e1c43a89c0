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

/// An operating system.
struct System<'a> {
    name: &'a str,
    /// What each node that answered would use: name, path, whether it is valid, diagnosis, variants, parameters, versions,
    /// whether it is trusted. Nothing where the node lacks it.
    on_nodes: Vec<Option<&'a [Value]>>,
}

fn entries(payload: &Value) -> impl Iterator<Item = &[Value]> {
    payload.as_array().into_iter().flatten().filter_map(Value::as_array).map(Vec::as_slice)
}

fn name_of(entry: &[Value]) -> &str {
    entry.first().and_then(Value::as_str).unwrap_or_default()
}

/// Returns the systems that nodes told of, by name.
fn systems<'a>(case: &'a Case<'_>) -> Vec<System<'a>> {
    let nodes = case.trace.calls().filter(|call| call.procedure == "os_diagnose").flat_map(|call| &call.nodes);
    let told = nodes.filter_map(|node| if let Answer::Ok(payload) = &node.answer { Some(payload) } else { None });
    let told: Vec<&Value> = told.collect();
    let names: BTreeSet<&str> = told.iter().flat_map(|payload| entries(payload)).map(name_of).collect();
    let of = |name| {
        let used = |payload: &&'a Value| entries(payload).find(|entry| name_of(entry) == name);
        System { name, on_nodes: told.iter().map(used).collect() }
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
    fn valid(&self) -> bool {
        self.on_nodes.iter().all(|entry| entry.is_some_and(|entry| entry.get(2) == Some(&Value::Bool(true))))
    }

    /// What all nodes have of a list; a node without the system has nothing.
    fn common(&self, index: usize) -> Vec<&'a Value> {
        let list = |entry: &'a [Value]| entry.get(index).and_then(Value::as_array).into_iter().flatten().collect();
        common(self.on_nodes.iter().map(|entry| entry.map_or_else(Vec::new, list)))
    }

    fn trusted(&self) -> bool {
        self.on_nodes.iter().flatten().all(|entry| entry.get(7) == Some(&Value::Bool(true)))
    }

    /// Returns the system with its variants, by full name.
    fn full_names(&self) -> Vec<String> {
        self.common(4).iter().filter_map(|it| it.as_str()).map(|variant| format!("{}+{variant}", self.name)).collect()
    }
}

/// Tells whether a node lacks a system that another one has, or can't use it.
pub(super) fn some_node_differs(case: &Case<'_>) -> bool {
    systems(case).iter().any(|system| !system.valid())
}

fn of_cluster<'a>(case: &'a Case<'_>, field: &str, name: &str) -> Option<&'a Value> {
    case.trace.config["cluster"].get(field)?.get(name)
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
    let listed = |list: &str, name: &str| {
        let list = case.trace.config["cluster"].get(list).and_then(Value::as_array);
        list.is_some_and(|list| list.iter().any(|it| it == name))
    };
    let mut systems = systems(case);
    systems.retain(|system| names.is_empty() || names.contains(&system.name));
    let every_kind = ["hidden", "blacklisted", "valid"].iter().all(|field| fields.contains(field));
    if every_kind && !names.is_empty() {
        systems.sort_by_key(|system| names.iter().position(|name| *name == system.name));
        return systems;
    }
    systems.retain(|system| {
        (fields.contains(&"hidden") || !listed("hidden_os", system.name))
            && (fields.contains(&"blacklisted") || !listed("blacklisted_os", system.name))
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

/// All nodes count, in whatever order they come.
pub(super) fn told_of_all_nodes(case: &Case<'_>, wanted: &mut Expectation) -> Result<(), String> {
    change(case, wanted, |system, field, value| match field {
        "variants" => *value = system.common(4).into_iter().cloned().collect(),
        "parameters" => *value = system.common(5).into_iter().cloned().collect(),
        "api_versions" => *value = system.common(6).into_iter().cloned().collect(),
        "trusted" => *value = system.trusted().into(),
        "os_hvp" | "osparams" => {
            let found = |name: String| Some((name.clone(), of_cluster(case, field, &name)?.clone()));
            *value = system.full_names().into_iter().filter_map(found).collect::<Map<_, _>>().into();
        }
        _ => {}
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
