//! The cluster itself.

use expect_test::expect;
use serde_json::{Value, json};
use testlib::{MockConfig, failure_of};

use super::{Wrong, disks, mistakes, stored, valid, wrong};

#[test]
fn setters_of_the_cluster_change_what_they_say() {
    let mut config = MockConfig::new();
    config
        .tag("prod")
        .default_iallocator("hail")
        .hidden_os("a")
        .blacklisted_os("b")
        .enabled_hypervisors(["xen-pvm", "kvm"]);
    config
        .osparam("debian", "dhcp", "yes")
        .osparam_private("debian", "pw", "marker-1")
        .os_hvparam("debian", "kvm", "acpi", false);
    config.hvparam("kvm", "kernel_path", "").beparam("maxmem", "1G").nicparam("vlan", ".7").ndparam("ssh_port", 2222);
    config
        .diskparam("rbd", "pool", "ssd")
        .ipolicy("spindle-ratio", 16.0)
        .ipolicy_min("nic-count", 0)
        .ipolicy_max("cpu-count", 4);
    config.cluster(|cluster| cluster.prealloc_wipe_disks = true).candidate_pool_size(3);
    let part = |path: &str| stored(&config, &format!("/cluster/{path}"));
    assert_eq!(part("tags"), json!(["prod"]));
    assert_eq!(part("default_iallocator"), "hail");
    assert_eq!((part("hidden_os"), part("blacklisted_os")), (json!(["a"]), json!(["b"])));
    assert_eq!(part("enabled_hypervisors"), json!(["xen-pvm", "kvm"]));
    assert_eq!(
        (part("osparams/debian/dhcp"), part("osparams_private_cluster/debian/pw")),
        (json!("yes"), json!("marker-1"))
    );
    assert_eq!((part("os_hvp/debian/kvm/acpi"), part("hvparams/kvm/kernel_path")), (json!(false), json!("")));
    assert_eq!((part("beparams/default/maxmem"), part("nicparams/default/vlan")), (json!(1024), json!(".7")));
    assert_eq!((part("ndparams/ssh_port"), part("diskparams/rbd/pool")), (json!(2222), json!("ssd")));
    assert_eq!(part("ipolicy/spindle-ratio"), json!(16.0));
    assert_eq!((part("ipolicy/minmax/0/min/nic-count"), part("ipolicy/minmax/0/max/cpu-count")), (json!(0), json!(4)));
    assert_eq!((part("prealloc_wipe_disks"), part("candidate_pool_size")), (json!(true), json!(3)));
    valid(&config);
}

#[test]
fn a_cluster_without_lvm() {
    let mut config = MockConfig::new();
    config.no_lvm().instance("web1");
    assert_eq!(stored(&config, "/cluster/volume_group_name"), Value::Null);
    assert_eq!(stored(&config, "/cluster/enabled_disk_templates/0"), "file");
    assert_eq!(disks(&config, "web1")[0].dev_type.as_str(), "file");
    valid(&config);
}

#[test]
fn the_policy_follows_the_enabled_templates() {
    let mut config = MockConfig::new();
    config.ipolicy("disk-templates", ["plain", "drbd"].as_slice()).enabled_disk_templates(["plain"]);
    assert_eq!(stored(&config, "/cluster/ipolicy/disk-templates"), json!(["plain"]));
    config.enabled_disk_templates(["file", "rbd"]);
    assert_eq!(stored(&config, "/cluster/ipolicy/disk-templates"), json!(["file", "rbd"]));
    valid(&config);
}

#[test]
fn mistakes_about_the_cluster() {
    mistakes(
        &[
            wrong!(|c| c.enabled_hypervisors(["kwm"])),
            wrong!(|c| c.enabled_hypervisors([])),
            wrong!(|c| c.enabled_hypervisors(["fake"])),
            wrong!(|c| c.enabled_disk_templates([])),
            wrong!(|c| c.enabled_disk_templates(["plain", "drbd", "diskless"])),
            wrong!(|c| c.enabled_disk_templates(["plain", "drbd", "file"])),
            wrong!(|c| c.no_lvm()),
            wrong!(|c| c.tag("a b")),
            wrong!(|c| c.nicparam("bridge", "br0")),
            wrong!(|_| MockConfig::from_document(&json!({ "version": 1 }))),
        ],
        expect![[r#"
            'kwm' is no hypervisor; did you mean 'kvm'? (allowed: chroot, fake, kvm, lxc, xen-hvm, xen-pvm)
            a cluster needs a hypervisor
            instance 'web1' runs with 'kvm'
            a cluster needs a disk template
            instance 'file1' has the disk template 'file'
            instance 'diskless1' has the disk template 'diskless'
            instance 'web1' has the disk template 'plain'
            tag "a b" has the character " "; allowed are letters, digits and any of _.+*/:@-
            interface parameter: unknown parameter "bridge"; allowed are link, mode, vlan
            the document is no configuration: it is of version 0.0 (number 1); configurations of Ganeti 2.16, 3.0 and 3.1 can be read: upgrade an older cluster first"#]],
    );
}

#[test]
fn ports_can_run_out() {
    let mut config = MockConfig::new();
    config.cluster(|cluster| cluster.highest_used_port = 14_999);
    let failed = failure_of(|| drop(config.instance("web1").id()));
    expect!["no TCP port is left: a cluster has 11000 to 14999"].assert_eq(&failed.message);
    assert_eq!(failed.line, line!() - 2);
}
