//! The cluster itself.

use std::panic::Location;
use std::sync::Arc;

use cmdlib::objects::{Cluster, Instance};
use cmdlib::params::{DiskTemplate, tables};
use serde_json::Value;

use super::MockConfig;
use super::counted::CLUSTER_ID;
use super::mistake::{mistake, typed};
use super::parameters::{hypervisor, limits, policy_entry, template, valid_tag};

impl MockConfig {
    /// Changes whatever of the cluster has no setter. Nothing is checked but what [`MockConfig::check`] checks.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.cluster(|cluster| cluster.prealloc_wipe_disks = true);
    /// ```
    #[track_caller]
    pub fn cluster(&mut self, change: impl FnOnce(&mut Cluster)) -> &mut Self {
        self.change(|draft| draft.update_cluster(change));
        self.lines.note(CLUSTER_ID, Location::caller());
        self
    }

    /// Adds a tag to the cluster.
    ///
    /// # Panics
    /// It is no valid tag.
    ///
    /// ```
    /// testlib::MockConfig::new().tag("production");
    /// ```
    #[track_caller]
    pub fn tag(&mut self, tag: &str) -> &mut Self {
        let tag = valid_tag(tag);
        self.cluster(|cluster| cluster.tags.extend([tag]))
    }

    /// Sets the hypervisors in use; the first is the default.
    ///
    /// # Panics
    /// There is no such hypervisor, none is given, or an instance runs with another one.
    ///
    /// ```
    /// testlib::MockConfig::new().enabled_hypervisors(["xen-pvm", "kvm"]);
    /// ```
    #[track_caller]
    pub fn enabled_hypervisors<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> &mut Self {
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        for name in &names {
            hypervisor(name);
        }
        if names.is_empty() {
            mistake("a cluster needs a hypervisor");
        }
        if let Some(instance) = self.state.instances.values().find(|it| !names.contains(&it.hypervisor)) {
            mistake(format!("instance '{}' runs with '{}'", self.short_name(&instance.name), instance.hypervisor));
        }
        self.cluster(|cluster| cluster.enabled_hypervisors = names)
    }

    /// Sets the disk templates in use; the first is the default. The policy allows no others then.
    ///
    /// # Panics
    /// There is no such template, none is given, or an instance has disks of another one.
    ///
    /// ```
    /// testlib::MockConfig::new().enabled_disk_templates(["file", "diskless"]);
    /// ```
    #[track_caller]
    pub fn enabled_disk_templates<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> &mut Self {
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        for name in &names {
            template(name);
        }
        if names.is_empty() {
            mistake("a cluster needs a disk template");
        }
        for instance in self.state.instances.values() {
            self.only_templates(instance, &names);
        }
        self.cluster(|cluster| {
            let allowed = cluster.ipolicy.get("disk-templates").and_then(Value::as_array).cloned().unwrap_or_default();
            let enabled = |name: &Value| names.iter().any(|it| name == it);
            let mut allowed: Vec<Value> = allowed.into_iter().filter(enabled).collect();
            if allowed.is_empty() {
                allowed = names.iter().map(|name| name.as_str().into()).collect();
            }
            Arc::make_mut(&mut cluster.ipolicy).insert("disk-templates".to_owned(), allowed.into());
            cluster.enabled_disk_templates = names;
        })
    }

    #[track_caller]
    fn only_templates(&self, instance: &Instance, names: &[String]) {
        let disks = instance.disks.iter().filter_map(|id| self.state.get(id).ok());
        let mut used: Vec<DiskTemplate> = disks.map(|disk| disk.dev_type).collect();
        if used.is_empty() {
            used.push(DiskTemplate::Diskless);
        }
        if let Some(other) = used.into_iter().find(|used| !names.iter().any(|it| it == used.as_str())) {
            mistake(format!("instance '{}' has the disk template '{other}'", self.short_name(&instance.name)));
        }
    }

    /// Takes LVM away: no volume group, no plain and no mirrored disks.
    ///
    /// # Panics
    /// An instance has such disks.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.no_lvm();
    /// config.instance("web1"); // its disk is a file
    /// config.check().unwrap();
    /// ```
    #[track_caller]
    pub fn no_lvm(&mut self) -> &mut Self {
        let lvm = |name: &&String| DiskTemplate::parse(name).is_some_and(DiskTemplate::lvm);
        let cluster = Arc::clone(&self.state.cluster);
        let others = cluster.enabled_disk_templates.iter().filter(|name| !lvm(name)).map(String::as_str);
        self.enabled_disk_templates(others).cluster(|cluster| {
            cluster.volume_group_name = None;
            cluster.drbd_usermode_helper = None;
        })
    }

    /// Makes all nodes single-homed, and those that are made later: disks are mirrored over the primary addresses.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.single_homed().node("node2");
    /// let node2 = config.snapshot().get(&config.id_of_node("node2")).unwrap();
    /// assert_eq!(node2.secondary_ip, node2.primary_ip);
    /// ```
    #[track_caller]
    pub fn single_homed(&mut self) -> &mut Self {
        let line = Location::caller();
        let nodes: Vec<_> = self.state.nodes.ids().cloned().collect();
        for id in nodes {
            self.put(&id, line, |node| node.secondary_ip.clone_from(&node.primary_ip));
        }
        self
    }

    /// Sets how many master candidates are wanted, and makes more of them if there are too few. More than that may
    /// stay.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.node("node2");
    /// config.candidate_pool_size(1);
    /// assert!(config.snapshot().nodes.values().all(|node| node.master_candidate));
    /// config.check().unwrap();
    /// ```
    #[track_caller]
    pub fn candidate_pool_size(&mut self, wanted: u32) -> &mut Self {
        self.cluster(|cluster| cluster.candidate_pool_size = wanted.into());
        self.settle_roles(Location::caller());
        self
    }

    /// Sets the allocator that is asked when none is named.
    ///
    /// ```
    /// testlib::MockConfig::new().default_iallocator("hail");
    /// ```
    #[track_caller]
    pub fn default_iallocator(&mut self, name: &str) -> &mut Self {
        self.cluster(|cluster| name.clone_into(&mut cluster.default_iallocator))
    }

    /// Hides an operating system from lists.
    ///
    /// ```
    /// testlib::MockConfig::new().hidden_os("debian+wheezy").blacklisted_os("lenny");
    /// ```
    #[track_caller]
    pub fn hidden_os(&mut self, os: &str) -> &mut Self {
        self.cluster(|cluster| cluster.hidden_os.extend([os.to_owned()]))
    }

    /// Keeps an operating system from being used.
    #[track_caller]
    pub fn blacklisted_os(&mut self, os: &str) -> &mut Self {
        self.cluster(|cluster| cluster.blacklisted_os.extend([os.to_owned()]))
    }

    /// Sets a parameter of an operating system's scripts.
    ///
    /// ```
    /// testlib::MockConfig::new().osparam("debian", "dhcp", "yes").osparam_private("debian", "rootpw", "marker-1");
    /// ```
    #[track_caller]
    pub fn osparam(&mut self, os: &str, key: &str, value: &str) -> &mut Self {
        self.cluster(|cluster| {
            cluster.osparams.entry(os.to_owned()).or_default().insert(key.to_owned(), value.into());
        })
    }

    /// Sets one that must not show: give it a text that can be searched for.
    #[track_caller]
    pub fn osparam_private(&mut self, os: &str, key: &str, value: &str) -> &mut Self {
        self.cluster(|cluster| {
            let params = cluster.osparams_private_cluster.entry(os.to_owned()).or_default();
            params.0.insert(key.to_owned(), value.into());
        })
    }

    /// Sets a hypervisor parameter.
    ///
    /// # Panics
    /// There is no such hypervisor or parameter, or the value is of another type.
    ///
    /// ```
    /// testlib::MockConfig::new().hvparam("kvm", "kernel_path", "");
    /// ```
    #[track_caller]
    pub fn hvparam(&mut self, of: &str, key: &str, value: impl Into<Value>) -> &mut Self {
        let value = typed(&format!("parameter of '{of}'"), &hypervisor(of).parameters(), key, value);
        self.cluster(|cluster| {
            drop(Arc::make_mut(&mut cluster.hvparams).entry(of.to_owned()).or_default().insert(key.to_owned(), value));
        })
    }

    /// Sets a hypervisor parameter for the instances with an operating system.
    ///
    /// # Panics
    /// There is no such hypervisor or parameter, or the value is of another type.
    ///
    /// ```
    /// testlib::MockConfig::new().os_hvparam("debian+default", "kvm", "acpi", false);
    /// ```
    #[track_caller]
    pub fn os_hvparam(&mut self, os: &str, of: &str, key: &str, value: impl Into<Value>) -> &mut Self {
        let value = typed(&format!("parameter of '{of}'"), &hypervisor(of).parameters(), key, value);
        self.cluster(|cluster| {
            let of_os = cluster.os_hvp.entry(os.to_owned()).or_default();
            of_os.entry(of.to_owned()).or_default().insert(key.to_owned(), value);
        })
    }

    /// Sets a backend parameter.
    ///
    /// # Panics
    /// There is no such parameter, or the value is of another type.
    ///
    /// ```
    /// testlib::MockConfig::new().beparam("maxmem", 1024);
    /// ```
    #[track_caller]
    pub fn beparam(&mut self, key: &str, value: impl Into<Value>) -> &mut Self {
        let value = typed("backend parameter", &tables::BACKEND, key, value);
        self.cluster(|cluster| {
            cluster.beparams.entry("default".to_owned()).or_default().insert(key.to_owned(), value);
        })
    }

    /// Sets a parameter of network interfaces: `mode`, `link` or `vlan`.
    ///
    /// # Panics
    /// There is no such parameter, or the value is of another type.
    ///
    /// ```
    /// testlib::MockConfig::new().nicparam("mode", "openvswitch").nicparam("vlan", ".7");
    /// ```
    #[track_caller]
    pub fn nicparam(&mut self, key: &str, value: impl Into<Value>) -> &mut Self {
        let value = typed("interface parameter", &tables::NIC, key, value);
        self.cluster(|cluster| {
            cluster.nicparams.entry("default".to_owned()).or_default().insert(key.to_owned(), value);
        })
    }

    /// Sets a node parameter.
    ///
    /// # Panics
    /// There is no such parameter, or the value is of another type.
    ///
    /// ```
    /// testlib::MockConfig::new().ndparam("exclusive_storage", true);
    /// ```
    #[track_caller]
    pub fn ndparam(&mut self, key: &str, value: impl Into<Value>) -> &mut Self {
        let value = typed("node parameter", &tables::NODE, key, value);
        self.cluster(|cluster| drop(cluster.ndparams.insert(key.to_owned(), value)))
    }

    /// Sets a parameter of a disk template.
    ///
    /// # Panics
    /// There is no such template or parameter, or the value is of another type.
    ///
    /// ```
    /// testlib::MockConfig::new().diskparam("drbd", "metavg", "fastvg");
    /// ```
    #[track_caller]
    pub fn diskparam(&mut self, of: &str, key: &str, value: impl Into<Value>) -> &mut Self {
        let value = typed(&format!("parameter of disk template '{of}'"), &template(of).parameters(), key, value);
        self.cluster(|cluster| {
            drop(
                Arc::make_mut(&mut cluster.diskparams).entry(of.to_owned()).or_default().insert(key.to_owned(), value),
            );
        })
    }

    /// Sets an entry of the instance policy, such as `vcpu-ratio` or `disk-templates`.
    ///
    /// # Panics
    /// There is no such entry.
    ///
    /// ```
    /// testlib::MockConfig::new().ipolicy("vcpu-ratio", 2.0).ipolicy_max("memory-size", 1024);
    /// ```
    #[track_caller]
    pub fn ipolicy(&mut self, key: &str, value: impl Into<Value>) -> &mut Self {
        policy_entry(key);
        let value = value.into();
        self.cluster(|cluster| drop(Arc::make_mut(&mut cluster.ipolicy).insert(key.to_owned(), value)))
    }

    /// Sets the least of something that an instance must have: `memory-size` and `disk-size` in MiB, `cpu-count`,
    /// `disk-count`, `nic-count`, `spindle-use`.
    ///
    /// # Panics
    /// There is no such specification.
    #[track_caller]
    pub fn ipolicy_min(&mut self, key: &str, least: u64) -> &mut Self {
        let limits = limits(&self.state.cluster.ipolicy, "min", key, least);
        self.cluster(|cluster| drop(Arc::make_mut(&mut cluster.ipolicy).insert("minmax".to_owned(), limits)))
    }

    /// Sets the most of something that an instance may have, as [`ipolicy_min`](Self::ipolicy_min) the least.
    ///
    /// # Panics
    /// There is no such specification.
    #[track_caller]
    pub fn ipolicy_max(&mut self, key: &str, most: u64) -> &mut Self {
        let limits = limits(&self.state.cluster.ipolicy, "max", key, most);
        self.cluster(|cluster| drop(Arc::make_mut(&mut cluster.ipolicy).insert("minmax".to_owned(), limits)))
    }
}
