//! Requests that are refused at once, since waiting would not help, or never end.

use cmdlib::config::Owner;
use cmdlib::locking::{InProcess, LockManager, NotGranted, Wait};

use super::{Desk, locks};

const ORDER: &str = "is held: locks are taken in order, a whole level before its names";

#[test]
fn a_lock_below_what_is_held_is_refused() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b shared"));
    for wanted in ["node/a shared", "instance/c shared", "nodegroup/all exclusive", "cluster/BGL shared"] {
        assert_eq!(desk.misuse(1, wanted), format!("lock {wanted} is asked for while node/b shared {ORDER}"));
    }
    assert!(desk.asks(1, "node/c shared, network/a exclusive"));
}

#[test]
fn a_whole_level_after_one_of_its_names_is_refused() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b shared"));
    let told = desk.misuse(1, "node/all shared");
    assert_eq!(told, format!("lock node/all shared is asked for while node/b shared {ORDER}"));
}

#[test]
fn what_was_given_back_of_a_whole_level_is_not_to_be_had_again() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/all shared"));
    desk.table.release(Owner(1), cmdlib::locking::Level::Node, &locks("node/b shared"));
    let told = desk.misuse(1, "node/a shared");
    assert_eq!(told, format!("lock node/a shared is asked for while node/b shared {ORDER}"));
}

#[test]
fn a_shared_lock_does_not_become_exclusive() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a shared"));
    let told = "is asked for while it is held shared: take it exclusive in the first place";
    assert_eq!(desk.misuse(1, "node/a exclusive"), format!("lock node/a exclusive {told}"));
    assert!(desk.asks(2, "instance/all shared"));
    assert_eq!(desk.misuse(2, "instance/all exclusive"), format!("lock instance/all exclusive {told}"));
    assert_eq!(desk.misuse(2, "instance/a exclusive"), format!("lock instance/a exclusive {told}"));
}

#[test]
fn one_request_wants_a_lock_in_one_mode() {
    let told = "lock node/a exclusive is asked for in another mode by the same request: ask for it in one";
    assert_eq!(Desk::default().misuse(1, "node/a exclusive, node/a shared"), told);
    assert_eq!(Desk::default().misuse(1, "node/a exclusive, node/all shared"), told);
}

#[test]
fn the_same_lock_twice_is_once() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/b shared, node/a shared, node/b shared"));
    assert_eq!(desk.held(1), "node/a shared, node/b shared");
}

#[test]
fn a_whole_level_swallows_its_names() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a exclusive, node/all exclusive, node/b shared, node-res/a shared"));
    assert_eq!(desk.held(1), "node/all exclusive, node-res/a shared");
}

#[test]
fn a_second_request_while_the_first_waits_is_refused() {
    let mut desk = Desk::default();
    assert!(desk.asks(1, "node/a exclusive"));
    assert!(!desk.asks(2, "node/a exclusive"));
    let told = desk.misuse(2, "node-res/a exclusive");
    assert_eq!(told, "job 2 asks for locks while another request of it waits: one after the other");
}

#[test]
fn the_manager_refuses_it_instead_of_waiting_for_ever() {
    let manager = InProcess::new();
    assert_eq!(manager.acquire(Owner(1), &locks("node/b exclusive"), Wait::Forever), Ok(()));
    let refused = manager.acquire(Owner(1), &locks("node/a exclusive"), Wait::Forever);
    assert!(matches!(&refused, Err(NotGranted::Refused(_))), "{refused:?}");
    let refused = manager.acquire_some(Owner(1), &locks("node/a exclusive"), 1, Wait::Forever);
    assert!(matches!(&refused, Err(NotGranted::Refused(_))), "{refused:?}");
    assert_eq!(manager.held(Owner(1)), locks("node/b exclusive"));
}
