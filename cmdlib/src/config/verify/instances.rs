//! The instances: their nodes, disks and parameters.

use indexmap::IndexSet;

use super::{FindingKind, Judge, instance_name, reference};
use crate::ids::DiskId;
use crate::objects::Instance;

impl Judge<'_> {
    pub(super) fn instances(&mut self) {
        let data = self.data;
        self.filing(&data.instances);
        for instance in data.instances.values() {
            let name = instance_name(instance);
            let primary = &instance.primary_node;
            let planned = instance.forthcoming && primary.is_empty();
            if !planned && data.nodes.get(primary).is_none() {
                let text = format!("the primary node of instance '{name}' is {}", reference(primary));
                self.find(FindingKind::PrimaryNodeGone, text);
            }
            self.backend_parameters(|| format!("instance '{name}'"), &instance.beparams);
            for (index, nic) in instance.nics.iter().enumerate() {
                self.nic_parameters(|| format!("network interface {index} of instance '{name}'"), &nic.nicparams);
            }
        }
        let mut attached = IndexSet::new();
        for instance in data.instances.values() {
            self.attached_disks(instance, &mut attached);
        }
    }

    fn attached_disks<'a>(&mut self, instance: &'a Instance, attached: &mut IndexSet<&'a DiskId>) {
        let name = instance_name(instance);
        for (index, id) in instance.disks.iter().enumerate() {
            if !attached.insert(id) {
                let text = format!("disk {index} of instance '{name}' is attached elsewhere as well ({id})");
                self.find(FindingKind::DiskAttachedTwice, text);
            }
            let Some(disk) = self.data.disks.get(id) else {
                let text = format!("disk {index} of instance '{name}' is {id}, which is not in the configuration");
                self.find(FindingKind::DiskOfInstanceGone, text);
                continue;
            };
            if disk.iv_name.strip_prefix("disk/") != Some(index.to_string().as_str()) {
                let called = &disk.iv_name;
                let text = format!("disk {index} of instance '{name}' is called '{called}' and not 'disk/{index}'");
                self.find(FindingKind::DiskPlaceName, text);
            }
        }
    }
}
