//! A filter rule of the job scheduler. No logical unit reads it; it is here so that a file is loaded whole.

use serde_json::Value;

use crate::objects::object;

object! {
    /// What the scheduler does with jobs that match (ganeti 3.1, the daemon's own loader).
    FilterRule {
        /// Its uuid.
        uuid: String = String::new(),
        /// The job from which on it counts.
        watermark: Value,
        /// Smaller ones are looked at first.
        priority: i64,
        /// Pairs of name and query filter, all of which must match.
        predicates: Vec<Value>,
        /// `ACCEPT`, `PAUSE`, `REJECT`, `CONTINUE`, or `RATE_LIMIT` with a number.
        action: Value,
        /// Who made it and why.
        reason_trail: Vec<Value> = Vec::new(),
    }
}
