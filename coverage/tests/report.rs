//! Reading llvm-cov's report, and each way in which it is refused.

use coverage::report::{Lines, Report};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

const REAL: &str = include_str!("fixtures/demo/report.json");

fn read(text: &str) -> Result<Report, coverage::trouble::Trouble> {
    Report::read(text, "report.json", &["/clone".to_owned()])
}

#[track_caller]
fn refused(text: &str, expect: Expect) {
    let trouble = read(text).unwrap_err();
    assert!(!trouble.expected.is_empty() && !trouble.remedy.is_empty() && trouble.place == "report.json");
    expect.assert_eq(&trouble.what);
}

/// The real report with one value replaced.
fn with(pointer: &str, value: Value) -> String {
    let mut report: Value = serde_json::from_str(REAL).unwrap();
    *report.pointer_mut(pointer).unwrap() = value;
    report.to_string()
}

#[test]
fn numbers_are_those_of_the_summary() {
    let report = read(REAL).unwrap();
    let sum = report.files.values().fold(Lines::default(), |sum, file| sum.plus(file.lines));
    let whole: Value = serde_json::from_str(REAL).unwrap();
    let totals = &whole["data"][0]["totals"]["lines"];
    assert_eq!((sum.total, sum.covered), (totals["count"].as_u64().unwrap(), totals["covered"].as_u64().unwrap()));
}

#[test]
fn ranges_are_the_lines_that_never_ran_and_closures_never_called() {
    let report = read(REAL).unwrap();
    let words = report.files.iter().map(|(path, file)| {
        let spans: Vec<String> = file.uncovered.iter().map(ToString::to_string).collect();
        format!("{path} {}/{} {}\n", file.lines.covered, file.lines.total, spans.join(", "))
    });
    expect![[r#"
        cmdlib/src/generic.rs 4/17 2-4, 6-11, 13-15
        cmdlib/src/lu/instance/startup.rs 11/11 
        cmdlib/src/lu/tags/set.rs 9/18 5, 7, 9-14
        cmdlib/src/table.rs 5/6 6
        testlib/src/lib.rs 5/6 3
    "#]]
    .assert_eq(&words.collect::<String>());
}

#[test]
fn without_functions_and_segments_there_are_no_ranges_but_a_verdict() {
    let mut report: Value = serde_json::from_str(REAL).unwrap();
    let data = report["data"][0].as_object_mut().unwrap();
    data.remove("functions");
    for file in data["files"].as_array_mut().unwrap() {
        file.as_object_mut().unwrap().remove("segments");
    }
    let report = read(&report.to_string()).unwrap();
    assert!(report.files.values().all(|file| file.uncovered.is_empty()));
    assert_eq!(report.files["cmdlib/src/generic.rs"].lines.total, 17);
}

#[test]
fn files_outside_of_the_workspace_are_left_out() {
    let report = read(&with("/data/0/files/0/filename", json!("/elsewhere/x.rs"))).unwrap();
    assert!(!report.files.contains_key("cmdlib/src/generic.rs"));
    let report = read(&with("/data/0/files/0/filename", json!("/clone/cmdlib/src/x.rs"))).unwrap();
    assert!(report.files.contains_key("cmdlib/src/x.rs"));
    let report = read(&with("/data/0/files/0/filename", json!("/clones/x.rs"))).unwrap();
    assert!(!report.files.contains_key("s/x.rs") && report.files.len() == 4);
}

#[test]
fn nothing_is_never_a_pass() {
    refused("", expect!["the report is empty"]);
    refused(" \n\n", expect!["the report is empty"]);
    refused("garbage", expect!["the report is not JSON: expected value at line 1 column 1"]);
    refused("{\"data\": [", expect!["the report is not JSON: EOF while parsing a list at line 1 column 10"]);
    refused(
        "[]",
        expect![
            "the report has another shape: invalid length 0, expected struct Export with 2 elements at line 1 column 2"
        ],
    );
    refused("{}", expect!["the report has another shape: missing field `type` at line 1 column 2"]);
    refused(
        "null",
        expect!["the report has another shape: invalid type: null, expected struct Export at line 1 column 4"],
    );
    refused(&with("/type", json!("lcov")), expect!["the report is of the kind `lcov`"]);
    refused(&with("/data", json!([])), expect!["the report is empty: it holds no export"]);
    refused(&with("/data", json!([{"files": []}, {"files": []}])), expect!["the report holds 2 exports"]);
    refused(&with("/data/0/files", json!([])), expect!["the report is empty: it names no file"]);
    refused(
        &with(
            "/data/0/files",
            json!([{"filename": "/elsewhere/x.rs", "summary": {"lines": {"count": 1, "covered": 1}}}]),
        ),
        expect!["the report names no file of this workspace"],
    );
}

#[test]
fn what_contradicts_itself_is_refused() {
    refused(
        &with("/data/0/files/1/filename", json!("cmdlib/src/generic.rs")),
        expect!["the report names cmdlib/src/generic.rs twice"],
    );
    refused(
        &with("/data/0/files/0/summary/lines/covered", json!(18)),
        expect!["cmdlib/src/generic.rs: 18 of 17 lines covered can't be"],
    );
    refused(
        &with("/data/0/files/0/summary/lines/covered", json!("4")),
        expect![[r#"the report has another shape: invalid type: string "4", expected u64 at line 1 column 1286"#]],
    );
    refused(
        &with("/data/0/files/0/summary/lines/covered", json!(-1)),
        expect!["the report has another shape: invalid value: integer `-1`, expected u64 at line 1 column 1285"],
    );
    refused(
        &with("/data/0/files/0/summary", json!({})),
        expect!["the report has another shape: missing field `lines` at line 1 column 1010"],
    );
    refused(
        &with("/data/0/files/0/segments/1", json!([1, 1, 0, true, true, false])),
        expect!["cmdlib/src/generic.rs: its segments are out of order"],
    );
    refused(
        &with("/data/0/files/0/segments/1", json!([1, 1])),
        expect![
            "the report has another shape: invalid length 2, expected tuple struct Segment with 6 elements at line 1 column 144"
        ],
    );
    refused(
        &with("/data/0/files/0/segments", json!([[u64::MAX, 1, 0, true, true, false]])),
        expect!["cmdlib/src/generic.rs: it can't have a line 18446744073709551615"],
    );
    refused(&with("/data/0/functions/0/filenames", json!([])), expect!["the report has a function without a file"]);
    refused(
        &with("/data/0/functions/0/regions/0", json!([99, 1, 2, 1, 0, 0, 0, 0])),
        expect!["the report has a function with lines from 99 to 2"],
    );
}

/// The real report as a shard gives it in which no test ran.
fn nothing() -> String {
    let mut report: Value = serde_json::from_str(REAL).unwrap();
    let data = &mut report["data"][0];
    for function in data["functions"].as_array_mut().unwrap() {
        function["count"] = json!(0);
        function["regions"].as_array_mut().unwrap().iter_mut().for_each(|region| region[4] = json!(0));
    }
    for file in data["files"].as_array_mut().unwrap() {
        file["segments"].as_array_mut().unwrap().iter_mut().for_each(|segment| segment[2] = json!(0));
        file["summary"]["lines"]["covered"] = json!(0);
    }
    report.to_string()
}

fn merged(parts: &[&str]) -> Result<Report, coverage::trouble::Trouble> {
    let parts: Vec<(String, String)> =
        parts.iter().enumerate().map(|(index, text)| (format!("shard-{index}.json"), (*text).to_owned())).collect();
    Report::merged(&parts, &["/clone".to_owned()])
}

#[test]
fn a_report_merged_with_itself_has_the_same_lines() {
    let (one, two) = (read(REAL).unwrap(), merged(&[REAL, REAL]).unwrap());
    for (path, file) in &one.files {
        let twice = &two.files[path];
        assert_eq!((file.lines, &file.uncovered), (twice.lines, &twice.uncovered), "{path}");
        let doubled: Vec<u64> = file.hits().into_values().map(|hits| hits * 2).collect();
        assert_eq!(doubled, twice.hits().into_values().collect::<Vec<_>>(), "{path}");
    }
}

#[test]
fn shards_cover_together_what_each_covers_in_part() {
    let nothing = nothing();
    let whole = read(REAL).unwrap();
    for parts in [[nothing.as_str(), REAL], [REAL, nothing.as_str()]] {
        let both = merged(&parts).unwrap();
        let lines = |report: &Report| report.files.values().map(|file| file.lines).collect::<Vec<_>>();
        assert_eq!(lines(&both), lines(&whole));
        assert_eq!(both.files["cmdlib/src/table.rs"].uncovered, whole.files["cmdlib/src/table.rs"].uncovered);
    }
    let none = merged(&[&nothing, &nothing]).unwrap();
    assert!(none.files.values().all(|file| file.lines.covered == 0));
}

#[test]
fn shards_that_say_too_little_are_refused() {
    let mut report: Value = serde_json::from_str(REAL).unwrap();
    report["data"][0].as_object_mut().unwrap().remove("functions");
    let trouble = merged(&[REAL, &report.to_string()]).unwrap_err();
    expect![[r#"
        could not measure: the report can't be merged: its functions have 0 of 0 lines of cmdlib/src/generic.rs covered, its summary says 4 of 17
          where     shard-1.json
          expected  one `llvm.coverage.json.export` with files, as `cargo llvm-cov --workspace --json` writes it
          do        make it anew, whole: without `--summary-only` or `--skip-functions`"#]].assert_eq(&trouble.to_string());
    let trouble = merged(&[REAL, ""]).unwrap_err();
    assert_eq!((trouble.what.as_str(), trouble.place.as_str()), ("the report is empty", "shard-1.json"));
    assert_eq!(merged(&[]).unwrap_err().what, "there is no report");
}
