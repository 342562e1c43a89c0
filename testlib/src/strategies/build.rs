//! From a plan to the lines that build it.

use std::fmt;

use crate::config::{MiB, MockConfig};
use crate::strategies::cluster::{
    ClusterPlan, GroupSetting, InstancePlan, InstanceSetting, NetworkPlan, NetworkSetting, NicPlan, NodeSetting, Pick,
    Setting, State, Storage,
};
use crate::strategies::lines::{
    ClusterSetter, GroupSetter, InstanceSetter, Line, NetworkSetter, NicSetter, NodeSetter,
};

const OS: &str = "debian+default";

fn text(of: impl Into<String>) -> String {
    of.into()
}

/// Returns the one that is meant; none if there are none.
fn picked<T: Copy>(pick: Pick, of: &[T]) -> Option<T> {
    of.get(usize::from(pick) % of.len().max(1)).copied()
}

fn group_name(index: usize) -> String {
    if index == 0 { text("default") } else { format!("group{}", index + 1) }
}

fn node_name(index: usize) -> String {
    format!("node{}", index + 1)
}

fn network_name(index: usize) -> String {
    format!("net{}", index + 1)
}

impl ClusterPlan {
    /// Builds the cluster.
    #[must_use]
    pub fn config(&self) -> MockConfig {
        let mut config = MockConfig::new();
        self.lines().iter().for_each(|line| line.apply(&mut config));
        config
    }

    pub(super) fn lines(&self) -> Vec<Line> {
        let early = self.settings.iter().filter(|it| **it != Setting::SmallPool);
        let mut lines = vec![Line::Cluster(early.flat_map(|it| cluster(*it)).collect())];
        lines.extend((0..self.networks.len()).map(|index| self.network(index)));
        lines.extend((0..=self.groups.len()).map(|index| self.group(index)));
        lines.extend((0..self.nodes.len()).map(|index| self.node(index)));
        // Nodes that are candidates already stay so.
        lines.extend(self.settings.contains(&Setting::SmallPool).then(|| Line::Cluster(cluster(Setting::SmallPool))));
        let mut addresses = 0;
        lines.extend((0..self.instances.len()).filter_map(|index| self.instance(index, &mut addresses)));
        // Nothing is said of the cluster and its first group, unless there is something to say.
        lines.retain(|line| match line {
            Line::Cluster(setters) => !setters.is_empty(),
            Line::Group(name, setters) => *name != group_name(0) || !setters.is_empty(),
            _ => true,
        });
        lines
    }

    fn group_of(&self, pick: Pick) -> usize {
        usize::from(pick) % (self.groups.len() + 1)
    }

    fn network(&self, index: usize) -> Line {
        let base = format!("10.0.{}", index + 1);
        let setter = |it: &NetworkSetting| match it {
            NetworkSetting::Gateway => NetworkSetter::Gateway(format!("{base}.1")),
            NetworkSetting::MacPrefix => NetworkSetter::MacPrefix(format!("aa:00:{:02x}", index + 1)),
            NetworkSetting::Reserved => NetworkSetter::Reserved(format!("{base}.5")),
            NetworkSetting::Tag => NetworkSetter::Tag(text("of-network")),
        };
        Line::Network(network_name(index), self.networks[index].settings.iter().map(setter).collect())
    }

    fn is_connected(&self, network: &NetworkPlan, group: usize) -> bool {
        network.groups.iter().any(|pick| self.group_of(*pick) == group)
    }

    fn group(&self, index: usize) -> Line {
        let own = index.checked_sub(1).and_then(|index| self.groups.get(index));
        let settings = own.map(|group| group.settings.as_slice()).unwrap_or_default();
        let mut setters: Vec<GroupSetter> = settings.iter().flat_map(|it| group(*it)).collect();
        let connected = self.networks.iter().enumerate().filter(|(_, network)| self.is_connected(network, index));
        setters.extend(connected.map(|(number, _)| match number % 2 {
            0 => GroupSetter::Connected(network_name(number), text("bridged"), format!("br{}", number + 1)),
            _ => GroupSetter::ConnectedVlan(network_name(number), format!("switch{}", number + 1), text(".7")),
        }));
        Line::Group(group_name(index), setters)
    }

    fn node(&self, index: usize) -> Line {
        let node = &self.nodes[index];
        let group = self.group_of(node.group);
        let mut setters: Vec<NodeSetter> =
            (group > 0).then(|| NodeSetter::Group(group_name(group))).into_iter().collect();
        setters.extend(node.settings.iter().map(|it| match it {
            NodeSetting::Drained => NodeSetter::Drained(),
            NodeSetting::Offline => NodeSetter::Offline(),
            NodeSetting::NotVmCapable => NodeSetter::NotVmCapable(),
            NodeSetting::NotMasterCapable => NodeSetter::NotMasterCapable(),
            NodeSetting::Unpowered => NodeSetter::Powered(false),
            NodeSetting::Parameters => NodeSetter::NodeText(text("oob_program"), text("/bin/ipmi")),
            NodeSetting::Tag => NodeSetter::Tag(text("of-node")),
        }));
        Line::Node(node_name(index + 1), setters)
    }

    /// The nodes that can run instances, by number; the master can.
    fn able(&self) -> Vec<usize> {
        let able = |node: &usize| {
            let plan = node.checked_sub(1).and_then(|index| self.nodes.get(index));
            plan.is_none_or(|plan| !plan.settings.contains(&NodeSetting::NotVmCapable))
        };
        (0..=self.nodes.len()).filter(able).collect()
    }

    fn instance(&self, index: usize, addresses: &mut u8) -> Option<Line> {
        let plan = &self.instances[index];
        let able = self.able();
        let node = picked(plan.node, &able)?;
        let others: Vec<usize> = able.into_iter().filter(|other| *other != node).collect();
        let secondary = picked(plan.secondary, &others).map(node_name);
        let mut setters = vec![InstanceSetter::On(node_name(node))];
        setters.extend(plan.settings.iter().flat_map(|it| instance(*it)));
        setters.extend(self.disks(plan, index, secondary.as_deref()));
        let group = node.checked_sub(1).and_then(|index| self.nodes.get(index)).map_or(0, |it| self.group_of(it.group));
        match plan.nics.as_deref() {
            None => {}
            Some([]) => setters.push(InstanceSetter::NoNics()),
            Some(nics) => setters.extend(nics.iter().map(|it| InstanceSetter::Nic(self.nic(*it, group, addresses)))),
        }
        // What follows for disks and parameters is known when all else is.
        setters.extend(match plan.state {
            State::Down => None,
            State::Up => Some(InstanceSetter::Up()),
            State::Offline => Some(InstanceSetter::Offline()),
            State::StoppedByUser => Some(InstanceSetter::StoppedByUser()),
            State::Forthcoming => Some(InstanceSetter::Forthcoming()),
            State::DisksActive => Some(InstanceSetter::DisksActive(true)),
        });
        Some(Line::Instance(format!("inst{}", index + 1), setters))
    }

    fn disks(&self, plan: &InstancePlan, index: usize, secondary: Option<&str>) -> Vec<InstanceSetter> {
        let lvm = !self.settings.contains(&Setting::NoLvm);
        let storage = match (plan.storage, secondary) {
            (Storage::Plain | Storage::PlainElsewhere | Storage::Drbd, _) if !lvm => Storage::File,
            (Storage::Drbd, None) => Storage::Plain,
            (storage, _) => storage,
        };
        if storage == Storage::Diskless {
            return vec![InstanceSetter::Diskless()];
        }
        let disk = |number: u8| {
            let size = MiB(1024 * (1 + u64::from(number)));
            match storage {
                Storage::PlainElsewhere if number == plan.more_disks => InstanceSetter::PlainIn(text("fastvg"), size),
                Storage::Plain | Storage::PlainElsewhere | Storage::Diskless => InstanceSetter::Plain(size),
                Storage::Drbd => InstanceSetter::Drbd(text(secondary.unwrap_or_default()), size),
                Storage::File => InstanceSetter::File(size),
                Storage::SharedFile => InstanceSetter::SharedFile(size),
                Storage::Gluster => InstanceSetter::Gluster(size),
                Storage::Rbd => InstanceSetter::Rbd(size),
                Storage::Ext => InstanceSetter::Ext(text("netapp"), size),
                Storage::Blockdev => {
                    InstanceSetter::Blockdev(format!("/dev/disk/by-id/lun{}-{number}", index + 1), size)
                }
            }
        };
        (0..=plan.more_disks).map(disk).collect()
    }

    /// Where no network is connected, the interface is an ordinary one.
    fn nic(&self, plan: NicPlan, group: usize, addresses: &mut u8) -> Vec<NicSetter> {
        let connected = self.networks.iter().position(|network| self.is_connected(network, group));
        // The first ones may be reserved.
        *addresses = addresses.saturating_add(1);
        let host = 10 + *addresses;
        match (plan, connected) {
            (NicPlan::Default, _) | (NicPlan::Network | NicPlan::Address, None) => Vec::new(),
            (NicPlan::Bridged, _) => vec![NicSetter::Bridged(text("br9"))],
            (NicPlan::Switched, _) => vec![NicSetter::Switched(text("switch9")), NicSetter::Vlan(text(":5:6"))],
            (NicPlan::Routed, _) => {
                vec![NicSetter::Routed(text("main")), NicSetter::Address(format!("203.0.113.{host}"))]
            }
            (NicPlan::Network, Some(network)) => vec![NicSetter::Network(network_name(network))],
            (NicPlan::Address, Some(network)) => vec![
                NicSetter::Network(network_name(network)),
                NicSetter::Address(format!("10.0.{}.{host}", network + 1)),
            ],
        }
    }
}

fn cluster(setting: Setting) -> Vec<ClusterSetter> {
    match setting {
        Setting::SingleHomed => vec![ClusterSetter::SingleHomed()],
        Setting::NoLvm => vec![ClusterSetter::NoLvm()],
        Setting::SecondVolumeGroup => {
            vec![ClusterSetter::DiskText(text("drbd"), text("metavg"), text("fastvg"))]
        }
        Setting::SmallPool => vec![ClusterSetter::PoolSize(1)],
        Setting::Vlan => [("mode", "openvswitch"), ("link", "switch1"), ("vlan", ".7")]
            .map(|(key, value)| ClusterSetter::Nic(text(key), text(value)))
            .into(),
        Setting::OsParameters => vec![
            ClusterSetter::OsParameter(text("debian"), text("dhcp"), text("no")),
            ClusterSetter::OsParameter(text(OS), text("dhcp"), text("yes")),
            ClusterSetter::OsHypervisorFlag(text(OS), text("kvm"), text("acpi"), false),
        ],
        Setting::SecretOsParameters => {
            vec![ClusterSetter::SecretOsParameter(text("debian"), text("rootpw"), text("cluster-os-secret-0001"))]
        }
        Setting::HiddenSystems => {
            vec![ClusterSetter::Hidden(text("debian+wheezy")), ClusterSetter::Blacklisted(text("busybox"))]
        }
        Setting::Parameters => vec![
            ClusterSetter::HypervisorText(text("kvm"), text("kernel_path"), text("")),
            ClusterSetter::Backend(text("maxmem"), 1024),
            ClusterSetter::NodeText(text("oob_program"), text("/bin/oob")),
        ],
        Setting::Allocator => vec![ClusterSetter::Allocator(text("hail"))],
        Setting::Tags => vec![ClusterSetter::Tag(text("of-cluster")), ClusterSetter::Tag(text("other:tag"))],
    }
}

fn group(setting: GroupSetting) -> Vec<GroupSetter> {
    match setting {
        GroupSetting::LastResort => vec![GroupSetter::Policy(text("last_resort"))],
        GroupSetting::Unallocable => vec![GroupSetter::Policy(text("unallocable"))],
        GroupSetting::ExclusiveStorage => vec![GroupSetter::ExclusiveStorage()],
        GroupSetting::SecondVolumeGroup => {
            vec![GroupSetter::DiskText(text("drbd"), text("metavg"), text("slowvg"))]
        }
        GroupSetting::Parameters => vec![
            GroupSetter::NodeText(text("oob_program"), text("/bin/rack")),
            GroupSetter::Most(text("memory-size"), 512),
        ],
        GroupSetting::Tag => vec![GroupSetter::Tag(text("of-group"))],
    }
}

fn instance(setting: InstanceSetting) -> Vec<InstanceSetter> {
    match setting {
        InstanceSetting::Xen => vec![InstanceSetter::Hypervisor(text("xen-pvm"))],
        InstanceSetting::Parameters => {
            vec![InstanceSetter::Backend(text("vcpus"), 2), InstanceSetter::Backend(text("minmem"), 64)]
        }
        InstanceSetting::OsParameters => vec![InstanceSetter::OsParameter(text("locale"), text("C"))],
        InstanceSetting::SecretOsParameters => {
            vec![InstanceSetter::SecretOsParameter(text("userpw"), text("instance-os-secret-0001"))]
        }
        InstanceSetting::Tag => vec![InstanceSetter::Tag(text("of-instance"))],
    }
}

impl fmt::Display for ClusterPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines().iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
