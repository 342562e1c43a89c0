//! Who waits, for whom, and who is served first.

use cmdlib::config::Owner;
use cmdlib::locking::Level::{Instance, Node};
use cmdlib::locking::{Answer, Waiting};

use super::{Desk, NOBODY, locks, numbers};

#[test]
fn whoever_waits_is_granted_what_is_freed() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a exclusive"));
    assert!(!desk.asks(2, "node/a exclusive"));
    assert_eq!(desk.answer(2), None);
    assert_eq!(desk.frees(1, Node), [2]);
    assert_eq!(desk.answer(2), Some(Answer::Granted(locks("node/a exclusive"))));
    assert_eq!(desk.waits(), NOBODY);
}

#[test]
fn the_first_to_come_is_the_first_to_be_served() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a exclusive"));
    assert!(!desk.asks(7, "node/a exclusive"));
    assert!(!desk.asks(3, "node/a exclusive"));
    assert_eq!(desk.waits(), [7, 3]);
    assert_eq!(desk.frees(1, Node), [7]);
    assert_eq!(desk.frees(7, Node), [3]);
}

#[test]
fn all_that_share_are_served_together() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a exclusive"));
    assert!(!desk.asks(2, "node/a shared"));
    assert!(!desk.asks(3, "node/all shared"));
    assert!(!desk.asks(4, "node/a exclusive"));
    assert!(!desk.asks(5, "node/a shared"));
    assert_eq!(desk.frees(1, Node), [2, 3]);
    assert_eq!(desk.waits(), [4, 5]);
}

#[test]
fn an_exclusive_request_that_waits_is_not_passed_by_later_ones_that_share() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a shared"));
    assert!(!desk.asks(2, "node/a exclusive"));
    assert!(!desk.asks(3, "node/a shared"));
    assert_eq!(desk.frees(1, Node), [2]);
    assert_eq!(desk.frees(2, Node), [3]);
}

#[test]
fn a_whole_level_that_is_waited_for_is_not_passed_name_by_name() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b shared"));
    assert!(!desk.asks(2, "node/all exclusive"));
    assert!(!desk.asks(3, "node/a exclusive"), "a is claimed, as it comes before b");
    assert!(!desk.asks(4, "node/b shared"));
    assert_eq!(desk.frees(1, Node), [2]);
}

#[test]
fn a_request_for_several_is_not_starved_by_requests_for_one_of_them() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b exclusive"));
    assert!(!desk.asks(2, "node/a exclusive, node/b exclusive"));
    assert!(!desk.asks(3, "node/a exclusive"), "it is kept for the one who waits");
    assert!(!desk.asks(4, "node/b exclusive"));
    assert_eq!(desk.frees(1, Node), [2]);
}

#[test]
fn a_claim_ends_where_its_request_waits() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a exclusive"));
    assert!(!desk.asks(2, "node/a exclusive, node/b exclusive"));
    assert!(desk.asks(3, "node/b exclusive"));
    assert_eq!(desk.frees(1, Node), NOBODY);
    assert_eq!(desk.frees(3, Node), [2]);
}

#[test]
fn whoever_is_waited_for_gets_its_next_lock_although_it_is_waited_for_as_well() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a shared"));
    assert!(!desk.asks(2, "node/a exclusive, node/b exclusive"));
    assert!(!desk.asks(3, "node/all exclusive"));
    assert!(desk.asks(1, "node/b exclusive"), "else 1 would wait for 2, and 2 for 1");
}

#[test]
fn freeing_one_of_two_that_are_in_the_way_wakes_nobody() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a shared"));
    assert!(desk.asks(2, "node/a shared"));
    assert!(!desk.asks(3, "node/a exclusive"));
    assert_eq!(desk.frees(1, Node), NOBODY);
    assert_eq!(desk.frees(2, Node), [3]);
}

#[test]
fn freeing_a_level_leaves_the_others() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "instance/a exclusive, node/a exclusive"));
    assert_eq!(desk.frees(1, Node), NOBODY);
    assert_eq!(desk.held(1), "instance/a exclusive");
    assert!(!desk.asks(2, "instance/a shared"));
    assert_eq!(desk.frees(1, Instance), [2]);
}

// -- priority

#[test]
fn the_more_urgent_is_served_first() {
    let mut desk = Desk::default();
    desk.table.prioritize(Owner(3), -5);
    desk.table.prioritize(Owner(4), 5);
    assert!(desk.asks(1, "node/a exclusive"));
    assert!(!desk.asks(4, "node/a exclusive"));
    assert!(!desk.asks(2, "node/a exclusive"));
    assert!(!desk.asks(3, "node/a exclusive"));
    assert_eq!(desk.waits(), [3, 2, 4]);
    assert_eq!(desk.frees(1, Node), [3]);
}

#[test]
fn the_more_urgent_passes_what_is_claimed() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b exclusive"));
    assert!(!desk.asks(2, "node/a exclusive, node/b exclusive"));
    desk.table.prioritize(Owner(3), -1);
    assert!(desk.asks(3, "node/a exclusive"));
}

#[test]
fn whoever_waits_can_become_more_urgent() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b exclusive"));
    assert!(!desk.asks(2, "node/a exclusive, node/b exclusive"));
    assert!(!desk.asks(3, "node/a exclusive"));
    assert_eq!(numbers(desk.table.prioritize(Owner(3), -1)), [3], "it is in the way of nobody who is served before");
    assert_eq!(desk.answer(3), Some(Answer::Granted(locks("node/a exclusive"))));
}

#[test]
fn whoever_becomes_less_urgent_lets_others_pass() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b exclusive"));
    assert!(!desk.asks(2, "node/a exclusive, node/b exclusive"));
    assert!(!desk.asks(3, "node/a exclusive"));
    assert_eq!(numbers(desk.table.prioritize(Owner(2), 1)), [3]);
}

#[test]
fn a_priority_does_not_outlive_its_job() {
    let mut desk = Desk::default();
    desk.table.prioritize(Owner(3), -5);
    desk.table.forget(Owner(3));
    assert!(desk.asks(1, "node/a exclusive"));
    assert!(!desk.asks(2, "node/a exclusive"));
    assert!(!desk.asks(3, "node/a exclusive"));
    assert_eq!(desk.waits(), [2, 3]);
}

#[test]
fn a_more_urgent_request_that_stops_another_wakes_those_who_waited_for_what_that_one_claimed() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/c exclusive"));
    assert!(!desk.asks(2, "node/a exclusive, node/b exclusive, node/c exclusive"));
    assert!(!desk.asks(3, "node/b exclusive"));
    desk.table.prioritize(Owner(4), -1);
    let asked = desk.table.request(Owner(4), &locks("node/a exclusive"), None).expect("it is in order");
    assert_eq!((asked.granted, numbers(asked.woken)), (Some(locks("node/a exclusive")), vec![3]));
}

// -- requests that are taken back, jobs that are gone

#[test]
fn a_request_that_is_taken_back_holds_nothing_and_is_in_nobodys_way() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a shared"));
    assert!(!desk.asks(2, "node/a exclusive"));
    assert!(!desk.asks(3, "node/a shared"));
    assert_eq!(numbers(desk.table.cancel(Owner(2))), [3, 2], "who is granted, and who is told");
    assert_eq!(desk.answer(2), Some(Answer::Cancelled));
    assert_eq!(desk.held(2), "");
}

#[test]
fn what_was_granted_cannot_be_taken_back() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a exclusive"));
    assert!(!desk.asks(2, "node/a exclusive"));
    desk.frees(1, Node);
    assert_eq!(desk.table.cancel(Owner(2)), []);
    assert_eq!(desk.answer(2), Some(Answer::Granted(locks("node/a exclusive"))));
}

#[test]
fn locks_of_a_job_that_is_gone_are_freed() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "instance/a exclusive, node/a exclusive"));
    assert!(!desk.asks(2, "instance/a exclusive"));
    assert!(!desk.asks(3, "node/a exclusive"));
    assert_eq!(numbers(desk.table.forget(Owner(1))), [2, 3]);
    assert_eq!(numbers(desk.table.owners()), [2, 3]);
}

#[test]
fn the_request_of_a_job_that_is_gone_is_dropped_and_its_thread_woken() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a shared"));
    assert!(desk.asks(2, "instance/a exclusive"));
    assert!(!desk.asks(2, "node/a exclusive"));
    assert!(!desk.asks(3, "node/a shared"));
    assert_eq!(numbers(desk.table.forget(Owner(2))), [3, 2]);
    assert_eq!(desk.waits(), NOBODY);
    assert_eq!(desk.held(2), "");
}

// -- what people are shown

#[test]
fn whoever_waits_is_shown_with_those_who_are_in_the_way() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b shared"));
    assert!(desk.asks(2, "node/b shared"));
    assert!(!desk.asks(3, "node/b exclusive"));
    assert!(!desk.asks(4, "node/all shared"));
    let waiting = |owner, wanted, blocked_by: &[u64]| Waiting {
        owner: Owner(owner),
        priority: 0,
        wanted: locks(wanted),
        blocked_by: blocked_by.iter().map(|it| Owner(*it)).collect(),
    };
    assert_eq!(desk.table.waiting(), [waiting(3, "node/b exclusive", &[1, 2]), waiting(4, "node/all shared", &[3])]);
}
