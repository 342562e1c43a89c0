//! The report as a whole: one panic with all findings, causes first; what is the same is put together, what is long is cut.

use expect_test::expect;
use testlib::Level::Node;
use testlib::{LogKind, failure_of, shared};

use super::golden::golden;
use super::units::{How, PetFeed, PetLook, bench, care, secretly, shown};

#[test]
fn all_findings_come_at_once_and_causes_come_first() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetLook>().replies("well".to_owned());
        t.rpc().on::<PetFeed>().node("node3").fails("full");
        t.run(shown(How::Well))
            .called_times::<PetLook>(1)
            .logged(LogKind::Info, "fed")
            .submitted([cmdlib::jobs::Job(vec![cmdlib::op::InstanceStartup::new("web1").into()])])
            .no_hooks()
            .changed(["nodes[node2].tags: [] -> [\"fed\"]"])
            .locked([shared(Node, "node2")])
            .document("anything", |_| true)
            .succeeded()
    };
    golden(fails, expect![""]);
}

#[test]
fn a_verdict_that_holds_does_not_hide_findings() {
    let failed = failure_of(|| drop(bench().run(care(How::Failing)).called::<PetLook>().failed("ran away")));
    assert!(failed.message.starts_with("PetCare(node2): failed: the pet ran away, but not as it should be\n"), "{}", failed.message);
}

#[test]
fn the_same_finding_in_several_steps_is_told_once() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetFeed>().times(3).answers(|_, _, _| Ok(()));
        t.holding([]).exec(|cx| {
            let node = cx.config().cluster.master_node.clone();
            (0..3).try_for_each(|grams| cx.tell(&node, PetFeed { pet: "rex".to_owned(), grams }))
        })
        .succeeded()
    };
    golden(fails, expect![""]);
}

#[test]
fn the_same_expectation_on_two_lines_is_told_twice() {
    let fails = || {
        bench()
            .run(care(How::NotAtAll))
            .called::<PetFeed>()
            .called::<PetFeed>()
            .succeeded()
    };
    golden(fails, expect![""]);
}

#[test]
fn long_values_are_cut_in_the_middle_and_tell_their_length() {
    golden(|| bench().run(care(How::AtLength)).failed("x"), expect![""]);
}

#[test]
fn names_are_told_and_not_uuids() {
    let mut t = bench();
    let uuid = t.config().id_of_node("node2").to_string();
    let failed = failure_of(|| drop(t.run(shown(How::Well)).called::<PetLook>().failed("x")));
    assert!(!failed.message.contains(&uuid), "{}", failed.message);
}

#[test]
fn a_report_is_plain() {
    let failed = failure_of(|| drop(bench().run(care(How::Counting)).returned(5)));
    assert!(failed.message.is_ascii(), "{}", failed.message);
    assert!(!failed.message.contains('\u{1b}'), "{}", failed.message);
}

#[test]
fn the_same_test_fails_with_the_same_words() {
    let words = || failure_of(|| drop(bench().run(secretly(How::Well)).called::<PetLook>().failed("x"))).message;
    assert_eq!(words(), words());
}

#[test]
fn a_run_tells_what_it_is_when_it_is_printed() {
    let run = bench().run(care(How::Refusing));
    assert_eq!(format!("{run:?}"), "LuRun(PetCare(node2): refused (wrong_state): the pet is not hungry)");
    run.refused(cmdlib::error::Code::WrongState, "hungry");
}
