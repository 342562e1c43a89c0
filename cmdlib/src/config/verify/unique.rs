//! What may exist or be used only once: names, hardware addresses, TCP ports, minor numbers, volumes, addresses.

use std::hash::Hash;
use std::sync::Arc;

use serde_json::Value;

use super::claims::Claims;
use super::{FindingKind, Judge, disk_name, instance_name};
use crate::config::data::Data;
use crate::config::entity::Entity;
use crate::config::table::Table;
use crate::ids::NodeId;
use crate::objects::{Disk, Drbd, Instance, Nic, Node};
use crate::params::DiskTemplate;

/// Who uses something.
#[derive(Clone, Copy)]
enum Claimant<'a> {
    MasterAddress,
    FreePorts,
    Primary(&'a Node),
    Secondary(&'a Node),
    Console(&'a Instance),
    Nic(&'a Instance, usize),
    Disk(&'a Disk),
}

impl Claimant<'_> {
    fn name(self, data: &Data) -> String {
        match self {
            Self::MasterAddress => "the master".to_owned(),
            Self::FreePorts => "the pool of free ports".to_owned(),
            Self::Primary(node) => format!("node '{}' (primary)", node.name),
            Self::Secondary(node) => format!("node '{}' (secondary)", node.name),
            Self::Console(instance) => format!("the console of instance '{}'", instance_name(instance)),
            Self::Nic(instance, index) => {
                format!("network interface {index} of instance '{}'", instance_name(instance))
            }
            Self::Disk(disk) => disk_name(data, disk),
        }
    }
}

impl<'a> Judge<'a> {
    pub(super) fn unique(&mut self) {
        let data = self.data;
        self.names(&data.nodes);
        self.names(&data.nodegroups);
        self.names(&data.networks);
        self.names(&data.instances);
        self.macs();
        self.ports();
        self.minors();
        self.volumes();
        self.addresses();
    }

    fn names<T: Entity>(&mut self, table: &Table<T>) {
        let mut claims = Claims::new();
        for object in table.values().filter(|object| !object.name().is_empty()) {
            claims.add(object.name(), object.id());
        }
        for (name, ids) in claims.disputed() {
            let ids: Vec<&str> = ids.into_iter().map(|id| id.as_str()).collect();
            let text = format!("{} objects of kind {} are named '{name}': {}", ids.len(), T::KIND, ids.join(", "));
            self.find(FindingKind::NameTwice, text);
        }
    }

    fn nics(&self) -> impl Iterator<Item = (&'a Nic, Claimant<'a>)> + use<'a> {
        let of = |instance: &'a Arc<Instance>| {
            instance.nics.iter().enumerate().map(move |(index, nic)| (nic, Claimant::Nic(instance, index)))
        };
        self.data.instances.values().flat_map(of)
    }

    fn macs(&mut self) {
        let mut claims = Claims::new();
        for (nic, claimant) in self.nics() {
            claims.add(nic.mac.to_ascii_lowercase(), claimant);
        }
        self.disputed(FindingKind::MacTwice, claims, |mac| format!("hardware address {mac}"));
    }

    fn ports(&mut self) {
        let data = self.data;
        let mut claims = Claims::new();
        for (disk, drbd) in drbds(data) {
            if let Some(port) = drbd.port.as_i64() {
                claims.add(port, Claimant::Disk(disk));
            }
        }
        for instance in data.instances.values() {
            if let Some(port) = instance.network_port {
                claims.add(port, Claimant::Console(instance));
            }
        }
        data.cluster.tcpudp_port_pool.iter().for_each(|port| claims.add(*port, Claimant::FreePorts));
        let known = data.cluster.highest_used_port;
        if let Some(highest) = claims.things().max().filter(|port| **port > known) {
            let text = format!("the highest port ever given out is said to be {known}, but {highest} is known");
            self.find(FindingKind::PortAboveHighest, text);
        }
        self.disputed(FindingKind::PortTwice, claims, |port| format!("port {port}"));
    }

    fn minors(&mut self) {
        let mut claims = Claims::new();
        for (disk, drbd) in drbds(self.data) {
            let mut claim = |node: NodeId, minor: &Value| {
                if let Some(minor) = minor.as_i64() {
                    claims.add((node, minor), Claimant::Disk(disk));
                }
            };
            claim(drbd.nodes.0, &drbd.minors.0);
            claim(drbd.nodes.1, &drbd.minors.1);
        }
        let data = self.data;
        self.disputed(FindingKind::MinorTwice, claims, |(node, minor)| {
            format!("minor {minor} on node '{}'", data.node_name(node))
        });
    }

    /// The same name in another volume group or on another node is another volume. Each of a disk and of its parts says on
    /// which nodes it lies.
    fn volumes(&mut self) {
        let data = self.data;
        let mut claims = Claims::new();
        for disk in data.disks.values() {
            claim_volumes(disk, disk, &mut claims);
        }
        self.disputed(FindingKind::VolumeTwice, claims, |(node, group, volume)| {
            format!("volume {group}/{volume} on node '{}'", data.node_name(node))
        });
    }

    fn addresses(&mut self) {
        let data = self.data;
        let mut claims: Claims<(&str, &str), Claimant> = Claims::new();
        claims.add((&data.cluster.master_ip, ""), Claimant::MasterAddress);
        for node in data.nodes.values() {
            claims.add((&node.primary_ip, ""), Claimant::Primary(node));
            if node.secondary_ip != node.primary_ip {
                claims.add((&node.secondary_ip, ""), Claimant::Secondary(node));
            }
        }
        self.disputed(FindingKind::AddressTwice, claims, |(ip, _)| format!("address {ip}"));
        self.nic_addresses();
    }

    /// The same address on another link, in another mode or network is another one.
    fn nic_addresses(&mut self) {
        let defaults = self.data.cluster_nicparams();
        let mut claims = Claims::new();
        for (nic, claimant) in self.nics() {
            let Some(ip) = &nic.ip else { continue };
            let of = |name: &str| nic.nicparams.get(name).or_else(|| defaults.get(name));
            let text = |name: &str| of(name).map(|value| value.as_str().unwrap_or_default()).unwrap_or_default();
            claims.add((ip.as_str(), text("mode"), text("link"), nic.network.as_ref()), claimant);
        }
        self.disputed(FindingKind::AddressTwice, claims, |(ip, mode, link, _)| format!("address {ip} ({mode} {link})"));
    }

    fn disputed<K: Hash + Eq>(&mut self, kind: FindingKind, claims: Claims<K, Claimant>, name: impl Fn(&K) -> String) {
        for (thing, claimants) in claims.disputed() {
            let claimants: Vec<String> = claimants.into_iter().map(|it| it.name(self.data)).collect();
            self.find(kind, format!("{} is used by {}", name(&thing), claimants.join(" and ")));
        }
    }
}

/// Returns the mirrored disks, attached or not: their ports and minors are taken either way.
fn drbds(data: &Data) -> impl Iterator<Item = (&Disk, Drbd)> {
    let is_mirror = |disk: &&Disk| disk.mirror().is_some();
    data.all_disks().filter(is_mirror).filter_map(|disk| Some((disk, disk.logical_id.as_drbd()?)))
}

/// Claims the volumes of `part`, which is `whole` or lies below it.
fn claim_volumes<'a>(
    whole: &'a Disk,
    part: &'a Disk,
    claims: &mut Claims<(&'a NodeId, &'a str, &'a str), Claimant<'a>>,
) {
    if part.dev_type == DiskTemplate::Plain
        && let Some((group, volume)) = part.logical_id.as_pair()
    {
        part.nodes.iter().for_each(|node| claims.add((node, group, volume), Claimant::Disk(whole)));
    }
    part.children.iter().for_each(|child| claim_volumes(whole, child, claims));
}
