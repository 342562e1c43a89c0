//! What a clean-up leaves when it fails itself: the first error is told, and what can still be taken down is.

use cmdlib::op::{InstanceReboot, InstanceShutdown, InstanceStartup, RebootType};
use cmdlib::rpc::{self, BlockdevAssemble, BlockdevShutdown, InstanceStart};
use testlib::LuTest;
use testlib::sweep::{Fault, Point};

fn bench() -> LuTest {
    LuTest::three_nodes_five_instances()
}

fn start() -> InstanceStartup {
    InstanceStartup::new("web1")
}

#[test]
fn a_wanted_state_that_cannot_be_put_back_does_not_hide_why_the_start_failed() {
    let mut t = bench();
    t.inject(Point::call::<InstanceStart>(), Fault::Refused).inject(Point::write().nth(3), Fault::Refused);
    t.run(start())
        .warned("the wanted state of instance 'web1' could not be put back: the configuration could not be stored")
        .failed("call instance_start");
}

#[test]
fn disks_that_cannot_be_marked_inactive_do_not_hide_why_the_start_failed() {
    let mut t = bench();
    t.inject(Point::call::<InstanceStart>(), Fault::Refused).inject(Point::write().nth(2), Fault::Refused);
    t.run(start())
        .warned("the disks of instance 'web1' are not marked inactive: the configuration could not be stored")
        .failed("call instance_start");
}

#[test]
fn disks_that_cannot_be_marked_inactive_are_taken_down_all_the_same() {
    let mut t = bench();
    t.inject(Point::call::<BlockdevAssemble>().nth(2), Fault::Refused).inject(Point::write().nth(2), Fault::Refused);
    t.run(start())
        .called_on::<BlockdevShutdown>(["node1"])
        .warned("are not marked inactive")
        .failed("the disks of instance 'web1' could not be activated");
}

#[test]
fn a_wanted_state_that_cannot_be_put_back_does_not_hide_why_the_shutdown_failed() {
    let mut t = bench();
    t.inject(Point::call::<rpc::InstanceShutdown>(), Fault::Refused).inject(Point::write().nth(2), Fault::Refused);
    t.run(InstanceShutdown::new("web2"))
        .warned("the wanted state of instance 'web2' could not be put back")
        .failed("call instance_shutdown");
}

#[test]
fn a_full_reboot_tells_that_disks_could_not_be_marked_in_between() {
    let mut t = bench();
    t.inject(Point::write(), Fault::Refused);
    t.run(InstanceReboot::new("web2", RebootType::Full))
        .warned("the disks of instance 'web2' are not marked inactive")
        .succeeded();
}

#[test]
fn a_start_after_its_user_stopped_it_tells_that_disks_could_not_be_marked_in_between() {
    let mut t = bench();
    t.config().instance("web1").stopped_by_user().hvparam("user_shutdown", true);
    t.inject(Point::write().nth(2), Fault::Refused);
    t.run(start()).warned("the disks of instance 'web1' are not marked inactive").succeeded();
}
