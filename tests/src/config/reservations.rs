//! What a job reserves no other job gets, and the configuration does not have already.

use cmdlib::config::{Config, MemoryStorage, Owner, Reserved};
use cmdlib::ids::{NetworkId, NodeId};
use serde_json::json;

use super::documents::{changed, small_store};

const ONE: Owner = Owner(1);
const TWO: Owner = Owner(2);

fn mac(mac: &str) -> Reserved {
    Reserved::Mac(mac.to_owned())
}
fn uuid(uuid: &str) -> Reserved {
    Reserved::Uuid(uuid.to_owned())
}
fn ip(ip: &str) -> Reserved {
    Reserved::Ip(NetworkId::new("net-lan"), ip.to_owned())
}
fn volume(volume: &str) -> Reserved {
    Reserved::Volume(volume.to_owned())
}
fn minor(node: &str, minor: i64) -> Reserved {
    Reserved::Minor(NodeId::new(node), minor)
}
fn secret(secret: &str) -> Reserved {
    Reserved::Secret(secret.to_owned())
}

/// One of each kind that the small cluster does not have.
fn free() -> [Reserved; 7] {
    [
        uuid("new"),
        mac("aa:00:00:00:00:99"),
        ip("192.0.2.3"),
        volume("xenvg/new"),
        minor("node1", 1),
        secret("psst"),
        Reserved::Port(11003),
    ]
}

/// Checks that the small cluster has this already.
#[track_caller]
fn check_in_use(what: Reserved) {
    let taken = small_store().reserve(ONE, what.clone()).unwrap_err();
    assert_eq!((taken.what, taken.by), (what, None));
}

#[test]
fn the_uuid_of_any_object_is_in_use() {
    for text in ["cluster", "node1", "group-rack-b", "web1", "net-lan", "disk-spare", "nic-web1"] {
        check_in_use(uuid(text));
    }
}

#[test]
fn the_uuid_of_a_filter_rule_or_the_child_of_a_disk_is_in_use() {
    let snapshot = changed(|document| {
        document["filters"]["rule"] =
            json!({"uuid": "rule", "watermark": 1, "priority": 0, "predicates": [], "action": "ACCEPT"});
        document["disks"]["disk-web1"]["children"][1]["uuid"] = json!("meta");
    });
    let store = Config::new(snapshot, MemoryStorage);
    assert_eq!(store.reserve(ONE, uuid("rule")).unwrap_err().by, None);
    assert_eq!(store.reserve(ONE, uuid("meta")).unwrap_err().by, None);
}

#[test]
fn the_hardware_address_of_an_interface_is_in_use() {
    check_in_use(mac("aa:00:00:00:00:02"));
}

#[test]
fn a_hardware_address_is_in_use_in_either_case() {
    let taken = small_store().reserve(ONE, mac("AA:00:00:00:00:02")).unwrap_err();
    assert_eq!(taken.by, None);
}

#[test]
fn the_address_of_an_interface_is_in_use_in_its_network() {
    check_in_use(ip("192.0.2.2"));
}

#[test]
fn an_address_that_the_network_marks_as_used_is_in_use() {
    let snapshot = changed(|document| document["networks"]["net-lan"]["reservations"] = json!("00110000"));
    let taken = Config::new(snapshot, MemoryStorage).reserve(ONE, ip("192.0.2.3")).unwrap_err();
    assert_eq!(taken.by, None);
}

#[test]
fn the_same_address_of_another_network_is_free() {
    let other = Reserved::Ip(NetworkId::new("net-dmz"), "192.0.2.2".to_owned());
    small_store().reserve(ONE, other).unwrap();
}

#[test]
fn an_address_that_is_kept_from_instances_is_not_in_use() {
    small_store().reserve(ONE, ip("192.0.2.1")).unwrap();
}

#[test]
fn the_volumes_of_plain_disks_and_of_mirrors_are_in_use() {
    for text in ["xenvg/db1.a", "fast/db1.b", "xenvg/web1.data", "xenvg/web1.meta", "xenvg/spare"] {
        check_in_use(volume(text));
    }
}

#[test]
fn a_volume_of_the_same_name_in_another_group_is_free() {
    small_store().reserve(ONE, volume("fast/db1.a")).unwrap();
}

#[test]
fn the_minors_of_a_mirror_are_in_use_on_both_nodes() {
    check_in_use(minor("node1", 0));
    check_in_use(minor("node2", 0));
}

#[test]
fn the_same_minor_on_another_node_is_free() {
    small_store().reserve(ONE, minor("node3", 0)).unwrap();
}

#[test]
fn the_secret_of_a_mirror_is_in_use() {
    check_in_use(secret("hush"));
}

#[test]
fn the_ports_of_mirrors_and_consoles_are_in_use() {
    check_in_use(Reserved::Port(11000));
    check_in_use(Reserved::Port(11001));
}

#[test]
fn what_another_job_has_reserved_is_refused() {
    for what in free() {
        let store = small_store();
        store.reserve(ONE, what.clone()).unwrap();
        assert_eq!(store.reserve(TWO, what).unwrap_err().by, Some(ONE));
    }
}

#[test]
fn a_hardware_address_is_reserved_in_either_case() {
    let store = small_store();
    store.reserve(ONE, mac("aa:00:00:00:00:fe")).unwrap();
    assert_eq!(store.reserve(TWO, mac("AA:00:00:00:00:FE")).unwrap_err().by, Some(ONE));
}

#[test]
fn the_same_thing_is_not_reserved_twice_by_one_job_either() {
    let store = small_store();
    store.reserve(ONE, minor("node3", 0)).unwrap();
    assert_eq!(store.reserve(ONE, minor("node3", 0)).unwrap_err().by, Some(ONE));
}

#[test]
fn one_job_reserves_several_things_of_a_kind() {
    let store = small_store();
    store.reserve(ONE, mac("aa:00:00:00:00:10")).unwrap();
    store.reserve(ONE, mac("aa:00:00:00:00:11")).unwrap();
    store.reserve(ONE, volume("xenvg/a")).unwrap();
    store.reserve(ONE, volume("xenvg/b")).unwrap();
    assert_eq!(store.reserved().len(), 4);
}

#[test]
fn all_that_a_job_has_reserved_is_dropped_together() {
    let store = small_store();
    free().into_iter().for_each(|what| store.reserve(ONE, what).unwrap());
    store.drop_reservations(ONE);
    assert_eq!(store.reserved(), []);
    free().into_iter().for_each(|what| store.reserve(TWO, what).unwrap());
}

#[test]
fn what_others_have_reserved_is_not_dropped() {
    let store = small_store();
    store.reserve(ONE, minor("node3", 0)).unwrap();
    store.reserve(TWO, minor("node3", 1)).unwrap();
    store.drop_reservations(ONE);
    assert_eq!(store.reserved(), [(TWO, minor("node3", 1))]);
}

#[test]
fn a_refused_reservation_is_none() {
    let store = small_store();
    store.reserve(ONE, mac("aa:00:00:00:00:02")).unwrap_err();
    assert_eq!(store.reserved(), []);
}

#[test]
fn reservations_do_not_change_the_configuration() {
    let store = small_store();
    let before = store.snapshot();
    free().into_iter().for_each(|what| store.reserve(ONE, what).unwrap());
    assert!(store.snapshot().same_as(&before));
}

#[test]
fn a_refusal_names_what_is_taken_and_by_whom() {
    let store = small_store();
    store.reserve(ONE, minor("node3", 4)).unwrap();
    let by_job = store.reserve(TWO, minor("node3", 4)).unwrap_err().to_string();
    assert!(by_job.contains("minor 4") && by_job.contains("node3") && by_job.contains("job 1"), "{by_job}");
    let in_use = store.reserve(TWO, mac("aa:00:00:00:00:01")).unwrap_err().to_string();
    assert!(in_use.contains("aa:00:00:00:00:01") && in_use.contains("in use"), "{in_use}");
}

#[test]
fn each_kind_is_named_in_a_refusal() {
    for (what, words) in free().iter().zip(["new", "99", "192.0.2.3", "xenvg/new", "node1", "secret", "11003"]) {
        assert!(what.to_string().contains(words), "{what}");
    }
}

#[test]
fn a_secret_is_not_shown_in_a_refusal() {
    let taken = small_store().reserve(ONE, secret("hush")).unwrap_err();
    assert!(!taken.to_string().contains("hush"), "{taken}");
}
