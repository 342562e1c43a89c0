//! Submitted jobs. Defaults don't count: each opcode is read as ours where it can be.

use cmdlib::op;
use serde_json::Value;

use super::{Channel, Difference};
use crate::replay::json::{first_difference, same};

type Submission = Vec<Vec<Value>>;

fn complete(submission: &Submission) -> Value {
    let opcode = |value: &Value| op::Any::read(value).map_or_else(|_| value.clone(), |any| any.write());
    submission.iter().map(|job| job.iter().map(opcode).collect::<Value>()).collect()
}

pub(super) fn differences(wanted: &[Submission], ours: &[Submission], unordered: bool) -> Vec<Difference> {
    let mut found = Vec::new();
    if wanted.len() != ours.len() {
        let count = |all: &[Submission]| format!("{} times", all.len());
        found.push(Difference::new(Channel::Jobs, "jobs are submitted", count(wanted), count(ours)));
    }
    for (index, (wanted, ours)) in wanted.iter().zip(ours).enumerate() {
        let (wanted, mut ours) = (complete(wanted), complete(ours));
        if unordered {
            ours = in_order_of(&wanted, ours);
        }
        if let Some((path, wanted, ours)) = first_difference(&wanted, &ours) {
            let subject = if index == 0 { format!("jobs{path}") } else { format!("submission {}{path}", index + 1) };
            found.push(Difference::new(Channel::Jobs, subject, wanted, ours));
        }
    }
    found
}

/// Puts our jobs into the order of those that were recorded, as far as they are the same.
fn in_order_of(wanted: &Value, ours: Value) -> Value {
    let Value::Array(mut left) = ours else { return ours };
    let mut out = Vec::with_capacity(left.len());
    for job in wanted.as_array().into_iter().flatten() {
        if let Some(position) = left.iter().position(|ours| same(job, ours)) {
            out.push(left.remove(position));
        }
    }
    out.extend(left);
    Value::Array(out)
}
