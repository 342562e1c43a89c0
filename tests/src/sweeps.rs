//! Every unit of the library, swept: with faults, and with other jobs. What comes of it is kept as pages: `UPDATE_EXPECT=1` writes
//! them anew.

use cmdlib::lu::UNITS;
use cmdlib::rpc::{BlockdevAssemble, HypervisorValidateParams, LvList};
use expect_test::expect_file;
use testlib::sweep::{self, Fault, Outcome, Point};

#[test]
fn every_unit_copes_with_every_fault() {
    if crate::is_counted() {
        return;
    }
    let not_opened = "what a node tells of a device that is not opened is of no use: only the second pass reads it";
    let swept = sweep::all(UNITS)
        .only_faults()
        .allowing(
            "InstanceStartup",
            (Point::call::<BlockdevAssemble>(), Fault::malformed("")),
            Outcome::Succeeded,
            not_opened,
        )
        .allowing(
            "InstanceReboot",
            (Point::call::<BlockdevAssemble>(), Fault::malformed("")),
            Outcome::Succeeded,
            not_opened,
        )
        .allowing(
            "InstanceStartup",
            (Point::call::<HypervisorValidateParams>(), Fault::Offline),
            Outcome::Succeeded,
            "a node that is offline has no say about hypervisor parameters: that the primary is not is checked apart",
        )
        .allowing(
            "GroupVerifyDisks",
            (Point::call::<LvList>(), Fault::Offline),
            Outcome::Succeeded,
            "an offline node that has no disk to be looked at is not missed",
        )
        .holds();
    expect_file!["../sweeps/faults.md"].assert_eq(&swept.page("What comes of faults"));
}

#[test]
fn every_unit_copes_with_what_other_jobs_do_while_it_waits() {
    if crate::is_counted() {
        return;
    }
    let swept = sweep::all(UNITS).only_interferences().holds();
    expect_file!["../sweeps/other-jobs.md"].assert_eq(&swept.page("What comes of what other jobs do meanwhile"));
}
