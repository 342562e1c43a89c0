//! Lines from segments agree with what `llvm-cov show` prints.

use std::collections::BTreeMap;

use coverage::lines::{Segment, counts, spans};
use expect_test::expect;

/// The counts in the margin of `llvm-cov show`, by file.
fn shown() -> BTreeMap<String, BTreeMap<u64, u64>> {
    let mut files: BTreeMap<String, BTreeMap<u64, u64>> = BTreeMap::new();
    let mut current = String::new();
    for line in include_str!("fixtures/demo/show.txt").lines() {
        let mut columns = line.splitn(3, '|').map(str::trim);
        match (columns.next().unwrap().parse::<u64>(), columns.next().map(str::parse::<u64>)) {
            (Ok(number), Some(Ok(count))) => {
                files.entry(current.clone()).or_default().insert(number, count);
            }
            (Err(_), None) if line.ends_with(':') => current = line.trim_end_matches(':').to_owned(),
            _ => {}
        }
    }
    files
}

#[test]
fn a_real_report_has_the_lines_that_llvm_cov_shows() {
    let report: serde_json::Value = serde_json::from_str(include_str!("fixtures/demo/report.json")).unwrap();
    let mut got = BTreeMap::new();
    for file in report["data"][0]["files"].as_array().unwrap() {
        let segments: Vec<Segment> = serde_json::from_value(file["segments"].clone()).unwrap();
        got.insert(file["filename"].as_str().unwrap().to_owned(), counts(&segments));
    }
    assert!(got.len() >= 5);
    assert_eq!(got, shown());
}

#[test]
fn a_region_reaches_over_lines_without_segments() {
    let region = [Segment(2, 1, 5, true, true, false), Segment(5, 2, 0, false, false, false)];
    expect!["{2: 5, 3: 5, 4: 5, 5: 5}"].assert_eq(&format!("{:?}", counts(&region)));
}

#[test]
fn gaps_and_skipped_regions_hold_no_code() {
    let gap = [
        Segment(1, 1, 3, true, true, false),
        Segment(1, 9, 0, true, false, true),
        Segment(2, 1, 3, true, true, false),
        Segment(2, 9, 0, false, false, false),
        Segment(4, 1, 0, false, true, false),
        Segment(6, 1, 0, false, false, false),
    ];
    expect!["{1: 3, 2: 3}"].assert_eq(&format!("{:?}", counts(&gap)));
    assert!(counts(&[]).is_empty());
}

#[test]
fn neighbours_become_one_span() {
    let spans: Vec<String> = spans([3, 5, 6, 7, 9]).iter().map(ToString::to_string).collect();
    assert_eq!(spans, ["3", "5-7", "9"]);
}
