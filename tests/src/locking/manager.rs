//! The manager of a process, with threads that wait. Which schedule they get does not matter here: `schedules` tries many.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, mpsc};
use std::thread;

use cmdlib::config::Owner;
use cmdlib::locking::Level::Node;
use cmdlib::locking::{InProcess, LockManager, LockTable, Monitor, NotGranted, Threads, Wait};

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

/// Waits for job 1 to hold something, which it does only once this waits: it gets at the table when the table is let go of.
fn waits_for_another(limit: Wait) -> bool {
    let threads = Arc::new(Threads::default());
    let (looked, begins) = mpsc::channel();
    let other = Arc::clone(&threads);
    let job = thread::spawn(move || {
        begins.recv().unwrap();
        other.with(|table| drop(table.request(Owner(1), &locks("node/a shared"), None)));
        other.wake();
    });
    let held = threads.wait(limit, |table| {
        // The first look is the one that counts: nobody listens to the second.
        let _ = looked.send(());
        (!table.owners().is_empty()).then_some(())
    });
    job.join().unwrap();
    held.is_some()
}

#[test]
fn whoever_waits_without_limit_looks_again_when_woken() {
    assert!(waits_for_another(Wait::Forever));
}

#[test]
fn whoever_waits_with_a_limit_looks_again_when_woken() {
    assert!(waits_for_another(Wait::Seconds(600.0)));
}

/// A monitor of one thread that tells what it is asked for: all waits are over after one look.
#[derive(Default)]
struct Told {
    table: RefCell<LockTable>,
    told: Rc<RefCell<Vec<&'static str>>>,
}

impl Monitor for Told {
    fn with<R>(&self, act: impl FnOnce(&mut LockTable) -> R) -> R {
        act(&mut self.table.borrow_mut())
    }

    fn wait<R>(&self, _: Wait, mut ready: impl FnMut(&mut LockTable) -> Option<R>) -> Option<R> {
        self.told.borrow_mut().push("wait");
        self.with(|table| ready(table))
    }

    fn wake(&self) {
        self.told.borrow_mut().push("wake");
    }
}

#[test]
fn whoever_may_go_on_because_of_a_more_urgent_request_is_woken_before_that_waits() {
    let monitor = Told::default();
    let told = Rc::clone(&monitor.told);
    monitor.with(|table| {
        let mut asks = |owner, wanted| table.request(Owner(owner), &locks(wanted), None).unwrap().granted.is_some();
        assert!(asks(1, "node/c exclusive, node/d exclusive"));
        assert!(!asks(2, "node/a exclusive, node/b exclusive, node/c exclusive"), "c is held, so it claims a and b");
        assert!(!asks(3, "node/b exclusive"), "b is claimed");
        table.prioritize(Owner(4), -1);
    });
    let manager = InProcess::with(monitor);
    let urgent = manager.acquire(Owner(4), &locks("node/a exclusive, node/d exclusive"), Wait::Seconds(0.0));
    assert_eq!(urgent, Err(NotGranted::TimedOut));
    assert_eq!(text(&manager.held(Owner(3))), "node/b exclusive");
    assert_eq!(*told.borrow(), ["wake", "wait", "wake"], "the last one is for the request that is taken back");
}
