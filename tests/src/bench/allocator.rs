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
    golden(fails, expect![""]);
}

#[test]
fn a_request_that_was_not_made_fails() {
    let fails = || {
        let mut t = bench();
        let request = request(&mut t, "web2");
        t.run(care(How::NotAtAll)).allocated([request]).succeeded()
    };
    golden(fails, expect![""]);
}

#[test]
fn no_request_was_made() {
    bench().run(care(How::NotAtAll)).allocated([]).succeeded();
}

#[test]
fn a_request_where_there_should_be_none_fails() {
    golden(|| willing().run(care(How::Allocating)).allocated([]).succeeded(), expect![""]);
}

#[test]
fn the_document_of_our_own_builder_can_be_judged() {
    let run = willing().run(care(How::Allocating));
    run.document("three nodes", |it| it["nodes"].as_object().is_some_and(|nodes| nodes.len() == 3)).succeeded();
}

#[test]
fn a_document_that_differs_fails() {
    let fails = || willing().run(care(How::Allocating)).document("a list of nodes", |it| it["nodes"].is_array()).succeeded();
    golden(fails, expect![""]);
}

#[test]
fn a_document_that_was_never_made_fails() {
    golden(|| bench().run(care(How::NotAtAll)).document("three nodes", |_| true).succeeded(), expect![""]);
}

#[test]
fn a_request_that_nobody_scripted_fails() {
    golden(|| bench().run(care(How::Allocating)).succeeded(), expect![""]);
}

#[test]
fn a_reply_that_nobody_asked_for_is_left_over() {
    golden(|| willing().run(care(How::NotAtAll)).succeeded(), expect![""]);
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
