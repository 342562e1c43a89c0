//! Tests of `TagsGet`.

use cmdlib::error::Code;
use cmdlib::op::{self, TagKind};
use serde_json::json;
use testlib::Level::{Instance, Network, Node, NodeGroup};
use testlib::{LuTest, granted, shared};

fn get(kind: TagKind, name: &str) -> op::TagsGet {
    op::TagsGet { name: (!name.is_empty()).then(|| name.to_owned()), ..op::TagsGet::new(kind) }
}

fn locking(op: op::TagsGet) -> op::TagsGet {
    op::TagsGet { use_locking: true, ..op }
}

fn bench() -> LuTest {
    let mut t = LuTest::three_nodes_five_instances();
    t.config().network("net1").cidr("10.0.0.0/24").tag("of-network");
    t.config().instance("web1").tag("b").tag("a");
    t.config().node("node2").tag("of-node");
    t.config().group("default").tag("of-group");
    t.config().tag("of-cluster");
    t
}

#[test]
fn tags_of_each_kind_are_returned_in_order() {
    let expected = [
        (TagKind::Instance, "web1", json!(["a", "b"])),
        (TagKind::Node, "node2", json!(["of-node"])),
        (TagKind::NodeGroup, "default", json!(["of-group"])),
        (TagKind::Network, "net1", json!(["of-network"])),
        (TagKind::Cluster, "", json!(["of-cluster"])),
    ];
    for (kind, name, tags) in expected {
        bench().run(get(kind, name)).returned(tags);
    }
}

#[test]
fn without_locking_no_lock_is_taken() {
    bench().run(get(TagKind::Instance, "web1")).locked_nothing().succeeded();
}

#[test]
fn with_locking_the_object_is_shared() {
    bench().run(locking(get(TagKind::Instance, "web1"))).locked([shared(Instance, "web1")]).succeeded();
    bench().run(locking(get(TagKind::Node, "node2"))).locked([shared(Node, "node2")]).succeeded();
    bench().run(locking(get(TagKind::NodeGroup, "default"))).locked([shared(NodeGroup, "default")]).succeeded();
    bench().run(locking(get(TagKind::Network, "net1"))).locked([shared(Network, "net1")]).succeeded();
    bench().run(locking(get(TagKind::Cluster, ""))).locked_nothing().succeeded();
}

#[test]
fn nothing_is_changed_and_nobody_is_called() {
    bench().run(get(TagKind::Cluster, "")).changed_nothing().called_nobody().succeeded();
}

#[test]
fn d04_d05_every_kind_but_the_cluster_needs_a_name() {
    for kind in [TagKind::Instance, TagKind::Node, TagKind::NodeGroup, TagKind::Network] {
        bench().run(op::TagsGet::new(kind)).refused(Code::WrongInput, "name");
    }
}

#[test]
fn an_object_that_does_not_exist_is_refused() {
    for kind in [TagKind::Instance, TagKind::Node, TagKind::NodeGroup, TagKind::Network] {
        bench().run(get(kind, "nobody")).refused(Code::UnknownEntity, "nobody");
    }
}

#[test]
fn d06_an_object_that_vanishes_while_its_lock_is_waited_for_is_refused() {
    let mut t = bench();
    t.when(granted(Instance), |cluster| {
        cluster.remove_instance("web1");
    });
    t.run(locking(get(TagKind::Instance, "web1"))).refused(Code::UnknownEntity, "web1");
}

#[test]
fn a_kind_that_is_none_is_refused_naming_those_that_are() {
    let mut t = bench();
    t.run_json(&json!({"OP_ID": "OP_TAGS_GET", "kind": "disk"}))
        .refused(Code::WrongInput, "OP_TAGS_GET.kind: expected one of cluster");
}
