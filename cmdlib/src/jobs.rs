//! Jobs that a logical unit submits.

use serde_json::Value;

use crate::field::{Field, Misfit, record};
use crate::op;
use crate::shape::Shape;

/// A job: opcodes that run one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Job(pub Vec<op::Any>);

/// What became of a job that was handed to the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submission {
    /// It has this id.
    Accepted(u64),
    /// The queue refused it, and says why.
    Rejected(String),
    /// True without an id, or false without a text: the reference takes such results, and no queue tells so.
    Unclear(bool, Value),
}

impl Field for Submission {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let Some([Value::Bool(accepted), told]) = value.as_array().map(Vec::as_slice) else {
            return Err(Self::misfit(value));
        };
        let id = told.as_u64().or_else(|| op::job_id_in_digits(told));
        match (accepted, id, told) {
            (true, Some(id), _) => Ok(Self::Accepted(id)),
            (false, _, Value::String(text)) => Ok(Self::Rejected(text.clone())),
            (false, Some(_), _) | (true, None, Value::String(_)) => Ok(Self::Unclear(*accepted, told.clone())),
            _ => Err(Self::misfit(value)),
        }
    }
    fn shape() -> Shape {
        Shape::Tuple(vec![Shape::Bool, Shape::Either(vec![Shape::Text, Shape::from(0), op::JOB_ID_IN_DIGITS])])
    }
    fn misfit(value: &Value) -> Misfit {
        Misfit::new("true and a job id, or false and a text", value)
    }
    fn write(&self) -> Value {
        match self {
            Self::Accepted(id) => Value::Array(vec![true.into(), (*id).into()]),
            Self::Rejected(text) => Value::Array(vec![false.into(), text.as_str().into()]),
            Self::Unclear(accepted, told) => Value::Array(vec![(*accepted).into(), told.clone()]),
        }
    }
}

record! {
    /// The result of a unit whose work is done by the jobs that it submitted.
    #[derive(Eq, Default)]
    pub struct Submitted {
        /// What became of them, in order.
        pub jobs: Vec<Submission>,
    }
}

/// Takes jobs.
pub trait JobQueue {
    /// Takes jobs, each a list of opcodes in wire form, and tells what became of each.
    fn submit(&self, jobs: &[Vec<Value>]) -> Vec<Submission>;
}
