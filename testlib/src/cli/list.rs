//! `lu list`: the opcodes, their logical units, which of these stand; and what parameters one takes.

use cmdlib::op;
use cmdlib::shape::{Parameter, Shape};
use cmdlib::unit::{self, Unit};
use serde_json::{Value, json};

use super::arguments::List;
use super::opcodes::{no_opcode, normal};
use super::trouble::Trouble;

/// An opcode that no unit executes: Ganeti's tests of the queue fill jobs with it.
const WITHOUT_UNIT: &str = "OP_TEST_DUMMY";

const HEAD: &str = "logical unit";

/// A line of the list.
struct Line<'a> {
    opcode: &'a str,
    /// The unit's name; none if the opcode has none by nature.
    unit: Option<String>,
    stands: bool,
}

impl Line<'_> {
    fn state(&self) -> &'static str {
        match (&self.unit, self.stands) {
            (_, true) => "yes",
            (Some(_), false) => "not yet",
            (None, false) => "has none",
        }
    }

    fn told(&self) -> Value {
        json!({"opcode": self.opcode, "lu": self.unit, "stands": self.stands})
    }
}

/// Returns the list, or one opcode of it, as a table or as JSON.
pub(super) fn list(wanted: &List, units: &'static [Unit]) -> Result<String, Trouble> {
    let lines = lines(units);
    let Some(name) = &wanted.opcode else {
        return Ok(if wanted.json { json_text(&lines) } else { table(&lines) });
    };
    let line = lines.iter().find(|line| normal(line.opcode) == normal(name));
    let taken = line.and_then(|line| Some((line, parameters(line.opcode, units)?)));
    let Some((line, parameters)) = taken else { return Err(no_opcode(name, "the argument", units)) };
    let result = op::Any::result(line.opcode);
    Ok(if wanted.json { json_of_one(line, &parameters, result) } else { one(line, &parameters, result) })
}

/// Returns what an opcode takes, and behind that what all take.
fn parameters(opcode: &str, units: &'static [Unit]) -> Option<Vec<Parameter>> {
    let own = unit::find(units, opcode).map(|unit| (unit.parameters)()).or_else(|| op::Any::parameters(opcode))?;
    Some(own.into_iter().chain(op::Common::parameters()).collect())
}

fn one(line: &Line<'_>, parameters: &[Parameter], result: Option<Shape>) -> String {
    let default = |it: &Parameter| it.default.as_ref().map_or("must be given".to_owned(), ToString::to_string);
    let rows: Vec<[String; 3]> =
        parameters.iter().map(|it| [it.name.to_owned(), it.shape.to_string(), default(it)]).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let (names, defaults) = (width(0).max("parameter".len()), width(2).max("default".len()));
    let unit = line.unit.as_ref().map(|unit| format!(", logical unit {unit}")).unwrap_or_default();
    let mut out = format!("{}{unit}, stands: {}\n", line.opcode, line.state());
    out += &format!("{:<names$}  {:<defaults$}  takes\n", "parameter", "default");
    for [name, shape, default] in &rows {
        out += &format!("{name:<names$}  {default:<defaults$}  {shape}\n");
    }
    if let Some(result) = result {
        out += &format!("returns {result}\n");
    }
    out
}

fn json_of_one(line: &Line<'_>, parameters: &[Parameter], result: Option<Shape>) -> String {
    let parameter = |it: &Parameter| {
        let mut told = json!({"name": it.name, "takes": it.shape.to_string(), "required": it.is_required()});
        if let Some(default) = &it.default {
            told["default"] = default.clone();
        }
        told
    };
    let parameters: Vec<_> = parameters.iter().map(parameter).collect();
    let mut told = line.told();
    told["parameters"] = parameters.into();
    told["returns"] = result.map(|it| it.to_string()).into();
    format!("{told:#}\n")
}

fn lines(units: &'static [Unit]) -> Vec<Line<'static>> {
    let own = units.iter().map(|unit| unit.op_id).filter(|id| !op::Any::IDS.contains(id));
    let line = |opcode| {
        let unit = unit::find(units, opcode);
        let name = unit.map_or_else(|| camel(opcode), |unit| unit.name.to_owned());
        Line { opcode, unit: Some(name).filter(|_| opcode != WITHOUT_UNIT), stands: unit.is_some() }
    };
    op::Any::IDS.iter().copied().chain(own).map(line).collect()
}

/// Returns the name that the unit of an opcode has in Ganeti: `OP_TAGS_SET` belongs to `TagsSet`.
pub(super) fn camel(id: &str) -> String {
    let words = id.strip_prefix("OP_").unwrap_or(id).split('_');
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().into_iter().chain(letters.map(|letter| letter.to_ascii_lowercase())).collect::<String>()
    };
    words.map(word).collect()
}

fn table(lines: &[Line<'_>]) -> String {
    let name = |line: &Line<'_>| line.unit.clone().unwrap_or_else(|| "-".to_owned());
    let opcodes = lines.iter().map(|line| line.opcode.len()).max().unwrap_or_default();
    let names = lines.iter().map(|line| name(line).len()).max().unwrap_or_default().max(HEAD.len());
    let mut out = format!("{:<opcodes$}  {HEAD:<names$}  stands\n", "opcode");
    for line in lines {
        out += &format!("{:<opcodes$}  {:<names$}  {}\n", line.opcode, name(line), line.state());
    }
    let stand = lines.iter().filter(|line| line.stands).count();
    out + &format!("{stand} of {} stand\n", lines.iter().filter(|line| line.unit.is_some()).count())
}

fn json_text(lines: &[Line<'_>]) -> String {
    let lines: Vec<_> = lines.iter().map(Line::told).collect();
    format!("{:#}\n", json!({ "opcodes": lines }))
}
