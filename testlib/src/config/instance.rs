//! Instances.

use std::panic::Location;

use cmdlib::ids::{InstanceId, NodeId};
use cmdlib::objects::{AdminSource, AdminState, Instance, Node};
use cmdlib::params::{DiskTemplate, Hypervisor, tables, upgrade_be};
use serde_json::{Value, json};

use super::counted::Thing;
use super::lines::Line;
use super::mistake::mistake;
use super::parameters::{hypervisor, own_parameter, valid_tag};
use super::size::Mebibytes;
use super::{GiB, MockConfig, NicBuilder, made};

/// Returns whether the console of an instance has a TCP port (ganeti 3.1, constants: `HTS_REQ_PORT`).
fn needs_port(hypervisor: &str) -> bool {
    [Hypervisor::Kvm.as_str(), Hypervisor::XenHvm.as_str()].contains(&hypervisor)
}

/// An instance of the cluster, to be changed: each setter does so at once.
///
/// Its disks are set by [`plain`](Self::plain), [`drbd`](Self::drbd) and their like, each of which adds one; the first
/// takes the place of the disk that every new instance has. So does the first [`nic`](Self::nic). Say [`on`](Self::on)
/// before: mirrored disks need to know both their nodes.
///
/// ```
/// use testlib::{GiB, MiB, MockConfig};
///
/// let mut config = MockConfig::new();
/// config.node("node2");
/// config.instance("db1").on("node2").drbd("node1", GiB(10)).drbd("node1", GiB(1)).memory(MiB(512), GiB(2)).up();
/// config.instance("old1").diskless().no_nics().offline();
/// config.check().unwrap();
/// ```
pub struct InstanceBuilder<'c> {
    pub(super) config: &'c mut MockConfig,
    pub(super) id: InstanceId,
}

impl MockConfig {
    /// Returns the instance of this name; makes it, if there is none: stopped, on the first node that can run it, with
    /// the cluster's hypervisor, the system `debian+default`, one plain disk of 1 GiB and one bridged interface. Where
    /// plain disks are not enabled, the disk is a file, a shared file, or absent.
    ///
    /// # Panics
    /// It must be made and the name is empty, or no node can run instances.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// let web1 = config.instance("web1").id();
    /// assert_eq!(config.snapshot().get(&web1).unwrap().name, "web1.example.com");
    /// ```
    #[track_caller]
    pub fn instance(&mut self, name: &str) -> InstanceBuilder<'_> {
        let line = Location::caller();
        let id = match self.known::<Instance>(name) {
            Some(id) => id,
            None if name.is_empty() => mistake("an instance needs a name"),
            None => self.make_instance(name),
        };
        self.lines.note(id.as_str(), line);
        InstanceBuilder { config: self, id }
    }

    #[track_caller]
    fn make_instance(&mut self, name: &str) -> InstanceId {
        let line = Location::caller();
        let node = self.first_node();
        let id = self.counted.next(Thing::Instance);
        let hypervisor = self.state.cluster.default_hypervisor().to_owned();
        let mut instance = json!({
            "uuid": id, "name": self.full_name::<Instance>(name), "primary_node": node.as_str(), "os": "debian+default",
            "hypervisor": hypervisor, "hvparams": {}, "beparams": {}, "osparams": {}, "osparams_private": {},
            "admin_state": "down", "admin_state_source": "admin", "nics": [self.default_nic()], "disks": [],
            "disks_active": false, "tags": [], "serial_no": 1, "ctime": self.time(), "mtime": self.time(),
        });
        if needs_port(&hypervisor) {
            instance["network_port"] = self.take_port().into();
        }
        self.store::<Instance>(made(&instance));
        let id = InstanceId::new(id);
        self.default_nics.insert(id.clone());
        let enabled = |template: &DiskTemplate| {
            self.state.cluster.enabled_disk_templates.iter().any(|it| it == template.as_str())
        };
        let template = [DiskTemplate::Plain, DiskTemplate::File, DiskTemplate::SharedFile].into_iter().find(enabled);
        if let Some(template) = template {
            self.add_disk_of(&id, template, GiB(1).into(), line);
            self.default_disks.insert(id.clone());
        }
        id
    }

    /// Returns the first node in service that can run instances, or the first one that could.
    #[track_caller]
    fn first_node(&self) -> NodeId {
        let able = || self.state.nodes.iter().filter(|(_, node)| node.vm_capable);
        let in_service = able().find(|(_, node)| !node.offline && !node.drained);
        match in_service.or_else(|| able().next()) {
            Some((id, _)) => id.clone(),
            None => mistake("no node can run instances: all are marked as not able to"),
        }
    }

    /// Refuses a node that can't run instances.
    #[track_caller]
    pub(super) fn able_node(&self, name: &str) -> NodeId {
        let id = self.id_of::<Node>(name);
        if !self.object(&id).vm_capable {
            mistake(format!("node '{}' can't run instances: it is marked as not able to", self.called(&id)));
        }
        id
    }
}

impl InstanceBuilder<'_> {
    /// Returns the instance's uuid.
    #[must_use]
    pub fn id(&self) -> InstanceId {
        self.id.clone()
    }

    /// Makes a node the primary one. Local disks move with the instance; of a mirrored one, the former primary side
    /// does, unless the node is its other side already.
    ///
    /// # Panics
    /// There is no such node, or it can't run instances.
    #[track_caller]
    pub fn on(self, node: &str) -> Self {
        let line = Location::caller();
        let node = self.config.able_node(node);
        self.config.move_to(&self.id, &node, line);
        self
    }

    /// Makes a node the other side of all mirrored disks.
    ///
    /// # Panics
    /// There is no such node, it can't run instances, or is the primary one; or no disk is mirrored.
    ///
    /// ```
    /// use testlib::{GiB, clusters};
    ///
    /// let mut config = clusters::three_nodes_five_instances();
    /// config.instance("web2").secondary("node3");
    /// ```
    #[track_caller]
    pub fn secondary(self, node: &str) -> Self {
        let line = Location::caller();
        let node = self.config.able_node(node);
        self.config.mirror_to(&self.id, &node, line);
        self
    }

    /// Wants the instance running, with its disks active.
    ///
    /// # Panics
    /// It is only planned.
    #[track_caller]
    pub fn up(self) -> Self {
        let line = Location::caller();
        if self.config.object(&self.id).forthcoming {
            mistake(format!("instance '{}' is only planned: it can't be up", self.config.called(&self.id)));
        }
        self.state(line, AdminState::Up, AdminSource::Admin, true)
    }

    /// Wants the instance stopped, with its disks inactive.
    #[track_caller]
    pub fn down(self) -> Self {
        self.state(Location::caller(), AdminState::Down, AdminSource::Admin, false)
    }

    /// Wants the instance stopped and not to be started.
    #[track_caller]
    pub fn offline(self) -> Self {
        self.state(Location::caller(), AdminState::Offline, AdminSource::Admin, false)
    }

    /// Has the instance stopped by its user, from within: its disks are still active. The cluster allows that from
    /// then on, and (with KVM) the instance is watched for it.
    ///
    /// # Panics
    /// It is only planned.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.instance("web1").stopped_by_user();
    /// assert!(config.snapshot().cluster.enabled_user_shutdown);
    /// ```
    #[track_caller]
    pub fn stopped_by_user(self) -> Self {
        let line = Location::caller();
        let instance = self.config.object(&self.id);
        if instance.forthcoming {
            mistake(format!("instance '{}' is only planned: nobody can stop it", self.config.called(&self.id)));
        }
        self.config.change(|draft| draft.update_cluster(|cluster| cluster.enabled_user_shutdown = true));
        let watched = instance.hypervisor == Hypervisor::Kvm.as_str();
        let this = if watched { self.hvparam("user_shutdown", true) } else { self };
        this.state(line, AdminState::Down, AdminSource::User, true)
    }

    /// Sets whether the disks are wanted active, whatever the state of the instance.
    #[track_caller]
    pub fn disks_active(self, active: bool) -> Self {
        self.set(Location::caller(), |instance| instance.disks_active = active)
    }

    /// Makes the instance one that is only planned: nothing of it, disks included, exists on nodes. It is wanted
    /// stopped.
    #[track_caller]
    pub fn forthcoming(self) -> Self {
        let line = Location::caller();
        for disk in self.config.object(&self.id).disks.clone() {
            self.config.put(&disk, line, |disk| disk.forthcoming = true);
        }
        self.set(line, |instance| instance.forthcoming = true).state(line, AdminState::Down, AdminSource::Admin, false)
    }

    /// Sets the operating system, with its variant: `debian+wheezy`.
    #[track_caller]
    pub fn os(self, os: &str) -> Self {
        self.set(Location::caller(), |instance| os.clone_into(&mut instance.os))
    }

    /// Sets the hypervisor, and enables it.
    ///
    /// # Panics
    /// There is no such hypervisor, or it has not the parameters that were set before.
    #[track_caller]
    pub fn hypervisor(self, name: &str) -> Self {
        let line = Location::caller();
        let table = hypervisor(name).parameters();
        let instance = self.config.object(&self.id);
        if let Some(key) = instance.hvparams.keys().find(|key| table.get(key).is_none()) {
            mistake(format!(
                "'{name}' has no parameter '{key}', which instance '{}' has",
                self.config.called(&self.id)
            ));
        }
        if !self.config.state.cluster.enabled_hypervisors.iter().any(|it| it == name) {
            self.config.change(|draft| draft.update_cluster(|it| it.enabled_hypervisors.push(name.to_owned())));
        }
        let port = match (needs_port(name), instance.network_port) {
            (true, None) => Some(self.config.take_port()),
            (true, port) => port,
            (false, port) => {
                self.config.give_ports_back(port);
                None
            }
        };
        self.set(line, |instance| {
            name.clone_into(&mut instance.hypervisor);
            instance.network_port = port;
        })
    }

    /// Sets a hypervisor parameter of this instance.
    ///
    /// # Panics
    /// Its hypervisor has no such parameter, the value is of another type, or only the cluster can have it.
    #[track_caller]
    pub fn hvparam(self, key: &str, value: impl Into<Value>) -> Self {
        let of = self.config.object(&self.id).hypervisor.clone();
        let table = hypervisor(&of).parameters();
        let value = own_parameter(&format!("parameter of '{of}'"), &table, key, value, "the cluster");
        self.set(Location::caller(), |instance| drop(instance.hvparams.insert(key.to_owned(), value)))
    }

    /// Sets a backend parameter of this instance; `memory` stands for both its limits.
    ///
    /// # Panics
    /// There is no such parameter, or the value is of another type.
    #[track_caller]
    pub fn beparam(self, key: &str, value: impl Into<Value>) -> Self {
        let value = own_parameter("backend parameter", &tables::BACKEND_COMPAT, key, value, "the cluster");
        self.set(Location::caller(), |instance| {
            instance.beparams.insert(key.to_owned(), value);
            upgrade_be(&mut instance.beparams);
        })
    }

    /// Sets the least and the most memory.
    ///
    /// # Panics
    /// The least is more than the most.
    #[track_caller]
    pub fn memory(self, least: impl Into<Mebibytes>, most: impl Into<Mebibytes>) -> Self {
        let (least, most) = (least.into(), most.into());
        if least > most {
            mistake(format!("the least memory ({} MiB) is more than the most ({} MiB)", least.0, most.0));
        }
        self.set(Location::caller(), |instance| {
            instance.beparams.insert("minmem".to_owned(), least.stored().into());
            instance.beparams.insert("maxmem".to_owned(), most.stored().into());
        })
    }

    /// Sets a parameter of its operating system's scripts.
    #[track_caller]
    pub fn osparam(self, key: &str, value: &str) -> Self {
        self.set(Location::caller(), |instance| drop(instance.osparams.insert(key.to_owned(), value.into())))
    }

    /// Sets one that must not show: give it a text that can be searched for.
    #[track_caller]
    pub fn osparam_private(self, key: &str, value: &str) -> Self {
        self.set(Location::caller(), |instance| drop(instance.osparams_private.0.insert(key.to_owned(), value.into())))
    }

    /// Adds a network interface. The first one takes the place of the one that every new instance has.
    ///
    /// # Panics
    /// There is no such network, it is not connected to the group of the instance's node, the address is not free or
    /// none; the hardware address is in use or none; an interface in a network has a mode of its own.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.network("net1");
    /// config.group("default").connected("net1", "bridged", "br1");
    /// config.instance("web1").nic(|nic| nic.network("net1").ip("10.0.1.7")).nic(|nic| nic);
    /// ```
    #[track_caller]
    pub fn nic(self, nic: impl FnOnce(NicBuilder) -> NicBuilder) -> Self {
        self.config.add_nic(&self.id, nic(NicBuilder::default()), Location::caller());
        self
    }

    /// Takes all network interfaces away.
    #[track_caller]
    pub fn no_nics(self) -> Self {
        self.config.default_nics.remove(&self.id);
        self.config.remove_nics(&self.id, Location::caller());
        self
    }

    /// Adds a tag.
    ///
    /// # Panics
    /// It is no valid tag.
    #[track_caller]
    pub fn tag(self, tag: &str) -> Self {
        let tag = valid_tag(tag);
        self.set(Location::caller(), |instance| instance.tags.extend([tag]))
    }

    /// Changes whatever has no setter. Nothing is checked but what [`MockConfig::check`] checks.
    ///
    /// # Panics
    /// The uuid was changed.
    #[track_caller]
    pub fn change(self, change: impl FnOnce(&mut Instance)) -> Self {
        self.config.put_by_hand(&self.id, change);
        self
    }

    pub(super) fn set(self, line: Line, change: impl FnOnce(&mut Instance)) -> Self {
        self.config.put(&self.id, line, change);
        self
    }

    fn state(self, line: Line, state: AdminState, source: AdminSource, active: bool) -> Self {
        self.set(line, |instance| {
            instance.admin_state = state;
            instance.admin_state_source = source;
            instance.disks_active = active;
        })
    }
}
