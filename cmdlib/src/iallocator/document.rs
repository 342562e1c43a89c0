//! The document about the whole cluster that an allocator gets, format version 2.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::config::{Gone, Snapshot};
use crate::cx::Asking;
use crate::error::{Code, Problem};
use crate::field::{Field, Params};
use crate::iallocator::{Kind, needed_space};
use crate::ids::NodeId;
use crate::objects::{AdminState, Instance, Node};
use crate::params::{DiskTemplate, StorageType};
use crate::rpc::{AllInstancesInfo, CallError, HvSpec, InstanceRuntime, NodeInfo, NodeInfoReply, PerNode, StorageUnit};

const VERSION: i64 = 2;

/// Asks the nodes, and returns the document.
#[track_caller]
pub(crate) fn build<R: Kind>(cx: &Asking, request: &R) -> Result<Value, Problem> {
    let config = cx.config();
    // First of all: what can't be asked for is no reason to ask nodes.
    let mut members = request.members(&config)?;
    let (template, hypervisor) = request.about(&config)?;
    let by_default = || config.cluster.enabled_disk_templates.first().and_then(|name| DiskTemplate::parse(name));
    let template = template.or_else(by_default).unwrap_or(DiskTemplate::Diskless);
    let nodes = live_data(cx, &config, template, &hypervisor)?;

    members.insert("type".to_owned(), R::NAME.into());
    let cluster = &config.cluster;
    Ok(json!({
        "version": VERSION,
        "cluster_name": cluster.cluster_name,
        "cluster_tags": cluster.tags.write(),
        "enabled_hypervisors": cluster.enabled_hypervisors,
        "ipolicy": *cluster.ipolicy,
        "nodegroups": groups(&config),
        "nodes": nodes,
        "instances": instances(&config)?,
        "request": members,
    }))
}

fn groups(config: &Snapshot) -> Value {
    let of = |group: &crate::objects::NodeGroup| {
        json!({
            "name": group.name,
            "alloc_policy": group.alloc_policy,
            "networks": group.networks.keys().collect::<Vec<_>>(),
            "ipolicy": config.group_ipolicy(group),
            "tags": group.tags.write(),
        })
    };
    Value::Object(config.nodegroups.iter().map(|(id, group)| (id.to_string(), of(group))).collect())
}

fn instances(config: &Snapshot) -> Result<Value, Gone> {
    let mut all = Params::new();
    // One that is planned without a node takes up no room, and there is no way to tell of it.
    for instance in config.instances.values().filter(|it| !it.primary_node.is_empty()) {
        all.insert(instance.name.clone(), of_instance(config, instance)?);
    }
    Ok(Value::Object(all))
}

fn of_instance(config: &Snapshot, instance: &Instance) -> Result<Value, Gone> {
    let beparams = config.instance_beparams(instance);
    let disks = config.disks_of(instance)?;
    let nodes: Vec<String> = config.nodes_of(instance)?.iter().map(|node| config.node_name(node)).collect();
    let nics: Vec<Value> = instance
        .nics
        .iter()
        .map(|nic| {
            let params = config.nicparams(nic);
            let mut out = json!({"mac": nic.mac, "ip": nic.ip, "mode": params.get("mode"), "link": params.get("link")});
            if params.get("mode").is_some_and(|mode| mode == "bridged") {
                out["bridge"] = params.get("link").cloned().unwrap_or_default();
            }
            out
        })
        .collect();
    let space: i64 = disks.iter().map(|disk| needed_space(disk.dev_type, disk.size)).sum();
    let disks: Vec<Value> = disks.iter()
        .map(|disk| json!({"dev_type": disk.dev_type.as_str(), "size": disk.size, "mode": disk.mode, "spindles": disk.spindles}))
        .collect();
    Ok(json!({
        "tags": instance.tags.write(),
        "admin_state": instance.admin_state.as_str(),
        "vcpus": beparams.get("vcpus"),
        "memory": beparams.get("maxmem"),
        "spindle_use": beparams.get("spindle_use"),
        "os": instance.os,
        "nodes": nodes,
        "nics": nics,
        "disks": disks,
        "disk_template": config.template_of(instance)?,
        "disks_active": instance.disks_active,
        "hypervisor": instance.hypervisor,
        "disk_space_total": space,
    }))
}

/// Asks all nodes that run instances, and returns what is known of every node. One that does not answer is described as
/// offline, with a warning, so that the others can still be used (D138).
#[track_caller]
fn live_data(cx: &Asking, config: &Snapshot, template: DiskTemplate, hypervisor: &str) -> Result<Value, Problem> {
    let asked: Vec<NodeId> =
        config.nodes.iter().filter(|(_, node)| node.vm_capable).map(|(id, _)| id.clone()).collect();
    let storage = storage_units(config, template, &asked)?;
    let about = NodeInfo { storage: Some(PerNode::of(storage)), hypervisors: vec![HvSpec::of(hypervisor, config)] };
    let infos: BTreeMap<NodeId, Result<NodeInfoReply, CallError>> = cx.ask_all(&asked, about).into_iter().collect();
    let hypervisors = config.cluster.enabled_hypervisors.clone();
    let filled = |name: &String| (name.clone(), Params::clone(&config.cluster_hvparams(name)));
    let hvparams = config.cluster.hvparams.keys().map(filled).collect();
    let running =
        cx.ask_all(&asked, AllInstancesInfo { hypervisors, hvparams }).into_iter().collect::<BTreeMap<_, _>>();

    let mut all = Params::new();
    for (id, node) in config.nodes.iter() {
        let mut out = known_of(config, node)?;
        if let (Some(info), Some(running), false) = (infos.get(id), running.get(id), node.offline) {
            match measured(config, id, info, running, template) {
                Ok(measured) => out.extend(measured),
                Err(why) => {
                    cx.warn(format!("node {} is left out of the allocation: {why}", node.name));
                    out.insert("offline".to_owned(), true.into());
                }
            }
        }
        all.insert(node.name.clone(), out.into());
    }
    Ok(Value::Object(all))
}

fn storage_units(
    config: &Snapshot,
    template: DiskTemplate,
    nodes: &[NodeId],
) -> Result<Vec<(NodeId, Vec<StorageUnit>)>, Problem> {
    let kind = template.storage_type();
    let unit = |kind: StorageType, key: &str, options| StorageUnit {
        kind: kind.as_str().to_owned(),
        key: key.to_owned(),
        options,
    };
    let cluster = &config.cluster;
    nodes
        .iter()
        .map(|id| {
            if !template.reports_space() {
                return Ok((id.clone(), Vec::new()));
            }
            let node = config.get(id)?;
            let key = match kind {
                StorageType::LvmVg => cluster.volume_group_name.as_deref().unwrap_or_default(),
                StorageType::File => &cluster.file_storage_dir,
                StorageType::SharedFile => &cluster.shared_file_storage_dir,
                StorageType::Gluster => &cluster.gluster_storage_dir,
                other => {
                    return Err(Problem::new(
                        Code::Internal,
                        format!("there is no default storage of type {}", other.as_str()),
                    ));
                }
            };
            if kind != StorageType::LvmVg {
                return Ok((id.clone(), vec![unit(kind, key, Vec::new())]));
            }
            let exclusive = config.exclusive_storage(&node)?;
            let mut units = vec![unit(kind, key, vec![exclusive.into()])];
            if exclusive {
                units.push(unit(StorageType::LvmPv, key, vec![exclusive.into()]));
            }
            Ok((id.clone(), units))
        })
        .collect()
}

fn known_of(config: &Snapshot, node: &Node) -> Result<Params, Gone> {
    let members = [
        ("tags", node.tags.write()),
        ("primary_ip", node.primary_ip.write()),
        ("secondary_ip", node.secondary_ip.write()),
        ("offline", node.offline.into()),
        ("drained", node.drained.into()),
        ("master_candidate", node.master_candidate.into()),
        ("group", node.group.write()),
        ("master_capable", node.master_capable.into()),
        ("vm_capable", node.vm_capable.into()),
        ("ndparams", config.ndparams(node)?.into()),
    ];
    Ok(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn measured(
    config: &Snapshot,
    id: &NodeId,
    info: &Result<NodeInfoReply, CallError>,
    running: &Result<IndexMap<String, InstanceRuntime>, CallError>,
    template: DiskTemplate,
) -> Result<Params, String> {
    let info = info.as_ref().map_err(|error| error.trouble.to_string())?;
    let running = running.as_ref().map_err(|error| error.trouble.to_string())?;
    let hv = info.hypervisors.first().ok_or("it tells nothing of its hypervisor")?;
    let number = |key: &str| hv.number(key).ok_or_else(|| format!("it tells no number for {key}"));
    let mut free_memory = number("memory_free")?;
    let (mut primary, mut up) = (0, 0);
    for instance in config.instances_of_node(id).iter().filter_map(|id| config.instances.get(id)) {
        if instance.primary_node != *id {
            continue;
        }
        let wanted = config.instance_beparams(instance).get("maxmem").and_then(Value::as_i64).unwrap_or(0);
        primary += wanted;
        if instance.admin_state == AdminState::Up && !instance.forthcoming {
            let used = running.get(&instance.name).and_then(InstanceRuntime::memory).unwrap_or(0);
            free_memory -= (wanted - used).max(0);
            up += wanted;
        }
    }
    let (space, spindles) = if template.reports_space() {
        let kind = template.storage_type().as_str();
        let space = info.space(kind).ok_or_else(|| format!("it tells nothing of its storage of type {kind}"))?;
        let spindles = if template.lvm() { info.space(StorageType::LvmPv.as_str()) } else { None };
        ((space.size, space.free), spindles.map_or((Some(0), Some(0)), |it| (it.size, it.free)))
    } else {
        ((Some(0), Some(0)), (Some(0), Some(0)))
    };
    let members = [
        ("total_memory", number("memory_total")?.into()),
        ("reserved_memory", number("memory_dom0")?.into()),
        ("free_memory", free_memory.into()),
        ("total_disk", space.0.write()),
        ("free_disk", space.1.write()),
        ("total_spindles", spindles.0.write()),
        ("free_spindles", spindles.1.write()),
        ("total_cpus", number("cpu_total")?.into()),
        ("reserved_cpus", number("cpu_dom0")?.into()),
        ("i_pri_memory", primary.into()),
        ("i_pri_up_memory", up.into()),
    ];
    Ok(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}
