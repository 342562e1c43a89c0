//! A case of a sweep as lines of an ordinary test.

use std::collections::BTreeSet;

use cmdlib::field::Params;
use serde_json::Value;

use crate::sweep::faults::should;
use crate::sweep::learn::Case;
use crate::sweep::point::Target;

/// Members of an opcode that say nothing with these values.
fn says_nothing(key: &str, value: &Value) -> bool {
    let common = match key {
        "dry_run" => *value == Value::Bool(false),
        "debug_level" | "priority" => value.as_i64() == Some(0),
        "reason" => value.as_array().is_some_and(Vec::is_empty),
        _ => false,
    };
    common || value.is_null()
}

/// Returns the line that runs an opcode; without a verdict, it succeeds.
pub(super) fn run(op: &Value, verdict: Option<&str>) -> String {
    let said = op.as_object().into_iter().flatten().filter(|(key, value)| !says_nothing(key, value));
    let said: Params = said.map(|(key, value)| (key.clone(), value.clone())).collect();
    format!("t.run_json(&serde_json::json!({})){};", Value::from(said), verdict.unwrap_or(".succeeded()"))
}

/// Returns a run with faults as an ordinary test. The first of them tells how it should end.
pub(super) fn faults_test(setup: &str, op: &Value, cases: &[&Case]) -> String {
    let mut uses = BTreeSet::from(["use testlib::sweep::{Fault, Point};".to_owned()]);
    for case in cases {
        match &case.point.target {
            Target::Call(procedure, name) if cmdlib::rpc::names().any(|name| name == *procedure) => {
                _ = uses.insert(format!("use cmdlib::rpc::{name};"));
            }
            Target::Hooks(_) => _ = uses.insert("use testlib::HookPhase;".to_owned()),
            _ => {}
        }
    }
    let inject = |case: &&Case| format!("t.inject({}, {});", case.point.rust(), case.fault.rust());
    let verdict = cases.first().map(|case| should(case));
    let lines = uses.into_iter().chain([setup.to_owned()]).chain(cases.iter().map(inject));
    lines.chain([run(op, verdict.as_deref())]).collect::<Vec<_>>().join("\n")
}

/// Returns a run with an interference as an ordinary test.
pub(super) fn interference_test(setup: &str, op: &Value, level: &str, change: &str) -> String {
    format!(
        "use testlib::{{Level, granted}};\n{setup}\nt.when(granted(Level::{level}), |cluster| {{ {change} }});\n{}",
        run(op, Some(".refused(cmdlib::error::Code::WrongState, \"try again\")"))
    )
}
