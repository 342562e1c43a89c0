//! Where a hand-kept page and reality differ.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::results::Outcome;

use super::matrix::{Class, Matrix, Row};
use super::page::{Entry, Page, State};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The page has a call that the catalogue does not know.
    Gone {
        /// The call.
        call: String,
    },
    /// The catalogue has a call that the page leaves out.
    Missing {
        /// The call.
        call: String,
    },
    /// The page calls it by a name that it had before.
    Renamed {
        /// The name of old.
        from: String,
        /// The name of today.
        to: String,
    },
    /// The page lists a test that has no result: it does not exist, or was not run.
    Unknown {
        /// The call.
        call: String,
        /// The test.
        test: String,
    },
    /// The page lists a test that did not pass.
    NotPassed {
        /// The call.
        call: String,
        /// The test.
        test: String,
        /// How it ended.
        outcome: Outcome,
    },
    /// The page lists a test that passes, and never made the call.
    NotMade {
        /// The call.
        call: String,
        /// The test.
        test: String,
    },
    /// A test makes the call, and the page does not list it.
    Forgotten {
        /// The call.
        call: String,
        /// The test.
        test: String,
    },
    /// The page says of the call, without listing tests, what is not so.
    Said {
        /// The call.
        call: String,
        /// What the page says.
        page: State,
        /// What is.
        class: Class,
    },
}

impl Difference {
    /// One word for it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Gone { .. } => "call_gone",
            Self::Missing { .. } => "call_missing",
            Self::Renamed { .. } => "call_renamed",
            Self::Unknown { .. } => "unknown_test",
            Self::NotPassed { .. } => "test_not_passed",
            Self::NotMade { .. } => "call_not_made",
            Self::Forgotten { .. } => "forgotten_test",
            Self::Said { .. } => "state_differs",
        }
    }

    /// The call that it is about.
    #[must_use]
    pub fn call(&self) -> &str {
        match self {
            Self::Gone { call }
            | Self::Missing { call }
            | Self::Unknown { call, .. }
            | Self::NotPassed { call, .. }
            | Self::NotMade { call, .. }
            | Self::Forgotten { call, .. }
            | Self::Said { call, .. } => call,
            Self::Renamed { to, .. } => to,
        }
    }

    /// The test, if it is about one.
    #[must_use]
    pub fn test(&self) -> Option<&str> {
        match self {
            Self::Unknown { test, .. }
            | Self::NotPassed { test, .. }
            | Self::NotMade { test, .. }
            | Self::Forgotten { test, .. } => Some(test),
            _ => None,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone { call } => write!(f, "{call}: gone: the page has it, and the catalogue does not"),
            Self::Missing { call } => write!(f, "{call}: the page leaves it out"),
            Self::Renamed { from, to } => write!(f, "{to}: the page calls it {from}"),
            Self::Unknown { call, test } => {
                write!(f, "{call}: {test} is listed, and has no result: no such test was run")
            }
            Self::NotPassed { call, test, outcome } => {
                write!(f, "{call}: {test} is listed, and was {}: it does not count", outcome.as_str())
            }
            Self::NotMade { call, test } => write!(f, "{call}: {test} is listed, and never made the call"),
            Self::Forgotten { call, test } => write!(f, "{call}: {test} makes the call, and is not listed"),
            Self::Said { call, page, class } => {
                let page = match page {
                    State::Explicit => "lists tests",
                    State::Extensive => "says that it is tested extensively",
                    State::Implied => "says that it is implied",
                    State::NotTested => "says that it is not tested",
                };
                write!(f, "{call}: the page {page}, and it is: {}", class.words())
            }
        }
    }
}

/// Compares a page with the matrix, call by call in the order of the page; then calls that the page leaves out.
#[must_use]
pub fn diff(page: &Page, matrix: &Matrix) -> Vec<Difference> {
    let rows: BTreeMap<&str, &Row> = matrix.rows.iter().map(|row| (row.call.as_str(), row)).collect();
    let mut differences = Vec::new();
    let mut seen = BTreeSet::new();
    for entry in &page.entries {
        let names = || std::iter::once(&entry.call).chain(&entry.formerly);
        let Some(row) = names().find_map(|name| rows.get(name.as_str())) else {
            differences.push(Difference::Gone { call: entry.call.clone() });
            continue;
        };
        if row.call != entry.call {
            // The page knows both names, and the catalogue only the one that the page calls former.
            differences.push(Difference::Renamed { from: entry.call.clone(), to: row.call.clone() });
        }
        seen.insert(row.call.as_str());
        compare(entry, row, matrix, &mut differences);
    }
    let missing = matrix.rows.iter().filter(|row| !seen.contains(row.call.as_str()));
    differences.extend(missing.map(|row| Difference::Missing { call: row.call.clone() }));
    differences
}

fn compare(entry: &Entry, row: &Row, matrix: &Matrix, differences: &mut Vec<Difference>) {
    let call = || row.call.clone();
    let made = row.explicit();
    let listed: BTreeSet<&String> = entry.tests.iter().collect();
    for test in &listed {
        let test = || (*test).clone();
        match matrix.outcomes.get(&test()) {
            None => differences.push(Difference::Unknown { call: call(), test: test() }),
            Some(Outcome::Passed) if !made.contains(&test()) && !row.implied.contains(&test()) => {
                differences.push(Difference::NotMade { call: call(), test: test() });
            }
            Some(Outcome::Passed) => {}
            Some(outcome) => differences.push(Difference::NotPassed { call: call(), test: test(), outcome: *outcome }),
        }
    }
    // Where the page says that they are too many, none is forgotten.
    if entry.state != State::Extensive {
        let forgotten = made.iter().filter(|test| !listed.contains(*test));
        differences.extend(forgotten.map(|test| Difference::Forgotten { call: call(), test: (*test).clone() }));
    }
    let class = row.class();
    let is_so = match entry.state {
        State::Explicit => true,
        State::Extensive => matches!(class, Class::Both | Class::Direct | Class::Client),
        State::Implied => class == Class::Implied,
        State::NotTested => class == Class::None,
    };
    // With a test that the page forgot, one line says enough.
    if !is_so && (made.is_empty() || entry.state == State::Extensive) {
        differences.push(Difference::Said { call: call(), page: entry.state, class });
    }
}
