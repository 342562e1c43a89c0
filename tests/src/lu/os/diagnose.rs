//! `OsDiagnose`: what all nodes have, what is left out, and what is not known.

use cmdlib::error::Code;
use cmdlib::op::{Common, NonEmpty, OsDiagnose};
use cmdlib::rpc::{self, OsEntry};
use serde_json::{Value, json};
use testlib::{LuRun, LuTest, clusters};

const ALL_KINDS: [&str; 4] = ["name", "hidden", "blacklisted", "valid"];

/// A valid, trusted system without anything.
fn os(name: &str) -> OsEntry {
    OsEntry {
        name: name.to_owned(),
        path: format!("/srv/ganeti/os/{name}"),
        valid: true,
        diagnosis: String::new(),
        variants: Vec::new(),
        parameters: Vec::new(),
        api_versions: Vec::new(),
        trusted: true,
    }
}

fn variants<const N: usize>(names: [&str; N]) -> OsEntry {
    OsEntry { variants: names.map(str::to_owned).into(), ..os("debian") }
}

/// Three nodes, each with these systems.
fn everywhere(systems: Vec<OsEntry>) -> LuTest {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::OsDiagnose>().any_times().replies(systems);
    t
}

/// Three nodes: these systems on the first two and on the last one.
fn first_two_and_last(first: Vec<OsEntry>, last: Vec<OsEntry>) -> LuTest {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::OsDiagnose>().node("node1").replies(first.clone());
    t.rpc().on::<rpc::OsDiagnose>().node("node2").replies(first);
    t.rpc().on::<rpc::OsDiagnose>().node("node3").replies(last);
    t
}

/// The same with the odd one on the first node.
fn first_and_last_two(first: Vec<OsEntry>, last: Vec<OsEntry>) -> LuTest {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::OsDiagnose>().node("node1").replies(first);
    t.rpc().on::<rpc::OsDiagnose>().node("node2").replies(last.clone());
    t.rpc().on::<rpc::OsDiagnose>().node("node3").replies(last);
    t
}

fn fields<const N: usize>(fields: [&str; N]) -> OsDiagnose {
    OsDiagnose::new(fields)
}

fn named<const N: usize, const M: usize>(names: [&str; N], of: [&str; M]) -> OsDiagnose {
    OsDiagnose { names: names.map(NonEmpty::from).into(), ..fields(of) }
}

#[track_caller]
fn tells<const N: usize>(t: &mut LuTest, of: [&str; N], rows: Value) {
    t.run(fields(of)).returned(rows);
}

fn run_on_healthy_nodes(op: OsDiagnose) -> LuRun {
    LuTest::three_nodes().run(op)
}

// -- which systems, in which order

#[test]
fn all_systems_are_told_sorted_by_name() {
    let mut t = everywhere(vec![os("debian"), os("alpine")]);
    t.run(fields(["name"])).returned(json!([["alpine"], ["debian"]]));
}

#[test]
fn numbers_in_names_are_sorted_as_numbers() {
    let mut t = everywhere(vec![os("os10"), os("os2")]);
    t.run(fields(["name"])).returned(json!([["os2"], ["os10"]]));
}

#[test]
fn a_system_that_one_node_has_is_told() {
    let mut t = first_two_and_last(vec![], vec![os("debian")]);
    t.run(fields(["name", "valid"])).returned(json!([["debian", false]]));
}

#[test]
fn nodes_without_any_system_are_an_empty_result() {
    everywhere(vec![]).run(fields(["name"])).never_warned().returned(json!([]));
}

#[test]
fn only_the_systems_that_are_named_are_told() {
    let mut t = everywhere(vec![os("alpine"), os("busybox"), os("debian")]);
    t.run(named(["debian", "alpine"], ["name"])).returned(json!([["alpine"], ["debian"]]));
}

#[test]
fn a_system_that_no_node_has_is_not_told() {
    everywhere(vec![os("debian")]).run(named(["nope"], ["name"])).returned(json!([]));
}

#[test]
fn a_hidden_system_is_left_out() {
    let mut t = everywhere(vec![os("alpine"), os("debian")]);
    t.config().hidden_os("debian");
    t.run(fields(["name"])).returned(json!([["alpine"]]));
}

#[test]
fn a_hidden_system_is_told_where_that_is_asked_for() {
    let mut t = everywhere(vec![os("alpine"), os("debian")]);
    t.config().hidden_os("debian");
    t.run(fields(["name", "hidden"])).returned(json!([["alpine", false], ["debian", true]]));
}

#[test]
fn a_blacklisted_system_is_left_out() {
    let mut t = everywhere(vec![os("alpine"), os("debian")]);
    t.config().blacklisted_os("debian");
    t.run(fields(["name"])).returned(json!([["alpine"]]));
}

#[test]
fn a_blacklisted_system_is_told_where_that_is_asked_for() {
    let mut t = everywhere(vec![os("alpine"), os("debian")]);
    t.config().blacklisted_os("debian");
    t.run(fields(["name", "blacklisted"])).returned(json!([["alpine", false], ["debian", true]]));
}

#[test]
fn a_system_that_is_not_valid_is_left_out() {
    let mut t = everywhere(vec![os("alpine"), OsEntry { valid: false, ..os("debian") }]);
    t.run(fields(["name"])).returned(json!([["alpine"]]));
}

#[test]
fn a_system_that_is_not_valid_is_told_where_that_is_asked_for() {
    let mut t = everywhere(vec![os("alpine"), OsEntry { valid: false, ..os("debian") }]);
    t.run(fields(["name", "valid"])).returned(json!([["alpine", true], ["debian", false]]));
}

#[test]
fn a_hidden_system_stays_left_out_when_it_is_named() {
    let mut t = everywhere(vec![os("debian")]);
    t.config().hidden_os("debian");
    t.run(named(["debian"], ["name", "valid", "blacklisted"])).returned(json!([]));
}

#[test]
fn systems_of_all_kinds_come_in_the_order_of_the_names() {
    let mut t = everywhere(vec![os("alpine"), os("debian")]);
    t.run(named(["debian", "alpine"], ALL_KINDS))
        .returned(json!([["debian", false, false, true], ["alpine", false, false, true]]));
}

#[test]
fn a_system_of_any_kind_that_is_named_twice_is_told_once() {
    let mut t = everywhere(vec![os("debian")]);
    t.run(named(["debian", "debian"], ALL_KINDS)).returned(json!([["debian", false, false, true]]));
}

#[test]
fn a_system_of_any_kind_that_no_node_has_fails_the_run() {
    everywhere(vec![os("debian")]).run(named(["debian", "nope"], ALL_KINDS)).failed("'nope'");
}

#[test]
fn without_names_systems_of_all_kinds_are_sorted() {
    let mut t = everywhere(vec![os("debian"), os("alpine")]);
    t.run(fields(ALL_KINDS)).returned(json!([["alpine", false, false, true], ["debian", false, false, true]]));
}

// -- fields

#[test]
fn fields_come_as_they_were_asked_for() {
    tells(&mut everywhere(vec![os("debian")]), ["trusted", "name", "trusted"], json!([[true, "debian", true]]));
}

#[test]
fn variants_are_sorted_with_numbers_as_numbers() {
    tells(&mut everywhere(vec![variants(["v10", "v9", "a"])]), ["variants"], json!([[["a", "v9", "v10"]]]));
}

#[test]
fn versions_are_sorted_by_number() {
    let mut t = everywhere(vec![OsEntry { api_versions: vec![20, 5, 10], ..os("debian") }]);
    tells(&mut t, ["api_versions"], json!([[[5, 10, 20]]]));
}

#[test]
fn parameters_are_sorted_by_name_and_explained() {
    let parameters = [("p10", "the tenth"), ("p9", "the ninth")].map(|(name, text)| (name.to_owned(), text.to_owned()));
    let mut t = everywhere(vec![OsEntry { parameters: parameters.into(), ..os("debian") }]);
    tells(&mut t, ["parameters"], json!([[[["p9", "the ninth"], ["p10", "the tenth"]]]]));
}

#[test]
fn only_variants_that_all_nodes_have_are_told() {
    let mut t = first_two_and_last(vec![variants(["old", "new"])], vec![variants(["new", "newer"])]);
    tells(&mut t, ["variants"], json!([[["new"]]]));
}

#[test]
fn only_parameters_that_all_nodes_explain_alike_are_told() {
    let with = |text: &str| OsEntry { parameters: vec![("dhcp".to_owned(), text.to_owned())], ..os("debian") };
    tells(&mut first_two_and_last(vec![with("yes or no")], vec![with("on or off")]), ["parameters"], json!([[[]]]));
}

#[test]
fn only_versions_that_all_nodes_have_are_told() {
    let with = |versions: [i64; 2]| OsEntry { api_versions: versions.into(), ..os("debian") };
    tells(&mut first_two_and_last(vec![with([10, 15])], vec![with([15, 20])]), ["api_versions"], json!([[[15]]]));
}

#[test]
fn a_system_is_not_trusted_if_one_node_says_no() {
    let mut t = first_two_and_last(vec![os("debian")], vec![OsEntry { trusted: false, ..os("debian") }]);
    tells(&mut t, ["trusted"], json!([[false]]));
}

#[test]
fn of_several_places_the_first_counts() {
    let second = OsEntry { path: "/usr/local/os/debian".to_owned(), valid: false, trusted: false, ..os("debian") };
    let mut t = everywhere(vec![os("debian"), second]);
    tells(&mut t, ["valid", "trusted"], json!([[true, true]]));
}

#[test]
fn what_each_node_says_is_told_by_uuid() {
    let parameters = vec![("dhcp".to_owned(), "yes or no".to_owned())];
    let entry = OsEntry { parameters, api_versions: vec![20], diagnosis: "old".to_owned(), ..variants(["new"]) };
    let mut t = first_two_and_last(vec![entry], vec![]);
    let said = json!([["/srv/ganeti/os/debian", true, "old", ["new"], [["dhcp", "yes or no"]], [20], true]]);
    let [one, two, three] = ["node1", "node2", "node3"].map(|node| t.config().id_of_node(node).to_string());
    let status = json!({one: said.clone(), two: said, three: []});
    t.run(fields(["node_status", "valid"])).returned(json!([[status, false]]));
}

#[test]
fn what_a_node_says_of_several_places_is_all_told() {
    let second = OsEntry { path: "/usr/local/os/debian".to_owned(), ..os("debian") };
    let mut t = LuTest::new();
    t.rpc().on::<rpc::OsDiagnose>().node("node1").replies(vec![os("debian"), second]);
    let node1 = t.config().id_of_node("node1").to_string();
    let at = |path: &str| json!([path, true, "", [], [], [], true]);
    let status = json!({node1: [at("/srv/ganeti/os/debian"), at("/usr/local/os/debian")]});
    t.run(fields(["node_status"])).returned(json!([[status]]));
}

// -- parameters of the cluster

#[test]
fn d11_parameters_of_the_bare_name_are_told() {
    let mut t = everywhere(vec![os("debian")]);
    t.config().osparam("debian", "dhcp", "yes");
    tells(&mut t, ["osparams"], json!([[{"debian": {"dhcp": "yes"}}]]));
}

#[test]
fn d11_parameters_of_the_bare_name_are_told_besides_those_of_variants() {
    let mut t = everywhere(vec![variants(["wheezy"])]);
    t.config().osparam("debian", "dhcp", "yes").osparam("debian+wheezy", "mirror", "m1");
    tells(&mut t, ["osparams"], json!([[{"debian": {"dhcp": "yes"}, "debian+wheezy": {"mirror": "m1"}}]]));
}

#[test]
fn d11_hypervisor_parameters_of_the_bare_name_are_told() {
    let mut t = everywhere(vec![os("debian")]);
    t.config().os_hvparam("debian", "kvm", "acpi", false);
    tells(&mut t, ["os_hvp"], json!([[{"debian": {"kvm": {"acpi": false}}}]]));
}

#[test]
fn hypervisor_parameters_of_variants_are_told() {
    let mut t = everywhere(vec![variants(["wheezy"])]);
    t.config().os_hvparam("debian+wheezy", "kvm", "acpi", false);
    tells(&mut t, ["os_hvp"], json!([[{"debian+wheezy": {"kvm": {"acpi": false}}}]]));
}

#[test]
fn parameters_of_variants_that_not_all_nodes_have_are_not_told() {
    let mut t = first_two_and_last(vec![variants(["wheezy"])], vec![os("debian")]);
    t.config().osparam("debian+wheezy", "mirror", "m1");
    tells(&mut t, ["osparams"], json!([[{}]]));
}

#[test]
fn private_parameters_are_never_told() {
    let mut t = everywhere(vec![os("debian")]);
    t.config().osparam_private("debian", "rootpw", "cluster-os-secret-0001");
    tells(&mut t, ["osparams"], json!([[{}]]));
}

// -- nodes that lack a system (D12)

#[test]
fn d12_nothing_is_common_to_nodes_of_which_the_last_lacks_the_system() {
    let mut t = first_two_and_last(vec![OsEntry { api_versions: vec![20], ..variants(["new"]) }], vec![]);
    tells(&mut t, ["variants", "api_versions", "valid"], json!([[[], [], false]]));
}

#[test]
fn d12_nothing_is_common_to_nodes_of_which_the_first_lacks_the_system() {
    let mut t = first_and_last_two(vec![], vec![OsEntry { api_versions: vec![20], ..variants(["new"]) }]);
    tells(&mut t, ["variants", "api_versions", "valid"], json!([[[], [], false]]));
}

#[test]
fn d12_what_a_node_says_after_one_that_lacks_the_system_counts() {
    let mut t = first_and_last_two(vec![], vec![OsEntry { trusted: false, ..os("debian") }]);
    tells(&mut t, ["trusted", "valid"], json!([[false, false]]));
}

#[test]
fn d12_what_a_node_says_after_one_where_the_system_is_not_valid_counts() {
    let bad = OsEntry { valid: false, ..variants(["old", "new"]) };
    let mut t = first_and_last_two(vec![bad], vec![variants(["new", "newer"])]);
    tells(&mut t, ["variants", "valid"], json!([[["new"], false]]));
}

// -- nodes that do not answer (D13)

#[test]
fn d13_a_node_that_refuses_is_warned_about() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::OsDiagnose>().node("node2").fails("no such folder").on::<rpc::OsDiagnose>().healthy();
    t.run(fields(["name"])).warned("node node2: no such folder").returned(json!([["busybox"], ["debian"]]));
}

#[test]
fn d13_a_node_that_gives_no_answer_is_warned_about() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::OsDiagnose>().node("node2").unreachable().on::<rpc::OsDiagnose>().healthy();
    t.run(fields(["name"])).warned("node node2").succeeded();
}

#[test]
fn d13_a_node_that_answers_nonsense_is_warned_about() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::OsDiagnose>().node("node2").malformed().on::<rpc::OsDiagnose>().healthy();
    t.run(fields(["name"])).warned("node node2: malformed").returned(json!([["busybox"], ["debian"]]));
}

#[test]
fn d13_when_no_node_answers_each_is_warned_about() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::OsDiagnose>().times(3).fails("not today");
    t.run(fields(["name"])).warned("node node1").warned("node node2").warned("node node3").returned(json!([]));
}

#[test]
fn a_node_that_does_not_answer_is_not_one_that_lacks_the_system() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::OsDiagnose>().node("node1").fails("not today").on::<rpc::OsDiagnose>().healthy();
    t.run(named(["debian"], ["valid"])).returned(json!([[true]]));
}

// The reference counts it as one that has none.
#[test]
fn n06_a_node_that_answers_null_is_not_one_that_lacks_the_system() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::OsDiagnose>().node("node2").replies_raw(Value::Null).on::<rpc::OsDiagnose>().healthy();
    t.run(named(["debian"], ["valid"])).returned(json!([[true]]));
}

#[test]
fn a_node_that_does_not_answer_has_no_status() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::OsDiagnose>().node("node1").fails("not today");
    t.rpc().on::<rpc::OsDiagnose>().any_times().replies(vec![os("debian")]);
    let [two, three] = ["node2", "node3"].map(|node| t.config().id_of_node(node).to_string());
    let said = json!([["/srv/ganeti/os/debian", true, "", [], [], [], true]]);
    t.run(fields(["node_status"])).returned(json!([[{two: said.clone(), three: said}]]));
}

#[test]
fn nodes_that_answer_are_not_warned_about() {
    run_on_healthy_nodes(fields(["name"])).never_warned().succeeded();
}

// -- which nodes are asked

#[test]
fn every_node_is_asked_at_once() {
    run_on_healthy_nodes(fields(["name"]))
        .called_times::<rpc::OsDiagnose>(1)
        .called_on::<rpc::OsDiagnose>(["node1", "node2", "node3"])
        .succeeded();
}

#[test]
fn an_offline_node_is_not_asked() {
    let mut t = LuTest::three_nodes();
    t.config().node("node2").offline();
    t.run(fields(["name"])).called_on::<rpc::OsDiagnose>(["node1", "node3"]).never_warned().succeeded();
}

#[test]
fn a_node_that_runs_no_instances_is_not_asked() {
    let mut t = LuTest::three_nodes();
    t.config().node("node2").not_vm_capable();
    t.run(fields(["name"])).called_on::<rpc::OsDiagnose>(["node1", "node3"]).succeeded();
}

#[test]
fn nothing_is_locked() {
    run_on_healthy_nodes(fields(["name"])).locked_nothing().succeeded();
}

#[test]
fn no_hooks_run() {
    run_on_healthy_nodes(fields(["name"])).no_hooks().succeeded();
}

#[test]
fn the_configuration_stays_as_it_is() {
    run_on_healthy_nodes(fields(["name"])).changed_nothing().succeeded();
}

#[test]
fn in_a_dry_run_nobody_is_asked() {
    let common = Common { dry_run: true, ..Common::default() };
    run_on_healthy_nodes(OsDiagnose { common, ..fields(["name"]) }).called_nobody().succeeded();
}

// -- refusals

// The reference asks all nodes before it looks at the fields (R06).
#[test]
fn a_field_that_does_not_exist_is_refused_before_any_node_is_asked() {
    run_on_healthy_nodes(fields(["name", "nofield"])).called_nobody().refused(Code::WrongInput, "\"nofield\"");
}

// In the reference a dry run never gets as far.
#[test]
fn n04_a_field_that_does_not_exist_is_refused_in_a_dry_run_too() {
    let common = Common { dry_run: true, ..Common::default() };
    run_on_healthy_nodes(OsDiagnose { common, ..fields(["nofield"]) })
        .called_nobody()
        .refused(Code::WrongInput, "\"nofield\"");
}

#[test]
fn the_refusal_of_a_field_tells_which_there_are() {
    run_on_healthy_nodes(fields(["nofield"])).refused(Code::WrongInput, "name, valid, hidden, blacklisted");
}

#[test]
fn every_odd_cluster_can_be_asked() {
    for (_, config) in clusters::odd() {
        LuTest::with(config).run(fields(["name"])).never_warned().returned(json!([["busybox"], ["debian"]]));
    }
}
