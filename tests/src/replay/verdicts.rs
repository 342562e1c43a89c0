//! What comes of a trace.

use std::panic::catch_unwind;

use cmdlib::lu::UNITS;
use expect_test::expect;
use serde_json::json;
use testlib::replay::{Rules, Verdict, run};

use super::traces::{
    NODE2, WEB1, config, group_is_evacuated, judged, no_tag_is_set, nodes_wait, read, tag_is_set, told,
};

#[test]
fn a_run_as_recorded_is_equal() {
    assert_eq!(judged(&tag_is_set(), &Rules::none()), Verdict::Equal);
    assert_eq!(judged(&nodes_wait(), &Rules::none()), Verdict::Equal);
}

#[test]
fn numbers_are_equal_whatever_their_form() {
    let mut trace = nodes_wait();
    trace["events"][2]["args"] = json!([2.000_000_1]);
    trace["events"][2]["timeout"] = json!(7.0);
    assert_eq!(judged(&trace, &Rules::none()), Verdict::Equal);
}

#[test]
fn a_known_defect_is_corrected() {
    assert_eq!(judged(&no_tag_is_set(), &Rules::own()), Verdict::Corrected(vec!["D08".to_owned()]));
    assert!(!judged(&no_tag_is_set(), &Rules::none()).held());
}

#[test]
fn a_correction_that_our_run_does_not_show_is_a_difference() {
    let rules = r#"
        [[rule]]
        defect = "D08"
        lus = ["TagsSet"]
        kind = "correction"
        when = ["always"]
        shows = { changes = "left_alone(cluster, mtime)" }

        [[rule]]
        defect = "D03"
        lus = ["TagsSet"]
        kind = "correction"
        when = ["not empty(tags)"]
        shows = { changes = "no_change" }
    "#;
    let mtime = config()["instances"][WEB1]["mtime"].to_string();
    expect![[r#"
        TagsSet-own-1 (TagsSet): differs in changes
          wanted                                                   | ours
          changes: instances.web1.example.com.mtime
            unchanged                                              | MTIME -> 1700000000.25
          changes: instances.web1.example.com.serial_no
            unchanged                                              | 1 -> 2
          changes: instances.web1.example.com.tags
            unchanged                                              | [] -> ["rack:1"]
    "#]]
    .assert_eq(&told(&tag_is_set(), rules).replace(&mtime, "MTIME"));
}

#[test]
fn a_correction_shows_on_the_channels_that_it_names_only() {
    let rules = r#"
        [[rule]]
        defect = "D08"
        lus = ["TagsSet"]
        kind = "correction"
        when = ["always"]
        shows = { outcome = "no_change" }
    "#;
    let told = told(&no_tag_is_set(), rules);
    assert!(told.contains("it shows on changes too: the rule has to name that"), "{told}");
}

#[test]
fn a_pardoned_channel_is_not_compared() {
    let rules = |channel: &str| {
        let text = format!(
            "[[rule]]\ndefect = 'D08'\nlus = ['TagsSet']\nkind = 'pardon'\nwhen = ['empty(tags)']\nchannels = ['{channel}']"
        );
        Rules::parse(&text).unwrap()
    };
    assert_eq!(judged(&no_tag_is_set(), &rules("changes")), Verdict::Pardoned(vec!["D08".to_owned()]));
    assert!(!judged(&no_tag_is_set(), &rules("locks")).held());
    assert_eq!(judged(&tag_is_set(), &rules("changes")), Verdict::Equal);
}

#[test]
fn a_run_that_is_refused_where_the_reference_crashed_is_held() {
    let mut trace = tag_is_set();
    trace["op"]["name"] = json!(null);
    trace["events"] = json!([trace["events"][0], trace["events"][4]]);
    trace["changes"] = json!([]);
    trace["outcome"] = json!({"crash": "AttributeError", "text": "no such thing", "where": "cmdlib/tags.py in Expand"});
    assert_eq!(judged(&trace, &Rules::none()), Verdict::CrashOk);
}

#[test]
fn a_run_that_goes_on_where_the_reference_crashed_is_answered_by_healthy_nodes() {
    let mut trace = nodes_wait();
    trace["events"].as_array_mut().unwrap().remove(2);
    trace["outcome"] = json!({"crash": "KeyError", "text": "x", "where": "cmdlib/test.py in Exec"});
    assert_eq!(judged(&trace, &Rules::none()), Verdict::CrashOk);
}

#[test]
fn a_run_that_differs_before_the_crash_is_not_held() {
    let mut trace = nodes_wait();
    trace["events"][2]["args"] = json!([3]);
    trace["outcome"] = json!({"crash": "KeyError", "text": "x", "where": "cmdlib/test.py in Exec"});
    expect![[r#"
        TestDelay-own-1 (TestDelay): crash_bad in rpc
          wanted                                                   | ours
          rpc: call 1 test_delay on node1.example.com: args[0]
            3                                                      | 2.0
    "#]]
    .assert_eq(&told(&trace, ""));
}

#[test]
fn a_request_that_was_not_recorded_is_a_difference() {
    let mut trace = nodes_wait();
    trace["events"].as_array_mut().unwrap().remove(2);
    expect![[r#"
        TestDelay-own-1 (TestDelay): differs in outcome
          wanted                                                   | ours
          outcome: it ends
            result null                                            | failed: a node did not wait: node node2.example.com,
                                                                   | call test_delay: no answer: no answer was recorded;
                                                                   | not recorded: test_delay on node2.example.com,
                                                                   | test_delay on node1.example.com
          rpc: call 1
            no further call                                        | test_delay on node1.example.com, node2.example.com
    "#]]
    .assert_eq(&told(&trace, ""));
}

#[test]
fn where_locks_are_not_granted_in_time_only_the_end_counts() {
    let mut trace = tag_is_set();
    trace["mode"] = json!("timed");
    trace["events"][1]["granted"] = json!(false);
    trace["outcome"] = json!({"lock_timeout": true});
    assert_eq!(judged(&trace, &Rules::none()), Verdict::Equal);
}

#[test]
fn what_comes_in_no_order_is_compared_without() {
    let mut trace = nodes_wait();
    let mut other = trace["events"][2].clone();
    other["rpc"] = json!("node_info");
    trace["events"].as_array_mut().unwrap().insert(2, other);
    trace["unordered"] = json!(true);
    expect![[r#"
        TestDelay-own-1 (TestDelay): differs in rpc
          wanted                                                   | ours
          rpc: calls in any order
            node_info on node1.example.com, node2.example.com      | no such call
    "#]]
    .assert_eq(&told(&trace, ""));
}

#[test]
fn jobs_in_no_order_are_compared_without() {
    let rules = "[[rule]]\ndefect = 'D82'\nlus = ['GroupEvacuate']\nkind = 'pardon'\nwhen = ['always']\nchannels = ['rpc', 'allocator']";
    let mut trace = group_is_evacuated();
    let job = |name: &str| json!([{"OP_ID": "OP_INSTANCE_MIGRATE", "instance_name": name}]);
    let call = trace["events"].as_array().unwrap().len() - 3;
    let answer = &mut trace["events"][call]["answers"][super::traces::NODE1]["ok"];
    let mut reply: serde_json::Value = serde_json::from_str(answer.as_str().unwrap()).unwrap();
    reply["result"][2] = json!([job("web1.example.com"), job("split1.example.com")]);
    *answer = reply.to_string().into();
    let comment = "Submitted by OP_GROUP_EVACUATE";
    let mut jobs = json!([job("split1.example.com"), job("web1.example.com")]);
    jobs[0][0]["comment"] = comment.into();
    jobs[1][0]["comment"] = comment.into();
    trace["events"][call + 1] = json!({"jobs": jobs, "ids": [[true, 12], [true, 13]]});
    trace["outcome"] = json!({"result": {"jobs": [[true, 12], [true, 13]]}});
    assert!(told(&trace, rules).contains("differs in jobs"));
    trace["unordered"] = json!(true);
    assert_eq!(told(&trace, rules), "GroupEvacuate-own-1 (GroupEvacuate): pardoned (D82)\n");
}

#[test]
fn a_configuration_that_cannot_be_read_is_a_difference() {
    let mut trace = tag_is_set();
    trace["config"]["version"] = json!(2_150_000);
    let told = told(&trace, "");
    assert!(told.contains("the configuration can't be read"), "{told}");
}

#[test]
fn a_unit_that_nobody_has_gives_no_verdict() {
    let mut trace = tag_is_set();
    trace["lu"] = json!("PetFeed");
    assert_eq!(run(&read(&trace), &Rules::own(), UNITS), None);
}

#[test]
fn a_trace_is_a_test_in_one_line() {
    testlib::replay::trace(&tag_is_set().to_string());
    let mut trace = tag_is_set();
    trace["outcome"] = json!({"result": 1});
    let text = catch_unwind(|| testlib::replay::trace(&trace.to_string())).unwrap_err();
    let text = text.downcast_ref::<String>().unwrap();
    assert!(text.starts_with("replay differs\nTagsSet-own-1 (TagsSet): differs in outcome"), "{text}");
}

#[test]
fn names_stand_in_the_place_of_uuids() {
    let mut trace = nodes_wait();
    trace["op"]["no_locks"] = json!(false);
    let told = told(&trace, "");
    assert!(told.contains("node/node2.example.com exclusive") && !told.contains(NODE2), "{told}");
    assert!(!told.contains(WEB1));
}
