//! The matrix: each call of the catalogue with the tests that make it, and its class. A pure function of catalogue, runs
//! and results.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use crate::results::Outcome;

use super::calls::Call;
use super::runs::{Part, Run, Via};

/// How well a call is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Directly and through a client.
    Both,
    /// Directly only.
    Direct,
    /// Through a client only.
    Client,
    /// Only as another call led to it, or in set-up and tear-down.
    Implied,
    /// Not at all.
    None,
}

impl Class {
    /// All, best first.
    pub const ALL: [Self; 5] = [Self::Both, Self::Direct, Self::Client, Self::Implied, Self::None];

    /// What people read.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Direct => "direct only",
            Self::Client => "client only",
            Self::Implied => "implied",
            Self::None => "not tested",
        }
    }

    /// The grade: one way is as good as the other, both are better.
    #[must_use]
    pub fn grade(self) -> &'static str {
        match self {
            Self::Both => "gold",
            Self::Direct | Self::Client => "silver",
            Self::Implied => "implied",
            Self::None => "none",
        }
    }

    /// Whether `now` is a fall: a lower grade.
    #[must_use]
    pub fn falls_to(self, now: Self) -> bool {
        now.rank() < self.rank()
    }

    fn rank(self) -> u8 {
        match self {
            Self::Both => 3,
            Self::Direct | Self::Client => 2,
            Self::Implied => 1,
            Self::None => 0,
        }
    }
}

impl fmt::Display for Class {
    /// As the baseline has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Both => "both",
            Self::Direct => "direct",
            Self::Client => "client",
            Self::Implied => "implied",
            Self::None => "none",
        })
    }
}

impl FromStr for Class {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|class| class.to_string() == text).ok_or(())
    }
}

/// A call in the matrix. Each list has tests that passed, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The call.
    pub call: String,
    /// What the catalogue notes.
    pub note: String,
    /// Tests that make the call directly.
    pub direct: BTreeSet<String>,
    /// Tests that make it through a client.
    pub client: BTreeSet<String>,
    /// Tests in which another call leads to it, or that make it in set-up or tear-down.
    pub implied: BTreeSet<String>,
    /// How many runs that count came by each way.
    pub ways: BTreeMap<Via, usize>,
    /// How many of them ended how.
    pub ended: BTreeMap<String, usize>,
}

impl Row {
    /// The class.
    #[must_use]
    pub fn class(&self) -> Class {
        match (self.direct.is_empty(), self.client.is_empty(), self.implied.is_empty()) {
            (false, false, _) => Class::Both,
            (false, true, _) => Class::Direct,
            (true, false, _) => Class::Client,
            (true, true, false) => Class::Implied,
            (true, true, true) => Class::None,
        }
    }

    /// All tests that make the call by themselves.
    #[must_use]
    pub fn explicit(&self) -> BTreeSet<&String> {
        self.direct.union(&self.client).collect()
    }
}

/// The matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// The calls, in the order of the catalogue.
    pub rows: Vec<Row>,
    /// How each test ended.
    pub outcomes: BTreeMap<String, Outcome>,
    /// What did not count, and why.
    pub notes: Vec<String>,
}

impl Matrix {
    /// How many calls are of a class.
    #[must_use]
    pub fn count(&self, class: Class) -> usize {
        self.rows.iter().filter(|row| row.class() == class).count()
    }
}

/// Makes the matrix. A run counts if it was as its test wanted it, and the test passed.
#[must_use]
pub fn matrix(calls: &[Call], runs: &[Run], outcomes: BTreeMap<String, Outcome>) -> Matrix {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let (mut nameless, mut unknown, mut lost, mut not_passed) =
        (0_u64, BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for call in calls {
        rows.insert(&call.call, row(call));
    }
    for run in runs {
        let Some(row) = rows.get_mut(run.call.as_str()) else {
            unknown.insert(run.call.as_str());
            continue;
        };
        let Some(test) = &run.test else {
            nameless += 1;
            continue;
        };
        match outcomes.get(test) {
            Some(Outcome::Passed) => {}
            Some(_) => {
                not_passed.insert(test.as_str());
                continue;
            }
            None => {
                lost.insert(test.as_str());
                continue;
            }
        }
        if run.ok {
            count(row, run, test);
        }
    }
    let mut notes = Vec::new();
    let mut note = |count: u64, what: &str, names: &BTreeSet<&str>| {
        if count > 0 {
            notes.push(format!("not counted: {}{}", what.replace('#', &count.to_string()), listed(names)));
        }
    };
    note(nameless, "# of the runs, which name no test", &BTreeSet::new());
    note(lost.len() as u64, "runs of tests without a result (#)", &lost);
    note(not_passed.len() as u64, "runs of tests that did not pass (#)", &not_passed);
    note(unknown.len() as u64, "runs of calls outside of the catalogue (#)", &unknown);
    let rows = calls.iter().filter_map(|call| rows.remove(call.call.as_str())).collect();
    Matrix { rows, outcomes, notes }
}

fn row(call: &Call) -> Row {
    Row {
        call: call.call.clone(),
        note: call.note.clone(),
        direct: BTreeSet::new(),
        client: BTreeSet::new(),
        implied: BTreeSet::new(),
        ways: BTreeMap::new(),
        ended: BTreeMap::new(),
    }
}

fn count(row: &mut Row, run: &Run, test: &str) {
    let tests = match (run.part, run.via) {
        (Part::SetUp | Part::TearDown, _) | (_, Via::Implied) => &mut row.implied,
        (Part::Body, Via::Client) => &mut row.client,
        (Part::Body, Via::Direct | Via::Bench | Via::Replay | Via::Processor) => &mut row.direct,
    };
    tests.insert(test.to_owned());
    *row.ways.entry(run.via).or_default() += 1;
    if let Some(ended) = &run.ended {
        *row.ended.entry(ended.clone()).or_default() += 1;
    }
}

fn listed(names: &BTreeSet<&str>) -> String {
    const SHOWN: usize = 3;
    if names.is_empty() {
        return String::new();
    }
    let shown: Vec<&str> = names.iter().copied().take(SHOWN).collect();
    let more = names.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!(": {}{more}", shown.join(", "))
}
