//! Attempts to run an opcode, one after the other.

use cmdlib::error::{Code, Refusal};
use cmdlib::locking::Strategy;
use cmdlib::op::OpCode;
use cmdlib::processor::{Attempt, Attempts, Ended, PRIORITY_HIGHEST, attempt_seconds, run_attempts};
use testlib::Level::Node;

use super::outside::{Outside, Walked, outside};
use super::units::op::Walk;
use super::units::{Ends, Wishes};

/// Runs it, but not more often than so; returns the attempts as well.
fn attempts(outside: Outside, op: &Walk, priority: i64, at_most: usize) -> (Walked, Vec<Attempt>) {
    let mut made = Vec::new();
    let walked = outside.through(&op.write(), |unit, op, seams| {
        run_attempts(unit, op, seams, priority, |attempt| {
            made.push(attempt);
            made.len() <= at_most
        })
    });
    (walked.left_nothing(), made)
}

fn timed(seconds: f64, priority: i64) -> Attempt {
    Attempt { strategy: Strategy::Timed(seconds), priority }
}

// -- which attempts there are

#[test]
fn limits_grow_from_five_seconds_to_seventy_five() {
    let rounded: Vec<f64> = attempt_seconds().iter().map(|it| (it * 100.0).round() / 100.0).collect();
    assert_eq!(rounded[..6], [5.0, 7.95, 14.18, 29.25, 72.31, 75.0]);
    assert!(rounded[5..].iter().all(|it| *it == 75.0));
    assert_eq!(rounded.len(), 28);
}

#[test]
fn whoever_is_out_of_time_becomes_more_urgent_and_begins_anew() {
    let mut attempts = Attempts::new(0);
    let first: Vec<Attempt> = (0..28).map(|_| attempts.next(0.5)).collect();
    assert!(first.iter().all(|it| it.priority == 0 && matches!(it.strategy, Strategy::Timed(_))));
    assert_eq!(attempts.next(0.5), timed(5.0, -1));
}

#[test]
fn whoever_is_most_urgent_waits_as_long_as_it_takes() {
    let mut attempts = Attempts::new(PRIORITY_HIGHEST + 1);
    let all: Vec<Attempt> = (0..60).map(|_| attempts.next(0.5)).collect();
    assert_eq!(all[27].priority, PRIORITY_HIGHEST + 1);
    assert_eq!(all[28], timed(5.0, PRIORITY_HIGHEST));
    assert!(matches!(all[55].strategy, Strategy::Timed(_)));
    assert!(all[56..].iter().all(|it| *it == Attempt { strategy: Strategy::Blocking, priority: PRIORITY_HIGHEST }));
}

#[test]
fn limits_vary_by_five_percent_both_ways() {
    assert_eq!(Attempts::new(0).next(0.0), timed(4.75, 0));
    assert_eq!(Attempts::new(0).next(1.0), timed(5.25, 0));
}

// -- the driver

#[test]
fn an_opcode_that_gets_its_locks_is_run_once() {
    let (walked, made) = attempts(outside(), &Walk::new(), 0, 9);
    assert_eq!((walked.ended, made), (Ended::Success("walked".into()), vec![timed(5.0, 0)]));
}

#[test]
fn whoever_gets_no_locks_tries_again_with_more_time() {
    let op = Walk { wishes: Wishes::Known, ..Walk::new() };
    let (walked, made) = attempts(outside().taken(Node), &op, 0, 2);
    assert_eq!(walked.ended, Ended::LockTimeout);
    assert_eq!(
        walked.only(&["priority", "lock instance"]),
        [
            "priority 0",
            "lock instance/web2 exclusive, node/node1 shared, node/node2 shared, node-res/node1 exclusive within 5 s: not granted",
            "priority 0",
            "lock instance/web2 exclusive, node/node1 shared, node/node2 shared, node-res/node1 exclusive within 8 s: not granted",
            "priority 0",
        ]
    );
    assert_eq!(made.len(), 3, "the third was cancelled");
}

#[test]
fn the_lock_manager_is_told_the_priority_and_that_the_job_is_over() {
    let op = Walk { wishes: Wishes::Known, ..Walk::new() };
    let (walked, _) = attempts(outside().taken(Node), &op, 7, 29);
    let told = walked.only(&["priority"]);
    assert_eq!((told[0], told[27], told[28], told[29]), ("priority 7", "priority 7", "priority 6", "priority 0"));
}

#[test]
fn a_job_that_is_cancelled_makes_no_attempt() {
    let (walked, made) = attempts(outside(), &Walk::new(), 0, 0);
    assert_eq!((walked.ended, made.len()), (Ended::LockTimeout, 1));
    assert_eq!(walked.trail, ["  priority 0"]);
}

#[test]
fn an_error_is_not_tried_again() {
    let (walked, made) = attempts(outside(), &Walk { ends: Ends::InCheck, ..Walk::new() }, 0, 9);
    assert_eq!(walked.ended.to_string(), "refused (wrong_state): the way is blocked");
    assert_eq!(made.len(), 1);
}

// -- a lack of resources that may pass

#[test]
fn r10_h28_another_attempt_is_made_with_the_opcode_that_the_unit_changed_and_with_its_wishes() {
    let op = Walk { ends: Ends::ShortAtFirst, wishes: Wishes::Free, ..Walk::new() };
    let (walked, made) = attempts(outside().node_taken(Node, "node2"), &op, 0, 9);
    assert_eq!(walked.ended, Ended::Success("walked".into()));
    assert_eq!(made.len(), 2);
    assert_eq!(
        walked.only(&["lock ", "info: check", "retry", "free"]),
        [
            "lock cluster/BGL shared within 5 s",
            "lock 1 or more of node/node1 exclusive, node/node2 exclusive, node/node3 exclusive within 5 s",
            "lock node-res/node1 exclusive, node-res/node3 exclusive within 5 s",
            "info: check, holding nodes [\"node1\", \"node3\"]",
            "retry",
            "free node-res",
            "free node",
            "free cluster",
            "lock cluster/BGL shared within 8 s",
            "lock node/(all) exclusive within 8 s",
            "info: check, holding nodes [\"node1\", \"node2\", \"node3\"]",
            "free node",
            "free cluster",
        ]
    );
}

#[test]
fn the_changed_opcode_stays_when_the_attempt_after_it_times_out() {
    let op = Walk { ends: Ends::ShortAtFirst, ..Walk::new() };
    let (walked, made) = attempts(outside().taken(Node), &op, 0, 4);
    assert_eq!((walked.ended.clone(), made.len()), (Ended::LockTimeout, 5));
    assert_eq!(walked.only(&["retry", "lock node"]).len(), 4, "one retry, then the lock of all nodes thrice");
}

#[test]
fn a_lack_that_never_passes_ends_as_the_refusal_that_it_is() {
    let (walked, made) = attempts(outside(), &Walk { ends: Ends::Short, ..Walk::new() }, PRIORITY_HIGHEST, 99);
    assert_eq!(walked.ended, Ended::Refused(Refusal::new(Code::TemporarilyInsufficient, "too dark to walk")));
    assert_eq!(made.len(), 29);
}
