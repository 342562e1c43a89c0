//! The seam to what carries calls, and what may come back.

use std::fmt;

use serde_json::Value;

use crate::config::Snapshot;
use crate::ids::NodeId;
use crate::rpc::{AnyCall, Args};

/// One call on its way to one node.
pub struct Message<'a> {
    /// The node.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// The call.
    pub call: &'a dyn AnyCall,
    /// Its arguments as they go to this node.
    pub args: Args,
}

/// Why a call has no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The node says no, and why.
    Refused(String),
    /// The node is known to be down and was not called.
    Offline,
    /// The node gave no answer.
    Unreachable(String),
    /// The answer is not of the form that it should have.
    Malformed(String),
    /// The call could not be put together.
    NotSent(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(text) => f.write_str(text),
            Self::Offline => f.write_str("the node is marked offline"),
            Self::Unreachable(text) => write!(f, "no answer: {text}"),
            Self::Malformed(text) => write!(f, "malformed answer: {text}"),
            Self::NotSent(text) => write!(f, "not sent: {text}"),
        }
    }
}

/// Carries calls to nodes.
pub trait Transport {
    /// Carries a batch, one message a node, and returns the answers in the same order: what the node answered, or why there
    /// is nothing. Offline nodes never get here.
    fn send(&self, batch: &[Message<'_>], config: &Snapshot) -> Vec<Result<Value, Trouble>>;
}

/// A call without usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// The node, by name.
    pub node: String,
    /// The call, by its name on the wire.
    pub call: &'static str,
    /// What happened.
    pub trouble: Trouble,
    /// What it was made for.
    pub purpose: Option<String>,
}

impl CallError {
    /// Tells whether the node was not called because it is known to be down.
    #[must_use]
    pub fn offline(&self) -> bool {
        self.trouble == Trouble::Offline
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, call, trouble, purpose } = self;
        match purpose {
            Some(purpose) => write!(f, "{purpose}: node {node}, call {call}: {trouble}"),
            None => write!(f, "node {node}, call {call}: {trouble}"),
        }
    }
}
impl std::error::Error for CallError {}

/// Says what a call was made for.
pub trait Doing<T> {
    /// Puts the purpose in front of the error's text: a clause such as `cannot start instance 'web1'`.
    ///
    /// # Errors
    /// As before.
    fn doing(self, purpose: impl Into<String>) -> Result<T, CallError>;
}

impl<T> Doing<T> for Result<T, CallError> {
    fn doing(self, purpose: impl Into<String>) -> Self {
        self.map_err(|error| CallError { purpose: Some(purpose.into()), ..error })
    }
}
