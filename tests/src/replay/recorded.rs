//! Recording: a run of the bench becomes a trace, and the trace is held; and the recordings that are kept.
//!
//! The kept ones, in `recorded/*.jsonl`, are what `Judged::record` returned in a test, a trace a line. A unit that behaves
//! otherwise one day fails here: then either the unit is wrong, or the recordings are made anew, by
//! `UPDATE_EXPECT=1 cargo test -p tests replay::recorded`.

use std::path::{Path, PathBuf};

use cmdlib::error::{Code, Failure};
use cmdlib::host::{HostName, Unresolved, Waited};
use cmdlib::iallocator::ChangeGroup;
use cmdlib::lu::UNITS;
use cmdlib::op::{self, Common, IntoArg, RebootType, TagKind};
use cmdlib::rpc::{self, BlockdevAssemble, InstanceStart, LvList, NodeInfo, Trouble};
use expect_test::expect;
use serde_json::{Value, json};
use testlib::Level::Node;
use testlib::replay::{Channel, Ending, Event, Rules, Trace, Verdict, run, side_by_side};
use testlib::{Judged, Level, LuTest, MiB, Strategy, clusters, failure_of, free_memory, granted};

use crate::bench::units::{self, How, bench, care, shown};

/// Three nodes and five instances: `web1` is down, `web2` and `db1` are up and mirrored.
fn five() -> LuTest {
    LuTest::three_nodes_five_instances()
}

/// A single node, on which `web1` is down: small enough for recordings that are kept.
fn one() -> LuTest {
    let mut t = LuTest::new();
    t.config().instance("web1").on("node1");
    t
}

fn tag(tags: &[&str]) -> op::TagsSet {
    op::TagsSet::new(TagKind::Cluster, tags.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
}

fn dry() -> Common {
    Common { dry_run: true, ..Common::default() }
}

fn full(name: &str) -> op::InstanceReboot {
    op::InstanceReboot::new(name, RebootType::Full)
}

#[track_caller]
fn line_of(judged: &Judged) -> String {
    judged.record().expect("it can be recorded")
}

#[track_caller]
fn json_of(judged: &Judged) -> Value {
    serde_json::from_str(&line_of(judged)).expect("it is JSON")
}

/// Records a run and replays it, without and with the project's rules: it is as recorded. Returns the trace.
#[track_caller]
fn replays(judged: &Judged) -> Trace {
    let line = line_of(judged);
    assert!(!line.contains('\n'), "it is one line");
    testlib::replay::trace(&line);
    let trace = Trace::parse(&line).unwrap();
    for rules in [Rules::none(), Rules::own()] {
        let verdict = run(&trace, &rules, UNITS).expect("there is such a unit");
        assert_eq!(verdict, Verdict::Equal, "{}", side_by_side(&trace, &verdict));
    }
    trace
}

/// The same for a unit of the tests of the bench.
#[track_caller]
fn replays_pet(judged: &Judged) -> Trace {
    let trace = Trace::parse(&line_of(judged)).unwrap();
    let verdict = run(&trace, &Rules::none(), units::UNITS).expect("there is such a unit");
    assert_eq!(verdict, Verdict::Equal, "{}", side_by_side(&trace, &verdict));
    trace
}

fn procedures(trace: &Trace) -> Vec<&str> {
    trace.calls().map(|call| call.procedure.as_str()).collect()
}

// -- what is recorded

/// Returns a trace as a reader likes it: a line for each member and each event, without the configuration.
fn readable(trace: &Value) -> String {
    let mut out = String::new();
    for (key, value) in trace.as_object().unwrap() {
        match value.as_array() {
            Some(list) => {
                out += &format!("{key}:\n");
                list.iter().for_each(|item| out += &format!("  {item}\n"));
            }
            None if key == "config" => out += "config: ..\n",
            None => out += &format!("{key}: {value}\n"),
        }
    }
    out
}

#[test]
fn a_small_run_as_it_is_recorded() {
    let judged = LuTest::new().run(tag(&["rack:1"])).succeeded();
    let mut trace = json_of(&judged);
    assert_eq!(trace["config"], judged.config_before().write());
    // They name the test where tests have threads of their own.
    trace["id"] = json!("..");
    trace["origin"] = json!("..");
    expect![[r#"
        id: ".."
        origin: ".."
        lu: "TagsSet"
        op: {"OP_ID":"OP_TAGS_SET","kind":"cluster","tags":["rack:1"],"name":null,"dry_run":false,"debug_level":0,"priority":0,"depends":null,"comment":null,"reason":[]}
        config: ..
        mode: "timed"
        now: 981147906.0
        events:
          {"locks":[["cluster/BGL","shared"]],"call":"wait","granted":true}
          {"start":true}
          {"wconfd":"WriteConfig","args":[]}
          {"locks":[["cluster/BGL","release"]],"call":"free_level","level":"cluster"}
        outcome: {"result":null}
        changes:
          {"path":["cluster","mtime"],"before":978307200.0,"after":981147906.0}
          {"path":["cluster","serial_no"],"before":2,"after":3}
          {"path":["cluster","tags"],"before":[],"after":["rack:1"]}
    "#]].assert_eq(&readable(&trace));
}

#[test]
fn a_recording_tells_what_recorded_it() {
    let trace = Trace::parse(&line_of(&LuTest::new().run(tag(&["a"])).succeeded())).unwrap();
    assert!(trace.is_of_the_bench());
    let thread = std::thread::current();
    let test = thread.name().filter(|name| *name != "main");
    assert_eq!(trace.origin, test.map_or_else(|| "bench".to_owned(), |test| format!("bench:{test}")));
    assert!(trace.id.starts_with("TagsSet-"), "{}", trace.id);
}

#[test]
fn the_opcode_is_recorded_as_it_was_given() {
    let op = json!({"OP_ID": "OP_TAGS_SET", "kind": "cluster", "tags": ["a"], "name": null});
    let trace = replays(&LuTest::new().run_json(&op).succeeded());
    assert_eq!(trace.op, op);
}

#[test]
fn the_way_of_taking_locks_is_recorded() {
    let mode = |strategy: Strategy| {
        let mut t = five();
        t.only(strategy);
        let judged = t.run(op::InstanceShutdown::new("db1")).succeeded();
        replays(&judged);
        json_of(&judged)["mode"].clone()
    };
    assert_eq!([mode(Strategy::Blocking), mode(Strategy::Timed(30.0))], ["blocking", "timed"]);
}

#[test]
fn changes_tell_what_was_there_and_what_is() {
    let mut t = LuTest::with(clusters::two_groups());
    let judged = t.run(op::InstanceShutdown::new("web1")).succeeded();
    replays(&judged);
    let id = t.config().id_of_instance("web1");
    let path = json!(["instances", id.as_str(), "admin_state"]);
    let all = json_of(&judged);
    let change = all["changes"].as_array().unwrap().iter().find(|it| it["path"] == path).unwrap();
    assert_eq!((&change["before"], &change["after"]), (&json!("up"), &json!("down")));
}

#[test]
fn log_lines_have_their_prefixes() {
    let judged = bench().run(care(How::Talking)).succeeded();
    let lines: Vec<Value> =
        json_of(&judged)["events"].as_array().unwrap().iter().filter_map(|it| it.get("log").cloned()).collect();
    let line = |text: &str| json!(["message", text]);
    assert_eq!(lines, [line(" - INFO: a pet was found"), line(" - WARNING: it barks"), line("      Hint: feed it")]);
}

// -- every unit

#[test]
fn tags_get() {
    let mut t = five();
    t.config().instance("web1").tag("prod");
    let op = op::TagsGet { name: Some("web1".to_owned()), use_locking: true, ..op::TagsGet::new(TagKind::Instance) };
    replays(&t.run(op).returned(json!(["prod"])));
}

#[test]
fn tags_set() {
    let judged = LuTest::new().run(tag(&["a", "b"])).succeeded();
    keep(&judged);
    assert_eq!(replays(&judged).changes.len(), 3);
}

#[test]
fn tags_del() {
    let mut t = LuTest::new();
    t.config().tag("a").tag("b");
    replays(&t.run(op::TagsDel::new(TagKind::Cluster, ["a"])).succeeded());
}

#[test]
fn tags_search() {
    let mut t = LuTest::new();
    t.config().tag("rack:1");
    replays(&t.run(op::TagsSearch::new("rack")).returned(json!([["/cluster", "rack:1"]])));
}

#[test]
fn instance_startup() {
    let trace = replays(&one().run(op::InstanceStartup::new("web1")).succeeded());
    assert!(procedures(&trace).contains(&"instance_start"));
}

#[test]
fn instance_shutdown() {
    replays(&five().run(op::InstanceShutdown::new("db1")).succeeded());
}

#[test]
fn instance_reboot() {
    let trace = replays(&five().run(full("db1")).succeeded());
    assert!(procedures(&trace).contains(&"blockdev_shutdown"));
}

/// Two groups, the instances of one of which go to the other.
fn evacuation() -> LuTest {
    let mut t = LuTest::with(clusters::two_groups());
    t.config().default_iallocator("hail");
    t.iallocator().on::<ChangeGroup>().moves([("split1", "rack-b", "node4"), ("web1", "rack-b", "node3")]);
    t
}

#[test]
fn group_evacuate() {
    let judged = evacuation().run(op::GroupEvacuate::new("default")).succeeded();
    let trace = replays(&judged);
    let call = trace.calls().find(|call| call.procedure == "iallocator_runner").expect("the allocator is asked");
    assert_eq!(call.nodes[0].args[1], json!({"$json": judged.documents()[0]}));
    let jobs = trace.events.iter().find_map(|event| if let Event::Jobs(jobs, _) = event { Some(jobs) } else { None });
    assert_eq!(jobs, Some(&judged.jobs()));
}

#[test]
fn group_verify_disks() {
    let mut t = LuTest::with(clusters::two_groups());
    t.rpc().on::<LvList>().node("node1").unreachable().on::<LvList>().healthy();
    replays(&t.run(op::GroupVerifyDisks::new("default")).succeeded());
}

#[test]
fn network_add() {
    let op = op::NetworkAdd { tags: ["b", "a"].into_arg(), ..op::NetworkAdd::new("net1", "192.0.2.0/24") };
    let judged = LuTest::new().run(op).succeeded();
    keep(&judged);
    let trace = replays(&judged);
    let drawn = trace.events.iter().filter(|event| matches!(event, Event::Random(kind, _) if kind == "uuid"));
    assert_eq!(drawn.count(), 1);
}

#[test]
fn node_powercycle() {
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::NodePowercycle>().node("node2").replies(Some("see you".to_owned()));
    replays(&t.run(op::NodePowercycle::new("node2")).returned("see you"));
}

#[test]
fn os_diagnose() {
    replays(&LuTest::three_nodes().run(op::OsDiagnose::new(["name", "valid", "node_status"])).succeeded());
}

#[test]
fn test_delay() {
    let op = op::TestDelay { on_nodes: vec!["node2".into()], repeat: 2, no_locks: false, ..op::TestDelay::new(0.5) };
    assert_eq!(procedures(&replays(&LuTest::three_nodes().run(op).succeeded())), ["test_delay", "test_delay"]);
}

#[test]
fn every_unit_is_among_them() {
    let text = include_str!("recorded.rs");
    for unit in UNITS {
        assert!(text.contains(&format!("op::{}::new(", unit.name)), "{}", unit.name);
    }
}

// -- every end

fn ending(judged: &Judged) -> Ending {
    replays(judged).ending
}

#[test]
fn a_refusal() {
    let mut t = one();
    t.rpc().on::<NodeInfo>().node("node1").replies(free_memory(MiB(64)));
    let judged = t.run(op::InstanceStartup::new("web1")).refused(Code::InsufficientResources, "node1");
    let Ending::Error { class, code, text } = ending(&judged) else { panic!("an error") };
    assert_eq!((class.as_str(), code.as_deref()), ("OpPrereqError", Some("insufficient_resources")));
    assert!(text.contains("node1.example.com"), "{text}");
}

#[test]
fn a_refusal_before_any_lock() {
    replays(&five().run(op::InstanceStartup::new("web9")).refused(Code::UnknownEntity, "web9"));
    replays(&five().run_json(&json!({"OP_ID": "OP_TAGS_SET", "kind": 3})).refused(Code::WrongInput, "kind"));
}

#[test]
fn a_failure_with_calls_that_fail() {
    let mut t = one();
    t.rpc().on::<InstanceStart>().fails("no kernel");
    let judged = t.run(op::InstanceStartup::new("web1")).failed("no kernel");
    keep(&judged);
    let Ending::Error { class, code: None, .. } = ending(&judged) else { panic!("an error without code") };
    assert_eq!(class, "OpExecError");
}

#[test]
fn a_failure_half_way_with_what_had_been_changed() {
    let mut t = five();
    t.rpc().on::<BlockdevAssemble>().node("node3").any_times().fails("no such volume");
    t.rpc().on::<BlockdevAssemble>().healthy();
    let trace = replays(&t.run(full("db1")).failed("could not be activated"));
    assert!(!trace.changes.is_empty());
}

#[test]
fn calls_without_answer_of_every_kind() {
    let mut t = LuTest::with(clusters::two_groups());
    t.config().node("node3").offline();
    t.rpc().on::<LvList>().node("node1").malformed().on::<LvList>().node("node2").unreachable();
    replays(&t.run(op::GroupVerifyDisks::new("default")).succeeded());
    let mut t = LuTest::three_nodes();
    t.rpc().on::<rpc::TestDelay>().offline();
    replays(&t.run(op::TestDelay::new(1.0)).failed("offline"));
}

#[test]
fn an_abort_by_hooks() {
    let mut t = five();
    t.hooks().pre_fails("node1", "10-check", "not on a Friday");
    let judged = t.run(op::InstanceStartup::new("web1")).hook_aborted("Friday");
    let Ending::Error { class, code: None, .. } = ending(&judged) else { panic!("an error without code") };
    assert_eq!(class, "HooksAbort");
    let script = json!([[["node1.example.com", "10-check", "not on a Friday"]]]);
    assert_eq!(json_of(&judged)["outcome"]["args"], script);
}

#[test]
fn a_lock_that_is_not_granted() {
    let mut t = five();
    t.locks().taken(Level::Instance, "web1");
    assert_eq!(ending(&t.run(op::InstanceStartup::new("web1")).lock_timed_out()), Ending::LockTimeout);
}

#[test]
fn a_dry_run() {
    let op = op::InstanceStartup { common: dry(), ..op::InstanceStartup::new("web1") };
    assert_eq!(ending(&five().run(op).succeeded()), Ending::Result(Value::Null));
}

#[test]
fn a_result_that_breaks_the_promise_of_the_opcode() {
    let judged = LuTest::new().units(units::UNITS).run(units::op::PetName::new("")).internal_error("not empty");
    let Ending::Error { class, code: None, .. } = replays_pet(&judged).ending else { panic!("an error without code") };
    assert_eq!(class, "OpResultError");
}

#[test]
fn an_internal_error_is_a_crash_and_stays_one_until_it_is_mended() {
    let judged = bench().run(care(How::TwoModes)).internal_error("node");
    let trace = Trace::parse(&line_of(&judged)).unwrap();
    let Ending::Crash { class, place, .. } = &trace.ending else { panic!("a crash") };
    assert_eq!((class.as_str(), place.as_str()), ("InternalError", "locks"));
    let verdict = run(&trace, &Rules::none(), units::UNITS).unwrap();
    assert_eq!(verdict.as_str(), "crash_bad", "{}", side_by_side(&trace, &verdict));
}

// -- locks, hooks, the machine

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

// -- what can't be recorded

#[track_caller]
fn because(judged: &Judged) -> String {
    judged.record().expect_err("it can't be recorded")
}

#[test]
fn what_a_trace_has_no_place_for_is_told() {
    let mut interfered = five();
    interfered.when(granted(Level::Instance), |cluster| _ = cluster.instance("web1").tag("new"));
    let mut slow = LuTest::new();
    slow.rpc().on::<rpc::TestDelay>().after_seconds(2.5).healthy();
    let mut dumb = LuTest::new();
    dumb.rpc().on::<rpc::TestDelay>().answers(|_, _, _| Err(Trouble::Malformed("what?".to_owned())));
    let mut shut = LuTest::new();
    shut.doorbell(|bell, _| _ = bell.expect_open().return_const(Err("no room".to_owned())));
    let interruptible = op::TestDelay { interruptible: true, ..op::TestDelay::new(1.0) };
    let errors = [
        because(&interfered.run(op::InstanceStartup::new("web1")).succeeded()),
        because(&slow.run(op::TestDelay::new(1.0)).succeeded()),
        because(&dumb.run(op::TestDelay::new(1.0)).failed("what?")),
        because(&shut.run(interruptible).failed("no room")),
        because(&LuTest::new().exec(|_| Ok::<_, Failure>(1_u64)).succeeded()),
    ];
    expect![[r#"
        the cluster was changed from outside in step 2: a trace has one configuration to begin with, and can't tell of such changes
        2.5 seconds passed while nodes answered: in a trace the clock stands still then
        in step 3 the script answers test_delay on node1.example.com with an error that no node gives: let it reply what is malformed, or say no
        the socket that ends a wait did not open: in a trace it always does
        a stage of the test's own has no opcode: a trace needs one"#]].assert_eq(&errors.join("\n"));
}

// -- what replay says of a recording that was changed

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

// -- no rules

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

// -- the recordings that are kept

/// All of them: a failure after calls of many kinds, a value drawn by chance, a change. The origin of each names the test above
/// that recorded it.
const KEPT: [&str; 3] = ["InstanceStartup.jsonl", "NetworkAdd.jsonl", "TagsSet.jsonl"];

/// Makes the recording anew that is kept of a run, if expectations are updated.
#[track_caller]
fn keep(judged: &Judged) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let line = line_of(judged);
        let trace = Trace::parse(&line).unwrap();
        std::fs::write(kept().join(format!("{}.jsonl", trace.lu)), line + "\n").unwrap();
    }
}

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/replay/recorded")
}

#[test]
fn the_kept_recordings_hold() {
    for name in KEPT {
        testlib::replay::trace(kept().join(name).to_str().unwrap());
    }
}

#[test]
fn no_recording_is_left_out() {
    let files = std::fs::read_dir(kept()).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = files.collect();
    files.sort();
    assert_eq!(files, KEPT);
}

#[test]
fn the_kept_recordings_are_of_the_bench() {
    for name in KEPT {
        let traces = Trace::of_file(kept().join(name)).unwrap();
        assert!(traces.iter().all(|it| it.is_of_the_bench() && format!("{}.jsonl", it.lu) == name), "{name}");
    }
}
