//! Faults of the cluster itself.

use cmdlib::config::FindingKind::*;
use serde_json::json;

use super::{check, check_fine, findings, without};

#[test]
fn a_cluster_without_hypervisor_is_found() {
    check(NoHypervisor, &["hypervisor"], |it| it["cluster"]["enabled_hypervisors"] = json!([]));
}

#[test]
fn a_hypervisor_without_parameters_is_found() {
    check(NoHypervisorParameters, &["'kvm'"], |it| without(&mut it["cluster"]["hvparams"], "kvm"));
}

#[test]
fn a_cluster_without_disk_template_is_found() {
    check(NoDiskTemplate, &["disk template"], |it| it["cluster"]["enabled_disk_templates"] = json!([]));
}

#[test]
fn a_master_that_does_not_exist_is_found() {
    check(MasterNodeGone, &["node9"], |it| it["cluster"]["master_node"] = json!("node9"));
}

#[test]
fn a_master_that_is_not_named_is_found() {
    check(MasterNodeGone, &["none"], |it| it["cluster"]["master_node"] = json!(""));
}

#[test]
fn a_master_that_is_no_candidate_is_found() {
    check(MasterNotCandidate, &["'node3.example.com'"], |it| it["cluster"]["master_node"] = json!("node3"));
}

#[test]
fn too_few_candidates_are_found() {
    check(TooFewCandidates, &["2", "3"], |it| it["cluster"]["candidate_pool_size"] = json!(3));
}

#[test]
fn no_more_candidates_are_wanted_than_could_be() {
    for (key, value) in [("offline", true), ("drained", true), ("master_capable", false)] {
        check_fine(|it| {
            it["cluster"]["candidate_pool_size"] = json!(10);
            it["nodes"]["node3"][key] = json!(value);
        });
    }
}

#[test]
fn more_candidates_than_wanted_are_fine() {
    check_fine(|it| it["cluster"]["candidate_pool_size"] = json!(1));
}

#[test]
fn an_unknown_backend_parameter_is_found() {
    let says = ["the cluster", "max_mem", "maxmem"];
    check(BackendParameters, &says, |it| it["cluster"]["beparams"]["default"]["max_mem"] = json!(1));
}

#[test]
fn a_backend_parameter_of_the_wrong_type_is_found() {
    check(BackendParameters, &["`vcpus`"], |it| it["cluster"]["beparams"]["default"]["vcpus"] = json!("many"));
}

#[test]
fn the_old_memory_is_no_unknown_parameter() {
    check_fine(|it| it["cluster"]["beparams"]["default"] = json!({"memory": 512}));
    check_fine(|it| it["instances"]["web1"]["beparams"] = json!({"memory": "1G"}));
}

#[test]
fn a_value_that_can_be_brought_to_its_type_is_fine() {
    check_fine(|it| it["cluster"]["beparams"]["default"] = json!({"maxmem": "1G", "auto_balance": "true"}));
}

#[test]
fn an_unknown_interface_parameter_is_found() {
    check(NicParameters, &["the cluster", "bridge"], |it| {
        it["cluster"]["nicparams"]["default"]["bridge"] = json!("br0");
    });
}

#[test]
fn an_unknown_mode_of_interfaces_is_found() {
    // Interfaces that set the mode themselves are judged by that.
    check(NicMode, &["the cluster", "bridge"], |it| {
        it["cluster"]["nicparams"]["default"]["mode"] = json!("bridge");
        it["instances"]["web1"]["nics"][0]["nicparams"]["mode"] = json!("bridged");
    });
}

#[test]
fn bridged_interfaces_without_link_are_found() {
    check(NicMode, &["the cluster", "link"], |it| it["cluster"]["nicparams"]["default"]["link"] = json!(""));
}

#[test]
fn routed_interfaces_need_no_link() {
    check_fine(|it| it["cluster"]["nicparams"]["default"] = json!({"mode": "routed", "link": ""}));
}

#[test]
fn an_unknown_node_parameter_is_found() {
    check(NodeParameters, &["the cluster", "oob"], |it| it["cluster"]["ndparams"]["oob"] = json!(""));
}

#[test]
fn an_unknown_way_of_access_is_found() {
    check(DiskAccess, &["rbd", "\"kernel\"", "userspace"], |it| {
        it["cluster"]["diskparams"]["rbd"] = json!({"access": "kernel"});
    });
}

#[test]
fn an_access_of_the_wrong_type_is_found() {
    check(DiskAccess, &["gluster", "5"], |it| it["cluster"]["diskparams"]["gluster"] = json!({"access": 5}));
}

#[test]
fn a_known_way_of_access_is_fine() {
    check_fine(|it| it["cluster"]["diskparams"]["ext"] = json!({"access": "userspace"}));
}

#[test]
fn a_fault_of_the_cluster_is_not_found_at_those_that_inherit_it() {
    let found = findings(|it| it["cluster"]["ndparams"]["ssh_port"] = json!("x"));
    assert_eq!(found.len(), 1, "{found:#?}");
}
