//! The documents that the reference made in its recorded runs, where these are at hand: ours are equal, made from the same
//! configuration, the same request, and what the nodes answered.

use std::collections::BTreeMap;

use cmdlib::field::Field;
use cmdlib::rpc::{AllInstancesInfo, IallocatorRunner, NodeInfo, Trouble};
use serde_json::{Value, json};
use testlib::replay::{Answer, Call, Corpus, Trace};
use testlib::{LuTest, MockConfig, Strategy};

use super::samples::in_order;
use super::{ask, wire};

/// Units whose recorded runs have documents: not all, but all kinds but one, and files that are read quickly.
const UNITS: [&str; 5] =
    ["InstanceChangeGroup", "InstanceMultiAlloc", "InstanceRecreateDisks", "NodeEvacuate", "TestAllocator"];

/// What the nodes answered to a call, by name.
struct Answers(BTreeMap<String, Answer>);

impl Answers {
    fn of<'a>(calls: &[&'a Call], procedure: &str) -> Option<(Self, &'a Call)> {
        let call = calls.iter().rev().find(|call| call.procedure == procedure)?;
        Some((Self(call.nodes.iter().map(|node| (node.name.clone(), node.answer.clone())).collect()), *call))
    }

    fn has_null(&self) -> bool {
        self.0.values().any(|answer| *answer == Answer::Ok(Value::Null))
    }

    fn get<T: Field>(&self, node: &str) -> Result<T, Trouble> {
        match self.0.get(node) {
            Some(Answer::Ok(value)) => {
                T::read(value).map_err(|misfit| Trouble::Refused(format!("recorded otherwise: {misfit}")))
            }
            Some(Answer::Fail(why) | Answer::Failed(why)) => Err(Trouble::Refused(why.clone())),
            Some(Answer::Offline) | None => Err(Trouble::Refused("nothing is recorded".to_owned())),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Returns the template's storage and the hypervisor that nodes were asked about.
fn about(call: &Call) -> (Vec<String>, String) {
    let args = call.nodes.iter().find(|node| node.contacted).map(|node| &node.args);
    let units = args.and_then(|args| args[0].as_array()).into_iter().flatten().map(|unit| text(&unit[0]));
    (units.collect(), args.map(|args| text(&args[1][0][0])).unwrap_or_default())
}

/// How a recorded document compares.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Compared {
    Equal,
    /// Equal but for what nodes have room for: they are asked about the template and hypervisor of the instances asked about,
    /// not about the default ones (D140).
    OtherRoom,
    /// A node answered null, which tells nothing, so it is left out (N06).
    NullAnswer,
}

fn compare(trace: &Trace) -> Option<Compared> {
    let calls: Vec<&Call> = trace.calls().collect();
    let runner = calls.iter().position(|call| call.procedure == "iallocator_runner")?;
    let args = &calls[runner].nodes[0].args;
    let wanted = &args[1]["$json"];
    let (infos, call) = Answers::of(&calls[..runner], "node_info")?;
    let (running, _) = Answers::of(&calls[..runner], "all_instances_info")?;

    if infos.has_null() || running.has_null() {
        return Some(Compared::NullAnswer);
    }
    let mut t = LuTest::with(MockConfig::from_document(&trace.config));
    t.config().check().ok()?;
    t.only(Strategy::Blocking);
    t.rpc().on::<NodeInfo>().any_times().answers(move |_, _, node| infos.get(node));
    t.rpc().on::<AllInstancesInfo>().any_times().answers(move |_, _, node| running.get(node));
    t.rpc().on::<IallocatorRunner>().replies(json!({"success": false, "info": "full"}).to_string());
    let soft = args[2].get("ignore-soft-errors").is_some();
    let request = wire::read(&wanted["request"], &t.config().snapshot(), soft);
    let judged = ask(&mut t, request).returned("no: full");
    let asked = judged.calls::<NodeInfo>().remove(0).0;
    let units = asked.storage.iter().flat_map(|it| it.parts().next()).flatten();
    let ours = (units.map(|unit| unit.kind.clone()).collect(), asked.hypervisors[0].hypervisor.clone());
    let (mut got, mut wanted) = (in_order(judged.documents().remove(0)), in_order(wanted.clone()));
    let same_room = about(call) == ours;
    if !same_room {
        let kind = text(&wanted["request"]["type"]);
        assert!(kind != "allocate" && kind != "relocate", "{}: these say themselves what they need", trace.id);
        without_room(&mut got);
        without_room(&mut wanted);
    }
    assert!(got == wanted, "{}: ours\n{got:#}\n, the recorded one\n{wanted:#}", trace.id);
    Some(if same_room { Compared::Equal } else { Compared::OtherRoom })
}

/// Takes out what nodes said, and who did: one that was asked about other storage than recorded says nothing here.
fn without_room(document: &mut Value) {
    for node in document["nodes"].as_object_mut().expect("it has nodes").values_mut() {
        let node = node.as_object_mut().expect("a node has members");
        node.retain(|key, _| {
            ["group", "tags", "primary_ip", "drained", "vm_capable", "ndparams"].contains(&key.as_str())
        });
    }
}

#[test]
fn documents_equal_the_recorded_ones() {
    #[expect(clippy::print_stderr, reason = "a test that checks nothing must say so")]
    let Some(folder) = Corpus::default_folder().unwrap() else { return eprintln!("skipped: no recorded runs") };
    let corpus = Corpus::open(folder).unwrap().only(|unit| UNITS.contains(&unit));
    let mut counts = BTreeMap::new();
    for trace in corpus.all() {
        if let Some(compared) = compare(&trace.unwrap()) {
            *counts.entry(compared).or_insert(0) += 1;
        }
    }
    // Most of them as a whole, or the comparison is worth little.
    assert!(counts.get(&Compared::Equal) > counts.get(&Compared::OtherRoom), "{counts:?}");
}
