//! Calls whose replies have no type so far: nobody answers them by default.

use cmdlib::rpc::{Call, NodeInfo, Untyped, VgList, is_untyped};
use expect_test::expect;
use serde_json::json;
use testlib::LuTest;

use super::golden::golden;

fn ask(t: &mut LuTest) -> testlib::LuRun {
    t.exec(|cx| {
        let node = cx.config().cluster.master_node.clone();
        cx.ask(&node, VgList {}).map(|reply| reply.0)
    })
}

#[test]
fn a_call_without_a_type_of_reply_that_nobody_scripts_fails() {
    golden(
        || ask(&mut LuTest::three_nodes()).failed("did not expect"),
        expect![[r#"
            panicked at here:+1
            exec without a unit: failed: node node1, call vg_list: the test did not expect this call, but not as it should be
              1. unexpected call
                   got      vg_list() @node1 in step 3
                   hint     its reply has no type so far, so healthy nodes can't answer: script it by `.replies_raw(..)`
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
              3 exec       call    vg_list() @node1: refused: the test did not expect this call   [here:-6]
        "#]],
    );
}

#[test]
fn what_is_scripted_for_it_is_taken_as_it_is() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<VgList>().replies(Untyped(json!({"xenvg": 1024.5})));
    ask(&mut t).returned(json!({"xenvg": 1024.5}));
    t.rpc().on::<VgList>().replies_raw(json!(["anything", null]));
    ask(&mut t).returned(json!(["anything", null]));
}

#[test]
fn calls_with_a_type_of_reply_are_told_from_those_without() {
    assert!(is_untyped(VgList::NAME));
    assert!(!is_untyped(NodeInfo::NAME));
    assert!(!is_untyped("pet_feed"));
}
