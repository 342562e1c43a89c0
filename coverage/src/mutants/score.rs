//! Counting what came of mutants, by file.

use std::collections::BTreeMap;

use crate::percent::Percent;

use super::outcomes::{Fate, Fates, Mutant};

/// Which mutants were tried: scores of different kinds are not compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Those on lines that a change touches.
    Changed {
        /// What it is compared with.
        base: String,
    },
    /// All.
    All,
    /// Some, drawn by a seed.
    Sample {
        /// How many.
        number: usize,
        /// The seed.
        seed: u64,
    },
    /// Those of files that were named.
    Files(Vec<String>),
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Changed { base } => write!(f, "lines changed since {base}"),
            Self::All => f.write_str("all"),
            Self::Sample { number, seed } => write!(f, "sample of {number}, seed {seed}"),
            Self::Files(files) => write!(f, "files {}", files.join(", ")),
        }
    }
}

/// How many mutants came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Noticed.
    pub caught: u64,
    /// Survived.
    pub missed: u64,
    /// Not ended in time; in no share.
    pub timed_out: u64,
    /// Not compiled; in no share.
    pub unviable: u64,
}

impl Count {
    /// Those that were tried to an end: caught and missed.
    #[must_use]
    pub fn viable(self) -> u64 {
        self.caught + self.missed
    }

    /// The share of the viable that was caught.
    #[must_use]
    pub fn percent(self) -> Percent {
        Percent::of(self.caught, self.viable())
    }

    fn add(&mut self, fate: Fate) {
        *match fate {
            Fate::Caught => &mut self.caught,
            Fate::Missed => &mut self.missed,
            Fate::TimedOut => &mut self.timed_out,
            Fate::Unviable => &mut self.unviable,
        } += 1;
    }
}

/// What came of the mutants of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    /// The numbers.
    pub count: Count,
    /// The survivors, by line.
    pub survivors: Vec<Mutant>,
    /// Those that did not end in time.
    pub timed_out: Vec<Mutant>,
}

/// What came of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// Which were tried.
    pub kind: Kind,
    /// All together.
    pub total: Count,
    /// By path.
    pub files: BTreeMap<String, File>,
    /// How many were wanted, and have no outcome.
    pub untried: u64,
    /// How many outcomes are from before the tree changed.
    pub earlier: usize,
}

/// Counts the wanted ones.
#[must_use]
pub fn score(kind: Kind, wanted: &[Mutant], fates: &Fates) -> Score {
    let mut score = Score { kind, total: Count::default(), files: BTreeMap::new(), untried: 0, earlier: 0 };
    let mut wanted: Vec<&Mutant> = wanted.iter().collect();
    wanted.sort();
    for mutant in wanted {
        let Some(fate) = fates.get(mutant).copied() else {
            score.untried += 1;
            continue;
        };
        let file = score.files.entry(mutant.file.clone()).or_default();
        file.count.add(fate);
        score.total.add(fate);
        match fate {
            Fate::Missed => file.survivors.push(mutant.clone()),
            Fate::TimedOut => file.timed_out.push(mutant.clone()),
            Fate::Caught | Fate::Unviable => {}
        }
    }
    score
}

/// Draws mutants by a seed: the same list and seed give the same ones, in the order of the list.
#[must_use]
pub fn sample(mutants: &[Mutant], number: usize, seed: u64) -> Vec<Mutant> {
    let mut keyed: Vec<(u64, usize)> = Vec::with_capacity(mutants.len());
    let mut state = seed;
    for index in 0..mutants.len() {
        keyed.push((splitmix64(&mut state), index));
    }
    keyed.sort_unstable();
    let mut drawn: Vec<usize> = keyed.into_iter().take(number).map(|(_, index)| index).collect();
    drawn.sort_unstable();
    drawn.into_iter().map(|index| mutants[index].clone()).collect()
}

/// Steele, Lea, Flood: "Fast splittable pseudorandom number generators" (2014). A crate for nine lines is too much.
fn splitmix64(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
