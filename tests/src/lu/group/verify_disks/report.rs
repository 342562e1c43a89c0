//! The result in wire form.

use cmdlib::field::Field;
use cmdlib::lu::group::DiskReport;
use indexmap::IndexMap;
use serde_json::json;

#[test]
fn a_report_is_read_as_it_was_written() {
    let report = DiskReport {
        node_errors: IndexMap::from([("node1".to_owned(), "no such luck".to_owned())]),
        to_activate: vec!["web1".to_owned()],
        missing: IndexMap::from([("web2".to_owned(), vec![vec!["node2".to_owned(), "xenvg/disk0".to_owned()]])]),
    };
    assert_eq!(report.write(), json!([{"node1": "no such luck"}, ["web1"], {"web2": [["node2", "xenvg/disk0"]]}]));
    assert_eq!(DiskReport::read(&report.write()), Ok(report));
}

#[test]
fn what_lacks_a_part_is_no_report() {
    assert!(DiskReport::read(&json!([{}, []])).is_err());
}
