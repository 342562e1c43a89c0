//! What an allocator may reply that was asked for nodes: for a new instance, for several, for a secondary one, or for an
//! instance that leaves a node.

use cmdlib::iallocator::{Allocate, AllocateSecondary, MultiAllocate, NewDisk, Relocate, Request};
use cmdlib::params::DiskTemplate;
use cmdlib::rpc::IallocatorRunner;
use serde_json::{Value, json};
use testlib::{GiB, LuTest, clusters};

use super::ask;

const NODES: [&str; 4] = ["node1.example.com", "node2.example.com", "node3.example.com", "node4.example.com"];

/// Two nodes in `default`, two in `rack-b`; beside what is there, `plain1` has a plain disk on `node1`, and `ext1` is seen by
/// all nodes and runs on `node1`.
fn bench() -> LuTest {
    let mut t = LuTest::with(clusters::two_groups());
    t.config().instance("plain1").on("node1").plain(GiB(1));
    t.config().instance("ext1").on("node1").ext("netapp", GiB(1));
    t
}

fn allocate(name: &str, template: DiskTemplate) -> Allocate {
    Allocate { template, disks: vec![NewDisk::new(1024)], ..Allocate::new(format!("{name}.example.com"), "kvm") }
}

fn relocate(t: &mut LuTest, instance: &str, from: &str) -> Request {
    Relocate { instance: t.config().id_of_instance(instance), from: vec![t.config().id_of_node(from)] }.into()
}

#[track_caller]
fn asked(mut t: LuTest, request: impl Into<Request>, result: &Value) -> testlib::LuRun {
    let reply = json!({"success": true, "info": "", "result": result});
    t.rpc().on::<IallocatorRunner>().replies(reply.to_string());
    ask(&mut t, request)
}

/// The request is answered by a yes with this result, which means this.
#[track_caller]
fn means(request: impl Into<Request>, result: &Value, told: &str) {
    asked(bench(), request, result).returned(told);
}

/// The request is answered by a yes with this result, which breaks a rule.
#[track_caller]
fn breaks(request: impl Into<Request>, result: &Value, why: &str) {
    asked(bench(), request, result).failed(&format!("allocator 'hail' broke the rules: {why}"));
}

#[track_caller]
fn relocation_means(instance: &str, from: &str, result: &Value, told: &str) {
    let mut t = bench();
    let request = relocate(&mut t, instance, from);
    asked(t, request, result).returned(told);
}

#[track_caller]
fn relocation_breaks(instance: &str, from: &str, result: &Value, why: &str) {
    let mut t = bench();
    let request = relocate(&mut t, instance, from);
    asked(t, request, result).failed(&format!("allocator 'hail' broke the rules: {why}"));
}

// -- one new instance

#[test]
fn a_new_instance_gets_one_node_or_two_if_it_is_mirrored() {
    means(allocate("new", DiskTemplate::Plain), &json!([NODES[1]]), NODES[1]);
    let both = "node2.example.com, node1.example.com";
    means(allocate("new", DiskTemplate::Drbd), &json!([NODES[1], NODES[0]]), both);
}

#[test]
fn a_new_instance_with_another_number_of_nodes_breaks_the_rules() {
    let why =
        |required, found| format!("number of nodes of instance 'new.example.com': expected {required}, found {found}");
    breaks(allocate("new", DiskTemplate::Plain), &json!([]), &why(1, 0));
    breaks(allocate("new", DiskTemplate::Plain), &json!([NODES[0], NODES[1]]), &why(1, 2));
    breaks(allocate("new", DiskTemplate::Drbd), &json!([NODES[0]]), &why(2, 1));
    breaks(allocate("new", DiskTemplate::Drbd), &json!([NODES[0], NODES[1], NODES[2]]), &why(2, 3));
}

#[test]
fn a_new_instance_with_one_node_twice_breaks_the_rules() {
    let why = "instance 'new.example.com' gets node 'node1.example.com' twice";
    breaks(allocate("new", DiskTemplate::Drbd), &json!([NODES[0], NODES[0]]), why);
}

#[test]
fn d136_a_new_instance_on_a_node_that_does_not_exist_breaks_the_rules() {
    let why = "instance 'new.example.com': there is no node 'node9.example.com'";
    breaks(allocate("new", DiskTemplate::Plain), &json!(["node9.example.com"]), why);
}

#[test]
fn a_node_is_named_in_full() {
    let why = "instance 'new.example.com': there is no node 'node1'";
    breaks(allocate("new", DiskTemplate::Plain), &json!(["node1"]), why);
}

#[test]
fn d136_the_nodes_of_a_new_instance_are_a_list_of_texts() {
    for result in [Value::Null, json!(1), json!(NODES[0]), json!({}), json!([1]), json!([null]), json!([[NODES[0]]])] {
        breaks(allocate("new", DiskTemplate::Plain), &result, "result");
    }
}

#[test]
fn a_node_that_was_not_to_choose_from_breaks_the_rules() {
    let nodes = |nodes: &[usize]| {
        let nodes = nodes.iter().map(|index| NODES[*index].to_owned()).collect();
        Allocate { nodes: Some(nodes), ..allocate("new", DiskTemplate::Plain) }
    };
    means(nodes(&[0, 2]), &json!([NODES[2]]), NODES[2]);
    let why = "instance 'new.example.com' goes to node 'node2.example.com', which was not to choose from";
    breaks(nodes(&[0, 2]), &json!([NODES[1]]), why);
    // H24: an empty list is a list.
    breaks(nodes(&[]), &json!([NODES[1]]), why);
}

#[test]
fn a_node_of_another_group_than_asked_for_breaks_the_rules() {
    let group = |name: &str| Allocate { group: Some(name.to_owned()), ..allocate("new", DiskTemplate::Plain) };
    means(group("rack-b"), &json!([NODES[2]]), NODES[2]);
    let why = "instance 'new.example.com' goes to node 'node1.example.com', which is not in node group 'rack-b'";
    breaks(group("rack-b"), &json!([NODES[0]]), why);
    breaks(group("rack-z"), &json!([NODES[0]]), "instance 'new.example.com': there is no node group 'rack-z'");
}

#[test]
fn a_group_may_be_asked_for_by_uuid() {
    let mut t = bench();
    let group = Some(t.config().id_of_group("rack-b").to_string());
    let request = Allocate { group, ..allocate("new", DiskTemplate::Plain) };
    asked(t, request, &json!([NODES[3]])).returned(NODES[3]);
}

#[test]
fn d135_the_result_of_a_no_is_not_looked_at() {
    let mut t = bench();
    let requests: [Request; 4] = [
        allocate("new", DiskTemplate::Drbd).into(),
        MultiAllocate { instances: vec![allocate("new", DiskTemplate::Drbd)] }.into(),
        AllocateSecondary { instance: "plain1.example.com".to_owned() }.into(),
        relocate(&mut t, "web1", "node2"),
    ];
    for request in requests {
        for result in [Value::Null, json!([]), json!(7), json!(["node9.example.com"])] {
            let mut t = bench();
            let reply = json!({"success": false, "info": "full", "result": result});
            t.rpc().on::<IallocatorRunner>().replies(reply.to_string());
            ask(&mut t, request.clone()).returned("no: full");
        }
    }
}

// -- several

fn two() -> MultiAllocate {
    MultiAllocate { instances: vec![allocate("a", DiskTemplate::Drbd), allocate("b", DiskTemplate::Plain)] }
}

const A: &str = "a.example.com";
const B: &str = "b.example.com";

#[test]
fn several_instances_get_nodes_or_not() {
    let a = json!([A, [NODES[0], NODES[1]]]);
    let told = "a.example.com on node1.example.com, node2.example.com; b.example.com on node3.example.com";
    means(two(), &json!([[a, [B, [NODES[2]]]], []]), told);
    let told = "a.example.com on node1.example.com, node2.example.com; b.example.com nowhere";
    means(two(), &json!([[a], [B]]), told);
    means(two(), &json!([[], [B, A]]), "b.example.com nowhere; a.example.com nowhere");
}

#[test]
fn d133_each_of_several_is_told_of_once() {
    let a = json!([A, [NODES[0], NODES[1]]]);
    let b = json!([B, [NODES[2]]]);
    breaks(two(), &json!([[a], []]), "it tells nothing about instance 'b.example.com'");
    breaks(two(), &json!([[], []]), "it tells nothing about instance 'a.example.com'");
    breaks(two(), &json!([[a, b, b], []]), "it tells twice about instance 'b.example.com'");
    breaks(two(), &json!([[a, b], [B]]), "it tells twice about instance 'b.example.com'");
    breaks(two(), &json!([[a], [B, B]]), "it tells twice about instance 'b.example.com'");
}

#[test]
fn d133_another_instance_than_those_asked_about_breaks_the_rules() {
    let why = "it was not asked about instance 'c.example.com'";
    breaks(two(), &json!([[[A, [NODES[0], NODES[1]]], ["c.example.com", [NODES[2]]]], [B]]), why);
    breaks(two(), &json!([[[A, [NODES[0], NODES[1]]]], [B, "c.example.com"]]), why);
}

#[test]
fn d133_the_nodes_of_each_of_several_are_as_many_as_it_needs_and_exist() {
    let with = |a: Value| json!([[[A, a]], [B]]);
    let why = |found| format!("number of nodes of instance 'a.example.com': expected 2, found {found}");
    breaks(two(), &with(json!([])), &why(0));
    breaks(two(), &with(json!([NODES[0]])), &why(1));
    breaks(two(), &with(json!([NODES[0], NODES[0]])), "instance 'a.example.com' gets node 'node1.example.com' twice");
    let unknown = "instance 'a.example.com': there is no node 'node9.example.com'";
    breaks(two(), &with(json!([NODES[0], "node9.example.com"])), unknown);
}

#[test]
fn each_of_several_keeps_to_its_nodes_and_group() {
    let mut request = two();
    request.instances[1].nodes = Some(vec![NODES[0].to_owned()]);
    let result = json!([[[B, [NODES[1]]]], [A]]);
    let why = "instance 'b.example.com' goes to node 'node2.example.com', which was not to choose from";
    breaks(request, &result, why);
    let mut request = two();
    request.instances[1].group = Some("rack-b".to_owned());
    let why = "instance 'b.example.com' goes to node 'node2.example.com', which is not in node group 'rack-b'";
    breaks(request, &result, why);
}

#[test]
fn the_result_for_several_has_two_lists_of_the_right_form() {
    let a = json!([A, [NODES[0], NODES[1]]]);
    for result in [
        Value::Null,
        json!([]),
        json!({}),
        json!([[a]]),
        json!([[a], [B], []]),
        json!([[[A]], [B]]),
        json!([[[A, NODES[0]]], [B]]),
        json!([[[A, [1, 2]]], [B]]),
        json!([[[1, [NODES[0]]]], [B]]),
        json!([[a], [[B, "full"]]]),
        json!([[a], [null]]),
    ] {
        breaks(two(), &result, "result");
    }
}

// -- a secondary node

fn secondary() -> AllocateSecondary {
    AllocateSecondary { instance: "plain1.example.com".to_owned() }
}

#[test]
fn an_instance_gets_a_secondary_node() {
    means(secondary(), &json!(NODES[1]), NODES[1]);
}

#[test]
fn a_secondary_node_that_is_the_primary_one_breaks_the_rules() {
    let why = "node 'node1.example.com' is the primary one of instance 'plain1.example.com' already";
    breaks(secondary(), &json!(NODES[0]), why);
}

#[test]
fn a_secondary_node_that_does_not_exist_breaks_the_rules() {
    let unknown = |name: &str| format!("instance 'plain1.example.com': there is no node '{name}'");
    breaks(secondary(), &json!("node9.example.com"), &unknown("node9.example.com"));
    breaks(secondary(), &json!(""), &unknown(""));
}

#[test]
fn a_secondary_node_is_a_text() {
    for result in [Value::Null, json!([NODES[1]]), json!(2), json!({})] {
        breaks(secondary(), &result, "result: expected a text");
    }
}

// -- an instance leaves a node

#[test]
fn an_instance_leaves_a_node_for_another() {
    let mut t = bench();
    t.config().node("node5");
    let request = relocate(&mut t, "web1", "node2");
    asked(t, request, &json!(["node5.example.com"])).returned("node5.example.com");
}

#[test]
fn an_instance_whose_disks_all_nodes_see_leaves_its_primary_node() {
    relocation_means("ext1", "node1", &json!([NODES[1]]), NODES[1]);
}

#[test]
fn a_node_that_the_instance_leaves_or_is_on_breaks_the_rules() {
    for node in ["node1", "node2"] {
        let why = format!("instance 'web1.example.com' goes to node '{node}.example.com', which it is on or leaves");
        relocation_breaks("web1", "node2", &json!([format!("{node}.example.com")]), &why);
    }
}

#[test]
fn a_node_in_another_group_breaks_the_rules() {
    let why = "instance 'web1.example.com' goes to node 'node3.example.com', which is in another node group";
    relocation_breaks("web1", "node2", &json!([NODES[2]]), why);
}

#[test]
fn an_instance_across_groups_may_go_to_either() {
    // `split1` is on `node2`, mirrored to `node3`.
    relocation_means("split1", "node3", &json!([NODES[0]]), NODES[0]);
    relocation_means("split1", "node3", &json!([NODES[3]]), NODES[3]);
}

#[test]
fn d136_an_instance_goes_to_one_node_that_exists() {
    let why = |found| format!("number of nodes of instance 'web1.example.com': expected 1, found {found}");
    relocation_breaks("web1", "node2", &json!([]), &why(0));
    relocation_breaks("web1", "node2", &json!([NODES[2], NODES[3]]), &why(2));
    let why = "instance 'web1.example.com': there is no node 'node9.example.com'";
    relocation_breaks("web1", "node2", &json!(["node9.example.com"]), why);
    for result in [Value::Null, json!(NODES[2]), json!([3]), json!([null]), json!({})] {
        relocation_breaks("web1", "node2", &result, "result");
    }
}
