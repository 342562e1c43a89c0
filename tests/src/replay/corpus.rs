//! The corpus, if it is there.

use cmdlib::lu::UNITS;
use testlib::replay::{Corpus, Rules, Summary, run, side_by_side};

/// Of all traces, and of those of each logical unit, so many percent are to be held.
const OF_ALL: f64 = 99.0;
const OF_EACH: f64 = 97.0;

/// What the gate counts must need nothing that may be absent: under it the corpus is left alone.
#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn the_corpus_is_held() {
    let folder = if crate::is_counted() { None } else { Corpus::default_folder().unwrap() };
    let Some(folder) = folder else {
        eprintln!("skipped: there is no corpus of recorded runs");
        return;
    };
    let rules = Rules::own();
    let judged = |lu: &str| UNITS.iter().any(|unit| unit.name == lu);
    let corpus = Corpus::open(folder).unwrap().only(judged);
    let (mut summary, mut shown) = (Summary::default(), Vec::new());
    for trace in corpus.all() {
        let trace = trace.unwrap();
        let verdict = run(&trace, &rules, UNITS);
        summary.add(&trace, verdict.as_ref());
        if let Some(verdict) = verdict.filter(|verdict| !verdict.held()) {
            shown.push(side_by_side(&trace, &verdict));
        }
    }
    shown.truncate(5);
    let text = format!("{summary}\n{}", shown.join("\n"));
    assert!(summary.held_percent() >= OF_ALL, "{text}");
    assert!(summary.lus().keys().all(|lu| summary.held_percent_of(lu) >= OF_EACH), "{text}");
}
