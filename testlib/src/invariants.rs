//! What must hold after every run, whatever a test is about. A test leaves one out by name, for a reason.

use std::collections::{BTreeMap, BTreeSet};

use cmdlib::locking::{Level, Lock, LockName, Mode, Strategy};
use cmdlib::processor::Ended;
use cmdlib::rpc::Kind;
use serde_json::Value;

use crate::bench::Once;
use crate::contracts;
use crate::finding::{Finding, Topic};
use crate::journal::{Step, What, call_text, lock_text};
use crate::secrets::Secrets;

/// The checks that follow every run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invariant {
    /// The configuration has no finding that it had not before.
    ValidConfiguration,
    /// All locks are given back (R41).
    LocksFreed,
    /// All reservations are gone (R65).
    ReservationsGone,
    /// A refused run changed nothing and told no node to do anything (R04, R05).
    RefusedChangedNothing,
    /// The lock that a change or a call needs was held (R30, R32).
    LockContract,
    /// No secret left the unit by log, hooks or result (R82).
    NoSecretTold,
    /// The locks held when the check begins, the outcome and the changes are the same in both ways of taking locks (R34).
    SameBothWays,
    /// The run did not end in an error of a programmer (R08).
    NoInternalError,
}

/// Returns what is wrong after a run.
pub(crate) fn after_run(
    once: &Once,
    other: Option<&Once>,
    op: &Value,
    allowed: &[(Invariant, String)],
) -> Vec<Finding> {
    let checks: [(Invariant, &dyn Fn() -> Vec<Finding>); 8] = [
        (Invariant::ValidConfiguration, &|| valid_configuration(once)),
        (Invariant::LocksFreed, &|| locks_freed(once)),
        (Invariant::ReservationsGone, &|| reservations_gone(once)),
        (Invariant::RefusedChangedNothing, &|| refused_changed_nothing(once)),
        (Invariant::LockContract, &|| contracts::after_run(once)),
        (Invariant::NoSecretTold, &|| no_secret_told(once, op)),
        (Invariant::SameBothWays, &|| other.map_or_else(Vec::new, |other| same_both_ways(once, other))),
        (Invariant::NoInternalError, &|| no_internal_error(once)),
    ];
    let on = |invariant: Invariant| !allowed.iter().any(|(left_out, _)| *left_out == invariant);
    let marked = |invariant: Invariant, finding: Finding| Finding { invariant: Some(invariant), ..finding };
    let mut findings = Vec::new();
    for (invariant, check) in checks.into_iter().filter(|(invariant, _)| on(*invariant)) {
        findings.extend(check().into_iter().map(|finding| marked(invariant, finding)));
    }
    // What only the other way of taking locks met counts as well.
    if let Some(other) = other {
        let more = other.findings.iter().filter(|finding| !once.findings.contains(finding)).cloned();
        findings.extend(more.map(|finding| of_other_way(finding, other)));
    }
    findings
}

/// Its steps are those of a journal that is not shown.
fn of_other_way(finding: Finding, other: &Once) -> Finding {
    let title = format!("{}, when locks are taken the other way ({})", finding.title, way(other.strategy));
    let hint = finding.hint.map_or_else(|| see(other), |hint| format!("{hint}; {}", see(other)));
    Finding { title, hint: Some(hint), ..finding }
}

fn broken(title: &str) -> Finding {
    Finding::new(Topic::Invariant, title)
}

fn valid_configuration(once: &Once) -> Vec<Finding> {
    if once.before.same_as(&once.after) {
        return Vec::new();
    }
    let new = once.after.new_findings(&once.before);
    new.iter().map(|finding| broken("the configuration is not valid any more").got(finding.to_string())).collect()
}

fn locks_freed(once: &Once) -> Vec<Finding> {
    let names = &once.journal.names;
    once.locks_left.iter().map(|lock| broken("a lock was not given back").got(lock_text(lock, names))).collect()
}

fn reservations_gone(once: &Once) -> Vec<Finding> {
    once.reserved.iter().map(|(_, what)| broken("a reservation was not dropped").got(what.to_string())).collect()
}

fn refused_changed_nothing(once: &Once) -> Vec<Finding> {
    let refused = matches!(once.ended, Ended::Refused(_) | Ended::HooksAborted(_) | Ended::LockTimeout);
    if !refused {
        return Vec::new();
    }
    let names = &once.journal.names;
    let changes = once.changes.lines(names).into_iter().map(|line| broken("a refused run changed something").got(line));
    let acts = |step: &Step| match &step.what {
        What::Call { call, .. } if call.kind() == Kind::Action && call.procedure() != "hooks_runner" => {
            Some(broken("a refused run told a node to do something").got(format!(
                "{} in step {}",
                call_text(&**call, None, names),
                step.number
            )))
        }
        _ => None,
    };
    changes.chain(once.journal.steps.iter().filter_map(acts)).collect()
}

fn no_internal_error(once: &Once) -> Vec<Finding> {
    match &once.ended {
        Ended::Internal(why) => {
            let finding = Finding::new(Topic::Unit, "the unit has an error").got(once.journal.names.readable(why));
            let panicked = why.starts_with("panic: ");
            vec![if panicked {
                finding.hint("the panic's own message, above this report, has its line")
            } else {
                finding
            }]
        }
        Ended::BadResult(why) => {
            let finding = Finding::new(Topic::Unit, "the result is not what the opcode promises");
            vec![finding.got(once.journal.names.readable(why))]
        }
        _ => Vec::new(),
    }
}

fn no_secret_told(once: &Once, op: &Value) -> Vec<Finding> {
    let (secrets, own) = (once.secrets.get_or_init(|| Secrets::of(&once.before)), Secrets::of_op(op));
    let tells = |text: &str| secrets.are_told_by(text) || own.are_told_by(text);
    let mut told = Vec::new();
    if tells(&once.ended.to_string()) {
        told.push("the outcome".to_owned());
    }
    for step in &once.journal.steps {
        match &step.what {
            What::Log(line) if tells(&line.text) => told.push(format!("the log in step {}", step.number)),
            What::Hooks { env } if env.values_of_unit().any(tells) => {
                let leaks = env.iter().filter(|(_, value)| tells(value));
                told.extend(leaks.map(|(name, _)| format!("the hook variable {name} in step {}", step.number)));
            }
            _ => {}
        }
    }
    told.iter().map(|place| broken("a secret was told").got(format!("told by {place}"))).collect()
}

/// The locks held when the check begins, without those that were taken as far as they were free.
fn held_at_start(once: &Once, leave_out: &BTreeSet<Level>) -> BTreeMap<(Level, LockName), Mode> {
    let start = once.journal.steps.iter().find(|step| matches!(step.what, What::Started));
    let held = start.map(|step| (*step.held).clone()).unwrap_or_default();
    held.into_iter().filter(|((level, _), _)| !leave_out.contains(level)).collect()
}

fn opportunistic_levels(once: &Once) -> BTreeSet<Level> {
    let some = |step: &Step| match &step.what {
        What::Locks { minimum: Some(_), request, .. } => request.first().map(|lock| lock.level),
        _ => None,
    };
    once.journal.steps.iter().filter_map(some).collect()
}

fn way(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::Blocking => "blocking",
        Strategy::Timed(_) => "timed",
    }
}

/// Says how to look at the way whose journal is not shown.
fn see(other: &Once) -> String {
    match other.strategy {
        Strategy::Blocking => "`t.only(Strategy::Blocking)` shows the journal of the other way".to_owned(),
        Strategy::Timed(_) => "`t.only(Strategy::Timed(30.0))` shows the journal of the other way".to_owned(),
    }
}

fn only(finding: Finding, once: &Once, lines: impl IntoIterator<Item = String>) -> Finding {
    let told = lines.into_iter().filter(|line| !line.is_empty());
    told.map(|line| format!("only {}: {line}", way(once.strategy))).fold(finding, Finding::got)
}

fn same_both_ways(one: &Once, two: &Once) -> Vec<Finding> {
    let mut findings = Vec::new();
    let names = &one.journal.names;
    let opportunistic: BTreeSet<Level> = opportunistic_levels(one).union(&opportunistic_levels(two)).copied().collect();
    let (first, second) = (held_at_start(one, &opportunistic), held_at_start(two, &opportunistic));
    let list = |of: &BTreeMap<(Level, LockName), Mode>, not_in: &BTreeMap<(Level, LockName), Mode>| {
        let only = of.iter().filter(|(key, mode)| not_in.get(*key) != Some(*mode));
        let text = |((level, name), mode): (&(Level, LockName), &Mode)| {
            lock_text(&Lock { level: *level, name: name.clone(), mode: *mode }, names)
        };
        only.map(text).collect::<Vec<_>>().join(", ")
    };
    // Who never held all of its locks has another outcome, and that is told.
    let started = |once: &Once| once.journal.steps.iter().any(|step| matches!(step.what, What::Started));
    if first != second && started(one) && started(two) {
        let (only_one, only_two) = (list(&first, &second), list(&second, &first));
        let finding = broken("the locks depend on the way of taking them");
        let finding = only(finding, one, [only_one]);
        let finding = only(finding, two, [only_two]);
        findings.push(finding.hint("a level that is computed from held ones is wished `later`, not in `expand`"));
    }
    if one.ended != two.ended {
        findings.push(
            broken("the outcome depends on the way of taking locks")
                .got(format!("{}: {}", way(one.strategy), names.readable(&one.ended.to_string())))
                .got(format!("{}: {}", way(two.strategy), names.readable(&two.ended.to_string())))
                .hint(see(two)),
        );
    } else if one.changes != two.changes {
        let (first, second) = (one.changes.lines(names), two.changes.lines(names));
        let finding = broken("the changes depend on the way of taking locks").hint(see(two));
        let finding = only(finding, one, first.iter().filter(|line| !second.contains(line)).cloned());
        let finding = only(finding, two, second.iter().filter(|line| !first.contains(line)).cloned());
        let bare = finding.got.is_empty();
        findings.push(if bare { finding.got("serial numbers and times differ") } else { finding });
    }
    findings
}

/// What no unit can do to a run, since neither its contexts nor the processor let it: the checks are there for the day when
/// they do.
#[cfg(test)]
mod tests {
    use cmdlib::config::{Config, MemoryStorage, Owner, Reserved};
    use cmdlib::error::{Code, Refusal};
    use cmdlib::processor::Ended;

    use expect_test::expect;

    use super::*;
    use crate::clusters;
    use crate::diff::Changes;
    use crate::failure::failure_of;
    use crate::names::Names;
    use crate::run::LuRun;

    fn refused() -> Once {
        let state = clusters::three_nodes().snapshot();
        Once {
            unit: "TagsSet",
            injected: false,
            units: cmdlib::lu::UNITS,
            varies: false,
            op: Value::Null,
            strategy: Strategy::Blocking,
            seconds: 0.0,
            ended: Ended::Refused(Refusal::new(Code::WrongState, "not now")),
            before: state.clone(),
            after: state,
            changes: Changes::default(),
            journal: crate::journal::Journal::default(),
            findings: Vec::new(),
            locks_left: Vec::new(),
            reserved: Vec::new(),
            secrets: std::sync::Arc::default(),
        }
    }

    fn found(once: &Once, allowed: &[(Invariant, String)]) -> Vec<(Option<Invariant>, Vec<String>)> {
        let findings = after_run(once, None, &Value::Null, allowed);
        findings.into_iter().map(|finding| (finding.invariant, finding.got)).collect()
    }

    #[test]
    fn a_run_that_leaves_nothing_behind_is_fine() {
        assert_eq!(found(&refused(), &[]), []);
    }

    #[test]
    fn a_reservation_that_is_left_is_told_by_what_it_is() {
        let once = Once { reserved: vec![(Owner(1), Reserved::Port(11_000))], ..refused() };
        assert_eq!(found(&once, &[]), [(Some(Invariant::ReservationsGone), vec!["port 11000".to_owned()])]);
        assert_eq!(found(&once, &[(Invariant::ReservationsGone, "a reason".to_owned())]), []);
    }

    #[test]
    fn a_lock_that_is_left_is_told_by_its_name() {
        let before = refused();
        let node = before.before.cluster.master_node.to_string();
        let left = Lock { level: Level::Node, name: LockName::One(node.into()), mode: Mode::Shared };
        let mut once = Once { locks_left: vec![left], ..before };
        once.journal.names = Names::of(&[&once.before]);
        assert_eq!(found(&once, &[]), [(Some(Invariant::LocksFreed), vec!["node/node1 shared".to_owned()])]);
        assert_eq!(found(&once, &[(Invariant::LocksFreed, "a reason".to_owned())]), []);
    }

    #[test]
    fn a_lock_that_is_left_fails_the_run() {
        let left = Lock { level: Level::Cluster, name: LockName::One("BGL".into()), mode: Mode::Shared };
        let once = Once { locks_left: vec![left], ..refused() };
        let findings = after_run(&once, None, &Value::Null, &[]);
        let run = LuRun::new("TagsSet()".to_owned(), once, findings, std::panic::Location::caller());
        let failed = failure_of(|| drop(run.refused(Code::WrongState, "not now")));
        expect![[r#"
            TagsSet(): refused (wrong_state): not now, but not as it should be
              1. a lock was not given back   (Invariant::LocksFreed)
                   got      cluster/BGL shared
            journal
        "#]]
        .assert_eq(&format!("{}\n", failed.message));
    }

    #[test]
    fn a_refused_run_that_changed_something_is_told_what() {
        let before = refused();
        let config = Config::new(before.before.clone(), MemoryStorage);
        let tagged = config.change(crate::host::BEGIN, |draft| {
            draft.update_cluster(|cluster| _ = cluster.tags.insert("fed".to_owned()));
            Ok::<(), cmdlib::config::ChangeError>(())
        });
        assert!(tagged.is_ok());
        let after = config.snapshot();
        let changes = Changes::between(&before.before, &after);
        let once = Once { after, changes, ..before };
        let told = vec!["cluster.tags: [] -> [\"fed\"]".to_owned()];
        assert_eq!(found(&once, &[]), [(Some(Invariant::RefusedChangedNothing), told)]);
        assert_eq!(found(&once, &[(Invariant::RefusedChangedNothing, "a reason".to_owned())]), []);
    }
}
