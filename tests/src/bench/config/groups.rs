//! Node groups.

use cmdlib::objects::NodeGroup;
use expect_test::expect;
use serde_json::json;
use testlib::{MockConfig, failure_of};

use super::{Wrong, mistakes, stored, the, valid, wrong};

#[test]
fn setters_of_groups_change_what_they_say() {
    let mut config = MockConfig::new();
    config.network("net1");
    config.network("net2");
    config
        .group("rack-b")
        .exclusive_storage()
        .diskparam("drbd", "metavg", "fastvg")
        .alloc_policy("last_resort")
        .tag("b");
    config.group("rack-b").ipolicy("vcpu-ratio", 2.5).ipolicy_min("cpu-count", 2).ipolicy_max("memory-size", 1024);
    config.group("rack-b").connected("net1", "bridged", "br1").connected_vlan("net2", "switch1", ".7");
    config.group("rack-b").change(|group| group.serial_no = 3);
    let group = the::<NodeGroup>(&config, "rack-b");
    assert_eq!((group.alloc_policy.as_str(), group.serial_no), ("last_resort", 3));
    assert!(group.tags.contains("b"));
    let id = config.id_of_group("rack-b");
    let part = |path: &str| stored(&config, &format!("/nodegroups/{id}/{path}"));
    assert_eq!(part("ndparams"), json!({ "exclusive_storage": true }));
    assert_eq!(part("diskparams"), json!({ "drbd": { "metavg": "fastvg" } }));
    assert_eq!(part("ipolicy/vcpu-ratio"), json!(2.5));
    assert_eq!(part("ipolicy/minmax/0/min/cpu-count"), json!(2));
    assert_eq!(part("ipolicy/minmax/0/max/memory-size"), json!(1024));
    assert_eq!(part("ipolicy/minmax/0/max/disk-count"), json!(16));
    assert_eq!(
        part("networks"),
        json!({
            config.id_of_network("net1").as_str(): { "mode": "bridged", "link": "br1", "vlan": "" },
            config.id_of_network("net2").as_str(): { "mode": "openvswitch", "link": "switch1", "vlan": ".7" },
        })
    );
    valid(&config);
}

#[test]
fn mistakes_about_groups() {
    mistakes(
        &[
            wrong!(|c| c.group("")),
            wrong!(|c| c.id_of_group("defualt")),
            wrong!(|c| c.group("default").alloc_policy("prefered")),
            wrong!(|c| c.group("default").connected("net1", "bridged", "br0")),
            wrong!(|c| c.group("default").diskparam("dbrd", "metavg", "x")),
            wrong!(|c| c.group("default").diskparam("drbd", "meta-vg", "x")),
            wrong!(|c| c.group("default").ipolicy("vcpu_ratio", 1)),
            wrong!(|c| c.group("default").ipolicy("std", json!({}))),
            wrong!(|c| c.group("default").ipolicy_max("memory", 1)),
            wrong!(|c| c.group("default").tag("")),
        ],
        expect![[r#"
            a node group needs a name
            there is no node group 'defualt'; did you mean 'default'? (node groups: default)
            'prefered' is no allocation policy; did you mean 'preferred'? (allowed: preferred, last_resort, unallocable)
            there is no network 'net1' (networks: none); make it first: .network("net1")
            'dbrd' is no disk template; did you mean 'drbd'? (allowed: blockdev, diskless, drbd, ext, file, gluster, plain, rbd, sharedfile)
            parameter of disk template 'drbd': unknown parameter "meta-vg"; did you mean `metavg`?
            'vcpu_ratio' is no policy entry; did you mean 'vcpu-ratio'? (allowed: disk-templates, minmax, spindle-ratio, std, vcpu-ratio)
            a node group has no standard specification of its own: it is the cluster's
            'memory' is no instance specification (allowed: cpu-count, disk-count, disk-size, memory-size, nic-count, spindle-use)
            a tag can't be empty"#]],
    );
}

#[test]
fn a_mode_that_there_is_not_is_a_mistake() {
    let mut config = MockConfig::new();
    config.network("net1");
    let failed = failure_of(|| drop(config.group("default").connected("net1", "bridge", "br0").id()));
    expect!["'bridge' is no mode; did you mean 'bridged'? (allowed: bridged, openvswitch, routed)"]
        .assert_eq(&failed.message);
}
