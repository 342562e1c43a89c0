//! Hooks: where and when scripts run, what they are told, what becomes of a failure; and the hook for changed configurations.

use cmdlib::processor::Ended;
use cmdlib::rpc::Trouble;
use expect_test::expect;
use serde_json::json;
use testlib::HookPhase::{Post, Pre};

use super::outside::{bench, outside, script_fails};
use super::units::op::{Clash, Walk};
use super::units::{Ends, Place, Writes};

fn writing(writes: Writes) -> Walk {
    Walk { writes, ..Walk::new() }
}

const BOTH: [(&str, &str); 2] = [("walk", "pre"), ("walk", "post")];

// -- where and when

#[test]
fn scripts_run_before_and_after_on_the_nodes_of_the_unit() {
    bench().run(Walk::new()).hooks("walk", ["node1", "node2"], ["node1", "node2"]).succeeded();
}

#[test]
fn nodes_are_chosen_before_the_variables_are_made() {
    let walked = outside().walk(Walk::new());
    assert_eq!(
        walked.only(&["info: hook", "info: env", "hooks walk pre"])[..3],
        ["info: hook nodes", "info: env", "hooks walk pre @node1, @node2"]
    );
}

#[test]
fn without_nodes_no_script_runs() {
    assert_eq!(outside().walk(Walk { hooks: false, ..Walk::new() }).scripts(), []);
}

#[test]
fn a_unit_without_hooks_runs_no_script() {
    assert_eq!(outside().walk(super::units::op::Halt::new()).scripts(), []);
}

// -- what they are told

#[test]
fn before_there_are_the_general_variables_and_those_of_the_unit() {
    let walked = outside().walk(Walk::new());
    let told: String = walked.hooks[0].2.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    expect![[r#"
        GANETI_CLUSTER=cluster.example.com
        GANETI_DATA_DIR=/var/lib/ganeti
        GANETI_EXECUTED=false
        GANETI_HOOKS_PATH=walk
        GANETI_HOOKS_PHASE=pre
        GANETI_HOOKS_VERSION=2
        GANETI_MASTER=node1.example.com
        GANETI_OBJECT_TYPE=CLUSTER
        GANETI_OP_CODE=OP_WALK
        PATH=/sbin:/bin:/usr/sbin:/usr/bin
    "#]]
    .assert_eq(&told);
}

#[test]
fn after_there_are_those_of_before_and_those_of_then() {
    let run = bench().run(Walk::new());
    run.hook_env(
        Post,
        [("GANETI_EXECUTED", "false"), ("GANETI_POST_EXECUTED", "true"), ("GANETI_HOOKS_PHASE", "post")],
    )
    .hook_env_without(Pre, ["GANETI_POST_EXECUTED"])
    .succeeded();
}

#[test]
fn a_variable_with_the_name_of_a_general_one_is_an_internal_error() {
    bench().run(Clash::new()).internal_error("GANETI_CLUSTER has the name of a general one");
}

#[test]
fn such_a_variable_is_one_for_the_hook_for_changed_configurations_too() {
    let walked = outside().walk(Clash { hooks: false, ..Clash::new() }).left_nothing();
    assert_eq!(
        walked.ended.to_string(),
        "internal error: the unit's hook variable GANETI_CLUSTER has the name of a general one"
    );
}

// -- before

#[test]
fn a_script_that_fails_before_stops_the_run_and_all_that_failed_are_told() {
    let walked = outside().scripts(|_, phase, node| match phase {
        "pre" => script_fails(&format!("not on {node}")),
        _ => Ok(json!([])),
    });
    let walked = walked.walk(writing(Writes::Whole)).left_nothing();
    assert_eq!(walked.scripts(), [("walk", "pre")]);
    assert!(walked.after.same_as(&walked.before));
    let told =
        "aborted by hooks: 10-check on node1.example.com: not on node1 10-check on node2.example.com: not on node2";
    assert_eq!(walked.ended.to_string(), told);
}

#[test]
fn a_node_that_does_not_answer_before_is_a_warning() {
    let walked = outside().scripts(|_, phase, node| match (phase, node) {
        ("pre", "node2") => Err(Trouble::Unreachable("time-out".to_owned())),
        _ => Ok(json!([])),
    });
    let walked = walked.walk(Walk::new());
    assert_eq!(walked.ended, Ended::Success("walked".into()));
    assert_eq!(
        walked.only(&["warning"]),
        ["warning: hook scripts did not run on node node2.example.com: no answer: time-out"]
    );
}

#[test]
fn a_node_that_answers_nonsense_before_is_a_warning() {
    let walked = outside().scripts(|_, phase, _| if phase == "pre" { Ok(json!({"ok": true})) } else { Ok(json!([])) });
    let walked = walked.walk(Walk::new());
    assert_eq!((walked.only(&["warning"]).len(), walked.scripts()), (2, BOTH.to_vec()));
}

#[test]
fn a_node_that_is_offline_is_left_out_without_a_word() {
    let mut t = bench();
    t.config().node("node2").offline();
    let run = t.run(Walk::new());
    run.called_on::<cmdlib::rpc::HooksRunner>(["node1"]).never_warned().returned("1 of 2 nodes did not answer");
}

#[test]
fn a_script_that_was_skipped_is_none_that_failed() {
    let walked = outside().scripts(|_, _, _| Ok(json!([["10-check", 0, ""]]))).walk(Walk::new());
    assert_eq!((walked.ended.clone(), walked.only(&["warning"]).len()), (Ended::Success("walked".into()), 0));
}

// -- after

#[test]
fn a_script_that_fails_after_is_a_warning() {
    let walked = outside().scripts(|_, phase, node| match (phase, node) {
        ("post", "node2") => script_fails("too late"),
        _ => Ok(json!([])),
    });
    let walked = walked.walk(Walk::new());
    assert_eq!(walked.ended, Ended::Success("walked".into()));
    assert_eq!(walked.only(&["warning"]), ["warning: hook script 10-check failed on node node2.example.com: too late"]);
}

#[test]
fn a_script_that_fails_after_without_a_word_is_told_so() {
    let walked = outside().scripts(|_, phase, _| if phase == "post" { script_fails("") } else { Ok(json!([])) });
    assert!(
        walked.walk(Walk::new()).has("warning: hook script 10-check failed on node node1.example.com: (no output)")
    );
}

#[test]
fn r76_a_unit_hears_the_answers_and_may_change_its_result() {
    let walked = outside().scripts(|_, phase, node| match (phase, node) {
        ("post", "node2") => Err(Trouble::Unreachable("time-out".to_owned())),
        _ => Ok(json!([])),
    });
    assert_eq!(walked.walk(Walk::new()).ended, Ended::Success("1 of 2 nodes did not answer".into()));
}

// -- the hook for changed configurations

#[test]
fn it_runs_on_the_master_when_the_whole_configuration_was_written_after_the_scripts() {
    let walked = outside().walk(writing(Writes::Whole));
    assert_eq!(walked.scripts(), [("walk", "pre"), ("walk", "post"), ("config-update", "post")]);
    assert!(walked.has("hooks config-update post @node1"));
}

#[test]
fn it_does_not_run_when_an_object_was_written() {
    assert_eq!(outside().walk(writing(Writes::Object)).scripts(), BOTH);
}

#[test]
fn it_does_not_run_when_nothing_was_written() {
    assert_eq!(outside().walk(writing(Writes::Nothing)).scripts(), BOTH);
}

#[test]
fn it_does_not_run_when_the_change_itself_failed() {
    assert_eq!(outside().walk(writing(Writes::Broken)).scripts(), [("walk", "pre")]);
}

#[test]
fn it_runs_when_the_execution_failed_after_it_had_written() {
    let walked = outside().walk(Walk { ends: Ends::InExec, ..writing(Writes::Whole) });
    assert_eq!(walked.scripts(), [("walk", "pre"), ("config-update", "post")]);
    assert_eq!(walked.ended.to_string(), "failed: fell on the way");
}

#[test]
fn it_runs_when_the_execution_panicked_after_it_had_written() {
    let walked = outside().walk(Walk { panics: Some(Place::Exec), ..writing(Writes::Whole) }).left_nothing();
    assert_eq!(walked.scripts(), [("walk", "pre"), ("config-update", "post")]);
    assert_eq!(walked.ended.to_string(), "internal error: panic: stumbled: exec");
}

#[test]
fn it_runs_when_the_variables_of_after_panicked() {
    let walked = outside().walk(Walk { panics: Some(Place::EnvAfter), ..writing(Writes::Whole) }).left_nothing();
    assert_eq!(walked.scripts(), [("walk", "pre"), ("config-update", "post")]);
}

#[test]
fn it_runs_for_a_unit_whose_own_hooks_have_no_nodes() {
    assert_eq!(outside().walk(Walk { hooks: false, ..writing(Writes::Whole) }).scripts(), [("config-update", "post")]);
}

#[test]
fn it_has_the_variables_of_before() {
    let walked = outside().walk(writing(Writes::Whole));
    let (before, update) = (&walked.hooks[0].2, &walked.hooks[2].2);
    let differ: Vec<&String> =
        update.iter().filter(|(name, value)| before.get(*name) != Some(value)).map(|(name, _)| name).collect();
    assert_eq!(differ, ["GANETI_HOOKS_PATH", "GANETI_HOOKS_PHASE"]);
    assert_eq!(before.len(), update.len());
}

#[test]
fn nobody_waits_for_what_it_says() {
    let walked =
        outside().scripts(|path, _, _| if path == "config-update" { script_fails("no") } else { Ok(json!([])) });
    assert_eq!(walked.walk(writing(Writes::Whole)).ended, Ended::Success("walked".into()));
}

#[test]
fn r27_it_does_not_hide_what_went_wrong_before() {
    // Its variables clash with general ones, which nobody sees before: the hooks of the unit itself have no nodes.
    let op = Clash { hooks: false, fails: true, ..Clash::new() };
    assert_eq!(outside().walk(op).left_nothing().ended.to_string(), "failed: fell on the way");
}
