//! The real allocator of Ganeti's tools gets our documents, and our reader gets its replies. The program is the one that the
//! variable `LU_HAIL` names, else `hail` on the path or where Debian has it (package ganeti-htools); without it these tests
//! say so and check nothing.

use std::cell::{RefCell, RefMut};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;

use cmdlib::config::Snapshot;
use cmdlib::error::{Code, Problem};
use cmdlib::iallocator::{
    Allocate, AllocateSecondary, ChangeGroup, MultiAllocate, NewDisk, NodeEvacuate, Relocate, Reply, Request,
};
use cmdlib::objects::Instance;
use cmdlib::op::EvacuationMode;
use cmdlib::params::DiskTemplate;
use cmdlib::rpc::{IallocatorRunner, Trouble};
use serde_json::Value;
use testlib::{LuTest, MockConfig, clusters};

use super::ask;

/// Where Debian has allocators.
const DEBIAN: &str = "/usr/lib/ganeti/iallocators";

/// Returns the program; nothing if there is none.
fn hail() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("LU_HAIL") {
        let named = PathBuf::from(named);
        assert!(named.is_file(), "LU_HAIL names {}, and there is no such file", named.display());
        return Some(named);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).chain([PathBuf::from(DEBIAN)]).map(|it| it.join("hail")).find(|it| it.is_file());
    if found.is_none() {
        #[expect(clippy::print_stderr, reason = "a test that checks nothing must say so")]
        {
            eprintln!("skipped: no program `hail` on the path or in {DEBIAN} (install ganeti-htools)");
        }
    }
    found
}

/// Runs it as a node's daemon does: the document in, the reply out, a failure for any other exit than 0.
fn run(hail: &Path, call: &IallocatorRunner) -> Result<String, Trouble> {
    let option = |(name, value): (&String, &Value)| match value {
        Value::Null => format!("--{name}"),
        value => format!("--{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
    };
    let broken = |error: std::io::Error| Trouble::Refused(format!("{}: {error}", hail.display()));
    let mut program = Command::new(hail)
        .args(call.options.iter().map(option))
        .arg("-")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(broken)?;
    // It reads all before it writes anything.
    program.stdin.take().expect("it is piped").write_all(call.document.as_bytes()).map_err(broken)?;
    let output = program.wait_with_output().map_err(broken)?;
    if !output.status.success() {
        return Err(Trouble::Refused(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Returns a bench of the cluster in which the real program answers.
fn bench(hail: &Path, config: MockConfig) -> LuTest {
    bench_heard(hail, config, &Rc::default())
}

/// How often the program said yes and no, by kind of request.
type Heard = Rc<RefCell<BTreeMap<String, (usize, usize)>>>;

/// As `bench`; what it says is counted.
fn bench_heard(hail: &Path, config: MockConfig, heard: &Heard) -> LuTest {
    let mut t = LuTest::with(config);
    let (hail, heard) = (hail.to_owned(), Rc::clone(heard));
    t.rpc().on::<IallocatorRunner>().any_times().answers(move |_, call, _| {
        let reply = run(&hail, call)?;
        let (document, said): (Value, Value) =
            (serde_json::from_str(&call.document).unwrap(), serde_json::from_str(&reply).unwrap());
        let kind = document["request"]["type"].as_str().unwrap().to_owned();
        let (yes, no) = &mut *RefMut::map(heard.borrow_mut(), |heard| heard.entry(kind).or_default());
        *(if said["success"] == true { yes } else { no }) += 1;
        Ok(reply)
    });
    t
}

fn new(name: &str, template: DiskTemplate, memory: i64) -> Allocate {
    let disks = match template {
        DiskTemplate::Diskless => Vec::new(),
        _ => vec![NewDisk::new(1024).with("mode", "rw").with("spindles", 1)],
    };
    let nic = serde_json::json!({"mac": "auto", "ip": null, "mode": "bridged", "link": "br0"});
    let nics = nic.as_object().cloned().into_iter().collect();
    Allocate { template, memory, disks, nics, ..Allocate::new(format!("{name}.example.com"), "kvm") }
}

fn evacuate(instances: &[&str], mode: EvacuationMode) -> NodeEvacuate {
    let instances = instances.iter().map(|name| format!("{name}.example.com")).collect();
    NodeEvacuate { instances, mode, ignore_soft_errors: false }
}

// -- what it finds is known beforehand

#[test]
fn two_nodes_are_found_for_a_mirrored_instance() {
    let Some(hail) = hail() else { return };
    let mut config = clusters::three_nodes();
    config.node("node3").offline();
    let mut t = bench(&hail, config);
    // There are only two, in whatever order.
    let mut wanted = ["node1", "node2"].map(|name| t.config().id_of_node(name));
    wanted.sort();
    let request = new("new", DiskTemplate::Drbd, 1024);
    let found = t.exec(move |cx| match cx.allocate("hail", request.clone())? {
        Reply::Yes(mut nodes) => {
            nodes.sort();
            Ok::<_, Problem>(nodes)
        }
        Reply::No(why) => Err(Problem::new(Code::InsufficientResources, why)),
    });
    found.returned(wanted.map(|id| id.to_string()).to_vec());
}

#[test]
fn only_nodes_of_the_list_are_found() {
    let Some(hail) = hail() else { return };
    let nodes = Some(vec!["node3.example.com".to_owned()]);
    let request = Allocate { nodes, ..new("new", DiskTemplate::Plain, 1024) };
    ask(&mut bench(&hail, clusters::three_nodes()), request).returned("node3.example.com");
}

#[test]
fn h24_in_an_empty_list_no_node_is_found() {
    let Some(hail) = hail() else { return };
    let request = Allocate { nodes: Some(Vec::new()), ..new("new", DiskTemplate::Plain, 1024) };
    let mut t = bench(&hail, clusters::three_nodes());
    t.exec(move |cx| Ok::<_, Problem>(matches!(cx.allocate("hail", request.clone())?, Reply::No(_)))).returned(true);
}

#[test]
fn only_nodes_of_the_group_are_found() {
    let Some(hail) = hail() else { return };
    let request = Allocate { group: Some("rack-b".to_owned()), ..new("new", DiskTemplate::Drbd, 1024) };
    let mut t = bench(&hail, clusters::two_groups());
    // A yes that names other nodes would break the rules.
    t.exec(move |cx| Ok::<_, Problem>(matches!(cx.allocate("hail", request.clone())?, Reply::Yes(_)))).returned(true);
}

#[test]
fn an_instance_that_is_too_large_is_answered_with_a_no() {
    let Some(hail) = hail() else { return };
    let mut t = bench(&hail, clusters::three_nodes());
    let request = new("huge", DiskTemplate::Drbd, 1_000_000);
    t.exec(move |cx| Ok::<_, Problem>(super::answer_to(cx, &request)?.contains("FailMem"))).returned(true);
}

#[test]
fn a_plain_instance_gets_the_only_other_node() {
    let Some(hail) = hail() else { return };
    let mut config = clusters::three_nodes_five_instances();
    config.node("node2").drained();
    let request = AllocateSecondary { instance: "web1.example.com".to_owned() };
    ask(&mut bench(&hail, config), request).returned("node3.example.com");
}

#[test]
fn a_mirrored_instance_leaves_its_secondary_node_for_the_only_other_one() {
    let Some(hail) = hail() else { return };
    let mut t = bench(&hail, clusters::three_nodes_five_instances());
    let request = Relocate { instance: t.config().id_of_instance("web2"), from: vec![t.config().id_of_node("node2")] };
    ask(&mut t, request).returned("node3.example.com");
}

#[test]
fn an_instance_is_evacuated_to_its_secondary_node() {
    let Some(hail) = hail() else { return };
    let request = evacuate(&["web2"], EvacuationMode::Primary);
    let told = "web2.example.com to default on node2.example.com, node1.example.com; job of 1";
    ask(&mut bench(&hail, clusters::three_nodes_five_instances()), request).returned(told);
}

#[test]
fn a_secondary_node_is_evacuated_to_the_only_other_one() {
    let Some(hail) = hail() else { return };
    let request = evacuate(&["web2"], EvacuationMode::Secondary);
    let told = "web2.example.com to default on node1.example.com, node3.example.com; job of 1";
    ask(&mut bench(&hail, clusters::three_nodes_five_instances()), request).returned(told);
}

#[test]
fn soft_errors_can_be_ignored() {
    let Some(hail) = hail() else { return };
    let request = NodeEvacuate { ignore_soft_errors: true, ..evacuate(&["web2"], EvacuationMode::Secondary) };
    let told = "web2.example.com to default on node1.example.com, node3.example.com; job of 1";
    ask(&mut bench(&hail, clusters::three_nodes_five_instances()), request).returned(told);
}

// -- every kind of request on every ready-made cluster

/// Returns the ready-made clusters.
fn all_clusters() -> Vec<(&'static str, MockConfig)> {
    let mut all = clusters::odd();
    all.push(("three nodes, five instances", clusters::three_nodes_five_instances()));
    all.push(("scaled", clusters::scaled(9, 60)));
    let mut planned = clusters::two_groups();
    planned.instance("plan1").forthcoming().change(|it| it.primary_node = "".into());
    all.push(("planned without a node", planned));
    all
}

/// Returns requests of each kind that make sense in the cluster.
fn requests(config: &Snapshot) -> Vec<Request> {
    let several = [("m1", DiskTemplate::Drbd), ("m2", DiskTemplate::Plain), ("m3", DiskTemplate::Diskless)];
    let several = several.map(|(name, template)| new(name, template, 512));
    let mut all: Vec<Request> = several.clone().map(Request::from).into();
    all.push(MultiAllocate { instances: several.into() }.into());
    let of = |instance: &Instance, all: fn(DiskTemplate) -> bool| {
        config.disks_of(instance).unwrap().iter().all(|disk| all(disk.dev_type))
    };
    let any =
        |all: fn(DiskTemplate) -> bool| config.instances.values().find(|it| !it.primary_node.is_empty() && of(it, all));
    if let Some(instance) = any(DiskTemplate::mirrored) {
        let secondary = config.secondaries(instance).unwrap().into_iter().next();
        let from = vec![secondary.unwrap_or_else(|| instance.primary_node.clone())];
        all.push(Relocate { instance: instance.uuid.clone(), from }.into());
    }
    if let Some(instance) = any(|template| template == DiskTemplate::Plain) {
        all.push(AllocateSecondary { instance: instance.name.clone() }.into());
    }
    let placed = config.instances.values().filter(|it| !it.primary_node.is_empty());
    let instances: Vec<String> = placed.map(|it| it.name.clone()).collect();
    for mode in [EvacuationMode::All, EvacuationMode::Primary, EvacuationMode::Secondary] {
        all.push(NodeEvacuate { instances: instances.clone(), mode, ignore_soft_errors: false }.into());
    }
    for targets in [Vec::new(), config.nodegroups.ids().cloned().collect()] {
        all.push(ChangeGroup { instances: instances.clone(), targets }.into());
    }
    all
}

#[test]
fn every_document_is_understood_and_every_reply_keeps_the_rules() {
    let Some(hail) = hail() else { return };
    let heard = Heard::default();
    for (name, config) in all_clusters() {
        for request in requests(&config.snapshot()) {
            let mut t = bench_heard(&hail, config.clone(), &heard);
            // Once will do: both ways of taking locks ask for the same.
            t.only(testlib::Strategy::Blocking);
            // Yes or no: what it does not understand ends otherwise, and so does what breaks a rule.
            let shown = format!("{name}: {request:?}");
            let run = ask(&mut t, request);
            let judged = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run.succeeded()));
            assert!(judged.is_ok(), "{shown}");
        }
    }
    let heard = heard.take();
    #[expect(clippy::print_stdout, reason = "for whoever asks what it says")]
    for (kind, (yes, no)) in &heard {
        println!("{kind}: {yes} yes, {no} no");
    }
    assert_eq!(heard.len(), 6, "all kinds were asked for: {heard:?}");
    assert!(heard.values().all(|(yes, _)| *yes > 0), "it can do something of each kind: {heard:?}");
}
