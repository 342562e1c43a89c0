//! A run as a Rust test: the cluster, the script, the opcode, and no verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cmdlib::processor::Ended;
use serde_json::Value;

use super::super::opcodes::Planned;
use super::super::subject::Subject;
use super::super::trouble::Trouble;
use super::{builders, opcode, script};
use crate::bench::Once;

/// Longer statements are two.
const WIDTH: usize = 112;

/// The file beside a test in which the cluster is kept that builders can't tell.
pub(super) struct Beside {
    out: Option<PathBuf>,
    name: String,
}

impl Beside {
    /// Names it after the test's file; the opcodes of a job have one each.
    pub(super) fn new(out: Option<&Path>, index: usize, of: usize) -> Self {
        let stem = out.and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
        let number = if of > 1 { format!("-{}", index + 1) } else { String::new() };
        Self { out: out.map(Path::to_owned), name: format!("{}{number}.json", stem.as_deref().unwrap_or("cluster")) }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.out.as_deref().unwrap_or(Path::new("")).with_file_name(&self.name)
    }
}

/// A test, and the cluster's document if the test reads one.
pub(super) struct Test {
    pub(super) text: String,
    pub(super) document: Option<String>,
}

/// Writes the test.
pub(super) fn write(once: &Once, planned: &Planned, subject: &Subject, beside: &Beside) -> Result<Test, Trouble> {
    let foreign = !cmdlib::lu::UNITS.iter().any(|unit| unit.op_id == planned.unit.op_id);
    let mut uses: BTreeSet<String> = [String::from("testlib::LuTest")].into();
    let mut lines = Vec::new();
    let made = builders::statements(&once.before);
    let document = if made.is_none() { Some(format!("{:#}\n", once.before.write())) } else { None };
    let mut begin = match &made {
        Some(made) => {
            uses.extend(made.uses.iter().map(|path| (*path).to_owned()));
            made.begin.to_owned()
        }
        None => {
            if beside.out.is_none() {
                return Err(Trouble::new(
                    "builders can't tell this cluster, so that the test needs it as a file",
                    "--test",
                )
                .remedy("give `--out FILE`: the cluster is written beside it"));
            }
            uses.insert("testlib::MockConfig".to_owned());
            let document = format!("include_str!({:?})", beside.name);
            lines.push(format!("let cluster = serde_json::from_str({document}).unwrap();"));
            "LuTest::with(MockConfig::from_document(&cluster))".to_owned()
        }
    };
    if foreign {
        uses.insert("crate::library".to_owned());
        begin += ".units(library())";
    }
    let statements = made.map(|made| made.statements).unwrap_or_default();
    let script = script::statements(once, &subject.answers, &mut uses);
    let run = opcode::run(planned, foreign, &mut uses);
    let at_once = run.replacen("t.", &format!("{begin}."), 1);
    if statements.is_empty() && script.is_empty() && at_once.len() <= WIDTH {
        lines.push(at_once);
    } else {
        lines.push(format!("let mut t = {begin};"));
        lines.extend(statements);
        lines.extend(script);
        lines.push(run);
    }
    let uses = used(&uses);
    let body: String = lines.iter().map(|line| format!("    {line}\n")).collect();
    let ended = once.journal.names.readable(&ended(&once.ended));
    let name = name(planned);
    let text = format!(
        "{uses}\n// It ended so: {ended}\n// Say what should have happened by a verdict: .succeeded(), .refused(code, text), .failed(text)\n\
         #[test]\nfn {name}() {{\n{body}}}\n"
    );
    Ok(Test { text: subject.secrets.hide(&text), document })
}

/// Returns the lines that use paths, one a module.
fn used(paths: &BTreeSet<String>) -> String {
    let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in paths {
        let (module, name) = path.rsplit_once("::").unwrap_or((path, "self"));
        match modules.get_mut(&**path) {
            Some(names) => names.insert(0, "self"),
            // A module whose items are used as well.
            None if paths.iter().any(|other| other.strip_prefix(&**path).is_some_and(|it| it.starts_with("::"))) => {
                modules.insert(path, vec!["self"]);
            }
            None => modules.entry(module).or_default().push(name),
        }
    }
    let line = |(module, names): (&str, Vec<&str>)| match names[..] {
        [name] => format!("use {module}::{name};\n"),
        _ => format!("use {module}::{{{}}};\n", names.join(", ")),
    };
    modules.into_iter().map(line).collect()
}

/// Returns a value as a person writes it: on one line, with blanks.
pub(super) fn spaced(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| format!("{}: {}", Value::from(key.as_str()), spaced(value));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn ended(ended: &Ended) -> String {
    ended.to_string().replace('\n', " ")
}

/// Returns a name for the test: unit and object, `instance_startup_of_web1`.
fn name(planned: &Planned) -> String {
    let mut name = String::new();
    for letter in planned.unit.name.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    let about = crate::journal::op_text(&planned.op, &crate::names::Names::default());
    let about = about.split_once('(').map_or("", |(_, about)| about.trim_end_matches(')'));
    let short = about.split('.').next().unwrap_or_default();
    if !short.is_empty() {
        name += "_of_";
        name.extend(short.chars().map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '_' }));
    }
    name
}
