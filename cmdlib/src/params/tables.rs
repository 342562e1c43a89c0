//! The parameters of backends, NICs, nodes and disks, and the keys of disk and NIC dictionaries.
//!
//! Names, kinds, defaults and scopes are those of ganeti 3.1 (`_constants.py`, generated from `src/Ganeti/Constants.hs`);
//! the name of the constant stands at each table. Rows are sorted by name, as the maps of the reference are.

use super::disk_template::DiskTemplate;
use super::hypervisor;
use super::kinds::Kind;
use super::table::{Row, Table, flag, float, int, maybe_text, size_mib, text};

/// Backend parameters of instances (`BEC_DEFAULTS`).
pub const BACKEND: Table = Table { parts: &[BACKEND_ROWS] };

/// Backend parameters and the older `memory`, which [`upgrade_be`](super::upgrade_be) replaces (`BES_PARAMETER_COMPAT`).
pub const BACKEND_COMPAT: Table = Table { parts: &[BACKEND_ROWS, &[Row::new("memory", Kind::Size)]] };

const BACKEND_ROWS: &[Row] = &[
    flag("always_failover", false),
    flag("auto_balance", true),
    size_mib("maxmem", 128),
    size_mib("minmem", 128),
    int("spindle_use", 1),
    int("vcpus", 1),
];

/// Any parameter of any hypervisor (`HVS_PARAMETER_TYPES`): opcodes are typed by it, and
/// [`check_syntax`](super::check_syntax) then refuses what the hypervisor at hand does not have.
pub const HYPERVISOR: Table = Table { parts: hypervisor::PARTS };

/// NIC parameters (`NICC_DEFAULTS`).
pub const NIC: Table = Table { parts: &[&[text("link", "xen-br0"), text("mode", "bridged"), text("vlan", "")]] };

/// Node parameters (`NDC_DEFAULTS`); the global one can be set for node groups as well (`NDC_GLOBALS`).
pub const NODE: Table = Table {
    parts: &[&[
        float("cpu_speed", 1.0),
        flag("exclusive_storage", false).global(),
        text("oob_program", ""),
        flag("ovs", false),
        maybe_text("ovs_link", ""),
        maybe_text("ovs_name", "switch1"),
        int("spindle_count", 1),
        int("ssh_port", 22),
    ]],
};

/// Any parameter of any disk template (`DISK_DT_TYPES`); those of one are its [`parameters`](DiskTemplate::parameters).
pub const DISK_TEMPLATE: Table = Table { parts: &[DRBD, EXT, GLUSTER, PLAIN, RBD] };

const DRBD: &[Row] = &[
    int("c-delay-target", 1),
    int("c-fill-target", 0),
    int("c-max-rate", 61440),
    int("c-min-rate", 4096),
    int("c-plan-ahead", 20),
    int("data-stripes", 1),
    text("disk-barriers", "n"),
    text("disk-custom", ""),
    flag("dynamic-resync", false),
    flag("meta-barriers", false),
    int("meta-stripes", 1),
    text("metavg", "xenvg"),
    text("net-custom", ""),
    text("protocol", "C"),
    int("resync-rate", 61440),
];

const EXT: &[Row] = &[text("access", "kernelspace")];

const GLUSTER: &[Row] =
    &[text("access", "kernelspace"), text("host", "127.0.0.1"), int("port", 24007), text("volume", "gv0")];

const PLAIN: &[Row] = &[int("stripes", 1)];

const RBD: &[Row] = &[text("access", "kernelspace"), text("pool", "rbd")];

pub(super) const fn of_disk_template(template: DiskTemplate) -> Table {
    let parts: &'static [&'static [Row]] = match template {
        DiskTemplate::Drbd => &[DRBD],
        DiskTemplate::Ext => &[EXT],
        DiskTemplate::Gluster => &[GLUSTER],
        DiskTemplate::Plain => &[PLAIN],
        DiskTemplate::Rbd => &[RBD],
        DiskTemplate::Blockdev | DiskTemplate::Diskless | DiskTemplate::File | DiskTemplate::SharedFile => &[],
    };
    Table { parts }
}

const DRBD_DEVICE: &[Row] = &[
    int("c-delay-target", 1),
    int("c-fill-target", 0),
    int("c-max-rate", 61440),
    int("c-min-rate", 4096),
    int("c-plan-ahead", 20),
    text("default-metavg", "xenvg"),
    flag("disable-meta-flush", false),
    text("disabled-barriers", "n"),
    text("disk-custom", ""),
    flag("dynamic-resync", false),
    text("net-custom", ""),
    text("protocol", "C"),
    int("resync-rate", 61440),
];

/// The parameters of the upper device of a disk (`DISK_LD_DEFAULTS`): for all but DRBD those of the template.
pub(super) const fn of_logical_disk(template: DiskTemplate) -> Table {
    match template {
        DiskTemplate::Drbd => Table { parts: &[DRBD_DEVICE] },
        other => of_disk_template(other),
    }
}

/// Keys of a disk in an opcode (`IDISK_PARAMS_TYPES`).
pub const OPCODE_DISK: Table = Table {
    parts: &[&[
        Row::new("access", Kind::String),
        Row::new("adopt", Kind::String),
        Row::new("dev_type", Kind::String),
        Row::new("metavg", Kind::String),
        Row::new("mode", Kind::String),
        Row::new("name", Kind::MaybeString),
        Row::new("provider", Kind::String),
        Row::new("size", Kind::Size),
        Row::new("spindles", Kind::Int),
        Row::new("vg", Kind::String),
    ]],
};

/// Keys of a disk that can be changed (`MODIFIABLE_IDISK_PARAMS_TYPES`).
pub const OPCODE_DISK_CHANGE: Table =
    Table { parts: &[&[Row::new("mode", Kind::String), Row::new("name", Kind::String)]] };

/// Keys of a NIC in an opcode (`INIC_PARAMS_TYPES`).
pub const OPCODE_NIC: Table = Table {
    parts: &[&[
        Row::new("bridge", Kind::MaybeString),
        Row::new("ip", Kind::MaybeString),
        Row::new("link", Kind::String),
        Row::new("mac", Kind::String),
        Row::new("mode", Kind::String),
        Row::new("name", Kind::MaybeString),
        Row::new("network", Kind::MaybeString),
        Row::new("vlan", Kind::MaybeString),
    ]],
};

/// Values of an instance specification in a policy (`ISPECS_PARAMETER_TYPES`); defaults belong to the policy.
pub const INSTANCE_SPECS: Table = Table {
    parts: &[&[
        Row::new("cpu-count", Kind::Int),
        Row::new("disk-count", Kind::Int),
        Row::new("disk-size", Kind::Int),
        Row::new("memory-size", Kind::Int),
        Row::new("nic-count", Kind::Int),
        Row::new("spindle-use", Kind::Int),
    ]],
};

/// State of a hypervisor as users set it (`HVST_DEFAULTS`).
pub const HYPERVISOR_STATE: Table = Table {
    parts: &[&[int("cpu_node", 1), int("cpu_total", 1), int("mem_hv", 0), int("mem_node", 0), int("mem_total", 0)]],
};

/// State of a storage as users set it (`DS_DEFAULTS`).
pub const DISK_STATE: Table =
    Table { parts: &[&[int("disk_overhead", 0), int("disk_reserved", 0), int("disk_total", 0)]] };
