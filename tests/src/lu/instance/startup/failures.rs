//! What is left when a start fails: the wanted state is what it was, and the disks are down, or marked as what they are.

use cmdlib::op::InstanceStartup;
use cmdlib::rpc::{BlockdevAssemble, BlockdevShutdown, InstanceStart};
use testlib::LogKind;

use super::{bench, start, stopped_by_user};

// -- disks that don't come up

#[test]
fn d111_disks_that_do_not_come_up_put_the_wanted_state_back() {
    let mut t = bench();
    t.rpc().on::<BlockdevAssemble>().node("node1").fails("no such volume");
    t.run(start("web1")).changed([]).failed("the disks of instance 'web1' could not be activated");
}

#[test]
fn disks_that_do_not_come_up_start_nothing() {
    let mut t = bench();
    t.rpc().on::<BlockdevAssemble>().node("node1").unreachable();
    t.run(start("web1"))
        .never_called::<InstanceStart>()
        .warned("disk/0 could not be prepared")
        .failed("could not be activated");
}

#[test]
fn d117_a_secondary_node_that_fails_stops_it_before_anything_is_opened_for_writing() {
    let mut t = bench();
    t.rpc().on::<BlockdevAssemble>().node("node3").times(1..).fails("no such volume");
    t.rpc().on::<BlockdevAssemble>().healthy();
    let judged = t.run(start("db1")).failed("could not be activated");
    assert!(judged.calls::<BlockdevAssemble>().iter().all(|(call, _)| !call.as_primary));
}

#[test]
fn d117_what_came_up_is_taken_down_when_a_secondary_node_fails() {
    let mut t = bench();
    t.rpc().on::<BlockdevAssemble>().node("node3").times(1..).fails("no such volume");
    t.rpc().on::<BlockdevAssemble>().healthy();
    t.run(start("db1")).called_on::<BlockdevShutdown>(["node2", "node3"]).failed("could not be activated");
}

#[test]
fn a_secondary_node_that_fails_is_told_apart_by_a_hint() {
    let mut t = bench();
    t.rpc().on::<BlockdevAssemble>().node("node3").times(1..).fails("no such volume");
    t.rpc().on::<BlockdevAssemble>().healthy();
    t.run(start("db1")).logged(LogKind::Hint, "can be forced").failed("could not be activated");
}

#[test]
fn by_force_a_secondary_node_that_fails_is_a_warning() {
    let mut t = bench();
    t.rpc().on::<BlockdevAssemble>().node("node3").times(1..).fails("no such volume");
    t.rpc().on::<BlockdevAssemble>().healthy();
    let op = InstanceStartup { force: true, ..start("db1") };
    t.run(op).warned("no such volume").called::<InstanceStart>().succeeded();
}

#[test]
fn an_offline_secondary_node_is_a_warning() {
    let mut t = bench();
    t.config().node("node3").offline();
    t.run(start("db1")).warned("the node is marked offline").called_on::<BlockdevAssemble>(["node2"]).succeeded();
}

// -- a start that fails

#[test]
fn d111_a_start_that_fails_puts_the_wanted_state_back() {
    let mut t = bench();
    t.rpc().on::<InstanceStart>().node("node1").fails("no kernel");
    t.run(start("web1")).changed([]).failed("cannot start instance 'web1': node node1, call instance_start: no kernel");
}

#[test]
fn d111_a_start_that_fails_puts_back_that_its_user_has_stopped_it() {
    let mut t = stopped_by_user();
    t.rpc().on::<InstanceStart>().node("node1").unreachable();
    t.run(start("web1")).changed(["instances[web1].disks_active: true -> false"]).failed("cannot start instance");
}

#[test]
fn a_start_that_fails_takes_the_disks_down() {
    let mut t = bench();
    t.rpc().on::<InstanceStart>().node("node2").fails("no kernel");
    t.run(start("db1")).called_on::<BlockdevShutdown>(["node2", "node3"]).failed("no kernel");
}

#[test]
fn the_failed_start_is_told_even_if_the_disks_stay_up() {
    let mut t = bench();
    t.rpc().on::<InstanceStart>().node("node1").fails("no kernel");
    t.rpc().on::<BlockdevShutdown>().node("node1").fails("in use");
    t.run(start("web1")).warned("disk/0 could not be taken down").failed("no kernel");
}

#[test]
fn d118_disks_that_stay_up_after_a_failed_start_stay_marked_active() {
    let mut t = bench();
    t.rpc().on::<InstanceStart>().node("node1").fails("no kernel");
    t.rpc().on::<BlockdevShutdown>().node("node1").fails("in use");
    t.run(start("web1")).changed(["instances[web1].disks_active: false -> true"]).failed("no kernel");
}

#[test]
fn a_node_that_goes_offline_before_the_start_fails_it() {
    let mut t = bench();
    t.rpc().on::<InstanceStart>().node("node1").offline();
    t.run(start("web1")).failed("the node is marked offline");
}

#[test]
fn a_failed_start_of_a_running_instance_that_is_not_remembered_leaves_it_wanted_up() {
    let mut t = bench();
    t.rpc().on::<InstanceStart>().node("node1").fails("no kernel");
    t.run(InstanceStartup { no_remember: true, ..start("web2") })
        .changed(["instances[web2].disks_active: true -> false"])
        .failed("no kernel");
}
