//! Defects put back, one at a time: does each unit's own test suite notice?

mod door;
mod gaps;
mod words;

/// By table: a unit added later is tried without a line here.
#[test]
fn every_defect_put_back_is_noticed_by_the_tests_of_its_unit() {
    if crate::is_counted() {
        return;
    }
    testlib::put_back::of(cmdlib::lu::UNITS).tests("lu::").run().holds();
}
