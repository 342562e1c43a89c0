//! The defect of this process, if there is one, and what its runs would meet.

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
    own_tests::note(LEARN, || {
        let defect = |Met { what, sure }| {
            let defect = Defect { unit: once.unit.to_owned(), what }.to_string();
            json!({"unit": once.unit, "defect": defect, "sure": sure})
        };
        [json!({"unit": once.unit})].into_iter().chain(meets::of(once, healthy).into_iter().map(defect)).collect()
    });
}
