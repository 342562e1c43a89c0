//! Tests of `TagsDel`.

use cmdlib::error::Code;
use cmdlib::op::{self, OpCode, TagKind};
use testlib::Level::{Instance, Network, Node, NodeGroup};
use testlib::{LockNamed, LuTest, exclusive, granted};

fn del(kind: TagKind, name: &str, tags: &[&str]) -> op::TagsDel {
    let name = (!name.is_empty()).then(|| name.to_owned());
    op::TagsDel { name, ..op::TagsDel::new(kind, tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>()) }
}

/// A cluster in which everything has the tags `a` and `b`.
fn bench() -> LuTest {
    let mut t = LuTest::three_nodes_five_instances();
    t.config().network("net1").cidr("10.0.0.0/24").tag("a").tag("b");
    t.config().instance("web1").tag("a").tag("b");
    t.config().node("node2").tag("a").tag("b");
    t.config().group("default").tag("a").tag("b");
    t.config().tag("a").tag("b");
    t
}

#[track_caller]
fn locks_and_changes(op: op::TagsDel, locks: impl IntoIterator<Item = LockNamed>, change: &str) {
    bench().run(op).locked(locks).changed([change]).returned(());
}

#[test]
fn tags_of_an_instance_are_taken_under_its_exclusive_lock() {
    locks_and_changes(
        del(TagKind::Instance, "web1", &["a"]),
        [exclusive(Instance, "web1")],
        "instances[web1].tags: [\"a\",\"b\"] -> [\"b\"]",
    );
}

#[test]
fn tags_of_a_node_are_taken_under_its_exclusive_lock() {
    locks_and_changes(
        del(TagKind::Node, "node2", &["a"]),
        [exclusive(Node, "node2")],
        "nodes[node2].tags: [\"a\",\"b\"] -> [\"b\"]",
    );
}

#[test]
fn tags_of_a_group_are_taken_under_its_exclusive_lock() {
    let locks = [exclusive(NodeGroup, "default")];
    locks_and_changes(
        del(TagKind::NodeGroup, "default", &["a"]),
        locks,
        "nodegroups[default].tags: [\"a\",\"b\"] -> [\"b\"]",
    );
}

#[test]
fn tags_of_a_network_are_taken_under_its_exclusive_lock() {
    locks_and_changes(
        del(TagKind::Network, "net1", &["a"]),
        [exclusive(Network, "net1")],
        "networks[net1].tags: [\"a\",\"b\"] -> [\"b\"]",
    );
}

#[test]
fn tags_of_the_cluster_are_taken_without_a_lock() {
    locks_and_changes(del(TagKind::Cluster, "", &["a"]), [], "cluster.tags: [\"a\",\"b\"] -> [\"b\"]");
}

#[test]
fn d01_a_tag_given_twice_is_taken_once() {
    bench().run(del(TagKind::Cluster, "", &["a", "a"])).changed(["cluster.tags: [\"a\",\"b\"] -> [\"b\"]"]).succeeded();
}

#[test]
fn d08_no_tags_at_all_write_nothing() {
    bench().run(del(TagKind::Cluster, "", &[])).changed_nothing().succeeded();
}

#[test]
fn a_tag_that_the_object_lacks_takes_nothing_away() {
    bench().run(del(TagKind::Instance, "web1", &["a", "c"])).refused(Code::UnknownEntity, "c");
}

#[test]
fn d02_a_tag_that_is_none_is_refused_as_wrong_input() {
    for tag in ["", "a b", &"x".repeat(129)] {
        bench().run(del(TagKind::Instance, "web1", &[tag])).refused(Code::WrongInput, "tag");
    }
}

#[test]
fn d07_a_tag_that_another_job_takes_from_the_cluster_meanwhile_is_a_failure_and_nothing_is_taken() {
    bench()
        .at_exec::<cmdlib::lu::tags::TagsDel, _>(del(TagKind::Cluster, "", &["a", "b"]), |lu, cx| {
            use cmdlib::unit::LogicalUnit;
            cx.update_cluster(|cluster| {
                cluster.tags.remove("a");
            })?;
            lu.exec(&mut ["a".to_owned(), "b".to_owned()].into(), cx)
        })
        .changed(["cluster.tags: [\"a\",\"b\"] -> [\"b\"]"])
        .failed("a");
}

#[test]
fn d04_d05_every_kind_but_the_cluster_needs_a_name() {
    for kind in [TagKind::Instance, TagKind::Node, TagKind::NodeGroup, TagKind::Network] {
        bench().run(op::TagsDel::new(kind, ["a"])).refused(Code::WrongInput, "name");
    }
}

#[test]
fn an_object_that_does_not_exist_is_refused() {
    for kind in [TagKind::Instance, TagKind::Node, TagKind::NodeGroup, TagKind::Network] {
        bench().run(del(kind, "nobody", &["a"])).refused(Code::UnknownEntity, "nobody");
    }
}

#[test]
fn d06_an_instance_that_vanishes_while_its_lock_is_waited_for_is_refused() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| {
        cluster.remove_instance("web1");
    });
    t.run(del(TagKind::Instance, "web1", &["a"])).refused(Code::UnknownEntity, "web1");
}

#[test]
fn a_tag_that_another_job_takes_while_the_lock_is_waited_for_is_missing() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| {
        cluster.remove_instance("web1");
        cluster.instance("web1").tag("b");
    });
    t.run(del(TagKind::Instance, "web1", &["a"])).refused(Code::UnknownEntity, "a");
}

#[test]
fn no_hooks_run_and_no_node_is_called() {
    bench().run(del(TagKind::Cluster, "", &["a"])).no_hooks().called_nobody().succeeded();
}

#[test]
fn a_dry_run_changes_nothing() {
    let mut op = del(TagKind::Cluster, "", &["a"]);
    op.common_mut().dry_run = true;
    bench().run(op).changed_nothing().returned(());
}
