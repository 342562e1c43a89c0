//! Bringing an instance's disks up on its nodes, and down.

use cmdlib::cx::Exec;
use cmdlib::error::Failure;
use cmdlib::lu::shared::disks::{Secondaries, activate, clean_up, deactivate, mark};
use cmdlib::objects::Instance;
use cmdlib::rpc::{Assembled, BlockdevAssemble, BlockdevShutdown};
use serde_json::{Value, json};
use std::sync::Arc;
use testlib::Level::Instance as InstanceLevel;
use testlib::{Judged, LogKind, LuRun, LuTest, clusters, exclusive};

/// `db1` has two disks, mirrored from `node2` to `node3`. It is wanted up here; its disks are inactive.
fn bench() -> LuTest {
    let mut t = LuTest::three_nodes_five_instances();
    t.config().instance("db1").disks_active(false);
    t
}

/// The same with active disks.
fn active() -> LuTest {
    LuTest::three_nodes_five_instances()
}

/// Does something with the disks of an instance, and returns whether they are marked active in the instance that comes back.
#[track_caller]
fn with(
    t: &mut LuTest,
    name: &'static str,
    run: impl Fn(&Arc<Instance>, &Exec) -> Result<Arc<Instance>, Failure> + 'static,
) -> LuRun {
    t.holding([exclusive(InstanceLevel, name)]);
    t.exec(move |cx| {
        let config = cx.config();
        let instance = config.get(&config.find::<Instance>(name)?)?;
        run(&instance, cx).map(|instance| instance.disks_active)
    })
}

#[track_caller]
fn up(t: &mut LuTest, secondaries: Secondaries) -> LuRun {
    with(t, "db1", move |instance, cx| activate(instance, secondaries, cx))
}

#[track_caller]
fn down(t: &mut LuTest) -> LuRun {
    with(t, "db1", deactivate)
}

/// What was assembled: disk, node, and whether for writing.
fn assembled(judged: &Judged) -> Vec<(u64, String, bool)> {
    let of = |(call, nodes): (BlockdevAssemble, Vec<String>)| {
        (call.index, nodes.concat().replace(".example.com", ""), call.as_primary)
    };
    judged.calls::<BlockdevAssemble>().into_iter().map(of).collect()
}

/// `node` answers badly, whatever the disk and the pass; the others are healthy.
fn assembling_fails(node: &str) -> LuTest {
    let mut t = bench();
    t.rpc().on::<BlockdevAssemble>().node(node).any_times().fails("no such volume");
    t.rpc().on::<BlockdevAssemble>().healthy();
    t
}

/// The primary node answers this when a device is to be opened for writing.
fn opening_answers(answer: Value) -> LuTest {
    let mut t = bench();
    t.rpc().on::<BlockdevAssemble>().with(|call| call.as_primary).any_times().replies_raw(answer);
    t.rpc().on::<BlockdevAssemble>().healthy();
    t
}

/// `node` does not take disks down; the others do.
fn shutting_down_fails(node: &str) -> LuTest {
    let mut t = active();
    t.rpc().on::<BlockdevShutdown>().node(node).any_times().fails("in use");
    t.rpc().on::<BlockdevShutdown>().healthy();
    t
}

const MATTER: Secondaries = Secondaries::Matter;
const IGNORED: Secondaries = Secondaries::Ignored;

// -- up

#[test]
fn h90_no_disk_is_opened_for_writing_before_all_are_up_on_all_nodes() {
    let judged = up(&mut bench(), MATTER).succeeded();
    let on = |disk: u64, node: &str, writing: bool| (disk, node.to_owned(), writing);
    let first = [on(0, "node2", false), on(0, "node3", false), on(1, "node2", false), on(1, "node3", false)];
    assert_eq!(assembled(&judged), [&first[..], &[on(0, "node2", true), on(1, "node2", true)]].concat());
}

#[test]
fn disks_that_are_up_are_marked_active() {
    up(&mut bench(), MATTER).changed(["instances[db1].disks_active: false -> true"]).returned(true);
}

#[test]
fn disks_that_were_marked_active_come_up_without_a_change() {
    up(&mut active(), MATTER).called::<BlockdevAssemble>().changed_nothing().returned(true);
}

#[test]
fn nodes_are_told_that_the_disks_are_wanted_active() {
    let judged = up(&mut bench(), MATTER).succeeded();
    let (call, nodes) = judged.calls::<BlockdevAssemble>().remove(0);
    let node = judged.config().find(&nodes[0]).unwrap();
    let to = cmdlib::rpc::Encode { node, config: judged.config().clone() };
    assert_eq!(cmdlib::rpc::Wire::wire(&call.instance, &to).unwrap().value()["disks_active"], true);
}

#[test]
fn a_disk_that_is_not_mirrored_comes_up_on_the_primary_node_alone() {
    let web1 = |instance: &Arc<Instance>, cx: &Exec| activate(instance, MATTER, cx);
    let judged = with(&mut bench(), "web1", web1).succeeded();
    assert_eq!(assembled(&judged), [(0, "node1".to_owned(), false), (0, "node1".to_owned(), true)]);
}

#[test]
fn an_instance_without_disks_is_marked_all_the_same() {
    let mut t = bench();
    t.config().instance("diskless1").disks_active(false);
    with(&mut t, "diskless1", |instance, cx| activate(instance, MATTER, cx)).called_nobody().returned(true);
}

#[test]
fn disks_of_an_instance_in_two_groups_come_up_on_both_its_nodes() {
    let mut t = LuTest::with(clusters::two_groups());
    with(&mut t, "split1", |instance, cx| activate(instance, MATTER, cx))
        .called_on::<BlockdevAssemble>(["node2", "node3"])
        .succeeded();
}

// -- a secondary node that fails

#[test]
fn d117_a_secondary_node_that_fails_stops_it_after_the_first_pass() {
    let judged =
        up(&mut assembling_fails("node3"), MATTER).failed("the disks of instance 'db1' could not be activated");
    assert!(assembled(&judged).iter().all(|(_, _, writing)| !writing));
}

#[test]
fn d117_what_came_up_is_taken_down_again_on_all_nodes() {
    up(&mut assembling_fails("node3"), MATTER)
        .called_times::<BlockdevShutdown>(4)
        .called_on::<BlockdevShutdown>(["node2", "node3"])
        .failed("could not be activated");
}

#[test]
fn disks_that_did_not_come_up_are_inactive() {
    let mut t = active();
    t.rpc().on::<BlockdevAssemble>().any_times().fails("no such volume");
    up(&mut t, MATTER).changed(["instances[db1].disks_active: true -> false"]).failed("could not be activated");
}

#[test]
fn each_disk_that_did_not_come_up_is_warned_about() {
    up(&mut assembling_fails("node3"), MATTER)
        .warned("disk/0 could not be prepared: node node3, call blockdev_assemble: no such volume")
        .warned("disk/1 could not be prepared")
        .failed("could not be activated");
}

#[test]
fn that_it_can_be_forced_is_hinted_at() {
    up(&mut assembling_fails("node3"), MATTER).logged(LogKind::Hint, "can be forced").failed("could not be activated");
}

#[test]
fn a_secondary_node_that_does_not_answer_stops_it() {
    let mut t = bench();
    t.rpc().on::<BlockdevAssemble>().node("node3").any_times().unreachable();
    t.rpc().on::<BlockdevAssemble>().healthy();
    up(&mut t, MATTER).failed("could not be activated");
}

#[test]
fn an_offline_secondary_node_is_a_warning() {
    let mut t = bench();
    t.config().node("node3").offline();
    up(&mut t, MATTER).warned("disk/0 could not be prepared: node node3").returned(true);
}

#[test]
fn a_secondary_node_that_is_ignored_is_a_warning() {
    up(&mut assembling_fails("node3"), IGNORED).warned("no such volume").returned(true);
}

#[test]
fn what_the_first_pass_tells_of_devices_that_are_not_opened_is_not_read() {
    for told in [json!(null), json!(true), json!([true, true]), json!({"odd": 1})] {
        let mut t = bench();
        t.rpc().on::<BlockdevAssemble>().with(|call| !call.as_primary).any_times().replies_raw(told);
        t.rpc().on::<BlockdevAssemble>().healthy();
        up(&mut t, MATTER).never_warned().returned(true);
    }
}

// -- the primary node fails

#[test]
fn a_primary_node_that_fails_stops_it_after_the_first_pass() {
    let judged = up(&mut assembling_fails("node2"), MATTER).failed("could not be activated");
    assert!(assembled(&judged).iter().all(|(_, _, writing)| !writing));
}

#[test]
fn ignoring_secondary_nodes_does_not_ignore_the_primary_one() {
    up(&mut assembling_fails("node2"), IGNORED)
        .warned("disk/0 could not be opened for writing: node node2, call blockdev_assemble: no such volume")
        .called_on::<BlockdevShutdown>(["node2", "node3"])
        .failed("could not be activated");
}

#[test]
fn by_force_there_is_no_hint_at_force() {
    let judged = up(&mut assembling_fails("node2"), IGNORED).failed("could not be activated");
    assert!(judged.log().iter().all(|(kind, _)| *kind != LogKind::Hint));
}

#[test]
fn an_offline_primary_node_stops_it() {
    let mut t = bench();
    t.config().node("node2").offline();
    up(&mut t, MATTER).called_on::<BlockdevAssemble>(["node3"]).failed("could not be activated");
}

#[test]
fn one_disk_that_is_not_opened_for_writing_stops_it() {
    let mut t = bench();
    t.rpc().on::<BlockdevAssemble>().with(|call| call.as_primary && call.index == 1).fails("split brain");
    t.rpc().on::<BlockdevAssemble>().healthy();
    up(&mut t, MATTER).called_times::<BlockdevShutdown>(4).failed("could not be activated");
}

#[test]
fn n02_a_node_that_tells_of_no_device_when_it_opens_one_has_failed() {
    for told in [json!(null), json!(true), json!([true, true]), json!({"odd": 1})] {
        up(&mut opening_answers(told), MATTER)
            .warned("could not be opened for writing")
            .failed("could not be activated");
    }
}

#[test]
fn a_device_that_only_the_hypervisor_reaches_will_do() {
    let device = Assembled::Device { path: String::new(), link: None, uri: Some("rbd:pool/disk".to_owned()) };
    up(&mut opening_answers(cmdlib::field::Field::write(&device)), MATTER).returned(true);
}

#[test]
fn the_failure_is_that_of_coming_up_even_if_disks_stay_up() {
    let mut t = assembling_fails("node3");
    t.rpc().on::<BlockdevShutdown>().any_times().fails("in use");
    up(&mut t, MATTER).warned("disk/1 could not be taken down").failed("could not be activated");
}

// -- down

#[test]
fn disks_are_taken_down_on_all_nodes() {
    down(&mut active())
        .called_times::<BlockdevShutdown>(4)
        .called_on::<BlockdevShutdown>(["node2", "node3"])
        .changed(["instances[db1].disks_active: true -> false"])
        .returned(false);
}

#[test]
fn disks_are_marked_inactive_only_when_they_are_down() {
    let judged = down(&mut active()).succeeded();
    let journal = judged.journal().to_string();
    let (last_call, mark) = (journal.rfind("blockdev_shutdown"), journal.find("disks_active"));
    assert!(last_call < mark, "{journal}");
}

#[test]
fn d118_disks_that_stay_up_are_a_failure() {
    down(&mut shutting_down_fails("node2")).failed("not all disks of instance 'db1' could be taken down");
}

#[test]
fn d118_disks_that_stay_up_stay_marked_active() {
    down(&mut shutting_down_fails("node2")).changed_nothing().failed("could be taken down");
}

#[test]
fn disks_that_stay_up_are_warned_about_each() {
    down(&mut shutting_down_fails("node2"))
        .warned("disk/0 could not be taken down: node node2, call blockdev_shutdown: in use")
        .warned("disk/1 could not be taken down")
        .failed("see the warnings");
}

#[test]
fn disks_that_stay_up_on_the_secondary_node_are_a_failure() {
    down(&mut shutting_down_fails("node3")).called_times::<BlockdevShutdown>(4).failed("could be taken down");
}

#[test]
fn a_secondary_node_that_does_not_answer_is_a_failure() {
    let mut t = active();
    t.rpc().on::<BlockdevShutdown>().node("node3").any_times().unreachable();
    t.rpc().on::<BlockdevShutdown>().healthy();
    down(&mut t).failed("could be taken down");
}

#[test]
fn taking_down_an_offline_secondary_node_is_a_warning() {
    let mut t = active();
    t.config().node("node3").offline();
    down(&mut t).warned("disk/0 could not be taken down: node node3").returned(false);
}

#[test]
fn taking_down_an_offline_primary_node_is_a_failure() {
    let mut t = active();
    t.config().node("node2").offline();
    down(&mut t).failed("could be taken down");
}

#[test]
fn an_instance_without_disks_is_marked_inactive() {
    let mut t = active();
    with(&mut t, "diskless1", deactivate).called_nobody().returned(false);
}

// -- down after another failure

/// Cleans up after an instance, and returns whether its disks are marked active then.
#[track_caller]
fn cleaned_up(t: &mut LuTest, name: &'static str) -> LuRun {
    with(t, name, |instance, cx| Ok(clean_up(instance, cx)))
}

#[test]
fn disks_that_are_cleaned_up_are_down_and_marked_so() {
    cleaned_up(&mut active(), "db1")
        .called_times::<BlockdevShutdown>(4)
        .changed(["instances[db1].disks_active: true -> false"])
        .never_warned()
        .returned(false);
}

#[test]
fn disks_that_can_not_be_cleaned_up_stay_marked_active_with_a_warning() {
    cleaned_up(&mut shutting_down_fails("node2"), "db1").changed_nothing().warned("in use").returned(true);
}

#[test]
fn disks_that_are_not_in_the_configuration_are_a_warning_to_clean_up() {
    cleaned_up(&mut damaged(), "db1")
        .called_nobody()
        .changed_nothing()
        .warned("the disks of instance 'db1' can't be taken down: there is no disk")
        .returned(true);
}

#[test]
fn an_instance_that_is_gone_is_a_warning_to_clean_up() {
    let mut t = active();
    let diskless = t.config().snapshot().named::<Instance>("diskless1.example.com").unwrap();
    t.config().remove_instance("diskless1");
    t.exec(move |cx| Ok::<_, Failure>(clean_up(&diskless, cx).disks_active))
        .warned("the disks of instance 'diskless1' are not marked inactive: there is no instance")
        .returned(true);
}

// -- marks

#[test]
fn a_mark_changes_nothing_else() {
    with(&mut active(), "db1", |instance, cx| mark(instance, false, cx))
        .called_nobody()
        .changed(["instances[db1].disks_active: true -> false"])
        .returned(false);
}

#[test]
fn a_mark_that_is_there_already_is_not_written() {
    with(&mut active(), "db1", |instance, cx| mark(instance, true, cx)).changed_nothing().returned(true);
}

/// `db1`, one of whose disks is not in the configuration.
fn damaged() -> LuTest {
    let mut t = active();
    let disk = t.config().snapshot().named::<Instance>("db1.example.com").unwrap().disks[0].clone();
    t.config().broken("a disk is gone", |draft| drop(draft.remove(&disk)));
    t
}

#[test]
fn disks_that_are_not_in_the_configuration_are_a_failure_to_bring_up() {
    up(&mut damaged(), MATTER).called_nobody().failed("there is no disk");
}

#[test]
fn disks_that_are_not_in_the_configuration_are_a_failure_to_take_down() {
    down(&mut damaged()).called_nobody().changed_nothing().failed("there is no disk");
}

#[test]
fn an_instance_that_is_gone_is_a_failure_to_mark() {
    let mut t = active();
    let web1 = t.config().snapshot().named::<Instance>("web1.example.com").unwrap();
    t.config().remove_instance("web1");
    t.exec(move |cx| mark(&web1, true, cx).map(|_| ())).failed("there is no instance");
}
