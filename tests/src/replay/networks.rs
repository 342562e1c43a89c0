//! Networks: what the rules say of those that can't be.

use serde_json::{Value, json};
use testlib::replay::{Rules, Verdict};

use super::traces::{NODE1, assert_corrected, assert_differs, judged, scripts_before, trace, wait};

const NEW: &str = "0e700000-0000-4000-8000-0000000000aa";

/// A network is added as far as scripts that run before, and then this happens. With other parameters than an address of
/// ten bits for hosts.
fn added(own: &Value, outcome: &Value) -> Value {
    let mut op = json!({
        "OP_ID": "OP_NETWORK_ADD", "network_name": "net9", "network": "198.51.100.0/24", "conflicts_check": false,
    });
    for (name, value) in own.as_object().unwrap() {
        op[name] = value.clone();
    }
    let mut told = vec![("NETWORK_NAME", op["network_name"].as_str().unwrap())];
    for (name, key) in [
        ("NETWORK_SUBNET", "network"),
        ("NETWORK_GATEWAY", "gateway"),
        ("NETWORK_SUBNET6", "network6"),
        ("NETWORK_GATEWAY6", "gateway6"),
    ] {
        told.extend(op[key].as_str().map(|value| (name, value)));
    }
    let events = [
        json!({"random": "uuid", "value": NEW}),
        wait(&format!("network/{NEW}"), "exclusive"),
        json!({"start": true}),
        scripts_before("network-add", "NETWORK", "OP_NETWORK_ADD", &told, &[(NODE1, 1)]),
    ];
    trace("NetworkAdd", &op, &events, outcome)
}

fn failed() -> Value {
    json!({"error": "OpExecError", "code": null, "text": "Cannot create IP address pool"})
}

#[test]
fn a_network_without_possible_pool_is_refused_before_scripts_run() {
    for own in [
        json!({"network": "10.0.0.0/8"}),
        json!({"network": "198.51.100.0/31"}),
        json!({"gateway": "203.0.113.1"}),
        json!({"gateway": "198.51.100.255"}),
        json!({"add_reserved_ips": ["203.0.113.1"]}),
        json!({"add_reserved_ips": ["198.51.100.7", "198.51.100.7"]}),
        json!({"gateway": "198.51.100.1", "add_reserved_ips": ["198.51.100.1"]}),
    ] {
        assert_corrected(&added(&own, &failed()), &["D50"]);
    }
}

#[test]
fn an_address_of_a_node_is_reserved_already() {
    let ip = super::traces::config()["nodes"][NODE1]["primary_ip"].as_str().unwrap().to_owned();
    let around = format!("{}.0/24", ip.rsplit_once('.').unwrap().0);
    let mut trace = added(&json!({"network": around, "conflicts_check": true, "add_reserved_ips": [ip]}), &failed());
    trace["events"].as_array_mut().unwrap().insert(2, wait("node/[lockset]", "shared"));
    assert_corrected(&trace, &["D50"]);
}

#[test]
fn it_is_refused_in_a_dry_run_and_under_failing_scripts_too() {
    let mut trace = added(&json!({"network": "10.0.0.0/8", "dry_run": true}), &json!({"result": null}));
    assert_corrected(&trace, &["D50"]);
    trace["op"]["dry_run"] = json!(false);
    trace["outcome"] = json!({"error": "HooksAbort", "code": null, "text": "no way"});
    assert_corrected(&trace, &["D50"]);
}

#[test]
fn no_rule_speaks_of_networks_that_fit() {
    assert_differs(&added(&json!({"gateway": "198.51.100.1", "add_reserved_ips": ["198.51.100.7"]}), &failed()));
    assert_differs(&added(&json!({"network": "10.0.0.0/16"}), &failed()));
    assert_differs(&added(&json!({"network": "198.51.100.0/30"}), &failed()));
}

#[test]
fn a_network_that_was_added_is_not_excused() {
    let mut trace = added(&json!({"network": "10.0.0.0/8"}), &json!({"result": null}));
    trace["changes"] = json!([{"path": ["networks", NEW], "after": {"name": "net9"}}]);
    assert_differs(&trace);
}

#[test]
fn an_ipv6_gateway_outside_is_refused() {
    let six = json!({"network6": "2001:db8:9::/64", "gateway6": "2001:db8:8::1"});
    let crash = json!({"crash": "AssertionError", "text": "", "where": "network.py in Validate"});
    assert_eq!(judged(&added(&six, &crash), &Rules::own()), Verdict::CrashOk);
    let mut trace = added(&six, &json!({"result": null}));
    trace["op"]["dry_run"] = json!(true);
    assert_corrected(&trace, &["D49"]);
    for gateway in ["2001:db8:9::1", "fe80::1"] {
        assert_differs(&added(&json!({"network6": "2001:db8:9::/64", "gateway6": gateway}), &failed()));
    }
}

#[test]
fn an_ipv6_gateway_alone_is_refused() {
    let mut trace = added(&json!({"gateway6": "2001:db8:9::1"}), &json!({"result": null}));
    trace["changes"] = json!([{"path": ["networks", NEW], "after": {"name": "net9"}}]);
    assert_corrected(&trace, &["D51"]);
}

#[test]
fn a_name_with_blanks_is_refused_at_once() {
    let mut trace = added(&json!({"network_name": "net 9"}), &json!({"result": null}));
    trace["changes"] = json!([{"path": ["networks", NEW], "after": {"name": "net 9"}}]);
    assert_corrected(&trace, &["D52"]);
}

#[test]
fn a_misspelt_tag_is_wrong_input() {
    let mut trace = added(&json!({"tags": ["bad tag"]}), &json!({"error": "TagError", "code": null, "text": "no"}));
    trace["events"].as_array_mut().unwrap().remove(4);
    assert_corrected(&trace, &["D02"]);
}
