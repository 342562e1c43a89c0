//! The defect of this process, if there is one, and what its runs would meet.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::sync::OnceLock;

use cmdlib::record::NodeCall;
use cmdlib::rpc::AnyCall;
use cmdlib::unit::Given;
use serde_json::json;

use crate::bench::Once;
use crate::put_back::meets::{self, Met};
use crate::put_back::stages::Wrapped;
use crate::put_back::{Defect, What};

/// Names the defect that is put back in this process.
pub(crate) const PUT_BACK: &str = "LU_PUT_BACK";
/// Names the file to which a process adds what its runs would meet.
pub(crate) const LEARN: &str = "LU_PUT_BACK_LEARN";

fn of_process() -> Option<&'static Defect> {
    static DEFECT: OnceLock<Option<Defect>> = OnceLock::new();
    let read = || {
        let text = std::env::var(PUT_BACK).ok()?;
        Some(text.parse().unwrap_or_else(|why| panic!("{PUT_BACK}: {why}")))
    };
    DEFECT.get_or_init(read).as_ref()
}

/// Returns what is wrong with this unit in this process.
pub(crate) fn active(unit: &str) -> Option<&'static What> {
    of_process().filter(|defect| defect.unit == unit).map(|defect| &defect.what)
}

/// Puts the defect of this process around a unit.
pub(crate) fn wrap(unit: &str, given: Box<dyn Given>) -> Box<dyn Given> {
    match active(unit) {
        Some(what) => Box::new(Wrapped { inner: given, what }),
        None => given,
    }
}

/// Tells which defects a run would meet, if somebody wants to know.
pub(crate) fn learn(once: &Once, healthy: impl Fn(&dyn AnyCall, &NodeCall) -> bool) {
    let Some(path) = std::env::var_os(LEARN) else { return };
    let thread = std::thread::current();
    let Some(test) = thread.name().filter(|name| *name != "main") else { return };
    let mut lines = format!("{}\n", json!({"test": test, "unit": once.unit}));
    for Met { what, sure } in meets::of(once, healthy) {
        let defect = Defect { unit: once.unit.to_owned(), what }.to_string();
        lines.push_str(&format!("{}\n", json!({"test": test, "unit": once.unit, "defect": defect, "sure": sure})));
    }
    // One write, so that lines of tests that run at the same time never mix.
    let written = OpenOptions::new().append(true).open(&path).and_then(|mut file| file.write_all(lines.as_bytes()));
    if let Err(why) = written {
        panic!("{LEARN}: cannot write {}: {why}", path.display());
    }
}
