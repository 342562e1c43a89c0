//! `lu list`: the opcodes, their logical units, which of these stand.

use cmdlib::op;
use cmdlib::unit::{self, Unit};
use serde_json::json;

use super::arguments::List;

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

/// Returns the list, as a table or as JSON.
pub(super) fn list(wanted: &List, units: &'static [Unit]) -> String {
    let lines = lines(units);
    if wanted.json { json_text(&lines) } else { table(&lines) }
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
        let stands = match (&line.unit, line.stands) {
            (_, true) => "yes",
            (Some(_), false) => "not yet",
            (None, false) => "has none",
        };
        out += &format!("{:<opcodes$}  {:<names$}  {stands}\n", line.opcode, name(line));
    }
    let stand = lines.iter().filter(|line| line.stands).count();
    out + &format!("{stand} of {} stand\n", lines.iter().filter(|line| line.unit.is_some()).count())
}

fn json_text(lines: &[Line<'_>]) -> String {
    let line = |line: &Line<'_>| json!({"opcode": line.opcode, "lu": line.unit, "stands": line.stands});
    let lines: Vec<_> = lines.iter().map(line).collect();
    format!("{:#}\n", json!({ "opcodes": lines }))
}
