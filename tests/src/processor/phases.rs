//! The order of the phases, and where a run ends that does not go all the way.

use cmdlib::error::{Code, Refusal};
use cmdlib::locking::{Mode, Strategy};
use cmdlib::op::{Any, OpCode};
use cmdlib::processor::Ended;
use cmdlib::unit::NoUnit;
use expect_test::expect;
use serde_json::json;

use super::outside::{bench, outside, script_fails};
use super::units::op::{Halt, Walk};
use super::units::{Ends, UNITS, Wishes, Writes};

#[test]
fn the_phases_come_in_order() {
    let walked = outside().walk(Walk { wishes: Wishes::Known, writes: Writes::Whole, ..Walk::new() });
    expect![[r#"
        locks
          lock cluster/BGL shared within 30 s
        arguments
        expand
          info: expand, after arguments
        locks
          lock instance/web2 exclusive, node/node1 shared, node/node2 shared, node-res/node1 exclusive within 30 s
          started
        check
          info: check, holding nodes ["node1", "node2"]
        pre hooks
          info: hook nodes
          info: env
          hooks walk pre @node1, @node2
        exec
          info: exec
          wrote all
        post hooks
          info: env
          hooks walk post @node1, @node2
          hooks config-update post @node1
        clean-up
          free node-res
          told: freed node-res/node1 exclusive
          free node
          told: freed node/node1 shared, node/node2 shared
          free instance
          told: freed instance/web2 exclusive
          free cluster
          told: freed cluster/BGL shared
        success: "walked"
    "#]]
    .assert_eq(&walked.story());
}

#[test]
fn the_big_lock_is_shared_and_comes_before_the_arguments() {
    let walked = outside().walk(Walk { ends: Ends::InArguments, ..Walk::new() });
    expect![[r#"
        locks
          lock cluster/BGL shared within 30 s
        arguments
        clean-up
          free cluster
          told: freed cluster/BGL shared
        refused (wrong_input): not that way
    "#]]
    .assert_eq(&walked.story());
}

#[test]
fn the_big_lock_is_exclusive_for_what_needs_all_to_stand_still() {
    let walked = outside().walk(Halt::new());
    assert_eq!(walked.only(&["lock "]), ["lock cluster/BGL exclusive within 30 s"]);
}

#[test]
fn what_the_arguments_change_reaches_the_other_phases() {
    assert!(outside().walk(Walk::new()).has("info: expand, after arguments"));
}

#[test]
fn a_refused_argument_takes_no_other_lock_and_runs_no_script() {
    let walked = outside().walk(Walk { ends: Ends::InArguments, wishes: Wishes::Known, ..Walk::new() }).left_nothing();
    assert_eq!(walked.only(&["lock "]).len(), 1);
    assert_eq!(walked.scripts(), []);
    assert_eq!(walked.ended, Ended::Refused(Refusal::wrong_input("not that way")));
}

#[test]
fn an_ill_typed_opcode_is_refused_with_the_big_lock_held() {
    let mut op = Walk { wishes: Wishes::Known, ..Walk::new() }.write();
    op["wishes"] = "all".into();
    let walked = outside().go(&op, Strategy::Timed(30.0)).left_nothing();
    expect![[r#"
        locks
          lock cluster/BGL shared within 30 s
        arguments
        clean-up
          free cluster
          told: freed cluster/BGL shared
        refused (wrong_input): OP_WALK.wishes: expected one of nothing, known, computed, mixed, free, free known, whole, whole and one, two lists, empty, free and one, free twice, two modes, two modes later, unwished, refusing, got "all"
    "#]].assert_eq(&walked.story());
}

#[test]
fn r84_a_redacted_secret_is_refused() {
    let secrets = [("password".to_owned(), "<redacted>".into())].into_iter().collect();
    let walked = outside().walk(Walk { osparams_secret: secrets, ..Walk::new() }).left_nothing();
    let Ended::Refused(refusal) = &walked.ended else { panic!("{}", walked.ended) };
    assert_eq!(refusal.code, Code::WrongInput);
    assert!(!walked.has("info: expand"), "{}", walked.story());
}

#[test]
fn a_secret_that_is_there_is_not_refused() {
    let secrets = [("password".to_owned(), "open-sesame".into())].into_iter().collect();
    bench().run(Walk { osparams_secret: secrets, ..Walk::new() }).returned("walked");
}

#[test]
fn a_refused_check_runs_no_script_and_leaves_nothing() {
    let walked = outside().walk(Walk { ends: Ends::InCheck, wishes: Wishes::Known, ..Walk::new() }).left_nothing();
    assert_eq!(walked.scripts(), []);
    assert_eq!(walked.ended, Ended::Refused(Refusal::wrong_state("the way is blocked")));
}

#[test]
fn a_reservation_is_held_until_the_end_and_no_longer() {
    let walked = outside().walk(Walk::new());
    assert_eq!(walked.ended, Ended::Success("walked".into()));
    assert_eq!(walked.reserved, []);
}

#[test]
fn a_failed_execution_runs_no_script_after() {
    let walked = outside().walk(Walk { ends: Ends::InExec, ..Walk::new() }).left_nothing();
    assert_eq!(walked.scripts(), [("walk", "pre")]);
    assert_eq!(walked.ended.to_string(), "failed: fell on the way");
}

#[test]
fn a_failed_execution_keeps_what_it_wrote() {
    let walked = outside().walk(Walk { ends: Ends::InExec, writes: Writes::Object, ..Walk::new() });
    assert!(walked.after.cluster.tags.contains("walked"));
}

#[test]
fn a_change_that_fails_itself_writes_nothing() {
    let walked = outside().walk(Walk { writes: Writes::Broken, ..Walk::new() }).left_nothing();
    assert!(walked.after.same_as(&walked.before));
    assert_eq!(walked.scripts(), [("walk", "pre")]);
    assert_eq!(walked.ended.to_string(), "failed: half-way");
}

#[test]
fn a_bad_result_is_told_after_all_is_done() {
    let walked = outside().walk(Walk { ends: Ends::Badly, writes: Writes::Object, ..Walk::new() }).left_nothing();
    assert_eq!(walked.ended.class(), Some("OpResultError"));
    assert!(walked.after.cluster.tags.contains("walked"));
    assert_eq!(walked.scripts(), [("walk", "pre"), ("walk", "post")]);
}

// -- dry run

fn dry(op: Walk) -> Walk {
    let mut op = op;
    op.common.dry_run = true;
    op
}

#[test]
fn r81_a_dry_run_checks_and_runs_the_scripts_before_and_nothing_else() {
    let walked =
        outside().walk(dry(Walk { wishes: Wishes::Known, writes: Writes::Whole, ..Walk::new() })).left_nothing();
    expect![[r#"
        locks
          lock cluster/BGL shared within 30 s
        arguments
        expand
          info: expand, after arguments
        locks
          lock instance/web2 exclusive, node/node1 shared, node/node2 shared, node-res/node1 exclusive within 30 s
          started
        check
          info: check, holding nodes ["node1", "node2"]
        pre hooks
          info: hook nodes
          info: env
          hooks walk pre @node1, @node2
          info: dry run: the operation is not executed
        clean-up
          free node-res
          told: freed node-res/node1 exclusive
          free node
          told: freed node/node1 shared, node/node2 shared
          free instance
          told: freed instance/web2 exclusive
          free cluster
          told: freed cluster/BGL shared
        success: null
    "#]]
    .assert_eq(&walked.story());
    assert!(walked.after.same_as(&walked.before));
}

#[test]
fn a_dry_run_is_refused_by_its_check() {
    let walked = outside().walk(dry(Walk { ends: Ends::InCheck, ..Walk::new() })).left_nothing();
    assert_eq!(walked.ended, Ended::Refused(Refusal::wrong_state("the way is blocked")));
}

#[test]
fn a_dry_run_is_stopped_by_a_script() {
    let walked = outside().scripts(|_, _, _| script_fails("no")).walk(dry(Walk::new())).left_nothing();
    assert_eq!(walked.ended.class(), Some("HooksAbort"));
}

// -- another attempt

#[test]
fn h27_a_lack_that_may_pass_ends_as_an_attempt_that_timed_out() {
    let walked = outside().walk(Walk { ends: Ends::Short, wishes: Wishes::Known, ..Walk::new() }).left_nothing();
    assert_eq!(walked.ended, Ended::LockTimeout);
    assert!(walked.has("retry"));
    assert_eq!(walked.scripts(), []);
}

#[test]
fn a_lack_that_may_pass_but_has_no_other_way_stands() {
    let walked = outside().walk(Walk { ends: Ends::ShortForGood, ..Walk::new() }).left_nothing();
    assert_eq!(walked.ended, Ended::Refused(Refusal::new(Code::TemporarilyInsufficient, "too dark to walk")));
    assert!(!walked.has("retry"));
}

#[test]
fn an_attempt_leaves_no_trace_for_the_next() {
    let mut t = bench();
    t.run(Walk { ends: Ends::Short, ..Walk::new() }).changed_nothing().lock_timed_out();
    t.run(Walk::new()).returned("walked");
}

// -- units of another crate

#[test]
fn a_table_of_another_crate_has_its_lines() {
    let lines: Vec<String> = UNITS.iter().map(|unit| format!("{unit:?}")).collect();
    assert_eq!(lines, ["OP_WALK => Walk", "OP_HALT => Halt", "OP_CLASH => Clash"]);
}

#[test]
fn a_table_of_another_crate_knows_how_the_big_lock_is_held() {
    let modes: Vec<Mode> = UNITS.iter().map(|unit| unit.big_lock).collect();
    assert_eq!(modes, [Mode::Shared, Mode::Exclusive, Mode::Shared]);
}

#[test]
fn an_opcode_of_another_crate_is_none_of_the_librarys() {
    assert!(cmdlib::unit::find(cmdlib::lu::UNITS, "OP_WALK").is_none());
    assert!(Any::read(&Walk::new().write()).is_err());
}

// -- names of classes

#[test]
fn every_end_has_the_class_of_the_reference() {
    let class = |op: Walk| outside().walk(op).ended.class();
    assert_eq!(class(Walk::new()), None);
    assert_eq!(class(Walk { ends: Ends::InCheck, ..Walk::new() }), Some("OpPrereqError"));
    assert_eq!(class(Walk { ends: Ends::InExec, ..Walk::new() }), Some("OpExecError"));
    assert_eq!(class(Walk { panics: Some(super::units::Place::Exec), ..Walk::new() }), Some("OpExecError"));
    assert_eq!(class(Walk { ends: Ends::Badly, ..Walk::new() }), Some("OpResultError"));
}

// -- attempts

#[test]
fn the_limits_of_attempts_are_those_of_the_reference() {
    let limits = cmdlib::processor::attempt_seconds();
    let rounded: Vec<String> = limits.iter().take(6).map(|limit| format!("{limit:.2}")).collect();
    assert_eq!(rounded, ["5.00", "7.95", "14.18", "29.25", "72.31", "75.00"]);
    assert_eq!(limits.len(), 28);
    assert_eq!(format!("{:.1}", limits.iter().sum::<f64>()), "1853.7");
}

#[test]
fn no_attempt_is_longer_than_75_seconds_or_shorter_than_5() {
    assert!(cmdlib::processor::attempt_seconds().iter().all(|limit| (5.0..=75.0).contains(limit)));
}

#[test]
fn only_the_most_urgent_waits_for_ever() {
    assert_eq!(cmdlib::processor::PRIORITY_HIGHEST, -20);
}

#[test]
fn an_opcode_that_there_is_not_is_unknown_before_anything_else() {
    let walked = outside().go(&json!({"OP_ID": "OP_PET_FEED"}), Strategy::Blocking);
    assert_eq!(walked.ended, Ended::OpCodeUnknown(NoUnit::NoOpcode("OP_PET_FEED".to_owned())));
    assert_eq!(walked.ended.class(), Some("OpCodeUnknown"));
    expect!["there is no opcode 'OP_PET_FEED'"].assert_eq(&walked.ended.to_string());
    assert_eq!(walked.trail, [""; 0]);
}

#[test]
fn an_opcode_without_a_unit_is_read_and_not_executed() {
    let op = json!({"OP_ID": "OP_CLUSTER_QUERY"});
    assert!(Any::read(&op).is_ok());
    let walked = outside().go(&op, Strategy::Blocking);
    assert_eq!(walked.ended.class(), Some("OpCodeUnknown"));
    expect!["no such unit: none executes the opcode 'OP_CLUSTER_QUERY'"].assert_eq(&walked.ended.to_string());
    assert_eq!(walked.trail, [""; 0]);
}

#[test]
fn what_is_no_opcode_is_refused_before_anything_else() {
    for op in [json!({}), json!(["OP_WALK"]), json!({"OP_ID": 5})] {
        let walked = outside().go(&op, Strategy::Blocking);
        assert!(matches!(&walked.ended, Ended::Refused(refusal) if refusal.code == Code::WrongInput), "{op}");
        assert_eq!(walked.trail, [""; 0]);
    }
}
