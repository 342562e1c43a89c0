//! The allocator's document as it follows from the configuration and from what nodes answered, for runs in which the
//! reference asked about something else, or stopped before it asked.

use std::collections::{BTreeMap, BTreeSet};

use cmdlib::config::Snapshot;
use cmdlib::field::Field;
use cmdlib::ids::NodeId;
use cmdlib::objects::{AdminState, Instance, Node};
use cmdlib::params::{DiskTemplate, Params, StorageType};
use cmdlib::rpc::{InstanceRuntime, NodeInfoReply};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::Case;
use crate::replay::trace::Answer;

/// What a mirrored disk needs besides its data, in MiB.
const META: i64 = 128;
/// The call that tells which instances run.
const RUNNING: &str = "all_instances_info";

/// What free room is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Topic {
    template: DiskTemplate,
    hypervisor: String,
}

impl Topic {
    /// The cluster's defaults: the first template and hypervisor that it uses.
    pub(super) fn by_default(config: &Snapshot) -> Self {
        let first = |names: &[String]| names.first().cloned().unwrap_or_default();
        let template = DiskTemplate::parse(&first(&config.cluster.enabled_disk_templates));
        Self {
            template: template.unwrap_or(DiskTemplate::Diskless),
            hypervisor: first(&config.cluster.enabled_hypervisors),
        }
    }

    /// What these instances have in common; where they differ, the cluster's default.
    pub(super) fn of(instances: &[String], config: &Snapshot) -> Self {
        let default = Self::by_default(config);
        let found = || instances.iter().filter_map(|name| config.named::<Instance>(name).ok());
        let templates: BTreeSet<_> = found().map(|it| config.template_of(&it).unwrap_or_default()).collect();
        let hypervisors: BTreeSet<_> = found().map(|it| it.hypervisor.clone()).collect();
        let only = |set: BTreeSet<String>| set.first().filter(|_| set.len() == 1).cloned();
        Self {
            template: only(templates).and_then(|name| DiskTemplate::parse(&name)).unwrap_or(default.template),
            hypervisor: only(hypervisors).unwrap_or(default.hypervisor),
        }
    }

    /// Returns what a node is asked for: its storage, and its hypervisor.
    pub(super) fn arguments(&self, config: &Snapshot, node: &Node) -> Vec<Value> {
        let cluster = &config.cluster;
        let exclusive = config.exclusive_storage(node).unwrap_or(false);
        let storage = match self.template.storage_type() {
            StorageType::LvmVg => {
                let group = cluster.volume_group_name.as_deref().unwrap_or_default();
                let unit = |kind: &str| json!([kind, group, [exclusive]]);
                if exclusive { json!([unit("lvm-vg"), unit("lvm-pv")]) } else { json!([unit("lvm-vg")]) }
            }
            StorageType::File => json!([["file", cluster.file_storage_dir, []]]),
            StorageType::SharedFile => json!([["sharedfile", cluster.shared_file_storage_dir, []]]),
            StorageType::Gluster => json!([["gluster", cluster.gluster_storage_dir, []]]),
            _ => json!([]),
        };
        let storage = if self.template.reports_space() { storage } else { json!([]) };
        vec![storage, json!([[self.hypervisor, *config.cluster_hvparams(&self.hypervisor)]])]
    }
}

fn answer<'a>(case: &'a Case<'_>, procedure: &str, node: &NodeId) -> Option<&'a Value> {
    let mut nodes = case.trace.calls().filter(|call| call.procedure == procedure).flat_map(|call| &call.nodes);
    match &nodes.find(|it| it.key == node.as_str())?.answer {
        Answer::Ok(payload) => Some(payload),
        _ => None,
    }
}

/// Returns what a node told of itself; nothing if it told too little.
fn measured(case: &Case<'_>, topic: &Topic, node: &NodeId) -> Option<Value> {
    let info = NodeInfoReply::read(answer(case, "node_info", node)?).ok()?;
    let running = answer(case, RUNNING, node)?;
    let running = IndexMap::<String, InstanceRuntime>::read(running).ok()?;
    let hypervisor = info.hypervisors.first()?;
    let (mut missing, mut primary, mut up) = (0, 0, 0);
    for instance in case.config.instances.values().filter(|it| it.primary_node == *node) {
        let memory = case.config.instance_beparams(instance).get("maxmem").and_then(Value::as_i64).unwrap_or(0);
        primary += memory;
        if instance.admin_state == AdminState::Up && !instance.forthcoming {
            let used = running.get(&instance.name).and_then(InstanceRuntime::memory).unwrap_or(0);
            missing += (memory - used).max(0);
            up += memory;
        }
    }
    let none = (Some(0), Some(0));
    let (disk, spindles) = if topic.template.reports_space() {
        let space = |kind: StorageType| info.space(kind.as_str()).map(|space| (space.size, space.free));
        let spindles = if topic.template.lvm() { space(StorageType::LvmPv) } else { None };
        (space(topic.template.storage_type())?, spindles.unwrap_or(none))
    } else {
        (none, none)
    };
    Some(json!({
        "total_memory": hypervisor.number("memory_total")?,
        "reserved_memory": hypervisor.number("memory_dom0")?,
        "free_memory": hypervisor.number("memory_free")? - missing,
        "total_disk": disk.0,
        "free_disk": disk.1,
        "total_spindles": spindles.0,
        "free_spindles": spindles.1,
        "total_cpus": hypervisor.number("cpu_total")?,
        "reserved_cpus": hypervisor.number("cpu_dom0")?,
        "i_pri_memory": primary,
        "i_pri_up_memory": up,
    }))
}

fn is_asked(node: &Node) -> bool {
    node.vm_capable && !node.offline
}

/// Tells whether one of the nodes that were asked told too little.
pub(super) fn some_node_tells_too_little(case: &Case<'_>, topic: &Topic) -> bool {
    case.config.nodes.iter().any(|(id, node)| is_asked(node) && measured(case, topic, id).is_none())
}

/// Tells whether one of the nodes that were asked says nothing of the instances that run there.
pub(super) fn some_node_says_nothing(case: &Case<'_>) -> bool {
    let nothing = |id| answer(case, RUNNING, id).is_some_and(Value::is_null);
    case.config.nodes.iter().any(|(id, node)| is_asked(node) && nothing(id))
}

/// Returns the part about the nodes: one that told too little counts as offline.
pub(super) fn nodes(case: &Case<'_>, topic: &Topic) -> Value {
    let mut all = Map::new();
    for (id, node) in case.config.nodes.iter() {
        let mut out = json!({
            "tags": node.tags.write(),
            "primary_ip": node.primary_ip,
            "secondary_ip": node.secondary_ip,
            "offline": node.offline,
            "drained": node.drained,
            "master_candidate": node.master_candidate,
            "group": node.group.as_str(),
            "master_capable": node.master_capable,
            "vm_capable": node.vm_capable,
            "ndparams": case.config.ndparams(node).unwrap_or_default(),
        });
        if is_asked(node) {
            match (measured(case, topic, id), &mut out) {
                (Some(Value::Object(measured)), Value::Object(members)) => members.extend(measured),
                _ => out["offline"] = true.into(),
            }
        }
        all.insert(node.name.clone(), out);
    }
    all.into()
}

fn instance(config: &Snapshot, instance: &Instance) -> Value {
    let parameters = config.instance_beparams(instance);
    let disks = config.disks_of(instance).unwrap_or_default();
    let space = disks.iter().map(|disk| match disk.dev_type {
        DiskTemplate::Diskless | DiskTemplate::Blockdev => 0,
        DiskTemplate::Drbd => disk.size + META,
        _ => disk.size,
    });
    let nic = |nic: &cmdlib::objects::Nic| {
        let params = config.nicparams(nic);
        let mut out = Params::from_iter([
            ("mac".to_owned(), json!(nic.mac)),
            ("ip".to_owned(), json!(nic.ip)),
            ("mode".to_owned(), json!(params.get("mode"))),
            ("link".to_owned(), json!(params.get("link"))),
        ]);
        if out["mode"] == "bridged" {
            out.insert("bridge".to_owned(), out["link"].clone());
        }
        Value::Object(out)
    };
    let disk = |disk: &cmdlib::objects::Disk| json!({"dev_type": disk.dev_type.as_str(), "size": disk.size, "mode": disk.mode, "spindles": disk.spindles});
    let nodes = config.nodes_of(instance).unwrap_or_default();
    json!({
        "tags": instance.tags.write(),
        "admin_state": instance.admin_state.as_str(),
        "vcpus": parameters.get("vcpus"),
        "memory": parameters.get("maxmem"),
        "spindle_use": parameters.get("spindle_use"),
        "os": instance.os,
        "nodes": nodes.iter().map(|node| config.node_name(node)).collect::<Vec<_>>(),
        "nics": instance.nics.iter().map(nic).collect::<Vec<_>>(),
        "disk_space_total": space.sum::<i64>(),
        "disks": disks.iter().map(|it| disk(it)).collect::<Vec<_>>(),
        "disk_template": config.template_of(instance).unwrap_or_default(),
        "disks_active": instance.disks_active,
        "hypervisor": instance.hypervisor,
    })
}

/// Returns the whole document with this request.
pub(super) fn whole(case: &Case<'_>, topic: &Topic, request: &Value) -> Value {
    let config = case.config;
    let groups = config.nodegroups.iter().map(|(id, group)| {
        let group = json!({
            "name": group.name,
            "alloc_policy": group.alloc_policy,
            "networks": group.networks.keys().collect::<Vec<_>>(),
            "ipolicy": config.group_ipolicy(group),
            "tags": group.tags.write(),
        });
        (id.to_string(), group)
    });
    let instances: BTreeMap<String, Value> =
        config.instances.values().map(|it| (it.name.clone(), instance(config, it))).collect();
    json!({
        "version": 2,
        "cluster_name": config.cluster.cluster_name,
        "cluster_tags": config.cluster.tags.write(),
        "enabled_hypervisors": config.cluster.enabled_hypervisors,
        "ipolicy": *config.cluster.ipolicy,
        "nodegroups": groups.collect::<Map<_, _>>(),
        "nodes": nodes(case, topic),
        "instances": instances,
        "request": request,
    })
}
