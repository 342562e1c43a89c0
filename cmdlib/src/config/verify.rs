//! What is wrong with a state, finding by finding.

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// A reference leads to an object that does not exist.
    Dangling,
    /// Anything else.
    Other,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What kind of thing.
    pub kind: FindingKind,
    /// The fact, in words, with names.
    pub text: String,
}
