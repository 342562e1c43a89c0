//! The lock manager under many schedules of its threads. `shuttle` picks them, and fails when all threads wait: that would be
//! a deadlock, or a wake-up that was lost.
//!
//! More of them, in release: `LOCKS_SCHEDULES=100000 LOCKS_SEED=1 cargo test --release -p tests locking::schedules`.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, resume_unwind, set_hook, take_hook};
use std::sync::Once;

use cmdlib::config::Owner;
use cmdlib::locking::{InProcess, LockManager, LockTable, Monitor, NotGranted, Wait};
use shuttle::rand::Rng;
use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use shuttle::sync::{Arc, Condvar, Mutex};
use shuttle::{Runner, thread};

use super::walk::{Observer, Walk};
use super::{locks, text};

/// So many schedules of each kind, in each test.
const SCHEDULES: usize = 300;
const SEED: u64 = 20_010_203;
/// How many times the more urgent thread changes, at most, in schedules by priority.
const DEPTH: usize = 4;

/// A wait in which its thread dies.
const DYING: Wait = Wait::Seconds(666.0);

/// Threads of shuttle. Its conditions never time out, so time is up here whenever chance has it.
#[derive(Default)]
struct Scheduled {
    table: Mutex<LockTable>,
    changed: Condvar,
    /// A defect: whoever waits is never woken.
    forgets_to_wake: bool,
}

impl Monitor for Scheduled {
    fn with<R>(&self, act: impl FnOnce(&mut LockTable) -> R) -> R {
        act(&mut self.table.lock().unwrap())
    }

    fn wait<R>(&self, limit: Wait, mut ready: impl FnMut(&mut LockTable) -> Option<R>) -> Option<R> {
        let mut table = self.table.lock().unwrap();
        loop {
            let answer = ready(&mut table);
            if answer.is_some() {
                return answer;
            }
            match limit {
                Wait::Forever => table = self.changed.wait(table).unwrap(),
                Wait::Seconds(_) => {
                    drop(table);
                    if chance(2) == 0 {
                        if limit == DYING {
                            die();
                        }
                        return None;
                    }
                    thread::yield_now();
                    table = self.table.lock().unwrap();
                }
            }
        }
    }

    fn wake(&self) {
        if !self.forgets_to_wake {
            self.changed.notify_all();
        }
    }
}

/// Panics without a word.
fn die() {
    resume_unwind(Box::new(()));
}

thread_local! {
    /// Whether schedules are tried in this thread.
    static TRIED: Cell<bool> = const { Cell::new(false) };
}

/// Shuttle has a word to say on each panic of the process, for ever: here it only speaks of its own.
fn tame() {
    static TAMED: Once = Once::new();
    TAMED.call_once(|| {
        // The framework's own hook comes first: two that are set at once would lose one.
        drop(testlib::failure_of(|| panic!("nothing")));
        let others: Arc<dyn Fn(&PanicHookInfo<'_>) + Send + Sync> = take_hook().into();
        let former = Arc::clone(&others);
        set_hook(Box::new(move |panic| former(panic)));
        shuttle::check_random(|| (), 1);
        let shuttles = take_hook();
        set_hook(Box::new(move |panic| if TRIED.get() { shuttles(panic) } else { others(panic) }));
    });
}

fn chance(below: u64) -> u64 {
    shuttle::rand::thread_rng().gen_range(0..below)
}

fn from_environment<T: std::str::FromStr>(name: &str, usual: T) -> T {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is '{text}': it is a number")),
        Err(_) => usual,
    }
}

/// Runs it under many schedules, by chance and by priority.
#[expect(clippy::print_stdout, reason = "a test that fails shows it")]
fn explore(run: impl Fn() + Send + Sync + 'static) {
    let seed = from_environment("LOCKS_SEED", SEED);
    let schedules = from_environment("LOCKS_SCHEDULES", SCHEDULES);
    println!("LOCKS_SEED={seed} LOCKS_SCHEDULES={schedules}");
    tame();
    TRIED.set(true);
    let run = Arc::new(run);
    let once = |scheduler: Box<dyn Scheduler + Send>| {
        let run = Arc::clone(&run);
        Runner::new(scheduler, shuttle::Config::new()).run(move || run());
    };
    once(Box::new(RandomScheduler::new_from_seed(seed, schedules)));
    once(Box::new(PctScheduler::new_from_seed(seed, DEPTH, schedules)));
    TRIED.set(false);
}

/// Runs jobs in threads of their own; all of them end.
fn jobs<const N: usize>(bodies: [fn(&InProcess<Scheduled>); N]) -> impl Fn() + Send + Sync + 'static {
    move || {
        let manager = Arc::new(InProcess::with(Scheduled::default()));
        let spawn = |body: fn(&InProcess<Scheduled>)| {
            let manager = Arc::clone(&manager);
            thread::spawn(move || body(&manager))
        };
        bodies.map(spawn).into_iter().for_each(|job| job.join().unwrap());
        nothing_is_left(&manager);
    }
}

fn nothing_is_left(manager: &InProcess<Scheduled>) {
    assert_eq!(manager.owners(), []);
    assert_eq!(manager.waiting(), []);
}

fn take(manager: &InProcess<Scheduled>, owner: u64, wanted: &str) {
    assert_eq!(manager.acquire(Owner(owner), &locks(wanted), Wait::Forever), Ok(()));
}

fn give_back(manager: &InProcess<Scheduled>, owner: u64) {
    let owner = Owner(owner);
    manager.held(owner).iter().for_each(|lock| manager.free(owner, lock.level));
}

#[test]
fn jobs_that_take_and_give_back_by_chance_all_end_and_never_conflict() {
    const JOBS: u64 = 4;
    explore(|| {
        let manager = Arc::new(InProcess::with(Scheduled::default()));
        let observer = Arc::new(Observer::default());
        let job = |owner| {
            let (manager, observer) = (Arc::clone(&manager), Arc::clone(&observer));
            thread::spawn(move || {
                let (locks, observer) = (&*manager, &*observer);
                let owner = Owner(owner);
                let walk = Walk { owner, jobs: JOBS, locks, observer, pause: thread::yield_now, seconds: 1.0 };
                walk.rounds(2, &mut chance);
            })
        };
        (1..=JOBS).map(job).collect::<Vec<_>>().into_iter().for_each(|job| job.join().unwrap());
        nothing_is_left(&manager);
    });
}

#[test]
fn whoever_holds_a_lock_gets_the_next_one_although_another_waits_for_both() {
    let climbs = |manager: &InProcess<Scheduled>| {
        take(manager, 1, "node/a shared");
        take(manager, 1, "node/b shared");
        give_back(manager, 1);
    };
    let wants_both = |manager: &InProcess<Scheduled>| {
        take(manager, 2, "node/a exclusive, node/b exclusive");
        give_back(manager, 2);
    };
    let wants_all = |manager: &InProcess<Scheduled>| {
        take(manager, 3, "node/all exclusive");
        give_back(manager, 3);
    };
    explore(jobs([climbs, wants_both, wants_all]));
}

#[test]
fn a_lock_is_either_granted_or_not_when_it_is_freed_while_the_time_runs_out() {
    let holds = |manager: &InProcess<Scheduled>| {
        take(manager, 1, "node/a exclusive");
        give_back(manager, 1);
    };
    let tries = |manager: &InProcess<Scheduled>| {
        let wanted = locks("node/a exclusive");
        match manager.acquire(Owner(2), &wanted, Wait::Seconds(1.0)) {
            Ok(()) => assert_eq!(manager.held(Owner(2)), wanted),
            Err(why) => assert_eq!((why, text(&manager.held(Owner(2)))), (NotGranted::TimedOut, String::new())),
        }
        give_back(manager, 2);
    };
    explore(jobs([holds, tries]));
}

#[test]
fn a_job_that_dies_while_it_waits_is_in_nobodys_way() {
    let holds = |manager: &InProcess<Scheduled>| {
        take(manager, 1, "node/a exclusive");
        give_back(manager, 1);
    };
    let dies = |manager: &InProcess<Scheduled>| {
        let waits = || manager.acquire(Owner(2), &locks("node/a exclusive, node/b exclusive"), DYING);
        // It dies, unless it is granted before.
        survived(waits);
        manager.forget(Owner(2));
    };
    let follows = |manager: &InProcess<Scheduled>| {
        take(manager, 3, "node/a shared, node/b shared");
        give_back(manager, 3);
    };
    explore(jobs([holds, dies, follows]));
}

#[test]
fn a_job_that_dies_while_it_holds_locks_is_freed_of_them() {
    let dies = |manager: &InProcess<Scheduled>| {
        survived(|| {
            take(manager, 1, "instance/all shared, node/a exclusive");
            die();
        });
        manager.forget(Owner(1));
    };
    let follows = |manager: &InProcess<Scheduled>| {
        take(manager, 2, "instance/a exclusive");
        take(manager, 2, "node/all exclusive");
        give_back(manager, 2);
    };
    explore(jobs([dies, follows]));
}

#[test]
fn a_job_that_is_given_up_by_another_thread_stops_waiting() {
    let holds = |manager: &InProcess<Scheduled>| {
        take(manager, 1, "node/a exclusive");
        manager.forget(Owner(2));
        give_back(manager, 1);
    };
    let waits = |manager: &InProcess<Scheduled>| {
        let granted = manager.acquire(Owner(2), &locks("node/a exclusive"), Wait::Forever);
        assert!(granted.is_ok() || granted == Err(NotGranted::TimedOut));
        manager.forget(Owner(2));
    };
    explore(jobs([holds, waits]));
}

#[test]
fn a_job_whose_priority_changes_while_it_waits_is_woken() {
    let holds = |manager: &InProcess<Scheduled>| {
        take(manager, 1, "node/b exclusive");
        manager.prioritize(Owner(3), -1);
        thread::yield_now();
        give_back(manager, 1);
    };
    let before = |manager: &InProcess<Scheduled>| {
        take(manager, 2, "node/a exclusive, node/b exclusive");
        give_back(manager, 2);
    };
    let urgent = |manager: &InProcess<Scheduled>| {
        take(manager, 3, "node/a exclusive");
        give_back(manager, 3);
        manager.prioritize(Owner(3), 0);
    };
    explore(jobs([holds, before, urgent]));
}

#[test]
fn whoever_is_freed_by_a_more_urgent_request_is_woken() {
    explore(|| {
        let manager = Arc::new(InProcess::with(Scheduled::default()));
        let waits = |owner, wanted: &'static str| {
            let others = manager.waiting().len();
            let other = Arc::clone(&manager);
            let job = thread::spawn(move || {
                take(&other, owner, wanted);
                give_back(&other, owner);
            });
            while manager.waiting().len() == others {
                thread::yield_now();
            }
            job
        };
        take(&manager, 1, "node/c exclusive");
        let stopped = waits(2, "node/a exclusive, node/b exclusive, node/c exclusive");
        let freed = waits(3, "node/b exclusive");
        manager.prioritize(Owner(4), -1);
        take(&manager, 4, "node/a exclusive");
        freed.join().unwrap();
        give_back(&manager, 4);
        give_back(&manager, 1);
        stopped.join().unwrap();
        nothing_is_left(&manager);
    });
}

#[test]
fn a_wake_up_that_is_lost_is_found() {
    let lost = || {
        explore(|| {
            let manager = Arc::new(InProcess::with(Scheduled { forgets_to_wake: true, ..Scheduled::default() }));
            let other = Arc::clone(&manager);
            take(&manager, 1, "node/a exclusive");
            let waits = thread::spawn(move || take(&other, 2, "node/a exclusive"));
            give_back(&manager, 1);
            waits.join().unwrap();
        });
    };
    let failed = catch_unwind(lost).expect_err("it is not found");
    let text = failed.downcast_ref::<String>().cloned().unwrap_or_default();
    assert!(text.contains("deadlock"), "{text}");
}

/// Runs what may panic.
fn survived<R>(dies: impl FnOnce() -> R) {
    drop(catch_unwind(AssertUnwindSafe(dies)));
}
