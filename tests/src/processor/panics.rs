//! A panic in whatever phase ends as an internal error and leaves nothing behind (R08, R09, R41, D81).

use cmdlib::locking::Strategy;
use cmdlib::op::OpCode;
use cmdlib::processor::{self, Ended};

use super::outside::{Walked, bench, outside};
use super::units::op::Walk;
use super::units::{Place, Wishes, Writes};

fn op(place: Place) -> Walk {
    Walk { panics: Some(place), wishes: Wishes::Computed, writes: Writes::Whole, ..Walk::new() }
}

/// Panics there, in both ways of taking locks.
#[track_caller]
fn panics(place: Place) -> Walked {
    let told = Ended::Internal(format!("panic: stumbled: {place}"));
    let blocking = outside().walk_blocking(op(place)).left_nothing();
    assert_eq!(blocking.ended, told);
    let walked = outside().walk(op(place)).left_nothing();
    assert_eq!(walked.ended, told);
    walked
}

#[test]
fn in_the_arguments() {
    assert_eq!(panics(Place::Arguments).only(&["free"]), ["free cluster"]);
}

#[test]
fn while_names_are_resolved() {
    assert_eq!(panics(Place::Expand).only(&["free"]), ["free cluster"]);
}

#[test]
fn while_later_locks_are_chosen() {
    assert_eq!(panics(Place::Later).only(&["free"]), ["free instance", "free cluster"]);
}

#[test]
fn in_the_check_with_something_reserved() {
    assert_eq!(panics(Place::Check).scripts(), []);
}

#[test]
fn while_the_nodes_of_the_hooks_are_chosen() {
    assert_eq!(panics(Place::HookNodes).scripts(), []);
}

#[test]
fn while_the_variables_are_made_before() {
    assert_eq!(panics(Place::EnvBefore).scripts(), []);
}

#[test]
fn in_the_execution() {
    assert!(panics(Place::Exec).has("wrote all"));
}

#[test]
fn while_the_variables_are_made_after() {
    assert!(!panics(Place::EnvAfter).scripts().contains(&("walk", "post")));
}

#[test]
fn while_the_answers_are_heard() {
    assert_eq!(panics(Place::Answered).scripts(), [("walk", "pre"), ("walk", "post"), ("config-update", "post")]);
}

// The reference wraps what goes wrong in its checks and executions only.
#[test]
fn d81_a_panic_is_one_class_of_error_wherever_it_happens() {
    for &place in Place::ALL {
        let ended = outside().walk(op(place)).ended;
        assert!(matches!(ended, Ended::Internal(_)), "{place}: {ended}");
    }
}

#[test]
fn r41_no_lock_outlives_a_panic() {
    for &place in Place::ALL {
        assert_eq!(outside().walk(op(place)).left, [""; 0], "{place}");
        assert_eq!(outside().walk_blocking(op(place)).left, [""; 0], "{place}");
    }
}

#[test]
fn a_panic_without_a_text_is_an_internal_error_like_others() {
    let walked = outside().through(&op(Place::Exec).write(), |unit, op, seams| {
        processor::run_around(unit, op, seams, Strategy::Blocking, |_| std::panic::panic_any(7))
    });
    assert_eq!(walked.left_nothing().ended, Ended::Internal("panic: without a message".to_owned()));
}

#[test]
fn the_bench_tells_it_as_an_error_of_the_unit() {
    bench().run(op(Place::Check)).internal_error("stumbled: check");
}

#[test]
fn the_store_is_usable_after_a_panic_within_a_change() {
    let mut t = bench();
    t.exec(|cx| {
        let torn = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cx.update_cluster(|_| panic!("torn"))));
        assert!(torn.is_err());
        cx.update_cluster(|cluster| _ = cluster.tags.insert("whole".to_owned())).map(|_| ())
    })
    .changed(["cluster.tags: [] -> [\"whole\"]"])
    .succeeded();
}
