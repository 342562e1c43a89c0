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
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): wanted success, got failed: node node2, call pet_feed: the test did not expect this call
          it ended in phase 'exec', after step 6
          1. unexpected call
               got      pet_feed() @node2 in step 6
               nearest  pet_feed @node3   differs in: node   (here:-11)
               hint     no entry matches: make one, or leave the rest of this call to `.healthy()` nodes
          2. script not used up
               wanted   1 call of pet_look   (here:-12)
               got      0 calls
               hint     does the unit get there, and does it ask this node?
          3. script not used up
               wanted   1 call of pet_feed @node3   (here:-11)
               got      0 calls
               hint     does the unit get there, and does it ask this node?
          4. the allocator's document differs
               wanted   anything   (here:-3)
               got      the allocator was not asked
          5. a lock was not asked for
               wanted   node/node2 shared   (here:-4)
               got      asked as node/node2 exclusive
          6. a change was not made
               wanted   nodes[node2].tags: [] -> ["fed"]   (here:-5)
               got      it stayed as it was
          7. hooks ran
               wanted   no hooks   (here:-6)
               got      pet-care pre on node1
          8. other jobs were submitted
               wanted   1 job: OP_INSTANCE_STARTUP(web1)   (here:-7)
               got      no job
          9. a line was not logged
               wanted   info: ..fed..   (here:-8)
               got      nothing was logged
          10. a call was made less often
               wanted   1 call of pet_look   (here:-9)
               got      0 calls
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 pre hooks  hooks   pet-care pre
          5 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
          6 exec       call    pet_feed() @node2: refused: the test did not expect this call   [bench/units.rs]
    "#]],
    );
}

#[test]
fn a_verdict_that_holds_does_not_hide_findings() {
    let failed = failure_of(|| drop(bench().run(care(How::Failing)).called::<PetLook>().failed("ran away")));
    assert!(
        failed.message.starts_with("PetCare(node2): failed: the pet ran away, but not as it should be\n"),
        "{}",
        failed.message
    );
}

#[test]
fn the_same_finding_in_several_steps_is_told_once() {
    let fails = || {
        let mut t = bench();
        t.rpc().on::<PetFeed>().times(3).answers(|_, _, _| Ok(()));
        t.holding([])
            .exec(|cx| {
                let node = cx.config().cluster.master_node.clone();
                (0..3).try_for_each(|grams| cx.tell(&node, PetFeed { pet: "rex".to_owned(), grams }))
            })
            .succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        exec without a unit: success: null, but not as it should be
          1. a call was made without its lock   (Invariant::LockContract)
               got      pet_feed() @node1 in steps 3, 4, 5 [here:-4]
               hint     it needs the node's lock
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      start   all locks are held
          3 exec       call    pet_feed() @node1   [here:-4]
          4 exec       call    pet_feed() @node1   [here:-4]
          5 exec       call    pet_feed() @node1   [here:-4]
    "#]],
    );
}

#[test]
fn the_same_expectation_on_two_lines_is_told_twice() {
    let fails = || {
        let run = bench().run(care(How::NotAtAll)).called::<PetFeed>();
        run.called::<PetFeed>().succeeded()
    };
    golden(
        fails,
        expect![[r#"
            panicked at here:-2
            PetCare(node2): success: null, but not as it should be
              1. a call was not made
                   wanted   pet_feed   (here:-3)
                   got      no call was made
              2. a call was not made
                   wanted   pet_feed   (here:-2)
                   got      no call was made
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn long_values_are_cut_in_the_middle_and_tell_their_length() {
    golden(
        || bench().run(care(How::AtLength)).failed("x"),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted failed: ..x.., got success: "woof woof woof woof woof woof woof woof woof woof woof woof woof woof  ..(511 characters).. oof woof woof woof woof woof woof woof "
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
        "#]],
    );
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
