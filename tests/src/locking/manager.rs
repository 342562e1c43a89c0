//! The manager of a process, with threads that wait. Which schedule they get does not matter here: `schedules` tries many.

use std::sync::Arc;
use std::thread;

use cmdlib::config::Owner;
use cmdlib::locking::Level::Node;
use cmdlib::locking::{InProcess, LockManager, NotGranted, Wait};

use super::{locks, text};

/// A manager of which job 1 holds node a.
fn taken() -> Arc<InProcess> {
    let manager = Arc::new(InProcess::new());
    assert_eq!(manager.acquire(Owner(1), &locks("node/a exclusive"), Wait::Forever), Ok(()));
    manager
}

/// Waits until job 2 waits.
fn until_it_waits(manager: &InProcess) {
    while manager.waiting().is_empty() {
        thread::yield_now();
    }
}

#[test]
fn a_wait_without_limit_ends_when_the_lock_is_freed() {
    let manager = taken();
    let other = Arc::clone(&manager);
    let job = thread::spawn(move || other.acquire(Owner(2), &locks("node/a shared"), Wait::Forever));
    until_it_waits(&manager);
    manager.free(Owner(1), Node);
    assert_eq!(job.join().unwrap(), Ok(()));
    assert_eq!(text(&manager.held(Owner(2))), "node/a shared");
}

#[test]
fn a_wait_with_a_limit_ends_when_the_lock_is_freed() {
    let manager = taken();
    let other = Arc::clone(&manager);
    let job = thread::spawn(move || {
        other.acquire_some(Owner(2), &locks("node/a shared, node/b shared"), 2, Wait::Seconds(600.0))
    });
    until_it_waits(&manager);
    manager.free(Owner(1), Node);
    assert_eq!(job.join().unwrap(), Ok(locks("node/a shared, node/b shared")));
}

#[test]
fn a_wait_without_time_ends_at_once_and_leaves_nothing() {
    for seconds in [0.0, -1.0, f64::NAN] {
        let manager = taken();
        let refused = manager.acquire(Owner(2), &locks("node/a shared, node/b shared"), Wait::Seconds(seconds));
        assert_eq!(refused, Err(NotGranted::TimedOut), "{seconds}");
        assert_eq!((manager.held(Owner(2)), manager.waiting()), (vec![], vec![]));
    }
}

#[test]
fn a_wait_ends_when_its_time_is_up() {
    let manager = taken();
    let refused = manager.acquire(Owner(2), &locks("node/a shared"), Wait::Seconds(0.001));
    assert_eq!(refused, Err(NotGranted::TimedOut));
    assert_eq!(manager.acquire(Owner(1), &locks("node/b exclusive"), Wait::Forever), Ok(()));
}

#[test]
fn a_time_beyond_all_bounds_is_no_limit() {
    assert_eq!(Wait::Seconds(f64::INFINITY).duration(), None);
    assert_eq!(Wait::Seconds(1e300).duration(), None);
    assert_eq!(Wait::Seconds(1.5).duration(), Some(std::time::Duration::from_millis(1500)));
}

#[test]
fn a_wait_that_is_cancelled_ends_as_if_its_time_were_up() {
    let manager = taken();
    let other = Arc::clone(&manager);
    let job = thread::spawn(move || other.acquire(Owner(2), &locks("node/a shared"), Wait::Forever));
    until_it_waits(&manager);
    manager.cancel(Owner(2));
    assert_eq!(job.join().unwrap(), Err(NotGranted::TimedOut));
    assert_eq!(manager.waiting(), []);
}

#[test]
fn a_job_that_is_gone_is_freed_of_all() {
    let manager = taken();
    manager.forget(Owner(1));
    assert_eq!(manager.owners(), []);
    assert_eq!(manager.acquire(Owner(2), &locks("node/a exclusive"), Wait::Seconds(0.0)), Ok(()));
}

#[test]
fn a_manager_that_is_shared_is_a_manager() {
    let manager = taken();
    let shared: &dyn LockManager = &Arc::clone(&manager);
    assert_eq!(shared.acquire(Owner(2), &locks("node/b exclusive, node/c exclusive"), Wait::Forever), Ok(()));
    shared.downgrade(Owner(2), Node);
    shared.release(Owner(2), Node, &locks("node/c shared"));
    assert_eq!(text(&manager.held(Owner(2))), "node/c shared");
    assert_eq!(shared.acquire_some(Owner(3), &locks("node/b shared"), 1, Wait::Forever), Ok(locks("node/b shared")));
    shared.free(Owner(3), Node);
    shared.prioritize(Owner(2), 3);
    assert_eq!(manager.owners(), [Owner(1), Owner(2)]);
}
