//! What is found of units whose locks are right, and of those whose locks are not.

use expect_test::expect;
use testlib::contracts;

use super::keepers::UNITS;

const TESTS: &str = "contracts::keepers::";

#[test]
fn locks_that_are_needed_are_right() {
    let outcome = contracts::of(&UNITS[..3]).tests(TESTS).run().holds();
    expect![[r#"
        unit                 lock       held       needed
        Careful              nodegroup  shared     shared
                             node       exclusive  exclusive
        Alone                cluster    exclusive  exclusive
        Looking              -
    "#]]
    .assert_eq(&outcome.to_string());
}

#[test]
fn locks_that_are_wrong_are_found() {
    let failed = testlib::failure_of(|| drop(contracts::of(UNITS).tests(TESTS).run().holds()));
    expect![[r#"
        lock contracts: 3 findings: mend the unit, or say why it is so: .explained(..)
        Forgotten: no test runs it
        unit                 lock       held       needed
        Careful              nodegroup  shared     shared
                             node       exclusive  exclusive
        Alone                cluster    exclusive  exclusive
        Looking              -
        Hasty                node       exclusive  exclusive
            found      unlocked read nodegroup: refused after `cluster.group("default").alloc_policy("unallocable");`, done if that comes after the check
        Jealous              nodegroup  exclusive  shared
                             node       exclusive  exclusive
            found      needlessly exclusive lock nodegroup: shared would do in every run
        Hoarder              nodegroup  shared     shared
                             node       exclusive  exclusive
                             network    shared     -
            found      needless lock network: no change, no call and nothing that is decided needs one
        Forgotten            -
    "#]].assert_eq(&failed.message);
}

#[test]
fn what_is_explained_is_no_finding() {
    let explained = contracts::of(&UNITS[3..4])
        .tests(TESTS)
        .explained("Hasty: unlocked read nodegroup", "nobody changes policies at night");
    let outcome = explained.run().holds();
    expect![[r#"[{"unit":"Hasty","locks":[{"lock":"node","held":"exclusive","needed":"exclusive"}],"findings":[{"finding":"unlocked read nodegroup","example":"refused after `cluster.group(\"default\").alloc_policy(\"unallocable\");`, done if that comes after the check","explained":"nobody changes policies at night"}]}]"#]].assert_eq(&outcome.json().to_string());
}

#[test]
fn what_is_explained_but_not_found_any_more_fails() {
    let explained =
        contracts::of(&UNITS[..1]).tests(TESTS).explained("Careful: needless lock nodegroup", "it was so once");
    let failed = testlib::failure_of(|| drop(explained.run().holds()));
    expect![[r#"
        lock contracts: 'Careful: needless lock nodegroup' is explained, but not found
        unit                 lock       held       needed
        Careful              nodegroup  shared     shared
                             node       exclusive  exclusive
    "#]]
    .assert_eq(&failed.message);
}
