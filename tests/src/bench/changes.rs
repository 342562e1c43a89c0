//! What a test says of changes.

use expect_test::expect;
use testlib::Level::Node;
use testlib::granted;

use super::golden::golden;
use super::units::{How, bench, care};

const FED: &str = "nodes[node2].tags: [] -> [\"fed\"]";

#[test]
fn the_list_of_changes_is_complete() {
    bench().run(care(How::Well)).changed([FED]).succeeded();
    bench().run(care(How::NotAtAll)).changed([]).succeeded();
}

#[test]
fn a_change_that_was_not_made_fails() {
    golden(
        || bench().run(care(How::NotAtAll)).changed([FED]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a change was not made
                   wanted   nodes[node2].tags: [] -> ["fed"]   (here:+1)
                   got      it stayed as it was
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_change_to_another_value_is_told_once() {
    golden(
        || bench().run(care(How::TwoWrites)).changed([FED]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a change was not made
                   wanted   nodes[node2].tags: [] -> ["fed"]   (here:+1)
                   got      nodes[node2].tags: [] -> ["fed","washed"]
            changes
              nodes[node2].tags: [] -> ["fed","washed"]
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       config  nodes[node2].tags: [] -> ["fed"]   [bench/units.rs]
              5 exec       config  nodes[node2].tags: ["fed"] -> ["fed","washed"]   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_change_too_many_fails() {
    golden(
        || bench().run(care(How::Well)).changed([]).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. something else was changed
                   wanted   no other change   (here:+1)
                   got      nodes[node2].tags: [] -> ["fed"]
            changes
              nodes[node2].tags: [] -> ["fed"]
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       call    pet_feed() @node2   [bench/units.rs]
              5 exec       config  nodes[node2].tags: [] -> ["fed"]   [bench/units.rs]
        "#]],
    );
}

#[test]
fn two_writes_are_one_change() {
    bench().run(care(How::TwoWrites)).changed(["nodes[node2].tags: [] -> [\"fed\",\"washed\"]"]).succeeded();
}

#[test]
fn what_is_put_back_is_no_change_of_the_configuration() {
    bench().run(care(How::TagAndBack)).changed([]).succeeded();
}

#[test]
fn what_another_job_changes_is_not_the_units() {
    let mut t = bench();
    t.when(granted(Node), |cluster| drop(cluster.node("node3").tag("theirs")));
    t.run(care(How::Well)).changed([FED]).succeeded();
}

#[test]
fn a_change_of_what_does_not_exist_is_a_mistake() {
    golden(
        || bench().run(care(How::Well)).changed(["nodes[node02].tags: [] -> [\"fed\"]"]).succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: there is nothing named 'node02' among the nodes; did you mean 'node2'? (there are: node1, node2, node3)
        "#]],
    );
}

#[test]
fn a_change_in_a_table_that_does_not_exist_is_a_mistake() {
    golden(
        || bench().run(care(How::Well)).changed(["node[node2].tags: [] -> [\"fed\"]"]).succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: there is no table 'node'; did you mean 'nodes'? (there are: nodes, nodegroups, instances, networks, disks)
        "#]],
    );
}

#[test]
fn a_change_that_does_not_read_like_one_is_a_mistake() {
    golden(
        || bench().run(care(How::Well)).changed(["node2 is fed"]).succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: 'node2 is fed' is not a change; one reads `instances[web1].admin_state: down -> up`
        "#]],
    );
}

#[test]
fn a_change_at_no_place_is_a_mistake() {
    golden(
        || bench().run(care(How::Well)).changed(["tags: [] -> [\"fed\"]"]).succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: 'tags' is no place in the configuration; one reads `instances[web1].admin_state` or `cluster.tags`
        "#]],
    );
}

#[test]
fn some_of_the_changes_can_be_named() {
    bench().run(care(How::Well)).changed_also(FED).succeeded();
}

#[test]
fn one_of_some_changes_that_is_missing_fails() {
    golden(
        || bench().run(care(How::Well)).changed_also("nodes[node3].tags: [] -> [\"fed\"]").succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a change was not made
                   wanted   nodes[node3].tags: [] -> ["fed"]   (here:+1)
                   got      it stayed as it was
            changes
              nodes[node2].tags: [] -> ["fed"]
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       call    pet_feed() @node2   [bench/units.rs]
              5 exec       config  nodes[node2].tags: [] -> ["fed"]   [bench/units.rs]
        "#]],
    );
}

#[test]
fn one_of_some_changes_that_can_never_be_is_a_mistake() {
    golden(
        || bench().run(care(How::Well)).changed_also("instances[web].tags: [] -> [\"fed\"]").succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: there is nothing named 'web' among the instances; did you mean 'web1'? (there are: db1, diskless1, file1, web1, web2)
        "#]],
    );
}

#[test]
fn nothing_was_changed() {
    bench().run(care(How::NotAtAll)).changed_nothing().succeeded();
}

#[test]
fn something_that_was_changed_fails() {
    golden(
        || bench().run(care(How::Well)).changed_nothing().succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. something was changed
                   wanted   no change   (here:+1)
                   got      nodes[node2].tags: [] -> ["fed"]
            changes
              nodes[node2].tags: [] -> ["fed"]
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       call    pet_feed() @node2   [bench/units.rs]
              5 exec       config  nodes[node2].tags: [] -> ["fed"]   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_serial_number_that_moved_is_a_change() {
    golden(
        || bench().run(care(How::TagAndBack)).changed_nothing().succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. something was changed
                   wanted   no change   (here:+1)
                   got      2 writes, which moved only serial numbers and times
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       config  nodes[node2].tags: [] -> ["fed"]   [bench/units.rs]
              5 exec       config  nodes[node2].tags: ["fed"] -> []   [bench/units.rs]
        "#]],
    );
}

#[test]
fn writes_are_counted() {
    bench().run(care(How::TwoWrites)).wrote_times(2).succeeded();
    bench().run(care(How::NotAtAll)).wrote_times(0).succeeded();
}

#[test]
fn a_write_too_few_fails() {
    golden(
        || bench().run(care(How::Well)).wrote_times(2).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. the configuration was written less often
                   wanted   2 writes   (here:+1)
                   got      1 write
            changes
              nodes[node2].tags: [] -> ["fed"]
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       call    pet_feed() @node2   [bench/units.rs]
              5 exec       config  nodes[node2].tags: [] -> ["fed"]   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_write_too_many_fails() {
    golden(
        || bench().run(care(How::TwoWrites)).wrote_times(1).succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. the configuration was written more often
                   wanted   1 write   (here:+1)
                   got      2 writes
            changes
              nodes[node2].tags: [] -> ["fed","washed"]
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 exec       config  nodes[node2].tags: [] -> ["fed"]   [bench/units.rs]
              5 exec       config  nodes[node2].tags: ["fed"] -> ["fed","washed"]   [bench/units.rs]
        "#]],
    );
}
