//! What GitHub is told of a verdict of the gate.

use expect_test::expect;

use crate::scratch::Scratch;

#[test]
fn uncovered_lines_are_annotated_and_the_summary_is_appended() {
    let scratch = Scratch::new();
    let run = scratch.gate(&["--no-run", "report.json", "--annotations", "--summary", "summary.md"]);
    assert_eq!(run.code, 1);
    expect![[r#""#]].assert_eq(&run.err);
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
