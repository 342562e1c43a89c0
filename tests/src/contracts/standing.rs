//! Every unit of the library.

/// By table: a unit added later is looked at without a line here.
#[test]
fn every_unit_takes_the_locks_that_it_needs_and_no_others() {
    if crate::is_counted() {
        return;
    }
    testlib::contracts::of(cmdlib::lu::UNITS)
        .tests("lu::")
        .explained("TestDelay: needless lock node", "other jobs are to wait for it: that is what it is for")
        .run()
        .holds();
}
