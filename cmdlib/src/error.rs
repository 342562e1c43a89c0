//! How an opcode may end badly. `Refusal` is the only error before `exec`, `Failure` is `exec`'s, neither converts into the
//! other. Helpers that both phases use return a `Problem`, which becomes either with `?`: class and code follow from the
//! phase.

use std::fmt;

use crate::config::Gone;
use crate::rpc::CallError;

crate::words! {
    /// The code of a refusal: what kind of prerequisite does not hold (ganeti 3.1, errors.py).
    pub enum Code {
        /// A host name does not resolve.
        Resolver = "resolver_error",
        /// Not enough memory, disk space or nodes.
        InsufficientResources = "insufficient_resources",
        /// The same, but it may pass: the processor tries again where the unit can.
        TemporarilyInsufficient = "temp_insufficient_resources",
        /// The request is malformed or contradicts itself.
        WrongInput = "wrong_input",
        /// An object is in a state that forbids it, or changed since the request was read.
        WrongState = "wrong_state",
        /// An object does not exist, or no longer.
        UnknownEntity = "unknown_entity",
        /// An object with this name exists already.
        AlreadyExists = "already_exists",
        /// A name, an address or a port is taken, or not the expected one.
        NotUnique = "resource_not_unique",
        /// The configuration contradicts itself.
        Internal = "internal_error",
        /// A node, the network, a file or a program outside misbehaves.
        Environment = "environment_error",
    }
}

/// A prerequisite does not hold; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of prerequisite.
    pub code: Code,
    /// The fact, in words.
    pub text: String,
}

impl Refusal {
    /// Returns a refusal.
    pub fn new(code: Code, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    /// Returns the refusal of a malformed or contradictory request.
    pub fn wrong_input(text: impl Into<String>) -> Self {
        Self::new(Code::WrongInput, text)
    }

    /// Returns the refusal because of the state of an object.
    pub fn wrong_state(text: impl Into<String>) -> Self {
        Self::new(Code::WrongState, text)
    }

    /// Returns the refusal because something named does not exist.
    pub fn unknown(text: impl Into<String>) -> Self {
        Self::new(Code::UnknownEntity, text)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl std::error::Error for Refusal {}

/// The execution failed; what was changed before stays changed unless the text says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The fact, in words.
    pub text: String,
}

impl Failure {
    /// Returns a failure.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl std::error::Error for Failure {}

/// What a helper found wrong that serves `check` and `exec` alike: it becomes a refusal in one, a failure in the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The code it has as a refusal.
    pub code: Code,
    /// The fact, in words.
    pub text: String,
}

impl Problem {
    /// Returns a problem.
    pub fn new(code: Code, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { code: problem.code, text: problem.text }
    }
}
impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self { text: problem.text }
    }
}

impl From<Gone> for Problem {
    fn from(gone: Gone) -> Self {
        Self::new(Code::UnknownEntity, gone.to_string())
    }
}
impl From<Gone> for Refusal {
    fn from(gone: Gone) -> Self {
        Problem::from(gone).into()
    }
}
impl From<Gone> for Failure {
    fn from(gone: Gone) -> Self {
        Problem::from(gone).into()
    }
}

impl From<CallError> for Problem {
    fn from(error: CallError) -> Self {
        Self::new(Code::Environment, error.to_string())
    }
}
impl From<CallError> for Refusal {
    fn from(error: CallError) -> Self {
        Problem::from(error).into()
    }
}
impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        Problem::from(error).into()
    }
}
