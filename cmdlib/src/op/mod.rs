//! Opcodes: what a job asks the master to do. One plain struct each, made by one table (`table`), with a reader that
//! names opcode, field, value and what is allowed.
//!
//! Source: ganeti 3.1, opcodes.py and its type checks.

mod common;
mod macros;
mod table;
mod values;

pub use common::{Common, Dependency, FinalStatus, Priority};
pub(crate) use common::{JOB_ID_IN_DIGITS, job_id_in_digits};
pub use table::*;
pub use values::*;

use std::fmt;

use serde_json::Value;

use crate::error::Refusal;
use crate::field::{Field, Misfit, Params};
use crate::shape::Parameter;

/// An opcode: parameters, and the type of its result.
pub trait OpCode: Clone + fmt::Debug + 'static {
    /// Its name on the wire: `OP_TAGS_SET`.
    const ID: &'static str;
    /// What its execution returns.
    type Output: Field;

    /// Returns its own parameters, in the order in which they are read: what they are called, what they take, what they are
    /// when they are not given. Those that every opcode has are `Common::parameters`.
    #[must_use]
    fn parameters() -> Vec<Parameter>;
    /// Returns the values of the parameters that every opcode has.
    fn common(&self) -> &Common;
    /// Returns them for a change.
    fn common_mut(&mut self) -> &mut Common;
    /// Reads the opcode from its wire form.
    ///
    /// # Errors
    /// Wrong input: a parameter is unknown, missing or not of its type.
    fn read(value: &Value) -> Result<Self, Refusal>;
    /// Writes the wire form, defaults included.
    fn write(&self) -> Value;
}

/// Returns the members of an opcode's wire form and its `OP_ID`.
///
/// # Errors
/// Wrong input: no object, or without `OP_ID`.
pub fn members(value: &Value) -> Result<(&str, &Params), Refusal> {
    let members = value
        .as_object()
        .ok_or_else(|| Refusal::wrong_input(format!("opcode: {}", Misfit::new("an object", value))))?;
    match members.get("OP_ID").map(|id| (id, id.as_str())) {
        Some((_, Some(id))) => Ok((id, members)),
        Some((other, None)) => {
            Err(Refusal::wrong_input(format!("opcode: {}", Misfit::new("a text", other).within("OP_ID"))))
        }
        None => Err(Refusal::wrong_input(
            "opcode: it has no OP_ID; an opcode is an object such as {\"OP_ID\": \"OP_TAGS_GET\", \"kind\": \"cluster\"}",
        )),
    }
}

/// Reads the members of one opcode, one after the other. For the macro that makes opcodes.
#[doc(hidden)]
pub struct Reader<'a> {
    id: &'static str,
    members: &'a Params,
}

impl<'a> Reader<'a> {
    /// Begins with an opcode, all of whose members must be in `known`.
    pub fn new(id: &'static str, value: &'a Value, known: &[&str]) -> Result<Self, Refusal> {
        let (found, members) = members(value)?;
        if found != id {
            return Err(Refusal::wrong_input(format!("{id}: this is {found}")));
        }
        let unknown = members
            .keys()
            .find(|key| *key != "OP_ID" && !known.contains(&key.as_str()) && !Common::NAMES.contains(&key.as_str()));
        match unknown {
            Some(key) => Err(Refusal::wrong_input(format!(
                "{id}: there is no parameter '{key}' (there are: {}; and for every opcode: {})",
                if known.is_empty() { "none of its own".to_owned() } else { known.join(", ") },
                Common::NAMES.join(", ")
            ))),
            None => Ok(Self { id, members }),
        }
    }

    /// Reads a member that must be there.
    pub fn required<T: Field>(&self, name: &str) -> Result<T, Refusal> {
        self.member(name, None)
    }

    /// Reads a member that may be missing.
    pub fn optional<T: Field>(&self, name: &str, default: T) -> Result<T, Refusal> {
        self.member(name, Some(default))
    }

    /// Reads the members that every opcode has.
    pub fn common(&self) -> Result<Common, Refusal> {
        Common::read(self.members).map_err(|misfit| self.refusal(&misfit))
    }

    fn member<T: Field>(&self, name: &str, default: Option<T>) -> Result<T, Refusal> {
        let read = match (self.members.get(name), default) {
            (Some(value), _) => T::read(value),
            (None, Some(default)) => Ok(default),
            (None, None) => Err(Misfit::missing("a value")),
        };
        read.map_err(|misfit| self.refusal(&misfit.within(name)))
    }

    fn refusal(&self, misfit: &Misfit) -> Refusal {
        Refusal::wrong_input(format!("{}.{misfit}", self.id))
    }
}
