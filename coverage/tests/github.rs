//! What GitHub is told of a verdict of the gate.

use expect_test::expect;

use crate::scratch::Scratch;

#[test]
fn uncovered_lines_are_annotated_and_the_summary_is_appended() {
    let scratch = Scratch::new();
    let run = scratch.gate(&["--no-run", "report.json", "--annotations", "--summary", "summary.md"]);
    assert_eq!(run.code, 1);
    expect![[r#"
        ::error title=coverage::cmdlib has 55.7 %25 of its lines covered (29/52), wanted 90 %25: 18 lines more would do
        ::error file=cmdlib/src/lu/tags/set.rs,line=5,endLine=5,title=not covered::cmdlib/src/lu/tags/set.rs has 50.0 %25 of its lines covered (9/18), wanted 90 %25: 8 lines more would do
        ::error file=cmdlib/src/lu/tags/set.rs,line=7,endLine=7,title=not covered::cmdlib/src/lu/tags/set.rs has 50.0 %25 of its lines covered (9/18), wanted 90 %25: 8 lines more would do
        ::error file=cmdlib/src/lu/tags/set.rs,line=9,endLine=14,title=not covered::cmdlib/src/lu/tags/set.rs has 50.0 %25 of its lines covered (9/18), wanted 90 %25: 8 lines more would do
    "#]].assert_eq(&run.err);
    assert!(scratch.read("summary.md").starts_with("## Coverage of cmdlib: not held"));
}

#[test]
fn without_the_option_nothing_is_annotated() {
    let run = Scratch::new().gate(&["--no-run", "report.json"]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
}

#[test]
fn a_summary_that_can_not_be_written_is_2() {
    let run =
        Scratch::new().gate(&["--no-run", "report.json", "--fail-under", "20", "--summary", "nowhere/summary.md"]);
    assert!(run.code == 2 && run.err.contains("the summary can't be written"), "{}", run.err);
}
