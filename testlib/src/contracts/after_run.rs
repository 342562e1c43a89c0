//! What is looked at after every run: the lock that a change or a call needs was held, and not yet given back.

use cmdlib::locking::Mode;
use cmdlib::rpc::{AnyCall, Needs};

use crate::bench::Once;
use crate::contracts::table::{self, alone, mode};
use crate::finding::{Finding, Topic};
use crate::journal::{Step, What, call_text, place_text};
use crate::names::Names;

/// Returns what a run changed or called without the lock that it needs.
pub(crate) fn after_run(once: &Once) -> Vec<Finding> {
    let names = &once.journal.names;
    let mut findings = Vec::new();
    for step in once.journal.steps.iter().filter(|step| !alone(&step.held)) {
        match &step.what {
            What::Call { call, nodes } => {
                let contacted = nodes.iter().filter(|node| node.contacted);
                findings.extend(contacted.filter_map(|node| of_call(&**call, node.node.as_str(), step, names)));
            }
            What::Changed(written) => {
                let changed = table::changed(&written.before, &written.after);
                findings.extend(changed.iter().filter_map(|it| of_change(it, step, names)));
            }
            _ => {}
        }
    }
    findings
}

fn broken(title: &str) -> Finding {
    Finding::new(Topic::Invariant, title)
}

fn of_call(call: &dyn AnyCall, node: &str, step: &Step, names: &Names) -> Option<Finding> {
    let needed = table::of_call(call, node);
    let good = needed.is_empty() || needed.iter().any(|(lock, wanted)| mode(&step.held, lock) >= Some(*wanted));
    let text = match call.needs() {
        Needs::Nothing => "",
        Needs::Node => "the node's lock",
        Needs::Instance => "the exclusive lock of the instance",
        Needs::NodeResOrInstance => "the instance's or the node resources' exclusive lock",
        Needs::Cluster => "the exclusive big lock",
    };
    (!good).then(|| {
        broken("a call was made without its lock")
            .got(format!("{} in step {} [{}]", call_text(call, Some(node), names), step.number, place_text(step.at)))
            .hint(format!("it needs {text}"))
    })
}

fn of_change(changed: &table::Changed, step: &Step, names: &Names) -> Option<Finding> {
    let missing = changed.locks.iter().filter(|lock| mode(&step.held, lock) != Some(Mode::Exclusive));
    let missing: Vec<String> = missing.map(|(level, key)| format!("{level}/{}", names.name(key))).collect();
    (!missing.is_empty()).then(|| {
        let (table, id) = (changed.table, names.name(&changed.id));
        broken("something was changed without its lock")
            .got(format!("{table}[{id}] in step {} [{}]", step.number, place_text(step.at)))
            .hint(format!("it needs the exclusive lock {}", missing.join(" and ")))
    })
}
