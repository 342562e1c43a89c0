//! Rules: where the reference is wrong, and what our run shows instead. A rule names a defect and the condition under which
//! it shows, never a trace, so that it holds for traces that nobody has seen.
//!
//! The file format is TOML:
//!
//! ```toml
//! [[defect]]                # only for defects that `known-defects.md` does not have
//! id = "N01"
//! what = "what the reference does"
//! right = "what is right"
//!
//! [[rule]]
//! defect = "D104"
//! lus = ["InstanceStartup"]
//! kind = "correction"       # what our run shows instead; every other channel must be equal
//! when = ["started"]        # all of these; `not ` in front turns one around
//! shows = { locks = "memory_of_primary_locked" }
//!
//! [[rule]]
//! defect = "N01"
//! lus = ["TagsGet"]
//! kind = "pardon"           # these channels are not compared
//! when = ["class(TagError)"]
//! channels = ["outcome"]
//! ```
//!
//! Conditions are the functions of `conditions`, what is shown instead those of `corrections`. A correction that shows on
//! several channels is named for each of them.

mod activation;
mod conditions;
mod corrections;
mod delay;
mod document;
mod evacuation;
mod expectation;
mod named;
mod networks;
mod read;
mod systems;
mod tags;
mod volumes;

pub use read::RuleError;

use std::collections::BTreeMap;
use std::sync::Arc;

use cmdlib::config::Snapshot;
use cmdlib::objects::Instance;
use serde_json::Value;

use self::conditions::Condition;
use self::corrections::Correction;
use self::expectation::Expectation;
use self::named::Use;
use super::channels::{Channel, Channels, Difference};
use super::trace::Trace;

/// A trace before it is judged: all that a condition may look at.
pub(crate) struct Case<'a> {
    pub(crate) trace: &'a Trace,
    pub(crate) config: &'a Snapshot,
    pub(crate) recorded: &'a Channels,
}

impl Case<'_> {
    /// Returns a parameter of the opcode as it was given.
    pub(crate) fn param(&self, name: &str) -> Option<&Value> {
        self.trace.op.get(name)
    }

    /// Returns a parameter that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.param(name).and_then(Value::as_str)
    }

    /// Tells whether a parameter was given and is true.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.param(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Returns the instance that the opcode is about.
    pub(crate) fn instance(&self) -> Option<Arc<Instance>> {
        let id = self.config.find::<Instance>(self.param("instance_name")?.as_str()?).ok()?;
        self.config.get(&id).ok()
    }
}

/// A rule.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    defect: String,
    lus: Vec<String>,
    when: Vec<Use<Condition>>,
    kind: RuleKind,
}

#[derive(Debug, Clone)]
enum RuleKind {
    /// What is shown, on which channels.
    Correction(Vec<(Use<Correction>, Vec<Channel>)>),
    Pardon(Vec<Channel>),
}

/// The rules of a file, in its order: later ones see what earlier ones have made of the expectation.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    rules: Vec<Rule>,
    defects: BTreeMap<String, OwnDefect>,
}

/// A defect of the reference that the list of known ones does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnDefect {
    /// What the reference does.
    pub what: String,
    /// What is right.
    pub right: String,
}

/// What is expected of our run instead of what was recorded.
pub(super) struct Expected {
    pub(super) channels: Channels,
    /// The defects that changed the expectation.
    pub(super) corrected: Vec<String>,
    /// Corrections that don't hold.
    pub(super) broken: Vec<Difference>,
}

impl Rules {
    /// Returns the project's own rules.
    ///
    /// # Panics
    /// Never: a test reads them.
    #[must_use]
    pub fn own() -> Self {
        Self::parse(include_str!("../rules.toml")).expect("a test reads them")
    }

    /// Returns no rules.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Returns the defects that the file describes itself.
    #[must_use]
    pub fn defects(&self) -> &BTreeMap<String, OwnDefect> {
        &self.defects
    }

    /// Returns the rules that apply to a trace: none to what the bench recorded.
    pub(super) fn matching(&self, case: &Case<'_>) -> Vec<&Rule> {
        if case.trace.is_of_the_bench() {
            return Vec::new();
        }
        let holds = |rule: &&Rule| rule.lus.contains(&case.trace.lu) && rule.when.iter().all(|term| term.holds(case));
        self.rules.iter().filter(holds).collect()
    }
}

/// Applies the corrections among `rules`.
pub(super) fn corrected(rules: &[&Rule], case: &Case<'_>, ours: &Channels) -> Expected {
    let mut expectation = Expectation::recorded(case);
    let (mut corrected, mut broken) = (Vec::new(), Vec::new());
    for rule in rules {
        let RuleKind::Correction(shows) = &rule.kind else { continue };
        let before = expectation.channels().clone();
        for (correction, channels) in shows {
            let mut differs = |why: String| {
                let subject = format!("{} shows {}", rule.defect, correction.name());
                broken.push(Difference::new(channels[0], subject, why, "otherwise"));
            };
            let earlier = expectation.channels().clone();
            if let Err(why) = correction.apply(case, ours, &mut expectation) {
                differs(why);
            }
            expectation.settle(case);
            let silent = Channel::ALL.into_iter().filter(|it| !channels.contains(it));
            for channel in
                silent.filter(|channel| !earlier.differences(expectation.channels(), *channel, false).is_empty())
            {
                differs(format!("it shows on {channel} too: the rule has to name that"));
            }
        }
        if *expectation.channels() != before && !corrected.contains(&rule.defect) {
            corrected.push(rule.defect.clone());
        }
    }
    Expected { channels: expectation.into_channels(), corrected, broken }
}

/// Returns the defects by which a channel is not compared.
pub(super) fn pardoning(rules: &[&Rule], channel: Channel) -> Vec<String> {
    let pardons = |rule: &&&Rule| matches!(&rule.kind, RuleKind::Pardon(channels) if channels.contains(&channel));
    rules.iter().filter(pardons).map(|rule| rule.defect.clone()).collect()
}
