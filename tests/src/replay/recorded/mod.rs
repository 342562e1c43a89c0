//! Recording: a run of the bench becomes a trace, and the trace is held; and the recordings that are kept.
//!
//! The kept ones, in `kept/*.jsonl`, are what `Judged::record` returned in a test, a trace a line. A unit that behaves
//! otherwise one day fails here: then either the unit is wrong, or the recordings are made anew, by
//! `UPDATE_EXPECT=1 cargo test -p tests replay::recorded`.

mod changed;
mod ends;
mod every_unit;
mod kept;
mod seams;
mod what;

use std::path::{Path, PathBuf};

use cmdlib::lu::UNITS;
use cmdlib::op::{self, Common, RebootType, TagKind};
use serde_json::Value;
use testlib::replay::{Rules, Trace, Verdict, run, side_by_side};
use testlib::{Judged, LuTest};

use crate::bench::units;

/// Three nodes and five instances: `web1` is down, `web2` and `db1` are up and mirrored.
pub(super) fn five() -> LuTest {
    LuTest::three_nodes_five_instances()
}

/// A single node, on which `web1` is down: small enough for recordings that are kept.
pub(super) fn one() -> LuTest {
    let mut t = LuTest::new();
    t.config().instance("web1").on("node1");
    t
}

pub(super) fn tag(tags: &[&str]) -> op::TagsSet {
    op::TagsSet::new(TagKind::Cluster, tags.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
}

pub(super) fn dry() -> Common {
    Common { dry_run: true, ..Common::default() }
}

pub(super) fn full(name: &str) -> op::InstanceReboot {
    op::InstanceReboot::new(name, RebootType::Full)
}

#[track_caller]
pub(super) fn line_of(judged: &Judged) -> String {
    judged.record().expect("it can be recorded")
}

#[track_caller]
pub(super) fn json_of(judged: &Judged) -> Value {
    serde_json::from_str(&line_of(judged)).expect("it is JSON")
}

/// Records a run and replays it, without and with the project's rules: it is as recorded. Returns the trace.
#[track_caller]
pub(super) fn replays(judged: &Judged) -> Trace {
    let line = line_of(judged);
    assert!(!line.contains('\n'), "it is one line");
    testlib::replay::trace(&line);
    let trace = Trace::parse(&line).unwrap();
    for rules in [Rules::none(), Rules::own()] {
        let verdict = run(&trace, &rules, UNITS).expect("there is such a unit");
        assert_eq!(verdict, Verdict::Equal, "{}", side_by_side(&trace, &verdict));
    }
    trace
}

/// The same for a unit of the tests of the bench.
#[track_caller]
pub(super) fn replays_pet(judged: &Judged) -> Trace {
    let trace = Trace::parse(&line_of(judged)).unwrap();
    let verdict = run(&trace, &Rules::none(), units::UNITS).expect("there is such a unit");
    assert_eq!(verdict, Verdict::Equal, "{}", side_by_side(&trace, &verdict));
    trace
}

pub(super) fn procedures(trace: &Trace) -> Vec<&str> {
    trace.calls().map(|call| call.procedure.as_str()).collect()
}

/// Makes the recording anew that is kept of a run, if expectations are updated.
#[track_caller]
pub(super) fn keep(judged: &Judged) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let line = line_of(judged);
        let trace = Trace::parse(&line).unwrap();
        std::fs::write(kept().join(format!("{}.jsonl", trace.lu)), line + "\n").unwrap();
    }
}

pub(super) fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/replay/recorded/kept")
}
