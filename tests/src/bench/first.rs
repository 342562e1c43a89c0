use super::golden::golden;
use super::units::*;
use expect_test::expect;

#[test]
fn a() {
    golden(|| bench().run(shown(How::Well)).called_times::<PetFeed>(3).failed("x"), expect![[r#"
        panicked at here:+0
        PetCare(node2): wanted failed: ..x.., got success: null
          1. a call was made more or less often
               wanted   3 calls of pet_feed   (here:+0)
               got      1 call
        changes
          nodes[node2].tags: [] -> ["fed"]
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
          4 pre hooks  hooks   pet-care pre
          5 pre hooks  call    hooks_runner() @node1   [processor/hooks.rs]
          6 exec       call    pet_feed() @node2   [bench/units.rs]
          7 exec       config  nodes[node2].tags: [] -> ["fed"]   [bench/units.rs]
          8 post hooks hooks   pet-care post
          9 post hooks call    hooks_runner() @node1, @node2   [processor/hooks.rs]
    "#]]);
}
#[test]
fn b() {
    golden(|| bench().run(care(How::Refusing)).succeeded(), expect![[r#"
        panicked at here:+0
        PetCare(node2): wanted success, got refused (resource_not_unique): port 11000 is in use
          the last step of the journal shows where
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    instance/web1 exclusive, node/node2 exclusive
          3 locks      start   all locks are held
          4 check      call    pet_look() @node2   [bench/units.rs]
    "#]]);
}
#[test]
fn c() {
    golden(|| bench().run(care(How::PanicInExec)).succeeded(), expect![[r#"
        panicked at here:+0
        PetCare(node2): wanted success, got internal error: panic: the pet bit
          1. the unit has an error
               got      panic: the pet bit
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
    "#]]);
}
#[test]
fn d() {
    golden(|| bench().run(care(How::Counting)).returned(serde_json::json!({"fed": ["rex"], "grams": 100})), expect![[r#"
        panicked at here:+0
        PetCare(node2): wanted success: {"fed":["rex"],"grams":100}, got success: {"fed":["rex","tom"],"grams":100}
        result (< wanted, > got)
          Diff < left / right > :
           {
             "fed": [
          <    "rex"
          >    "rex",
          >    "tom"
             ],
             "grams": 100
           }
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
    "#]]);
}
