//! Loading alters nothing, and what is no configuration is refused with the reason.

use std::path::PathBuf;

use cmdlib::config::{Config, LoadError, MemoryStorage, Snapshot};
use cmdlib::ids::NodeId;
use cmdlib::objects::Instance;
use serde_json::{Value, json};

use super::documents::{SMALL, changed, small};
use super::store::change;

/// Checks that a document is written as it was read, order of members and forms of numbers included.
#[track_caller]
fn check_lossless(document: &Value) {
    let text = serde_json::to_string_pretty(document).unwrap();
    for snapshot in [Snapshot::read(document), Snapshot::parse(text.as_bytes())] {
        assert_eq!(serde_json::to_string_pretty(&snapshot.unwrap().write()).unwrap(), text);
    }
}

/// Checks a file of the shared folder, which is not part of the workspace: without it there is nothing to check.
#[track_caller]
fn check_shared(file: &str, check: impl FnOnce(&[u8])) {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/ganeti/config")).join(file);
    match std::fs::read(&path) {
        Ok(text) => check(&text),
        #[expect(clippy::print_stderr, reason = "a test that checks nothing must say so")]
        Err(_) => eprintln!("skipped: no {}", path.display()),
    }
}

#[track_caller]
fn check_shared_is_lossless_and_valid(file: &str) {
    check_shared(file, |text| {
        check_lossless(&serde_json::from_slice(text).unwrap());
        assert_eq!(Snapshot::parse(text).unwrap().verify(), []);
    });
}

#[test]
fn the_small_document_is_written_as_it_was_read() {
    check_lossless(&small());
}

/// More instances than one thread reads.
fn many() -> Value {
    testlib::clusters::scaled(4, 1_500).snapshot().write()
}

#[test]
fn a_document_with_many_instances_is_written_as_it_was_read() {
    check_lossless(&many());
}

#[test]
fn an_object_far_down_in_a_large_document_is_refused_by_its_place() {
    let mut document = many();
    let (id, last) = document["instances"].as_object_mut().unwrap().iter_mut().last().unwrap();
    let id = id.clone();
    last["nics"][0]["mac"] = json!(7);
    let error = Snapshot::parse(document.to_string().as_bytes()).unwrap_err();
    assert_eq!(error, Snapshot::read(&document).unwrap_err());
    assert_eq!(error.to_string(), format!("not a configuration: instances.{id}.nics[0].mac: expected a text, got 7"));
}

#[test]
fn a_text_that_is_no_json_is_refused_by_its_line_in_the_whole_document() {
    let text = serde_json::to_string_pretty(&small()).unwrap().replacen("\"serial_no\": 1", "\"serial_no\": 1e999", 1);
    let line = text.lines().position(|line| line.contains("1e999")).unwrap() + 1;
    let error = Snapshot::parse(text.as_bytes()).unwrap_err().to_string();
    assert!(error.contains(&format!("number out of range at line {line} ")), "{error}");
}

#[test]
fn a_file_of_2_16_is_written_as_it_was_read_and_has_no_finding() {
    check_shared_is_lossless_and_valid("cluster_config_2.16.json");
}

#[test]
fn a_file_of_3_0_is_written_as_it_was_read_and_has_no_finding() {
    check_shared_is_lossless_and_valid("cluster_config_3.0.json");
}

#[test]
fn a_file_of_3_1_is_written_as_it_was_read_and_has_no_finding() {
    check_shared_is_lossless_and_valid("cluster_config_3.1.json");
}

#[test]
fn a_large_file_is_written_as_it_was_read_and_has_no_finding() {
    check_shared_is_lossless_and_valid("large.json");
}

#[test]
fn an_older_document_keeps_its_number() {
    for number in [2_160_000, 3_000_000] {
        let snapshot = changed(|doc| doc["version"] = json!(number));
        assert_eq!(snapshot.write()["version"], number);
        assert_eq!(snapshot.verify(), []);
    }
}

/// Checks that a member which is put into the small document at `pointer` survives.
#[track_caller]
fn check_survives(pointer: &str, key: &str, value: Value) {
    let mut document = small();
    document.pointer_mut(pointer).unwrap()[key] = value;
    check_lossless(&document);
}

#[test]
fn unknown_members_survive_at_every_level() {
    for pointer in [
        "",
        "/cluster",
        "/nodes/node1",
        "/nodegroups/group-rack-b",
        "/instances/web1",
        "/instances/web1/nics/0",
        "/networks/net-lan",
        "/disks/disk-web1",
        "/disks/disk-web1/children/1",
    ] {
        check_survives(pointer, "of_tomorrow", json!({"b": [1, null], "a": 2}));
    }
}

#[test]
fn an_unknown_member_survives_a_change_of_its_neighbour() {
    let snapshot = changed(|doc| doc["nodes"]["node1"]["of_tomorrow"] = json!(1));
    let store = Config::new(snapshot, MemoryStorage);
    change(&store, |draft| draft.update(&NodeId::new("node1"), |node| node.powered = false));
    assert_eq!(store.snapshot().write()["nodes"]["node1"]["of_tomorrow"], 1);
}

/// Checks that the text with `member` in place of web1's name has an instance of that name.
#[track_caller]
fn check_named(member: &str) {
    let text = small().to_string();
    let name = r#""name":"web1.example.com""#;
    assert_eq!(text.matches(name).count(), 1, "{text}");
    let snapshot = Snapshot::parse(text.replace(name, member).as_bytes()).unwrap();
    assert_eq!(snapshot.named::<Instance>("web1.example.com").unwrap().name, "web1.example.com");
}

#[test]
fn of_a_member_that_stands_twice_the_last_counts() {
    check_named(r#""name":"web9.example.com","name":"web1.example.com""#);
}

#[test]
fn a_member_is_known_however_its_name_is_written() {
    check_named(r#""\u006eame":"web1.example.com""#);
}

#[test]
fn nulls_survive() {
    for (pointer, key) in [
        ("/cluster", "volume_group_name"),
        ("/cluster", "uid_pool"),
        ("/instances/web1", "network_port"),
        ("/instances/db1/nics/0", "network"),
        ("/disks/disk-spare", "params"),
        ("/networks/net-lan", "gateway"),
    ] {
        check_survives(pointer, key, Value::Null);
    }
}

#[test]
fn whole_numbers_and_fractions_keep_their_form() {
    for number in [json!(1), json!(1.0)] {
        check_survives("/nodes/node1", "mtime", number.clone());
        check_survives("/cluster/ipolicy", "spindle-ratio", number.clone());
        check_survives("/instances/web1/beparams", "vcpus", number);
    }
}

#[test]
fn sets_keep_the_order_of_the_file() {
    check_survives("/cluster", "tags", json!(["z", "a", "m"]));
    check_survives("/cluster", "tcpudp_port_pool", json!([11009, 11003]));
}

#[test]
fn a_member_that_may_be_missing_is_not_written() {
    let mut document = small();
    for (object, key) in
        [("/disks/disk-web1", "mode"), ("/instances/web1", "tags"), ("/nodegroups/group-default", "ctime")]
    {
        document.pointer_mut(object).unwrap().as_object_mut().unwrap().shift_remove(key).unwrap();
    }
    check_lossless(&document);
}

#[test]
fn a_missing_table_of_filters_stays_missing() {
    let mut document = small();
    document.as_object_mut().unwrap().shift_remove("filters").unwrap();
    check_lossless(&document);
}

#[test]
fn filter_rules_survive() {
    let rule = json!({
        "uuid": "rule", "watermark": 17, "priority": 0, "predicates": [["jobid", [">", "id", "watermark"]]],
        "action": ["RATE_LIMIT", 3], "reason_trail": [["admin", "why", 1_700_000_000_000_000_000_i64]],
    });
    check_survives("/filters", "rule", rule);
}

#[test]
fn a_filter_rule_may_lack_what_the_scheduler_adds() {
    check_survives("/filters", "rule", json!({"watermark": 17, "priority": 0, "predicates": [], "action": "ACCEPT"}));
}

/// Checks that the text is refused with all of these words.
#[track_caller]
fn check_refused(text: &str, kind: fn(&LoadError) -> bool, words: &[&str]) {
    let error = Snapshot::parse(text.as_bytes()).unwrap_err();
    assert!(kind(&error), "{error:?}");
    for word in words {
        assert!(error.to_string().contains(word), "no {word:?} in: {error}");
    }
}

fn is_not_json(error: &LoadError) -> bool {
    matches!(error, LoadError::NotJson(_))
}
fn is_version(error: &LoadError) -> bool {
    matches!(error, LoadError::Version(_))
}
fn is_shape(error: &LoadError) -> bool {
    matches!(error, LoadError::Shape(_))
}

/// Checks how the small document with another version is refused.
#[track_caller]
fn check_version_refused(version: Value, words: &[&str]) {
    let mut document = small();
    document["version"] = version;
    check_refused(&document.to_string(), is_version, words);
}

#[test]
fn an_older_version_is_refused_by_its_name() {
    check_version_refused(json!(2_150_000), &["2.15", "2.16, 3.0 and 3.1"]);
}

#[test]
fn a_future_version_is_refused_by_its_name() {
    check_version_refused(json!(3_020_000), &["3.2"]);
}

#[test]
fn a_revision_of_a_version_is_another_version() {
    check_version_refused(json!(3_010_001), &["3010001"]);
}

#[test]
fn a_version_that_is_a_text_is_refused() {
    check_version_refused(json!("3.1"), &["\"3.1\""]);
}

#[test]
fn a_version_below_zero_is_refused() {
    check_version_refused(json!(-3_010_000), &["-3010000"]);
}

#[test]
fn a_document_without_version_is_refused() {
    let mut document = small();
    document.as_object_mut().unwrap().shift_remove("version").unwrap();
    check_refused(&document.to_string(), is_version, &["no version"]);
}

#[test]
fn a_truncated_text_is_refused_at_every_length() {
    for length in (0..SMALL.trim_end().len()).step_by(97) {
        check_refused(&SMALL[..length], is_not_json, &["not JSON"]);
    }
}

#[test]
fn a_text_that_is_not_json_is_refused() {
    check_refused("master_node: node1", is_not_json, &["not JSON"]);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    assert!(is_not_json(&Snapshot::parse(b"\xff\xfe{").unwrap_err()));
}

#[test]
fn a_document_that_is_no_object_is_refused() {
    check_refused("[3010000]", is_shape, &["an object"]);
}

/// Checks that the small document is refused for its shape, naming `path`, after `value` was put at `pointer`.
#[track_caller]
fn check_shape_refused(pointer: &str, value: Value, path: &str) {
    let mut document = small();
    *document.pointer_mut(pointer).unwrap() = value;
    check_refused(&document.to_string(), is_shape, &[&format!("{path}: ")]);
}

#[test]
fn a_wrong_shape_is_refused_by_its_path() {
    for (pointer, value, path) in [
        ("/cluster", json!([]), "cluster"),
        ("/nodes", json!([]), "nodes"),
        ("/nodes/node1", json!("node1"), "nodes.node1"),
        ("/nodes/node1/offline", json!("no"), "nodes.node1.offline"),
        ("/nodegroups/group-default/networks", json!([]), "nodegroups.group-default.networks"),
        ("/instances/web1/admin_state", json!("running"), "instances.web1.admin_state"),
        ("/instances/web1/nics/0/mac", json!(7), "instances.web1.nics[0].mac"),
        ("/networks/net-lan/network", Value::Null, "networks.net-lan.network"),
        ("/disks/disk-web1/dev_type", json!("drbd8"), "disks.disk-web1.dev_type"),
        ("/disks/disk-web1/children/1/size", json!("128"), "disks.disk-web1.children[1].size"),
        ("/cluster/tags/1", json!(1), "cluster.tags[1]"),
        ("/filters", json!([]), "filters"),
    ] {
        check_shape_refused(pointer, value, path);
    }
}

#[test]
fn a_missing_member_is_refused_by_its_path() {
    for (pointer, key, path) in [
        ("", "cluster", "cluster"),
        ("", "disks", "disks"),
        ("/cluster", "master_node", "cluster.master_node"),
        ("/nodes/node1", "group", "nodes.node1.group"),
        ("/instances/web1/nics/0", "mac", "instances.web1.nics[0].mac"),
        ("/disks/disk-web1", "dev_type", "disks.disk-web1.dev_type"),
    ] {
        let mut document = small();
        document.pointer_mut(pointer).unwrap().as_object_mut().unwrap().shift_remove(key).unwrap();
        check_refused(&document.to_string(), is_shape, &[&format!("{path}: "), "nothing"]);
    }
}

#[test]
fn the_secret_of_a_mirror_is_not_shown_when_its_disk_is_refused() {
    let mut document = small();
    document["disks"]["disk-web1"]["logical_id"] = json!("hush");
    let error = Snapshot::read(&document).unwrap_err();
    assert!(!error.to_string().contains("hush"), "{error}");
}
