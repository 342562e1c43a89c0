//! How long each attempt to get all locks may take.
//!
//! Source: ganeti 3.1, mcpu.py and constants.

const SHORTEST: f64 = 5.0;
const LONGEST: f64 = 75.0;
const TOGETHER: f64 = 1800.0;

/// The most urgent priority: only with it is a lock waited for without limit.
pub const PRIORITY_HIGHEST: i64 = -20;

/// Returns the limits, in seconds, of one attempt after the other. After the last, an opcode that is not yet of the most
/// urgent priority becomes more urgent by one and begins anew; one that is waits as long as it takes.
///
/// ```
/// let limits = cmdlib::processor::attempt_seconds();
/// assert_eq!(limits.len(), 28);
/// assert_eq!(limits[0], 5.0);
/// ```
#[must_use]
pub fn attempt_seconds() -> Vec<f64> {
    let mut limits = vec![SHORTEST];
    let mut sum = SHORTEST;
    let mut last = SHORTEST;
    while sum < TOGETHER {
        last = (last * 1.05).powf(1.25).clamp(SHORTEST, LONGEST);
        limits.push(last);
        sum += last;
    }
    limits
}
