//! Files of traces: what is found, and what is refused with file and line.

use std::fs;
use std::path::Path;

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use tempfile::TempDir;
use testlib::replay::{Corpus, Trace, TraceError};

use super::traces::{config, nodes_wait, tag_is_set};

/// Returns a folder with traces, and optionally the files beside them.
fn folder(traces: &str, configs: &str, values: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in [("Some.jsonl", traces), ("configs.jsonl", configs), ("values.jsonl", values)] {
        if !text.is_empty() {
            fs::write(folder.path().join(name), text).unwrap();
        }
    }
    folder
}

fn all(folder: &Path) -> Vec<Result<Trace, TraceError>> {
    Corpus::open(folder).unwrap().all().collect()
}

/// Checks the one error of a folder.
fn refused(folder: &TempDir, expect: &Expect) {
    let errors: Vec<String> = all(folder.path()).into_iter().filter_map(Result::err).map(|it| it.to_string()).collect();
    expect.assert_eq(&errors.join("\n").replace(folder.path().to_str().unwrap(), "DIR"));
}

fn with_config(mut trace: Value, id: &str) -> Value {
    trace["config"] = json!(id);
    trace
}

#[test]
fn shared_values_and_configurations_are_put_in() {
    let mut shared = config();
    shared["nodes"] = json!({"$": "v1"});
    let mut trace = with_config(tag_is_set(), "c1");
    trace["op"] = json!({"$": "v2"});
    let folder = folder(
        &trace.to_string(),
        &json!({"id": "c1", "config": shared}).to_string(),
        &format!(
            "{}\n{}\n{}\n",
            json!({"id": "v1", "value": config()["nodes"]}),
            json!({"id": "v2", "value": {"OP_ID": "OP_TAGS_SET", "kind": "instance", "name": "web1", "tags": {"$": "v3"}}}),
            json!({"id": "v3", "value": ["rack:1"]}),
        ),
    );
    let traces = all(folder.path());
    assert_eq!(traces[0].as_ref().unwrap().op["tags"], json!(["rack:1"]));
    testlib::replay::trace(folder.path().join("Some.jsonl").to_str().unwrap());
}

#[test]
fn a_trace_may_hold_its_configuration() {
    let folder = folder(&format!("{}\n\n{}\n", tag_is_set(), nodes_wait()), "", "");
    assert_eq!(all(folder.path()).into_iter().filter_map(Result::ok).count(), 2);
}

#[test]
fn values_that_contain_themselves_are_refused() {
    let mut trace = tag_is_set();
    trace["op"] = json!({"$": "v1"});
    let values = r#"{"id":"v1","value":[{"$":"v2"}]}
{"id":"v2","value":{"a":{"$":"v1"}}}"#;
    refused(
        &folder(&trace.to_string(), "", values),
        &expect!["DIR/values.jsonl:2: the value v1 contains itself: v1 -> v2 -> v1"],
    );
}

#[test]
fn references_that_lead_nowhere_are_refused() {
    let mut trace = tag_is_set();
    trace["op"]["name"] = json!({"$": "v7"});
    refused(
        &folder(&trace.to_string(), "", "{\"id\":\"v1\",\"value\":1}"),
        &expect!["DIR/Some.jsonl:1: v7 is not in DIR/values.jsonl"],
    );
    let folder_without = folder(&with_config(tag_is_set(), "c9").to_string(), "{\"id\":\"c1\",\"config\":{}}", "");
    refused(&folder_without, &expect!["DIR/Some.jsonl:1: c9 is not in DIR/configs.jsonl"]);
}

#[test]
fn files_beside_that_are_broken_are_refused_with_their_own_line() {
    let trace = with_config(tag_is_set(), "c1").to_string();
    refused(
        &folder(&trace, "{\"id\":\"c0\",\"config\":{}}\nnonsense", ""),
        &expect!["DIR/configs.jsonl:2: no object with an id: expected ident at line 1 column 2"],
    );
    refused(
        &folder(&trace, "{\"id\":\"c1\",\"config\":{}}\n{\"id\":\"c1\",\"config\":{}}", ""),
        &expect!["DIR/configs.jsonl:2: c1 stands in line 1 already"],
    );
    refused(
        &folder(&trace, "{\"id\":\"c1\",\"conf\":{}}", ""),
        &expect!["DIR/configs.jsonl:1: c1 has no member `config`"],
    );
    refused(&folder(&trace, "", ""), &expect!["DIR/configs.jsonl: No such file or directory (os error 2)"]);
}

#[test]
fn lines_that_are_no_traces_are_refused_and_the_others_read() {
    let folder = folder(&format!("{}\n[1]\n{{\"id\":\"x\"}}\n{}\n{{", tag_is_set(), tag_is_set()), "", "");
    assert_eq!(all(folder.path()).into_iter().filter_map(Result::ok).count(), 2);
    refused(
        &folder,
        &expect![[r#"
            DIR/Some.jsonl:2: expected an object, got [1]
            DIR/Some.jsonl:3: config: expected a value, got nothing
            DIR/Some.jsonl:5: not JSON: EOF while parsing an object at line 1 column 1"#]],
    );
}

/// Changes a trace and returns why it is refused then.
fn because(change: impl Fn(&mut Value)) -> String {
    let mut trace = nodes_wait();
    change(&mut trace);
    Trace::parse(&trace.to_string()).unwrap_err().to_string()
}

#[test]
fn what_a_trace_lacks_or_has_wrong_is_named() {
    let errors = [
        because(|trace| trace["config"] = json!(3)),
        because(|trace| trace["config"] = json!("c3")),
        because(|trace| trace["op"] = json!("OP_TAGS_SET")),
        because(|trace| trace["op"] = json!({"name": {"$": "v1"}})),
        because(|trace| trace["op"] = json!({"name": {"$": "v1", "more": 1}})),
        because(|trace| trace["mode"] = json!("quick")),
        because(|trace| trace["now"] = json!("soon")),
        because(|trace| trace["outcome"] = json!({"ended": "well"})),
        because(|trace| trace["changes"] = json!([{"path": [true]}])),
        because(|trace| trace["events"][1] = json!({"stop": true})),
        because(|trace| trace["events"][0]["call"] = json!("beg")),
        because(|trace| trace["events"][0]["locks"] = json!([["BGL", "shared"]])),
        because(|trace| trace["events"][0]["locks"] = json!([["cluster/BGL", "gently"]])),
        because(|trace| trace["events"][3]["level"] = json!("floor")),
        because(|trace| trace["events"][2]["nodes"] = json!([["node1"]])),
        because(|trace| trace["events"][2]["answers"] = json!({(super::traces::NODE1): {"maybe": 1}})),
        because(|trace| {
            trace["events"][2]["rpc"] = json!("hooks_runner");
            trace["events"][2]["args"] = json!(["path", "post", {"$env": 1}]);
        }),
    ];
    expect![[r#"
        config: expected the id of a configuration, or one in full, got 3
        it refers to the configuration c3, and there is no configs.jsonl beside it
        op: expected an object, got "OP_TAGS_SET"
        it refers to the value v1, and there is no values.jsonl beside it
        a reference is an object with nothing but the member `$`, the id of a value
        mode: expected `blocking` or `timed`, got "quick"
        now: expected a number, got "soon"
        outcome: expected a result, an error, a lock_timeout or a crash, got {"ended":"well"}
        changes.path: expected a key or an index, got true
        events[1]: expected an event (locks, start, retry, rpc, wconfd, random, host, sleep, jobs or log), got {"stop":true}
        events[0].call: expected a way of asking for locks, got "beg"
        events[0].locks: expected a lock as `level/name`, got "BGL"
        events[0].locks: expected shared, exclusive or release, got "gently"
        events[3].level: expected a level of locks, got "floor"
        events[2].nodes[0]: expected a list of 3, got ["node1"]
        events[2].answers.a0de0000-0000-4000-8000-000000000001: expected an answer (ok, fail, failed or offline), got {"maybe":1}
        events[2].args[2].$env: expected the index of an earlier event with hooks, got 1"#]]
    .assert_eq(&errors.join("\n"));
}

#[test]
fn folders_and_files_that_are_not_there_are_refused() {
    let empty = TempDir::new().unwrap();
    let told =
        |path: &Path| Corpus::open(path).err().unwrap().to_string().replace(empty.path().to_str().unwrap(), "DIR");
    assert_eq!(told(empty.path()), "DIR: there are no traces (files *.jsonl) in this folder");
    assert_eq!(told(&empty.path().join("no")), "DIR/no: there is no such file or folder");
}
