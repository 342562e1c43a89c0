//! The cluster that every test begins with: complete, as a `config.data` of Ganeti 3.1 that was just initialised.

use cmdlib::field::Params;
use cmdlib::params::{DiskTemplate, Hypervisor, tables};
use serde_json::{Value, json};

use super::counted::{CLUSTER_ID, Thing};

/// When everything was built, in seconds since 1970: the first second of 2001, a month before the clock of a run
/// begins.
pub(super) const BUILT: f64 = 978_307_200.0;

/// The TCP ports that a cluster gives out (ganeti 3.1, constants: `FIRST_DRBD_PORT`, `LAST_DRBD_PORT`).
pub(super) const PORTS: std::ops::RangeInclusive<i64> = 11_000..=14_999;

/// Returns the document of a cluster that has one group and no node yet.
pub(super) fn document() -> Value {
    let group = Thing::Group.uuid(1);
    json!({
        "version": 3_010_000,
        "cluster": cluster(),
        "nodes": {},
        "nodegroups": { group.as_str(): self::group(&group, "default", BUILT) },
        "instances": {},
        "networks": {},
        "disks": {},
        "filters": {},
        "ctime": BUILT,
        "mtime": BUILT,
        "serial_no": 1,
    })
}

/// Returns a group without anything of its own.
pub(super) fn group(uuid: &str, name: &str, now: f64) -> Value {
    json!({
        "uuid": uuid, "name": name, "alloc_policy": "preferred", "ndparams": {}, "diskparams": {}, "ipolicy": {},
        "networks": {}, "tags": [], "serial_no": 1, "ctime": now, "mtime": now,
    })
}

fn cluster() -> Value {
    let mut cluster = members(json!({
        "uuid": CLUSTER_ID,
        "cluster_name": "cluster.example.com",
        "rsahostkeypub": "rsa-host-key",
        "highest_used_port": PORTS.start() - 1,
        "tcpudp_port_pool": [],
        "mac_prefix": "aa:00:00",
        "volume_group_name": "xenvg",
        "reserved_lvs": [],
        "drbd_usermode_helper": "/bin/true",
        "master_node": Thing::Node.uuid(1),
        "master_ip": "192.0.2.254",
        "master_netdev": "eth0",
        "master_netmask": 32,
        "use_external_mip_script": false,
        "file_storage_dir": "/srv/ganeti/file-storage",
        "shared_file_storage_dir": "/srv/ganeti/shared-file-storage",
        "gluster_storage_dir": "/var/run/ganeti/gluster",
    }));
    cluster.extend(parameters());
    cluster.extend(members(policies()));
    cluster.into()
}

fn members(value: Value) -> Params {
    if let Value::Object(members) = value { members } else { Params::new() }
}

fn parameters() -> Params {
    let hypervisors = Hypervisor::ALL.into_iter().map(|it| (it.to_string(), it.parameters().defaults().into()));
    let templates = DiskTemplate::ALL.into_iter().map(|it| (it.to_string(), it.parameters().defaults().into()));
    let by_default = |params: Params| json!({ "default": params });
    Params::from_iter(
        [
            ("enabled_hypervisors", json!([Hypervisor::Kvm.as_str()])),
            ("hvparams", Value::Object(hypervisors.collect())),
            ("os_hvp", json!({})),
            ("beparams", by_default(tables::BACKEND.defaults())),
            ("osparams", json!({})),
            ("osparams_private_cluster", json!({})),
            ("nicparams", by_default(tables::NIC.defaults())),
            ("ndparams", tables::NODE.defaults().into()),
            ("diskparams", Value::Object(templates.collect())),
        ]
        .map(|(key, value)| (key.to_owned(), value)),
    )
}

fn policies() -> Value {
    let collectors = ["cpu-avg-load", "diskstats", "drbd", "inst-status-xen", "lv", "xen-cpu-avg-load"];
    let collector = |name: &str| (name.to_owned(), json!({ "active": true, "interval": 5_000_000.0 }));
    json!({
        "candidate_pool_size": 10,
        "modify_etc_hosts": true,
        "modify_ssh_setup": true,
        "maintain_node_health": false,
        "prealloc_wipe_disks": false,
        "uid_pool": [],
        "default_iallocator": "",
        "default_iallocator_params": {},
        "hidden_os": [],
        "blacklisted_os": [],
        "primary_ip_family": 2,
        "ipolicy": ipolicy(),
        "hv_state_static": {},
        "disk_state_static": {},
        "enabled_disk_templates":
            ["plain", "drbd", "file", "sharedfile", "diskless", "ext", "rbd", "gluster", "blockdev"],
        "candidate_certs": {},
        "max_running_jobs": 20,
        "max_tracked_jobs": 25,
        "install_image": "",
        "instance_communication_network": "",
        "zeroing_image": "",
        "compression_tools": ["gzip", "gzip-fast", "gzip-slow"],
        "enabled_user_shutdown": false,
        "data_collectors": Params::from_iter(collectors.map(collector)),
        "ssh_key_type": "rsa",
        "ssh_key_bits": 2048,
        "tags": [],
        "serial_no": 1,
        "ctime": BUILT,
        "mtime": BUILT,
    })
}

/// The instance policy (ganeti 3.1, constants: `IPOLICY_DEFAULTS`).
fn ipolicy() -> Value {
    let least = json!({
        "cpu-count": 1, "disk-count": 1, "disk-size": 1024, "memory-size": 128, "nic-count": 1, "spindle-use": 1,
    });
    let most = json!({
        "cpu-count": 8, "disk-count": 16, "disk-size": 1_048_576, "memory-size": 32_768, "nic-count": 8,
        "spindle-use": 12,
    });
    json!({
        "disk-templates": DiskTemplate::ALL.map(DiskTemplate::as_str),
        "minmax": [{ "max": most, "min": least }],
        "spindle-ratio": 32.0,
        "std": least,
        "vcpu-ratio": 4.0,
    })
}
