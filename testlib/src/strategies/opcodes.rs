//! Opcodes by chance, made from what their parameters say. Which object a name means is found when the cluster is known, so that
//! cluster and opcode shrink by themselves.

use cmdlib::config::Snapshot;
use cmdlib::field::Params;
use cmdlib::op::Common;
use cmdlib::shape::{Parameter, Shape};
use cmdlib::unit::Unit;
use proptest::bool::weighted;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use serde_json::{Value, json};

use crate::meaning::{Meaning, meaning};
use crate::strategies::cluster::Pick;
use crate::strategies::shapes::{misfits, values};

/// How often an opcode is spoilt.
const SPOILT: f64 = 0.08;
/// How often a name is an odd one.
const ODD: f64 = 0.2;

/// One of the values that a parameter's meaning has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Choice {
    odd: bool,
    pick: Pick,
}

/// What a parameter is given.
#[derive(Debug, Clone, PartialEq)]
enum Given {
    Nothing,
    /// As it is.
    Value(Value),
    /// What the cluster has.
    One(Choice),
    Many(Vec<Choice>),
}

/// An opcode, before it is known on which cluster it runs.
#[derive(Debug, Clone, PartialEq)]
pub struct OpcodePlan {
    id: &'static str,
    parameters: Vec<Parameter>,
    given: Vec<Given>,
    common: Vec<Option<Value>>,
    spoilt: Option<u16>,
}

fn choice() -> impl Strategy<Value = Choice> {
    (weighted(ODD), any::<Pick>()).prop_map(|(odd, pick)| Choice { odd, pick })
}

/// Returns whether a list is taken.
fn is_list(shape: &Shape) -> bool {
    match shape {
        Shape::Optional(of) | Shape::Secret(of) => is_list(of),
        Shape::List(_) | Shape::Set(_) => true,
        _ => false,
    }
}

fn given(parameter: &Parameter, all: &[Parameter]) -> BoxedStrategy<Given> {
    let value = match meaning(parameter.name, all) {
        None => values(&parameter.shape).prop_map(Given::Value).boxed(),
        Some(_) if is_list(&parameter.shape) => vec(choice(), 0..4).prop_map(Given::Many).boxed(),
        Some(_) => choice().prop_map(Given::One).boxed(),
    };
    // What names an object is mostly given, where the opcode needs it.
    let leave_out = match meaning(parameter.name, all) {
        _ if parameter.is_required() => 0,
        Some(Meaning::OfKind) => 1,
        _ => 12,
    };
    if leave_out == 0 { value } else { prop_oneof![leave_out => Just(Given::Nothing), 8 => value].boxed() }
}

/// Opcodes of a unit, made from its parameters: existing objects mostly, in full and in short names, missing and odd ones; each
/// option with all that its type takes; and now and then something that the type does not take. Nothing of the unit is known
/// but its line in a table, so that units of other crates get opcodes as well.
///
/// ```
/// use proptest::prelude::*;
/// use testlib::strategies::{clusters, opcodes};
///
/// let unit = cmdlib::unit::find(cmdlib::lu::UNITS, "OP_TAGS_GET").unwrap();
/// let mut runner = proptest::test_runner::TestRunner::deterministic();
/// runner.run(&(clusters(), opcodes(unit)), |(cluster, op)| {
///     let op = op.on(&cluster.config().snapshot());
///     prop_assert_eq!(&op.json["OP_ID"], "OP_TAGS_GET");
///     prop_assert_eq!((unit.read)(&op.json).is_err(), op.ill_typed);
///     Ok(())
/// }).unwrap();
/// ```
pub fn opcodes(unit: &Unit) -> impl Strategy<Value = OpcodePlan> + use<> {
    let (id, parameters) = (unit.op_id, (unit.parameters)());
    let own: Vec<BoxedStrategy<Given>> = parameters.iter().map(|it| given(it, &parameters)).collect();
    let common = |it: Parameter| prop_oneof![7 => Just(None), 1 => values(&it.shape).prop_map(Some)].boxed();
    let common: Vec<BoxedStrategy<Option<Value>>> = Common::parameters().into_iter().map(common).collect();
    (own, common, option::weighted(SPOILT, any::<u16>())).prop_map(move |(given, common, spoilt)| OpcodePlan {
        id,
        parameters: parameters.clone(),
        given,
        common,
        spoilt,
    })
}

/// An opcode in wire form.
#[derive(Debug, Clone, PartialEq)]
pub struct Opcode {
    /// It.
    pub json: Value,
    /// Whether something in it is not what its parameter takes: then it must be refused as wrong input.
    pub ill_typed: bool,
}

impl OpcodePlan {
    /// Returns the opcode for a cluster: names mean what is there.
    #[must_use]
    pub fn on(&self, cluster: &Snapshot) -> Opcode {
        let mut op = Params::from_iter([("OP_ID".to_owned(), Value::from(self.id))]);
        let mut given: Vec<(&Parameter, &Given)> = self.parameters.iter().zip(&self.given).collect();
        // What depends on other members comes behind them.
        given.sort_by_key(|(parameter, _)| {
            let meaning = meaning(parameter.name, &self.parameters);
            matches!(meaning, Some(Meaning::TagOfKind | Meaning::UuidOf(..)))
        });
        for (parameter, given) in given {
            let value = match given {
                Given::Nothing => None,
                Given::Value(value) => Some(value.clone()),
                Given::One(choice) => self.meant(parameter, &[*choice], &op, cluster).pop(),
                Given::Many(choices) => Some(self.meant(parameter, choices, &op, cluster).into()),
            };
            // Where the cluster has nothing of the kind, there is a value that means nothing.
            let value = value.or_else(|| parameter.is_required().then(|| parameter.shape.example()));
            op.extend(value.map(|value| (parameter.name.to_owned(), value)));
        }
        let common = Common::parameters().into_iter().zip(&self.common);
        op.extend(common.filter_map(|(parameter, value)| Some((parameter.name.to_owned(), value.clone()?))));
        let ill_typed = self.spoilt.is_some_and(|pick| self.spoil(pick, &mut op));
        Opcode { json: op.into(), ill_typed }
    }

    fn meant(&self, parameter: &Parameter, choices: &[Choice], op: &Params, cluster: &Snapshot) -> Vec<Value> {
        let Some(meaning) = meaning(parameter.name, &self.parameters) else { return Vec::new() };
        let (usual, odd) = meaning.values(op, cluster);
        let one = |choice: &Choice| {
            let (first, second) = if choice.odd { (&odd, &usual) } else { (&usual, &odd) };
            let of = if first.is_empty() { second } else { first };
            of.get(usize::from(choice.pick) % of.len().max(1)).cloned()
        };
        let values = choices.iter().filter_map(one);
        // An empty text is no value of a type that takes none.
        values.filter(|value| !misfits(item(&parameter.shape)).contains(value)).collect()
    }

    /// Makes one thing wrong.
    fn spoil(&self, pick: u16, op: &mut Params) -> bool {
        let mut ways: Vec<(&str, Option<Value>)> = vec![("no_such_parameter", Some(json!(1)))];
        let common = Common::parameters();
        for parameter in self.parameters.iter().chain(&common) {
            ways.extend(parameter.is_required().then_some((parameter.name, None)));
            let own = !common.contains(parameter);
            // Of the common ones, null means that they are not given.
            let wrong = misfits(&parameter.shape).into_iter().filter(|value| own || !value.is_null());
            ways.extend(wrong.map(|value| (parameter.name, Some(value))));
        }
        let Some((name, value)) = ways.get(usize::from(pick) % ways.len()).cloned() else { return false };
        match value {
            Some(value) => drop(op.insert(name.to_owned(), value)),
            None => drop(op.shift_remove(name)),
        }
        true
    }
}

/// Returns what the items of a list are, or the shape itself.
fn item(shape: &Shape) -> &Shape {
    match shape {
        Shape::Optional(of) | Shape::Secret(of) | Shape::List(of) | Shape::Set(of) => item(of),
        other => other,
    }
}
