//! The words for defects.

use cmdlib::locking::Level;
use expect_test::expect;
use testlib::put_back::{Defect, HookSide, What};

#[test]
fn what_is_printed_can_be_read() {
    let call = || "instance_start".to_owned();
    let all = [
        What::DropLock(Level::NodeRes),
        What::NarrowLock(Level::Node),
        What::ShareLock(Level::Instance),
        What::IgnoreError(call()),
        What::SkipHooks(HookSide::Pre),
        What::SkipHooks(HookSide::Post),
        What::WriteBefore(call()),
        What::ForgetRelease(Level::NodeGroup),
        What::ForgetDowngrade(Level::Network),
        What::StaleSnapshot,
    ];
    for what in all {
        let defect = Defect { unit: "InstanceStartup".to_owned(), what };
        assert_eq!(defect.to_string().parse(), Ok(defect));
    }
}

#[test]
fn an_unknown_defect_is_told_which_there_are() {
    let unknown = "InstanceStartup: forget everything".parse::<Defect>();
    expect!["there is no defect 'forget everything' (there are: drop lock, narrow lock, share lock, forget release and forget downgrade of a level (instance, nodegroup, node, node-res, network); ignore error and write before of a call; skip hooks pre or post; stale snapshot)"].assert_eq(&unknown.unwrap_err());
}

#[test]
fn a_defect_names_its_unit() {
    let nobodys = "stale snapshot".parse::<Defect>();
    expect!["'stale snapshot' is no defect: wanted 'Unit: what is wrong'"].assert_eq(&nobodys.unwrap_err());
}
