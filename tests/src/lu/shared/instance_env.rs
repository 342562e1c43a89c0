//! What hooks are told about an instance: complete, values as scripts have always seen them, no secrets.

use std::collections::{BTreeMap, BTreeSet};

use cmdlib::error::Refusal;
use cmdlib::field::Field;
use cmdlib::lu::shared::instance_env::{as_text, flag, instance_env};
use cmdlib::objects::Instance;
use serde_json::{Value, json};
use testlib::{GiB, LuRun, LuTest, MiB, MockConfig, clusters};

fn bench() -> LuTest {
    LuTest::three_nodes_five_instances()
}

fn odd(wanted: &str) -> LuTest {
    let found = clusters::odd().into_iter().find(|(name, _)| *name == wanted);
    LuTest::with(found.expect("there is an odd cluster of this name").1)
}

/// Returns those of the variables about an instance that `keep` keeps.
#[track_caller]
fn env(t: &mut LuTest, name: &'static str, keep: impl Fn(&str) -> bool + 'static) -> LuRun {
    t.check(move |cx| {
        let config = cx.config();
        let instance = config.get(&config.find::<Instance>(name)?)?;
        let env = instance_env(&instance, cx);
        let kept = env.iter().filter(|(name, _)| keep(name)).map(|(name, value)| (name.to_owned(), value.to_owned()));
        Ok::<BTreeMap<String, String>, Refusal>(kept.collect())
    })
}

/// Hooks about an instance are told these variables.
#[track_caller]
fn tells<const N: usize>(t: &mut LuTest, instance: &'static str, variables: [(&str, &str); N]) {
    let wanted: BTreeMap<String, String> =
        variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let names = wanted.clone();
    env(t, instance, move |name| names.contains_key(name)).returned(wanted.write());
}

/// Hooks about an instance are told of no variable that begins like this.
#[track_caller]
fn lacks(t: &mut LuTest, instance: &'static str, begin: &'static str) {
    env(t, instance, move |name| name.starts_with(begin)).returned(json!({}));
}

/// Changes the first disk of `web1`.
fn named_disk(name: &str) -> LuTest {
    let mut t = bench();
    t.config().instance("web1").disk(0, |disk| disk.name = Some(name.to_owned()));
    t
}

fn uuid_of_disk(config: &MockConfig, instance: &str, index: usize) -> String {
    let state = config.snapshot();
    state.get(&config.id_of_instance(instance)).unwrap().disks[index].to_string()
}

// -- values

#[test]
fn values_are_written_as_scripts_have_always_seen_them() {
    let seen =
        [json!(null), json!(true), json!(false), json!("a b"), json!(7), json!(1.5)].map(|value| as_text(&value));
    assert_eq!(seen, ["None", "True", "False", "a b", "7", "1.5"]);
}

#[test]
fn flags_are_written_in_the_same_way() {
    assert_eq!([flag(true), flag(false)], ["True", "False"]);
}

// -- the instance

#[test]
fn there_are_these_variables_beside_the_parameters() {
    let names = |name: &str| !name.starts_with("INSTANCE_BE_") && !name.starts_with("INSTANCE_HV_");
    let mut t = bench();
    t.check(move |cx| {
        let config = cx.config();
        let web1 = config.get(&config.find::<Instance>("web1")?)?;
        let env = instance_env(&web1, cx);
        let named: BTreeSet<&str> = env.iter().map(|(name, _)| name).filter(|name| names(name)).collect();
        Ok::<Vec<String>, Refusal>(named.into_iter().map(str::to_owned).collect())
    })
    .returned(json!([
        "INSTANCE_DISK0_DEV_TYPE",
        "INSTANCE_DISK0_ID",
        "INSTANCE_DISK0_MODE",
        "INSTANCE_DISK0_SIZE",
        "INSTANCE_DISK0_UUID",
        "INSTANCE_DISK0_VG",
        "INSTANCE_DISK_COUNT",
        "INSTANCE_DISK_TEMPLATE",
        "INSTANCE_HYPERVISOR",
        "INSTANCE_MAXMEM",
        "INSTANCE_MEMORY",
        "INSTANCE_MINMEM",
        "INSTANCE_NAME",
        "INSTANCE_NIC0_BRIDGE",
        "INSTANCE_NIC0_IP",
        "INSTANCE_NIC0_LINK",
        "INSTANCE_NIC0_MAC",
        "INSTANCE_NIC0_MODE",
        "INSTANCE_NIC0_UUID",
        "INSTANCE_NIC0_VLAN",
        "INSTANCE_NIC_COUNT",
        "INSTANCE_OS_TYPE",
        "INSTANCE_PRIMARY",
        "INSTANCE_SECONDARIES",
        "INSTANCE_STATUS",
        "INSTANCE_TAGS",
        "INSTANCE_VCPUS",
        "OP_TARGET",
    ]));
}

#[test]
fn names_are_told_in_full() {
    let full = "db1.example.com";
    let variables = [
        ("OP_TARGET", full),
        ("INSTANCE_NAME", full),
        ("INSTANCE_PRIMARY", "node2.example.com"),
        ("INSTANCE_SECONDARIES", "node3.example.com"),
    ];
    tells(&mut bench(), "db1", variables);
}

#[test]
fn an_instance_without_mirrors_has_no_secondaries() {
    tells(&mut bench(), "web1", [("INSTANCE_SECONDARIES", "")]);
}

#[test]
fn system_hypervisor_and_state_are_told() {
    let variables = [
        ("INSTANCE_OS_TYPE", "debian+default"),
        ("INSTANCE_HYPERVISOR", "kvm"),
        ("INSTANCE_STATUS", "up"),
        ("INSTANCE_DISK_TEMPLATE", "drbd"),
    ];
    tells(&mut bench(), "db1", variables);
}

#[test]
fn tags_are_told_in_one_line() {
    let mut t = bench();
    t.config().instance("web1").tag("b").tag("a");
    tells(&mut t, "web1", [("INSTANCE_TAGS", "a b")]);
}

#[test]
fn the_most_memory_is_told_by_its_old_name_too() {
    let mut t = bench();
    t.config().instance("web1").memory(MiB(512), GiB(1));
    let variables = [("INSTANCE_MINMEM", "512"), ("INSTANCE_MAXMEM", "1024"), ("INSTANCE_MEMORY", "1024")];
    tells(&mut t, "web1", variables);
}

#[test]
fn backend_parameters_are_told_with_the_defaults_of_the_cluster() {
    let mut t = bench();
    t.config().beparam("vcpus", 3);
    let variables = [("INSTANCE_VCPUS", "3"), ("INSTANCE_BE_vcpus", "3"), ("INSTANCE_BE_auto_balance", "True")];
    tells(&mut t, "web1", variables);
}

#[test]
fn hypervisor_parameters_are_told_with_those_of_system_and_cluster() {
    let mut t = bench();
    t.config().hvparam("kvm", "kernel_args", "quiet").os_hvparam("debian+default", "kvm", "acpi", false);
    t.config().instance("web1").hvparam("cdrom_image_path", "/iso");
    let variables =
        [("INSTANCE_HV_kernel_args", "quiet"), ("INSTANCE_HV_acpi", "False"), ("INSTANCE_HV_cdrom_image_path", "/iso")];
    tells(&mut t, "web1", variables);
}

#[test]
fn parameters_of_the_operating_system_are_not_told() {
    let secret = |value: &str| value.contains("secret");
    let mut t = odd("OS parameters");
    t.check(move |cx| {
        let config = cx.config();
        let web1 = config.get(&config.find::<Instance>("web1")?)?;
        Ok::<bool, Refusal>(instance_env(&web1, cx).iter().any(|(_, value)| secret(value)))
    })
    .returned(false);
}

// -- network interfaces

#[test]
fn an_interface_is_told_with_the_defaults_of_the_cluster() {
    let mut t = bench();
    t.config()
        .nicparam("link", "br7")
        .instance("web1")
        .no_nics()
        .nic(|nic| nic.mac("aa:00:00:12:34:56").ip("192.0.2.7"));
    let variables = [
        ("INSTANCE_NIC_COUNT", "1"),
        ("INSTANCE_NIC0_MAC", "aa:00:00:12:34:56"),
        ("INSTANCE_NIC0_IP", "192.0.2.7"),
        ("INSTANCE_NIC0_MODE", "bridged"),
        ("INSTANCE_NIC0_LINK", "br7"),
        ("INSTANCE_NIC0_BRIDGE", "br7"),
        ("INSTANCE_NIC0_VLAN", ""),
    ];
    tells(&mut t, "web1", variables);
}

#[test]
fn interfaces_are_counted_from_zero() {
    let mut t = bench();
    t.config().instance("web1").no_nics().nic(|nic| nic.bridged("br1")).nic(|nic| nic.bridged("br2"));
    let variables = [("INSTANCE_NIC_COUNT", "2"), ("INSTANCE_NIC0_LINK", "br1"), ("INSTANCE_NIC1_LINK", "br2")];
    tells(&mut t, "web1", variables);
}

#[test]
fn an_interface_without_address_has_an_empty_one() {
    tells(&mut bench(), "web1", [("INSTANCE_NIC0_IP", "")]);
}

#[test]
fn the_name_of_an_interface_is_told_if_it_has_one() {
    let mut t = bench();
    t.config().instance("web1").no_nics().nic(|nic| nic.named("outside"));
    tells(&mut t, "web1", [("INSTANCE_NIC0_NAME", "outside")]);
}

#[test]
fn an_interface_without_a_name_has_no_such_variable() {
    let mut t = bench();
    t.config().instance("web1").no_nics().nic(|nic| nic.named(""));
    lacks(&mut t, "web1", "INSTANCE_NIC0_NAME");
}

#[test]
fn a_switch_is_told_as_a_bridge_with_its_vlan() {
    let mut t = bench();
    t.config().instance("web1").no_nics().nic(|nic| nic.openvswitch("switch1").vlan(".7"));
    let variables =
        [("INSTANCE_NIC0_MODE", "openvswitch"), ("INSTANCE_NIC0_BRIDGE", "switch1"), ("INSTANCE_NIC0_VLAN", ".7")];
    tells(&mut t, "web1", variables);
}

#[test]
fn a_routed_interface_has_no_bridge() {
    let mut t = bench();
    t.config().instance("web1").no_nics().nic(|nic| nic.routed("100"));
    lacks(&mut t, "web1", "INSTANCE_NIC0_BRIDGE");
}

#[test]
fn an_interface_outside_networks_tells_of_none() {
    lacks(&mut bench(), "web1", "INSTANCE_NIC0_NETWORK");
}

#[test]
fn the_network_of_an_interface_is_told() {
    let mut t = odd("networks");
    t.config().network("net1").mac_prefix("aa:bb:cc").tag("dmz");
    let id = t.config().id_of_network("net1").to_string();
    let variables = [
        ("INSTANCE_NIC0_NETWORK_NAME", "net1"),
        ("INSTANCE_NIC0_NETWORK_UUID", id.as_str()),
        ("INSTANCE_NIC0_NETWORK_TAGS", "dmz"),
        ("INSTANCE_NIC0_NETWORK_SUBNET", "10.0.1.0/24"),
        ("INSTANCE_NIC0_NETWORK_GATEWAY", "10.0.1.1"),
        ("INSTANCE_NIC0_NETWORK_MAC_PREFIX", "aa:bb:cc"),
    ];
    tells(&mut t, "web1", variables);
}

#[test]
fn the_ipv6_side_of_a_network_is_told_if_it_has_one() {
    let mut t = odd("networks");
    t.config().network("net1").change(|network| {
        network.network6 = Some("2001:db8::/64".to_owned());
        network.gateway6 = Some("2001:db8::1".to_owned());
    });
    let variables =
        [("INSTANCE_NIC0_NETWORK_SUBNET6", "2001:db8::/64"), ("INSTANCE_NIC0_NETWORK_GATEWAY6", "2001:db8::1")];
    tells(&mut t, "web1", variables);
}

#[test]
fn what_a_network_lacks_is_not_told() {
    let mut t = odd("networks");
    t.config().network("net1").change(|network| network.gateway6 = Some(String::new()));
    lacks(&mut t, "web1", "INSTANCE_NIC0_NETWORK_GATEWAY6");
}

#[test]
fn a_network_that_is_not_in_the_configuration_is_told_by_its_id() {
    let mut t = bench();
    let web1 = t.config().id_of_instance("web1");
    t.config().broken("an interface in a network that is gone", |draft| {
        draft.update(&web1, |web1| web1.nics[0].network = Some("gone".into())).unwrap();
    });
    tells(&mut t, "web1", [("INSTANCE_NIC0_NETWORK_NAME", "gone")]);
}

// -- disks

#[test]
fn a_plain_disk_is_told_with_its_volume() {
    let mut t = bench();
    let id = uuid_of_disk(t.config(), "web1", 0);
    let state = t.config().snapshot();
    let disk = state.disks.get(&id.as_str().into()).unwrap();
    let (group, volume) = disk.logical_id.as_pair().unwrap();
    let variables = [
        ("INSTANCE_DISK_COUNT", "1"),
        ("INSTANCE_DISK0_UUID", id.as_str()),
        ("INSTANCE_DISK0_SIZE", "1024"),
        ("INSTANCE_DISK0_MODE", "rw"),
        ("INSTANCE_DISK0_DEV_TYPE", "plain"),
        ("INSTANCE_DISK0_VG", group),
        ("INSTANCE_DISK0_ID", volume),
    ];
    tells(&mut t, "web1", variables);
}

#[test]
fn the_name_of_a_disk_is_told_if_it_has_one() {
    tells(&mut named_disk("root"), "web1", [("INSTANCE_DISK0_NAME", "root")]);
}

#[test]
fn a_disk_without_a_name_has_no_such_variable() {
    lacks(&mut named_disk(""), "web1", "INSTANCE_DISK0_NAME");
}

#[test]
fn a_volume_in_another_group_is_told_with_it() {
    tells(&mut odd("second volume group"), "web1", [("INSTANCE_DISK0_VG", "xenvg"), ("INSTANCE_DISK1_VG", "fastvg")]);
}

#[test]
fn a_mirrored_disk_is_told_with_its_nodes_and_volumes() {
    let mut t = odd("second volume group");
    let (node1, node2) = (t.config().id_of_node("node1").to_string(), t.config().id_of_node("node2").to_string());
    let variables = [
        ("INSTANCE_DISK0_DEV_TYPE", "drbd"),
        ("INSTANCE_DISK0_PNODE", node1.as_str()),
        ("INSTANCE_DISK0_SNODE", node2.as_str()),
        ("INSTANCE_DISK0_DATA_VG", "xenvg"),
        ("INSTANCE_DISK0_META_VG", "fastvg"),
    ];
    tells(&mut t, "web2", variables);
}

#[test]
fn a_mirrored_disk_is_told_with_its_port_and_minors_as_they_are_stored() {
    let mut t = bench();
    let id = uuid_of_disk(t.config(), "web2", 0);
    let drbd = t.config().snapshot().disks.get(&id.as_str().into()).unwrap().logical_id.as_drbd().unwrap();
    let [port, here, there] = [&drbd.port, &drbd.minors.0, &drbd.minors.1].map(Value::to_string);
    let variables = [
        ("INSTANCE_DISK0_PORT", port.as_str()),
        ("INSTANCE_DISK0_PMINOR", here.as_str()),
        ("INSTANCE_DISK0_SMINOR", there.as_str()),
    ];
    tells(&mut t, "web2", variables);
}

#[test]
fn the_secret_of_a_mirrored_disk_is_not_told() {
    let mut t = bench();
    let id = uuid_of_disk(t.config(), "web2", 0);
    let secret = t.config().snapshot().disks.get(&id.as_str().into()).unwrap().logical_id.secret().unwrap().to_owned();
    t.check(move |cx| {
        let config = cx.config();
        let web2 = config.get(&config.find::<Instance>("web2")?)?;
        Ok::<bool, Refusal>(instance_env(&web2, cx).iter().any(|(_, value)| value.contains(&secret)))
    })
    .returned(false);
}

#[test]
fn a_disk_of_a_provider_is_told_with_it() {
    let variables = [("INSTANCE_DISK0_DEV_TYPE", "ext"), ("INSTANCE_DISK0_PROVIDER", "netapp")];
    tells(&mut odd("every storage"), "ext1", variables);
}

#[test]
fn a_disk_of_any_other_kind_is_told_with_its_driver() {
    let kinds = [
        ("file1", "file", "loop"),
        ("shared1", "sharedfile", "loop"),
        ("gluster1", "gluster", "loop"),
        ("rbd1", "rbd", "rbd"),
        ("block1", "blockdev", "manual"),
    ];
    for (name, kind, driver) in kinds {
        let variables = [("INSTANCE_DISK0_DEV_TYPE", kind), ("INSTANCE_DISK0_DRIVER", driver)];
        tells(&mut odd("every storage"), name, variables);
    }
}

#[test]
fn a_device_that_was_there_before_is_told_with_its_path() {
    tells(&mut odd("every storage"), "block1", [("INSTANCE_DISK0_ID", "/dev/disk/by-id/lun1")]);
}

#[test]
fn an_instance_without_disks_tells_that() {
    tells(&mut bench(), "diskless1", [("INSTANCE_DISK_COUNT", "0"), ("INSTANCE_DISK_TEMPLATE", "diskless")]);
}

#[test]
fn a_place_that_can_not_be_read_is_not_told() {
    let mut t = bench();
    let id = uuid_of_disk(t.config(), "web1", 0).as_str().into();
    t.config().broken("a disk without a place", |draft| {
        draft
            .update::<cmdlib::objects::Disk>(&id, |disk| disk.logical_id = cmdlib::objects::LogicalId::default())
            .unwrap();
    });
    lacks(&mut t, "web1", "INSTANCE_DISK0_VG");
}

#[test]
fn disks_that_are_not_in_the_configuration_are_counted_and_not_told() {
    let mut t = bench();
    let id = uuid_of_disk(t.config(), "web1", 0).as_str().into();
    t.config().broken("a disk is gone", |draft| drop(draft.remove::<cmdlib::objects::Disk>(&id)));
    env(&mut t, "web1", |name| name.starts_with("INSTANCE_DISK")).returned(json!({
        "INSTANCE_DISK_COUNT": "1",
        "INSTANCE_DISK_TEMPLATE": "",
    }));
}
