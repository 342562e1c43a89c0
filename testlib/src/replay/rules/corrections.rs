//! Corrections: what our run shows on a channel in the place of what was recorded. Each says it exactly.

use cmdlib::error::Code;
use cmdlib::field::Field;
use cmdlib::locking::Level;

use super::expectation::{Expectation, StatusWrite, Step};
use super::named::{Named, Use};
use super::{Case, activation, delay, evacuation, systems, tags, volumes};
use crate::replay::channels::{Channels, LockMode, Outcome};
use crate::replay::trace::LockName;

/// What is shown: gets the case, its arguments, our run for what can't be told from the trace alone, and the expectation so
/// far. An error says what was wanted where our run does not show it.
pub(crate) type Correction = fn(&Case<'_>, &[String], &Channels, &mut Expectation) -> Result<(), String>;

impl Use<Correction> {
    pub(super) fn apply(&self, case: &Case<'_>, ours: &Channels, wanted: &mut Expectation) -> Result<(), String> {
        (self.named.function)(case, &self.args, ours, wanted)
    }
}

const fn named(name: &'static str, arguments: usize, function: Correction) -> Named<Correction> {
    Named { name, arguments, function }
}

/// All corrections.
pub(super) const TABLE: &[Named<Correction>] = &[
    // How it ends.
    named("refused", 1, |_, args, _, wanted| {
        let code = Code::read(&args[0].as_str().into()).map_err(|misfit| misfit.to_string())?;
        wanted.channels_mut().outcome = Outcome::refused(code);
        Ok(())
    }),
    named("refused_before_locks", 1, |_, args, _, wanted| {
        refused_early(&args[0], wanted)?;
        let locks = &mut wanted.channels_mut().locks;
        locks.asked.retain(|(level, ..)| *level == Level::Cluster);
        locks.held = None;
        locks.given_back.clear();
        Ok(())
    }),
    named("refused_before_hooks", 1, |_, args, _, wanted| refused_early(&args[0], wanted)),
    named("failed", 0, |_, _, _, wanted| {
        wanted.channels_mut().outcome = Outcome::failed();
        Ok(())
    }),
    named("result_null", 0, |_, _, _, wanted| {
        wanted.channels_mut().outcome = Outcome::Result(serde_json::Value::Null);
        Ok(())
    }),
    named("delay_ends", 0, |case, _, _, wanted| {
        wanted.channels_mut().outcome = delay::end(case);
        Ok(())
    }),
    named("told_without_silent", 0, |case, _, _, wanted| {
        systems::told_without_silent(case, wanted);
        Ok(())
    }),
    named("told_of_all_nodes", 0, |case, _, _, wanted| systems::told_of_all_nodes(case, wanted)),
    named("bare_names_told", 0, |case, _, _, wanted| systems::bare_names_told(case, wanted)),
    named("unknown_left_out", 0, |case, _, _, wanted| {
        volumes::unknown_left_out(case, wanted);
        Ok(())
    }),
    named("offline_left_out", 0, |case, _, _, wanted| {
        volumes::offline_left_out(case, wanted);
        Ok(())
    }),
    named("nodes_by_name", 0, |case, _, _, wanted| {
        volumes::nodes_by_name(case, wanted);
        Ok(())
    }),
    // Locks.
    named("no_node_locks", 0, |_, _, _, wanted| {
        let locks = &mut wanted.channels_mut().locks;
        locks.asked.retain(|(level, ..)| *level != Level::Node);
        locks.held.iter_mut().for_each(|held| held.retain(|(level, _), _| *level != Level::Node));
        locks.given_back.retain(|(level, ..)| *level != Level::Node);
        Ok(())
    }),
    named("memory_of_primary_locked", 0, |case, _, _, wanted| {
        let instance = case.instance().ok_or("the instance is in the configuration")?;
        let name = LockName::One(instance.primary_node.to_string());
        wanted.channels_mut().locks.add_held(Level::NodeRes, name, LockMode::Exclusive);
        Ok(())
    }),
    // Calls.
    named("stop_after_first_pass", 0, |_, _, _, wanted| {
        wanted.change_steps(activation::without_second_pass);
        Ok(())
    }),
    named("second_pass_fails", 0, |case, _, _, wanted| {
        wanted.change_steps(|steps| activation::failed_second_pass(case, steps));
        Ok(())
    }),
    named("until_disks_are_down", 0, |_, _, _, wanted| {
        wanted.change_steps(activation::until_disks_are_down);
        Ok(())
    }),
    named("nothing_done", 0, |_, _, _, wanted| {
        evacuation::nothing_done(wanted);
        Ok(())
    }),
    named("asks_for_own_kind", 0, |case, _, _, wanted| {
        evacuation::asks_for_own_kind(case, wanted);
        Ok(())
    }),
    named("nodes_told_anew", 0, |case, _, _, wanted| {
        evacuation::nodes_told_anew(case, wanted);
        Ok(())
    }),
    named("goes_on_without_node", 0, |case, _, _, wanted| evacuation::goes_on_without_node(case, wanted)),
    named("asks_default_allocator", 0, |case, _, _, wanted| {
        evacuation::asks_default_allocator(case, wanted);
        Ok(())
    }),
    // Changes.
    named("no_change", 0, |_, _, _, wanted| {
        wanted.channels_mut().changes.members.clear();
        Ok(())
    }),
    named("tags_removed", 0, |case, _, _, wanted| tags::removed(case, &mut wanted.channels_mut().changes)),
    named("left_alone", 2, |_, args, _, wanted| {
        wanted.channels_mut().changes.members.remove(args);
        Ok(())
    }),
    named("disks_stay_active", 0, |case, _, _, wanted| {
        wanted.change_steps(|steps| activation::without_false_marks(case, steps));
        Ok(())
    }),
    named("disks_inactive", 0, |case, _, _, wanted| {
        let instance = case.instance().ok_or("the instance is in the configuration")?;
        let mark = StatusWrite::disks_active(instance.uuid.as_str(), false);
        wanted.change_steps(|steps| steps.push(Step::Status(mark)));
        Ok(())
    }),
    named("one_status_write", 0, |_, _, _, wanted| {
        wanted.change_steps(one_status_write);
        Ok(())
    }),
    named("state_put_back", 0, |case, _, _, wanted| {
        let instance = case.instance().ok_or("the instance is in the configuration")?;
        let changes_state = |step: &Step| matches!(step, Step::Status(write) if write.admin_state.is_some());
        if wanted.steps().iter().any(changes_state) {
            let back = StatusWrite {
                instance: instance.uuid.to_string(),
                admin_state: Some(instance.admin_state.to_string()),
                source: Some(instance.admin_state_source.to_string()),
                ..StatusWrite::default()
            };
            wanted.change_steps(|steps| steps.push(Step::Status(back)));
        }
        Ok(())
    }),
];

/// The run is refused before scripts run, or anything is asked or changed.
fn refused_early(code: &str, wanted: &mut Expectation) -> Result<(), String> {
    let code = Code::read(&code.into()).map_err(|misfit| misfit.to_string())?;
    wanted.change_steps(Vec::clear);
    let channels = wanted.channels_mut();
    channels.outcome = Outcome::refused(code);
    channels.allocator.clear();
    channels.jobs.clear();
    channels.changes.members.clear();
    Ok(())
}

/// Of two writes of the wanted state that follow each other, leaves the second.
fn one_status_write(steps: &mut Vec<Step>) {
    let mut index = 0;
    while index + 1 < steps.len() {
        let both = matches!((&steps[index], &steps[index + 1]), (Step::Status(one), Step::Status(two))
            if one.admin_state.is_some() && two.admin_state.is_some());
        if both {
            steps.remove(index);
        } else {
            index += 1;
        }
    }
}
