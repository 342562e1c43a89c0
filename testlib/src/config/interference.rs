//! What another job would do to a cluster: take objects away, move and rename them.

use std::panic::Location;

use cmdlib::ids::{GroupId, NodeId};
use cmdlib::objects::{Instance, Network, Node, NodeGroup};
use cmdlib::params::DiskTemplate;

use super::MockConfig;
use super::mistake::{listed, mistake};

impl MockConfig {
    /// Takes an instance away, with its disks; its addresses and ports are free again.
    ///
    /// # Panics
    /// There is no such instance.
    ///
    /// ```
    /// use testlib::clusters;
    ///
    /// let mut config = clusters::three_nodes_five_instances();
    /// config.remove_instance("web2");
    /// config.check().unwrap();
    /// ```
    #[track_caller]
    pub fn remove_instance(&mut self, name: &str) -> &mut Self {
        let line = Location::caller();
        let id = self.id_of::<Instance>(name);
        self.remove_nics(&id, line);
        self.remove_disks(&id, line);
        let port = self.object(&id).network_port;
        self.give_ports_back(port);
        self.default_disks.remove(&id);
        self.default_nics.remove(&id);
        self.forget(|draft| draft.remove(&id).is_ok(), id.as_str());
        self
    }

    /// Takes a node away.
    ///
    /// # Panics
    /// There is no such node, it is the master, or instances have their run or disks on it.
    ///
    /// ```
    /// use testlib::clusters;
    ///
    /// let mut config = clusters::three_nodes();
    /// config.remove_node("node3");
    /// assert_eq!(config.snapshot().nodes.len(), 2);
    /// ```
    #[track_caller]
    pub fn remove_node(&mut self, name: &str) -> &mut Self {
        let line = Location::caller();
        let id = self.id_of::<Node>(name);
        let name = self.called(&id);
        if self.state.cluster.master_node == id {
            mistake(format!("node '{name}' is the master, which can't go"));
        }
        let instances: Vec<String> = self.state.instances_of_node(&id).iter().map(|it| self.called(it)).collect();
        if !instances.is_empty() {
            let instances = listed(instances.iter().map(String::as_str));
            mistake(format!("node '{name}' can't go: there are instances on it ({instances})"));
        }
        self.forget(|draft| draft.remove(&id).is_ok(), id.as_str());
        self.settle_roles(line);
        self
    }

    /// Takes a node group away.
    ///
    /// # Panics
    /// There is no such group, it has nodes, or is the last one.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.group("rack-b");
    /// config.remove_group("rack-b");
    /// ```
    #[track_caller]
    pub fn remove_group(&mut self, name: &str) -> &mut Self {
        let id = self.id_of::<NodeGroup>(name);
        let members: Vec<String> = self.state.members(&id).iter().map(|it| self.called(it)).collect();
        if !members.is_empty() {
            let members = listed(members.iter().map(String::as_str));
            mistake(format!("node group '{name}' can't go: there are nodes in it ({members})"));
        }
        if self.state.nodegroups.len() == 1 {
            mistake(format!("node group '{name}' can't go: it is the last one"));
        }
        self.forget(|draft| draft.remove(&id).is_ok(), id.as_str());
        self
    }

    /// Takes a network away, and its connections to groups.
    ///
    /// # Panics
    /// There is no such network, or an instance is in it.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.network("net1");
    /// config.group("default").connected("net1", "bridged", "br1");
    /// config.remove_network("net1");
    /// config.check().unwrap();
    /// ```
    #[track_caller]
    pub fn remove_network(&mut self, name: &str) -> &mut Self {
        let line = Location::caller();
        let id = self.id_of::<Network>(name);
        let inside = |it: &&std::sync::Arc<Instance>| it.nics.iter().any(|nic| nic.network.as_ref() == Some(&id));
        let instances: Vec<&str> =
            self.state.instances.values().filter(inside).map(|it| self.short_name(&it.name)).collect();
        if !instances.is_empty() {
            mistake(format!("network '{name}' can't go: there are instances in it ({})", listed(instances)));
        }
        let connected = |group: &&GroupId| self.object(group).networks.contains_key(id.as_str());
        let groups: Vec<GroupId> = self.state.nodegroups.ids().filter(connected).cloned().collect();
        for group in groups {
            self.put(&group, line, |group| drop(group.networks.shift_remove(id.as_str())));
        }
        self.forget(|draft| draft.remove(&id).is_ok(), id.as_str());
        self
    }

    /// Renames an instance, and the files of its disks with it.
    ///
    /// # Panics
    /// There is no such instance, or one has the new name.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.instance("web1");
    /// config.rename_instance("web1", "shop1");
    /// config.id_of_instance("shop1");
    /// ```
    #[track_caller]
    pub fn rename_instance(&mut self, old: &str, new: &str) -> &mut Self {
        let line = Location::caller();
        let id = self.id_of::<Instance>(old);
        let new = self.full_name::<Instance>(new);
        if self.state.named::<Instance>(&new).is_ok() {
            mistake(format!("there is an instance '{}' already", self.short_name(&new)));
        }
        let instance = self.object(&id);
        for disk in &instance.disks {
            if matches!(self.object(disk).dev_type, DiskTemplate::File | DiskTemplate::SharedFile) {
                self.put(disk, line, |disk| {
                    if let Some((driver, path)) = disk.logical_id.as_pair() {
                        let path = path.replace(&format!("/{}/", instance.name), &format!("/{new}/"));
                        disk.logical_id = cmdlib::objects::LogicalId::pair(driver, path);
                    }
                });
            }
        }
        self.put(&id, line, |instance| instance.name = new);
        self
    }

    /// Moves an instance to another node, as [`on`](super::InstanceBuilder::on): a mirrored one changes sides, where
    /// the node is its other side.
    ///
    /// # Panics
    /// There is no such instance or node, or the node can't run instances.
    ///
    /// ```
    /// use testlib::clusters;
    ///
    /// let mut config = clusters::three_nodes_five_instances();
    /// config.move_instance("web2", "node2");
    /// ```
    #[track_caller]
    pub fn move_instance(&mut self, name: &str, node: &str) -> &mut Self {
        let line = Location::caller();
        let id = self.id_of::<Instance>(name);
        let node = self.able_node(node);
        self.move_to(&id, &node, line);
        self
    }

    /// Moves a node to another group.
    ///
    /// # Panics
    /// There is no such node or group.
    ///
    /// ```
    /// use testlib::clusters;
    ///
    /// let mut config = clusters::two_groups();
    /// config.move_node("node2", "rack-b");
    /// ```
    #[track_caller]
    pub fn move_node(&mut self, name: &str, group: &str) -> &mut Self {
        let line = Location::caller();
        let id: NodeId = self.id_of::<Node>(name);
        let group = self.id_of::<NodeGroup>(group);
        self.put(&id, line, |node| node.group = group);
        self
    }

    fn forget(&mut self, remove: impl FnOnce(&mut cmdlib::config::Draft) -> bool, id: &str) {
        let removed = self.change(remove);
        debug_assert!(removed, "it was looked up before");
        self.lines.forget(id);
    }
}
