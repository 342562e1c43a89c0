//! Corrections: what our run shows on a channel in the place of what was recorded. Each says it exactly.

use cmdlib::error::Code;
use cmdlib::field::Field;
use cmdlib::locking::Level;

use super::expectation::{Expectation, StatusWrite, Step};
use super::named::{Named, Use};
use super::{Case, activation, tags};
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
    named("failed", 0, |_, _, _, wanted| {
        wanted.channels_mut().outcome = Outcome::failed();
        Ok(())
    }),
    named("result_null", 0, |_, _, _, wanted| {
        wanted.channels_mut().outcome = Outcome::Result(serde_json::Value::Null);
        Ok(())
    }),
    // Locks.
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
