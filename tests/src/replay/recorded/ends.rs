//! Each way to end, recorded and replayed; and what can not be recorded.

use cmdlib::error::{Code, Failure};
use cmdlib::op;
use cmdlib::rpc::{self, BlockdevAssemble, InstanceStart, LvList, NodeInfo, Trouble};
use expect_test::expect;
use serde_json::{Value, json};
use testlib::replay::{Ending, Rules, Trace, run, side_by_side};
use testlib::{Judged, Level, LuTest, MiB, clusters, free_memory, granted};

use super::{dry, five, full, json_of, keep, line_of, one, replays, replays_pet};
use crate::bench::units::{self, How, bench, care};

fn ending(judged: &Judged) -> Ending {
    replays(judged).ending
}

#[test]
fn a_refusal() {
    let mut t = one();
    t.rpc().on::<NodeInfo>().node("node1").replies(free_memory(MiB(64)));
    let judged = t.run(op::InstanceStartup::new("web1")).refused(Code::InsufficientResources, "node1");
    let Ending::Error { class, code, text } = ending(&judged) else { panic!("an error") };
    assert_eq!((class.as_str(), code.as_deref()), ("OpPrereqError", Some("insufficient_resources")));
    assert!(text.contains("node1.example.com"), "{text}");
}

#[test]
fn a_refusal_before_any_lock() {
    replays(&five().run(op::InstanceStartup::new("web9")).refused(Code::UnknownEntity, "web9"));
    replays(&five().run_json(&json!({"OP_ID": "OP_TAGS_SET", "kind": 3})).refused(Code::WrongInput, "kind"));
}

#[test]
fn a_failure_with_calls_that_fail() {
    let mut t = one();
    t.rpc().on::<InstanceStart>().fails("no kernel");
    let judged = t.run(op::InstanceStartup::new("web1")).failed("no kernel");
    keep(&judged);
    let Ending::Error { class, code: None, .. } = ending(&judged) else { panic!("an error without code") };
    assert_eq!(class, "OpExecError");
}

#[test]
fn a_failure_half_way_with_what_had_been_changed() {
    let mut t = five();
    t.rpc().on::<BlockdevAssemble>().node("node3").any_times().fails("no such volume");
    t.rpc().on::<BlockdevAssemble>().healthy();
    let trace = replays(&t.run(full("db1")).failed("could not be activated"));
    assert!(!trace.changes.is_empty());
}

#[test]
fn calls_without_answer_of_every_kind() {
    let mut t = LuTest::with(clusters::two_groups());
    t.config().node("node3").offline();
    t.rpc().on::<LvList>().node("node1").malformed().on::<LvList>().node("node2").unreachable();
    replays(&t.run(op::GroupVerifyDisks::new("default")).succeeded());
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::TestDelay>().offline();
    replays(&t.run(op::TestDelay::new(1.0)).failed("offline"));
}

#[test]
fn an_abort_by_hooks() {
    let mut t = five();
    t.hooks().pre_fails("node1", "10-check", "not on a Friday");
    let judged = t.run(op::InstanceStartup::new("web1")).hook_aborted("Friday");
    let Ending::Error { class, code: None, .. } = ending(&judged) else { panic!("an error without code") };
    assert_eq!(class, "HooksAbort");
    let script = json!([[["node1.example.com", "10-check", "not on a Friday"]]]);
    assert_eq!(json_of(&judged)["outcome"]["args"], script);
}

#[test]
fn a_lock_that_is_not_granted() {
    let mut t = five();
    t.locks().taken(Level::Instance, "web1");
    assert_eq!(ending(&t.run(op::InstanceStartup::new("web1")).lock_timed_out()), Ending::LockTimeout);
}

#[test]
fn a_dry_run() {
    let op = op::InstanceStartup { common: dry(), ..op::InstanceStartup::new("web1") };
    assert_eq!(ending(&five().run(op).succeeded()), Ending::Result(Value::Null));
}

#[test]
fn a_result_that_breaks_the_promise_of_the_opcode() {
    let judged = LuTest::new().units(units::UNITS).run(units::op::PetName::new("")).internal_error("not empty");
    let Ending::Error { class, code: None, .. } = replays_pet(&judged).ending else { panic!("an error without code") };
    assert_eq!(class, "OpResultError");
}

#[test]
fn an_internal_error_is_a_crash_and_stays_one_until_it_is_mended() {
    let judged = bench().run(care(How::TwoModes)).internal_error("node");
    let trace = Trace::parse(&line_of(&judged)).unwrap();
    let Ending::Crash { class, place, .. } = &trace.ending else { panic!("a crash") };
    assert_eq!((class.as_str(), place.as_str()), ("InternalError", "locks"));
    let verdict = run(&trace, &Rules::none(), units::UNITS).unwrap();
    assert_eq!(verdict.as_str(), "crash_bad", "{}", side_by_side(&trace, &verdict));
}

#[track_caller]
fn because(judged: &Judged) -> String {
    judged.record().expect_err("it can't be recorded")
}

#[test]
fn what_a_trace_has_no_place_for_is_told() {
    let mut interfered = five();
    interfered.when(granted(Level::Instance), |cluster| _ = cluster.instance("web1").tag("new"));
    let mut slow = LuTest::new();
    slow.rpc().on::<rpc::TestDelay>().after_seconds(2.5).healthy();
    let mut dumb = LuTest::new();
    dumb.rpc().on::<rpc::TestDelay>().answers(|_, _, _| Err(Trouble::Malformed("what?".to_owned())));
    let mut shut = LuTest::new();
    shut.doorbell(|bell, _| _ = bell.expect_open().return_const(Err("no room".to_owned())));
    let interruptible = op::TestDelay { interruptible: true, ..op::TestDelay::new(1.0) };
    let errors = [
        because(&interfered.run(op::InstanceStartup::new("web1")).succeeded()),
        because(&slow.run(op::TestDelay::new(1.0)).succeeded()),
        because(&dumb.run(op::TestDelay::new(1.0)).failed("what?")),
        because(&shut.run(interruptible).failed("no room")),
        because(&LuTest::new().exec(|_| Ok::<_, Failure>(1_u64)).succeeded()),
    ];
    expect![[r#"
        the cluster was changed from outside in step 2: a trace has one configuration to begin with, and can't tell of such changes
        2.5 seconds passed while nodes answered: in a trace the clock stands still then
        in step 3 the script answers test_delay on node1.example.com with an error that no node gives: let it reply what is malformed, or say no
        the socket that ends a wait did not open: in a trace it always does
        a stage of the test's own has no opcode: a trace needs one"#]].assert_eq(&errors.join("\n"));
}
