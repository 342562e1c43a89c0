//! What a table of parameters is: rows of name, kind, default and scope.

use serde_json::Value;

use super::Params;
use super::kinds::Kind;

/// The default of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Preset {
    /// A text.
    Text(&'static str),
    /// True or false.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A number with a fraction.
    Fraction(f64),
}

impl From<Preset> for Value {
    fn from(preset: Preset) -> Value {
        match preset {
            Preset::Text(text) => Value::from(text),
            Preset::Flag(flag) => Value::from(flag),
            Preset::Whole(number) => Value::from(number),
            Preset::Fraction(number) => Value::from(number),
        }
    }
}

/// One parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Its name, as users and the configuration spell it.
    pub name: &'static str,
    /// The type that its value is brought to.
    pub kind: Kind,
    /// What holds where nobody set it; none for keys that are given or absent (disk and NIC dictionaries).
    pub preset: Option<Preset>,
    /// Whether it can't be set for a single object (instance or node), but for the cluster (or node group) only.
    pub global: bool,
}

impl Row {
    /// A parameter without a default.
    pub const fn new(name: &'static str, kind: Kind) -> Row {
        Row { name, kind, preset: None, global: false }
    }

    /// The same parameter, settable for the whole cluster (or node group) only.
    #[must_use]
    pub const fn global(mut self) -> Row {
        self.global = true;
        self
    }

    const fn with(name: &'static str, kind: Kind, preset: Preset) -> Row {
        Row { name, kind, preset: Some(preset), global: false }
    }
}

/// A [`Kind::String`] with its default.
pub(super) const fn text(name: &'static str, preset: &'static str) -> Row {
    Row::with(name, Kind::String, Preset::Text(preset))
}

/// A [`Kind::MaybeString`] with its default.
pub(super) const fn maybe_text(name: &'static str, preset: &'static str) -> Row {
    Row::with(name, Kind::MaybeString, Preset::Text(preset))
}

/// A [`Kind::Bool`] with its default.
pub(super) const fn flag(name: &'static str, preset: bool) -> Row {
    Row::with(name, Kind::Bool, Preset::Flag(preset))
}

/// A [`Kind::Size`] with its default in MiB.
pub(super) const fn size_mib(name: &'static str, preset: i64) -> Row {
    Row::with(name, Kind::Size, Preset::Whole(preset))
}

/// A [`Kind::Int`] with its default.
pub(super) const fn int(name: &'static str, preset: i64) -> Row {
    Row::with(name, Kind::Int, Preset::Whole(preset))
}

/// A [`Kind::Float`] with its default.
pub(super) const fn float(name: &'static str, preset: f64) -> Row {
    Row::with(name, Kind::Float, Preset::Fraction(preset))
}

/// Parameters that belong together.
///
/// A table is made of parts, so that "any parameter of any hypervisor" needs no list of its own. Where two parts have a
/// parameter of the same name, the first holds.
///
/// ```
/// use cmdlib::params::{Kind, Row, Table, tables};
///
/// const ATTACH: &[Row] = &[Row::new("uuid", Kind::String), Row::new("name", Kind::MaybeString)];
/// const TABLE: Table = Table::new(&[ATTACH]);
/// assert_eq!(TABLE.names(), ["uuid", "name"]);
/// assert_eq!(tables::NODE.globals(), ["exclusive_storage"]);
/// assert_eq!(tables::BACKEND.defaults()["maxmem"], 128);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Table {
    pub(super) parts: &'static [&'static [Row]],
}

impl Table {
    /// A table of these parts.
    pub const fn new(parts: &'static [&'static [Row]]) -> Table {
        Table { parts }
    }

    /// The row of a parameter.
    pub fn get(&self, name: &str) -> Option<&'static Row> {
        self.all().find(|row| row.name == name)
    }

    /// Its parameters, in the order of the table, each name once.
    pub fn rows(&self) -> Vec<&'static Row> {
        if let [only] = self.parts {
            return only.iter().collect();
        }
        let mut rows: Vec<&'static Row> = Vec::new();
        for row in self.all() {
            if !rows.iter().any(|known| known.name == row.name) {
                rows.push(row);
            }
        }
        rows
    }

    /// The names of its parameters, in the order of the table.
    pub fn names(&self) -> Vec<&'static str> {
        self.rows().into_iter().map(|row| row.name).collect()
    }

    /// The names of those that can't be set for a single object.
    pub fn globals(&self) -> Vec<&'static str> {
        self.rows().into_iter().filter(|row| row.global).map(|row| row.name).collect()
    }

    /// The defaults of all parameters that have one, in the order of the table.
    pub fn defaults(&self) -> Params {
        let preset = |row: &'static Row| Some((row.name.to_owned(), Value::from(row.preset?)));
        self.rows().into_iter().filter_map(preset).collect()
    }

    fn all(&self) -> impl Iterator<Item = &'static Row> {
        self.parts.iter().copied().flatten()
    }
}

/// Returns `custom` with what it lacks taken from `defaults`.
///
/// The defaults come first, in their order; what only `custom` has follows (ganeti 3.1, objects.py, `FillDict`).
pub fn fill(defaults: &Params, custom: &Params) -> Params {
    let mut filled = defaults.clone();
    lay_over(&mut filled, custom);
    filled
}

/// Puts `custom` over what is there already.
pub(crate) fn lay_over(filled: &mut Params, custom: &Params) {
    for (name, value) in custom {
        match filled.get_mut(name) {
            Some(there) => there.clone_from(value),
            None => drop(filled.insert(name.clone(), value.clone())),
        }
    }
}
