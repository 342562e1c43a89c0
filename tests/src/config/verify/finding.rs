//! What a finding is by itself.

use cmdlib::config::{Finding, FindingKind};

#[test]
fn a_finding_shows_its_text() {
    let finding = Finding { kind: FindingKind::DiskMode, text: "a disk is odd".to_owned() };
    assert_eq!(finding.to_string(), "a disk is odd");
}

#[test]
fn references_that_lead_nowhere_are_dangling() {
    use FindingKind::*;
    for kind in [
        MasterNodeGone,
        GroupOfNodeGone,
        PrimaryNodeGone,
        DiskOfInstanceGone,
        NodeOfDiskGone,
        NetworkOfNicGone,
        NetworkOfGroupGone,
    ] {
        assert!(kind.dangling(), "{kind:?}");
    }
}

#[test]
fn other_faults_are_not_dangling() {
    let finding = Finding { kind: FindingKind::MacTwice, text: String::new() };
    assert!(!finding.dangling());
}
