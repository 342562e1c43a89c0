//! Opcodes made from what their parameters say: for each way to give the required ones, the plain opcode, and one for each value
//! of each option.

use std::collections::BTreeSet;

use cmdlib::config::{ByName, Snapshot, Table};
use cmdlib::field::Params;
use cmdlib::shape::{Parameter, Shape};
use cmdlib::unit::Unit;
use serde_json::{Value, json};

/// What parameters of these names mean in every opcode: the names of objects of the cluster.
const OBJECTS: [(&str, Named); 9] = [
    ("instance_name", Named::Instance),
    ("instances", Named::Instance),
    ("node_name", Named::Node),
    ("nodes", Named::Node),
    ("on_nodes", Named::Node),
    ("target_node", Named::Node),
    ("remote_node", Named::Node),
    ("group_name", Named::Group),
    ("target_groups", Named::Group),
];

/// What parameters of these names take beyond what their type says.
fn known(name: &str) -> Option<Vec<Value>> {
    Some(match name {
        // One that no network has; each cluster gets a network of its own.
        "network" => vec![json!("10.9.0.0/24")],
        "gateway" => vec![json!("10.9.0.1")],
        "add_reserved_ips" => vec![json!([]), json!(["10.9.0.7"])],
        "network6" => vec![json!("2001:db8:9::/64")],
        "mac_prefix" => vec![json!("aa:00:09")],
        "iallocator" => vec![json!("hail")],
        "output_fields" => vec![json!(["name"]), json!(["name", "valid", "node_status"])],
        "duration" => vec![json!(2.5)],
        "pattern" => vec![json!(".")],
        "repeat" => vec![json!(0), json!(2)],
        "tags" => vec![json!(["swept"])],
        // Ids are drawn anew for each object: one that is right is none that a type can tell.
        name if name.ends_with("_uuid") || name.ends_with("_uuids") => Vec::new(),
        _ => return None,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Instance,
    Node,
    Group,
    Network,
}

/// Returns opcodes of a unit for this cluster. Not all of them can succeed.
pub(super) fn of(unit: &Unit, cluster: &Snapshot) -> Vec<Value> {
    let parameters = (unit.parameters)();
    let mut plain = vec![Params::from_iter([("OP_ID".to_owned(), unit.op_id.into())])];
    for parameter in parameters.iter().filter(|it| it.is_required()) {
        let with = |op: &Params| -> Vec<Params> {
            let values = values(parameter, op, &parameters, cluster);
            values.into_iter().map(|value| put(op, parameter.name, value)).collect()
        };
        plain = plain.iter().flat_map(with).collect();
    }
    plain = plain.iter().flat_map(|op| named(op, &parameters, cluster)).collect();
    let mut all = plain.clone();
    for op in &plain {
        for parameter in parameters.iter().filter(|it| !it.is_required() && !op.contains_key(it.name)) {
            let default = parameter.default.as_ref();
            let values = values(parameter, op, &parameters, cluster);
            let others = values.into_iter().filter(|value| Some(value) != default);
            all.extend(others.map(|value| put(op, parameter.name, value)));
        }
        all.push(put(op, "dry_run", json!(true)));
    }
    all.into_iter().map(Value::from).collect()
}

fn put(op: &Params, name: &str, value: Value) -> Params {
    let mut op = op.clone();
    op.insert(name.to_owned(), value);
    op
}

/// Where an opcode names an object by `kind` and `name`, returns it for each object of the kind.
fn named(op: &Params, parameters: &[Parameter], cluster: &Snapshot) -> Vec<Params> {
    let by_name = parameters.iter().any(|it| it.name == "name");
    let kind = match op.get("kind").and_then(Value::as_str) {
        Some("instance") => Named::Instance,
        Some("node") => Named::Node,
        Some("nodegroup") => Named::Group,
        Some("network") => Named::Network,
        _ => return vec![op.clone()],
    };
    if !by_name {
        return vec![op.clone()];
    }
    names_of(kind, cluster).into_iter().map(|name| put(op, "name", name.into())).collect()
}

/// Returns the values that are tried for a parameter.
fn values(parameter: &Parameter, op: &Params, all: &[Parameter], cluster: &Snapshot) -> Vec<Value> {
    if let Some((_, kind)) = OBJECTS.iter().find(|(name, _)| *name == parameter.name) {
        return of_names(&parameter.shape, &names_of(*kind, cluster));
    }
    if parameter.name == "network_name" {
        let adds = all.iter().any(|it| it.name == "network" && it.is_required());
        return if adds {
            vec![json!("swept-net")]
        } else {
            of_names(&parameter.shape, &names_of(Named::Network, cluster))
        };
    }
    if parameter.name == "tags" && all.iter().any(|it| it.name == "kind") {
        return of_tags(op, cluster);
    }
    known(parameter.name).unwrap_or_else(|| of_shape(&parameter.shape))
}

/// Returns tags: one that nothing has, and those that something has.
fn of_tags(op: &Params, cluster: &Snapshot) -> Vec<Value> {
    let mut tags: BTreeSet<&String> = BTreeSet::new();
    match op.get("kind").and_then(Value::as_str) {
        Some("cluster") => tags.extend(&cluster.cluster.tags),
        Some("instance") => tags.extend(cluster.instances.values().flat_map(|it| &it.tags)),
        Some("node") => tags.extend(cluster.nodes.values().flat_map(|it| &it.tags)),
        Some("nodegroup") => tags.extend(cluster.nodegroups.values().flat_map(|it| &it.tags)),
        Some("network") => tags.extend(cluster.networks.values().flat_map(|it| &it.tags)),
        _ => {}
    }
    [json!(["swept"])].into_iter().chain(tags.into_iter().map(|tag| json!([tag]))).collect()
}

fn of_names(shape: &Shape, names: &[String]) -> Vec<Value> {
    match shape {
        Shape::Optional(of) | Shape::Secret(of) => of_names(of, names),
        Shape::List(_) | Shape::Set(_) => {
            [json!([])].into_iter().chain(names.iter().map(|name| json!([name]))).collect()
        }
        _ => names.iter().map(|name| name.as_str().into()).collect(),
    }
}

fn of_shape(shape: &Shape) -> Vec<Value> {
    match shape {
        Shape::Bool => vec![json!(false), json!(true)],
        Shape::Words(words) => words.iter().map(|word| json!(word)).collect(),
        Shape::Numbers(numbers) => numbers.iter().map(|number| json!(number)).collect(),
        Shape::Integer { min, max } => [*min, *max].into_iter().flatten().chain([10]).map(Value::from).collect(),
        Shape::List(of) | Shape::Set(of) => vec![json!([]), json!([of.example()])],
        Shape::Either(shapes) => shapes.iter().flat_map(of_shape).collect(),
        Shape::Optional(of) | Shape::Secret(of) => of_shape(of),
        other => vec![other.example()],
    }
}

fn names_of(kind: Named, cluster: &Snapshot) -> Vec<String> {
    match kind {
        Named::Instance => names(&cluster.instances),
        Named::Node => names(&cluster.nodes),
        Named::Group => names(&cluster.nodegroups),
        Named::Network => names(&cluster.networks),
    }
}

fn names<T: ByName>(table: &Table<T>) -> Vec<String> {
    table.values().map(|it| it.name().to_owned()).collect()
}
