//! Instance policies filled from the levels above: a missing entry is the default's, `std` is filled key by key, `minmax` is
//! taken whole, and templates that the cluster does not use count as not allowed.
//!
//! Source: ganeti 3.1, objects.py, and constants: `IPOLICY_DEFAULTS`.

use serde_json::{Value, json};

use crate::config::data::Data;
use crate::field::Params;
use crate::objects::NodeGroup;
use crate::params::DiskTemplate;

/// The entry that lists the allowed disk templates.
pub(crate) const TEMPLATES: &str = "disk-templates";

impl Data {
    /// Returns the instance policy of the cluster.
    #[must_use]
    pub fn cluster_ipolicy(&self) -> Params {
        let mut filled = Params::clone(&self.cluster.ipolicy);
        for (key, default) in defaults() {
            match (filled.get_mut(&key), default) {
                (None, default) => drop(filled.insert(key, default)),
                (Some(Value::Object(stored)), Value::Object(default)) if key == "std" => {
                    for (spec, value) in default {
                        stored.entry(spec).or_insert(value);
                    }
                }
                _ => {}
            }
        }
        self.cut_to_enabled(filled)
    }

    /// Returns a group's instance policy, filled from the cluster's: `std` and unset entries are the cluster's.
    #[must_use]
    pub fn group_ipolicy(&self, group: &NodeGroup) -> Params {
        let mut filled = self.cluster_ipolicy();
        for (key, value) in &group.ipolicy {
            match (key.as_str(), filled.get_mut(key), value) {
                ("std", Some(Value::Object(base)), Value::Object(over)) => {
                    base.extend(over.iter().map(|(key, value)| (key.clone(), value.clone())));
                }
                _ => drop(filled.insert(key.clone(), value.clone())),
            }
        }
        self.cut_to_enabled(filled)
    }

    fn cut_to_enabled(&self, mut policy: Params) -> Params {
        let enabled = &self.cluster.enabled_disk_templates;
        if let (Some(Value::Array(allowed)), false) = (policy.get_mut(TEMPLATES), enabled.is_empty()) {
            allowed.retain(|template| template.as_str().is_none_or(|name| enabled.iter().any(|it| it == name)));
        }
        policy
    }
}

fn defaults() -> Params {
    let specs = |cpus: i64, disks: i64, disk_mib: i64, memory_mib: i64, nics: i64, spindles: i64| {
        json!({
            "cpu-count": cpus, "disk-count": disks, "disk-size": disk_mib,
            "memory-size": memory_mib, "nic-count": nics, "spindle-use": spindles,
        })
    };
    let least = specs(1, 1, 1024, 128, 1, 1);
    Params::from_iter([
        (TEMPLATES.to_owned(), DiskTemplate::ALL.map(DiskTemplate::as_str).to_vec().into()),
        ("minmax".to_owned(), json!([{"max": specs(8, 16, 1_048_576, 32_768, 8, 12), "min": least.clone()}])),
        ("spindle-ratio".to_owned(), 32.0.into()),
        ("std".to_owned(), least),
        ("vcpu-ratio".to_owned(), 4.0.into()),
    ])
}
