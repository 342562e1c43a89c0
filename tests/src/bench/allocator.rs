//! The scripted allocator, and what a test says of requests to it.

use cmdlib::iallocator::{ChangeGroup, Request};
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
