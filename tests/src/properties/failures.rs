//! What is said when a property does not hold.

use cmdlib::lu::UNITS;
use expect_test::{expect, expect_file};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use testlib::failure_of;
use testlib::strategies::{CasePlan, clusters, faults, opcodes, properties, test_of};

use super::units::library;

#[test]
fn the_smallest_cluster_is_shown_with_its_report_and_as_a_test() {
    let failed = failure_of(|| {
        properties(library()).cases(500).hold();
    });
    expect![[r#"
        Bringing: case 89 with seed 1 does not hold; the smallest that was found:
        Bringing(inst1.example.com): internal error: panic: a guest's other half is not at home, but not as it should be
          1. the unit has an error   (Invariant::NoInternalError)
               got      panic: a guest's other half is not at home
               hint     the panic's own message, above this report, has its line
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    instance/(all) exclusive, node/(all) shared
          3 locks      start   all locks are held
          4 check      call    knock() @node1   [properties/units.rs:52]

        keep it as a test, with a name and the verdict that should have been:

        use serde_json::json;
        use testlib::{LuTest, MiB};

        #[test]
        fn bring_on_a_cluster_found_by_chance() {
            let mut t = LuTest::new().units(library());
            t.config().node("node2").offline();
            t.config().instance("inst1").on("node1").drbd("node2", MiB(1024));
            t.run_json(&json!({"OP_ID":"OP_BRING","instance_name":"inst1.example.com","treat":"cake"})).succeeded();
        }
    "#]]
    .assert_eq(&failed.message);
}

#[test]
fn the_smallest_fault_is_shown_as_well() {
    let failed = failure_of(|| {
        properties(library()).cases(500).seed(2).on_failing_nodes().hold();
    });
    expect![[r#"
        Bringing: case 1 with seed 2 does not hold; the smallest that was found:
        Bringing(inst1.example.com): internal error: panic: nobody opens, but not as it should be
          1. the unit has an error   (Invariant::NoInternalError)
               got      panic: nobody opens
               hint     the panic's own message, above this report, has its line
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    instance/(all) exclusive, node/(all) shared
          3 locks      start   all locks are held
          4 check      call    knock() @node1: refused: no, on purpose   [properties/units.rs:52]

        keep it as a test, with a name and the verdict that should have been:

        use serde_json::json;
        use testlib::{LuTest, MiB};

        #[test]
        fn bring_on_a_cluster_found_by_chance() {
            let mut t = LuTest::new().units(library());
            t.config().instance("inst1").on("node1").plain(MiB(1024));
            t.rpc().on::<Knock>().node("node1").times(0..=1).fails("no, on purpose");
            t.rpc().on::<Knock>().healthy();
            t.run_json(&json!({"OP_ID":"OP_BRING","instance_name":"inst1.example.com","treat":"cake"})).succeeded();
        }
    "#]]
    .assert_eq(&failed.message);
}

/// A case of many parts, of a unit that goes a long way.
fn large_case() -> CasePlan {
    let unit = cmdlib::unit::find(UNITS, "OP_INSTANCE_REBOOT").expect("it is in the table");
    let mut runner = TestRunner::deterministic();
    let strategy = (clusters(), opcodes(unit), proptest::collection::vec(faults(), 2));
    let case = strategy.prop_map(|(cluster, opcode, faults)| CasePlan { cluster, opcode, faults });
    let drawn = (0..60).map(|_| case.new_tree(&mut runner).expect("nothing is filtered").current());
    let mut longest = drawn.map(|plan| (test_of(UNITS, &plan), plan)).filter(|(text, _)| text.contains(".failed("));
    let score = |text: &str| (text.matches("t.rpc()").count(), text.matches("t.config()").count());
    let first = longest.next().expect("one of them fails");
    longest.fold(first, |best, it| if score(&it.0) > score(&best.0) { it } else { best }).1
}

#[test]
fn what_is_printed_compiles_and_passes_since_it_is_part_of_these_tests() {
    expect_file!["pasted.rs"].assert_eq(&test_of(UNITS, &large_case()));
}
