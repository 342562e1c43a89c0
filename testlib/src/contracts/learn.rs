//! What a run of a test teaches: other jobs are tried on it.

use cmdlib::locking::{Level, Mode, Strategy};
use cmdlib::processor::{Ended, Seams};
use cmdlib::record::Phase;
use cmdlib::rpc::Kind;
use serde_json::json;

use crate::bench::{LuTest, Once, execution};
use crate::contracts::needs::Needs;
use crate::contracts::table::{self, Key, alone, mode};
use crate::failure::tried;
use crate::finding::Topic;
use crate::journal::{HeldNow, Step, What};
use crate::moment::{OtherJobs, executing};
use crate::own_tests;
use crate::sweep::{About, Change, Changes, judged, warnings};

/// Names the file to which a process adds what its runs hold and need.
pub(super) const LEARN: &str = "LU_CONTRACTS_LEARN";

/// Tells what a run holds and needs, if a campaign wants to know.
pub(crate) fn learn(bench: &LuTest, once: &Once, run: &impl Fn(&Seams, Strategy) -> Ended) {
    own_tests::note(LEARN, || {
        let mut needs = Needs::of(once);
        // Where a test changes the world of its run, what it changes would be there no more.
        if matches!(once.ended, Ended::Success(_)) && !bench.is_disturbed() {
            Trial { bench, once, run, held: held_when_executing(once) }.all_changes(&mut needs);
        }
        vec![json!({"unit": once.unit, "needs": needs.json()})]
    });
}

struct Trial<'a, R> {
    bench: &'a LuTest,
    once: &'a Once,
    run: &'a R,
    /// The locks that keep other jobs away.
    held: HeldNow,
}

impl<R: Fn(&Seams, Strategy) -> Ended> Trial<'_, R> {
    fn all_changes(&self, needs: &mut Needs) {
        let about = About::of(self.once).with_what_they_are_on(self.once);
        let acts = self.once.journal.steps.iter().any(acts);
        for change in Changes::of(self.bench.cluster(), &about).all {
            let changed = table::changed(&self.once.before, &change.state);
            let locks: Vec<&Key> = changed.iter().flat_map(|it| &it.locks).collect();
            let Some(own) = locks.first() else { continue };
            match locks.iter().find(|lock| mode(&self.held, lock).is_some()) {
                // Nodes come and go only when nothing else runs.
                Some((Level::Cluster, _)) => {}
                Some(lock) => self.keep_away(&change, lock, lock.0, needs),
                None if alone(&self.held) => self.keep_away(&change, own, Level::Cluster, needs),
                None if acts => {
                    let unaware = self.goes_wrong(&change).is_some_and(|(fresh, late)| self.is_unaware(&fresh, &late));
                    if unaware {
                        needs.unlocked.entry(own.0).or_default().insert(change.text);
                    }
                }
                None => {}
            }
        }
    }

    /// Notes that a lock is needed if the change that it keeps away would do harm.
    fn keep_away(&self, change: &Change, lock: &Key, level: Level, needs: &mut Needs) {
        if !needs.needed.contains_key(&level) && self.goes_wrong(change).is_some() {
            needs.need(&self.held, lock, Mode::Shared);
        }
    }

    /// Returns a run that begins after a change, and one in which the change comes late, if the change matters and the latter is
    /// not as it should be.
    fn goes_wrong(&self, change: &Change) -> Option<(Once, Once)> {
        let Once { unit, op, before, strategy, .. } = self.once;
        // The mocks of a test may panic when they are not used as it expects.
        let both = tried(|| {
            let now = change.now(op);
            let executing_it = execution(self.bench.unit_of(&now), &now);
            let fresh = self.bench.once(unit, &now, &change.state, *strategy, &[], &executing_it);
            if judged(self.once, &fresh).is_empty() {
                return None;
            }
            let other_job = OtherJobs::one(executing(), &change.state, self.bench.cluster());
            Some((fresh, self.bench.once(unit, op, before, *strategy, &[&other_job], self.run)))
        });
        both.flatten().filter(|(fresh, late)| !judged(late, fresh).is_empty())
    }

    /// Tells whether a run that would have been refused does its work, and says nothing. Not if only the script of the test
    /// refuses, because the run asks other nodes.
    fn is_unaware(&self, fresh: &Once, late: &Once) -> bool {
        let refused =
            matches!(fresh.ended, Ended::Refused(_)) && !fresh.findings.iter().any(|it| it.topic == Topic::Rpc);
        let done = matches!(late.ended, Ended::Success(_));
        refused && done && warnings(&late.journal) == warnings(&self.once.journal)
    }
}

fn held_when_executing(once: &Once) -> HeldNow {
    let before = once.journal.steps.iter().rev().find(|step| step.phase < Phase::Exec);
    before.map(|step| HeldNow::clone(&step.held)).unwrap_or_default()
}

fn acts(step: &Step) -> bool {
    match &step.what {
        What::Call { call, .. } => call.kind() == Kind::Action && step.phase == Phase::Exec,
        What::Changed(_) | What::Jobs { .. } => true,
        _ => false,
    }
}
