//! A trace as a test, in one line.

use super::report::side_by_side;
use super::rules::Rules;
use super::trace::Trace;
use super::verdict::run;
use crate::library::Library;

/// Replays a trace, given as its line of JSON or as the path of a file of traces, with all units of the library under the
/// project's own rules. Rules say nothing of what the bench recorded (`Judged::record`): that is compared as it stands.
///
/// # Panics
/// It is no trace, or is not held: the text shows both sides.
#[track_caller]
pub fn trace(path_or_line: &str) {
    trace_with(cmdlib::lu::UNITS, path_or_line);
}

/// The same with the units of another crate.
///
/// # Panics
/// As [`trace`] does.
#[track_caller]
pub fn trace_with(library: impl Into<Library>, path_or_line: &str) {
    let units = library.into().units;
    let traces = if path_or_line.trim_start().starts_with('{') {
        Trace::parse(path_or_line).map(|trace| vec![trace])
    } else {
        Trace::of_file(path_or_line)
    };
    let traces = traces.unwrap_or_else(|error| panic!("{error}"));
    assert!(!traces.is_empty(), "{path_or_line}: there is no trace in it");
    let rules = Rules::own();
    let mut wrong = String::new();
    for trace in &traces {
        match run(trace, &rules, units) {
            Some(verdict) if verdict.held() => {}
            Some(verdict) => wrong.push_str(&side_by_side(trace, &verdict)),
            None => wrong.push_str(&format!("{}: there is no logical unit {}\n", trace.id, trace.lu)),
        }
    }
    assert!(wrong.is_empty(), "replay differs\n{wrong}");
}
