//! The checks of NIC parameters.

use cmdlib::params::{check_nic, tables};
use serde_json::{Value, json};

use super::params;

fn check(changes: Value) -> Result<(), String> {
    let mut filled = tables::NIC.defaults();
    filled.extend(params(changes));
    check_nic(&filled)
}

#[test]
fn the_defaults_are_good() {
    assert_eq!(check(json!({})), Ok(()));
}

#[test]
fn all_modes_but_bridged_do_without_link() {
    for mode in ["auto", "openvswitch", "pool", "routed"] {
        assert_eq!(check(json!({ "mode": mode, "link": "" })), Ok(()), "{mode}");
    }
}

#[test]
fn bridged_needs_a_link() {
    for link in [json!(""), json!(null), json!(1)] {
        let text = check(json!({ "link": link })).expect_err("no link");
        assert_eq!(text, "NIC parameter `link` must name the bridge, as the mode is bridged");
    }
}

#[test]
fn other_modes_are_refused() {
    for mode in [json!("x"), json!("Bridged"), json!(""), json!(null), json!(1), json!([])] {
        let text = check(json!({ "mode": mode })).expect_err("no such mode");
        assert!(text.contains(&mode.to_string()) && text.contains("one of auto, bridged, openvswitch"), "{text}");
    }
}

#[test]
fn a_missing_mode_is_refused() {
    assert!(check_nic(&params(json!({}))).is_err());
}
