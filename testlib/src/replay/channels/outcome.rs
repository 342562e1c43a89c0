//! How a run ends.

use std::fmt;

use cmdlib::error::Code;
use cmdlib::processor::Ended;
use serde_json::Value;

use super::{Channel, Difference};
use crate::replay::json::{first_difference, same};
use crate::replay::trace::Ending;

/// How a run ends. Words don't count.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// With this result.
    Result(Value),
    /// With an error of this class and code.
    Error {
        /// The class.
        class: String,
        /// The code, if it has one.
        code: Option<String>,
    },
    /// The locks were not granted in time.
    LockTimeout,
    /// By an exception, a panic, or an error of a programmer: never right.
    Crash(String),
}

impl Outcome {
    /// Returns the refusal with this code.
    #[must_use]
    pub fn refused(code: Code) -> Self {
        Self::Error { class: "OpPrereqError".to_owned(), code: Some(code.as_str().to_owned()) }
    }

    /// Returns the failure of an execution.
    #[must_use]
    pub fn failed() -> Self {
        Self::Error { class: "OpExecError".to_owned(), code: None }
    }

    pub(in crate::replay) fn recorded(ending: &Ending) -> Self {
        match ending {
            Ending::Result(result) => Self::Result(result.clone()),
            Ending::Error { class, code, .. } => Self::Error { class: class.clone(), code: code.clone() },
            Ending::LockTimeout => Self::LockTimeout,
            Ending::Crash { class, text, place } => Self::Crash(format!("{class} in {place}: {text}")),
        }
    }

    pub(in crate::replay) fn of(ended: &Ended) -> Self {
        match ended {
            Ended::Success(result) => Self::Result(result.clone()),
            Ended::LockTimeout => Self::LockTimeout,
            Ended::Internal(why) => Self::Crash(format!("internal error: {why}")),
            Ended::Refused(refusal) => Self::refused(refusal.code),
            other => Self::Error { class: other.class().unwrap_or("none").to_owned(), code: None },
        }
    }

    pub(super) fn differences(&self, ours: &Self) -> Vec<Difference> {
        let subject = |subject: &str| subject.to_owned();
        let found = match (self, ours) {
            (Self::Result(wanted), Self::Result(ours)) if same(wanted, ours) => None,
            (Self::Result(wanted), Self::Result(ours)) => {
                first_difference(wanted, ours).map(|(path, wanted, ours)| (format!("result{path}"), wanted, ours))
            }
            (wanted, ours) if wanted == ours => None,
            (wanted, ours) => Some((subject("it ends"), wanted.to_string(), ours.to_string())),
        };
        found
            .into_iter()
            .map(|(subject, wanted, ours)| Difference::new(Channel::Outcome, subject, wanted, ours))
            .collect()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Result(result) => write!(f, "result {}", cmdlib::field::shortened(result)),
            Self::Error { class, code: Some(code) } => write!(f, "{class} ({code})"),
            Self::Error { class, code: None } => f.write_str(class),
            Self::LockTimeout => f.write_str("locks not granted in time"),
            Self::Crash(text) => write!(f, "crash: {text}"),
        }
    }
}
