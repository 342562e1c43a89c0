//! The verdicts: one of them ends every run, and fails with the whole report.

use cmdlib::error::Code;
use cmdlib::op::{TagKind, TagsGet};
use expect_test::expect;
use serde_json::{Value, json};
use testlib::Level::Node;
use testlib::{LuTest, Strategy};

use super::golden::golden;
use super::units::{How, bench, care, op, shown};

#[test]
fn a_success_is_one_whatever_the_result() {
    bench().run(care(How::Counting)).succeeded();
}

#[test]
fn a_success_that_is_none_fails() {
    golden(
        || bench().run(care(How::Refusing)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted success, got refused (wrong_state): the pet is not hungry
              it ended in phase 'check', after step 4
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    instance/web1 exclusive, node/node2 exclusive
              3 locks      start   all locks are held
              4 check      call    pet_look() @node2   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_uuid_where_a_name_is_wanted_is_shown_as_it_is() {
    golden(
        || {
            let mut t = LuTest::three_nodes_five_instances();
            let snapshot = t.config().snapshot();
            let master = &snapshot.cluster.master_node;
            t.config().tag(master.as_str());
            t.run(TagsGet::new(TagKind::Cluster)).returned(json!([snapshot.master_name()]));
        },
        expect![[r#"
            panicked at here:+6
            TagsGet(): wanted success: ["node1"], got success: ["a0de0000-0000-4000-8000-000000000001"]
            result   (- wanted, + got)
               [
              -  "node1.example.com"
              +  "a0de0000-0000-4000-8000-000000000001"
               ]
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_result_is_returned() {
    bench().run(care(How::Counting)).returned(json!({"fed": ["rex", "tom"], "grams": 100}));
}

#[test]
fn another_result_fails_and_is_compared_line_by_line() {
    golden(
        || bench().run(care(How::Counting)).returned(json!({"fed": ["tom"], "grams": 100})),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted success: {"fed":["tom"],"grams":100}, got success: {"fed":["rex","tom"],"grams":100}
            result   (- wanted, + got)
               {
                 "fed": [
              +    "rex",
                   "tom"
                 ],
                 "grams": 100
               }
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_result_is_not_compared_with_a_failure() {
    golden(
        || bench().run(care(How::Failing)).returned(json!({"fed": ["tom"]})),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted success: {"fed":["tom"]}, got failed: the pet ran away
              it ended in phase 'exec', after step 4
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       call    pet_feed() @node2   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_refusal_has_a_code_and_a_text() {
    bench().run(care(How::Refusing)).refused(Code::WrongState, "not hungry");
}

#[test]
fn a_refusal_with_another_code_fails() {
    golden(
        || bench().run(care(How::Refusing)).refused(Code::WrongInput, "not hungry"),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted refused (wrong_input): ..not hungry.., got refused (wrong_state): the pet is not hungry
              it ended in phase 'check', after step 4
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    instance/web1 exclusive, node/node2 exclusive
              3 locks      start   all locks are held
              4 check      call    pet_look() @node2   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_refusal_with_another_text_fails() {
    golden(
        || bench().run(care(How::Refusing)).refused(Code::WrongState, "asleep"),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted refused (wrong_state): ..asleep.., got refused (wrong_state): the pet is not hungry
              it ended in phase 'check', after step 4
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    instance/web1 exclusive, node/node2 exclusive
              3 locks      start   all locks are held
              4 check      call    pet_look() @node2   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_refusal_of_the_arguments_tells_the_phase() {
    golden(
        || bench().run(care(How::RefusingAtOnce)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted success, got refused (wrong_input): pets are not fed at night
              it ended in phase 'arguments', after step 1
            journal
              1 locks      lock    cluster/BGL shared
        "#]],
    );
}

#[test]
fn a_refusal_that_does_not_come_fails() {
    golden(
        || bench().run(care(How::NotAtAll)).refused(Code::WrongState, "not hungry"),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted refused (wrong_state): ..not hungry.., got success: null
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_failure_is_none_of_the_check() {
    golden(
        || bench().run(care(How::Refusing)).failed("not hungry"),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted failed: ..not hungry.., got refused (wrong_state): the pet is not hungry
              it ended in phase 'check', after step 4
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    instance/web1 exclusive, node/node2 exclusive
              3 locks      start   all locks are held
              4 check      call    pet_look() @node2   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_failure_has_a_text() {
    bench().run(care(How::Failing)).failed("ran away");
}

#[test]
fn a_failure_with_another_text_fails() {
    golden(
        || bench().run(care(How::Failing)).failed("asleep"),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted failed: ..asleep.., got failed: the pet ran away
              it ended in phase 'exec', after step 4
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       call    pet_feed() @node2   [bench/units.rs]
        "#]],
    );
}

#[test]
fn names_may_be_short_in_the_text_that_is_wanted() {
    let mut t = bench();
    t.rpc().on::<super::units::PetFeed>().fails("no");
    t.run(care(How::Well)).failed("node node2, call");
}

#[test]
fn half_a_verdict_is_refused() {
    let told = "a verdict needs a part of the text that the run ends with";
    let refused = testlib::failure_of(|| drop(bench().run(care(How::Refusing)).refused(Code::WrongState, "")));
    assert_eq!((refused.message.as_str(), refused.line), (told, line!() - 1));
    let failed = testlib::failure_of(|| drop(bench().run(care(How::Failing)).failed("")));
    assert_eq!((failed.message.as_str(), failed.line), (told, line!() - 1));
    let internal = testlib::failure_of(|| drop(bench().run(care(How::PanicInExec)).internal_error("")));
    assert_eq!((internal.message.as_str(), internal.line), (told, line!() - 1));
}

#[test]
fn a_script_that_fails_before_aborts_the_run() {
    let mut t = bench();
    t.hooks().pre_fails("node1", "10-check", "no pets here");
    t.run(shown(How::Well)).hook_aborted("no pets");
}

#[test]
fn an_abort_with_another_output_fails() {
    let fails = || {
        let mut t = bench();
        t.hooks().pre_fails("node1", "10-check", "no pets here");
        t.run(shown(How::Well)).hook_aborted("no cats")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): wanted aborted by hooks: ..no cats.., got aborted by hooks: 10-check on node1: no pets here
          it ended in phase 'pre hooks', after step 5
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 pre hooks  hooks   pet-care pre
          5 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
    "#]],
    );
}

#[test]
fn an_abort_that_does_not_come_fails() {
    golden(
        || bench().run(shown(How::NotAtAll)).hook_aborted("no pets"),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted aborted by hooks: ..no pets.., got success: null
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
              3 pre hooks  hooks   pet-care pre
              4 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
              5 post hooks hooks   pet-care post
              6 post hooks call    hooks_runner() @node1, @node2   [processor/hooks.rs]
        "#]],
    );
}

#[test]
fn locks_that_are_taken_time_out() {
    let mut t = bench();
    t.locks().taken(Node, "node2");
    t.run(care(How::Well)).lock_timed_out();
}

#[test]
fn a_time_out_that_does_not_come_fails() {
    golden(
        || bench().run(care(How::NotAtAll)).lock_timed_out(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted locks not granted in time, got success: null
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_time_out_that_nobody_wants_fails() {
    let fails = || {
        let mut t = bench();
        t.locks().taken(Node, "node2");
        t.run(care(How::Well)).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): wanted success, got locks not granted in time
          it ended in phase 'locks', after step 2
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive: not granted
    "#]],
    );
}

#[test]
fn an_internal_error_can_be_what_a_test_is_about() {
    bench().run(care(How::PanicInExec)).internal_error("the pet bit");
}

#[test]
fn a_result_that_the_opcode_does_not_promise_is_an_internal_error() {
    bench().run(op::PetName::new("")).internal_error("a text that is not empty");
}

#[test]
fn a_result_that_the_opcode_does_not_promise_fails() {
    golden(
        || bench().run(op::PetName::new("")).returned(""),
        expect![[r#"
            panicked at here:+1
            PetName(): wanted success: "", got bad result: expected a text that is not empty, got ""
              1. the result is not what the opcode promises   (Invariant::NoInternalError)
                   got      expected a text that is not empty, got ""
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn an_internal_error_with_another_text_fails() {
    golden(
        || bench().run(care(How::PanicInExec)).internal_error("the pet barked"),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted internal error: ..the pet barked.., got internal error: panic: the pet bit
              it ended in phase 'exec', after step 3
              1. the unit has an error   (Invariant::NoInternalError)
                   got      panic: the pet bit
                   hint     the panic's own message, above this report, has its line
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn an_internal_error_that_does_not_come_fails() {
    golden(
        || bench().run(care(How::NotAtAll)).internal_error("the pet bit"),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted internal error: ..the pet bit.., got success: null
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_run_that_is_never_judged_fails() {
    golden(
        || drop(bench().run(care(How::Well))),
        expect![[r#"
            panicked at run/mod.rs
            here:+1: the run of PetCare(node2) was never judged: end it with a verdict such as .succeeded()
        "#]],
    );
}

#[test]
fn a_run_that_is_never_judged_is_silent_when_the_test_fails_anyway() {
    let failed = testlib::failure_of(|| {
        let _run = bench().run(care(How::Well));
        panic!("something else");
    });
    assert_eq!(failed.message, "something else");
}

#[test]
fn an_expectation_alone_is_no_verdict() {
    golden(
        || drop(bench().run(care(How::Well)).called_nobody()),
        expect![[r#"
            panicked at run/mod.rs
            here:+1: the run of PetCare(node2) was never judged: end it with a verdict such as .succeeded()
        "#]],
    );
}

#[test]
fn an_opcode_without_unit_names_the_nearest() {
    golden(
        || bench().run_json(&json!({"OP_ID": "OP_PET_CARES"})).succeeded(),
        expect![[r#"
            panicked at here:+1
            no unit executes the opcode 'OP_PET_CARES'; did you mean OP_PET_CARE? (units: OP_PET_CARE, OP_PET_NAME)
        "#]],
    );
}

#[test]
fn something_that_is_no_opcode_names_the_units() {
    golden(
        || bench().run_json(&Value::Null).succeeded(),
        expect![[r#"
            panicked at here:+1
            no unit executes the opcode '' (units: OP_PET_CARE, OP_PET_NAME)
        "#]],
    );
}

#[test]
fn an_opcode_of_other_units_has_none_here() {
    golden(
        || LuTest::new().run(care(How::Well)).succeeded(),
        expect![[r#"
            panicked at here:+1
            no unit executes the opcode 'OP_PET_CARE' (units: OP_TAGS_GET, OP_TAGS_SET, OP_TAGS_DEL, OP_TAGS_SEARCH, OP_INSTANCE_STARTUP, OP_INSTANCE_SHUTDOWN, OP_INSTANCE_REBOOT, OP_GROUP_EVACUATE, OP_GROUP_VERIFY_DISKS, OP_NETWORK_ADD, OP_NODE_POWERCYCLE, OP_OS_DIAGNOSE, OP_TEST_DELAY)
        "#]],
    );
}

#[test]
fn a_run_needs_a_way_of_taking_locks() {
    let fails = || {
        let mut t = bench();
        t.locks().taken(Node, "node2");
        t.only(Strategy::Blocking).run(care(How::Well)).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        a run needs a way of taking locks
    "#]],
    );
}

#[test]
fn after_the_verdict_the_log_is_there_to_read() {
    let log = bench().run(care(How::Talking)).succeeded().log();
    let texts: Vec<&str> = log.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["a pet was found", "it barks", "feed it"]);
}

#[test]
fn after_the_verdict_the_configuration_is_there_to_read() {
    let judged = bench().run(care(How::Well)).succeeded();
    let tags = |state: &cmdlib::config::Snapshot| {
        state.named::<cmdlib::objects::Node>("node2.example.com").unwrap().tags.len()
    };
    assert_eq!((tags(judged.config_before()), tags(judged.config())), (0, 1));
}

#[test]
fn after_the_verdict_the_calls_are_there_to_read() {
    let calls = bench().run(care(How::ThreeTimes)).succeeded().calls::<super::units::PetFeed>();
    let grams: Vec<u64> = calls.iter().map(|(call, _)| call.grams).collect();
    assert_eq!(grams, [100, 50, 25]);
    assert_eq!(calls[0].1, ["node2.example.com"]);
}

#[test]
fn after_the_verdict_the_jobs_are_there_to_read() {
    let jobs = bench().run(care(How::Delegating)).succeeded().jobs();
    assert_eq!(jobs.len(), 2);
    assert_eq!(jobs[0][1]["comment"], "Submitted by OP_PET_CARE");
}

#[test]
fn after_the_verdict_the_journal_is_there_to_read() {
    let judged = bench().run(care(How::Talking)).succeeded();
    assert!(judged.journal().to_string().contains("warning: it barks"), "{}", judged.journal());
}
