//! The parameters that every opcode has.

use cmdlib::op::{Any, Common, Dependency, FinalStatus, Priority};
use serde_json::{Value, json};

use super::least;

/// Reads one of these parameters, of every opcode.
#[track_caller]
fn read(name: &str, value: &Value) -> Result<Common, String> {
    let mut outcomes = Vec::new();
    for op in Any::IDS {
        let mut members = least(op);
        members[name] = value.clone();
        let read = Any::read(&members).map(|mut op| op.common_mut().clone());
        outcomes.push(read.map_err(|refusal| refusal.text.replace(op, "OP")));
    }
    assert!(
        outcomes.windows(2).all(|pair| pair[0] == pair[1]),
        "{name} is not the same for every opcode: {outcomes:?}"
    );
    outcomes.remove(0)
}

#[track_caller]
fn refused(name: &str, value: Value, text: &str) {
    assert_eq!(read(name, &value), Err(format!("OP.{name}{text}")), "{name} = {value}");
}

#[test]
fn all_have_defaults() {
    let common = Common { dry_run: false, debug_level: 0, priority: Priority::Normal, ..Common::default() };
    for op in Any::IDS {
        assert_eq!(*Any::read(&least(op)).unwrap().common_mut(), common, "{op}");
    }
}

#[test]
fn defaults_are_written_in_the_form_of_the_reference() {
    let written = Any::read(&least("OP_TAGS_GET")).unwrap().write();
    for (name, value) in
        [("depends", json!(null)), ("comment", json!(null)), ("reason", json!([])), ("priority", json!(0))]
    {
        assert_eq!(written[name], value, "{name}");
    }
}

#[test]
fn dry_run_is_true_or_false_or_null() {
    assert!(read("dry_run", &json!(true)).unwrap().dry_run);
    assert!(!read("dry_run", &json!(null)).unwrap().dry_run);
    refused("dry_run", json!(1), ": expected true or false, got 1");
}

#[test]
fn debug_level_is_a_number_or_null() {
    assert_eq!(read("debug_level", &json!(3)).unwrap().debug_level, 3);
    assert_eq!(read("debug_level", &json!(null)).unwrap().debug_level, 0);
    refused("debug_level", json!(-1), ": expected a whole number from 0 on, got -1");
    refused("debug_level", json!(1.5), ": expected a whole number from 0 on, got 1.5");
    refused("debug_level", json!("1"), ": expected a whole number from 0 on, got \"1\"");
}

#[test]
fn priority_is_one_of_three_numbers() {
    for (number, priority) in [(-10, Priority::High), (0, Priority::Normal), (10, Priority::Low)] {
        assert_eq!(read("priority", &json!(number)).unwrap().priority, priority);
    }
}

#[test]
fn priority_is_compared_by_value_as_in_the_reference() {
    for odd in [json!(0.0), json!(-0.0), json!(false)] {
        assert_eq!(read("priority", &odd).unwrap().priority, Priority::Normal, "{odd}");
    }
    assert_eq!(read("priority", &json!(-10.0)).unwrap().priority, Priority::High);
    assert_eq!(read("priority", &json!(10.0)).unwrap().priority, Priority::Low);
}

#[test]
fn no_other_priority_is_taken_not_even_null() {
    let told = |got: &str| format!(": expected one of -10 (high), 0 (normal), 10 (low), got {got}");
    for value in [json!(5), json!(true), json!(null), json!("0"), json!("low"), json!(9.5), json!([0])] {
        refused("priority", value.clone(), &told(&value.to_string()));
    }
}

#[test]
fn depends_is_a_list_of_jobs_and_how_they_ended() {
    let depends =
        read("depends", &json!([[1234, ["success"]], [-1, []], ["77", ["canceled", "error"]]])).unwrap().depends;
    assert_eq!(
        depends,
        [
            Dependency { job: 1234, ended: vec![FinalStatus::Success] },
            Dependency { job: -1, ended: vec![] },
            Dependency { job: 77, ended: vec![FinalStatus::Canceled, FinalStatus::Error] },
        ]
    );
}

#[test]
fn depends_may_be_null_or_empty() {
    assert_eq!(read("depends", &json!(null)).unwrap().depends, []);
    assert_eq!(read("depends", &json!([])).unwrap().depends, []);
}

#[test]
fn depends_of_another_form_is_refused_at_its_place() {
    refused("depends", json!(5), ": expected a list, got 5");
    refused("depends", json!([5]), "[0]: expected a job id and a list of statuses, got 5");
    refused("depends", json!([[5]]), "[0]: expected a job id and a list of statuses, got [5]");
    refused("depends", json!([[5, [], []]]), "[0]: expected a job id and a list of statuses, got [5,[],[]]");
    refused("depends", json!([[1, []], ["x", []]]), "[1][0]: expected a job id, got \"x\"");
    refused("depends", json!([[1.5, []]]), "[0][0]: expected a job id, got 1.5");
    refused("depends", json!([["-1", []]]), "[0][0]: expected a job id, got \"-1\"");
    refused("depends", json!([["", []]]), "[0][0]: expected a job id, got \"\"");
    refused("depends", json!([[1, "success"]]), "[0][1]: expected a list, got \"success\"");
    refused("depends", json!([[1, null]]), "[0][1]: expected a list, got null");
    refused("depends", json!([[1, ["done"]]]), "[0][1][0]: expected one of canceled, error, success, got \"done\"");
}

#[test]
fn a_job_id_in_digits_may_end_in_a_line_break_as_in_the_reference() {
    assert_eq!(read("depends", &json!([["12\n", []]])).unwrap().depends[0].job, 12);
}

#[test]
fn depends_is_written_and_read_again() {
    let mut op = Any::read(&least("OP_TAGS_GET")).unwrap();
    op.common_mut().depends = vec![Dependency { job: -2, ended: vec![FinalStatus::Success] }];
    assert_eq!(Any::read(&op.write()), Ok(op));
}

#[test]
fn comment_is_a_text_or_null() {
    assert_eq!(read("comment", &json!("as told")).unwrap().comment.as_deref(), Some("as told"));
    assert_eq!(read("comment", &json!("")).unwrap().comment.as_deref(), Some(""));
    assert_eq!(read("comment", &json!(null)).unwrap().comment, None);
    refused("comment", json!(5), ": expected a text, got 5");
}

#[test]
fn reason_is_a_list_of_whatever_or_null() {
    let trail = json!([["gnt:user", "as told", 1], {"odd": null}]);
    assert_eq!(json!(read("reason", &trail).unwrap().reason), trail);
    assert_eq!(read("reason", &json!(null)).unwrap().reason, Vec::<Value>::new());
    refused("reason", json!("as told"), ": expected a list, got \"as told\"");
}
