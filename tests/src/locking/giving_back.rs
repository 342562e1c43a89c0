//! Locks that are given back in parts, or shared from then on.

use cmdlib::config::Owner;
use cmdlib::locking::Level::Node;

use super::{Desk, NOBODY, locks, numbers};

/// Keeps these of the nodes; returns who is woken.
fn keeps(desk: &mut Desk, owner: u64, keep: &str) -> Vec<u64> {
    numbers(desk.table.release(Owner(owner), Node, &locks(keep)))
}

#[test]
fn what_is_not_kept_is_free_for_others() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "instance/a shared, node/a exclusive, node/b exclusive"));
    assert!(!desk.asks(2, "node/a exclusive"));
    assert!(!desk.asks(3, "node/b exclusive"));
    assert_eq!(keeps(&mut desk, 1, "node/b exclusive"), [2]);
    assert_eq!(desk.held(1), "instance/a shared, node/b exclusive");
}

#[test]
fn nothing_need_be_kept() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a exclusive, node/b exclusive"));
    assert!(!desk.asks(2, "node/all exclusive"));
    assert_eq!(keeps(&mut desk, 1, ""), [2]);
    assert_eq!(desk.held(1), "");
}

#[test]
fn names_can_be_kept_of_a_whole_level() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/all exclusive"));
    assert!(!desk.asks(2, "node/c exclusive"));
    assert!(!desk.asks(3, "node/a exclusive"));
    assert_eq!(keeps(&mut desk, 1, "node/a exclusive, node/b exclusive"), [2]);
    assert_eq!(desk.held(1), "node/a exclusive, node/b exclusive");
    assert!(desk.asks(4, "node/never-seen-before exclusive"));
}

#[test]
fn a_whole_level_can_be_kept() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/all shared"));
    keeps(&mut desk, 1, "node/all shared");
    assert_eq!(desk.held(1), "node/all shared");
}

#[test]
fn what_is_not_held_is_not_kept() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a shared, node/b shared"));
    keeps(&mut desk, 1, "node/b exclusive, node/c exclusive, node/all shared, instance/a exclusive");
    assert_eq!(desk.held(1), "node/b shared");
}

#[test]
fn locks_that_are_shared_from_now_on_let_others_share() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "instance/a exclusive, node/a exclusive, node/b exclusive"));
    assert!(!desk.asks(2, "node/a shared"));
    assert!(!desk.asks(3, "node/b exclusive"));
    assert_eq!(numbers(desk.table.downgrade(Owner(1), Node)), [2]);
    assert_eq!(desk.held(1), "instance/a exclusive, node/a shared, node/b shared");
    assert_eq!(desk.waits(), [3]);
}

#[test]
fn a_whole_level_is_shared_as_a_whole() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/all exclusive"));
    assert!(!desk.asks(2, "node/a shared"));
    assert_eq!(numbers(desk.table.downgrade(Owner(1), Node)), [2]);
    assert_eq!(desk.held(1), "node/all shared");
    assert!(!desk.asks(3, "node/c exclusive"));
}

#[test]
fn giving_back_of_what_is_not_held_does_nothing() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a exclusive"));
    assert!(!desk.asks(2, "node/a exclusive"));
    assert_eq!(keeps(&mut desk, 3, "node/a exclusive"), NOBODY);
    assert_eq!(numbers(desk.table.downgrade(Owner(3), Node)), NOBODY);
    assert_eq!(desk.frees(3, Node), NOBODY);
    assert_eq!(numbers(desk.table.forget(Owner(3))), NOBODY);
    assert_eq!(desk.held(3), "");
}
