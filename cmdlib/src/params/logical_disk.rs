//! From the parameters of a disk template to those of the devices that a disk is made of.

use serde_json::Value;

use super::Params;
use super::disk_template::DiskTemplate;
use super::table::{Table, fill};
use super::tables;

/// Where a DRBD device gets each parameter from: its own name, and the template's.
const DRBD: &[(&str, &str)] = &[
    ("c-delay-target", "c-delay-target"),
    ("c-fill-target", "c-fill-target"),
    ("c-max-rate", "c-max-rate"),
    ("c-min-rate", "c-min-rate"),
    ("c-plan-ahead", "c-plan-ahead"),
    ("default-metavg", "metavg"),
    ("disable-meta-flush", "meta-barriers"),
    ("disabled-barriers", "disk-barriers"),
    ("disk-custom", "disk-custom"),
    ("dynamic-resync", "dynamic-resync"),
    ("net-custom", "net-custom"),
    ("protocol", "protocol"),
    ("resync-rate", "resync-rate"),
];

/// Parameters of each device that a disk of this template is made of, the upper one first: for DRBD the device, its data
/// volume and its meta volume; one device else (ganeti 3.1, objects.py, `Disk.ComputeLDParams`).
///
/// `params` are those of the template; what they lack is taken from its defaults, what it does not know is left out.
///
/// ```
/// use cmdlib::params::{DiskTemplate, logical_disk_params};
///
/// let mut params = DiskTemplate::Drbd.parameters().defaults();
/// params.insert("metavg".into(), "fast".into());
/// params.insert("meta-stripes".into(), 2.into());
/// let [device, data, meta] = &logical_disk_params(DiskTemplate::Drbd, &params)[..] else { panic!() };
/// assert_eq!((&device["default-metavg"], &data["stripes"], &meta["stripes"]), (&"fast".into(), &1.into(), &2.into()));
/// ```
pub fn logical_disk_params(template: DiskTemplate, params: &Params) -> Vec<Params> {
    let params = fill(&template.parameters().defaults(), params);
    let plain = tables::of_logical_disk(DiskTemplate::Plain);
    let own = tables::of_logical_disk(template);
    match template {
        DiskTemplate::Drbd => vec![
            taken(own, DRBD, &params),
            taken(plain, &[("stripes", "data-stripes")], &params),
            taken(plain, &[("stripes", "meta-stripes")], &params),
        ],
        _ => {
            let names: Vec<(&str, &str)> = own.names().into_iter().map(|name| (name, name)).collect();
            vec![taken(own, &names, &params)]
        }
    }
}

/// The defaults of a device, overridden by what the template has under other names.
fn taken(device: Table, names: &[(&str, &str)], params: &Params) -> Params {
    let value = |(own, theirs): &(&str, &str)| Some(((*own).to_owned(), Value::clone(params.get(*theirs)?)));
    fill(&device.defaults(), &names.iter().filter_map(value).collect())
}
