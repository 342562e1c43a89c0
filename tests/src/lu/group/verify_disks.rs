//! `GroupVerifyDisks`: which disks are missing or down, what is not known, and what happens while locks are waited for.

use cmdlib::config::Snapshot;
use cmdlib::error::Code;
use cmdlib::objects::Instance;
use cmdlib::op::{Common, GroupVerifyDisks};
use cmdlib::rpc::{DrbdNeedsActivation, LvList, LvStatus};
use indexmap::IndexMap;
use serde_json::{Value, json};
use testlib::sweep::{Fault, Point};
use testlib::{GiB, Level, LuTest, clusters, shared};

mod meanwhile;
mod report;

/// `web1` on `node1` and `node2` in `default`, `web2` on `node3` and `node4` in `rack-b`, `split1` across on `node2` and `node3`.
fn two_groups() -> LuTest {
    LuTest::with(clusters::two_groups())
}

fn strict() -> GroupVerifyDisks {
    GroupVerifyDisks::new("default")
}

fn lenient() -> GroupVerifyDisks {
    GroupVerifyDisks { is_strict: false, ..strict() }
}

fn nothing_found() -> Value {
    json!([{}, [], {}])
}

fn state(t: &mut LuTest) -> Snapshot {
    t.config().snapshot()
}

/// The volumes that an instance should have on a node, in order of its disks.
fn volumes(state: &Snapshot, instance: &str, node: &str) -> Vec<String> {
    let instance = state.named::<Instance>(&format!("{instance}.example.com")).expect("the cluster has it");
    let node = state.find(node).expect("the cluster has it");
    let all = state.volume_list(&instance).expect("its disks are there");
    all.into_iter().filter(|(on, _)| *on == node).map(|(_, volume)| volume).collect()
}

/// Those volumes as the result tells that they are missing.
fn missing(state: &Snapshot, instance: &str, nodes: &[&str]) -> Vec<Value> {
    let on = |node: &&str| {
        volumes(state, instance, node)
            .into_iter()
            .map(|volume| json!([format!("{node}.example.com"), volume]))
            .collect()
    };
    nodes.iter().flat_map::<Vec<Value>, _>(on).collect()
}

fn volume(online: bool) -> LvStatus {
    LvStatus { size: "1024.00".into(), inactive: !online, online }
}

/// The node has no volume at all.
fn empty(t: &mut LuTest, node: &str) {
    t.rpc().on::<LvList>().node(node).replies(IndexMap::new()).on::<LvList>().healthy();
}

fn disk_of(state: &Snapshot, instance: &str) -> String {
    let instance = state.named::<Instance>(&format!("{instance}.example.com")).expect("the cluster has it");
    instance.disks[0].to_string()
}

// -- what is found

#[test]
fn in_a_healthy_group_nothing_is_found() {
    two_groups().run(strict()).never_warned().returned(nothing_found());
}

#[test]
fn volumes_that_a_node_lacks_are_missing() {
    let mut t = two_groups();
    empty(&mut t, "node1");
    let found = missing(&state(&mut t), "web1", &["node1"]);
    t.run(strict()).returned(json!([{}, [], {"web1.example.com": found}]));
}

#[test]
fn each_instance_misses_its_own_volumes() {
    let mut t = two_groups();
    empty(&mut t, "node2");
    let state = state(&mut t);
    let (web1, split1) = (missing(&state, "web1", &["node2"]), missing(&state, "split1", &["node2"]));
    t.run(strict()).returned(json!([{}, [], {"web1.example.com": web1, "split1.example.com": split1}]));
}

#[test]
fn missing_volumes_come_node_by_node_in_order_of_the_disks() {
    let mut t = LuTest::three_nodes_five_instances();
    t.rpc().on::<LvList>().times(3).replies(IndexMap::new());
    let state = state(&mut t);
    let (web2, db1) = (missing(&state, "web2", &["node1", "node2"]), missing(&state, "db1", &["node2", "node3"]));
    assert_eq!(db1.len(), 8);
    t.run(strict()).returned(json!([{}, [], {"web2.example.com": web2, "db1.example.com": db1}]));
}

#[test]
fn a_volume_that_is_not_in_use_must_be_activated() {
    let mut t = two_groups();
    let [data, meta] = <[String; 2]>::try_from(volumes(&state(&mut t), "web1", "node1")).expect("a mirror has two");
    let there = IndexMap::from([(data, volume(true)), (meta, volume(false))]);
    t.rpc().on::<LvList>().node("node1").replies(there).on::<LvList>().healthy();
    t.run(strict()).returned(json!([{}, ["web1.example.com"], {}]));
}

#[test]
fn a_volume_of_which_only_its_use_is_told_is_one() {
    let mut t = two_groups();
    let volumes = volumes(&state(&mut t), "web1", "node1");
    let there: serde_json::Map<String, Value> = volumes.into_iter().map(|it| (it, json!([null, null, true]))).collect();
    t.rpc().on::<LvList>().node("node1").replies_raw(there.into()).on::<LvList>().healthy();
    t.run(strict()).returned(nothing_found());
}

#[test]
fn volumes_of_nobody_are_no_concern() {
    let mut t = two_groups();
    let mut there: IndexMap<String, LvStatus> =
        volumes(&state(&mut t), "web1", "node1").into_iter().map(|it| (it, volume(true))).collect();
    there.insert("xenvg/swap".to_owned(), volume(false));
    t.rpc().on::<LvList>().node("node1").replies(there).on::<LvList>().healthy();
    t.run(strict()).returned(nothing_found());
}

#[test]
fn a_mirror_that_a_node_finds_broken_must_be_activated() {
    let mut t = two_groups();
    let disk = disk_of(&state(&mut t), "split1");
    t.rpc().on::<DrbdNeedsActivation>().node("node3").replies(vec![disk]).on::<DrbdNeedsActivation>().healthy();
    t.run(strict()).returned(json!([{}, ["split1.example.com"], {}]));
}

#[test]
fn a_mirror_that_both_nodes_find_broken_is_told_once() {
    let mut t = two_groups();
    let disk = disk_of(&state(&mut t), "web1");
    t.rpc().on::<DrbdNeedsActivation>().node("node1").replies(vec![disk.clone()]);
    t.rpc().on::<DrbdNeedsActivation>().node("node2").replies(vec![disk]).on::<DrbdNeedsActivation>().healthy();
    t.run(strict()).returned(json!([{}, ["web1.example.com"], {}]));
}

#[test]
fn instances_to_activate_are_sorted() {
    let mut t = two_groups();
    let state = state(&mut t);
    let disks = vec![disk_of(&state, "web1"), disk_of(&state, "split1")];
    t.rpc().on::<DrbdNeedsActivation>().node("node2").replies(disks).on::<DrbdNeedsActivation>().healthy();
    t.run(strict()).returned(json!([{}, ["split1.example.com", "web1.example.com"], {}]));
}

#[test]
fn a_broken_mirror_of_an_instance_that_was_not_asked_about_is_told_all_the_same() {
    let mut t = two_groups();
    t.config().instance("web1").down();
    let disk = disk_of(&state(&mut t), "web1");
    t.rpc().on::<DrbdNeedsActivation>().node("node2").replies(vec![disk]).on::<DrbdNeedsActivation>().healthy();
    t.run(strict()).returned(json!([{}, ["web1.example.com"], {}]));
}

#[test]
fn a_broken_mirror_of_nobody_is_no_concern() {
    let mut t = two_groups();
    t.rpc().on::<DrbdNeedsActivation>().node("node1").replies(vec!["no-disk".to_owned()]);
    t.rpc().on::<DrbdNeedsActivation>().healthy();
    t.run(strict()).returned(nothing_found());
}

// -- what is looked at

#[test]
fn all_nodes_of_the_group_and_of_its_instances_are_asked_for_volumes() {
    two_groups().run(strict()).called_times::<LvList>(1).called_on::<LvList>(["node1", "node2", "node3"]).succeeded();
}

#[test]
fn volumes_of_all_groups_are_asked_for() {
    two_groups().run(strict()).called_with::<LvList>("no volume group", |call| call.groups.is_empty()).succeeded();
}

#[test]
fn each_node_with_mirrors_is_asked_for_them() {
    two_groups()
        .run(strict())
        .called_times::<DrbdNeedsActivation>(3)
        .called_on::<DrbdNeedsActivation>(["node1", "node2", "node3"])
        .succeeded();
}

#[test]
fn a_node_is_asked_for_all_its_mirrors_together() {
    let judged = two_groups().run(strict()).succeeded();
    let names = |call: &DrbdNeedsActivation| {
        call.disks.0.iter().map(|it| it.owner().unwrap_or_default().replace(".example.com", "")).collect::<Vec<_>>()
    };
    let asked: Vec<(String, Vec<String>)> =
        judged.calls::<DrbdNeedsActivation>().iter().map(|(call, nodes)| (nodes.join(" "), names(call))).collect();
    let of = |node: &str, instances: &[&str]| {
        (format!("{node}.example.com"), instances.iter().map(|it| (*it).to_owned()).collect())
    };
    assert_eq!(asked, [of("node2", &["split1", "web1"]), of("node3", &["split1"]), of("node1", &["web1"])]);
}

#[test]
fn an_instance_whose_disks_are_down_is_not_looked_at() {
    let mut t = two_groups();
    t.config().instance("web1").down();
    empty(&mut t, "node1");
    t.run(strict()).called_on::<DrbdNeedsActivation>(["node2", "node3"]).returned(nothing_found());
}

#[test]
fn a_group_without_active_disks_needs_no_question() {
    let mut t = two_groups();
    t.config().instance("web1").down();
    t.config().instance("split1").down();
    t.run(strict()).called_nobody().returned(nothing_found());
}

#[test]
fn a_group_without_volumes_is_not_asked_for_any() {
    let mut t = LuTest::three_nodes();
    t.config().instance("file1").file(GiB(1)).up();
    t.run(strict()).called_nobody().returned(nothing_found());
}

#[test]
fn a_group_without_mirrors_is_not_asked_for_any() {
    let mut t = LuTest::three_nodes();
    t.config().instance("web1").plain(GiB(1)).up();
    t.run(strict()).called::<LvList>().never_called::<DrbdNeedsActivation>().returned(nothing_found());
}

#[test]
fn an_empty_group_needs_no_question() {
    let mut t = two_groups();
    t.config().group("rack-c");
    t.run(GroupVerifyDisks::new("rack-c")).called_nobody().returned(nothing_found());
}

#[test]
fn a_node_that_runs_no_instances_is_not_asked() {
    let mut t = two_groups();
    t.config().node("node5").not_vm_capable();
    t.run(strict()).called_on::<LvList>(["node1", "node2", "node3"]).returned(nothing_found());
}

#[test]
fn the_group_can_be_named_by_its_uuid() {
    let mut t = two_groups();
    let id = t.config().id_of_group("default");
    t.run(GroupVerifyDisks::new(id.as_str())).called_on::<LvList>(["node1", "node2", "node3"]).succeeded();
}

// -- nodes that do not answer

#[test]
fn d87_the_volumes_of_a_node_that_refuses_are_not_missing() {
    let mut t = two_groups();
    t.rpc().on::<LvList>().node("node1").fails("no LVM").on::<LvList>().healthy();
    t.run(strict()).returned(json!([{"node1.example.com": "no LVM"}, [], {}]));
}

#[test]
fn d87_the_volumes_of_a_node_that_gives_no_answer_are_not_missing() {
    let mut t = two_groups();
    t.rpc().on::<LvList>().node("node1").unreachable().on::<LvList>().healthy();
    t.run(strict()).returned(json!([{"node1.example.com": "connection timed out"}, [], {}]));
}

// The reference dies of an attribute error.
#[test]
fn d87_the_volumes_of_a_node_that_answers_nonsense_are_not_missing() {
    let mut t = two_groups();
    t.rpc().on::<LvList>().node("node1").replies_raw(Value::Null).on::<LvList>().healthy();
    t.run(strict()).returned(json!([{"node1.example.com": "malformed answer: expected an object, got null"}, [], {}]));
}

#[test]
fn d87_the_volumes_of_an_offline_node_are_not_missing() {
    let mut t = two_groups();
    t.config().node("node2").offline();
    t.run(strict()).called_on::<LvList>(["node1", "node3"]).returned(nothing_found());
}

#[test]
fn d87_an_offline_node_is_warned_about() {
    let mut t = two_groups();
    t.config().node("node2").offline();
    t.run(strict()).warned("node node2: it is marked offline").succeeded();
}

#[test]
fn a_node_that_goes_offline_after_it_told_its_volumes_is_warned_about() {
    let mut t = two_groups();
    t.inject(Point::call::<DrbdNeedsActivation>().node("node2"), Fault::Offline);
    t.run(strict()).warned("nothing is known about disks on node node2").succeeded();
}

#[test]
fn d88_an_offline_node_with_mirrors_is_no_error() {
    let mut t = two_groups();
    t.config().node("node3").offline();
    t.run(strict()).called_on::<DrbdNeedsActivation>(["node1", "node2"]).returned(nothing_found());
}

#[test]
fn an_offline_node_without_disks_is_not_warned_about() {
    let mut t = two_groups();
    t.config().node("node5").offline();
    t.run(strict()).never_warned().succeeded();
}

#[test]
fn a_node_that_fails_is_told_in_the_result_and_not_in_a_warning() {
    let mut t = two_groups();
    t.rpc().on::<LvList>().node("node1").fails("no LVM").on::<LvList>().healthy();
    t.run(strict()).never_warned().succeeded();
}

#[test]
fn a_node_that_fails_without_disks_is_told_too() {
    let mut t = two_groups();
    t.config().node("node5");
    t.rpc().on::<LvList>().node("node5").fails("no LVM").on::<LvList>().healthy();
    t.run(strict()).returned(json!([{"node5.example.com": "no LVM"}, [], {}]));
}

#[test]
fn d90_a_node_whose_mirrors_can_not_be_looked_at_is_told_by_name() {
    let mut t = two_groups();
    t.rpc().on::<DrbdNeedsActivation>().node("node3").fails("no module").on::<DrbdNeedsActivation>().healthy();
    t.run(strict()).returned(json!([{"node3.example.com": "no module"}, [], {}]));
}

// The reference dies of a type error.
#[test]
fn an_answer_about_mirrors_that_is_no_list_is_an_error_of_the_node() {
    let mut t = two_groups();
    t.rpc().on::<DrbdNeedsActivation>().node("node3").replies_raw(Value::Null).on::<DrbdNeedsActivation>().healthy();
    t.run(strict()).returned(json!([{"node3.example.com": "malformed answer: expected a list, got null"}, [], {}]));
}

#[test]
fn of_a_node_that_fails_twice_the_last_error_is_told() {
    let mut t = two_groups();
    t.rpc().on::<LvList>().node("node1").fails("no LVM").on::<LvList>().healthy();
    t.rpc().on::<DrbdNeedsActivation>().node("node1").fails("no module").on::<DrbdNeedsActivation>().healthy();
    t.run(strict()).returned(json!([{"node1.example.com": "no module"}, [], {}]));
}

#[test]
fn a_node_that_fails_does_not_hide_what_others_find() {
    let mut t = two_groups();
    t.rpc().on::<LvList>().node("node1").fails("no LVM").on::<LvList>().node("node2").replies(IndexMap::new());
    t.rpc().on::<LvList>().healthy();
    let state = state(&mut t);
    let (web1, split1) = (missing(&state, "web1", &["node2"]), missing(&state, "split1", &["node2"]));
    let found = json!({"web1.example.com": web1, "split1.example.com": split1});
    t.run(strict()).returned(json!([{"node1.example.com": "no LVM"}, [], found]));
}

// -- locks

#[test]
fn instances_groups_and_nodes_are_shared() {
    two_groups()
        .run(strict())
        .locked([
            shared(Level::Instance, "web1"),
            shared(Level::Instance, "split1"),
            shared(Level::NodeGroup, "default"),
            shared(Level::NodeGroup, "rack-b"),
            shared(Level::Node, "node1"),
            shared(Level::Node, "node2"),
            shared(Level::Node, "node3"),
        ])
        .succeeded();
}

#[test]
fn an_empty_group_is_locked_by_itself() {
    let mut t = two_groups();
    t.config().group("rack-c");
    t.run(GroupVerifyDisks::new("rack-c")).locked([shared(Level::NodeGroup, "rack-c")]).succeeded();
}

#[test]
fn nodes_without_instances_are_locked_too() {
    let mut t = LuTest::three_nodes();
    t.run(strict())
        .locked_also([shared(Level::Node, "node1"), shared(Level::Node, "node2"), shared(Level::Node, "node3")])
        .succeeded();
}

#[test]
fn strictly_it_waits_for_those_who_have_a_node() {
    let mut t = two_groups();
    t.locks().taken(Level::Node, "node2");
    t.run(strict()).lock_timed_out();
}

#[test]
fn strictly_it_waits_for_those_who_have_an_instance() {
    let mut t = two_groups();
    t.locks().taken(Level::Instance, "web1");
    t.run(strict()).lock_timed_out();
}

// -- not strictly

#[test]
fn what_is_free_is_looked_at_all_of_it() {
    two_groups()
        .run(lenient())
        .called_on::<LvList>(["node1", "node2", "node3"])
        .called_on::<DrbdNeedsActivation>(["node1", "node2", "node3"])
        .returned(nothing_found());
}

// The reference asserts that all nodes of the locked instances are locked.
#[test]
fn d89_a_node_that_is_not_free_is_left_out() {
    let mut t = two_groups();
    t.locks().taken(Level::Node, "node2");
    t.run(lenient())
        .called_on::<LvList>(["node1", "node3"])
        .called_on::<DrbdNeedsActivation>(["node1", "node3"])
        .returned(nothing_found());
}

#[test]
fn d87_a_node_that_is_not_free_is_warned_about() {
    let mut t = two_groups();
    t.locks().taken(Level::Node, "node2");
    t.run(lenient()).warned("node node2: it was not asked").succeeded();
}

#[test]
fn d89_what_free_nodes_lack_is_found() {
    let mut t = two_groups();
    t.locks().taken(Level::Node, "node2");
    empty(&mut t, "node1");
    let found = missing(&state(&mut t), "web1", &["node1"]);
    t.run(lenient()).returned(json!([{}, [], {"web1.example.com": found}]));
}

#[test]
fn an_instance_that_is_not_free_is_left_out() {
    let mut t = two_groups();
    t.locks().taken(Level::Instance, "web1");
    empty(&mut t, "node1");
    t.run(lenient()).never_warned().returned(nothing_found());
}

#[test]
fn groups_of_instances_that_are_not_free_need_no_lock() {
    let mut t = two_groups();
    t.locks().taken(Level::Instance, "split1");
    t.run(lenient()).never_locked(Level::NodeGroup, "rack-b").never_locked(Level::Node, "node3").succeeded();
}

#[test]
fn at_least_one_instance_must_be_free() {
    let mut t = two_groups();
    t.locks().taken(Level::Instance, "web1").taken(Level::Instance, "split1");
    t.run(lenient()).lock_timed_out();
}

#[test]
fn at_least_one_node_must_be_free() {
    let mut t = two_groups();
    t.locks().taken(Level::Node, "node1").taken(Level::Node, "node2").taken(Level::Node, "node3");
    t.run(lenient()).lock_timed_out();
}

#[test]
fn groups_are_waited_for_all_the_same() {
    let mut t = two_groups();
    t.locks().taken(Level::NodeGroup, "default");
    t.run(lenient()).lock_timed_out();
}

// -- around it

#[test]
fn a_group_that_does_not_exist_is_refused() {
    two_groups().run(GroupVerifyDisks::new("rack-z")).called_nobody().refused(Code::UnknownEntity, "rack-z");
}

#[test]
fn no_hooks_run() {
    two_groups().run(strict()).no_hooks().succeeded();
}

#[test]
fn the_configuration_stays_as_it_is() {
    two_groups().run(strict()).changed_nothing().succeeded();
}

#[test]
fn in_a_dry_run_nobody_is_asked() {
    let common = Common { dry_run: true, ..Common::default() };
    two_groups().run(GroupVerifyDisks { common, ..strict() }).called_nobody().succeeded();
}

#[test]
fn every_odd_cluster_can_be_verified() {
    for (name, config) in clusters::odd() {
        let judged = LuTest::with(config).run(strict()).succeeded();
        let errors = judged.log();
        assert!(errors.iter().all(|(_, text)| text.contains("offline")), "{name}: {errors:?}");
    }
}
