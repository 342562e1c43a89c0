//! Values of a shape, and values that a shape does not take.

use cmdlib::field::Params;
use cmdlib::shape::{Parameter, Shape};
use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use serde_json::{Value, json};

/// Numbers without a limit are small: some mean how often something is done.
const UNLIMITED_MAX: i64 = 300;

fn integers(min: Option<i64>, max: Option<i64>) -> BoxedStrategy<Value> {
    let low = min.unwrap_or(-10);
    let high = max.unwrap_or_else(|| low.saturating_add(UNLIMITED_MAX)).max(low);
    let limits = vec![low, high, low.saturating_add(1).min(high)];
    prop_oneof![2 => low..=high, 1 => select(limits)].prop_map(Value::from).boxed()
}

/// Values of any kind.
fn anything() -> BoxedStrategy<Value> {
    select(vec![json!(null), json!(true), json!(7), json!(-1.5), json!("text"), json!([1]), json!({"a": "b"})]).boxed()
}

fn texts(least: usize) -> BoxedStrategy<Value> {
    let odd = ["a", "with space", "ünï", "../../x", "%s {} \\\"", "-", "a.b.c"];
    let odd = odd.into_iter().chain((least == 0).then_some("")).map(Value::from).collect::<Vec<_>>();
    select(odd).boxed()
}

/// Values that a shape takes.
pub(crate) fn values(shape: &Shape) -> BoxedStrategy<Value> {
    match shape {
        Shape::Opaque | Shape::Any => anything(),
        Shape::Null => Just(Value::Null).boxed(),
        Shape::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Shape::Integer { min, max } => integers(*min, *max),
        Shape::Number => select(vec![json!(1), json!(0), json!(0.5), json!(-1), json!(1e9)]).boxed(),
        Shape::Numbers(numbers) => one_of(numbers),
        Shape::Text => texts(0),
        Shape::NonEmpty => texts(1),
        Shape::Words(words) => one_of(words),
        Shape::Formatted { example, .. } => Just(json!(example)).boxed(),
        Shape::List(of) | Shape::Set(of) => vec(values(of), 0..4).prop_map(Value::from).boxed(),
        Shape::Tuple(items) => items.iter().map(values).collect::<Vec<_>>().prop_map(Value::from).boxed(),
        Shape::Map { keys, values: of } => vec((values(keys), values(of)), 0..3)
            .prop_map(|members| {
                let member = |(key, value): (Value, Value)| Some((key.as_str()?.to_owned(), value));
                Value::Object(members.into_iter().filter_map(member).collect())
            })
            .boxed(),
        Shape::Record(members) => record(members),
        Shape::Either(shapes) => proptest::strategy::Union::new(shapes.iter().map(values).collect::<Vec<_>>()).boxed(),
        Shape::Optional(of) => prop_oneof![1 => Just(Value::Null), 3 => values(of)].boxed(),
        Shape::Secret(of) => values(of),
    }
}

fn one_of<T: Clone + Into<Value>>(of: &[T]) -> BoxedStrategy<Value> {
    select(of.iter().cloned().map(Into::into).collect::<Vec<Value>>()).boxed()
}

fn record(members: &[Parameter]) -> BoxedStrategy<Value> {
    let member = |it: &Parameter| {
        let name = it.name.to_owned();
        let given = values(&it.shape).prop_map(Some).boxed();
        let value = if it.is_required() { given } else { prop_oneof![Just(None), given].boxed() };
        value.prop_map(move |value| Some((name.clone(), value?))).boxed()
    };
    let members: Vec<_> = members.iter().map(member).collect();
    members.prop_map(|members| Value::Object(members.into_iter().flatten().collect())).boxed()
}

/// Returns values that a shape does not take.
pub(crate) fn misfits(shape: &Shape) -> Vec<Value> {
    let beyond = |limit: Option<i64>, step: i64| limit.and_then(|limit| limit.checked_add(step)).map(Value::from);
    match shape {
        Shape::Opaque | Shape::Any => Vec::new(),
        Shape::Null => vec![json!(7), json!("")],
        Shape::Bool => vec![json!("yes"), json!(1), json!(null)],
        Shape::Integer { min, max } => {
            let typed = [json!("7"), json!(1.5), json!(null), json!([1])];
            typed.into_iter().chain(beyond(*min, -1)).chain(beyond(*max, 1)).collect()
        }
        Shape::Number => vec![json!("1.5"), json!(null), json!([1])],
        Shape::Numbers(numbers) => {
            let other = numbers.iter().max().and_then(|greatest| greatest.checked_add(1));
            [json!("no number"), json!(null)].into_iter().chain(other.map(Value::from)).collect()
        }
        Shape::Text => vec![json!(7), json!(null), json!(["a"])],
        Shape::NonEmpty => vec![json!(""), json!(7), json!(null), json!(["a"])],
        Shape::Words(_) => vec![json!("no such word"), json!(""), json!(7), json!(null)],
        Shape::Formatted { .. } => vec![json!(""), json!("no such form"), json!({}), json!(null)],
        Shape::List(of) | Shape::Set(of) => {
            let items = misfits(of).into_iter().map(|item| json!([item]));
            [json!("a"), json!({"a": 1}), json!(null)].into_iter().chain(items).collect()
        }
        Shape::Tuple(items) => {
            let whole: Vec<Value> = items.iter().map(Shape::example).collect();
            let spoilt = items.iter().enumerate().flat_map(|(index, of)| {
                misfits(of).into_iter().map(|item| with_item(&whole, index, item)).collect::<Vec<_>>()
            });
            [json!("a"), json!([]), json!(null)].into_iter().chain(spoilt).collect()
        }
        Shape::Map { values, .. } => {
            let members = misfits(values).into_iter().map(|value| json!({"a": value}));
            [json!("a"), json!([]), json!(null)].into_iter().chain(members).collect()
        }
        Shape::Record(members) => {
            let mut unknown = Params::from_iter(
                members.iter().filter(|it| it.is_required()).map(|it| (it.name.to_owned(), it.shape.example())),
            );
            unknown.insert("no such member".to_owned(), json!(1));
            vec![json!("a"), json!([]), json!(null), unknown.into()]
        }
        // What none of them takes.
        Shape::Either(shapes) => {
            let mut all = shapes.iter().map(misfits);
            let first = all.next().unwrap_or_default();
            all.fold(first, |both, other| both.into_iter().filter(|value| other.contains(value)).collect())
        }
        Shape::Optional(of) => misfits(of).into_iter().filter(|value| !value.is_null()).collect(),
        Shape::Secret(of) => misfits(of),
    }
}

fn with_item(items: &[Value], index: usize, item: Value) -> Value {
    let mut items = items.to_vec();
    items[index] = item;
    items.into()
}
