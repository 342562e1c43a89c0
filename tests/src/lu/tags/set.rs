//! Tests of `TagsSet`.

use cmdlib::error::Code;
use cmdlib::op::{self, OpCode, TagKind};
use testlib::Level::{Instance, Network, Node, NodeGroup};
use testlib::{LockNamed, LuTest, exclusive, granted};

fn set(kind: TagKind, name: &str, tags: &[&str]) -> op::TagsSet {
    let name = (!name.is_empty()).then(|| name.to_owned());
    op::TagsSet { name, ..op::TagsSet::new(kind, tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>()) }
}

fn bench() -> LuTest {
    let mut t = LuTest::three_nodes_five_instances();
    t.config().network("net1").cidr("10.0.0.0/24");
    t
}

#[track_caller]
fn locks_and_changes(op: op::TagsSet, locks: impl IntoIterator<Item = LockNamed>, change: &str) {
    bench().run(op).locked(locks).changed([change]).returned(());
}

#[test]
fn tags_of_an_instance_are_added_under_its_exclusive_lock() {
    locks_and_changes(
        set(TagKind::Instance, "web1", &["b", "a"]),
        [exclusive(Instance, "web1")],
        "instances[web1].tags: [] -> [\"a\",\"b\"]",
    );
}

#[test]
fn tags_of_a_node_are_added_under_its_exclusive_lock() {
    locks_and_changes(
        set(TagKind::Node, "node2", &["a"]),
        [exclusive(Node, "node2")],
        "nodes[node2].tags: [] -> [\"a\"]",
    );
}

#[test]
fn tags_of_a_group_are_added_under_its_exclusive_lock() {
    locks_and_changes(
        set(TagKind::NodeGroup, "default", &["a"]),
        [exclusive(NodeGroup, "default")],
        "nodegroups[default].tags: [] -> [\"a\"]",
    );
}

#[test]
fn tags_of_a_network_are_added_under_its_exclusive_lock() {
    locks_and_changes(
        set(TagKind::Network, "net1", &["a"]),
        [exclusive(Network, "net1")],
        "networks[net1].tags: [] -> [\"a\"]",
    );
}

#[test]
fn tags_of_the_cluster_are_added_without_a_lock() {
    locks_and_changes(set(TagKind::Cluster, "", &["a"]), [], "cluster.tags: [] -> [\"a\"]");
}

#[test]
fn d07_tags_that_another_job_adds_to_the_cluster_meanwhile_stay() {
    let mut t = bench();
    // No lock guards the cluster: the other job comes after the check, before the write.
    t.at_exec::<cmdlib::lu::tags::TagsSet, _>(set(TagKind::Cluster, "", &["mine"]), |lu, cx| {
        use cmdlib::unit::LogicalUnit;
        cx.update_cluster(|cluster| {
            cluster.tags.insert("theirs".to_owned());
        })?;
        lu.exec(&mut ["mine".to_owned()].into(), cx)
    })
    .changed(["cluster.tags: [] -> [\"mine\",\"theirs\"]"])
    .succeeded();
}

#[test]
fn a_tag_that_is_there_already_stays_and_nothing_is_written() {
    let mut t = bench();
    t.config().instance("web1").tag("a");
    t.run(set(TagKind::Instance, "web1", &["a"])).changed_nothing().succeeded();
}

#[test]
fn d08_no_tags_at_all_write_nothing() {
    bench().run(set(TagKind::Cluster, "", &[])).changed_nothing().succeeded();
}

#[test]
fn a_tag_given_twice_is_added_once() {
    bench().run(set(TagKind::Cluster, "", &["a", "a"])).changed(["cluster.tags: [] -> [\"a\"]"]).succeeded();
}

#[test]
fn no_hooks_run() {
    bench().run(set(TagKind::Cluster, "", &["a"])).no_hooks().called_nobody().succeeded();
}

#[test]
fn a_dry_run_changes_nothing() {
    let mut op = set(TagKind::Cluster, "", &["a"]);
    op.common_mut().dry_run = true;
    bench().run(op).changed_nothing().returned(());
}

#[test]
fn d02_a_tag_that_is_none_is_refused_as_wrong_input() {
    for tag in ["", "a b", &"x".repeat(129), "ein\ntag"] {
        bench().run(set(TagKind::Instance, "web1", &["good", tag])).refused(Code::WrongInput, "tag");
    }
}

#[test]
fn a_tag_of_the_greatest_length_is_added() {
    bench().run(set(TagKind::Instance, "web1", &[&"x".repeat(128)])).succeeded();
}

#[test]
fn d03_an_object_takes_4096_tags_and_no_more() {
    let tags = |count: usize| (0..count).map(|number| format!("t{number}")).collect::<Vec<_>>();
    bench().run(op::TagsSet::new(TagKind::Cluster, tags(4096))).succeeded();
    bench().run(op::TagsSet::new(TagKind::Cluster, tags(4097))).refused(Code::WrongInput, "4097");
}

#[test]
fn d03_tags_that_are_there_already_count_once() {
    let mut t = bench();
    t.config().cluster(|cluster| cluster.tags = (0..4096).map(|number| format!("t{number}")).collect());
    t.run(set(TagKind::Cluster, "", &["t1", "t2"])).succeeded();
}

#[test]
fn tags_that_another_job_adds_to_the_cluster_meanwhile_count_against_the_limit() {
    let mut t = bench();
    t.at_exec::<cmdlib::lu::tags::TagsSet, _>(set(TagKind::Cluster, "", &["mine"]), |lu, cx| {
        use cmdlib::unit::LogicalUnit;
        cx.update_cluster(|cluster| cluster.tags = (0..4096).map(|number| format!("t{number}")).collect())?;
        lu.exec(&mut ["mine".to_owned()].into(), cx)
    })
    .failed("4097");
}

#[test]
fn d04_d05_every_kind_but_the_cluster_needs_a_name() {
    for kind in [TagKind::Instance, TagKind::Node, TagKind::NodeGroup, TagKind::Network] {
        bench().run(op::TagsSet::new(kind, ["a"])).refused(Code::WrongInput, "name");
        bench()
            .run(op::TagsSet { name: Some(String::new()), ..op::TagsSet::new(kind, ["a"]) })
            .refused(Code::WrongInput, "name");
    }
}

#[test]
fn an_object_that_does_not_exist_is_refused() {
    for kind in [TagKind::Instance, TagKind::Node, TagKind::NodeGroup, TagKind::Network] {
        bench().run(set(kind, "nobody", &["a"])).locked_nothing().refused(Code::UnknownEntity, "nobody");
    }
}

#[test]
fn d06_an_instance_that_vanishes_while_its_lock_is_waited_for_is_refused() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| {
        cluster.remove_instance("web1");
    });
    t.run(set(TagKind::Instance, "web1", &["a"])).refused(Code::UnknownEntity, "web1");
}

#[test]
fn d06_a_network_that_vanishes_while_its_lock_is_waited_for_is_refused() {
    let mut t = bench();
    t.when(granted(Network), |cluster| {
        cluster.remove_network("net1");
    });
    t.run(set(TagKind::Network, "net1", &["a"])).refused(Code::UnknownEntity, "network");
}

#[test]
fn tags_that_another_job_adds_while_the_lock_is_waited_for_stay() {
    let mut t = bench();
    t.when(granted(Node), |cluster| {
        cluster.node("node2").tag("theirs");
    });
    t.run(set(TagKind::Node, "node2", &["mine"]))
        .changed(["nodes[node2].tags: [\"theirs\"] -> [\"mine\",\"theirs\"]"])
        .succeeded();
}

#[test]
fn a_lock_that_another_job_keeps_is_not_waited_for_beyond_the_limit() {
    let mut t = bench();
    t.locks().taken(Instance, "web1");
    t.run(set(TagKind::Instance, "web1", &["a"])).lock_timed_out();
}
