//! What a wait without locks comes to, where the reference waited for locks in vain.

use cmdlib::objects::Node;
use serde_json::Value;

use super::Case;
use crate::replay::channels::Outcome;

/// Healthy nodes wait as they are told; one that is offline can't.
pub(super) fn end(case: &Case<'_>) -> Outcome {
    let mut names = case.param("on_nodes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let node = |name: &str| case.config.find::<Node>(name).and_then(|id| case.config.get(&id));
    let offline = |name: &str| node(name).is_ok_and(|node| node.offline);
    let nodes_wait = !case.flag("interruptible") && !case.flag("dry_run");
    let fails = nodes_wait && names.any(offline);
    if fails { Outcome::failed() } else { Outcome::Result(Value::Null) }
}
