//! Which line said what, and what is broken on purpose.

use cmdlib::ids::Id;
use cmdlib::objects::{Instance, Network, Node, NodeGroup};
use testlib::{GiB, Kind, MockConfig, clusters, failure_of};

use super::valid;

#[test]
fn every_setter_notes_its_line() {
    fn line<T: Kind>(config: &MockConfig, name: &str) -> Option<u32> {
        config.line_of::<T>(name).map(|it| it.line())
    }
    let mut config = MockConfig::new();
    assert_eq!(line::<Node>(&config, "node1"), Some(line!() - 1));
    config.group("rack-b");
    config.node("node2");
    config.network("net1");
    config.instance("web1").drbd("node2", GiB(1));
    let begin = line!();
    assert_eq!(line::<NodeGroup>(&config, "rack-b"), Some(begin - 4));
    assert_eq!(line::<Instance>(&config, "web1"), Some(begin - 1));
    config.node("node2").group("rack-b");
    config.network("net1").tag("a");
    config.instance("web1").up();
    let begin = line!();
    assert_eq!(line::<Node>(&config, "node2"), Some(begin - 3));
    assert_eq!(line::<Network>(&config, "net1"), Some(begin - 2));
    assert_eq!(line::<Instance>(&config, "web1"), Some(begin - 1));
    config.move_instance("web1", "node2").rename_instance("web1", "shop1");
    assert_eq!(line::<Instance>(&config, "shop1"), Some(line!() - 1));
    assert_eq!(line::<Instance>(&config, "web2"), None);
}

#[test]
fn lines_of_ready_made_clusters_are_the_test_s() {
    let config = clusters::three_nodes_five_instances();
    let line = config.line_of::<Instance>("db1").unwrap();
    assert_eq!((line.file(), line.line()), (file!(), line!() - 2));
}

#[test]
fn an_invalid_cluster_is_told_with_the_lines_that_made_it() {
    let mut config = clusters::three_nodes();
    config.node("node2").change(|node| node.drained = true);
    config.instance("web1").nic(|nic| nic.ip("10.9.0.7")).nic(|nic| nic.ip("10.9.0.7"));
    let line = line!();
    let wanted = format!(
        "the cluster that the test has built is not valid:
  - node 'node2.example.com' is master candidate and drained at once
    {file}:{0}
  - address 10.9.0.7 (bridged xen-br0) is used by network interface 0 of instance 'web1.example.com' \
     and network interface 1 of instance 'web1.example.com'
    {file}:{1}",
        line - 2,
        line - 1,
        file = file!(),
    );
    assert_eq!(config.check().unwrap_err(), wanted);
}

#[test]
fn a_finding_that_names_nothing_is_told_with_the_last_line() {
    let mut config = clusters::three_nodes();
    config.cluster(|cluster| cluster.enabled_hypervisors.clear());
    let text = config.check().unwrap_err();
    assert!(text.ends_with(&format!("{}:{}", file!(), line!() - 2)), "{text}");
}

#[test]
fn what_was_broken_on_purpose_is_expected_and_nothing_else() {
    let mut config = clusters::three_nodes_five_instances();
    let web1 = config.id_of_instance("web1");
    config.broken("its node is gone", |draft| {
        draft.update(&web1, |it| it.primary_node = Id::new("gone")).unwrap();
    });
    valid(&config);
    assert_eq!(config.broken_because().collect::<Vec<_>>(), ["its node is gone"]);
    config.node("node2").change(|node| node.drained = true);
    let text = config.check().unwrap_err();
    assert!(text.contains("node2") && !text.contains("web1"), "{text}");
}

#[test]
fn a_failure_that_does_not_come_is_a_failure() {
    let failed = failure_of(|| {
        let result = std::panic::catch_unwind(|| failure_of(|| ()));
        let message = result.unwrap_err().downcast_ref::<&str>().unwrap().to_string();
        panic!("{message}");
    });
    assert_eq!(failed.message, "`failure_of` inside of `failure_of`");
    let result = std::panic::catch_unwind(|| failure_of(|| ()));
    let message = result.unwrap_err().downcast_ref::<&str>().unwrap().to_string();
    assert_eq!(message, "a failure was to be caught, but there was none");
}
