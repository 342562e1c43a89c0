//! What must hold whatever comes: opcodes by chance, on clusters by chance, with nodes that fail. The seed is fixed, so that each
//! run of the tests tries the same; `PROPTEST_CASES=10000` tries more, `PROPTEST_RNG_SEED=7` others.

mod clusters;
mod failures;
mod opcodes;
#[rustfmt::skip]
mod pasted;
mod units;

use cmdlib::lu::UNITS;
use testlib::strategies::properties;

#[test]
fn every_unit_keeps_what_must_hold_on_healthy_nodes() {
    let held = properties(UNITS).cases(30).hold();
    for unit in UNITS {
        assert!(held.ended(unit.name, "succeeded") > 0, "{} never succeeded:\n{held}", unit.name);
        assert!(held.ended(unit.name, "refused") > 0, "{} never refused:\n{held}", unit.name);
    }
}

#[test]
fn every_unit_keeps_what_must_hold_on_failing_nodes() {
    let held = properties(UNITS).cases(20).on_failing_nodes().hold();
    assert!(held.ended("InstanceStartup", "failed") > 0, "no node failed:\n{held}");
}
