//! Reading opcodes and job files, and finding the units that run them. All of it happens before anything runs.

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;

use cmdlib::op;
use cmdlib::unit::{self, NoUnit, Unit};
use serde_json::Value;

use super::input;
use super::list::camel;
use super::trouble::Trouble;

const OPCODE: &str = "an opcode in wire form: {\"OP_ID\": \"OP_..\", ..}";
const JOB: &str = "a job file of Ganeti: {\"ops\": [{\"input\": {\"OP_ID\": \"OP_..\", ..}, ..}], ..}";
const SHOWN_MAX: usize = 60;

/// An opcode that can be run.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) unit: &'static Unit,
    pub(super) op: Value,
    /// How the opcode ended where the job file comes from.
    pub(super) status: Option<String>,
}

/// Reads the opcode of `--opcode`: JSON, a file, or standard input.
pub(super) fn of_argument(argument: &OsStr, input: &mut dyn Read, units: &'static [Unit]) -> Result<Planned, Trouble> {
    let text = argument.to_string_lossy();
    let (value, place) = if text.trim_start().starts_with(['{', '[']) {
        let value = input::parse(text.as_bytes()).map_err(|what| Trouble::new(what, "--opcode").expected(OPCODE))?;
        (value, "--opcode".to_owned())
    } else if text == "-" {
        let place = "standard input (--opcode -)";
        (input::json(input, None, place, OPCODE)?, place.to_owned())
    } else {
        (of_file(Path::new(argument), &text, units)?, format!("--opcode {text}"))
    };
    if value.get("ops").is_some() && value.get("OP_ID").is_none() {
        return Err(Trouble::new("this is a job, not an opcode", place)
            .expected(OPCODE)
            .remedy("give it with `--job`"));
    }
    plan(value, &place, units)
}

fn of_file(path: &Path, text: &str, units: &'static [Unit]) -> Result<Value, Trouble> {
    if !path.exists() {
        let what = "there is no such file";
        let place = format!("--opcode {}", shortened(text));
        return Err(match similar(text, units) {
            Some(id) if normal(text) == normal(id) => {
                Trouble::new(format!("{what}; and a name alone is no opcode"), place)
                    .expected(OPCODE)
                    .remedy(format!("write its parameters, too: `--opcode '{{\"OP_ID\": \"{id}\", ..}}'`"))
            }
            _ => Trouble::new(what, place).expected(format!("a file, `-`, or {OPCODE}")).remedy("correct the path"),
        });
    }
    input::json_of_file(path, OPCODE)
}

/// Reads the opcodes of a job file.
pub(super) fn of_job(path: &Path, input: &mut dyn Read, units: &'static [Unit]) -> Result<Vec<Planned>, Trouble> {
    let stdin = path == Path::new("-");
    let place = if stdin { "standard input (--job -)".to_owned() } else { path.display().to_string() };
    let job = if stdin { input::json(input, None, &place, JOB)? } else { input::json_of_file(path, JOB)? };
    let trouble = |what: String| Trouble::new(what, &place).expected(JOB);
    let Some(members) = job.as_object() else {
        return Err(trouble(format!("not a job, but {}", input::kind(&job))));
    };
    let ops = match members.get("ops") {
        None if members.contains_key("OP_ID") => {
            return Err(trouble("this is an opcode, not a job".to_owned()).remedy("give it with `--opcode`"));
        }
        None => return Err(trouble("not a job: it has no `ops`".to_owned())),
        Some(Value::Array(ops)) if ops.is_empty() => return Err(trouble("the job has no opcode".to_owned())),
        Some(Value::Array(ops)) => ops,
        Some(other) => return Err(trouble(format!("not a job: `ops` is {}, not a list", input::kind(other)))),
    };
    let read = |(index, entry): (usize, &Value)| {
        let place = format!("{place}, ops[{index}].input");
        let Some(op) = entry.get("input") else {
            return Err(Trouble::new("an entry of the job has no opcode", place).expected(JOB));
        };
        let status = entry.get("status").and_then(Value::as_str).map(str::to_owned);
        plan(op.clone(), &place, units).map(|planned| Planned { status, ..planned })
    };
    ops.iter().enumerate().map(read).collect()
}

/// Finds the unit of an opcode, and sees whether it can read it.
fn plan(value: Value, place: &str, units: &'static [Unit]) -> Result<Planned, Trouble> {
    if !value.is_object() {
        return Err(Trouble::new(format!("not an opcode, but {}", input::kind(&value)), place).expected(OPCODE));
    }
    if value.get("OP_ID").is_none() {
        return Err(Trouble::new("the opcode has no OP_ID, so nobody knows what it is", place).expected(OPCODE));
    }
    let (id, _) = op::members(&value).map_err(|refusal| Trouble::new(refusal.text, place).expected(OPCODE))?;
    let unit = unit::executing(units, id).map_err(|why| no_unit(&why, place, units))?;
    (unit.read)(&value).map_err(|refusal| Trouble::new(refusal.text, place))?;
    Ok(Planned { unit, op: value, status: None })
}

fn no_unit(why: &NoUnit, place: &str, units: &'static [Unit]) -> Trouble {
    match why {
        NoUnit::NotExecuted(id) => {
            let unit = camel(id);
            let what =
                format!("no such unit: the opcode {id} can be read, but its logical unit {unit} does not stand yet");
            Trouble::new(what, place).remedy("see `lu list` for those that stand")
        }
        NoUnit::NoOpcode(id) => no_opcode(id, place, units),
    }
}

/// Says that there is no opcode of this name, and which one may be meant.
pub(super) fn no_opcode(id: &str, place: &str, units: &'static [Unit]) -> Trouble {
    let near = similar(id, units).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    Trouble::new(format!("there is no opcode '{}'{near}", shortened(id)), place)
        .remedy("see `lu list` for those that can be read")
}

/// Returns the opcode that a name may mean: misspelt, or in the form of its unit's or class's name.
fn similar(name: &str, units: &'static [Unit]) -> Option<&'static str> {
    let ids = || op::Any::IDS.iter().copied().chain(units.iter().map(|unit| unit.op_id));
    let same = ids().find(|id| normal(id) == normal(name));
    same.or_else(|| crate::names::nearest(&on_the_wire(&shortened(name)), ids()))
}

/// Returns a name in the form of the wire: `OP_TAGS_SET` for `TagsSet`.
fn on_the_wire(name: &str) -> String {
    if !name.contains(char::is_lowercase) || name.contains('_') {
        return name.to_ascii_uppercase();
    }
    let bare = name.strip_prefix("LU").or_else(|| name.strip_prefix("Op")).unwrap_or(name);
    let mut out = "OP".to_owned();
    for letter in bare.chars() {
        if letter.is_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_uppercase());
    }
    out
}

/// Returns what names of an opcode have in common: `OP_TAGS_SET`, `OpTagsSet`, `LUTagsSet` and `TagsSet` are one.
pub(super) fn normal(name: &str) -> String {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    let bare = plain.strip_prefix("op").or_else(|| plain.strip_prefix("lu"));
    bare.map(str::to_owned).unwrap_or(plain)
}

fn shortened(text: &str) -> String {
    let mut characters = text.chars();
    let head: String = characters.by_ref().take(SHOWN_MAX).collect();
    if characters.next().is_some() { format!("{head}..") } else { head }
}
