//! Locks, hooks and the machine, recorded and replayed.

use cmdlib::error::Code;
use cmdlib::host::{HostName, Unresolved, Waited};
use cmdlib::lu::UNITS;
use cmdlib::op;
use cmdlib::rpc;
use serde_json::{Value, json};
use testlib::Level::Node;
use testlib::replay::{Event, Rules, Trace, Verdict, run, side_by_side};
use testlib::{Level, LuTest, clusters};

use super::every_unit::evacuation;
use super::{json_of, line_of, replays, replays_pet};
use crate::bench::units::{How, bench, care, shown};

fn lenient() -> op::GroupVerifyDisks {
    op::GroupVerifyDisks { is_strict: false, ..op::GroupVerifyDisks::new("default") }
}

#[test]
fn locks_that_are_taken_as_far_as_they_are_free() {
    let mut t = LuTest::with(clusters::two_groups());
    t.locks().taken(Node, "node2");
    let judged = t.run(lenient()).succeeded();
    replays(&judged);
    let all = json_of(&judged);
    let some = all["events"].as_array().unwrap().iter().filter(|it| it["call"] == "opportunistic");
    let counts: Vec<(&Value, usize)> = some.map(|it| (&it["count"], it["granted"].as_array().unwrap().len())).collect();
    assert_eq!(counts, [(&json!(1), 2), (&json!(1), 2)]);
}

#[test]
fn too_few_locks_are_free() {
    let mut t = LuTest::with(clusters::two_groups());
    t.locks().taken(Level::Instance, "web1").taken(Level::Instance, "split1");
    let judged = t.run(lenient()).lock_timed_out();
    replays(&judged);
    let all = json_of(&judged);
    assert!(all["events"].as_array().unwrap().iter().any(|it| it["granted"] == json!(false)));
}

#[test]
fn locks_that_are_given_back_or_made_shared() {
    let calls = |how: How, call: &str| {
        let judged = bench().run(care(how)).succeeded();
        replays_pet(&judged);
        let all = json_of(&judged);
        all["events"].as_array().unwrap().iter().filter(|it| it["call"] == call).map(|it| it["locks"].clone()).collect()
    };
    let id = |name: &str| format!("node/{}", bench().config().id_of_node(name));
    let gone: Vec<Value> = calls(How::GivingBack, "try");
    assert_eq!(gone, [json!([[id("node1"), "release"], [id("node3"), "release"]])]);
    let now: Vec<Value> = calls(How::Sharing, "downgrade_level");
    assert_eq!(now, [json!([[id("node2"), "shared"]])]);
}

#[test]
fn a_level_as_a_whole() {
    let judged = bench().run(care(How::WholeLevel)).succeeded();
    replays_pet(&judged);
    let all = json_of(&judged);
    assert!(all["events"].as_array().unwrap().iter().any(|it| it["locks"] == json!([["node/[lockset]", "exclusive"]])));
}

#[test]
fn environments_of_scripts_are_recorded_in_full() {
    let judged = bench().run(shown(How::Well)).succeeded();
    let trace = replays_pet(&judged);
    let phases = |trace: &Trace| -> Vec<(Value, usize)> {
        let hooks = trace.calls().filter(|call| call.procedure == "hooks_runner");
        hooks.map(|call| (call.nodes[0].args[1].clone(), call.nodes[0].args[2].as_object().unwrap().len())).collect()
    };
    let told = judged.calls::<rpc::HooksRunner>().into_iter().map(|(call, _)| (json!(call.phase), call.env.len()));
    assert_eq!(phases(&trace), told.collect::<Vec<_>>());
}

#[test]
fn time_that_is_slept_passes() {
    replays_pet(&bench().run(care(How::Waiting)).returned(1.5));
    let on_nobody = op::TestDelay { on_master: false, repeat: 2, ..op::TestDelay::new(2.5) };
    let trace = replays(&LuTest::new().run(on_nobody).succeeded());
    assert_eq!(trace.events.iter().filter(|event| **event == Event::Sleep(2.5)).count(), 2);
}

#[test]
fn jobs_that_the_queue_refuses() {
    let mut t = evacuation();
    t.rejects_jobs("the queue is drained");
    replays(&t.run(op::GroupEvacuate::new("default")).succeeded());
}

#[test]
fn what_the_network_is_asked() {
    let mut t = bench();
    t.net(|net| {
        net.expect_resolve().returning(|name| Ok(HostName { name: name.to_owned(), ip: "192.0.2.7".to_owned() }));
        net.expect_ping().return_const(true);
    });
    let judged = t.run(care(How::Pinging)).succeeded();
    replays_pet(&judged);
    let all = json_of(&judged);
    let asked: Vec<&Value> = all["events"].as_array().unwrap().iter().filter(|it| it.get("host").is_some()).collect();
    let host = json!({"name": "pets.example.com", "ip": "192.0.2.7"});
    assert_eq!(
        asked,
        [
            &json!({"host": "resolve", "args": ["pets.example.com", null], "answer": host}),
            &json!({"host": "ping", "args": ["192.0.2.7", 1811, 2.0, false, null], "answer": true}),
        ]
    );
    let started = all["events"].as_array().unwrap().iter().position(|it| it["start"] == true);
    assert_eq!(all["events"].as_array().unwrap().iter().position(|it| it == asked[0]), started.map(|it| it + 1));
}

#[test]
fn a_name_that_does_not_resolve() {
    let mut t = bench();
    t.net(|net| {
        let unresolved = Unresolved { name: "pets.example.com".to_owned(), text: "no such host".to_owned() };
        net.expect_resolve().return_const_st(Err(unresolved));
    });
    let judged = t.run(care(How::Pinging)).refused(Code::Resolver, "no such host");
    replays_pet(&judged);
}

#[test]
fn waits_at_the_socket_and_how_long_they_took() {
    let mut t = LuTest::new();
    t.doorbell(|bell, clock| {
        bell.expect_open().returning(|| Ok("/run/bell".to_owned()));
        bell.expect_close().return_const(());
        let clock = std::rc::Rc::clone(clock);
        bell.expect_accept().returning_st(move |_| {
            clock.advance(4.0);
            Waited::Reached
        });
        bell.expect_receive().returning_st(|_| Waited::Reached);
    });
    let op = op::TestDelay { interruptible: true, ..op::TestDelay::new(10.0) };
    let judged = t.run(op).succeeded();
    replays(&judged);
    let all = json_of(&judged);
    let events: Vec<Value> = all["events"].as_array().unwrap()[2..].to_vec();
    let message = |text: &str| json!({"log": ["message", text]});
    assert_eq!(
        events[..5],
        [
            json!({"log": ["delay-test", ["/run/bell"]]}),
            json!({"host": "socket_accept", "args": [10.0], "answer": "ok", "took": 4.0}),
            message("received connection, time to go is 6 seconds"),
            json!({"host": "socket_recv", "args": [6.0], "answer": "data", "took": 0.0}),
            message("interrupted after 4 seconds"),
        ]
    );
}

#[test]
fn nobody_comes_to_the_socket() {
    let op = op::TestDelay { interruptible: true, repeat: 2, ..op::TestDelay::new(10.0) };
    let trace = replays(&LuTest::new().run(op).succeeded());
    assert_eq!(trace.events.iter().filter(|event| matches!(event, Event::Host(it) if it.took == 10.0)).count(), 2);
}

#[test]
fn runs_on_all_odd_clusters() {
    for (name, config) in clusters::odd() {
        let on = |op: op::Any| {
            let mut t = LuTest::with(config.clone());
            let judged = t.run_json(&op.write()).succeeded();
            let trace = Trace::parse(&line_of(&judged)).unwrap();
            let verdict = run(&trace, &Rules::none(), UNITS).unwrap();
            assert_eq!(verdict, Verdict::Equal, "{name}: {}", side_by_side(&trace, &verdict));
        };
        on(op::InstanceShutdown::new("web1").into());
        on(op::InstanceStartup { force: true, ..op::InstanceStartup::new("web1") }.into());
        on(op::GroupVerifyDisks::new("default").into());
    }
}
