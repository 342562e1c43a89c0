//! The disks of instances.

use std::panic::Location;

use cmdlib::ids::{DiskId, InstanceId, NodeId};
use cmdlib::objects::{Disk, LogicalId, Node};
use cmdlib::params::DiskTemplate;
use serde_json::{Value, json};

use super::counted::{Thing, volume_of};
use super::lines::Line;
use super::mistake::{listed, mistake};
use super::size::Mebibytes;
use super::{InstanceBuilder, MockConfig, made};

/// A disk to be added.
struct NewDisk {
    template: DiskTemplate,
    size: Mebibytes,
    logical_id: LogicalId,
    children: Vec<Value>,
    nodes: Vec<NodeId>,
    params: Value,
}

impl NewDisk {
    fn new(template: DiskTemplate, size: Mebibytes, place: (&str, String)) -> Self {
        let logical_id = LogicalId::pair(place.0, place.1);
        Self { template, size, logical_id, children: Vec::new(), nodes: Vec::new(), params: json!({}) }
    }
}

impl InstanceBuilder<'_> {
    /// Adds a disk that is a logical volume of the cluster's volume group.
    ///
    /// # Panics
    /// The template is not enabled.
    ///
    /// ```
    /// use testlib::{GiB, MockConfig};
    ///
    /// let mut config = MockConfig::new();
    /// config.instance("web1").plain(GiB(10)).plain(GiB(1));
    /// assert_eq!(config.snapshot().get(&config.id_of_instance("web1")).unwrap().disks.len(), 2);
    /// ```
    #[track_caller]
    pub fn plain(self, size: impl Into<Mebibytes>) -> Self {
        self.local(DiskTemplate::Plain, size.into(), Location::caller())
    }

    /// Adds a disk that is a logical volume of another volume group.
    ///
    /// # Panics
    /// The template is not enabled.
    #[track_caller]
    pub fn plain_in(self, volume_group: &str, size: impl Into<Mebibytes>) -> Self {
        let line = Location::caller();
        self.config.begin_disk(&self.id, DiskTemplate::Plain, line);
        let volume = self.config.volume(&self.id, DiskTemplate::Plain);
        let mut disk = NewDisk::new(DiskTemplate::Plain, size.into(), (volume_group, volume));
        disk.nodes = vec![self.config.object(&self.id).primary_node.clone()];
        self.config.add_disk(&self.id, disk, line);
        self
    }

    /// Adds a disk that is mirrored to a node: volumes for data and metadata on both, the lowest free minors, the next
    /// port and secret.
    ///
    /// # Panics
    /// There is no such node, it can't run instances or is the primary one; the template is not enabled.
    #[track_caller]
    pub fn drbd(self, secondary: &str, size: impl Into<Mebibytes>) -> Self {
        let line = Location::caller();
        let secondary = self.config.able_node(secondary);
        self.config.not_primary(&self.id, &secondary);
        self.config.begin_disk(&self.id, DiskTemplate::Drbd, line);
        let disk = self.config.mirrored(&self.id, &secondary, size.into());
        self.config.add_disk(&self.id, disk, line);
        self
    }

    /// Adds a disk that is a file on the primary node.
    ///
    /// # Panics
    /// The template is not enabled.
    #[track_caller]
    pub fn file(self, size: impl Into<Mebibytes>) -> Self {
        self.local(DiskTemplate::File, size.into(), Location::caller())
    }

    /// Adds a disk that is a file which all nodes see.
    ///
    /// # Panics
    /// The template is not enabled.
    #[track_caller]
    pub fn sharedfile(self, size: impl Into<Mebibytes>) -> Self {
        self.local(DiskTemplate::SharedFile, size.into(), Location::caller())
    }

    /// Adds a disk that is a file on a Gluster volume.
    ///
    /// # Panics
    /// The template is not enabled.
    #[track_caller]
    pub fn gluster(self, size: impl Into<Mebibytes>) -> Self {
        self.local(DiskTemplate::Gluster, size.into(), Location::caller())
    }

    /// Adds a disk that is a block device of Ceph.
    ///
    /// # Panics
    /// The template is not enabled.
    #[track_caller]
    pub fn rbd(self, size: impl Into<Mebibytes>) -> Self {
        self.local(DiskTemplate::Rbd, size.into(), Location::caller())
    }

    /// Adds a disk of a provider outside of Ganeti.
    ///
    /// # Panics
    /// The template is not enabled.
    ///
    /// ```
    /// use testlib::{GiB, MockConfig};
    ///
    /// let mut config = MockConfig::new();
    /// config.instance("web1").ext("netapp", GiB(10));
    /// config.instance("web2").rbd(GiB(10));
    /// config.instance("web3").blockdev("/dev/disk/by-id/lun7", GiB(10));
    /// config.check().unwrap();
    /// ```
    #[track_caller]
    pub fn ext(self, provider: &str, size: impl Into<Mebibytes>) -> Self {
        let line = Location::caller();
        self.config.begin_disk(&self.id, DiskTemplate::Ext, line);
        let volume = self.config.volume(&self.id, DiskTemplate::Ext);
        let mut disk = NewDisk::new(DiskTemplate::Ext, size.into(), (provider, volume));
        disk.params = json!({ "provider": provider });
        self.config.add_disk(&self.id, disk, line);
        self
    }

    /// Adds a disk that is a block device which exists already, at this path.
    ///
    /// # Panics
    /// The template is not enabled.
    #[track_caller]
    pub fn blockdev(self, path: &str, size: impl Into<Mebibytes>) -> Self {
        let line = Location::caller();
        self.config.begin_disk(&self.id, DiskTemplate::Blockdev, line);
        let disk = NewDisk::new(DiskTemplate::Blockdev, size.into(), ("manual", path.to_owned()));
        self.config.add_disk(&self.id, disk, line);
        self
    }

    /// Takes all disks away.
    ///
    /// # Panics
    /// The template `diskless` is not enabled.
    #[track_caller]
    pub fn diskless(self) -> Self {
        let line = Location::caller();
        self.config.enabled_template(DiskTemplate::Diskless);
        self.config.default_disks.remove(&self.id);
        self.config.remove_disks(&self.id, line);
        self
    }

    /// Changes a disk by hand: its name, mode, spindles or parameters. Nothing is checked but what
    /// [`MockConfig::check`] checks.
    ///
    /// # Panics
    /// There is no disk at this index, or its uuid was changed.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.instance("web1").disk(0, |disk| disk.mode = "ro".to_owned());
    /// ```
    #[track_caller]
    pub fn disk(self, index: usize, change: impl FnOnce(&mut Disk)) -> Self {
        let instance = self.config.object(&self.id);
        let Some(disk) = instance.disks.get(index) else {
            let (name, count) = (self.config.called(&self.id), instance.disks.len());
            mistake(format!("instance '{name}' has no disk {index}: it has {count}, counted from 0"))
        };
        self.config.default_disks.remove(&self.id);
        self.config.put_by_hand(disk, change);
        self.config.lines.note(self.id.as_str(), Location::caller());
        self
    }

    #[track_caller]
    fn local(self, template: DiskTemplate, size: Mebibytes, line: Line) -> Self {
        self.config.begin_disk(&self.id, template, line);
        self.config.add_disk_of(&self.id, template, size, line);
        self
    }
}

impl MockConfig {
    /// Prepares for a disk: the template must be enabled, and the disk that nobody asked for goes.
    #[track_caller]
    fn begin_disk(&mut self, instance: &InstanceId, template: DiskTemplate, line: Line) {
        self.enabled_template(template);
        if self.default_disks.remove(instance) {
            self.remove_disks(instance, line);
        }
    }

    #[track_caller]
    fn enabled_template(&self, template: DiskTemplate) {
        let enabled = &self.state.cluster.enabled_disk_templates;
        if !enabled.iter().any(|it| it == template.as_str()) {
            let enabled = listed(enabled.iter().map(String::as_str));
            mistake(format!("disk template '{template}' is not enabled (enabled: {enabled})"));
        }
    }

    /// Adds a disk whose place follows from template, instance and cluster.
    pub(super) fn add_disk_of(&mut self, id: &InstanceId, template: DiskTemplate, size: Mebibytes, line: Line) {
        let volume = self.volume(id, template);
        let cluster = &self.state.cluster;
        let instance = self.object(id);
        let file = |folder: &str| format!("{folder}/{}/{volume}", instance.name);
        let place = match template {
            DiskTemplate::File => ("loop", file(&cluster.file_storage_dir)),
            DiskTemplate::SharedFile => ("loop", file(&cluster.shared_file_storage_dir)),
            DiskTemplate::Gluster => ("loop", format!("ganeti/{volume}")),
            DiskTemplate::Rbd => ("rbd", volume),
            _ => (cluster.volume_group_name.as_deref().unwrap_or("xenvg"), volume),
        };
        let mut disk = NewDisk::new(template, size, place);
        if matches!(template, DiskTemplate::Plain | DiskTemplate::File) {
            disk.nodes = vec![instance.primary_node.clone()];
        }
        self.add_disk(id, disk, line);
    }

    /// Returns the name of the volume or file of an instance's next disk: a new uuid, and what the template adds.
    fn volume(&mut self, instance: &InstanceId, template: DiskTemplate) -> String {
        let index = self.object(instance).disks.len();
        let uuid = self.counted.next(Thing::Volume);
        match template {
            DiskTemplate::Plain | DiskTemplate::Drbd => format!("{uuid}.disk{index}"),
            DiskTemplate::Gluster => format!("{uuid}.{index}"),
            _ => format!("{uuid}.{template}.disk{index}"),
        }
    }

    fn mirrored(&mut self, id: &InstanceId, secondary: &NodeId, size: Mebibytes) -> NewDisk {
        let primary = self.object(id).primary_node.clone();
        let nodes = vec![primary.clone(), secondary.clone()];
        let volume = self.volume(id, DiskTemplate::Drbd);
        let group = self.object(&self.object(&primary).group);
        let meta_group = self.state.group_diskparams(&group, DiskTemplate::Drbd);
        let meta_group = meta_group.get("metavg").and_then(Value::as_str).unwrap_or("xenvg").to_owned();
        let data_group = self.state.cluster.volume_group_name.clone().unwrap_or_else(|| "xenvg".to_owned());
        let mut part = |group: &str, what: &str, size: i64| {
            json!({
                "uuid": self.counted.next(Thing::Part), "dev_type": "plain",
                "logical_id": [group, format!("{volume}_{what}")], "nodes": names(&nodes), "size": size, "params": {},
                "serial_no": 1, "ctime": self.now.unwrap_or(super::begin::BUILT),
                "mtime": self.now.unwrap_or(super::begin::BUILT),
            })
        };
        let children = vec![part(&data_group, "data", size.stored()), part(&meta_group, "meta", 128)];
        let minors = (self.free_minor(&primary), self.free_minor(secondary));
        let (port, secret) = (self.take_port(), self.next_secret());
        let logical_id = LogicalId::drbd((&primary, secondary), port, minors, &secret);
        NewDisk { template: DiskTemplate::Drbd, size, logical_id, children, nodes, params: json!({}) }
    }

    fn add_disk(&mut self, id: &InstanceId, new: NewDisk, line: Line) {
        let instance = self.object(id);
        let uuid = self.counted.next(Thing::Disk);
        let mut disk = json!({
            "uuid": uuid, "dev_type": new.template.as_str(), "logical_id": cmdlib::field::Field::write(&new.logical_id),
            "nodes": names(&new.nodes), "iv_name": format!("disk/{}", instance.disks.len()), "size": new.size.stored(),
            "mode": "rw", "params": new.params, "serial_no": 1, "ctime": self.time(), "mtime": self.time(),
        });
        if !new.children.is_empty() {
            disk["children"] = new.children.into();
        }
        let mut disk: Disk = made(&disk);
        disk.forthcoming = instance.forthcoming;
        self.store(disk);
        self.put(id, line, |instance| instance.disks.push(DiskId::new(uuid)));
    }

    /// Takes all disks of an instance away, and gives their ports back.
    pub(super) fn remove_disks(&mut self, id: &InstanceId, line: Line) {
        let disks = self.object(id).disks.clone();
        self.put(id, line, |instance| instance.disks.clear());
        for id in disks {
            let Ok(disk) = self.change(|draft| draft.remove(&id)) else { continue };
            let drbd = disk.mirror().and_then(|_| disk.logical_id.as_drbd());
            self.give_ports_back(drbd.and_then(|drbd| drbd.port.as_i64()));
            self.counted.give_back(Thing::Disk, id.as_str());
            self.counted.give_back(Thing::Volume, volume_of(&disk).split('.').next().unwrap_or_default());
        }
    }

    /// Refuses the primary node of an instance as the other side of a mirror.
    #[track_caller]
    pub(super) fn not_primary(&self, id: &InstanceId, node: &NodeId) {
        if self.object(id).primary_node == *node {
            let (instance, node) = (self.called(id), self.called::<Node>(node));
            mistake(format!(
                "node '{node}' is the primary node of instance '{instance}': a disk can't be mirrored to it \
                 (say .on(..) before)"
            ));
        }
    }
}

pub(super) fn names(nodes: &[NodeId]) -> Vec<&str> {
    nodes.iter().map(NodeId::as_str).collect()
}
