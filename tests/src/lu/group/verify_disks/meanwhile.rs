//! What other jobs do while locks are waited for.

use cmdlib::error::Code;
use cmdlib::op::GroupVerifyDisks;
use cmdlib::rpc::{DrbdNeedsActivation, LvList};
use indexmap::IndexMap;
use serde_json::json;
use testlib::{GiB, Level, granted};

use super::{lenient, missing, nothing_found, state, strict, two_groups};

#[test]
fn strictly_an_instance_that_came_meanwhile_is_a_reason_to_try_again() {
    let mut t = two_groups();
    t.when(granted(Level::Instance), |config| drop(config.instance("web9").on("node1").id()));
    t.run(strict()).called_nobody().refused(Code::WrongState, "web9");
}

#[test]
fn strictly_an_instance_that_vanished_meanwhile_is_a_reason_to_try_again() {
    let mut t = two_groups();
    t.when(granted(Level::Instance), |config| {
        config.remove_instance("web1");
    });
    t.run(strict()).called_nobody().refused(Code::WrongState, "web1");
}

#[test]
fn strictly_an_instance_that_moved_to_other_nodes_meanwhile_is_a_reason_to_try_again() {
    let mut t = two_groups();
    t.when(granted(Level::Node), |config| drop(config.instance("web1").secondary("node4").id()));
    t.run(strict()).called_nobody().refused(Code::WrongState, "'web1.example.com' moved");
}

#[test]
fn strictly_a_node_that_left_the_group_meanwhile_is_a_reason_to_try_again() {
    let mut t = two_groups();
    t.when(granted(Level::NodeGroup), |config| {
        config.move_node("node4", "default");
    });
    t.run(strict()).called_nobody().refused(Code::WrongState, "web2");
}

#[test]
fn an_instance_that_moved_before_nodes_were_locked_is_followed() {
    let mut t = two_groups();
    t.when(granted(Level::Instance), |config| drop(config.instance("web1").secondary("node4").id()));
    t.run(strict()).called_on::<LvList>(["node1", "node2", "node3", "node4"]).returned(nothing_found());
}

#[test]
fn leniently_an_instance_that_came_meanwhile_is_left_out() {
    let mut t = two_groups();
    t.when(granted(Level::Instance), |config| drop(config.instance("web9").on("node1").plain(GiB(1)).up().id()));
    t.rpc().on::<LvList>().node("node1").answers(|_, _, _| Ok(IndexMap::new())).on::<LvList>().healthy();
    let found = missing(&state(&mut t), "web1", &["node1"]);
    t.run(lenient()).returned(json!([{}, [], {"web1.example.com": found}]));
}

#[test]
fn leniently_an_instance_that_vanished_meanwhile_is_left_out() {
    let mut t = two_groups();
    t.when(granted(Level::Node), |config| {
        config.remove_instance("web1");
    });
    t.run(lenient()).called_on::<DrbdNeedsActivation>(["node2", "node3"]).returned(nothing_found());
}

#[test]
fn leniently_an_instance_that_left_the_group_meanwhile_is_left_out() {
    let mut t = two_groups();
    t.when(granted(Level::Node), |config| {
        config.move_instance("split1", "node3");
        config.instance("split1").secondary("node4");
    });
    t.run(lenient()).called_on::<DrbdNeedsActivation>(["node1", "node2"]).returned(nothing_found());
}

#[test]
fn leniently_of_an_instance_that_moved_meanwhile_only_locked_nodes_are_looked_at() {
    let mut t = two_groups();
    t.when(granted(Level::Node), |config| drop(config.instance("web1").secondary("node4").id()));
    t.run(lenient())
        .called_on::<DrbdNeedsActivation>(["node1", "node2", "node3"])
        .warned("node node4: it was not asked")
        .returned(nothing_found());
}

#[test]
fn a_group_that_vanished_meanwhile_is_unknown() {
    let mut t = two_groups();
    t.config().group("rack-c");
    t.when(granted(Level::NodeGroup), |config| {
        config.remove_group("rack-c");
    });
    t.run(GroupVerifyDisks::new("rack-c")).refused(Code::UnknownEntity, "'rack-c'");
}

#[test]
fn a_group_that_vanished_meanwhile_is_unknown_leniently_too() {
    let mut t = two_groups();
    t.config().group("rack-c");
    t.when(granted(Level::NodeGroup), |config| {
        config.remove_group("rack-c");
    });
    t.run(GroupVerifyDisks { is_strict: false, ..GroupVerifyDisks::new("rack-c") })
        .refused(Code::UnknownEntity, "'rack-c'");
}
