//! Tests of `NodeMotd`.

use cmdlib::error::Code;
use cmdlib::op::Common;
use expect_test::expect;
use motd::op::NodeMotd;
use motd::rpc::{MotdRead, MotdWrite};
use testlib::Level::Node;
use testlib::{LuTest, exclusive, granted, replay};

use crate::library;

fn bench() -> LuTest {
    LuTest::three_nodes().units(library())
}

fn hello() -> NodeMotd {
    NodeMotd::new("node2", "hello")
}

#[test]
fn a_node_shows_the_message_and_is_tagged() {
    bench()
        .run(hello())
        .locked([exclusive(Node, "node2")])
        .called_on::<MotdRead>(["node2"])
        .called_with::<MotdWrite>("the message", |call| call.text == "hello")
        .changed(["nodes[node2].tags: [] -> [\"motd\"]"])
        .succeeded();
}

#[test]
fn an_empty_message_takes_it_away() {
    let mut t = bench();
    t.config().node("node2").tag("motd");
    t.rpc().on::<MotdRead>().replies("hello".to_owned());
    let op = NodeMotd { force: true, ..NodeMotd::new("node2", "") };
    t.run(op).called_on::<MotdWrite>(["node2"]).changed(["nodes[node2].tags: [\"motd\"] -> []"]).succeeded();
}

#[test]
fn a_message_that_is_there_is_not_written_again() {
    let mut t = bench();
    t.rpc().on::<MotdRead>().replies("hello".to_owned());
    t.run(hello()).never_called::<MotdWrite>().succeeded();
}

#[test]
fn another_message_is_replaced_by_force_only() {
    let mut t = bench();
    t.rpc().on::<MotdRead>().replies("good morning".to_owned());
    t.run(hello()).never_called::<MotdWrite>().refused(Code::WrongState, "good morning");
    t.rpc().on::<MotdRead>().replies("good morning".to_owned());
    t.run(NodeMotd { force: true, ..hello() }).called_on::<MotdWrite>(["node2"]).succeeded();
}

#[test]
fn a_message_of_two_lines_is_refused_before_any_lock() {
    bench().run(NodeMotd::new("node2", "hello\nworld")).locked_nothing().refused(Code::WrongInput, "one line");
}

#[test]
fn a_node_that_does_not_exist_or_is_offline_is_refused() {
    bench().run(NodeMotd::new("node9", "hello")).refused(Code::UnknownEntity, "node9");
    let mut t = bench();
    t.config().node("node2").offline();
    t.run(hello()).called_nobody().refused(Code::WrongState, "node2");
}

#[test]
fn a_node_that_does_not_tell_its_message_is_refused() {
    let mut t = bench();
    t.rpc().on::<MotdRead>().unreachable();
    t.run(hello()).refused(Code::Environment, "node2");
    t.rpc().on::<MotdRead>().malformed();
    t.run(hello()).refused(Code::Environment, "node2");
}

#[test]
fn a_node_that_does_not_write_it_is_not_tagged() {
    let mut t = bench();
    t.rpc().on::<MotdWrite>().fails("read-only file system");
    t.run(hello()).changed_nothing().failed("read-only");
}

#[test]
fn a_node_that_goes_offline_while_its_lock_is_waited_for() {
    let mut t = bench();
    t.when(granted(Node), |cluster| _ = cluster.node("node2").offline());
    t.run(hello()).called_nobody().refused(Code::WrongState, "offline");
}

#[test]
fn a_dry_run_asks_and_does_nothing() {
    let op = NodeMotd { common: Common { dry_run: true, ..Common::default() }, ..hello() };
    bench().run(op).called_on::<MotdRead>(["node2"]).never_called::<MotdWrite>().changed_nothing().succeeded();
}

#[test]
fn the_whole_story() {
    bench()
        .run(hello())
        .story(expect![[r#"
            1 locks      lock    cluster/BGL shared
            2 locks      lock    node/node2 exclusive
            3 locks      start   all locks are held
            4 check      call    motd_read() @node2
            5 exec       call    motd_write() @node2
            6 exec       config  nodes[node2].tags: [] -> ["motd"]
        "#]])
        .succeeded();
}

#[test]
fn a_recorded_run_is_replayed() {
    let run = bench().run(hello()).succeeded();
    replay::trace_with(library(), &run.record().unwrap());
}
