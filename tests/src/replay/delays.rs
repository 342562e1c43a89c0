//! Waits: what the rules say of locks that nobody asked for, and of no time at all.

use serde_json::{Value, json};
use testlib::replay::{Rules, Verdict};

use super::traces::{NODE1, NODE2, assert_corrected, assert_differs, judged, nodes_wait, wait};

/// The same wait, as the reference does it: with locks.
fn with_locks(no_locks: Option<bool>) -> Value {
    let mut trace = nodes_wait();
    if let Some(no_locks) = no_locks {
        trace["op"]["no_locks"] = json!(no_locks);
    }
    let events = trace["events"].as_array_mut().unwrap();
    events.insert(1, wait(&format!("node/{NODE1}"), "exclusive"));
    events.insert(2, wait(&format!("node/{NODE2}"), "exclusive"));
    trace
}

/// The same, but one of the locks is never granted.
fn in_vain(no_locks: bool) -> Value {
    let mut trace = with_locks(Some(no_locks));
    trace["mode"] = json!("timed");
    let events = trace["events"].as_array_mut().unwrap();
    events.truncate(2);
    events[1]["granted"] = json!(false);
    trace["outcome"] = json!({"lock_timeout": true});
    trace
}

#[test]
fn without_locks_means_without_locks() {
    assert_corrected(&with_locks(Some(true)), &["D14"]);
    assert_corrected(&with_locks(None), &["D14"]);
    assert_eq!(judged(&with_locks(Some(false)), &Rules::own()), Verdict::Equal);
}

#[test]
fn locks_of_other_levels_are_compared() {
    let mut trace = with_locks(None);
    trace["events"].as_array_mut().unwrap().insert(1, wait("instance/web1.example.com", "exclusive"));
    assert_differs(&trace);
}

#[test]
fn who_asks_for_no_lock_does_not_wait_for_one_in_vain() {
    assert_corrected(&in_vain(true), &["D14"]);
    assert_eq!(judged(&in_vain(false), &Rules::own()), Verdict::Equal);
}

#[test]
fn an_offline_node_does_not_wait_even_without_locks() {
    let mut trace = in_vain(true);
    trace["config"]["nodes"][NODE2]["offline"] = json!(true);
    trace["config"]["nodes"][NODE2]["master_candidate"] = json!(false);
    assert_corrected(&trace, &["D14"]);
    trace["op"]["interruptible"] = json!(true);
    assert_corrected(&trace, &["D14"]);
}

#[test]
fn no_time_is_wrong_input() {
    let mut trace = nodes_wait();
    trace["op"]["duration"] = json!(0);
    trace["events"].as_array_mut().unwrap().drain(1..3);
    trace["outcome"] = json!({"error": "OpPrereqError", "code": null, "text": "Duration must be greater than zero"});
    assert_corrected(&trace, &["D15"]);
    trace["outcome"]["code"] = json!("wrong_state");
    assert_differs(&trace);
}
