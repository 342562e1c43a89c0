//! Tests of `TagsSearch`.

use cmdlib::error::Code;
use cmdlib::op;
use serde_json::json;
use testlib::LuTest;

fn bench() -> LuTest {
    let mut t = LuTest::three_nodes_five_instances();
    t.config().network("net1").cidr("10.0.0.0/24").tag("rack:1");
    t.config().instance("web1").tag("rack:1").tag("prod");
    t.config().node("node2").tag("rack:2");
    t.config().group("default").tag("rack:1");
    t.config().tag("rack:1");
    t
}

#[test]
fn d09_labels_are_plural_for_instances_and_nodes_and_singular_for_groups_and_networks() {
    bench().run(op::TagsSearch::new("rack")).returned(json!([
        ["/cluster", "rack:1"],
        ["/instances/web1.example.com", "rack:1"],
        ["/nodes/node2.example.com", "rack:2"],
        ["/nodegroup/default", "rack:1"],
        ["/network/net1", "rack:1"],
    ]));
}

#[test]
fn h01_tags_of_networks_are_found() {
    let mut t = LuTest::new();
    t.config().network("net1").cidr("10.0.0.0/24").tag("dmz");
    t.run(op::TagsSearch::new("dmz")).returned(json!([["/network/net1", "dmz"]]));
}

#[test]
fn the_pattern_may_match_anywhere_in_a_tag() {
    bench().run(op::TagsSearch::new("ro")).returned(json!([["/instances/web1.example.com", "prod"]]));
}

#[test]
fn an_anchored_pattern_matches_whole_tags_only() {
    bench().run(op::TagsSearch::new("^rack$")).returned(json!([]));
}

#[test]
fn no_lock_is_taken_and_nobody_is_called() {
    bench().run(op::TagsSearch::new("x")).locked_nothing().called_nobody().changed_nothing().succeeded();
}

#[test]
fn r92_a_pattern_that_is_none_is_refused() {
    bench().run(op::TagsSearch::new("[")).refused(Code::WrongInput, "pattern");
}

#[test]
fn an_empty_pattern_is_refused() {
    bench().run(op::TagsSearch::new("")).refused(Code::WrongInput, "OP_TAGS_SEARCH.pattern");
}
