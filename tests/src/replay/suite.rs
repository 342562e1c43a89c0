//! Record, replay, equal: for all runs of the suite, when `LU_REPLAY_RUNS` names a file.

use std::process::Command;

use expect_test::expect;

#[test]
fn every_run_is_replayed_on_demand_and_what_can_not_be_recorded_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("runs.tsv");
    let tests =
        ["replay::recorded::every_unit::tags_set", "replay::recorded::ends::what_a_trace_has_no_place_for_is_told"];
    let mut again = Command::new(std::env::current_exe().unwrap());
    let ran =
        again.args(tests).arg("--exact").env("LU_REPLAY_RUNS", &file).env_remove("UPDATE_EXPECT").output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
    let told = std::fs::read_to_string(&file).unwrap();
    let mut told: Vec<&str> = told.lines().map(|line| line.rsplit_once('\t').unwrap().0).collect();
    told.sort_unstable();
    expect![[r#"
        equal  -  TagsSet
        refused  a socket that did not open  TestDelay
        refused  a stage without opcode  -
        refused  an error that no node gives  TestDelay
        refused  interference during the run  InstanceStartup
        refused  time passed while nodes answered  TestDelay"#]]
    .assert_eq(&told.join("\n").replace('\t', "  "));
}
