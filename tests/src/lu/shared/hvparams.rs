//! Hypervisor parameters that come with a request.

use cmdlib::error::Code;
use cmdlib::field::Params;
use cmdlib::lu::shared::hvparams::{check_hvparams, typed};
use cmdlib::params::{Hypervisor, fill};
use cmdlib::rpc::HypervisorValidateParams;
use serde_json::{Value, json};
use testlib::{LuRun, LuTest};

fn params(members: &Value) -> Params {
    members.as_object().expect("parameters are an object").clone()
}

/// The parameters of kvm, with these in place of the defaults.
fn kvm(members: &Value) -> Params {
    fill(&Hypervisor::Kvm.parameters().defaults(), &params(members))
}

/// Checks parameters on nodes.
#[track_caller]
fn check<const N: usize>(t: &mut LuTest, hypervisor: &'static str, params: Params, nodes: [&str; N]) -> LuRun {
    let nodes: Vec<_> = nodes.iter().map(|node| t.config().id_of_node(node)).collect();
    t.check(move |cx| check_hvparams(hypervisor, &params, &nodes, cx))
}

#[track_caller]
fn check_kvm(t: &mut LuTest) -> LuRun {
    check(t, "kvm", kvm(&json!({"acpi": false})), ["node2", "node3"])
}

// -- types

#[test]
fn values_get_their_types() {
    let given = json!({"acpi": "false", "kvm_pci_reservations": "7", "kernel_args": "ro"});
    let wanted = json!({"acpi": false, "kvm_pci_reservations": 7, "kernel_args": "ro"});
    assert_eq!(typed(params(&given)), Ok(params(&wanted)));
}

#[test]
fn no_parameters_are_good_parameters() {
    assert_eq!(typed(Params::new()), Ok(Params::new()));
}

#[track_caller]
fn refuses(given: &Value) {
    let refusal = typed(params(given)).unwrap_err();
    assert_eq!((refusal.code, refusal.text.starts_with("hvparams: ")), (Code::WrongInput, true), "{refusal}");
}

#[test]
fn d30_a_value_of_a_wrong_type_is_wrong_input() {
    refuses(&json!({"acpi": "perhaps"}));
}

#[test]
fn d30_a_list_for_a_number_is_wrong_input() {
    refuses(&json!({"kvm_pci_reservations": [1]}));
}

#[test]
fn d30_a_name_that_no_hypervisor_has_is_wrong_input() {
    refuses(&json!({"no_such": true}));
}

// -- by themselves

#[test]
fn d106_a_value_that_the_hypervisor_cannot_have_is_wrong_input() {
    let wrong = kvm(&json!({"boot_order": "tape"}));
    check(&mut LuTest::three_nodes(), "kvm", wrong, ["node2"]).called_nobody().refused(Code::WrongInput, "hvparams: ");
}

#[test]
fn d106_values_that_do_not_go_together_are_wrong_input() {
    let wrong = kvm(&json!({"boot_order": "cdrom"}));
    check(&mut LuTest::three_nodes(), "kvm", wrong, ["node2"]).refused(Code::WrongInput, "cdrom_image_path");
}

#[test]
fn d106_a_parameter_of_another_hypervisor_is_wrong_input() {
    let wrong = kvm(&json!({"vif_type": "ioemu"}));
    check(&mut LuTest::three_nodes(), "kvm", wrong, ["node2"]).refused(Code::WrongInput, "vif_type");
}

#[test]
fn d106_a_hypervisor_that_there_is_none_of_is_wrong_input() {
    let params = kvm(&json!({}));
    check(&mut LuTest::three_nodes(), "qemu", params, ["node2"]).refused(Code::WrongInput, "unknown hypervisor");
}

// -- on nodes

#[test]
fn all_nodes_are_asked_in_one_call() {
    check_kvm(&mut LuTest::three_nodes())
        .called_times::<HypervisorValidateParams>(1)
        .called_on::<HypervisorValidateParams>(["node2", "node3"])
        .succeeded();
}

#[test]
fn nodes_are_told_the_parameters_that_are_given() {
    check_kvm(&mut LuTest::three_nodes())
        .called_with::<HypervisorValidateParams>("acpi off", |call| {
            call.hypervisor == "kvm" && call.hvparams["acpi"] == false
        })
        .succeeded();
}

#[test]
fn parameters_that_are_given_win_over_those_of_the_cluster() {
    let mut t = LuTest::three_nodes();
    t.config().hvparam("kvm", "acpi", true);
    check_kvm(&mut t)
        .called_with::<HypervisorValidateParams>("acpi off", |call| call.hvparams["acpi"] == false)
        .succeeded();
}

#[test]
fn d105_a_node_that_cannot_have_them_is_refused_and_named() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<HypervisorValidateParams>().node("node2").healthy();
    t.rpc().on::<HypervisorValidateParams>().node("node3").fails("no such kernel");
    check_kvm(&mut t).refused(Code::Environment, "hypervisor parameters do not fit: node node3");
}

#[test]
fn a_node_that_does_not_answer_is_refused() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<HypervisorValidateParams>().unreachable();
    check_kvm(&mut t).refused(Code::Environment, "no answer");
}

#[test]
fn an_offline_node_counts_as_content() {
    let mut t = LuTest::three_nodes();
    t.config().node("node2").offline();
    check_kvm(&mut t).called_on::<HypervisorValidateParams>(["node3"]).succeeded();
}

#[test]
fn an_offline_node_does_not_speak_for_the_others() {
    let mut t = LuTest::three_nodes();
    t.config().node("node2").offline();
    t.rpc().on::<HypervisorValidateParams>().node("node3").fails("no such kernel");
    check_kvm(&mut t).refused(Code::Environment, "node3");
}

#[test]
fn a_node_that_runs_no_instances_is_not_asked() {
    let mut t = LuTest::three_nodes();
    t.config().node("node2").not_vm_capable();
    check_kvm(&mut t).called_on::<HypervisorValidateParams>(["node3"]).succeeded();
}

#[test]
fn without_a_node_nobody_is_asked() {
    check(&mut LuTest::three_nodes(), "kvm", kvm(&json!({})), []).called_nobody().succeeded();
}
