//! What a test says of jobs that a unit submits.

use cmdlib::jobs::Job;
use cmdlib::op;
use expect_test::expect;
use serde_json::json;

use super::golden::golden;
use super::units::{How, bench, care};

fn start() -> op::InstanceStartup {
    op::InstanceStartup::new("web1.example.com")
}

fn stop() -> op::InstanceShutdown {
    op::InstanceShutdown::new("web1.example.com")
}

fn both() -> Vec<Job> {
    vec![Job(vec![start().into(), stop().into()]), Job(vec![start().into()])]
}

#[test]
fn the_list_of_jobs_is_complete() {
    bench().run(care(How::Delegating)).submitted(both()).succeeded();
}

#[test]
fn what_every_opcode_has_is_not_compared() {
    let mut jobs = both();
    jobs[0].0[0].common_mut().comment = Some("whatever".to_owned());
    bench().run(care(How::Delegating)).submitted(jobs).succeeded();
}

#[test]
fn a_job_too_few_fails() {
    golden(
        || bench().run(care(How::Delegating)).submitted(both().into_iter().take(1)).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: {"jobs":[[true,1001],[true,1002]]}, but not as it should be
              1. other jobs were submitted
                   wanted   1 job: OP_INSTANCE_STARTUP(web1), OP_INSTANCE_SHUTDOWN(web1)   (here:+1)
                   got      2 jobs: OP_INSTANCE_STARTUP(web1), OP_INSTANCE_SHUTDOWN(web1) | OP_INSTANCE_STARTUP(web1)
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       job     OP_INSTANCE_STARTUP(web1), OP_INSTANCE_SHUTDOWN(web1)   [bench/units.rs]
                exec       job     OP_INSTANCE_STARTUP(web1)
        "#]],
    );
}

#[test]
fn an_opcode_that_differs_fails_and_tells_in_what() {
    let fails = || {
        let stop = op::InstanceShutdown { timeout: 60, force: true, ..stop() };
        let jobs = [Job(vec![start().into(), stop.into()]), Job(vec![start().into()])];
        bench().run(care(How::Delegating)).submitted(jobs).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): success: {"jobs":[[true,1001],[true,1002]]}, but not as it should be
          1. other jobs were submitted
               wanted   2 jobs: OP_INSTANCE_STARTUP(web1), OP_INSTANCE_SHUTDOWN(web1) | OP_INSTANCE_STARTUP(web1)   (here:-2)
               got      2 jobs: OP_INSTANCE_STARTUP(web1), OP_INSTANCE_SHUTDOWN(web1) | OP_INSTANCE_STARTUP(web1)
               got      job 1, OP_INSTANCE_SHUTDOWN(web1): force is false, not true
               got      job 1, OP_INSTANCE_SHUTDOWN(web1): timeout is 120, not 60
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       job     OP_INSTANCE_STARTUP(web1), OP_INSTANCE_SHUTDOWN(web1)   [bench/units.rs]
            exec       job     OP_INSTANCE_STARTUP(web1)
    "#]],
    );
}

#[test]
fn another_opcode_fails() {
    let fails = || {
        let jobs = [Job(vec![start().into(), stop().into()]), Job(vec![stop().into()])];
        bench().run(care(How::Delegating)).submitted(jobs).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): success: {"jobs":[[true,1001],[true,1002]]}, but not as it should be
          1. other jobs were submitted
               wanted   2 jobs: OP_INSTANCE_STARTUP(web1), OP_INSTANCE_SHUTDOWN(web1) | OP_INSTANCE_SHUTDOWN(web1)   (here:-2)
               got      2 jobs: OP_INSTANCE_STARTUP(web1), OP_INSTANCE_SHUTDOWN(web1) | OP_INSTANCE_STARTUP(web1)
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       job     OP_INSTANCE_STARTUP(web1), OP_INSTANCE_SHUTDOWN(web1)   [bench/units.rs]
            exec       job     OP_INSTANCE_STARTUP(web1)
    "#]],
    );
}

#[test]
fn jobs_that_were_not_submitted_fail() {
    golden(
        || bench().run(care(How::NotAtAll)).submitted(both()).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. other jobs were submitted
                   wanted   2 jobs: OP_INSTANCE_STARTUP(web1), OP_INSTANCE_SHUTDOWN(web1) | OP_INSTANCE_STARTUP(web1)   (here:+1)
                   got      no job
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn no_job_was_submitted() {
    bench().run(care(How::NotAtAll)).submitted_nothing().succeeded();
}

#[test]
fn jobs_where_there_should_be_none_fail() {
    golden(
        || bench().run(care(How::Delegating)).submitted_nothing().succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: {"jobs":[[true,1001],[true,1002]]}, but not as it should be
              1. other jobs were submitted
                   wanted   no job   (here:+1)
                   got      2 jobs: OP_INSTANCE_STARTUP(web1), OP_INSTANCE_SHUTDOWN(web1) | OP_INSTANCE_STARTUP(web1)
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       job     OP_INSTANCE_STARTUP(web1), OP_INSTANCE_SHUTDOWN(web1)   [bench/units.rs]
                exec       job     OP_INSTANCE_STARTUP(web1)
        "#]],
    );
}

#[test]
fn the_queue_takes_all_jobs_and_counts() {
    bench().run(care(How::Delegating)).returned(json!({"jobs": [[true, 1001], [true, 1002]]}));
}

#[test]
fn the_queue_rejects_all_jobs() {
    let mut t = bench();
    t.rejects_jobs("the queue is drained");
    let told = json!([false, "the queue is drained"]);
    t.run(care(How::Delegating)).submitted(both()).returned(json!({"jobs": [told, told]}));
}

#[test]
fn rejected_jobs_are_told_in_the_report() {
    let fails = || {
        let mut t = bench();
        t.rejects_jobs("the queue is drained");
        t.run(care(How::Delegating)).failed("queue")
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): wanted failed: ..queue.., got success: {"jobs":[[false,"the queue is drained"],[false,"the queue is drained"]]}
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 exec       job     OP_INSTANCE_STARTUP(web1), OP_INSTANCE_SHUTDOWN(web1): rejected: the queue is drained   [bench/units.rs]
            exec       job     OP_INSTANCE_STARTUP(web1): rejected: the queue is drained
    "#]],
    );
}
