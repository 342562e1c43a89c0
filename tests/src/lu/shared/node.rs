//! Naming a node.

use cmdlib::error::Code;
use cmdlib::lu::shared::node::NamedNode;
use testlib::LuTest;

#[test]
fn a_node_is_found_by_the_first_part_of_its_name() {
    let mut t = LuTest::three_nodes();
    t.check(|cx| NamedNode::find("node2", None, cx).map(|node| node.name)).returned("node2.example.com");
}

#[test]
fn a_node_is_found_with_its_uuid() {
    let mut t = LuTest::three_nodes();
    let id = t.config().id_of_node("node2").to_string();
    t.check(|cx| NamedNode::find("node2", None, cx).map(|node| node.id)).returned(id);
}

#[test]
fn a_part_that_two_nodes_have_names_none() {
    let mut t = LuTest::three_nodes();
    t.config().node("node2.elsewhere.org");
    t.check(|cx| NamedNode::find("node2", None, cx).map(|node| node.name)).refused(Code::UnknownEntity, "'node2'");
}

#[test]
fn a_node_that_is_not_the_expected_one_is_refused() {
    let mut t = LuTest::three_nodes();
    let other = || Some("another".into());
    t.check(move |cx| NamedNode::find("node2", other().as_ref(), cx).map(|node| node.name))
        .refused(Code::NotUnique, "node 'node2");
}

#[test]
fn a_node_that_is_gone_is_unknown_by_its_name() {
    let gone = NamedNode { id: "gone".into(), name: "node9".to_owned() };
    LuTest::new().check(move |cx| gone.again(cx).map(|node| node.name.clone())).refused(Code::UnknownEntity, "'node9'");
}
