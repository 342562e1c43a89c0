//! The defect of this test, if there is one, and what its runs would meet.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use cmdlib::record::NodeCall;
use cmdlib::rpc::AnyCall;
use cmdlib::unit::Given;
use serde_json::json;

use crate::bench::Once;
use crate::own_tests;
use crate::put_back::meets::{self, Met};
use crate::put_back::stages::Wrapped;
use crate::put_back::{Defect, What};

/// Names the defect that is put back in this process, whatever the test.
pub(crate) const PUT_BACK: &str = "LU_PUT_BACK";
/// Names the file that has a defect for each test: the test's path, a tab, the defect.
pub(crate) const BY_TEST: &str = "LU_PUT_BACK_BY_TEST";
/// Names the file to which a process adds what its runs would meet.
pub(crate) const LEARN: &str = "LU_PUT_BACK_LEARN";

fn read(variable: &str, text: &str) -> Defect {
    text.parse().unwrap_or_else(|why| panic!("{variable}: {why}"))
}

fn of_process() -> Option<&'static Defect> {
    static DEFECT: OnceLock<Option<Defect>> = OnceLock::new();
    DEFECT.get_or_init(|| std::env::var(PUT_BACK).ok().map(|text| read(PUT_BACK, &text))).as_ref()
}

/// The test that runs is the one that its thread is named after.
fn of_test() -> Option<&'static Defect> {
    static DEFECTS: OnceLock<BTreeMap<String, Defect>> = OnceLock::new();
    let defects = DEFECTS.get_or_init(|| {
        let Some(path) = std::env::var_os(BY_TEST) else { return BTreeMap::new() };
        let text = std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{BY_TEST}: {why}"));
        let lines = text.lines().filter_map(|line| line.split_once('\t'));
        lines.map(|(test, defect)| (test.to_owned(), read(BY_TEST, defect))).collect()
    });
    defects.get(std::thread::current().name()?)
}

/// Returns what is wrong with this unit in this test.
pub(crate) fn active(unit: &str) -> Option<&'static What> {
    of_process().or_else(of_test).filter(|defect| defect.unit == unit).map(|defect| &defect.what)
}

/// Puts the defect of this test around a unit.
pub(crate) fn wrap(unit: &str, given: Box<dyn Given>) -> Box<dyn Given> {
    match active(unit) {
        Some(what) => Box::new(Wrapped { inner: given, what }),
        None => given,
    }
}

/// Tells which defects a run would meet, if somebody wants to know.
pub(crate) fn learn(once: &Once, healthy: impl Fn(&dyn AnyCall, &NodeCall) -> bool) {
    own_tests::note(LEARN, || {
        let defect = |Met { what, sure }| {
            let defect = Defect { unit: once.unit.to_owned(), what }.to_string();
            json!({"unit": once.unit, "defect": defect, "sure": sure})
        };
        [json!({"unit": once.unit})].into_iter().chain(meets::of(once, healthy).into_iter().map(defect)).collect()
    });
}
