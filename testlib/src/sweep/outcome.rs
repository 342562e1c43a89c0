//! How a disturbed run ended.

use std::fmt;

use cmdlib::error::Code;

/// How a disturbed run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// With success, and nobody is told that anything was wrong.
    Succeeded,
    /// With success; a warning, or the result, names what was left undone or could not be looked at.
    Warned,
    /// It was refused.
    Refused(Code),
    /// The execution failed.
    Failed,
    /// Scripts that ran before stopped it.
    HooksAborted,
    /// The unit asks for another attempt.
    LockTimedOut,
    /// It ended in an error of a programmer.
    InternalError,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Succeeded => f.write_str("succeeded"),
            Self::Warned => f.write_str("warned"),
            Self::Refused(code) => write!(f, "refused: {code}"),
            Self::Failed => f.write_str("failed"),
            Self::HooksAborted => f.write_str("hooks aborted"),
            Self::LockTimedOut => f.write_str("lock timed out"),
            Self::InternalError => f.write_str("internal error"),
        }
    }
}
