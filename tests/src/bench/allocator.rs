//! The scripted allocator, and what a test says of requests to it.

use cmdlib::error::Problem;
use cmdlib::iallocator::{
    Allocate, AllocateSecondary, ChangeGroup, MultiAllocate, NewDisk, NodeEvacuate, Relocate, Request,
};
use cmdlib::op::EvacuationMode;
use cmdlib::params::DiskTemplate;
use expect_test::expect;
use serde_json::json;
use testlib::LuTest;

use super::golden::golden;
use super::units::{How, bench, care};

/// A bench whose allocator moves what it is asked about.
fn willing() -> LuTest {
    let mut t = bench();
    t.iallocator().on::<ChangeGroup>().moves([("web2", "default", "node3")]);
    t
}

fn request(t: &mut LuTest, instance: &str) -> Request {
    let group = t.config().id_of_group("default");
    ChangeGroup { instances: vec![format!("{instance}.example.com")], targets: vec![group] }.into()
}

#[test]
fn the_requests_are_complete() {
    let mut t = willing();
    let request = request(&mut t, "web2");
    t.run(care(How::Allocating)).allocated([request]).succeeded();
}

#[test]
fn another_request_fails() {
    let fails = || {
        let mut t = willing();
        let request = request(&mut t, "db1");
        t.run(care(How::Allocating)).allocated([request]).succeeded()
    };
    golden(
        fails,
        expect![[r#"
            panicked at here:-2
            PetCare(node2): success: null, but not as it should be
              1. other requests were made to the allocator
                   wanted   change-group of db1 to default   (here:-2)
                   got      change-group of web2 to default
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       call    node_info() @node1, @node2, @node3   [bench/units.rs]
              5 exec       call    all_instances_info() @node1, @node2, @node3   [bench/units.rs]
              6 exec       ask     change-group of web2 to default
              7 exec       call    iallocator_runner() @node1   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_request_that_was_not_made_fails() {
    let fails = || {
        let mut t = bench();
        let request = request(&mut t, "web2");
        t.run(care(How::NotAtAll)).allocated([request]).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): success: null, but not as it should be
          1. other requests were made to the allocator
               wanted   change-group of web2 to default   (here:-2)
               got      no request
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      start   all locks are held
    "#]],
    );
}

#[test]
fn no_request_was_made() {
    bench().run(care(How::NotAtAll)).allocated([]).succeeded();
}

#[test]
fn a_request_where_there_should_be_none_fails() {
    golden(
        || willing().run(care(How::Allocating)).allocated([]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. other requests were made to the allocator
                   wanted   no request   (here:+1)
                   got      change-group of web2 to default
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       call    node_info() @node1, @node2, @node3   [bench/units.rs]
              5 exec       call    all_instances_info() @node1, @node2, @node3   [bench/units.rs]
              6 exec       ask     change-group of web2 to default
              7 exec       call    iallocator_runner() @node1   [bench/units.rs]
        "#]],
    );
}

#[test]
fn the_document_of_our_own_builder_can_be_judged() {
    let run = willing().run(care(How::Allocating));
    run.document("three nodes", |it| it["nodes"].as_object().is_some_and(|nodes| nodes.len() == 3)).succeeded();
}

#[test]
fn a_document_that_differs_fails() {
    let fails =
        || willing().run(care(How::Allocating)).document("a list of nodes", |it| it["nodes"].is_array()).succeeded();
    golden(
        fails,
        expect![[r#"
            panicked at here:-1
            PetCare(node2): success: null, but not as it should be
              1. the allocator's document differs
                   wanted   a list of nodes   (here:-1)
                   got      it is not so; its request is {"instances":["web2"],"target_groups":["default"],"type":"change-group"}
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       call    node_info() @node1, @node2, @node3   [bench/units.rs]
              5 exec       call    all_instances_info() @node1, @node2, @node3   [bench/units.rs]
              6 exec       ask     change-group of web2 to default
              7 exec       call    iallocator_runner() @node1   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_document_that_was_never_made_fails() {
    golden(
        || bench().run(care(How::NotAtAll)).document("three nodes", |_| true).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. the allocator's document differs
                   wanted   three nodes   (here:+1)
                   got      the allocator was not asked
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_request_that_nobody_scripted_fails() {
    golden(
        || bench().run(care(How::Allocating)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted success, got failed: allocator 'hail' did not run: node node1, call iallocator_runner: the test did not expect this call
              it ended in phase 'exec', after step 7
              1. unexpected call
                   got      iallocator_runner() @node1 in step 7
                   hint     what an allocator replies depends on it alone: script it with `t.iallocator()`
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       call    node_info() @node1, @node2, @node3   [bench/units.rs]
              5 exec       call    all_instances_info() @node1, @node2, @node3   [bench/units.rs]
              6 exec       ask     change-group of web2 to default
              7 exec       call    iallocator_runner() @node1: refused: the test did not expect this call   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_reply_that_nobody_asked_for_is_left_over() {
    let fails = || {
        let mut t = bench();
        t.iallocator().on::<ChangeGroup>().moves([("web2", "default", "node3")]);
        t.run(care(How::NotAtAll)).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): success: null, but not as it should be
          1. script not used up
               wanted   1 call of iallocator_runner with a request of kind change-group   (here:-3)
               got      0 calls
               hint     does the unit get there, and does it ask this node?
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      start   all locks are held
    "#]],
    );
}

#[test]
fn it_says_no() {
    let mut t = bench();
    t.iallocator().on::<ChangeGroup>().fails("all is full");
    t.run(care(How::Allocating)).failed("no place: all is full");
}

#[test]
fn the_program_itself_breaks() {
    let mut t = bench();
    t.iallocator().on::<ChangeGroup>().breaks("no such program");
    t.run(care(How::Allocating)).failed("no such program");
}

#[test]
fn it_replies_what_breaks_the_rules() {
    let mut t = bench();
    t.iallocator().on::<ChangeGroup>().replies_raw(json!({"success": "yes"}));
    t.run(care(How::Allocating)).failed("broke the rules");
}

#[test]
fn it_replies_what_is_no_json() {
    let mut t = bench();
    t.iallocator().on::<ChangeGroup>().replies_text("{");
    t.run(care(How::Allocating)).failed("is not JSON");
}

#[test]
fn it_finds_no_place_for_some() {
    let mut t = bench();
    t.iallocator().on::<ChangeGroup>().finds_no_place([("web2", "all is full")]);
    t.run(care(How::Allocating)).succeeded();
}

// -- the other kinds of requests

fn new(name: &str) -> Allocate {
    let (template, disks) = (DiskTemplate::Drbd, vec![NewDisk::new(1024), NewDisk::new(512)]);
    Allocate { template, disks, ..Allocate::new(format!("{name}.example.com"), "kvm") }
}

#[test]
fn each_kind_has_its_replies_and_its_words() {
    let mut t = bench();
    let (web2, node2) = (t.config().id_of_instance("web2"), t.config().id_of_node("node2"));
    t.iallocator().on::<Allocate>().places(["node1", "node2"]);
    t.iallocator().on::<Allocate>().fails("nothing to choose from");
    t.iallocator().on::<MultiAllocate>().no_place_for("b").places([("a", vec!["node2", "node3"])]);
    t.iallocator().on::<AllocateSecondary>().finds("node3");
    t.iallocator().on::<Relocate>().finds("node3");
    t.iallocator().on::<NodeEvacuate>().moves([("web2", "default", "node3")]);
    t.iallocator().on::<ChangeGroup>().finds_no_place([("web2", "all is full")]);
    t.exec(move |cx| {
        let some = Some(vec!["node1.example.com".to_owned(), "node2.example.com".to_owned()]);
        cx.allocate("hail", Allocate { group: Some("default".to_owned()), nodes: some, ..new("a") })?;
        cx.allocate("hail", Allocate { nodes: Some(Vec::new()), ..new("a") })?;
        cx.allocate("hail", MultiAllocate { instances: vec![new("a"), new("b")] })?;
        cx.allocate("hail", AllocateSecondary { instance: "web1.example.com".to_owned() })?;
        cx.allocate("hail", Relocate { instance: web2.clone(), from: vec![node2.clone()] })?;
        let instances = vec!["web2.example.com".to_owned()];
        let mode = EvacuationMode::Secondary;
        cx.allocate("hail", NodeEvacuate { instances: instances.clone(), mode, ignore_soft_errors: true })?;
        cx.allocate("hail", ChangeGroup { instances, targets: Vec::new() })?;
        Ok::<_, Problem>(())
    })
    .story(expect![[r#"
         1 locks      lock    cluster/BGL shared
         2 locks      start   all locks are held
         3 exec       call    node_info() @node1, @node2, @node3
         4 exec       call    all_instances_info() @node1, @node2, @node3
         5 exec       ask     allocate of a (drbd 1024 MiB 512 MiB, memory 128 MiB) in default on any of node1, node2
         6 exec       call    iallocator_runner() @node1
         7 exec       call    node_info() @node1, @node2, @node3
         8 exec       call    all_instances_info() @node1, @node2, @node3
         9 exec       ask     allocate of a (drbd 1024 MiB 512 MiB, memory 128 MiB) on none
        10 exec       call    iallocator_runner() @node1
        11 exec       call    node_info() @node1, @node2, @node3
        12 exec       call    all_instances_info() @node1, @node2, @node3
        13 exec       ask     multi-allocate of a (drbd 1024 MiB 512 MiB, memory 128 MiB); b (drbd 1024 MiB 512 MiB, memory 128 MiB)
        14 exec       call    iallocator_runner() @node1
        15 exec       call    node_info() @node1, @node2, @node3
        16 exec       call    all_instances_info() @node1, @node2, @node3
        17 exec       ask     allocate-secondary of web1
        18 exec       call    iallocator_runner() @node1
        19 exec       call    node_info() @node1, @node2, @node3
        20 exec       call    all_instances_info() @node1, @node2, @node3
        21 exec       ask     relocate of web2 from node2
        22 exec       call    iallocator_runner() @node1
        23 exec       call    node_info() @node1, @node2, @node3
        24 exec       call    all_instances_info() @node1, @node2, @node3
        25 exec       ask     node-evacuate of web2 (secondary-only, soft errors ignored)
        26 exec       call    iallocator_runner() @node1
        27 exec       call    node_info() @node1, @node2, @node3
        28 exec       call    all_instances_info() @node1, @node2, @node3
        29 exec       ask     change-group of web2 to any group
        30 exec       call    iallocator_runner() @node1
    "#]])
    .succeeded();
}

#[test]
fn a_request_that_reads_alike_is_shown_as_it_is() {
    let fails = || {
        let mut t = bench();
        t.iallocator().on::<Allocate>().fails("full");
        t.exec(|cx| cx.allocate("hail", new("a")).map(|_| ()))
            .allocated([Allocate { vcpus: 2, ..new("a") }.into()])
            .succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        exec without a unit: success: null, but not as it should be
          1. other requests were made to the allocator
               wanted   allocate of a (drbd 1024 MiB 512 MiB, memory 128 MiB); vcpus: 2   (here:-3)
               got      allocate of a (drbd 1024 MiB 512 MiB, memory 128 MiB); vcpus: 1
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      start   all locks are held
          3 exec       call    node_info() @node1, @node2, @node3   [here:-4]
          4 exec       call    all_instances_info() @node1, @node2, @node3   [here:-4]
          5 exec       ask     allocate of a (drbd 1024 MiB 512 MiB, memory 128 MiB)
          6 exec       call    iallocator_runner() @node1   [here:-4]
    "#]],
    );
}
