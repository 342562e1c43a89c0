//! The checks of complete parameters: what holds for all hypervisors, and those with few parameters.

use cmdlib::params::{Hypervisor, check_syntax};
use serde_json::{Value, json};

use super::{accepts, filled, refuses};

#[test]
fn the_defaults_are_good() {
    for hypervisor in Hypervisor::ALL {
        accepts(hypervisor, json!({}));
    }
}

#[test]
fn an_unknown_hypervisor() {
    let text = check_syntax("qemu", &filled(Hypervisor::Kvm, json!({}))).expect_err("no such hypervisor");
    assert_eq!(text, "unknown hypervisor \"qemu\"; known are chroot, fake, kvm, lxc, xen-hvm, xen-pvm");
}

#[test]
fn a_parameter_of_another_hypervisor() {
    let mut params = filled(Hypervisor::Fake, json!({}));
    params.insert("pae".to_owned(), json!(true));
    let text = check_syntax("fake", &params).expect_err("not of fake");
    assert_eq!(text, "hypervisor fake: unknown parameter \"pae\"; allowed are migration_mode");
}

#[test]
fn a_missing_parameter() {
    let mut params = filled(Hypervisor::Kvm, json!({}));
    params.shift_remove("vga");
    let text = check_syntax("kvm", &params).expect_err("incomplete");
    assert_eq!(text, "hypervisor kvm: parameter `vga` is missing");
}

#[test]
fn a_required_parameter_is_not_empty() {
    for unset in [json!(""), json!(null)] {
        refuses(Hypervisor::Chroot, json!({ "init_script": unset }), &["`init_script` must be set"]);
    }
}

#[test]
fn an_optional_parameter_may_be_empty() {
    for unset in [json!(""), json!(null)] {
        accepts(Hypervisor::Lxc, json!({ "cpu_mask": unset, "startup_timeout": unset }));
    }
}

#[test]
fn paths_are_absolute_and_in_their_shortest_form() {
    for path in ["/", "/a", "/a/b.c", "//", "//a", "/..a", "/a b"] {
        accepts(Hypervisor::Chroot, json!({ "init_script": path }));
    }
    for path in ["a", "./a", "///", "///a", "/a/", "/a//b", "/.", "/a/.", "/..", "/a/../b", "/a/./b"] {
        refuses(Hypervisor::Chroot, json!({ "init_script": path }), &["init_script", path, "an absolute path"]);
    }
}

#[test]
fn a_value_of_another_type_is_refused() {
    for value in [json!(true), json!(false), json!(1), json!([]), json!(["/a"]), json!({})] {
        refuses(Hypervisor::Chroot, json!({ "init_script": value }), &["init_script", "an absolute path"]);
        refuses(Hypervisor::Fake, json!({ "migration_mode": value }), &["migration_mode", "one of live, non-live"]);
        refuses(Hypervisor::Lxc, json!({ "cpu_mask": value }), &["cpu_mask", "CPU numbers"]);
    }
    for value in [json!(true), json!("6"), json!(6.0), json!([]), json!({})] {
        refuses(Hypervisor::Lxc, json!({ "num_ttys": value }), &["num_ttys", "not negative"]);
        refuses(Hypervisor::XenPvm, json!({ "migration_port": value }), &["migration_port", "from 1 to 65534"]);
        refuses(Hypervisor::Kvm, json!({ "spice_ip_version": value }), &["spice_ip_version", "one of 0, 4, 6"]);
    }
    for value in [json!(true), json!(1), json!([]), json!({})] {
        refuses(Hypervisor::Kvm, json!({ "cdrom_image_path": value }), &["cdrom_image_path", "https"]);
        refuses(Hypervisor::XenHvm, json!({ "cpu_mask": value }), &["cpu_mask", "masks"]);
        refuses(Hypervisor::XenHvm, json!({ "boot_order": value }), &["boot_order", "letters"]);
        refuses(Hypervisor::XenHvm, json!({ "vnc_bind_address": value }), &["vnc_bind_address", "IPv4"]);
    }
}

#[test]
fn an_unchecked_parameter_may_be_anything() {
    for value in [json!(null), json!(1), json!([]), json!("x")] {
        accepts(Hypervisor::Lxc, json!({ "devices": value, "extra_config": value }));
    }
}

#[test]
fn the_modes_of_migration() {
    accepts(Hypervisor::Fake, json!({ "migration_mode": "non-live" }));
    refuses(
        Hypervisor::Fake,
        json!({ "migration_mode": "Live" }),
        &["migration_mode", "\"Live\"", "one of live, non-live"],
    );
    refuses(Hypervisor::Fake, json!({ "migration_mode": "" }), &["migration_mode", "must be set"]);
}

#[track_caller]
fn check_mask(mask: &str, good: bool) {
    let mask = json!({ "cpu_mask": mask });
    if good { accepts(Hypervisor::Lxc, mask) } else { refuses(Hypervisor::Lxc, mask, &["cpu_mask", "CPU numbers"]) }
}

#[test]
fn a_cpu_mask_is_numbers_and_ranges() {
    for mask in ["0", "0-2,5", "3-3", "1,1", " 1 - 2 ", "+1", "1_0", "٣"] {
        check_mask(mask, true);
    }
    for mask in [",", "1,", "-", "-1", "1-", "2-1", "1-2-3", "a", "all", "0:1", "1.0", "99999999999999999999"] {
        check_mask(mask, false);
    }
}

#[test]
fn lxc_numbers_are_not_negative() {
    for name in ["num_ttys", "startup_timeout"] {
        accepts(Hypervisor::Lxc, json!({ name: 0 }));
        refuses(Hypervisor::Lxc, json!({ name: -1 }), &[name, "-1", "not negative"]);
    }
    refuses(Hypervisor::Lxc, json!({ "num_ttys": null }), &["num_ttys", "must be set"]);
}

#[test]
fn nothing_that_json_can_say_makes_a_check_panic() {
    let odd = [
        json!(null),
        json!(false),
        json!(-1),
        json!(u64::MAX),
        json!(1e300),
        json!("\u{0}é"),
        json!([[]]),
        json!({"a": []}),
    ];
    for hypervisor in Hypervisor::ALL {
        for name in hypervisor.parameters().names() {
            for value in &odd {
                let _: Result<(), String> =
                    check_syntax(hypervisor.as_str(), &filled(hypervisor, json!({ name: value })));
            }
        }
    }
    let _: Result<(), String> = check_syntax("kvm", &Value::as_object(&json!({})).cloned().expect("an object"));
}
