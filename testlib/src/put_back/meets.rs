//! Which defects a run would meet.

use std::collections::BTreeSet;

use cmdlib::config::Snapshot;
use cmdlib::locking::{Level, LockName, Mode};
use cmdlib::record::{NodeCall, Phase};
use cmdlib::rpc::{AnyCall, Kind, Trouble};

use crate::bench::Once;
use crate::journal::{Step, What as Happened};
use crate::put_back::{HookSide, What};

/// The call by which scripts run.
const HOOKS: &str = "hooks_runner";

/// A defect that a run would meet.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Met {
    pub(crate) what: What,
    /// Whether the unit has what the defect spoils: a write after a call is seen where the call succeeds only, though the defect
    /// shows best where it fails.
    pub(crate) sure: bool,
}

/// Returns the defects that a run would meet. `healthy` tells whether a call that failed could have had a healthy answer.
pub(crate) fn of(once: &Once, healthy: impl Fn(&dyn AnyCall, &NodeCall) -> bool) -> BTreeSet<Met> {
    let sure = |what| Met { what, sure: true };
    let mut met = BTreeSet::new();
    for (index, step) in once.journal.steps.iter().enumerate() {
        match &step.what {
            Happened::Locks { request, .. } => {
                let Some(lock) = request.first().filter(|lock| lock.level != Level::Cluster) else { continue };
                met.extend(of_locks(lock.level, once).into_iter().map(sure));
            }
            Happened::Released(locks) => met.extend(locks.first().map(|lock| sure(What::ForgetRelease(lock.level)))),
            Happened::Downgraded(locks) => {
                met.extend(locks.first().map(|lock| sure(What::ForgetDowngrade(lock.level))));
            }
            Happened::Call { call, .. } if call.procedure() == HOOKS => {
                // The hook for a changed configuration is the processor's, not a unit's.
                let sides = [(Phase::PreHooks, HookSide::Pre), (Phase::PostHooks, HookSide::Post)];
                met.extend(
                    sides
                        .iter()
                        .filter(|(phase, _)| *phase == step.phase)
                        .map(|(_, side)| sure(What::SkipHooks(*side))),
                );
            }
            Happened::Call { call, nodes } => {
                let name = call.procedure().to_owned();
                let failed = |it: &&NodeCall| matches!(it.answer, Err(Trouble::Refused(_) | Trouble::Unreachable(_)));
                if nodes.iter().filter(failed).any(|it| healthy(&**call, it)) {
                    met.insert(sure(What::IgnoreError(name.clone())));
                }
                if call.kind() == Kind::Action && step.phase == Phase::Exec {
                    let writes = |step: &Step| matches!(step.what, Happened::Changed(_)) && step.phase == Phase::Exec;
                    let written = once.journal.steps[index..].iter().any(writes);
                    met.insert(Met { sure: written && always_succeeds(once, &name), what: What::WriteBefore(name) });
                }
            }
            Happened::Interference(_) => _ = met.insert(sure(What::StaleSnapshot)),
            _ => {}
        }
    }
    met
}

fn always_succeeds(once: &Once, procedure: &str) -> bool {
    once.journal.steps.iter().all(|step| match &step.what {
        Happened::Call { call, nodes } if call.procedure() == procedure => nodes.iter().all(|it| it.answer.is_ok()),
        _ => true,
    })
}

fn of_locks(level: Level, once: &Once) -> Vec<What> {
    let asked = once.journal.steps.iter().filter_map(|step| match &step.what {
        Happened::Locks { request, .. } => Some(request),
        _ => None,
    });
    let locks: BTreeSet<_> = asked.flatten().filter(|lock| lock.level == level).collect();
    let mut met = vec![What::DropLock(level)];
    if locks.len() > 1 && locks.iter().all(|lock| lock.name != LockName::All) {
        met.push(What::NarrowLock(level));
    }
    if locks.iter().any(|lock| lock.mode == Mode::Exclusive) {
        met.push(What::ShareLock(level));
    }
    met
}

/// Returns the state that a run wrote first after a call.
pub(crate) fn written_after(once: &Once, procedure: &str) -> Option<Snapshot> {
    let is_not = |step: &&Step| !matches!(&step.what, Happened::Call { call, .. } if call.procedure() == procedure);
    let after = once.journal.steps.iter().skip_while(is_not);
    after.into_iter().find_map(|step| match &step.what {
        Happened::Changed(written) => Some(written.after.clone()),
        _ => None,
    })
}
