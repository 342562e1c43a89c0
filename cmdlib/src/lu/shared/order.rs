//! The order in which people expect names: `web2` before `web10`.
//!
//! Source: ganeti 3.1, utils/algo.py, `NiceSort`.

/// How many runs of digits or other characters are looked at one by one; the rest counts as one.
const RUNS: usize = 8;

/// What a name is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NiceKey(Vec<Run>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Run {
    /// The name is over. Shorter ones come first.
    Nothing,
    /// A number, without leading zeros: the one with more digits is larger.
    Number(usize, String),
    Text(String),
}

/// Returns what a name is sorted by. Names that differ in leading zeros only have the same.
///
/// ```
/// let mut names = ["web10", "web2", "db1"];
/// names.sort_by_key(|name| cmdlib::lu::shared::order::nice_key(name));
/// assert_eq!(names, ["db1", "web2", "web10"]);
/// ```
#[must_use]
pub fn nice_key(name: &str) -> NiceKey {
    let mut rest = name;
    let mut runs = Vec::with_capacity(RUNS + 1);
    for _ in 0..RUNS {
        let digits = rest.starts_with(|it: char| it.is_ascii_digit());
        let end = rest.find(|it: char| it.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        runs.push(if run.is_empty() { Run::Nothing } else { run_of(run) });
        rest = after;
    }
    runs.push(run_of(rest));
    NiceKey(runs)
}

fn run_of(text: &str) -> Run {
    if text.is_empty() || !text.bytes().all(|it| it.is_ascii_digit()) {
        return Run::Text(text.to_owned());
    }
    let digits = text.trim_start_matches('0');
    Run::Number(digits.len(), digits.to_owned())
}
