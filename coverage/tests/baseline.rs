//! The baseline's file, and what a fall is.

use coverage::baseline::{Baseline, Mark};
use expect_test::{Expect, expect};

const GOOD: &str = "\
# What each file had reached. Written by `cargo gate --update`; `cargo gate --help` says how it is judged.
# path, percentage of lines, uncovered lines
compiler: rustc 1.95.0 (59807616e 2026-04-14)
system: x86_64-unknown-linux-gnu
product: 93.10 210
cmdlib/src/a b.rs 100.00 0
cmdlib/src/c.rs 57.14 9
";

#[track_caller]
fn refused(text: &str, expect: Expect) {
    let trouble = Baseline::read(text, "coverage.baseline").unwrap_err();
    assert!(!trouble.expected.is_empty() && !trouble.remedy.is_empty());
    expect.assert_eq(&format!("{} @ {}", trouble.what, trouble.place));
}

#[test]
fn it_is_written_as_it_was_read() {
    assert_eq!(Baseline::read(GOOD, "coverage.baseline").unwrap().to_string(), GOOD);
}

#[test]
fn bad_ones_are_refused_with_their_line() {
    refused(" \n", expect!["the baseline is empty @ coverage.baseline"]);
    refused(
        &GOOD.replace("system", "sistem"),
        expect!["`sistem: x86_64-unknown-linux-gnu` can't be read @ coverage.baseline:4"],
    );
    refused(
        &GOOD.replace("57.14", "157.14"),
        expect!["`cmdlib/src/c.rs 157.14 9` can't be read @ coverage.baseline:7"],
    );
    refused(&GOOD.replace("57.14 9", "57.14"), expect!["`cmdlib/src/c.rs 57.14` can't be read @ coverage.baseline:7"]);
    refused(
        &GOOD.replace("c.rs", "A.rs"),
        expect!["`cmdlib/src/A.rs` is out of order, or there twice @ coverage.baseline:7"],
    );
    refused(
        &GOOD.replace("c.rs", "a b.rs"),
        expect!["`cmdlib/src/a b.rs` is out of order, or there twice @ coverage.baseline:7"],
    );
    refused(
        &GOOD.replace("product", "<<<<<<< ours\nproduct"),
        expect!["`<<<<<<< ours` can't be read @ coverage.baseline:5"],
    );
    refused(
        &GOOD.replace("system", "compiler: x\nsystem"),
        expect!["`compiler: x` says a second time what was said before @ coverage.baseline:4"],
    );
    refused(
        &GOOD.replace("product: 93.10 210\n", ""),
        expect!["the head of the baseline is incomplete @ coverage.baseline"],
    );
}

#[test]
fn a_fall_is_a_lower_percentage_and_more_uncovered_lines() {
    let mark = |percent: &str, uncovered| Mark { percent: percent.parse().unwrap(), uncovered };
    let before = mark("95", 5);
    assert!(before.falls_to(mark("94", 6)));
    assert!(!before.falls_to(mark("94", 5)), "covered lines were deleted or moved");
    assert!(!before.falls_to(mark("95", 6)), "it grew, as well tested as before");
    assert!(!before.falls_to(mark("96", 4)));
    assert!(before.rises_to(mark("96", 6)) && !before.rises_to(mark("95", 4)));
}
