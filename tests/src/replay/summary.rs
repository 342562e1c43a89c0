//! Counting verdicts.

use expect_test::expect;
use testlib::replay::{Channel, Difference, Summary, Verdict};

use super::traces::{nodes_wait, read, tag_is_set};

fn differs(channel: Channel) -> Vec<Difference> {
    let text = String::new;
    vec![Difference { channel, subject: text(), wanted: text(), ours: text() }]
}

fn counted(verdicts: &[(Verdict, usize)]) -> Summary {
    let trace = read(&tag_is_set());
    let mut summary = Summary::default();
    for (verdict, times) in verdicts {
        (0..*times).for_each(|_| summary.add(&trace, Some(verdict)));
    }
    summary
}

#[test]
fn each_trace_counts_once_as_table_and_as_json() {
    let mut summary = counted(&[
        (Verdict::Equal, 90),
        (Verdict::Corrected(vec!["D08".to_owned()]), 4),
        (Verdict::Pardoned(vec!["D09".to_owned()]), 1),
        (Verdict::CrashOk, 2),
        (Verdict::CrashBad(differs(Channel::Rpc)), 1),
        (Verdict::Differs(differs(Channel::Locks)), 1),
        (Verdict::Differs(differs(Channel::Changes)), 1),
    ]);
    summary.add(&read(&nodes_wait()), None);
    expect![[r#"
        logical unit   total  equal corrected pardoned crash_ok crash_bad    held  differs in
        TagsSet          100     90         4        1        2         1   97.0%  locks 1, changes 1
        97.0% of 100 traces held
        no logical unit for: TestDelay
    "#]]
    .assert_eq(&summary.to_string());
    expect![[r#"{"lus":{"TagsSet":{"total":100,"equal":90,"corrected":4,"pardoned":1,"crash_ok":2,"crash_bad":1,"differs":{"locks":1,"changes":1}}},"unknown_lus":["TestDelay"]}"#]]
        .assert_eq(&summary.json().to_string());
}

#[test]
fn more_pardons_than_there_may_be_do_not_count() {
    let pardoned = Verdict::Pardoned(vec!["D09".to_owned()]);
    let within = counted(&[(Verdict::Equal, 19), (pardoned.clone(), 1)]);
    assert_eq!((within.held_percent(), within.limits_exceeded().len()), (100.0, 0));
    let beyond = counted(&[(Verdict::Equal, 18), (pardoned.clone(), 2)]);
    assert_eq!(beyond.held_percent(), 90.0);
    assert_eq!(beyond.limits_exceeded(), ["more than 5 % of all traces are pardoned: none of them counts as held"]);
    let mut of_one = counted(&[(Verdict::Equal, 96), (Verdict::Differs(differs(Channel::Rpc)), 0)]);
    let other = read(&nodes_wait());
    (0..4).for_each(|_| of_one.add(&other, Some(&pardoned)));
    assert_eq!((of_one.held_percent(), of_one.held_percent_of("TestDelay")), (96.0, 0.0));
    assert_eq!(of_one.limits_exceeded(), ["more than 15 % of TestDelay are pardoned: none of them counts as held"]);
}
