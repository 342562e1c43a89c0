//! The types of parameters, and how a value given by a user is brought to one.

use serde_json::{Number, Value};

use super::table::Table;
use super::words::{shown, unknown};
use super::{Params, number};

/// The type of a parameter (ganeti 3.1, constants: `ENFORCEABLE_TYPES`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text; false becomes the empty text.
    String,
    /// A text as in [`Kind::String`], or null.
    MaybeString,
    /// True or false: by the texts "true" and "false" in any case, by truth for all but non-empty texts.
    Bool,
    /// A size in MiB, rounded up to a multiple of 4: a number, or a text with an optional unit (m, g, t).
    Size,
    /// A whole number: also as text, cut from a fraction, or of a truth value.
    Int,
    /// A number: also as text, or of a truth value.
    Float,
}

/// Brings the values to the types of a table (ganeti 3.1, utils/__init__.py, `ForceDictType`).
///
/// It takes what the reference takes, with what follows from JSON: numbers outside of 64 bits, infinities and "not a
/// number" are refused. Unlike there, a size with two dots is refused and no crash, and after a refusal the parameters are
/// as they were.
///
/// # Errors
/// A parameter that the table does not have, or a value that can't be brought to its type. The text names the parameter,
/// the value, and what is expected.
///
/// ```
/// use cmdlib::params::{Params, enforce, tables};
///
/// let mut params = Params::new();
/// params.insert("maxmem".into(), "1.5G".into());
/// params.insert("always_failover".into(), "TRUE".into());
/// enforce(&mut params, &tables::BACKEND)?;
/// assert_eq!(params["maxmem"], 1536);
/// assert_eq!(params["always_failover"], true);
/// # Ok::<(), String>(())
/// ```
pub fn enforce(params: &mut Params, table: &Table) -> Result<(), String> {
    let mut enforced = Params::new();
    for (name, value) in params.iter() {
        let row = table.get(name).ok_or_else(|| unknown(name, table))?;
        let value = row
            .kind
            .read(value)
            .map_err(|expected| format!("parameter `{name}` has the value {}, but must be {expected}", shown(value)))?;
        enforced.insert(name.clone(), value);
    }
    *params = enforced;
    Ok(())
}

impl Kind {
    /// The value in this type, or what is expected instead.
    fn read(self, value: &Value) -> Result<Value, &'static str> {
        match self {
            Kind::String => text(value).ok_or("a text"),
            Kind::MaybeString if value.is_null() => Ok(Value::Null),
            Kind::MaybeString => text(value).ok_or("a text or null"),
            Kind::Bool => truth(value).map(Value::Bool).ok_or("true or false"),
            Kind::Size => size(value).map(Value::Number).ok_or(SIZE),
            Kind::Int => int(value).map(Value::Number).ok_or("a whole number of at most 64 bits"),
            Kind::Float => float(value).map(Value::Number).ok_or("a finite number"),
        }
    }
}

const SIZE: &str = "a size in MiB, or a number followed by one of the units M, G and T (also as MB or MiB)";

fn text(value: &Value) -> Option<Value> {
    match value {
        Value::String(_) => Some(value.clone()),
        Value::Bool(false) => Some(Value::from("")),
        _ => None,
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        Value::String(text) if !text.is_empty() => None,
        _ => Some(is_true(value)),
    }
}

/// Whether Python takes the value for true: nothing, zero and what is empty is not.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

fn int(value: &Value) -> Option<Number> {
    match value {
        Value::Bool(truth) => Some(Number::from(u8::from(*truth))),
        Value::Number(number) if number.is_f64() => number::truncated(number.as_f64()?),
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => number::whole(text),
        _ => None,
    }
}

fn float(value: &Value) -> Option<Number> {
    let number = match value {
        Value::Bool(truth) => f64::from(u8::from(*truth)),
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => number::fraction(text)?,
        _ => return None,
    };
    Number::from_f64(number)
}

fn size(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) if number.is_f64() => size_of(&python_text(number.as_f64()?)?),
        Value::Number(number) => size_of(&number.to_string()),
        Value::String(text) => size_of(text),
        _ => None,
    }
}

/// How Python writes a fraction, as far as it does so without an exponent: no size has one.
fn python_text(number: f64) -> Option<String> {
    let plain = number == 0.0 || (1e-4..1e16).contains(&number.abs());
    plain.then(|| number.to_string())
}

/// Reads a number and its unit (ganeti 3.1, utils/text.py, `ParseUnit`): white space may stand between the two, after a
/// number without unit, and as one line end after the unit.
fn size_of(text: &str) -> Option<Number> {
    let after_number = text.trim_start_matches(|c| c == '.' || number::is_digit(c));
    let digits = &text[..text.len() - after_number.len()];
    let unit = after_number.trim_start_matches(is_space);
    let unit = unit.strip_suffix('\n').unwrap_or(unit);
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "m" | "mb" | "mib" => 1.0,
        "g" | "gb" | "gib" => 1024.0,
        "t" | "tb" | "tib" => 1024.0 * 1024.0,
        _ => return None,
    };
    let mut mebibytes = number::fraction(digits)? * factor;
    if mebibytes.fract() > 0.0 {
        mebibytes += 1.0;
    }
    let whole = number::truncated(mebibytes)?.as_u64()?;
    whole.checked_next_multiple_of(4).map(Number::from)
}

/// White space of Python's regular expressions: Unicode's, and the four separators of ASCII.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}
