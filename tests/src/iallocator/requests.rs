//! What each kind of request says: its members, the free room that nodes are asked for, and what can't be asked for.

use cmdlib::error::Code;
use cmdlib::iallocator::{Allocate, AllocateSecondary, MultiAllocate, NewDisk, NodeEvacuate, Relocate, Request};
use cmdlib::op::EvacuationMode;
use cmdlib::params::DiskTemplate;
use cmdlib::rpc::{IallocatorRunner, NodeInfo};
use serde_json::{Value, json};
use testlib::{GiB, Judged, LuTest, clusters};

use super::{ask, ask_in_check};

/// Asks, and is told no, which is all that the tests here want to hear.
#[track_caller]
fn asked(t: &mut LuTest, request: impl Into<Request>) -> Judged {
    let reply = json!({"success": false, "info": "full"});
    t.rpc().on::<IallocatorRunner>().replies(reply.to_string());
    ask(t, request).changed_nothing().returned("no: full")
}

/// Returns the part of the document that says what is wanted.
#[track_caller]
fn members(t: &mut LuTest, request: impl Into<Request>) -> Value {
    asked(t, request).documents().remove(0)["request"].take()
}

/// Returns the hypervisor and the kinds of storage that nodes are asked about.
#[track_caller]
fn room(t: &mut LuTest, request: impl Into<Request>) -> (String, Vec<String>) {
    let judged = asked(t, request);
    let (call, _) = judged.calls::<NodeInfo>().remove(0);
    let units = call.storage.iter().flat_map(|it| it.parts()).take(1).flatten();
    (call.hypervisors[0].hypervisor.clone(), units.map(|unit| unit.kind.clone()).collect())
}

fn new(name: &str, template: DiskTemplate) -> Allocate {
    let disks = vec![NewDisk::new(1024).with("mode", "rw"), NewDisk::new(2048).with("spindles", 2)];
    Allocate { template, disks, ..Allocate::new(name, "kvm") }
}

fn relocate(t: &mut LuTest, instance: &str, from: &str) -> Relocate {
    Relocate { instance: t.config().id_of_instance(instance), from: vec![t.config().id_of_node(from)] }
}

// -- members

#[test]
fn a_new_instance_is_described() {
    let request = Allocate {
        memory: 512,
        vcpus: 2,
        spindle_use: 3,
        os: "debian+small".to_owned(),
        tags: vec!["owner:a".to_owned()],
        nics: vec![json!({"mac": "auto", "ip": null, "mode": "bridged", "link": "br0"}).as_object().unwrap().clone()],
        ..new("new.example.com", DiskTemplate::Drbd)
    };
    let wanted = json!({
        "type": "allocate", "name": "new.example.com", "memory": 512, "vcpus": 2, "spindle_use": 3,
        "os": "debian+small", "tags": ["owner:a"], "hypervisor": "kvm", "disk_template": "drbd", "group_name": null,
        "disks": [
            {"size": 1024, "mode": "rw", "dev_type": "drbd"}, {"size": 2048, "spindles": 2, "dev_type": "drbd"},
        ],
        "disk_space_total": 1024 + 128 + 2048 + 128, "required_nodes": 2,
        "nics": [{"mac": "auto", "ip": null, "mode": "bridged", "link": "br0"}],
    });
    assert_eq!(members(&mut LuTest::three_nodes(), request), wanted);
}

#[test]
fn a_new_instance_may_have_neither_disks_nor_interfaces() {
    let members = members(&mut LuTest::three_nodes(), Allocate::new("new.example.com", "kvm"));
    assert_eq!(
        (&members["disks"], &members["nics"], &members["disk_space_total"]),
        (&json!([]), &json!([]), &json!(0))
    );
    assert_eq!((&members["disk_template"], &members["required_nodes"]), (&json!("diskless"), &json!(1)));
}

#[test]
fn h25_the_space_and_the_nodes_that_each_template_needs_are_told() {
    use DiskTemplate::*;
    for (template, space, nodes) in [
        (Plain, 3072, 1),
        (Drbd, 3328, 2),
        (File, 3072, 1),
        (SharedFile, 3072, 1),
        (Gluster, 3072, 1),
        (Rbd, 3072, 1),
        (Ext, 3072, 1),
        (Blockdev, 0, 1),
        (Diskless, 0, 1),
    ] {
        let members = members(&mut LuTest::three_nodes(), new("new.example.com", template));
        assert_eq!(
            (&members["disk_space_total"], &members["required_nodes"]),
            (&json!(space), &json!(nodes)),
            "{template}"
        );
        assert_eq!(members["disks"][1]["dev_type"], template.as_str());
    }
}

#[test]
fn the_group_of_a_new_instance_is_told() {
    let request = Allocate { group: Some("default".to_owned()), ..new("new.example.com", DiskTemplate::Plain) };
    assert_eq!(members(&mut LuTest::three_nodes(), request)["group_name"], "default");
}

#[test]
fn h24_an_empty_list_of_nodes_to_choose_from_stays_a_list() {
    let with = |nodes| Allocate { nodes, ..new("new.example.com", DiskTemplate::Plain) };
    let of = |request: Allocate| members(&mut LuTest::three_nodes(), request).get("restrict-to-nodes").cloned();
    assert_eq!(of(with(None)), None);
    assert_eq!(of(with(Some(Vec::new()))), Some(json!([])));
    assert_eq!(of(with(Some(vec!["node2.example.com".to_owned()]))), Some(json!(["node2.example.com"])));
}

#[test]
fn several_new_instances_are_each_described_without_a_type_of_their_own() {
    let one = new("a.example.com", DiskTemplate::Drbd);
    let two = Allocate { nodes: Some(Vec::new()), ..new("b.example.com", DiskTemplate::Plain) };
    let mut alone = members(&mut LuTest::three_nodes(), one.clone());
    let members = members(&mut LuTest::three_nodes(), MultiAllocate { instances: vec![one, two] });
    assert_eq!(members["type"], "multi-allocate");
    alone.as_object_mut().unwrap().shift_remove("type").unwrap();
    assert_eq!(members["instances"][0], alone);
    assert_eq!(members["instances"][1]["name"], "b.example.com");
    assert_eq!(members["instances"][1].get("restrict-to-nodes"), None);
}

#[test]
fn an_instance_that_needs_a_secondary_node_is_named() {
    let request = AllocateSecondary { instance: "web1.example.com".to_owned() };
    let wanted = json!({"type": "allocate-secondary", "name": "web1.example.com"});
    assert_eq!(members(&mut LuTest::three_nodes_five_instances(), request), wanted);
}

#[test]
fn an_instance_that_leaves_a_node_is_described() {
    let mut t = LuTest::three_nodes_five_instances();
    let request = relocate(&mut t, "db1", "node3");
    let wanted = json!({
        "type": "relocate", "name": "db1.example.com", "relocate_from": ["node3.example.com"], "required_nodes": 1,
        "disk_space_total": 20 * 1024 + 128 + 5 * 1024 + 128,
    });
    assert_eq!(members(&mut t, request), wanted);
}

#[test]
fn instances_that_leave_a_node_are_named_with_what_they_are_there() {
    for (mode, word) in [
        (EvacuationMode::All, "all"),
        (EvacuationMode::Primary, "primary-only"),
        (EvacuationMode::Secondary, "secondary-only"),
    ] {
        let request = NodeEvacuate { instances: vec!["web2.example.com".to_owned()], mode, ignore_soft_errors: true };
        let wanted = json!({"type": "node-evacuate", "instances": ["web2.example.com"], "evac_mode": word});
        assert_eq!(members(&mut LuTest::three_nodes_five_instances(), request), wanted);
    }
}

// -- options

fn evacuate(ignore_soft_errors: bool) -> NodeEvacuate {
    NodeEvacuate { instances: vec!["web2.example.com".to_owned()], mode: EvacuationMode::All, ignore_soft_errors }
}

#[track_caller]
fn options(t: &mut LuTest, request: impl Into<Request>) -> Value {
    asked(t, request).calls::<IallocatorRunner>()[0].0.options.clone().into()
}

#[test]
fn soft_errors_are_ignored_by_an_option() {
    let mut t = LuTest::three_nodes_five_instances();
    assert_eq!(options(&mut t, evacuate(true)), json!({"ignore-soft-errors": null}));
    let mut t = LuTest::three_nodes_five_instances();
    assert_eq!(options(&mut t, evacuate(false)), json!({}));
}

#[test]
fn d137_an_option_of_a_request_goes_with_those_of_the_cluster_and_does_not_stay_there() {
    let mut t = LuTest::three_nodes_five_instances();
    t.config().cluster(|cluster| drop(cluster.default_iallocator_params.insert("mond".to_owned(), "no".into())));
    let reply = json!({"success": false, "info": "full"});
    t.rpc().on::<IallocatorRunner>().times(2).replies(reply.to_string());
    let judged = t
        .exec(|cx| {
            super::answer_to(cx, &evacuate(true))?;
            super::answer_to(cx, &evacuate(false))
        })
        .changed_nothing()
        .returned("no: full");
    let sent = judged.calls::<IallocatorRunner>().into_iter().map(|(call, _)| Value::from(call.options));
    assert_eq!(sent.collect::<Vec<_>>(), [json!({"mond": "no", "ignore-soft-errors": null}), json!({"mond": "no"})]);
}

// -- the free room that is asked for

#[test]
fn room_is_asked_for_by_the_template_and_hypervisor_of_a_new_instance() {
    let mut t = LuTest::three_nodes();
    t.config().enabled_hypervisors(["kvm", "xen-pvm"]);
    let request = Allocate { hypervisor: "xen-pvm".to_owned(), ..new("new.example.com", DiskTemplate::File) };
    assert_eq!(room(&mut t, request), ("xen-pvm".to_owned(), vec!["file".to_owned()]));
    assert_eq!(room(&mut LuTest::three_nodes(), new("new.example.com", DiskTemplate::Ext)).1, [""; 0]);
}

#[test]
fn d140_room_is_asked_for_by_what_several_have_in_common_else_by_default() {
    let room = |templates: [DiskTemplate; 2], hypervisors: [&str; 2]| {
        let mut t = LuTest::three_nodes();
        t.config().enabled_hypervisors(["kvm", "xen-pvm"]).enabled_disk_templates(["plain", "file", "sharedfile"]);
        let one = |index: usize| Allocate {
            hypervisor: hypervisors[index].to_owned(),
            ..new(&format!("new{index}.example.com"), templates[index])
        };
        room(&mut t, MultiAllocate { instances: vec![one(0), one(1)] })
    };
    use DiskTemplate::{File, SharedFile};
    assert_eq!(room([File, File], ["xen-pvm", "xen-pvm"]), ("xen-pvm".to_owned(), vec!["file".to_owned()]));
    assert_eq!(room([File, SharedFile], ["xen-pvm", "kvm"]), ("kvm".to_owned(), vec!["lvm-vg".to_owned()]));
}

#[test]
fn d140_room_for_a_secondary_node_is_room_for_mirrored_disks() {
    let mut t = LuTest::three_nodes();
    t.config().enabled_hypervisors(["kvm", "xen-pvm"]).enabled_disk_templates(["file", "plain", "drbd"]);
    t.config().instance("web1").on("node1").plain(GiB(1)).hypervisor("xen-pvm");
    let request = AllocateSecondary { instance: "web1.example.com".to_owned() };
    assert_eq!(room(&mut t, request), ("xen-pvm".to_owned(), vec!["lvm-vg".to_owned()]));
}

#[test]
fn d140_room_is_asked_for_by_the_template_and_hypervisor_of_instances_that_leave() {
    let bench = || {
        let mut t = LuTest::three_nodes();
        t.config().enabled_hypervisors(["kvm", "xen-pvm"]).enabled_disk_templates(["file", "drbd"]);
        t.config().instance("web1").on("node1").drbd("node2", GiB(1)).hypervisor("xen-pvm");
        t
    };
    let wanted = ("xen-pvm".to_owned(), vec!["lvm-vg".to_owned()]);
    let mut t = bench();
    let request = relocate(&mut t, "web1", "node2");
    assert_eq!(room(&mut t, request), wanted);
    let instances = vec!["web1.example.com".to_owned()];
    let request = NodeEvacuate { instances, mode: EvacuationMode::All, ignore_soft_errors: false };
    assert_eq!(room(&mut bench(), request), wanted);
}

// -- what can't be asked for

#[test]
fn d139_an_instance_that_does_not_exist_is_not_asked_about() {
    let mut t = LuTest::three_nodes_five_instances();
    let gone = Relocate { instance: "gone".into(), from: vec![t.config().id_of_node("node1")] };
    ask_in_check(&mut t, gone).called_nobody().refused(Code::UnknownEntity, "gone");
    let gone = AllocateSecondary { instance: "gone.example.com".to_owned() };
    ask_in_check(&mut t, gone).called_nobody().refused(Code::UnknownEntity, "gone");
    let instances = vec!["gone.example.com".to_owned()];
    let gone = NodeEvacuate { instances, mode: EvacuationMode::All, ignore_soft_errors: false };
    ask_in_check(&mut t, gone).called_nobody().refused(Code::UnknownEntity, "gone");
}

#[test]
fn a_node_that_does_not_exist_is_not_left() {
    let mut t = LuTest::three_nodes_five_instances();
    let request = Relocate { instance: t.config().id_of_instance("web2"), from: vec!["gone".into()] };
    ask_in_check(&mut t, request).called_nobody().refused(Code::UnknownEntity, "gone");
}

#[test]
fn an_instance_whose_disks_are_on_one_node_only_leaves_none() {
    let mut t = LuTest::three_nodes_five_instances();
    for (instance, node, template) in [("web1", "node1", "plain"), ("file1", "node3", "file")] {
        let request = relocate(&mut t, instance, node);
        let why = format!("its disks of template {template} are not mirrored");
        ask_in_check(&mut t, request).called_nobody().refused(Code::WrongInput, &why);
    }
}

#[test]
fn a_mirrored_instance_with_two_secondary_nodes_leaves_none() {
    let mut t = LuTest::with(clusters::three_nodes());
    t.config().instance("web1").on("node1").drbd("node2", GiB(1)).drbd("node3", GiB(1));
    let request = relocate(&mut t, "web1", "node2");
    ask_in_check(&mut t, request).called_nobody().refused(Code::WrongState, "has 2 secondary nodes, but must have one");
}

#[test]
fn an_instance_without_disks_may_leave_its_node() {
    let mut t = LuTest::three_nodes_five_instances();
    let request = relocate(&mut t, "diskless1", "node3");
    assert_eq!(members(&mut t, request)["disk_space_total"], 0);
}
