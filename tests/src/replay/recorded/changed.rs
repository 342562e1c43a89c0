//! What replay says of a recording that was changed, and of rules.

use cmdlib::lu::UNITS;
use cmdlib::op;
use serde_json::{Value, json};
use testlib::replay::{Channel, Rules, Trace, run};
use testlib::{LuTest, failure_of};

use super::{five, json_of, tag};

/// Records a start, changes the recording and returns the channels on which replay finds it to differ.
#[track_caller]
fn differs(change: impl Fn(&mut Value)) -> Vec<Channel> {
    let mut trace = json_of(&five().run(op::InstanceStartup::new("web1")).succeeded());
    change(&mut trace);
    let trace = Trace::parse(&trace.to_string()).unwrap();
    let mut channels: Vec<Channel> =
        run(&trace, &Rules::own(), UNITS).unwrap().differences().iter().map(|it| it.channel).collect();
    channels.dedup();
    channels
}

fn event(trace: &mut Value, is: impl Fn(&Value) -> bool) -> &mut Value {
    trace["events"].as_array_mut().unwrap().iter_mut().find(|it| is(it)).expect("there is such an event")
}

#[test]
fn another_outcome_differs() {
    assert_eq!(differs(|_| ()), []);
    assert_eq!(differs(|trace| trace["outcome"] = json!({"result": 1})), [Channel::Outcome]);
    assert_eq!(differs(|trace| trace["outcome"] = json!({"lock_timeout": true})), [Channel::Outcome]);
}

#[test]
fn other_locks_differ() {
    let more = |trace: &mut Value| {
        event(trace, |it| it["locks"].to_string().contains("instance/web1"))["locks"][0][1] = json!("shared");
    };
    assert_eq!(differs(more), [Channel::Locks]);
}

#[test]
fn other_arguments_differ() {
    let other = |trace: &mut Value| event(trace, |it| it["rpc"] == "instance_start")["args"][1] = json!(true);
    assert_eq!(differs(other), [Channel::Rpc]);
}

#[test]
fn other_changes_differ() {
    assert_eq!(differs(|trace| trace["changes"] = json!([])), [Channel::Changes]);
}

#[test]
fn another_answer_leads_to_another_end() {
    let other = |trace: &mut Value| {
        for answer in event(trace, |it| it["rpc"] == "instance_start")["answers"].as_object_mut().unwrap().values_mut()
        {
            *answer = json!({"fail": "no kernel"});
        }
    };
    assert!(differs(other).contains(&Channel::Outcome));
}

#[test]
fn a_difference_is_shown_side_by_side() {
    let mut trace = json_of(&LuTest::new().run(tag(&["a"])).succeeded());
    trace["outcome"] = json!({"result": 1});
    trace["id"] = json!("TagsSet-changed");
    let failed = failure_of(|| testlib::replay::trace(&trace.to_string()));
    assert!(
        failed.message.starts_with("replay differs\nTagsSet-changed (TagsSet): differs in outcome"),
        "{}",
        failed.message
    );
}

#[test]
fn rules_say_nothing_of_a_recording() {
    let rules = "[[rule]]\ndefect = 'D08'\nlus = ['TagsSet']\nkind = 'correction'\nwhen = ['always']\nshows = { outcome = 'failed' }";
    let rules = Rules::parse(rules).unwrap();
    let mut trace = json_of(&LuTest::new().run(tag(&["a"])).succeeded());
    let mut verdict = |origin: &str| {
        trace["origin"] = json!(origin);
        run(&Trace::parse(&trace.to_string()).unwrap(), &rules, UNITS).unwrap().as_str()
    };
    assert_eq!(["bench", "bench:some::test"].map(&mut verdict), ["equal", "equal"]);
    assert_eq!(["gen", "unit:x", "benchmark", ""].map(&mut verdict), ["differs"; 4]);
}
