//! The checks of both kinds of Xen.

use cmdlib::params::Hypervisor::{XenHvm, XenPvm};
use serde_json::json;

use super::{accepts, refuses};

#[test]
fn migration_ports() {
    for port in [1, 65534] {
        accepts(XenPvm, json!({ "migration_port": port }));
    }
    for port in [-1, 0, 65535, 65536] {
        refuses(XenPvm, json!({ "migration_port": port }), &["migration_port", &port.to_string(), "from 1 to 65534"]);
    }
}

#[test]
fn weights_of_pvm() {
    for weight in [1, 65535] {
        accepts(XenPvm, json!({ "cpu_weight": weight }));
    }
    for weight in [0, 65536] {
        refuses(XenPvm, json!({ "cpu_weight": weight }), &["cpu_weight", "from 1 to 65535"]);
    }
}

#[test]
fn weights_of_hvm_end_one_earlier() {
    for weight in [1, 65534] {
        accepts(XenHvm, json!({ "cpu_weight": weight }));
    }
    for weight in [0, 65535] {
        refuses(XenHvm, json!({ "cpu_weight": weight }), &["cpu_weight", "from 1 to 65534"]);
    }
}

#[test]
fn the_cap_is_checked_for_pvm_only() {
    accepts(XenPvm, json!({ "cpu_cap": 0 }));
    refuses(XenPvm, json!({ "cpu_cap": -1 }), &["cpu_cap", "not negative"]);
    accepts(XenHvm, json!({ "cpu_cap": -1 }));
}

#[test]
fn a_mask_for_each_virtual_cpu() {
    for masks in ["all", "0-2", "0-2,5:all:3", "", ":", "0::1"] {
        accepts(XenPvm, json!({ "cpu_mask": masks }));
    }
    for masks in ["ALL", "all,1", "0:2-1", "0:-1", "0;1"] {
        refuses(XenPvm, json!({ "cpu_mask": masks }), &["cpu_mask", masks, "masks"]);
    }
}

#[test]
fn paths_of_pvm() {
    for name in ["bootloader_path", "initrd_path", "vif_script"] {
        accepts(XenPvm, json!({ name: "/x" }));
        accepts(XenPvm, json!({ name: "" }));
        refuses(XenPvm, json!({ name: "x" }), &[name, "an absolute path"]);
    }
    refuses(XenPvm, json!({ "kernel_path": "" }), &["kernel_path", "must be set"]);
    refuses(XenPvm, json!({ "kernel_path": "vmlinuz" }), &["kernel_path", "an absolute path"]);
}

#[test]
fn paths_of_hvm() {
    for name in ["cdrom_image_path", "vif_script"] {
        accepts(XenHvm, json!({ name: "" }));
        refuses(XenHvm, json!({ name: "http://x/y" }), &[name, "an absolute path"]);
    }
    for name in ["device_model", "kernel_path", "vnc_password_file"] {
        refuses(XenHvm, json!({ name: "" }), &[name, "must be set"]);
        refuses(XenHvm, json!({ name: "x" }), &[name, "an absolute path"]);
    }
}

#[test]
fn the_boot_order_is_letters_of_drives() {
    for order in ["a", "acdn", "cc", "n"] {
        accepts(XenHvm, json!({ "boot_order": order }));
    }
    for order in ["b", "axc", "C", "c d"] {
        refuses(XenHvm, json!({ "boot_order": order }), &["boot_order", order, "letters a, c, d and n"]);
    }
    refuses(XenHvm, json!({ "boot_order": "" }), &["boot_order", "must be set"]);
}

#[test]
fn the_vnc_address_is_of_ipv4() {
    for address in ["", "127.0.0.1"] {
        accepts(XenHvm, json!({ "vnc_bind_address": address }));
    }
    for address in ["::1", "localhost", "127.0.0.01", "1.2.3", "1.2.3.256", "/socket"] {
        refuses(XenHvm, json!({ "vnc_bind_address": address }), &["vnc_bind_address", address, "an IPv4 address"]);
    }
}

#[test]
fn choices_of_hvm() {
    for (name, good, bad) in
        [("disk_type", "ioemu", "ide"), ("nic_type", "e1000", "pcnet"), ("reboot_behavior", "exit", "halt")]
    {
        accepts(XenHvm, json!({ name: good }));
        refuses(XenHvm, json!({ name: bad }), &[name, bad, "one of", good]);
        refuses(XenHvm, json!({ name: "" }), &[name, "must be set", good]);
    }
    accepts(XenHvm, json!({ "vif_type": "" }));
    refuses(XenHvm, json!({ "vif_type": "tap" }), &["vif_type", "one of ioemu, vif"]);
}
