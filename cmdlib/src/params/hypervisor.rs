//! The hypervisors and their parameters.

use std::fmt;

use super::table::{Row, Table, flag, int, maybe_text, text};

/// A hypervisor (ganeti 3.1, constants: `HYPER_TYPES`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hypervisor {
    /// Processes in another root directory.
    Chroot,
    /// No virtualisation at all, for tests of a cluster.
    Fake,
    /// The virtual machines of Linux.
    Kvm,
    /// Containers.
    Lxc,
    /// Xen with full virtualisation.
    XenHvm,
    /// Xen with kernels made for it.
    XenPvm,
}

impl Hypervisor {
    /// All of them, by name.
    pub const ALL: [Hypervisor; 6] = {
        use Hypervisor::*;
        [Chroot, Fake, Kvm, Lxc, XenHvm, XenPvm]
    };

    /// Its name in opcodes and in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Hypervisor::Chroot => "chroot",
            Hypervisor::Fake => "fake",
            Hypervisor::Kvm => "kvm",
            Hypervisor::Lxc => "lxc",
            Hypervisor::XenHvm => "xen-hvm",
            Hypervisor::XenPvm => "xen-pvm",
        }
    }

    /// The hypervisor of this name.
    pub fn parse(name: &str) -> Option<Hypervisor> {
        Hypervisor::ALL.into_iter().find(|hypervisor| hypervisor.as_str() == name)
    }

    /// Its parameters with their defaults (ganeti 3.1, constants: `HVC_DEFAULTS`, `HVC_GLOBALS`).
    pub const fn parameters(self) -> Table {
        match self {
            Hypervisor::Chroot => Table { parts: &[CHROOT] },
            Hypervisor::Fake => Table { parts: &[FAKE] },
            Hypervisor::Kvm => Table { parts: &[KVM] },
            Hypervisor::Lxc => Table { parts: &[LXC] },
            Hypervisor::XenHvm => Table { parts: &[XEN_HVM] },
            Hypervisor::XenPvm => Table { parts: &[XEN_PVM] },
        }
    }

    /// Whether it can move a running instance (ganeti 3.1, hypervisor/hv_*.py, `CAN_MIGRATE`).
    pub const fn can_migrate(self) -> bool {
        matches!(self, Hypervisor::Fake | Hypervisor::Kvm | Hypervisor::XenHvm | Hypervisor::XenPvm)
    }
}

impl fmt::Display for Hypervisor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// All of them at once: a value is typed before it is known which hypervisor it is for.
pub(super) const PARTS: &[&[Row]] = &[CHROOT, FAKE, KVM, LXC, XEN_HVM, XEN_PVM];

const CHROOT: &[Row] = &[text("init_script", "/ganeti-chroot")];

const FAKE: &[Row] = &[text("migration_mode", "live").global()];

const KVM: &[Row] = &[
    flag("acpi", true),
    text("boot_order", "disk"),
    text("cdrom2_image_path", ""),
    text("cdrom_disk_type", ""),
    text("cdrom_image_path", ""),
    int("cpu_cores", 0),
    text("cpu_mask", "all"),
    int("cpu_sockets", 0),
    int("cpu_threads", 0),
    text("cpu_type", ""),
    text("disk_aio", "threads"),
    text("disk_cache", "default"),
    text("disk_discard", "ignore"),
    text("disk_type", "paravirtual"),
    text("floppy_image_path", ""),
    text("initrd_path", ""),
    text("kernel_args", "ro"),
    text("kernel_path", "/boot/vmlinuz-3-kvmU"),
    text("keymap", ""),
    text("kvm_extra", ""),
    text("kvm_flag", ""),
    text("kvm_path", "/usr/bin/kvm"),
    int("kvm_pci_reservations", 12),
    text("machine_version", ""),
    text("mem_path", ""),
    int("migration_bandwidth", 32).global(),
    text("migration_caps", ""),
    int("migration_downtime", 30),
    text("migration_mode", "live").global(),
    int("migration_port", 8102).global(),
    text("nic_type", "paravirtual"),
    text("reboot_behavior", "reboot"),
    maybe_text("root_path", "/dev/vda1"),
    text("scsi_controller_type", "lsi"),
    text("security_domain", ""),
    text("security_model", "none"),
    flag("serial_console", true),
    int("serial_speed", 38400),
    text("soundhw", ""),
    text("spice_bind", ""),
    text("spice_image_compression", ""),
    int("spice_ip_version", 0),
    text("spice_jpeg_wan_compression", ""),
    text("spice_password_file", ""),
    flag("spice_playback_compression", true),
    text("spice_streaming_video", ""),
    text("spice_tls_ciphers", "HIGH:-DES:-3DES:-EXPORT:-DH"),
    flag("spice_use_tls", false),
    flag("spice_use_vdagent", true),
    text("spice_zlib_glz_wan_compression", ""),
    text("usb_devices", ""),
    text("usb_mouse", ""),
    flag("use_chroot", false),
    flag("use_guest_agent", false),
    flag("use_localtime", false),
    flag("user_shutdown", false),
    text("vga", ""),
    flag("vhost_net", true),
    int("virtio_net_queues", 1),
    text("vnc_bind_address", ""),
    text("vnc_password_file", ""),
    flag("vnc_tls", false),
    text("vnc_x509_path", ""),
    flag("vnc_x509_verify", false),
    flag("vnet_hdr", true),
];

const LXC: &[Row] = &[
    text("cpu_mask", ""),
    text("devices", "c 1:3 rw,c 1:5 rw,c 1:7 rw,c 1:8 rw,c 1:9 rw,c 1:10 rw,c 5:0 rw,c 5:1 rw,c 5:2 rw,c 136:* rw"),
    text("drop_capabilities", "mac_override,sys_boot,sys_module,sys_time,sys_admin"),
    text("extra_cgroups", ""),
    text("extra_config", ""),
    int("num_ttys", 6),
    int("startup_timeout", 30),
];

const XEN_HVM: &[Row] = &[
    flag("acpi", true),
    text("blockdev_prefix", "hd"),
    text("boot_order", "cd"),
    text("cdrom_image_path", ""),
    int("cpu_cap", 0),
    text("cpu_mask", "all"),
    int("cpu_weight", 256),
    text("cpuid", ""),
    text("device_model", "/usr/lib/xen/bin/qemu-dm"),
    text("disk_type", "paravirtual"),
    text("kernel_path", "/usr/lib/xen/boot/hvmloader"),
    text("migration_mode", "non-live").global(),
    int("migration_port", 8002).global(),
    text("nic_type", "rtl8139"),
    flag("pae", true),
    text("pci_pass", ""),
    text("reboot_behavior", "reboot"),
    text("soundhw", ""),
    flag("use_localtime", false),
    text("vif_script", ""),
    text("vif_type", "ioemu"),
    flag("viridian", false),
    text("vnc_bind_address", "0.0.0.0"),
    text("vnc_password_file", "/etc/ganeti/vnc-cluster-password"),
];

const XEN_PVM: &[Row] = &[
    text("blockdev_prefix", "sd"),
    text("bootloader_args", ""),
    text("bootloader_path", ""),
    int("cpu_cap", 0),
    text("cpu_mask", "all"),
    int("cpu_weight", 256),
    text("cpuid", ""),
    text("initrd_path", ""),
    text("kernel_args", "ro"),
    text("kernel_path", "/boot/vmlinuz-3-xenU"),
    text("migration_mode", "live").global(),
    int("migration_port", 8002).global(),
    text("reboot_behavior", "reboot"),
    maybe_text("root_path", "/dev/xvda1"),
    text("soundhw", ""),
    flag("use_bootloader", false),
    text("vif_script", ""),
];
