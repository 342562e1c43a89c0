//! What is counted so that two runs of a test agree: uuids, hardware addresses, secrets.

use cmdlib::config::Data;
use cmdlib::objects::Disk;

/// What has a uuid. The first eight digits tell them apart, the last twelve count.
#[derive(Debug, Clone, Copy)]
pub(super) enum Thing {
    Group,
    Node,
    Network,
    Instance,
    Disk,
    /// A child of a mirrored disk.
    Part,
    Nic,
    /// A logical volume, an image or a file: its name begins with a uuid of its own.
    Volume,
}

/// The uuid of the cluster.
pub(super) const CLUSTER_ID: &str = "c1a57e40-0000-4000-8000-000000000001";

const THINGS: [Thing; 8] = {
    use Thing::*;
    [Group, Node, Network, Instance, Disk, Part, Nic, Volume]
};

impl Thing {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Group => "96000000",
            Self::Node => "a0de0000",
            Self::Network => "4e700000",
            Self::Instance => "1a5a0000",
            Self::Disk => "d15c0000",
            Self::Part => "da7a0000",
            Self::Nic => "a1c00000",
            Self::Volume => "b10c0000",
        }
    }

    pub(super) fn uuid(self, number: u64) -> String {
        format!("{}-0000-4000-8000-{number:012}", self.prefix())
    }

    fn number(self, uuid: &str) -> Option<u64> {
        let number = uuid.strip_prefix(self.prefix())?.strip_prefix("-0000-4000-8000-")?;
        number.get(..12)?.parse().ok()
    }
}

/// How many there were so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Counted {
    uuids: [u64; THINGS.len()],
    pub(super) macs: u64,
    pub(super) secrets: u64,
}

impl Counted {
    /// Returns the next uuid.
    pub(super) fn next(&mut self, thing: Thing) -> String {
        let count = &mut self.uuids[thing as usize];
        *count += 1;
        thing.uuid(*count)
    }

    /// Returns how many there were.
    pub(super) fn so_far(&self, thing: Thing) -> u64 {
        self.uuids[thing as usize]
    }

    /// Counts a uuid back, if it was the last one: what a builder's default had, what replaces it gets.
    pub(super) fn give_back(&mut self, thing: Thing, uuid: &str) {
        let count = &mut self.uuids[thing as usize];
        if thing.number(uuid) == Some(*count) {
            *count -= 1;
        }
    }

    /// Goes on behind all that a state has.
    pub(super) fn skip(&mut self, data: &Data) {
        for thing in THINGS {
            let mut seen = |uuid: &str| {
                let count = &mut self.uuids[thing as usize];
                *count = (*count).max(thing.number(uuid).unwrap_or(0));
            };
            match thing {
                Thing::Group => data.nodegroups.ids().for_each(|id| seen(id.as_str())),
                Thing::Node => data.nodes.ids().for_each(|id| seen(id.as_str())),
                Thing::Network => data.networks.ids().for_each(|id| seen(id.as_str())),
                Thing::Instance => data.instances.ids().for_each(|id| seen(id.as_str())),
                Thing::Disk => data.disks.ids().for_each(|id| seen(id.as_str())),
                Thing::Part => parts(data).for_each(|disk| seen(disk.uuid.as_str())),
                Thing::Nic => data.nics().for_each(|nic| seen(&nic.uuid)),
                Thing::Volume => parts(data).for_each(|disk| seen(volume_of(disk))),
            }
        }
    }
}

fn parts(data: &Data) -> impl Iterator<Item = &Disk> {
    data.disks.values().flat_map(|disk| disk.tree())
}

/// Returns what a disk is stored as, without folders.
pub(super) fn volume_of(disk: &Disk) -> &str {
    let (_, path) = disk.logical_id.as_pair().unwrap_or_default();
    path.rsplit('/').next().unwrap_or(path)
}
