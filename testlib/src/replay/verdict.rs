//! Judging one trace.

use cmdlib::config::Snapshot;
use cmdlib::unit::Unit;

use super::channels::{Channel, Channels, Difference, Outcome};
use super::healthy;
use super::rules::{self, Case, Rules};
use super::seams::{self, Run, Unrecorded};
use super::trace::{Ending, Event, LockCall, Trace};
use crate::runs::{self, Part, Via};

/// What came of replaying a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Our run is as recorded.
    Equal,
    /// Our run shows what is right where the reference has these defects, and is as recorded in everything else.
    Corrected(Vec<String>),
    /// Our run differs, on channels that are not compared because of these defects.
    Pardoned(Vec<String>),
    /// The reference crashed; our run is as recorded up to there and ends as it should.
    CrashOk,
    /// The reference crashed; our run differs before, or ends no better.
    CrashBad(Vec<Difference>),
    /// Our run differs.
    Differs(Vec<Difference>),
}

impl Verdict {
    /// Tells whether the trace is held. Pardons count within their limits only: see `Summary`.
    #[must_use]
    pub fn held(&self) -> bool {
        !matches!(self, Self::CrashBad(_) | Self::Differs(_))
    }

    /// Returns the verdict's name.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Corrected(_) => "corrected",
            Self::Pardoned(_) => "pardoned",
            Self::CrashOk => "crash_ok",
            Self::CrashBad(_) => "crash_bad",
            Self::Differs(_) => "differs",
        }
    }

    /// Returns the differences, by weight of their channels.
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        match self {
            Self::CrashBad(differences) | Self::Differs(differences) => differences,
            _ => &[],
        }
    }

    /// Returns the first channel that differs.
    #[must_use]
    pub fn channel(&self) -> Option<Channel> {
        self.differences().first().map(|it| it.channel)
    }
}

/// Replays a trace with the unit that it names, and judges it. None if no unit has that name.
#[must_use]
pub fn run(trace: &Trace, rules: &Rules, units: &[Unit]) -> Option<Verdict> {
    run_with(trace, rules, units, healthy::answer)
}

/// The same, with other nodes to answer what was not recorded under a rule or past a crash.
#[must_use]
pub fn run_with(trace: &Trace, rules: &Rules, units: &[Unit], healthy: Unrecorded) -> Option<Verdict> {
    let unit = units.iter().find(|unit| unit.name == trace.lu)?;
    let (verdict, ended) = judged(trace, rules, unit, healthy);
    runs::record(unit.op_id, Via::Replay, Part::Body, verdict.held(), &ended);
    Some(verdict)
}

/// The verdict, and how our run ended.
fn judged(trace: &Trace, rules: &Rules, unit: &Unit, healthy: Unrecorded) -> (Verdict, String) {
    let config = match Snapshot::read(&trace.config) {
        Ok(config) => config,
        Err(error) => {
            let ours = format!("the configuration can't be read: {error}");
            let wanted = Outcome::recorded(&trace.ending).to_string();
            let verdict = Verdict::Differs(vec![Difference::new(Channel::Outcome, "it ends", wanted, ours)]);
            return (verdict, "not run".to_owned());
        }
    };
    let recorded = Channels::recorded(trace);
    let case = Case { trace, config: &config, recorded: &recorded };
    let matching = rules.matching(&case);
    let crashed = matches!(trace.ending, Ending::Crash { .. });
    let others_answer = crashed || !matching.is_empty();
    let ours = seams::run(trace, unit, &config, others_answer.then_some(healthy));
    let expected = rules::corrected(&matching, &case, &ours.channels);
    // A correction may say how a run goes on that crashed: then it is compared in full.
    let told = expected.channels.outcome != recorded.outcome;
    let verdict = if crashed && told {
        match compared(trace, &matching, expected, &ours) {
            Verdict::Differs(differences) => Verdict::CrashBad(differences),
            _ => Verdict::CrashOk,
        }
    } else if crashed {
        let mut differences = expected.broken;
        differences.extend(past_crash(&expected.channels, &ours));
        if differences.is_empty() { Verdict::CrashOk } else { Verdict::CrashBad(differences) }
    } else {
        compared(trace, &matching, expected, &ours)
    };
    (verdict, runs::words(&ours.ended))
}

fn compared(trace: &Trace, matching: &[&rules::Rule], expected: rules::Expected, ours: &Run) -> Verdict {
    let mut differences = expected.broken;
    let mut pardoned = Vec::new();
    for channel in compared_channels(trace) {
        let found = expected.channels.differences(&ours.channels, channel, trace.unordered);
        let by = rules::pardoning(matching, channel);
        if found.is_empty() || by.is_empty() {
            differences.extend(found);
        } else {
            pardoned.extend(by);
        }
    }
    differences.sort_by_key(|it| it.channel);
    explain(&mut differences, ours);
    pardoned.sort();
    pardoned.dedup();
    match (differences.is_empty(), pardoned.is_empty(), expected.corrected.is_empty()) {
        (false, ..) => Verdict::Differs(differences),
        (true, false, _) => Verdict::Pardoned(pardoned),
        (true, true, false) => Verdict::Corrected(expected.corrected),
        (true, true, true) => Verdict::Equal,
    }
}

/// Where locks were not granted in time, the way there does not count.
fn compared_channels(trace: &Trace) -> impl Iterator<Item = Channel> {
    let late = trace.events.iter().any(|event| matches!(event, Event::Locks(LockCall::Wait(false), _)));
    Channel::ALL.into_iter().filter(move |channel| !late || *channel == Channel::Outcome)
}

/// Adds the words of our error, and what nobody had asked, to the first difference: they tell most of the reasons.
fn explain(differences: &mut [Difference], ours: &Run) {
    let Some(first) = differences.first_mut() else { return };
    if first.channel == Channel::Outcome && !matches!(ours.ended, cmdlib::processor::Ended::Success(_)) {
        first.ours = ours.ended.to_string();
    }
    if !ours.unanswered.is_empty() {
        first.ours = format!("{}; not recorded: {}", first.ours, ours.unanswered.join(", "));
    }
}

/// Returns what is wrong with our run where the reference crashed: what both did before is the same, and ours ends with a
/// regular error and nothing half-written, or with a success.
fn past_crash(wanted: &Channels, run: &Run) -> Vec<Difference> {
    use cmdlib::processor::Ended;
    let ours = &run.channels;
    let mut found = Vec::new();
    if !matches!(run.ended, Ended::Success(_) | Ended::Refused(_) | Ended::Failed(_)) {
        let wanted = format!("a regular end instead of a {}", wanted.outcome);
        found.push(Difference::new(Channel::Outcome, "it ends", wanted, run.ended.to_string()));
    }
    let (fewer, more) = if wanted.locks.asked.len() <= ours.locks.asked.len() {
        (&wanted.locks.asked, &ours.locks.asked)
    } else {
        (&ours.locks.asked, &wanted.locks.asked)
    };
    let both_begin = wanted.locks.held.is_some() && ours.locks.held.is_some();
    if !fewer.is_subset(more) || (both_begin && wanted.locks.held != ours.locks.held) {
        found.extend(wanted.differences(ours, Channel::Locks, false));
    }
    // What only one of them did came after the other had ended.
    let (mut wanted, mut until) = (wanted.clone(), ours.clone());
    let both = wanted.rpc.len().min(until.rpc.len());
    wanted.rpc.truncate(both);
    until.rpc.truncate(both);
    let both = wanted.allocator.len().min(until.allocator.len());
    wanted.allocator.truncate(both);
    until.allocator.truncate(both);
    found.extend(wanted.differences(&until, Channel::Rpc, false));
    found.extend(wanted.differences(&until, Channel::Allocator, false));
    let half_written = match run.ended {
        Ended::Success(_) => false,
        Ended::Failed(_) => !ours.changes.is_empty() && ours.changes != wanted.changes,
        _ => !ours.changes.is_empty(),
    };
    if half_written {
        found.extend(wanted.differences(ours, Channel::Changes, false));
    }
    found
}
