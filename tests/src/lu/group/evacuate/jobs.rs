//! The jobs that are submitted.

use cmdlib::jobs::Job;
use cmdlib::op::{self, Any, Common, Dependency, FinalStatus, OpCode, ReplaceMode};
use serde_json::{Value, json};

use super::{SPLIT1, WEB1, bench, evacuate, migrate, replace, run, run_with_jobs};

#[test]
fn the_jobs_are_those_of_the_allocator() {
    let mut t = bench();
    let jobs = [vec![migrate(SPLIT1), replace(SPLIT1, "node4.example.com")], vec![migrate(WEB1)]];
    let run = run_with_jobs(&mut t, evacuate(), jobs.clone());
    run.submitted(jobs.map(Job)).succeeded();
}

#[test]
fn a_job_that_the_queue_refuses_is_told_in_the_result() {
    let mut t = bench();
    t.rejects_jobs("the queue is drained");
    let refused = json!([false, "the queue is drained"]);
    run(&mut t, evacuate()).returned(json!({"jobs": [refused, refused]}));
}

/// What every opcode of the submitted jobs says of dependencies.
fn dependencies(jobs: &[Vec<Value>]) -> Vec<Vec<Value>> {
    jobs.iter().map(|job| job.iter().map(|op| op["depends"].clone()).collect()).collect()
}

#[test]
fn jobs_do_not_depend_on_each_other_by_default() {
    let judged = run(&mut bench(), evacuate()).succeeded();
    assert_eq!(dependencies(&judged.jobs()), [[Value::Null], [Value::Null]]);
}

#[test]
fn sequential_jobs_wait_for_the_one_before() {
    let mut t = bench();
    let op = op::GroupEvacuate { sequential: true, ..evacuate() };
    let jobs = [vec![migrate(SPLIT1)], vec![migrate(WEB1), replace(WEB1, "node4.example.com")]];
    let judged = run_with_jobs(&mut t, op, jobs).succeeded();
    let before = json!([[-1, ["error", "success"]]]);
    assert_eq!(dependencies(&judged.jobs()), [vec![Value::Null], vec![before.clone(), before]]);
}

#[test]
fn d84_sequential_jobs_keep_the_dependencies_that_the_allocator_gave() {
    let mut t = bench();
    let op = op::GroupEvacuate { sequential: true, ..evacuate() };
    let mut second = migrate(WEB1);
    second.common_mut().depends = vec![Dependency { job: 77, ended: vec![FinalStatus::Success] }];
    let judged = run_with_jobs(&mut t, op, [vec![migrate(SPLIT1)], vec![second]]).succeeded();
    let both = json!([[77, ["success"]], [-1, ["error", "success"]]]);
    assert_eq!(dependencies(&judged.jobs())[1], [both]);
}

fn full_migration() -> op::InstanceMigrate {
    let common = Common {
        priority: op::Priority::High,
        comment: Some("by hail".to_owned()),
        reason: vec![json!(["hail", "full", 7])],
        depends: vec![Dependency { job: 77, ended: vec![] }],
        ..Common::default()
    };
    op::InstanceMigrate {
        instance_uuid: Some("1a5a0000-0000-4000-8000-000000000001".into()),
        target_node: Some("node3.example.com".into()),
        target_node_uuid: Some("a0de0000-0000-4000-8000-000000000003".into()),
        ignore_ipolicy: true,
        cleanup: true,
        iallocator: Some("theirs".into()),
        common,
        ..op::InstanceMigrate::new(WEB1)
    }
}

#[test]
fn d85_forced_failovers_keep_all_that_the_migration_said() {
    let mut t = bench();
    let op = op::GroupEvacuate { force_failover: true, ..evacuate() };
    let judged = run_with_jobs(&mut t, op, [vec![full_migration().into()]]).succeeded();
    let failover = &judged.jobs()[0][0];
    assert_eq!(failover["OP_ID"], "OP_INSTANCE_FAILOVER");
    let migration = full_migration().write();
    let both = failover.as_object().into_iter().flatten().filter(|(key, _)| *key != "OP_ID");
    for (key, value) in both.filter(|(key, _)| migration.get(key.as_str()).is_some()) {
        assert_eq!(*value, migration[key], "{key}");
    }
}

#[test]
fn forced_failovers_leave_other_opcodes_alone() {
    let mut t = bench();
    let op = op::GroupEvacuate { force_failover: true, ..evacuate() };
    let failover = Any::from(op::InstanceFailover::new(WEB1));
    let jobs = [vec![replace(SPLIT1, "node4.example.com")], vec![failover]];
    run_with_jobs(&mut t, op, jobs.clone()).submitted(jobs.map(Job)).succeeded();
}

#[test]
fn without_force_migrations_stay_migrations() {
    let mut t = bench();
    let jobs = [vec![full_migration().into()]];
    run_with_jobs(&mut t, evacuate(), jobs.clone()).submitted(jobs.map(Job)).succeeded();
}

#[test]
fn early_release_is_that_of_the_opcode() {
    for early_release in [true, false] {
        let mut t = bench();
        let mut proposed = op::InstanceReplaceDisks::new(WEB1, ReplaceMode::NewSecondary);
        proposed.early_release = !early_release;
        let op = op::GroupEvacuate { early_release, ..evacuate() };
        let judged = run_with_jobs(&mut t, op, [vec![proposed.into(), migrate(WEB1)]]).succeeded();
        assert_eq!(judged.jobs()[0][0]["early_release"], early_release);
        assert_eq!(judged.jobs()[0][1].get("early_release"), None);
    }
}

#[test]
fn submitted_opcodes_tell_who_asked_for_them_and_why() {
    let mut t = bench();
    let mut op = evacuate();
    op.common_mut().reason = vec![json!(["gnt:client", "the rack goes", 1])];
    let mut proposed = migrate(WEB1);
    proposed.common_mut().reason = vec![json!(["hail", "full", 7])];
    let judged = run_with_jobs(&mut t, op, [vec![proposed]]).succeeded();
    assert_eq!(judged.jobs()[0][0]["reason"], json!([["hail", "full", 7], ["gnt:client", "the rack goes", 1]]));
}

#[test]
fn submitted_opcodes_get_a_comment() {
    let judged = run(&mut bench(), evacuate()).succeeded();
    assert_eq!(judged.jobs()[0][0]["comment"], "Submitted by OP_GROUP_EVACUATE");
}

#[test]
fn a_comment_of_the_allocator_stays() {
    let mut t = bench();
    let mut proposed = migrate(WEB1);
    proposed.common_mut().comment = Some("by hail".to_owned());
    let judged = run_with_jobs(&mut t, evacuate(), [vec![proposed]]).succeeded();
    assert_eq!(judged.jobs()[0][0]["comment"], "by hail");
}

#[test]
fn submitted_opcodes_are_debugged_as_the_opcode_is() {
    let mut op = evacuate();
    op.common_mut().debug_level = 3;
    let judged = run(&mut bench(), op).succeeded();
    assert_eq!(judged.jobs()[0][0]["debug_level"], 3);
}
