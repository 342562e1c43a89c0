//! The checks of kvm: single parameters, and which ones go together.

use cmdlib::params::Hypervisor::Kvm;
use serde_json::json;

use super::{accepts, refuses};

#[test]
fn numbers_within_limits() {
    for (name, least, most) in
        [("migration_port", 1, 65534), ("virtio_net_queues", 1, 8), ("kvm_pci_reservations", 0, 32)]
    {
        accepts(Kvm, json!({ name: least }));
        accepts(Kvm, json!({ name: most }));
        let limits = format!("from {least} to {most}");
        refuses(Kvm, json!({ name: least - 1 }), &[name, &limits]);
        refuses(Kvm, json!({ name: most + 1 }), &[name, &limits]);
    }
}

#[test]
fn numbers_that_are_not_negative() {
    for name in ["cpu_cores", "cpu_sockets", "cpu_threads", "migration_bandwidth", "migration_downtime"] {
        accepts(Kvm, json!({ name: 0 }));
        refuses(Kvm, json!({ name: -1 }), &[name, "not negative"]);
    }
}

#[test]
fn an_image_may_lie_on_a_server() {
    for image in ["/a.iso", "http://x", "https://x/../y", "ftp://", "ftps://x"] {
        accepts(Kvm, json!({ "cdrom_image_path": image, "cdrom2_image_path": image }));
    }
    for image in ["a.iso", "HTTP://x", "file:///x", " http://x"] {
        refuses(Kvm, json!({ "cdrom2_image_path": image }), &["cdrom2_image_path", image, "https"]);
    }
}

#[test]
fn optional_paths() {
    for name in ["floppy_image_path", "initrd_path", "kernel_path", "mem_path", "vnc_password_file", "vnc_x509_path"] {
        accepts(Kvm, json!({ name: "/x" }));
        accepts(Kvm, json!({ name: "" }));
        refuses(Kvm, json!({ name: "/x/" }), &[name, "an absolute path"]);
    }
}

#[test]
fn the_program_is_required() {
    refuses(Kvm, json!({ "kvm_path": "" }), &["kvm_path", "must be set"]);
    refuses(Kvm, json!({ "kvm_path": "kvm" }), &["kvm_path", "an absolute path"]);
}

#[test]
fn required_choices() {
    for (name, good) in [
        ("boot_order", "network"),
        ("disk_cache", "writeback"),
        ("disk_type", "scsi-hd"),
        ("migration_mode", "non-live"),
        ("nic_type", "i82559er"),
        ("reboot_behavior", "exit"),
        ("scsi_controller_type", "megasas"),
        ("security_model", "pool"),
    ] {
        accepts(Kvm, json!({ name: good }));
        refuses(Kvm, json!({ name: "x" }), &[name, "one of", good]);
        refuses(Kvm, json!({ name: "" }), &[name, "must be set to one of"]);
    }
}

#[test]
fn optional_choices() {
    for (name, good) in [
        ("cdrom_disk_type", "ide"),
        ("disk_aio", "io_uring"),
        ("disk_discard", "unmap"),
        ("kvm_flag", "enabled"),
        ("usb_mouse", "tablet"),
    ] {
        accepts(Kvm, json!({ name: good }));
        accepts(Kvm, json!({ name: "" }));
        refuses(Kvm, json!({ name: "x" }), &[name, "one of", good]);
    }
}

#[test]
fn booting_from_a_cdrom_needs_an_image() {
    refuses(Kvm, json!({ "boot_order": "cdrom" }), &["`boot_order` is cdrom", "`cdrom_image_path`"]);
    accepts(Kvm, json!({ "boot_order": "cdrom", "cdrom_image_path": "/x" }));
}

#[test]
fn a_kernel_needs_a_root_device() {
    for unset in [json!(""), json!(null)] {
        refuses(Kvm, json!({ "kernel_path": "/k", "root_path": unset }), &["`kernel_path` is set", "`root_path`"]);
        accepts(Kvm, json!({ "kernel_path": "", "root_path": unset }));
    }
}

#[test]
fn the_security_model_user_needs_one() {
    refuses(Kvm, json!({ "security_model": "user" }), &["user", "`security_domain`"]);
    accepts(Kvm, json!({ "security_model": "user", "security_domain": "bob" }));
}

#[test]
fn the_other_security_models_have_no_domain() {
    for model in ["none", "pool"] {
        let changes = json!({ "security_model": model, "security_domain": "bob" });
        refuses(Kvm, changes, &["`security_domain` has no meaning", model]);
    }
}

#[test]
fn a_serial_console_has_one_of_the_known_speeds() {
    for speed in [75, 460800] {
        accepts(Kvm, json!({ "serial_speed": speed }));
    }
    for speed in [json!(0), json!(74), json!(9601), json!("9600"), json!(""), json!(null)] {
        refuses(Kvm, json!({ "serial_speed": speed }), &["`serial_speed`", "9600"]);
        accepts(Kvm, json!({ "serial_speed": speed, "serial_console": false }));
    }
}

#[test]
fn verified_certificates_need_a_place() {
    refuses(Kvm, json!({ "vnc_x509_verify": true }), &["`vnc_x509_verify`", "`vnc_x509_path`"]);
    accepts(Kvm, json!({ "vnc_x509_verify": true, "vnc_x509_path": "/x" }));
}

#[test]
fn spice_parameters_need_an_address() {
    for (name, value) in [
        ("spice_image_compression", json!("quic")),
        ("spice_ip_version", json!(4)),
        ("spice_jpeg_wan_compression", json!("never")),
        ("spice_password_file", json!("/x")),
        ("spice_streaming_video", json!("filter")),
        ("spice_use_tls", json!(true)),
        ("spice_zlib_glz_wan_compression", json!("auto")),
    ] {
        refuses(Kvm, json!({ name: value }), &[name, "without `spice_bind`"]);
        accepts(Kvm, json!({ name: value, "spice_bind": "127.0.0.1" }));
    }
}

#[test]
fn other_spice_parameters_need_none() {
    accepts(Kvm, json!({ "spice_playback_compression": false, "spice_tls_ciphers": "x", "spice_use_vdagent": true }));
}

#[test]
fn spice_choices() {
    for name in ["spice_image_compression", "spice_jpeg_wan_compression", "spice_streaming_video"] {
        refuses(Kvm, json!({ name: "x", "spice_bind": "127.0.0.1" }), &[name, "one of"]);
    }
    refuses(Kvm, json!({ "spice_ip_version": 5, "spice_bind": "x" }), &["spice_ip_version", "one of 0, 4, 6"]);
    refuses(
        Kvm,
        json!({ "spice_password_file": "x", "spice_bind": "x" }),
        &["spice_password_file", "an absolute path"],
    );
}

#[test]
fn the_spice_address_is_of_the_wanted_version() {
    for (address, version) in [("127.0.0.1", 4), ("::1", 6), ("127.0.0.1", 0), ("::1", 0), ("eth0", 4), ("eth0", 6)] {
        accepts(Kvm, json!({ "spice_bind": address, "spice_ip_version": version }));
    }
    for (address, version, is) in [("127.0.0.1", 6, "IPv4"), ("::1", 4, "IPv6")] {
        let changes = json!({ "spice_bind": address, "spice_ip_version": version });
        refuses(Kvm, changes, &[address, is, "`spice_ip_version`", &version.to_string()]);
    }
}

/// As in the reference: unset is not the same as 0.
#[test]
fn an_unset_version_fits_no_address() {
    refuses(Kvm, json!({ "spice_bind": "::1", "spice_ip_version": null }), &["IPv6", "`spice_ip_version` is null"]);
}

#[test]
fn a_spice_address_of_another_type() {
    refuses(Kvm, json!({ "spice_bind": [1], "spice_ip_version": 4 }), &["`spice_bind`", "[1]"]);
}

#[test]
fn native_io_needs_the_cache_to_be_off() {
    for cache in ["default", "writeback", "writethrough"] {
        refuses(Kvm, json!({ "disk_aio": "native", "disk_cache": cache }), &["`disk_aio` is native", cache]);
    }
    accepts(Kvm, json!({ "disk_aio": "native", "disk_cache": "none" }));
}
