//! What a recording has in it.

use cmdlib::op;
use expect_test::expect;
use serde_json::{Value, json};
use testlib::replay::Trace;
use testlib::{LuTest, Strategy, clusters};

use super::{five, json_of, line_of, replays, tag};
use crate::bench::units::{How, bench, care};

/// Returns a trace as a reader likes it: a line for each member and each event, without the configuration.
fn readable(trace: &Value) -> String {
    let mut out = String::new();
    for (key, value) in trace.as_object().unwrap() {
        match value.as_array() {
            Some(list) => {
                out += &format!("{key}:\n");
                list.iter().for_each(|item| out += &format!("  {item}\n"));
            }
            None if key == "config" => out += "config: ..\n",
            None => out += &format!("{key}: {value}\n"),
        }
    }
    out
}

#[test]
fn a_small_run_as_it_is_recorded() {
    let judged = LuTest::new().run(tag(&["rack:1"])).succeeded();
    let mut trace = json_of(&judged);
    assert_eq!(trace["config"], judged.config_before().write());
    // They name the test where tests have threads of their own.
    trace["id"] = json!("..");
    trace["origin"] = json!("..");
    expect![[r#"
        id: ".."
        origin: ".."
        lu: "TagsSet"
        op: {"OP_ID":"OP_TAGS_SET","kind":"cluster","tags":["rack:1"],"name":null,"dry_run":false,"debug_level":0,"priority":0,"depends":null,"comment":null,"reason":[]}
        config: ..
        mode: "timed"
        now: 981147906.0
        events:
          {"locks":[["cluster/BGL","shared"]],"call":"wait","granted":true}
          {"start":true}
          {"wconfd":"WriteConfig","args":[]}
          {"locks":[["cluster/BGL","release"]],"call":"free_level","level":"cluster"}
        outcome: {"result":null}
        changes:
          {"path":["cluster","mtime"],"before":978307200.0,"after":981147906.0}
          {"path":["cluster","serial_no"],"before":2,"after":3}
          {"path":["cluster","tags"],"before":[],"after":["rack:1"]}
    "#]].assert_eq(&readable(&trace));
}

#[test]
fn a_recording_tells_what_recorded_it() {
    let trace = Trace::parse(&line_of(&LuTest::new().run(tag(&["a"])).succeeded())).unwrap();
    assert!(trace.is_of_the_bench());
    let thread = std::thread::current();
    let test = thread.name().filter(|name| *name != "main");
    assert_eq!(trace.origin, test.map_or_else(|| "bench".to_owned(), |test| format!("bench:{test}")));
    assert!(trace.id.starts_with("TagsSet-"), "{}", trace.id);
}

#[test]
fn the_opcode_is_recorded_as_it_was_given() {
    let op = json!({"OP_ID": "OP_TAGS_SET", "kind": "cluster", "tags": ["a"], "name": null});
    let trace = replays(&LuTest::new().run_json(&op).succeeded());
    assert_eq!(trace.op, op);
}

#[test]
fn the_way_of_taking_locks_is_recorded() {
    let mode = |strategy: Strategy| {
        let mut t = five();
        t.only(strategy);
        let judged = t.run(op::InstanceShutdown::new("db1")).succeeded();
        replays(&judged);
        json_of(&judged)["mode"].clone()
    };
    assert_eq!([mode(Strategy::Blocking), mode(Strategy::Timed(30.0))], ["blocking", "timed"]);
}

#[test]
fn changes_tell_what_was_there_and_what_is() {
    let mut t = LuTest::with(clusters::two_groups());
    let judged = t.run(op::InstanceShutdown::new("web1")).succeeded();
    replays(&judged);
    let id = t.config().id_of_instance("web1");
    let path = json!(["instances", id.as_str(), "admin_state"]);
    let all = json_of(&judged);
    let change = all["changes"].as_array().unwrap().iter().find(|it| it["path"] == path).unwrap();
    assert_eq!((&change["before"], &change["after"]), (&json!("up"), &json!("down")));
}

#[test]
fn log_lines_have_their_prefixes() {
    let judged = bench().run(care(How::Talking)).succeeded();
    let lines: Vec<Value> =
        json_of(&judged)["events"].as_array().unwrap().iter().filter_map(|it| it.get("log").cloned()).collect();
    let line = |text: &str| json!(["message", text]);
    assert_eq!(lines, [line(" - INFO: a pet was found"), line(" - WARNING: it barks"), line("      Hint: feed it")]);
}
