//! The whole journal as one text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use expect_test::{Expect, Position, expect};

use super::golden::golden;
use super::units::{How, bench, care, shown};

#[test]
fn a_story_is_the_whole_journal() {
    bench()
        .run(shown(How::Well))
        .story(expect![[r#"
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 pre hooks  hooks   pet-care pre
          5 pre hooks  call    hooks_runner() @node1
          6 exec       call    pet_feed() @node2
          7 exec       config  nodes[node2].tags: [] -> ["fed"]
          8 post hooks hooks   pet-care post
          9 post hooks call    hooks_runner() @node1, @node2
    "#]])
        .succeeded();
}

#[test]
fn a_story_has_no_places_in_the_code() {
    let told = bench().run(shown(How::Well)).succeeded().journal().to_string();
    assert!(!told.contains(".rs"), "{told}");
}

/// Another story, which no update can find.
fn another() -> Expect {
    Expect { position: Position { file: "nowhere.rs", line: 1, column: 1 }, data: "once upon a time", indent: false }
}

#[test]
fn another_story_fails() {
    let told = catch_unwind(AssertUnwindSafe(|| bench().run(care(How::Well)).story(another()).succeeded()));
    assert!(told.is_err());
}

#[test]
fn a_story_is_not_compared_when_the_verdict_fails() {
    golden(
        || bench().run(care(How::NotAtAll)).story(another()).failed("x"),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): wanted failed: ..x.., got success: null
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}
