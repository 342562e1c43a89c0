//! Jobs that a logical unit submits.

use serde_json::Value;

use crate::field::{Field, Misfit};
use crate::op;
use crate::shape::{Parameter, Shape};

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
}

impl Field for Submission {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let wanted = || Self::misfit(value);
        match value.as_array().map(Vec::as_slice) {
            Some([Value::Bool(true), id]) => {
                id.as_u64().or_else(|| op::job_id_in_digits(id)).map(Self::Accepted).ok_or_else(wanted)
            }
            Some([Value::Bool(false), Value::String(text)]) => Ok(Self::Rejected(text.clone())),
            _ => Err(wanted()),
        }
    }
    fn shape() -> Shape {
        let id = Shape::Either(vec![Shape::from(0), op::JOB_ID_IN_DIGITS]);
        let accepted = Shape::Tuple(vec![Shape::Bool, id]);
        Shape::Either(vec![accepted, Shape::Tuple(vec![Shape::Bool, Shape::Text])])
    }
    fn misfit(value: &Value) -> Misfit {
        Misfit::new("true and a job id, or false and a text", value)
    }
    fn write(&self) -> Value {
        match self {
            Self::Accepted(id) => Value::Array(vec![true.into(), (*id).into()]),
            Self::Rejected(text) => Value::Array(vec![false.into(), text.as_str().into()]),
        }
    }
}

/// The result of a unit whose work is done by the jobs that it submitted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Submitted {
    /// What became of them, in order.
    pub jobs: Vec<Submission>,
}

impl Field for Submitted {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let members = value.as_object().filter(|members| members.len() == 1).ok_or_else(|| Self::misfit(value))?;
        Ok(Self { jobs: crate::field::member(members, "jobs")? })
    }
    fn shape() -> Shape {
        Shape::Record(vec![Parameter::required("jobs", Vec::<Submission>::shape())])
    }
    fn write(&self) -> Value {
        Value::Object([("jobs".to_owned(), self.jobs.write())].into_iter().collect())
    }
}

/// Takes jobs.
pub trait JobQueue {
    /// Takes jobs, each a list of opcodes in wire form, and tells what became of each.
    fn submit(&self, jobs: &[Vec<Value>]) -> Vec<Submission>;
}
