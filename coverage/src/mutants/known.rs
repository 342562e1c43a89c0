//! What is known from earlier runs: fates, and of which tree they are.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::outcomes::{Fate, Fates, Mutant};

/// Fates, and what they were found out with.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Known {
    /// The state of the tree. What cannot be told has none, and is never known.
    tree: Option<String>,
    /// What the mutated files looked like, by path.
    pub(super) files: BTreeMap<String, u64>,
    #[serde(with = "pairs")]
    pub(super) fates: Fates,
    /// How many of the fates are of an earlier tree.
    pub(super) earlier: usize,
}

impl Known {
    /// Nothing is known of this tree.
    pub(super) fn nothing(tree: Option<String>, files: BTreeMap<String, u64>) -> Self {
        Self { tree, files, ..Self::default() }
    }

    pub(super) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Returns what of this is known of the tree as it is `now`: all, if it is the same. Else `survivors` says that what tests
    /// have noticed stays noticed, and what does not compile never will, as long as the file of the mutant is the same.
    pub(super) fn carried_to(mut self, now: Self, survivors: bool) -> Self {
        if self.tree.is_some() && self.tree == now.tree {
            return Self { files: now.files, ..self };
        }
        if !survivors {
            return now;
        }
        let same = |file: &str| self.files.contains_key(file) && self.files.get(file) == now.files.get(file);
        let lasting = |fate: Fate| matches!(fate, Fate::Caught | Fate::Unviable);
        self.fates.retain(|mutant, fate| lasting(*fate) && same(&mutant.file));
        Self { earlier: self.fates.len(), fates: self.fates, ..now }
    }
}

/// A map whose keys are no text, as a list.
mod pairs {
    use serde::{Deserialize as _, Deserializer, Serializer};

    use super::{Fate, Fates, Mutant};

    pub(super) fn serialize<S: Serializer>(fates: &Fates, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(fates)
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Fates, D::Error> {
        Ok(Vec::<(Mutant, Fate)>::deserialize(from)?.into_iter().collect())
    }
}
