//! Sweeps with other jobs.

use cmdlib::op as real;
use expect_test::expect;
use testlib::LuTest;

use super::units::op;
use super::{bench, found};

#[test]
fn a_sweep_shows_what_became_of_each_thing_that_another_job_did() {
    let mut t = LuTest::three_nodes();
    t.config().instance("web1");
    let table = t.interference_sweep(real::InstanceShutdown::new("web1")).holds();
    expect![[r#"
        InstanceShutdown(web1): 15 interferences, 11 left out because no job could do that
          another job                                                             instance
          cluster.remove_instance("web1");                                        refused: unknown_entity
          cluster.rename_instance("web1", "web1-renamed");                        refused: wrong_state
          cluster.move_instance("web1", "node2");                                 succeeded
          cluster.move_instance("web1", "node3");                                 succeeded
          cluster.instance("web1").up();                                          succeeded
          cluster.instance("web1").offline();                                     refused: wrong_state
          cluster.instance("web1").stopped_by_user();                             succeeded
          cluster.instance("web1").diskless();                                    succeeded
          cluster.instance("web1").plain(testlib::MiB(2048));                     succeeded
          cluster.instance("web1").no_nics();                                     succeeded
          cluster.instance("web1").memory(testlib::MiB(256), testlib::MiB(512));  succeeded
          cluster.instance("web1").tag("meanwhile");                              succeeded
          cluster.node("node1").tag("meanwhile");                                 succeeded
          cluster.node("node1").primary_ip("192.0.2.250");                        succeeded
          cluster.instance("meanwhile1").on("node1");                             succeeded
    "#]]
    .assert_eq(&table.to_string());
    assert!(table.skipped() > 0);
}

#[test]
fn what_another_job_did_is_there_as_json() {
    let mut t = LuTest::three_nodes();
    let op = real::TagsSet { name: Some("node3".to_owned()), ..real::TagsSet::new(real::TagKind::Node, ["odd"]) };
    expect![[r#"{"sweep":"TagsSet(node3)","cases":[{"change":"cluster.remove_node(\"node3\");","outcomes":{"node":"refused: unknown_entity"}},{"change":"cluster.node(\"node3\").offline();","outcomes":{"node":"succeeded"}},{"change":"cluster.node(\"node3\").drained();","outcomes":{"node":"succeeded"}},{"change":"cluster.node(\"node3\").not_vm_capable();","outcomes":{"node":"succeeded"}},{"change":"cluster.node(\"node3\").tag(\"meanwhile\");","outcomes":{"node":"succeeded"}},{"change":"cluster.node(\"node3\").primary_ip(\"192.0.2.250\");","outcomes":{"node":"succeeded"}},{"change":"cluster.instance(\"meanwhile1\").on(\"node3\");","outcomes":{"node":"succeeded"}}],"skipped":2,"violations":[]}"#]].assert_eq(&t.interference_sweep(op).holds().json().to_string());
}

#[test]
fn a_unit_that_trusts_what_it_saw_before_its_locks_is_found() {
    let message = found(|| _ = bench().interference_sweep(op::Stale::new("web2")).holds());
    let moved = message.split_once("cluster.move_instance(\"web2\", \"node2\");").expect("it was moved").1;
    let moved = moved.split_once("journal").expect("there is a journal").0;
    assert!(moved.contains("its calls are not those that the cluster needs as it is now"), "{moved}");
    assert!(moved.contains("got      instance_shutdown(web2) @node1\n"), "{moved}");
    assert!(moved.contains("got      wanted: instance_shutdown(web2) @node2\n"), "{moved}");
}

#[test]
fn an_instance_that_vanished_must_be_refused() {
    let message = found(|| _ = bench().interference_sweep(op::Stale::new("web2")).holds());
    assert!(message.contains("locks of level instance granted: cluster.remove_instance(\"web2\");"), "{message}");
    assert!(message.contains("another job made it end otherwise than by a refusal (R36)"), "{message}");
}

#[test]
fn a_unit_without_locks_has_no_moment_to_interfere() {
    let table = LuTest::three_nodes().interference_sweep(real::TagsSearch::new("a")).holds();
    assert_eq!(table.runs(), 0);
}

#[test]
fn a_sweep_that_is_never_judged_fails() {
    let op = real::TagsSearch::new("a");
    let message = found(|| drop(LuTest::three_nodes().interference_sweep(op)));
    assert!(message.ends_with("the sweep was never judged: end it with .holds()"), "{message}");
}
