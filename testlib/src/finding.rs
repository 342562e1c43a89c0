//! One thing that is wrong with a run: what was wanted and where the test says so, what happened and in which step, what came
//! nearest and in what it differs.

use std::panic::Location;

use crate::invariants::Invariant;

/// What a finding is about, in the order in which a report tells them: causes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    Setup,
    /// The unit itself has an error: what else is wrong may come from it.
    Unit,
    Rpc,
    Script,
    Allocator,
    Locks,
    Config,
    Hooks,
    Jobs,
    Log,
    Order,
    Invariant,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) topic: Topic,
    pub(crate) title: String,
    pub(crate) wanted: Option<(String, &'static Location<'static>)>,
    pub(crate) got: Vec<String>,
    pub(crate) nearest: Option<(String, &'static Location<'static>)>,
    pub(crate) hint: Option<String>,
    /// The check after every run that found it, if one did.
    pub(crate) invariant: Option<Invariant>,
}

impl Finding {
    pub(crate) fn new(topic: Topic, title: impl Into<String>) -> Self {
        Self { topic, title: title.into(), wanted: None, got: Vec::new(), nearest: None, hint: None, invariant: None }
    }

    pub(crate) fn wanted(mut self, what: impl Into<String>, at: &'static Location<'static>) -> Self {
        self.wanted = Some((what.into(), at));
        self
    }

    pub(crate) fn got(mut self, what: impl Into<String>) -> Self {
        self.got.push(what.into());
        self
    }

    pub(crate) fn nearest(mut self, what: impl Into<String>, at: &'static Location<'static>) -> Self {
        self.nearest = Some((what.into(), at));
        self
    }

    pub(crate) fn hint(mut self, what: impl Into<String>) -> Self {
        self.hint = Some(what.into());
        self
    }

    /// Tells whether two findings are the same fact seen twice.
    fn same_as(&self, other: &Self) -> bool {
        self.topic == other.topic
            && self.title == other.title
            && self.wanted == other.wanted
            && self.hint == other.hint
            && self.nearest == other.nearest
    }
}

/// Puts findings in order, and identical ones together.
pub(crate) fn folded(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| finding.topic);
    let mut folded: Vec<Finding> = Vec::new();
    for finding in findings {
        match folded.iter_mut().find(|other| other.same_as(&finding)) {
            Some(other) => {
                other.got.extend(finding.got.into_iter().filter(|got| !other.got.contains(got)).collect::<Vec<_>>());
            }
            None => folded.push(finding),
        }
    }
    folded
}
