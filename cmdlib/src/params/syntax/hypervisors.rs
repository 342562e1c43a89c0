//! What each hypervisor demands of its parameters (ganeti 3.1, hypervisor/hv_*.py, `PARAMETERS`). A parameter that is not
//! named here may have any value.

use super::super::hypervisor::Hypervisor;
use super::rules::Rule::{
    CpuMask, CpuMasks, Ipv4, NotNegative, OneNumberOf, OneOf, Path, PathOrUrl, Within, XenBootOrder,
};
use super::rules::{Check, Rule, optional, required};

/// The checks of single parameters.
pub(super) const fn checks(hypervisor: Hypervisor) -> &'static [Check] {
    match hypervisor {
        Hypervisor::Chroot => CHROOT,
        Hypervisor::Fake => FAKE,
        Hypervisor::Kvm => KVM,
        Hypervisor::Lxc => LXC,
        Hypervisor::XenHvm => XEN_HVM,
        Hypervisor::XenPvm => XEN_PVM,
    }
}

const MIGRATION_MODE: Check = required("migration_mode", OneOf(&["live", "non-live"]));
/// The highest port, 65535, is not taken by the reference either.
const MIGRATION_PORT: Check = required("migration_port", Within(1, 65534));
const REBOOT_BEHAVIOR: Check = required("reboot_behavior", OneOf(&["reboot", "exit"]));

const CHROOT: &[Check] = &[required("init_script", Path)];

const FAKE: &[Check] = &[MIGRATION_MODE];

const LXC: &[Check] =
    &[optional("cpu_mask", CpuMask), required("num_ttys", NotNegative), optional("startup_timeout", NotNegative)];

const XEN_PVM: &[Check] = &[
    optional("bootloader_path", Path),
    optional("cpu_cap", NotNegative),
    optional("cpu_mask", CpuMasks),
    optional("cpu_weight", Within(1, 65535)),
    optional("initrd_path", Path),
    required("kernel_path", Path),
    MIGRATION_MODE,
    MIGRATION_PORT,
    REBOOT_BEHAVIOR,
    optional("vif_script", Path),
];

const XEN_HVM: &[Check] = &[
    required("boot_order", XenBootOrder),
    optional("cdrom_image_path", Path),
    optional("cpu_mask", CpuMasks),
    // One less than for xen-pvm, and no check of `cpu_cap`: as in the reference.
    optional("cpu_weight", Within(1, 65534)),
    required("device_model", Path),
    required("disk_type", OneOf(&["ioemu", "paravirtual"])),
    required("kernel_path", Path),
    MIGRATION_MODE,
    MIGRATION_PORT,
    required("nic_type", OneOf(&["e1000", "ne2k_isa", "ne2k_pci", "paravirtual", "rtl8139"])),
    REBOOT_BEHAVIOR,
    optional("vif_script", Path),
    optional("vif_type", OneOf(&["ioemu", "vif"])),
    optional("vnc_bind_address", Ipv4),
    required("vnc_password_file", Path),
];

const KVM_DISK_TYPE: Rule =
    OneOf(&["ide", "mtd", "paravirtual", "pflash", "scsi", "scsi-block", "scsi-cd", "scsi-generic", "scsi-hd", "sd"]);
const KVM_NIC_TYPE: Rule =
    OneOf(&["e1000", "i82551", "i82557b", "i82559er", "ne2k_isa", "ne2k_pci", "paravirtual", "pcnet", "rtl8139"]);
const KVM_SPICE_LOSSY: Rule = OneOf(&["always", "auto", "never"]);

const KVM: &[Check] = &[
    required("boot_order", OneOf(&["cdrom", "disk", "floppy", "network"])),
    optional("cdrom2_image_path", PathOrUrl),
    optional("cdrom_disk_type", KVM_DISK_TYPE),
    optional("cdrom_image_path", PathOrUrl),
    optional("cpu_cores", NotNegative),
    optional("cpu_mask", CpuMasks),
    optional("cpu_sockets", NotNegative),
    optional("cpu_threads", NotNegative),
    optional("disk_aio", OneOf(&["io_uring", "native", "threads"])),
    required("disk_cache", OneOf(&["default", "none", "writeback", "writethrough"])),
    optional("disk_discard", OneOf(&["ignore", "unmap"])),
    required("disk_type", KVM_DISK_TYPE),
    optional("floppy_image_path", Path),
    optional("initrd_path", Path),
    optional("kernel_path", Path),
    optional("kvm_flag", OneOf(&["disabled", "enabled"])),
    required("kvm_path", Path),
    optional("kvm_pci_reservations", Within(0, 32)),
    optional("mem_path", Path),
    required("migration_bandwidth", NotNegative),
    required("migration_downtime", NotNegative),
    MIGRATION_MODE,
    MIGRATION_PORT,
    required("nic_type", KVM_NIC_TYPE),
    REBOOT_BEHAVIOR,
    required("scsi_controller_type", OneOf(&["lsi", "megasas", "virtio-scsi-pci"])),
    required("security_model", OneOf(&["none", "pool", "user"])),
    optional("spice_image_compression", OneOf(&["auto_glz", "auto_lz", "glz", "lz", "off", "quic"])),
    // 0 leaves the version open.
    optional("spice_ip_version", OneNumberOf(&[0, 4, 6])),
    optional("spice_jpeg_wan_compression", KVM_SPICE_LOSSY),
    optional("spice_password_file", Path),
    optional("spice_streaming_video", OneOf(&["all", "filter", "off"])),
    optional("spice_zlib_glz_wan_compression", KVM_SPICE_LOSSY),
    optional("usb_mouse", OneOf(&["mouse", "tablet"])),
    optional("virtio_net_queues", Within(1, 8)),
    optional("vnc_password_file", Path),
    optional("vnc_x509_path", Path),
];
