//! A large cluster, made at once.

use cmdlib::ids::{DiskId, Id, InstanceId, NodeId};
use cmdlib::objects::{Disk, Instance, LogicalId, Nic, Node};
use cmdlib::params::DiskTemplate;
use serde_json::json;

use super::begin::{BUILT, PORTS};
use super::counted::Thing;
use super::lines::Line;
use super::mistake::mistake;
use super::node::addresses;
use super::ports::mac;
use super::size::Mebibytes;
use super::{GiB, MockConfig, begin, made};

/// Every so many instances, one is mirrored.
const MIRRORED_EVERY: u64 = 10;

/// What all instances are copied from, and all their disks.
struct Patterns {
    instance: Instance,
    nic: Nic,
    plain: Disk,
    mirrored: Disk,
}

impl Patterns {
    fn new() -> Self {
        let size = Mebibytes::from(GiB(10)).stored();
        let disk = |template: DiskTemplate, children: Vec<serde_json::Value>, size: i64| {
            json!({
                "uuid": "", "dev_type": template.as_str(), "logical_id": [], "nodes": [], "iv_name": "disk/0",
                "children": children, "size": size, "mode": "rw", "params": {}, "serial_no": 1, "ctime": BUILT,
                "mtime": BUILT,
            })
        };
        let part = |size: i64| disk(DiskTemplate::Plain, Vec::new(), size);
        Self {
            instance: made(&json!({
                "uuid": "", "name": "", "primary_node": "", "os": "debian+default", "hypervisor": "xen-pvm",
                "hvparams": {}, "beparams": {}, "osparams": {}, "osparams_private": {}, "admin_state": "up",
                "admin_state_source": "admin", "nics": [], "disks": [], "disks_active": true, "tags": [],
                "serial_no": 1, "ctime": BUILT, "mtime": BUILT,
            })),
            nic: made(&json!({ "uuid": "", "mac": "", "nicparams": {} })),
            plain: made(&part(size)),
            mirrored: made(&disk(DiskTemplate::Drbd, vec![part(size), part(128)], size)),
        }
    }
}

/// The disk of one instance in the making.
struct Place<'a> {
    number: u64,
    primary: &'a NodeId,
    /// The node that it is mirrored to, the port, and the minors on both.
    mirror: Option<(&'a NodeId, i64, (i64, i64))>,
}

impl Patterns {
    fn disk(&self, place: &Place, mirror: u64) -> Disk {
        let volume = format!("{}.disk0", Thing::Volume.uuid(place.number));
        let mut disk = match &place.mirror {
            None => self.plain.clone(),
            Some(_) => self.mirrored.clone(),
        };
        disk.uuid = Id::new(Thing::Disk.uuid(place.number));
        disk.nodes = vec![place.primary.clone()];
        let Some((secondary, port, minors)) = place.mirror else {
            disk.logical_id = LogicalId::pair("xenvg", volume);
            return disk;
        };
        let secret = format!("drbd-secret-{mirror:04}");
        disk.nodes.push(secondary.clone());
        disk.logical_id = LogicalId::drbd((place.primary, secondary), port, minors, &secret);
        for (index, (part, what)) in disk.children.iter_mut().zip(["data", "meta"]).enumerate() {
            part.uuid = Id::new(Thing::Part.uuid(2 * mirror - 1 + index as u64));
            part.logical_id = LogicalId::pair("xenvg", format!("{volume}_{what}"));
            part.nodes.clone_from(&disk.nodes);
        }
        disk
    }

    fn instance(&self, place: &Place, name: String, mac: String) -> Instance {
        let mut nic = self.nic.clone();
        nic.uuid = Thing::Nic.uuid(place.number);
        nic.mac = mac;
        let mut instance = self.instance.clone();
        instance.uuid = InstanceId::new(Thing::Instance.uuid(place.number));
        instance.name = name;
        instance.primary_node = place.primary.clone();
        instance.nics = vec![nic];
        instance.disks = vec![DiskId::new(Thing::Disk.uuid(place.number))];
        instance
    }
}

impl MockConfig {
    /// Makes a large cluster, all in one change: one by one, each would copy the indexes of all before it.
    #[track_caller]
    pub(crate) fn scaled(nodes: usize, instances: usize, line: Line) -> Self {
        if nodes == 0 {
            mistake("a cluster needs a node");
        }
        let mut config = Self::made_of(&begin::document());
        config.enabled_hypervisors(["xen-pvm"]);
        let ids: Vec<NodeId> = (1..=nodes as u64).map(|number| Id::new(Thing::Node.uuid(number))).collect();
        config.add_nodes(&ids, line);
        config.add_instances(&ids, instances);
        config.counted.skip(&config.state);
        config.counted.macs = instances as u64;
        config.ready(line)
    }

    fn add_nodes(&mut self, ids: &[NodeId], line: Line) {
        let pool = self.state.cluster.candidate_pool_size as usize;
        let node = |(index, id): (usize, &NodeId)| {
            let (primary, secondary) = addresses(index as u64 + 1);
            let name = self.full_name::<Node>(&format!("node{}", index + 1));
            let mut node = self.new_node(id.as_str(), &name, (&primary, &secondary));
            node.master_candidate = index < pool;
            node
        };
        let nodes: Vec<Node> = ids.iter().enumerate().map(node).collect();
        self.change(|draft| nodes.into_iter().for_each(|node| drop(draft.insert(node))));
        self.settle_roles(line);
    }

    fn add_instances(&mut self, ids: &[NodeId], instances: usize) {
        let patterns = Patterns::new();
        let prefix = self.state.cluster.mac_prefix.clone();
        let domain = self.full_name::<Instance>("");
        let mut minors: Vec<_> = ids.iter().map(|_| 0..).collect();
        let mut next_minor = |node: usize| minors[node].next().unwrap_or(0);
        let mut port = PORTS.start() - 1;
        self.change(|draft| {
            for index in 0..instances {
                let number = index as u64 + 1;
                let (first, second) = (index % ids.len(), (index + 1) % ids.len());
                let mut place = Place { number, primary: &ids[first], mirror: None };
                if number.is_multiple_of(MIRRORED_EVERY) && ids.len() > 1 && port < *PORTS.end() {
                    port += 1;
                    place.mirror = Some((&ids[second], port, (next_minor(first), next_minor(second))));
                }
                draft.insert(patterns.disk(&place, (port - PORTS.start() + 1).unsigned_abs()));
                draft.insert(patterns.instance(&place, format!("inst{number}{domain}"), mac(&prefix, number)));
            }
            draft.update_cluster(|cluster| cluster.highest_used_port = port);
        });
    }
}
