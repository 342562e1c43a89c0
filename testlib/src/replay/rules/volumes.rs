//! The disks of a group's instances: what the reference says of nodes that told it nothing, and how it names them.

use cmdlib::objects::Node;
use serde_json::{Map, Value};

use super::Case;
use super::expectation::Expectation;
use crate::replay::channels::Outcome;
use crate::replay::trace::Answer;

/// The errors by node, and the missing volumes by instance: each a list of node and volume.
struct Report {
    errors: Map<String, Value>,
    missing: Map<String, Value>,
}

fn report(outcome: &Outcome) -> Option<Report> {
    let Outcome::Result(result) = outcome else { return None };
    let part = |index: usize| result.get(index).and_then(Value::as_object).cloned();
    Some(Report { errors: part(0)?, missing: part(2)? })
}

fn pairs(missing: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    missing.values().filter_map(Value::as_array).flatten()
}

fn node_of(pair: &Value) -> &str {
    pair.get(0).and_then(Value::as_str).unwrap_or_default()
}

fn is_offline(case: &Case<'_>, node: &str) -> bool {
    case.config.get(&node.into()).is_ok_and(|node: std::sync::Arc<Node>| node.offline)
}

/// Tells whether a node told which volumes it has.
fn told(case: &Case<'_>, node: &str) -> bool {
    let mut nodes = case.trace.calls().filter(|call| call.procedure == "lv_list").flat_map(|call| &call.nodes);
    nodes.any(|it| it.key == node && matches!(it.answer, Answer::Ok(_)))
}

fn recorded(case: &Case<'_>) -> Option<Report> {
    report(&case.recorded.outcome)
}

/// Tells whether a volume counts as missing on a node that told nothing.
pub(super) fn unknown_is_missing(case: &Case<'_>) -> bool {
    recorded(case).is_some_and(|report| pairs(&report.missing).any(|pair| !told(case, node_of(pair))))
}

/// Tells whether being offline counts as an error of a node.
pub(super) fn offline_is_error(case: &Case<'_>) -> bool {
    recorded(case).is_some_and(|report| report.errors.keys().any(|node| is_offline(case, node)))
}

/// Tells whether the result names nodes at all, which it does by uuid.
pub(super) fn names_nodes(case: &Case<'_>) -> bool {
    recorded(case).is_some_and(|report| !report.errors.is_empty() || !report.missing.is_empty())
}

fn change(wanted: &mut Expectation, change: impl FnOnce(&mut Report)) {
    let outcome = &mut wanted.channels_mut().outcome;
    let Some(mut report) = report(outcome) else { return };
    change(&mut report);
    if let Outcome::Result(result) = outcome {
        result[0] = report.errors.into();
        result[2] = report.missing.into();
    }
}

/// Of volumes on nodes that told nothing, nothing is known.
pub(super) fn unknown_left_out(case: &Case<'_>, wanted: &mut Expectation) {
    change(wanted, |report| {
        for pairs in report.missing.values_mut().filter_map(Value::as_array_mut) {
            pairs.retain(|pair| told(case, node_of(pair)));
        }
        report.missing.retain(|_, pairs| pairs.as_array().is_some_and(|pairs| !pairs.is_empty()));
    });
}

/// To be offline is no error.
pub(super) fn offline_left_out(case: &Case<'_>, wanted: &mut Expectation) {
    change(wanted, |report| report.errors.retain(|node, _| !is_offline(case, node)));
}

/// Nodes are told by name.
pub(super) fn nodes_by_name(case: &Case<'_>, wanted: &mut Expectation) {
    let name = |node: &str| case.config.node_name(&node.into());
    change(wanted, |report| {
        let errors = std::mem::take(&mut report.errors);
        report.errors = errors.into_iter().map(|(node, text)| (name(&node), text)).collect();
        for pair in report.missing.values_mut().filter_map(Value::as_array_mut).flatten() {
            let name = name(node_of(pair));
            pair[0] = name.into();
        }
    });
}
