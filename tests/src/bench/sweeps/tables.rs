//! Sweeps of tables of units that are not the library's.

use cmdlib::rpc::TestDelay;
use testlib::sweep::{self, Outcome, Point};

use super::found;
use super::units::{CARELESS, NEVER};

#[test]
fn units_of_another_crate_are_swept_in_one_line() {
    let message = found(|| _ = sweep::all(CARELESS).holds());
    assert!(message.contains("Careless: test_delay @node1: refused"), "{message}");
}

#[test]
fn what_is_allowed_with_a_reason_is_no_finding() {
    let swept = sweep::all(CARELESS)
        .only_faults()
        .allowing("Careless", Point::call::<TestDelay>(), Outcome::Succeeded, "nobody cares whether the node waits")
        .holds();
    assert!(swept.runs() > 0);
}

#[test]
fn what_is_allowed_and_never_happens_is_a_finding() {
    let silent = "nobody cares whether the node waits";
    let message = found(|| {
        sweep::all(CARELESS)
            .only_faults()
            .allowing("Careless", Point::call::<TestDelay>(), Outcome::Succeeded, silent)
            .allowing("Careless", Point::call::<TestDelay>(), Outcome::HooksAborted, "it has no hooks")
            .holds();
    });
    assert!(
        message.contains("hooks aborted (it has no hooks) is expected, but nothing in the sweep is like this"),
        "{message}"
    );
}

#[test]
fn a_unit_none_of_whose_opcodes_succeeds_is_a_finding() {
    let message = found(|| _ = sweep::all(NEVER).holds());
    assert!(message.contains("nothing can be said of Never"), "{message}");
    assert!(message.contains("refused (wrong_input): this is never possible"), "{message}");
}

/// The lines that a finding prints are those of the file `pasted.rs`, which compiles here and shows the same error.
mod pasted {
    use super::super::units::CARELESS as UNITS;
    use super::{CARELESS, found, sweep};

    #[test]
    fn the_case_as_an_ordinary_test_is_one() {
        let message = found(|| _ = sweep::all(CARELESS).only_faults().holds());
        let from = message.split_once("as an ordinary test\n").expect("it has one").1;
        let lines: Vec<&str> = from.lines().map(str::trim).take(6).collect();
        let pasted: Vec<&str> = include_str!("pasted.rs").lines().map(str::trim).collect();
        let pasted = &pasted[1..pasted.len() - 1];
        assert_eq!(lines, pasted);
        let failed = found(|| include!("pasted.rs"));
        assert!(
            failed.starts_with("Careless(node1.example.com): wanted failed: ..node1.., got success: null"),
            "{failed}"
        );
    }
}
