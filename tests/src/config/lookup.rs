//! Finding objects by what users call them.

use cmdlib::config::{ByName, Snapshot};
use cmdlib::objects::{Instance, Network, Node, NodeGroup};
use serde_json::json;

use super::documents::changed;

/// Returns a cluster whose instances have these names; the uuid is the position.
fn named(names: &[&str]) -> Snapshot {
    changed(|document| {
        let template = document["instances"]["db1"].clone();
        let instances = document["instances"].as_object_mut().unwrap();
        instances.clear();
        for (index, name) in names.iter().enumerate() {
            let mut instance = template.clone();
            instance["uuid"] = json!(index.to_string());
            instance["name"] = json!(name);
            instances.insert(index.to_string(), instance);
        }
    })
}

/// Checks which of the names is meant by `asked`.
#[track_caller]
fn check(names: &[&str], asked: &str, wanted: Option<&str>) {
    let snapshot = named(names);
    let found = snapshot.find::<Instance>(asked).ok().map(|id| snapshot.get(&id).unwrap().name.clone());
    assert_eq!(found.as_deref(), wanted, "{asked:?} among {names:?}");
}

#[test]
fn a_full_name_is_found() {
    check(&["web.example.com", "db.example.com"], "web.example.com", Some("web.example.com"));
}

#[test]
fn first_components_are_found() {
    for asked in ["web", "web.example"] {
        check(&["web.example.com", "db.example.com"], asked, Some("web.example.com"));
    }
}

#[test]
fn a_part_of_a_component_is_not_found() {
    for asked in ["we", "web.ex", "example.com", "eb.example.com", "web.", ".", "web.example.com."] {
        check(&["web.example.com"], asked, None);
    }
}

#[test]
fn components_that_several_have_are_ambiguous() {
    check(&["web.example.com", "web.example.org"], "web", None);
    check(&["web.example.com", "web.example.org"], "web.example", None);
}

#[test]
fn a_name_that_is_the_beginning_of_another_is_found() {
    check(&["web.example.com", "web"], "web", Some("web"));
    check(&["web", "web.example.com"], "web", Some("web"));
}

#[test]
fn case_means_nothing() {
    check(&["Web.Example.com"], "wEB", Some("Web.Example.com"));
    check(&["Web.Example.com"], "web.example.COM", Some("Web.Example.com"));
}

#[test]
fn the_exact_spelling_beats_another_case() {
    check(&["WEB", "web"], "web", Some("web"));
    check(&["web", "WEB"], "WEB", Some("WEB"));
}

#[test]
fn a_whole_name_in_another_case_beats_first_components() {
    check(&["Web", "web.example.com"], "wEB", Some("Web"));
}

#[test]
fn two_whole_names_that_differ_in_case_only_are_ambiguous() {
    check(&["WEB", "web"], "Web", None);
}

#[test]
fn the_empty_name_means_nothing() {
    check(&["web.example.com"], "", None);
    check(&["", "web.example.com"], "", None);
}

#[test]
fn instances_and_nodes_are_not_found_by_uuid() {
    let snapshot = changed(|_| {});
    assert!(snapshot.find::<Instance>("disk-web1").is_err());
    assert!(named(&["web"]).find::<Instance>("0").is_err());
}

#[test]
fn nodes_are_found_by_first_components() {
    let snapshot = changed(|_| {});
    assert_eq!(snapshot.find::<Node>("NODE2").unwrap().as_str(), "node2");
}

/// Checks what is found under a name among the groups or networks of the small cluster.
#[track_caller]
fn check_small<T: ByName>(asked: &str, wanted: Option<&str>) {
    let found = changed(|_| {}).find::<T>(asked).ok();
    assert_eq!(found.as_ref().map(|id| id.as_str()), wanted);
}

#[test]
fn groups_are_found_by_name_and_by_uuid() {
    check_small::<NodeGroup>("rack-b", Some("group-rack-b"));
    check_small::<NodeGroup>("group-rack-b", Some("group-rack-b"));
}

#[test]
fn networks_are_found_by_name_and_by_uuid() {
    check_small::<Network>("lan", Some("net-lan"));
    check_small::<Network>("net-lan", Some("net-lan"));
}

#[test]
fn groups_and_networks_are_found_by_their_whole_names_in_their_case_only() {
    check_small::<NodeGroup>("Rack-B", None);
    check_small::<NodeGroup>("rack", None);
    check_small::<Network>("LAN", None);
}

#[test]
fn a_uuid_beats_the_name_of_another() {
    let snapshot = changed(|document| document["nodegroups"]["group-default"]["name"] = json!("group-rack-b"));
    assert_eq!(snapshot.find::<NodeGroup>("group-rack-b").unwrap().as_str(), "group-rack-b");
}

#[test]
fn what_is_not_found_is_named_with_its_kind() {
    let snapshot = changed(|_| {});
    let gone = snapshot.find::<NodeGroup>("rack-c").unwrap_err().to_string();
    assert!(gone.contains("node group") && gone.contains("rack-c"), "{gone}");
}

#[test]
fn an_object_that_is_gone_can_be_called_by_its_name() {
    let gone = changed(|_| {}).get::<Node>(&"node9".into()).unwrap_err().called("node9.example.com").to_string();
    assert!(gone.contains("'node9.example.com'"), "{gone}");
}

#[test]
fn an_exact_name_leads_to_its_object() {
    let snapshot = changed(|_| {});
    assert_eq!(snapshot.named::<Instance>("web1.example.com").unwrap().uuid.as_str(), "web1");
    assert_eq!(snapshot.named::<NodeGroup>("default").unwrap().uuid.as_str(), "group-default");
}

#[test]
fn an_exact_name_is_neither_short_nor_a_uuid() {
    let snapshot = changed(|_| {});
    for asked in ["web1", "WEB1.example.com", ""] {
        assert!(snapshot.named::<Instance>(asked).is_err(), "{asked:?}");
    }
    assert!(snapshot.named::<Network>("net-lan").is_err());
}
