//! The memory of instances.

use cmdlib::params::{check_memory, upgrade_be};
use serde_json::{Value, json};

use super::params;

#[track_caller]
fn check_upgrade(before: Value, wanted: &str) {
    let mut params = params(before);
    upgrade_be(&mut params);
    assert_eq!(Value::from(params).to_string(), wanted);
}

#[test]
fn the_old_parameter_becomes_both_new_ones() {
    check_upgrade(json!({ "memory": 512 }), r#"{"maxmem":512,"minmem":512}"#);
}

#[test]
fn the_old_parameter_wins_over_the_new_ones() {
    check_upgrade(json!({ "minmem": 1, "memory": "2G" }), r#"{"minmem":"2G","maxmem":"2G"}"#);
}

#[test]
fn the_others_keep_their_order() {
    check_upgrade(
        json!({ "memory": 4, "vcpus": 1, "auto_balance": true }),
        r#"{"vcpus":1,"auto_balance":true,"maxmem":4,"minmem":4}"#,
    );
}

#[test]
fn without_the_old_parameter_nothing_changes() {
    check_upgrade(json!({ "minmem": 1 }), r#"{"minmem":1}"#);
}

#[test]
fn a_minimum_up_to_the_maximum_is_good() {
    for min in [0, 508, 512] {
        assert_eq!(check_memory(&params(json!({ "minmem": min, "maxmem": 512 }))), Ok(()), "{min}");
    }
}

#[test]
fn a_minimum_above_the_maximum_is_refused() {
    let text = check_memory(&params(json!({ "minmem": 516, "maxmem": 512 }))).expect_err("the minimum is greater");
    assert_eq!(text, "the minimum memory `minmem` (516 MiB) is above the maximum `maxmem` (512 MiB)");
}

#[test]
fn what_is_missing_or_no_number_is_not_compared() {
    for one in [json!({}), json!({ "minmem": 1 }), json!({ "minmem": 2, "maxmem": null })] {
        assert_eq!(check_memory(&params(one)), Ok(()));
    }
}
