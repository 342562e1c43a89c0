//! Runs with the real lock manager in the place of the mock.

use testlib::Level::Node;
use testlib::{LuTest, exclusive, failure_of};

use super::units::{How, bench, care};

/// The whole report of a run, with a lock that another job holds or without.
fn report(mut t: LuTest, how: How, taken: bool) -> String {
    if taken {
        t.locks().taken(Node, "node2");
    }
    failure_of(|| drop(t.run(care(how)).internal_error("it does not end so"))).message
}

fn real() -> LuTest {
    let mut t = bench();
    t.real_locks();
    t
}

#[test]
fn reports_and_journals_are_the_same() {
    let all = [How::Well, How::GivingBack, How::Sharing, How::WholeLevel, How::AsFree, How::TooMany, How::Refusing];
    for (how, taken) in all.into_iter().flat_map(|how| [(how, false), (how, true)]) {
        assert_eq!(report(real(), how, taken), report(bench(), how, taken), "{how}, taken: {taken}");
    }
}

#[test]
fn what_is_free_is_what_no_other_job_holds() {
    let mut t = real();
    t.locks().taken(Node, "node2");
    t.run(care(How::AsFree)).locked_also([exclusive(Node, "node1"), exclusive(Node, "node3")]).succeeded();
}
