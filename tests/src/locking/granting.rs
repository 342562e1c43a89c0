//! What is granted beside what is held.

use cmdlib::locking::Answer;
use cmdlib::locking::Level::Node;

use super::Desk;

#[test]
fn a_lock_that_nobody_has_is_granted_at_once() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a exclusive"));
    assert_eq!(desk.held(1), "node/a exclusive");
}

#[test]
fn one_lock_may_be_shared() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a shared"));
    assert!(desk.asks(2, "node/a shared"));
}

#[test]
fn an_exclusive_lock_is_held_alone() {
    for (first, second) in [("exclusive", "exclusive"), ("exclusive", "shared"), ("shared", "exclusive")] {
        let mut desk = Desk::default();
        assert!(desk.asks(1, &format!("node/a {first}")));
        assert!(!desk.asks(2, &format!("node/a {second}")), "{second} beside {first}");
    }
}

#[test]
fn locks_of_two_names_or_two_levels_are_independent() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a exclusive"));
    assert!(desk.asks(2, "node/b exclusive"));
    assert!(desk.asks(3, "node-res/a exclusive"));
}

#[test]
fn a_whole_level_conflicts_with_each_of_its_names() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/all exclusive"));
    assert!(!desk.asks(2, "node/a shared"));
    assert!(!desk.asks(3, "node/never-seen-before exclusive"));
    assert!(desk.asks(4, "instance/a exclusive"));
}

#[test]
fn a_name_conflicts_with_its_whole_level() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b shared"));
    assert!(desk.asks(2, "node/all shared"));
    assert!(!desk.asks(3, "node/all exclusive"));
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b exclusive"));
    assert!(!desk.asks(2, "node/all shared"));
}

#[test]
fn a_whole_level_may_be_shared_and_so_may_its_names() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/all shared"));
    assert!(desk.asks(2, "node/all shared"));
    assert!(desk.asks(3, "node/a shared"));
    assert!(!desk.asks(4, "node/a exclusive"));
}

#[test]
fn a_request_is_granted_whole_or_not_at_all() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b exclusive"));
    assert!(!desk.asks(2, "node/a exclusive, node/b exclusive"));
    assert_eq!(desk.held(2), "");
    assert!(desk.asks(3, "instance/a exclusive"), "it is in nobody's way elsewhere");
}

#[test]
fn no_locks_are_granted_always() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/all exclusive"));
    assert!(desk.asks(2, ""));
}

#[test]
fn what_is_held_already_is_not_granted_once_more() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/all exclusive"));
    assert!(desk.asks(1, "node/b shared, node/c exclusive"));
    assert_eq!(desk.held(1), "node/all exclusive");
    assert!(desk.asks(2, "instance/a exclusive, instance/b exclusive"));
    assert!(desk.asks(2, "instance/a shared"));
    assert_eq!(desk.held(2), "instance/a exclusive, instance/b exclusive");
}

// -- what is free

#[test]
fn of_several_those_that_are_free_are_granted() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b exclusive"));
    let granted = desk.asks_some(2, 1, "node/a exclusive, node/b exclusive, node/c exclusive");
    assert_eq!(granted.as_deref(), Some("node/a exclusive, node/c exclusive"));
    assert_eq!(desk.held(2), "node/a exclusive, node/c exclusive");
}

#[test]
fn nothing_is_granted_while_less_is_free_than_would_do() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b exclusive"));
    assert_eq!(desk.asks_some(2, 2, "node/a exclusive, node/b exclusive"), None);
    assert_eq!(desk.held(2), "");
    assert_eq!(desk.frees(1, Node), [2]);
    assert_eq!(desk.held(2), "node/a exclusive, node/b exclusive");
}

#[test]
fn what_is_held_already_counts_as_well() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b exclusive"));
    assert!(desk.asks(2, "node/a exclusive"));
    let granted = desk.asks_some(2, 2, "node/a shared, node/b exclusive, node/c exclusive");
    assert_eq!(granted.as_deref(), Some("node/c exclusive"));
}

#[test]
fn more_than_there_is_is_not_waited_for() {
    let mut desk = Desk::default();
    assert_eq!(desk.asks_some(1, 3, "node/a exclusive, node/b exclusive"), None);
    assert_eq!((desk.answer(1), desk.waits(), desk.held(1)), (Some(Answer::Cancelled), vec![], String::new()));
}

#[test]
fn nothing_may_be_enough() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/all exclusive"));
    assert_eq!(desk.asks_some(2, 0, "node/a exclusive").as_deref(), Some(""));
}

#[test]
fn whoever_waits_for_what_is_free_is_in_nobodys_way() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b exclusive"));
    assert_eq!(desk.asks_some(2, 2, "node/a exclusive, node/b exclusive"), None);
    assert!(desk.asks(3, "node/a exclusive"));
}

#[test]
fn what_is_claimed_by_one_who_waits_is_not_free() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b shared"));
    assert!(!desk.asks(2, "node/a exclusive, node/b exclusive"));
    assert_eq!(desk.asks_some(3, 1, "node/a shared, node/b shared, node/c shared").as_deref(), Some("node/c shared"));
}
