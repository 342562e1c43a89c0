//! The committed baseline: the class that each call had reached, a line a call.

use std::collections::BTreeMap;
use std::fmt;

use crate::files;
use crate::trouble::Trouble;

use super::matrix::{Class, Matrix};

const HEAD: &str = "# The class that each call had reached. Written by `coverage api check --update`; it only rises.
# both (gold), direct or client (silver), implied, none
";

/// The baseline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Each call.
    pub classes: BTreeMap<String, Class>,
}

impl Baseline {
    /// Reads a baseline; `place` is what messages call it.
    ///
    /// # Errors
    /// When it is empty, a line can't be read, or the lines are not sorted.
    pub fn read(text: &str, place: &str) -> Result<Self, Trouble> {
        let wrong = |what: String, place: String| {
            Trouble::new(what, place)
                .expected("sorted lines `CALL CLASS`; CLASS is both, direct, client, implied or none")
                .remedy("take the committed file again, then write it with `coverage api check --update`")
        };
        let mut classes: BTreeMap<String, Class> = BTreeMap::new();
        for (here, line) in files::lines(text, place) {
            let read = line.rsplit_once(' ').and_then(|(call, class)| Some((call.to_owned(), class.parse().ok()?)));
            let Some((call, class)) = read else { return Err(wrong(format!("`{line}` can't be read"), here)) };
            files::add_sorted(&mut classes, call, class).map_err(|what| wrong(what, here))?;
        }
        if classes.is_empty() {
            Err(wrong("the baseline is empty".to_owned(), place.to_owned()))
        } else {
            Ok(Self { classes })
        }
    }
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        self.classes.iter().try_for_each(|(call, class)| writeln!(f, "{call} {class}"))
    }
}

/// A loss against the baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// The call.
    pub call: String,
    /// What it had.
    pub before: Class,
    /// What it has; none if the catalogue lost it.
    pub now: Option<Class>,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.before.words();
        match self.now {
            Some(now) => write!(f, "{}: was {before}, is {}", self.call, now.words()),
            None => {
                write!(
                    f,
                    "{}: was {before}, is gone from the catalogue; if that is meant, `--update` takes it out",
                    self.call
                )
            }
        }
    }
}

/// What the check says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// What fell. Empty: held.
    pub losses: Vec<Loss>,
    /// What one should know.
    pub notes: Vec<String>,
}

/// Holds the matrix to the baseline.
#[must_use]
pub fn check(matrix: &Matrix, baseline: &Baseline) -> Checked {
    let now: BTreeMap<&str, Class> = matrix.rows.iter().map(|row| (row.call.as_str(), row.class())).collect();
    let mut checked = Checked::default();
    for (call, before) in &baseline.classes {
        let now = now.get(call.as_str()).copied();
        if now.is_none_or(|now| before.falls_to(now)) {
            checked.losses.push(Loss { call: call.clone(), before: *before, now });
        } else if let Some(now) = now.filter(|now| now.falls_to(*before)) {
            checked.notes.push(format!(
                "{call} rose from {} to {}: `--update` writes it down",
                before.words(),
                now.words()
            ));
        }
    }
    let new = matrix.rows.iter().filter(|row| !baseline.classes.contains_key(&row.call));
    checked
        .notes
        .extend(new.map(|row| format!("{} is new ({}): `--update` writes it down", row.call, row.class().words())));
    checked
}

/// The baseline after `--update`: what fell keeps its class, what is gone from the catalogue goes.
#[must_use]
pub fn updated(matrix: &Matrix, before: Option<&Baseline>) -> Baseline {
    let kept = |call: &str, now: Class| {
        let before = before.and_then(|before| before.classes.get(call)).copied();
        before.filter(|before| before.falls_to(now)).unwrap_or(now)
    };
    Baseline { classes: matrix.rows.iter().map(|row| (row.call.clone(), kept(&row.call, row.class()))).collect() }
}
