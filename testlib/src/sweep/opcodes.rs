//! Opcodes made from what their parameters say: for each way to give the required ones, the plain opcode, and one for each value
//! of each option.

use cmdlib::config::Snapshot;
use cmdlib::field::Params;
use cmdlib::shape::{Parameter, Shape};
use cmdlib::unit::Unit;
use serde_json::{Value, json};

use crate::meaning::{Meaning, Named, all_names, kind_of, meaning};

/// Returns opcodes of a unit for this cluster. Not all of them can succeed.
pub(super) fn of(unit: &Unit, cluster: &Snapshot) -> Vec<Value> {
    let parameters = (unit.parameters)();
    // What says which object is meant comes before what depends on it.
    let rank = |it: &Parameter| match meaning(it.name, &parameters) {
        Some(Meaning::OfKind) => Some(1),
        Some(Meaning::TagOfKind) => Some(2),
        _ => it.is_required().then_some(0),
    };
    let mut needed: Vec<(i32, &Parameter)> = parameters.iter().filter_map(|it| Some((rank(it)?, it))).collect();
    needed.sort_by_key(|(rank, _)| *rank);
    let mut plain = vec![Params::from_iter([("OP_ID".to_owned(), unit.op_id.into())])];
    for (_, parameter) in needed {
        let with = |op: &Params| -> Vec<Params> {
            let values = values(parameter, op, &parameters, cluster);
            if values.is_empty() && !parameter.is_required() {
                return vec![op.clone()];
            }
            values.into_iter().map(|value| put(op, parameter.name, value)).collect()
        };
        plain = plain.iter().flat_map(with).collect();
    }
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

/// Returns the values that are tried for a parameter.
fn values(parameter: &Parameter, op: &Params, all: &[Parameter], cluster: &Snapshot) -> Vec<Value> {
    let names = |kind: Named| all_names(kind, cluster).into_iter().map(Value::from).collect();
    match meaning(parameter.name, all) {
        Some(Meaning::Object(kind)) => of_items(&parameter.shape, names(kind)),
        // Without a name it is the cluster.
        Some(Meaning::OfKind) => kind_of(op).map_or_else(Vec::new, names),
        // The object's name says it all; who gives both, and wrongly, is refused.
        Some(Meaning::UuidOf(..)) => Vec::new(),
        Some(meaning) => of_items(&parameter.shape, meaning.values(op, cluster).0),
        None => of_shape(&parameter.shape),
    }
}

/// Returns lists of none and of one of these, where a list is taken.
fn of_items(shape: &Shape, items: Vec<Value>) -> Vec<Value> {
    match shape {
        Shape::Optional(of) | Shape::Secret(of) => of_items(of, items),
        Shape::List(_) | Shape::Set(_) => {
            [json!([])].into_iter().chain(items.into_iter().map(|it| json!([it]))).collect()
        }
        _ => items,
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
