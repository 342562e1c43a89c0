//! Hypervisor and backend parameters that are given for one start.

use cmdlib::error::Code;
use cmdlib::op::InstanceStartup;
use cmdlib::rpc::{HypervisorValidateParams, InstanceStart, NodeInfo};
use serde_json::{Value, json};
use testlib::{MiB, free_memory};

use super::super::sent;
use super::{bench, params, start};

fn with_hvparams(members: &Value) -> InstanceStartup {
    InstanceStartup { hvparams: params(members), ..start("web1") }
}

fn with_beparams(members: &Value) -> InstanceStartup {
    InstanceStartup { beparams: params(members), ..start("web1") }
}

// -- hypervisor parameters for this start

#[test]
fn hvparams_reach_the_node_that_starts_it() {
    let judged = bench().run(with_hvparams(&json!({"acpi": false}))).succeeded();
    assert_eq!(sent::<InstanceStart, _>(&judged, |call| &call.instance)["hvparams"]["acpi"], false);
}

#[test]
fn hvparams_are_not_kept() {
    let judged = bench().run(with_hvparams(&json!({"acpi": false}))).succeeded();
    let web1 = judged.config().named::<cmdlib::objects::Instance>("web1.example.com").unwrap();
    assert_eq!(web1.hvparams.get("acpi"), None);
}

#[test]
fn hvparams_reach_the_node_in_their_types() {
    let judged = bench().run(with_hvparams(&json!({"acpi": "false", "kvm_pci_reservations": "7"}))).succeeded();
    let told = sent::<InstanceStart, _>(&judged, |call| &call.instance);
    assert_eq!((&told["hvparams"]["acpi"], &told["hvparams"]["kvm_pci_reservations"]), (&json!(false), &json!(7)));
}

#[test]
fn hvparams_are_checked_on_all_nodes_of_the_instance() {
    let op = InstanceStartup { instance_name: "db1".to_owned(), ..with_hvparams(&json!({"acpi": false})) };
    bench()
        .run(op)
        .called_times::<HypervisorValidateParams>(1)
        .called_on::<HypervisorValidateParams>(["node2", "node3"])
        .succeeded();
}

#[test]
fn without_hvparams_no_node_is_asked_to_check_them() {
    bench().run(start("web1")).never_called::<HypervisorValidateParams>().succeeded();
}

#[test]
fn h49_hvparams_are_checked_together_with_those_of_the_operating_system() {
    let mut t = bench();
    t.config().os_hvparam("debian+default", "kvm", "kernel_args", "ro single");
    t.run(with_hvparams(&json!({"acpi": false})))
        .called_with::<HypervisorValidateParams>("the system's kernel_args", |call| {
            call.hvparams["kernel_args"] == "ro single" && call.hvparams["acpi"] == false
        })
        .succeeded();
}

#[test]
fn h49_hvparams_of_the_operating_system_reach_the_node_beside_those_given() {
    let mut t = bench();
    t.config().os_hvparam("debian+default", "kvm", "kernel_args", "ro single");
    let judged = t.run(with_hvparams(&json!({"acpi": false}))).succeeded();
    assert_eq!(sent::<InstanceStart, _>(&judged, |call| &call.instance)["hvparams"]["kernel_args"], "ro single");
}

#[test]
fn hvparams_win_over_those_of_the_instance() {
    let mut t = bench();
    t.config().instance("web1").hvparam("kernel_args", "quiet");
    t.run(with_hvparams(&json!({"kernel_args": "single"})))
        .called_with::<HypervisorValidateParams>("the given kernel_args", |call| {
            call.hvparams["kernel_args"] == "single"
        })
        .succeeded();
}

#[test]
fn d30_hvparams_of_a_wrong_type_or_name_are_refused() {
    for wrong in [json!({"acpi": "perhaps"}), json!({"kvm_pci_reservations": "many"}), json!({"no_such": 1})] {
        bench().run(with_hvparams(&wrong)).called_nobody().refused(Code::WrongInput, "hvparams");
    }
}

#[test]
fn d106_hvparams_that_the_hypervisor_cannot_have_are_refused() {
    for wrong in [json!({"boot_order": "tape"}), json!({"kernel_path": "relative"}), json!({"vif_type": "ioemu"})] {
        bench().run(with_hvparams(&wrong)).called_nobody().refused(Code::WrongInput, "hvparams: hypervisor kvm");
    }
}

#[test]
fn d105_hvparams_that_a_node_cannot_have_are_refused() {
    let mut t = bench();
    t.rpc().on::<HypervisorValidateParams>().node("node1").fails("no such kernel");
    t.run(with_hvparams(&json!({"acpi": false}))).no_hooks().refused(Code::Environment, "no such kernel");
}

#[test]
fn a_node_that_does_not_check_hvparams_is_refused() {
    let mut t = bench();
    t.rpc().on::<HypervisorValidateParams>().node("node1").unreachable();
    t.run(with_hvparams(&json!({"acpi": false}))).refused(Code::Environment, "hypervisor parameters do not fit");
}

#[test]
fn an_offline_secondary_node_does_not_check_hvparams() {
    let mut t = bench();
    t.config().node("node3").offline();
    let op = InstanceStartup { instance_name: "db1".to_owned(), ..with_hvparams(&json!({"acpi": false})) };
    t.run(op).called_on::<HypervisorValidateParams>(["node2"]).succeeded();
}

// -- backend parameters for this start

#[test]
fn beparams_reach_the_node_that_starts_it() {
    let judged = bench().run(with_beparams(&json!({"vcpus": "3"}))).succeeded();
    assert_eq!(sent::<InstanceStart, _>(&judged, |call| &call.instance)["beparams"]["vcpus"], 3);
}

#[test]
fn beparams_are_not_kept() {
    let judged = bench().run(with_beparams(&json!({"vcpus": 3}))).succeeded();
    let web1 = judged.config().named::<cmdlib::objects::Instance>("web1.example.com").unwrap();
    assert_eq!(web1.beparams.get("vcpus"), None);
}

#[test]
fn the_old_name_for_memory_stands_for_both_limits() {
    let judged = bench().run(with_beparams(&json!({"memory": 640}))).succeeded();
    let told = sent::<InstanceStart, _>(&judged, |call| &call.instance);
    assert_eq!((&told["beparams"]["minmem"], &told["beparams"]["maxmem"]), (&json!(640), &json!(640)));
}

#[test]
fn the_least_memory_that_is_given_must_be_free() {
    let mut t = bench();
    t.rpc().on::<NodeInfo>().node("node1").replies(free_memory(MiB(639)));
    t.run(with_beparams(&json!({"memory": 640}))).refused(Code::InsufficientResources, "needed are 640 MiB");
}

#[test]
fn d30_beparams_of_a_wrong_type_or_name_are_refused_before_any_lock() {
    for wrong in [json!({"vcpus": "many"}), json!({"maxmem": [1]}), json!({"no_such": 1})] {
        bench().run(with_beparams(&wrong)).locked_nothing().refused(Code::WrongInput, "beparams");
    }
}

#[test]
fn d107_a_least_memory_above_the_most_is_refused() {
    let wrong = json!({"minmem": 1028, "maxmem": 1024});
    bench().run(with_beparams(&wrong)).called_nobody().refused(Code::WrongInput, "beparams: the minimum memory");
}

#[test]
fn d107_a_least_memory_above_the_most_of_the_instance_is_refused() {
    let mut t = bench();
    t.config().instance("web1").memory(MiB(512), MiB(1024));
    t.run(with_beparams(&json!({"minmem": 1028}))).refused(Code::WrongInput, "(1028 MiB)");
}

#[test]
fn a_least_memory_that_is_the_most_will_do() {
    let mut t = bench();
    t.config().instance("web1").memory(MiB(512), MiB(1024));
    t.run(with_beparams(&json!({"minmem": 1024}))).succeeded();
}
