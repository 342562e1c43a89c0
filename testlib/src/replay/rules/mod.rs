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
//! shows = { locks = ["with_node_res_of_primary"] }
//!
//! [[rule]]
//! defect = "N01"
//! lus = ["TagsGet"]
//! kind = "pardon"           # these channels are not compared
//! when = ["class(TagError)"]
//! channels = ["outcome"]
//! ```
//!
//! Conditions are the functions of `conditions`, what is shown instead those of `corrections`.

mod conditions;
mod corrections;
mod named;
mod read;

pub use read::RuleError;

use std::collections::BTreeMap;

use cmdlib::config::Snapshot;
use serde_json::Value;

use self::conditions::Condition;
use self::corrections::Correction;
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

    /// Tells whether a parameter was given and is true.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.param(name).and_then(Value::as_bool).unwrap_or(false)
    }
}

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    defect: String,
    lus: Vec<String>,
    when: Vec<Use<Condition>>,
    kind: RuleKind,
}

#[derive(Debug, Clone)]
enum RuleKind {
    Correction(Vec<Use<Correction>>),
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

    /// Returns the rules that apply to a trace.
    pub(super) fn matching(&self, case: &Case<'_>) -> Vec<&Rule> {
        let holds = |rule: &&Rule| rule.lus.contains(&case.trace.lu) && rule.when.iter().all(|term| term.holds(case));
        self.rules.iter().filter(holds).collect()
    }
}

/// Applies the corrections among `rules`.
pub(super) fn corrected(rules: &[&Rule], case: &Case<'_>, ours: &Channels) -> Expected {
    let mut out = Expected { channels: case.recorded.clone(), corrected: Vec::new(), broken: Vec::new() };
    for rule in rules {
        let RuleKind::Correction(shows) = &rule.kind else { continue };
        let before = out.channels.clone();
        for correction in shows {
            if let Err(why) = correction.apply(case, ours, &mut out.channels) {
                let subject = format!("{}: {}", rule.defect, correction.name());
                out.broken.push(Difference::new(correction.channel(), subject, why, "otherwise"));
            }
        }
        if out.channels != before && !out.corrected.contains(&rule.defect) {
            out.corrected.push(rule.defect.clone());
        }
    }
    out
}

/// Returns the defects by which a channel is not compared.
pub(super) fn pardoning(rules: &[&Rule], channel: Channel) -> Vec<String> {
    let pardons = |rule: &&&Rule| matches!(&rule.kind, RuleKind::Pardon(channels) if channels.contains(&channel));
    rules.iter().filter(pardons).map(|rule| rule.defect.clone()).collect()
}
