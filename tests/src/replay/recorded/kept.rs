//! The recordings that are kept.

use testlib::replay::Trace;

use super::kept;

/// All of them: a failure after calls of many kinds, a value drawn by chance, a change. The origin of each names the test above
/// that recorded it.
const KEPT: [&str; 3] = ["InstanceStartup.jsonl", "NetworkAdd.jsonl", "TagsSet.jsonl"];

#[test]
fn the_kept_recordings_hold() {
    for name in KEPT {
        testlib::replay::trace(kept().join(name).to_str().unwrap());
    }
}

#[test]
fn no_recording_is_left_out() {
    let files = std::fs::read_dir(kept()).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = files.collect();
    files.sort();
    assert_eq!(files, KEPT);
}

#[test]
fn the_kept_recordings_are_of_the_bench() {
    for name in KEPT {
        let traces = Trace::of_file(kept().join(name)).unwrap();
        assert!(traces.iter().all(|it| it.is_of_the_bench() && format!("{}.jsonl", it.lu) == name), "{name}");
    }
}
