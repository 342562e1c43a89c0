//! What every opcode has.

use std::str::FromStr;

use serde_json::Value;

use crate::field::{Field, Misfit, Params};
use crate::shape::{Parameter, Shape};

crate::words! {
    /// How a job may end.
    pub enum FinalStatus {
        /// It was canceled.
        Canceled = "canceled",
        /// It failed.
        Error = "error",
        /// It succeeded.
        Success = "success",
    }
}

/// How urgent an opcode is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Priority {
    /// After all others.
    Low,
    /// As usual.
    #[default]
    Normal,
    /// Before all others.
    High,
}

impl Field for Priority {
    fn read(value: &Value) -> Result<Self, Misfit> {
        // Numbers are compared by value, and false is zero: so the reference takes them.
        let number = value.as_f64().or_else(|| value.as_bool().filter(|it| !it).map(|_| 0.0));
        match number {
            Some(-10.0) => Ok(Self::High),
            Some(0.0) => Ok(Self::Normal),
            Some(10.0) => Ok(Self::Low),
            _ => Err(Self::misfit(value)),
        }
    }
    fn shape() -> Shape {
        Shape::Numbers(vec![-10, 0, 10])
    }
    fn misfit(value: &Value) -> Misfit {
        Misfit::new("one of -10 (high), 0 (normal), 10 (low)", value)
    }
    fn write(&self) -> Value {
        Value::from(match self {
            Self::Low => 10,
            Self::Normal => 0,
            Self::High => -10,
        })
    }
}

/// A job that must have ended before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The job's id; a negative one counts back from the job among those submitted together.
    pub job: i64,
    /// How it must have ended; empty if that does not matter.
    pub ended: Vec<FinalStatus>,
}

pub(crate) const JOB_ID_IN_DIGITS: Shape = Shape::Formatted { noun: "a job id in digits", example: "12" };

/// Returns a job's id that is given in digits. One line break may follow: so the reference takes it.
pub(crate) fn job_id_in_digits<T: FromStr>(value: &Value) -> Option<T> {
    let text = value.as_str()?;
    let digits = text.strip_suffix('\n').unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

impl Field for Dependency {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let parts = value.as_array().filter(|parts| parts.len() == 2).ok_or_else(|| Self::misfit(value))?;
        let job = parts[0]
            .as_i64()
            .or_else(|| job_id_in_digits(&parts[0]))
            .ok_or_else(|| Misfit::new("a job id", &parts[0]).within("[0]"))?;
        Ok(Self { job, ended: Field::read(&parts[1]).map_err(|misfit| misfit.within("[1]"))? })
    }
    fn shape() -> Shape {
        Shape::Tuple(vec![Shape::Either(vec![Shape::INTEGER, JOB_ID_IN_DIGITS]), Vec::<FinalStatus>::shape()])
    }
    fn misfit(value: &Value) -> Misfit {
        Misfit::new("a job id and a list of statuses", value)
    }
    fn write(&self) -> Value {
        Value::Array(vec![self.job.into(), self.ended.write()])
    }
}

/// The parameters that every opcode has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Common {
    /// Whether only the checks and the hooks before the execution run.
    pub dry_run: bool,
    /// How much debugging output nodes are asked for.
    pub debug_level: u64,
    /// How urgent it is.
    pub priority: Priority,
    /// Jobs that must have ended before.
    pub depends: Vec<Dependency>,
    /// A remark for people.
    pub comment: Option<String>,
    /// Who asked for it and why: lists of source, text and nanoseconds since 1970.
    pub reason: Vec<Value>,
}

impl Common {
    pub(crate) const NAMES: [&'static str; 6] = ["dry_run", "debug_level", "priority", "depends", "comment", "reason"];

    /// Returns these parameters: none is required.
    #[must_use]
    pub fn parameters() -> Vec<Parameter> {
        let mut defaults = Params::new();
        Self::default().write(&mut defaults);
        let shapes = [
            Option::<bool>::shape(),
            Option::<u64>::shape(),
            Priority::shape(),
            Option::<Vec<Dependency>>::shape(),
            Option::<String>::shape(),
            Option::<Vec<Value>>::shape(),
        ];
        let of = |(name, shape)| Parameter::optional(name, shape, defaults.get(name).cloned().unwrap_or_default());
        Self::NAMES.into_iter().zip(shapes).map(of).collect()
    }

    pub(crate) fn read(members: &Params) -> Result<Self, Misfit> {
        fn read<T: Field + Default>(members: &Params, name: &str) -> Result<T, Misfit> {
            let value = members.get(name).filter(|value| !value.is_null());
            value.map_or(Ok(T::default()), T::read).map_err(|misfit| misfit.within(name))
        }
        if members.get("priority").is_some_and(Value::is_null) {
            return Err(Priority::misfit(&Value::Null).within("priority"));
        }
        Ok(Self {
            dry_run: read(members, "dry_run")?,
            debug_level: read(members, "debug_level")?,
            priority: read(members, "priority")?,
            depends: read(members, "depends")?,
            comment: read(members, "comment")?,
            reason: read(members, "reason")?,
        })
    }

    #[doc(hidden)]
    pub fn write(&self, members: &mut Params) {
        let depends = if self.depends.is_empty() { Value::Null } else { self.depends.write() };
        members.insert("dry_run".to_owned(), self.dry_run.write());
        members.insert("debug_level".to_owned(), self.debug_level.write());
        members.insert("priority".to_owned(), self.priority.write());
        members.insert("depends".to_owned(), depends);
        members.insert("comment".to_owned(), self.comment.write());
        members.insert("reason".to_owned(), self.reason.write());
    }
}
