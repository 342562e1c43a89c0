//! The documents against real ones: the samples that the reference's own classes made, if they lie beside the workspace, and
//! one of our own, which was checked by hand. The cluster that a sample speaks of is made from it.

use std::path::PathBuf;

use cmdlib::field::Params;
use cmdlib::params::tables;
use cmdlib::rpc::{HvInfo, IallocatorRunner, NodeInfo, NodeInfoReply, SpaceInfo, Trouble};
use expect_test::expect_file;
use serde_json::{Value, json};
use testlib::{GiB, LuTest, MockConfig};

use super::{ask, wire};

/// The samples, and what their replies mean; `@` stands for the domain, and nothing for a no.
const SAMPLES: [(&str, &str); 13] = [
    ("allocate-drbd", "node7@, node1@"),
    ("allocate-plain-whitelist", "node2@"),
    ("allocate-group", "node2@, node5@"),
    ("allocate-fail", ""),
    ("allocate-secondary", "node2@"),
    ("multi-allocate", ""),
    ("multi-allocate-ok", "m1@ on node7@, node1@; m2@ on node2@"),
    ("relocate", "node5@"),
    (
        "node-evacuate-primary",
        "inst1@ to group1 on node2@, node8@; inst6@ to group1 on node5@, node8@; inst11@ to group1 on node5@, node8@; \
         job of 1; job of 1; job of 1",
    ),
    ("node-evacuate-secondary", "inst1@ to group1 on node8@, node5@; job of 1"),
    ("node-evacuate-all", "inst1@ stays (Can't find any good nodes for relocation: no nodes available)"),
    ("change-group", "inst1@ to default on node7@, node1@; job of 3"),
    ("change-group-any", "inst1@ to default on node7@, node1@; job of 3"),
];

/// Soft errors are ignored in this one.
const SOFT: &str = "node-evacuate-all";

fn sample(file: &str) -> Option<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/ganeti/iallocator").join(file);
    match std::fs::read(&path) {
        Ok(text) => Some(serde_json::from_slice(&text).expect("samples are JSON")),
        #[expect(clippy::print_stderr, reason = "a test that checks nothing must say so")]
        Err(_) => {
            eprintln!("skipped: no {}", path.display());
            None
        }
    }
}

/// Returns a bench with the cluster that a document speaks of, whose nodes tell what it says of them.
pub(super) fn bench(document: &Value) -> LuTest {
    let mut config = MockConfig::new().snapshot().write();
    let part = |key: &str| document[key].as_object().expect("it has objects").iter();
    let cluster = &mut config["cluster"];
    cluster["cluster_name"] = document["cluster_name"].clone();
    cluster["tags"] = document["cluster_tags"].clone();
    cluster["enabled_hypervisors"] = document["enabled_hypervisors"].clone();
    cluster["ipolicy"] = document["ipolicy"].clone();
    cluster["enabled_disk_templates"] = document["ipolicy"]["disk-templates"].clone();
    cluster["master_node"] = json!("node1.example.com");
    cluster["candidate_pool_size"] = json!(1);

    config["nodegroups"] = part("nodegroups").map(|(id, it)| (id.clone(), group(id, it))).collect();
    let networks = part("nodegroups").flat_map(|(_, it)| it["networks"].as_array().into_iter().flatten());
    let network = |id: &Value| (text(id), json!({"uuid": id, "name": id, "network": "10.9.0.0/24"}));
    config["networks"] = networks.map(network).collect();
    config["nodes"] = part("nodes").map(|(name, it)| (name.clone(), node(name, it))).collect();
    let mut disks = Params::new();
    config["instances"] = part("instances").map(|(name, it)| (name.clone(), instance(name, it, &mut disks))).collect();
    config["disks"] = disks.into();

    let mut t = LuTest::with(MockConfig::from_document(&config));
    let nodes = document["nodes"].clone();
    t.rpc().on::<NodeInfo>().any_times().answers(move |_, _, name| node_info(&nodes[name]));
    t
}

fn group(id: &str, told: &Value) -> Value {
    let mut ipolicy = told["ipolicy"].clone();
    ipolicy.as_object_mut().expect("a policy").shift_remove("std");
    let networks: Params = told["networks"].as_array().into_iter().flatten().map(|id| (text(id), json!({}))).collect();
    json!({
        "uuid": id, "name": told["name"], "alloc_policy": told["alloc_policy"], "ndparams": {}, "diskparams": {},
        "ipolicy": ipolicy, "networks": networks, "tags": told["tags"],
    })
}

fn node(name: &str, told: &Value) -> Value {
    let mut node = json!({"uuid": name, "name": name, "powered": true});
    for key in ["tags", "primary_ip", "secondary_ip", "offline", "drained", "master_candidate", "group"] {
        node[key] = told[key].clone();
    }
    for key in ["master_capable", "vm_capable"] {
        node[key] = told[key].clone();
    }
    // Parameters that are for whole groups have their defaults in the samples.
    let globals = tables::NODE.globals();
    let own = told["ndparams"].as_object().into_iter().flatten().filter(|(key, _)| !globals.contains(&key.as_str()));
    node["ndparams"] = own.map(|(key, value)| (key.clone(), value.clone())).collect();
    node
}

fn instance(name: &str, told: &Value, disks: &mut Params) -> Value {
    let mut own = Vec::new();
    for (index, disk) in told["disks"].as_array().into_iter().flatten().enumerate() {
        let id = format!("{name}/{index}");
        let (primary, secondary) = (&told["nodes"][0], &told["nodes"][1]);
        let logical_id = match disk["dev_type"].as_str() {
            Some("drbd") => json!([primary, secondary, null, null, null, "secret"]),
            _ => json!(["somewhere", id]),
        };
        let disk = json!({
            "uuid": id, "dev_type": disk["dev_type"], "size": disk["size"], "mode": disk["mode"],
            "spindles": disk["spindles"], "logical_id": logical_id, "nodes": told["nodes"], "iv_name": format!("disk/{index}"),
        });
        disks.insert(id.clone(), disk);
        own.push(id);
    }
    let nic = |nic: &Value| {
        let params = json!({"mode": nic["mode"], "link": nic["link"]});
        json!({"mac": nic["mac"], "ip": nic["ip"], "nicparams": params})
    };
    let beparams = json!({"maxmem": told["memory"], "vcpus": told["vcpus"], "spindle_use": told["spindle_use"]});
    json!({
        "uuid": name, "name": name, "primary_node": told["nodes"][0], "os": told["os"], "hypervisor": told["hypervisor"],
        "beparams": beparams, "admin_state": told["admin_state"], "disks_active": told["disks_active"],
        "nics": told["nics"].as_array().into_iter().flatten().map(nic).collect::<Vec<_>>(), "disks": own,
        "tags": told["tags"],
    })
}

/// Returns what a node says of itself, if its instances use all of the memory that they may.
fn node_info(told: &Value) -> Result<NodeInfoReply, Trouble> {
    let members = [
        ("memory_total", "total_memory"),
        ("memory_free", "free_memory"),
        ("memory_dom0", "reserved_memory"),
        ("cpu_total", "total_cpus"),
        ("cpu_dom0", "reserved_cpus"),
    ];
    let hypervisor = HvInfo(members.into_iter().map(|(key, from)| (key.to_owned(), told[from].clone())).collect());
    let space = SpaceInfo {
        kind: "lvm-vg".to_owned(),
        name: "xenvg".to_owned(),
        free: told["free_disk"].as_i64(),
        size: told["total_disk"].as_i64(),
    };
    Ok(NodeInfoReply { boot_id: String::new(), storage: vec![space], hypervisors: vec![hypervisor] })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Puts tags in order: they have none of their own.
pub(super) fn in_order(mut document: Value) -> Value {
    fn sort(value: &mut Value) {
        match value {
            Value::Object(members) => members.iter_mut().for_each(|(key, value)| match value {
                Value::Array(tags) if key == "tags" || key == "cluster_tags" => {
                    tags.sort_by_key(|tag| tag.as_str().map(str::to_owned));
                }
                value => sort(value),
            }),
            Value::Array(items) => items.iter_mut().for_each(sort),
            _ => {}
        }
    }
    sort(&mut document);
    document
}

/// Asks for what a sample asks for; the allocator replies this. The run knows its cluster.
#[track_caller]
fn asked(name: &str, document: &Value, reply: &Value) -> testlib::LuRun {
    let mut t = bench(document);
    let request = wire::read(&document["request"], &t.config().snapshot(), name == SOFT);
    t.rpc().on::<IallocatorRunner>().replies(reply.to_string());
    ask(&mut t, request)
}

#[test]
fn documents_equal_those_of_the_reference() {
    for (name, _) in SAMPLES {
        let Some(wanted) = sample(&format!("{name}.request.json")) else { return };
        // What it replies does not matter here.
        let judged = asked(name, &wanted, &json!({"success": false, "info": "full"})).returned("no: full");
        assert_eq!(in_order(judged.documents().remove(0)), in_order(wanted), "{name}");
        let options = &judged.calls::<IallocatorRunner>()[0].0.options;
        assert_eq!(options.keys().collect::<Vec<_>>(), ["ignore-soft-errors"][..usize::from(name == SOFT)], "{name}");
    }
}

#[test]
fn replies_of_the_real_allocator_are_read() {
    for (name, told) in SAMPLES {
        let Some(document) = sample(&format!("{name}.request.json")) else { return };
        let reply = sample(&format!("{name}.reply.json")).expect("each request has its reply");
        let no = format!("no: {}", text(&reply["info"]));
        let told = if told.is_empty() { no } else { told.replace('@', ".example.com") };
        asked(name, &document, &reply).returned(told);
    }
}

#[test]
fn our_own_sample_is_made_again() {
    let mut t = LuTest::new();
    t.config().tag("site:a").network("net1").cidr("10.0.1.0/24");
    t.config().group("default").connected("net1", "bridged", "br1").tag("rack:1");
    t.config().node("node2").tag("power:a");
    t.config().node("node3").offline();
    let nic = |nic: testlib::NicBuilder| nic.network("net1").ip("10.0.1.7");
    t.config().instance("web1").on("node1").drbd("node2", GiB(10)).memory(testlib::MiB(128), GiB(1)).up().nic(nic);
    t.config().instance("db1").on("node2").plain(GiB(1)).tag("owner:b");
    let request = cmdlib::iallocator::NodeEvacuate {
        instances: vec!["web1.example.com".to_owned()],
        mode: cmdlib::op::EvacuationMode::Secondary,
        ignore_soft_errors: false,
    };
    t.iallocator().on::<cmdlib::iallocator::NodeEvacuate>().fails("full");
    let document = ask(&mut t, request).succeeded().documents().remove(0);
    expect_file!["own.request.json"].assert_eq(&format!("{document:#}\n"));
}
