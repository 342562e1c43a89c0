//! Each unit, recorded and replayed.

use cmdlib::iallocator::ChangeGroup;
use cmdlib::lu::UNITS;
use cmdlib::op::{self, IntoArg, TagKind};
use cmdlib::rpc::{self, LvList};
use serde_json::json;
use testlib::replay::Event;
use testlib::{LuTest, clusters};

use super::{five, full, keep, one, procedures, replays, tag};

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
pub(super) fn evacuation() -> LuTest {
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
    let text = concat!(include_str!("every_unit.rs"), include_str!("mod.rs"));
    for unit in UNITS {
        assert!(text.contains(&format!("op::{}::new(", unit.name)), "{}", unit.name);
    }
}
