//! Many jobs in threads of the operating system.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use cmdlib::config::Owner;
use cmdlib::locking::InProcess;

use super::walk::{Observer, Walk};

const JOBS: u64 = 24;
const ROUNDS: u64 = 60;
const SEED: u64 = 20_010_203;
/// Who is not done by then never will be.
const PATIENCE: Duration = Duration::from_secs(120);

/// Splitmix64: small, and the same everywhere.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "a test that fails shows it")]
fn many_jobs_all_end_and_never_conflict() {
    println!("seed {SEED}, {JOBS} jobs, {ROUNDS} rounds");
    let manager = Arc::new(InProcess::new());
    let observer = Arc::new(Observer::default());
    let (done, ended) = mpsc::channel();
    for owner in 1..=JOBS {
        let (manager, observer, done) = (Arc::clone(&manager), Arc::clone(&observer), done.clone());
        thread::spawn(move || {
            let mut dice = Dice(SEED + owner);
            let (locks, observer) = (&*manager, &*observer);
            let owner = Owner(owner);
            let walk = Walk { owner, jobs: JOBS, locks, observer, pause: thread::yield_now, seconds: 0.000_5 };
            walk.rounds(ROUNDS, &mut |below| dice.below(below));
            done.send(()).expect("the test waits for it");
        });
    }
    drop(done);
    for job in 1..=JOBS {
        let outcome = ended.recv_timeout(PATIENCE);
        assert!(outcome.is_ok(), "{} of {JOBS} jobs did not end: {:#?}", JOBS + 1 - job, manager.waiting());
    }
    assert_eq!(manager.owners(), []);
    assert_eq!(manager.waiting(), []);
}
