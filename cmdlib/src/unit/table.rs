//! Which unit executes which opcode.

use std::fmt;

use serde_json::Value;

use crate::error::Refusal;
use crate::locking::Mode;
use crate::op::{Any, OpCode};
use crate::shape::Parameter;
use crate::unit::stages::Read;
use crate::unit::{Given, LogicalUnit};

/// A line of the table.
#[derive(Clone, Copy)]
pub struct Unit {
    /// The opcode's name on the wire.
    pub op_id: &'static str,
    /// The unit's name.
    pub name: &'static str,
    /// How it holds the big lock.
    pub big_lock: Mode,
    /// Returns its opcode's own parameters.
    pub parameters: fn() -> Vec<Parameter>,
    /// Reads its opcode.
    pub read: fn(&Value) -> Result<Box<dyn Given>, Refusal>,
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} => {}", self.op_id, self.name)
    }
}

impl Unit {
    /// Returns the line of a unit. For the macro.
    #[doc(hidden)]
    #[must_use]
    pub const fn of<L: LogicalUnit>(name: &'static str) -> Self {
        Self {
            op_id: <L::Op as OpCode>::ID,
            name,
            big_lock: L::BIG_LOCK,
            parameters: L::Op::parameters,
            read: |value| Ok(Box::new(Read::<L> { op: L::Op::read(value)? })),
        }
    }
}

/// Returns the unit of an opcode.
#[must_use]
pub fn find<'a>(units: &'a [Unit], op_id: &str) -> Option<&'a Unit> {
    units.iter().find(|unit| unit.op_id == op_id)
}

/// Why no unit executes an opcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoUnit {
    /// There is no opcode of this name.
    NoOpcode(String),
    /// The opcode can be read, and no unit of the table executes it.
    NotExecuted(String),
}

impl fmt::Display for NoUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOpcode(id) => write!(f, "there is no opcode '{id}'"),
            Self::NotExecuted(id) => write!(f, "no such unit: none executes the opcode '{id}'"),
        }
    }
}
impl std::error::Error for NoUnit {}

/// Returns the unit of an opcode, or why there is none.
///
/// # Errors
/// The opcode is unknown, or no unit of the table executes it.
pub fn executing<'a>(units: &'a [Unit], op_id: &str) -> Result<&'a Unit, NoUnit> {
    find(units, op_id).ok_or_else(|| {
        if Any::IDS.contains(&op_id) {
            NoUnit::NotExecuted(op_id.to_owned())
        } else {
            NoUnit::NoOpcode(op_id.to_owned())
        }
    })
}

/// Makes a table of units: the opcode, and what executes it.
///
/// ```
/// use cmdlib::{lu, op, units};
/// units! {
///     /// Units for tags only.
///     pub const TAGS: op::TagsGet => lu::tags::TagsGet;
/// }
/// assert_eq!(TAGS[0].op_id, "OP_TAGS_GET");
/// ```
#[macro_export]
macro_rules! units {
    ($(#[$meta:meta])* $vis:vis const $table:ident: $($op:ty => $($segment:ident)::+),+ $(,)?;) => {
        $(#[$meta])*
        $vis const $table: &[$crate::unit::Unit] = &[$({
            // The opcode is named so that the table reads as one; that it is the unit's own is checked here.
            const _: fn($op) -> <$($segment)::+ as $crate::unit::LogicalUnit>::Op = |op| op;
            $crate::unit::Unit::of::<$($segment)::+>($crate::unit_name!($($segment)::+))
        }),+];
    };
}

/// Returns the last segment of a path.
#[doc(hidden)]
#[macro_export]
macro_rules! unit_name {
    ($last:ident) => { stringify!($last) };
    ($first:ident :: $($rest:ident)::+) => { $crate::unit_name!($($rest)::+) };
}
