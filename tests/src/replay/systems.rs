//! Operating systems: what the rules say of nodes that differ, of parameters by bare names, of fields that nobody knows.

use serde_json::{Value, json};
use testlib::replay::{Rules, Verdict};

use super::traces::{NODE1, NODE2, NODE3, NODE4, assert_corrected, assert_differs, call, judged, trace};

fn debian(variants: &Value) -> Value {
    json!(["debian", "/srv/ganeti/os/debian", true, "", variants, [["dhcp", "use it"]], [15, 20], true])
}

/// All nodes have the system, but one answers this.
fn told(fields: &Value, of_node4: &Value, outcome: &Value) -> Value {
    let same = json!({"ok": [debian(&json!(["squeeze", "wheezy"]))]});
    let answers =
        [(NODE1, 1, same.clone()), (NODE2, 2, same.clone()), (NODE3, 3, same), (NODE4, 4, json!({"ok": of_node4}))];
    let op = json!({"OP_ID": "OP_OS_DIAGNOSE", "output_fields": fields});
    let events = [json!({"start": true}), call("os_diagnose", &json!([]), &answers, 300)];
    trace("OsDiagnose", &op, &events, outcome)
}

fn same() -> Value {
    json!([debian(&json!(["squeeze", "wheezy"]))])
}

#[test]
fn nodes_that_agree_need_no_rule() {
    let fields = json!(["name", "valid", "variants", "parameters", "api_versions", "trusted", "os_hvp"]);
    let row = json!([["debian", true, ["squeeze", "wheezy"], [["dhcp", "use it"]], [15, 20], true, {}]]);
    assert_eq!(judged(&told(&fields, &same(), &json!({"result": row})), &Rules::own()), Verdict::Equal);
}

#[test]
fn a_node_without_the_system_counts_wherever_it_stands() {
    let fields = json!(["valid", "variants", "parameters", "api_versions", "trusted", "osparams"]);
    let row =
        json!([[false, ["squeeze", "wheezy"], [["dhcp", "use it"]], [15, 20], true, {"debian+wheezy": {"a": "b"}}]]);
    let mut trace = told(&fields, &json!([]), &json!({"result": row}));
    trace["config"]["cluster"]["osparams"] = json!({"debian+wheezy": {"a": "b"}});
    assert_corrected(&trace, &["D12"]);
    trace["outcome"]["result"][0][0] = json!(true);
    assert_differs(&trace);
}

#[test]
fn a_node_that_can_not_use_the_system_still_tells_of_it() {
    let mut entry = debian(&json!(["wheezy"]));
    entry[2] = json!(false);
    entry[7] = json!(false);
    let row = json!([[false, ["squeeze", "wheezy"], true]]);
    let trace = told(&json!(["valid", "variants", "trusted"]), &json!([entry]), &json!({"result": row}));
    assert_corrected(&trace, &["D12"]);
}

#[test]
fn parameters_by_the_bare_name_are_told() {
    let mut trace = told(&json!(["name", "os_hvp", "osparams"]), &same(), &json!({"result": [["debian", {}, {}]]}));
    trace["config"]["cluster"]["os_hvp"] = json!({"debian": {"kvm": {"acpi": false}}});
    trace["config"]["cluster"]["osparams"] = json!({"debian": {"dhcp": "yes"}, "other": {"dhcp": "no"}});
    assert_corrected(&trace, &["D11"]);
    trace["outcome"]["result"] = json!([["debian", {}, {"other": {"dhcp": "no"}}]]);
    assert_differs(&trace);
}

#[test]
fn rows_are_found_without_names_in_them() {
    let two = |last: &Value| json!([debian(&json!([])), last]);
    let fedora = json!(["fedora", "/srv/ganeti/os/fedora", true, "", [], [], [20], true]);
    let all = json!({"ok": two(&fedora)});
    let answers = [(NODE1, 1, all.clone()), (NODE2, 2, all.clone()), (NODE3, 3, all.clone()), (NODE4, 4, all)];
    let op = json!({
        "OP_ID": "OP_OS_DIAGNOSE", "output_fields": ["osparams", "hidden", "blacklisted", "valid"],
        "names": ["fedora", "debian"],
    });
    let events = [json!({"start": true}), call("os_diagnose", &json!([]), &answers, 300)];
    let outcome = json!({"result": [[{}, false, false, true], [{}, false, false, true]]});
    let mut trace = trace("OsDiagnose", &op, &events, &outcome);
    trace["config"]["cluster"]["osparams"] = json!({"debian": {"dhcp": "yes"}});
    assert_corrected(&trace, &["D11"]);
}

#[test]
fn a_node_that_says_nothing_does_not_count() {
    let status = json!({NODE1: [same()[0]], NODE2: [same()[0]], NODE3: [same()[0]], NODE4: []});
    let result = json!([["debian", false, [], status]]);
    let trace = told(&json!(["name", "valid", "variants", "node_status"]), &json!(null), &json!({"result": result}));
    assert_corrected(&trace, &["N06"]);
}

#[test]
fn fields_that_nobody_knows_are_refused_at_once() {
    let outcome = json!({"error": "OpPrereqError", "code": "wrong_input", "text": "Unknown output fields"});
    assert_corrected(&told(&json!(["name", "nofield"]), &same(), &outcome), &["N04"]);
    assert_differs(&told(&json!(["name", "trusted"]), &same(), &outcome));
    let mut trace = told(&json!(["nofield"]), &same(), &json!({"result": null}));
    trace["op"]["dry_run"] = json!(true);
    trace["events"].as_array_mut().unwrap().remove(2);
    assert_corrected(&trace, &["N04"]);
}
