//! What hooks are told about an instance.
//!
//! Source: ganeti 3.1, cmdlib/instance_utils.py and the hooks manual.

use serde_json::Value;

use crate::config::{Snapshot, secondaries};
use crate::cx::View;
use crate::hooks::Env;
use crate::objects::{Disk, Instance, Network, Nic};
use crate::params::DiskTemplate;

/// Returns a value as scripts have always seen it: `True`, `False` and `None` for what is no text or number.
#[must_use]
pub fn as_text(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Returns a flag as scripts have always seen it.
#[must_use]
pub fn flag(value: bool) -> String {
    as_text(&Value::Bool(value))
}

/// Returns the variables about an instance.
#[must_use]
pub fn instance_env(instance: &Instance, cx: &View) -> Env {
    let config = cx.config();
    let beparams = config.instance_beparams(instance);
    let be = |key: &str| beparams.get(key).map_or_else(String::new, as_text);
    let disks = config.disks_of(instance).unwrap_or_default();
    let secondaries: Vec<String> =
        secondaries(&disks, &instance.primary_node).iter().map(|node| config.node_name(node)).collect();
    let mut env = Env::from([
        ("OP_TARGET".to_owned(), instance.name.clone()),
        ("INSTANCE_NAME".to_owned(), instance.name.clone()),
        ("INSTANCE_PRIMARY".to_owned(), config.node_name(&instance.primary_node)),
        ("INSTANCE_SECONDARIES".to_owned(), secondaries.join(" ")),
        ("INSTANCE_OS_TYPE".to_owned(), instance.os.clone()),
        ("INSTANCE_STATUS".to_owned(), instance.admin_state.to_string()),
        ("INSTANCE_MINMEM".to_owned(), be("minmem")),
        ("INSTANCE_MAXMEM".to_owned(), be("maxmem")),
        ("INSTANCE_MEMORY".to_owned(), be("maxmem")),
        ("INSTANCE_VCPUS".to_owned(), be("vcpus")),
        ("INSTANCE_DISK_TEMPLATE".to_owned(), config.template_of(instance).unwrap_or_default()),
        ("INSTANCE_HYPERVISOR".to_owned(), instance.hypervisor.clone()),
        ("INSTANCE_NIC_COUNT".to_owned(), instance.nics.len().to_string()),
        ("INSTANCE_DISK_COUNT".to_owned(), instance.disks.len().to_string()),
        ("INSTANCE_TAGS".to_owned(), instance.tags.iter().map(String::as_str).collect::<Vec<_>>().join(" ")),
    ]);
    for (key, value) in &beparams {
        env.insert(["INSTANCE_BE_", key].concat(), as_text(value));
    }
    for (key, value) in config.instance_hvparams(instance).iter() {
        env.insert(["INSTANCE_HV_", key].concat(), as_text(value));
    }
    for (index, nic) in instance.nics.iter().enumerate() {
        env.extend(prefixed(&format!("INSTANCE_NIC{index}_"), nic_env(nic, &config)));
    }
    for (index, disk) in disks.iter().enumerate() {
        env.extend(prefixed(&format!("INSTANCE_DISK{index}_"), disk_env(disk)));
    }
    env
}

fn prefixed(prefix: &str, env: Vec<(&str, String)>) -> impl Iterator<Item = (String, String)> {
    env.into_iter().map(move |(name, value)| ([prefix, name].concat(), value))
}

fn nic_env(nic: &Nic, config: &Snapshot) -> Vec<(&'static str, String)> {
    let params = config.nicparams(nic);
    let param = |key: &str| params.get(key).map_or_else(String::new, as_text);
    let mut env = vec![
        ("UUID", nic.uuid.clone()),
        ("IP", nic.ip.clone().unwrap_or_default()),
        ("MAC", nic.mac.clone()),
        ("MODE", param("mode")),
        ("LINK", param("link")),
        ("VLAN", param("vlan")),
    ];
    env.extend(nic.name.clone().filter(|name| !name.is_empty()).map(|name| ("NAME", name)));
    if matches!(param("mode").as_str(), "bridged" | "openvswitch") {
        env.push(("BRIDGE", param("link")));
    }
    if let Some(id) = &nic.network {
        match config.networks.get(id) {
            Some(network) => env.extend(network_env(network)),
            None => env.push(("NETWORK_NAME", id.to_string())),
        }
    }
    env
}

/// Returns the variables about the network of a network interface.
fn network_env(network: &Network) -> Vec<(&'static str, String)> {
    let mut env = vec![
        ("NETWORK_NAME", network.name.clone()),
        ("NETWORK_UUID", network.uuid.to_string()),
        ("NETWORK_TAGS", network.tags.iter().map(String::as_str).collect::<Vec<_>>().join(" ")),
        ("NETWORK_SUBNET", network.network.clone()),
    ];
    let optional = [
        ("NETWORK_GATEWAY", &network.gateway),
        ("NETWORK_SUBNET6", &network.network6),
        ("NETWORK_GATEWAY6", &network.gateway6),
        ("NETWORK_MAC_PREFIX", &network.mac_prefix),
    ];
    env.extend(
        optional.into_iter().filter_map(|(name, value)| Some((name, value.clone().filter(|it| !it.is_empty())?))),
    );
    env
}

fn disk_env(disk: &Disk) -> Vec<(&'static str, String)> {
    let mut env = vec![
        ("UUID", disk.uuid.to_string()),
        ("SIZE", disk.size.to_string()),
        ("MODE", disk.mode.clone()),
        ("DEV_TYPE", disk.dev_type.as_str().to_owned()),
    ];
    env.extend(disk.name.clone().filter(|name| !name.is_empty()).map(|name| ("NAME", name)));
    let place = disk.logical_id.as_pair().map(|(first, second)| (first.to_owned(), second.to_owned()));
    match (disk.dev_type, place) {
        (DiskTemplate::Plain, Some((group, volume))) => env.extend([("VG", group), ("ID", volume)]),
        (DiskTemplate::Ext, Some((provider, name))) => env.extend([("PROVIDER", provider), ("ID", name)]),
        (DiskTemplate::Drbd, _) => env.extend(drbd_env(disk)),
        (DiskTemplate::Diskless, _) | (_, None) => {}
        (_, Some((driver, name))) => env.extend([("DRIVER", driver), ("ID", name)]),
    }
    env
}

/// Returns the variables about a mirrored disk: all but its secret.
fn drbd_env(disk: &Disk) -> Vec<(&'static str, String)> {
    let Some(drbd) = disk.logical_id.as_drbd() else { return Vec::new() };
    let mut env = vec![
        ("PNODE", drbd.nodes.0.to_string()),
        ("SNODE", drbd.nodes.1.to_string()),
        ("PORT", as_text(&drbd.port)),
        ("PMINOR", as_text(&drbd.minors.0)),
        ("SMINOR", as_text(&drbd.minors.1)),
    ];
    let names = [("DATA_VG", "DATA_ID"), ("META_VG", "META_ID")];
    for ((group_name, volume_name), child) in names.into_iter().zip(&disk.children) {
        if let Some((group, volume)) = child.logical_id.as_pair() {
            env.extend([(group_name, group.to_owned()), (volume_name, volume.to_owned())]);
        }
    }
    env
}
