//! Faults of instance policies, the cluster's and a group's.

use cmdlib::config::FindingKind::*;
use serde_json::{Value, json};

use super::{check, check_fine, without};

fn of_cluster(document: &mut Value) -> &mut Value {
    &mut document["cluster"]["ipolicy"]
}

fn of_group(document: &mut Value) -> &mut Value {
    &mut document["nodegroups"]["group-rack-b"]["ipolicy"]
}

#[test]
fn a_missing_standard_is_found() {
    check(PolicyStandard, &["cluster", "cpu-count"], |it| without(of_cluster(it), "std"));
}

#[test]
fn an_incomplete_standard_is_found() {
    check(PolicyStandard, &["nic-count"], |it| without(&mut of_cluster(it)["std"], "nic-count"));
}

#[test]
fn a_standard_that_is_no_object_is_found() {
    check(PolicyStandard, &["cluster"], |it| of_cluster(it)["std"] = json!(1));
}

#[test]
fn a_policy_that_was_never_set_is_fine() {
    check_fine(|it| *of_cluster(it) = json!({}));
    check_fine(|it| *of_group(it) = json!({}));
}

#[test]
fn a_policy_without_ranges_is_found() {
    check(PolicyRanges, &["cluster"], |it| of_cluster(it)["minmax"] = json!([]));
    check(PolicyRanges, &["'rack-b'"], |it| of_group(it)["minmax"] = json!([]));
}

#[test]
fn ranges_that_are_no_list_are_found() {
    check(PolicyRanges, &["'rack-b'", "{}"], |it| of_group(it)["minmax"] = json!({}));
}

#[test]
fn a_range_without_end_is_found() {
    check(PolicyRangePart, &["'max'", "range 0"], |it| without(&mut of_cluster(it)["minmax"][0], "max"));
}

#[test]
fn an_incomplete_end_of_a_range_is_found() {
    check(PolicyRangePart, &["'min'", "disk-size"], |it| {
        without(&mut of_cluster(it)["minmax"][0]["min"], "disk-size");
    });
}

#[test]
fn a_range_that_begins_above_its_end_is_found() {
    check(PolicyRangeReversed, &["cpu-count", "9", "8"], |it| {
        // The standard is in the other range.
        let mut reversed = of_cluster(it)["minmax"][0].clone();
        reversed["min"]["cpu-count"] = json!(9);
        of_cluster(it)["minmax"].as_array_mut().unwrap().push(reversed);
    });
}

#[test]
fn a_standard_outside_of_all_ranges_is_found() {
    for cpus in [0, 9] {
        check(PolicyStandardOutside, &["cluster"], |it| of_cluster(it)["std"]["cpu-count"] = json!(cpus));
    }
}

#[test]
fn a_standard_that_fits_only_by_parts_of_two_ranges_is_found() {
    check(PolicyStandardOutside, &["cluster"], |it| {
        let policy = of_cluster(it);
        let mut other = policy["minmax"][0].clone();
        policy["minmax"][0]["min"]["memory-size"] = json!(256);
        other["min"]["cpu-count"] = json!(2);
        policy["minmax"].as_array_mut().unwrap().push(other);
    });
}

#[test]
fn a_standard_that_fits_in_one_of_the_ranges_is_fine() {
    check_fine(|it| {
        let mut other = of_cluster(it)["minmax"][0].clone();
        other["min"]["cpu-count"] = json!(2);
        of_cluster(it)["minmax"].as_array_mut().unwrap().insert(0, other);
    });
}

#[test]
fn the_standard_is_not_compared_with_the_ranges_of_a_group() {
    check_fine(|it| {
        let mut ranges = of_cluster(it)["minmax"].clone();
        ranges[0]["min"]["cpu-count"] = json!(4);
        of_group(it)["minmax"] = ranges;
    });
}

#[test]
fn an_unknown_specification_is_found() {
    check(PolicySpecification, &["cluster, std", "disks"], |it| of_cluster(it)["std"]["disks"] = json!(1));
    check(PolicySpecification, &["'rack-b', std"], |it| of_group(it)["std"] = json!({"disks": 1}));
}

#[test]
fn a_specification_of_the_wrong_type_is_found() {
    check(PolicySpecification, &["range 0, max", "memory-size"], |it| {
        of_cluster(it)["minmax"][0]["max"]["memory-size"] = json!([]);
    });
}

#[test]
fn an_unknown_part_of_a_range_is_found() {
    check(PolicySpecification, &["'mid'"], |it| of_cluster(it)["minmax"][0]["mid"] = json!({}));
}

#[test]
fn templates_that_are_no_list_are_found() {
    check(PolicyTemplatesForm, &["\"plain\""], |it| of_cluster(it)["disk-templates"] = json!("plain"));
}

#[test]
fn a_policy_that_allows_no_template_is_found() {
    check(PolicyTemplatesEmpty, &["'rack-b'"], |it| of_group(it)["disk-templates"] = json!([]));
}

#[test]
fn a_policy_that_allows_no_enabled_template_is_found() {
    check(PolicyTemplatesEmpty, &["'rack-b'"], |it| of_group(it)["disk-templates"] = json!(["rbd"]));
}

#[test]
fn an_unknown_template_is_found() {
    for odd in [json!("drbd8"), json!(8)] {
        check(PolicyTemplateUnknown, &[&odd.to_string()], |it| {
            of_cluster(it)["disk-templates"] = json!(["plain", odd]);
        });
    }
}

#[test]
fn a_template_that_is_not_enabled_beside_one_that_is_is_fine() {
    check_fine(|it| of_group(it)["disk-templates"] = json!(["plain", "rbd"]));
}

#[test]
fn a_ratio_that_is_no_number_is_found() {
    check(PolicyRatio, &["vcpu-ratio", "null"], |it| of_cluster(it)["vcpu-ratio"] = Value::Null);
    check(PolicyRatio, &["spindle-ratio", "'rack-b'"], |it| of_group(it)["spindle-ratio"] = json!("many"));
}

#[test]
fn a_whole_number_is_a_ratio() {
    check_fine(|it| of_cluster(it)["vcpu-ratio"] = json!(4));
}

#[test]
fn an_unknown_entry_is_found() {
    check(PolicyEntry, &["'max'", "cluster"], |it| of_cluster(it)["max"] = json!({}));
    check(PolicyEntry, &["'max'", "'rack-b'"], |it| of_group(it)["max"] = json!({}));
}
