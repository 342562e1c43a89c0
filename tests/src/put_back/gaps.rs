//! What a campaign tells of thorough tests, of careless ones, and of none.

use expect_test::expect;
use testlib::put_back;

use super::door::UNITS;

#[test]
fn thorough_tests_notice_everything() {
    let outcome = put_back::of(&UNITS[..1]).tests("put_back::door::").run().holds();
    expect![[r#"
        unit                 tried  caught
        Door                    13      13
    "#]]
    .assert_eq(&outcome.to_string());
}

#[test]
fn what_careless_tests_do_not_notice_survives() {
    let failed = testlib::failure_of(|| drop(put_back::of(UNITS).tests("put_back::door::").run().holds()));
    expect![[r#"
        defects put back: 8 defects survived: a test is missing, or what was taken away is not needed. See for yourself:
            LU_PUT_BACK='CarelessDoor: drop lock node-res' cargo test
        UntestedDoor: no test runs it
        unit                 tried  caught
        Door                    13      13
        CarelessDoor            12       4
            survived   drop lock node-res (3 tests)
            survived   narrow lock node-res (1 test)
            survived   share lock node-res (3 tests)
            survived   skip hooks pre (3 tests)
            survived   skip hooks post (1 test)
            survived   write before open_door (3 tests)
            survived   forget release node-res (3 tests)
            survived   forget downgrade node (1 test)
        UntestedDoor             0       0
    "#]]
    .assert_eq(&failed.message);
}

#[test]
fn a_survivor_that_is_explained_is_none() {
    let explained = put_back::of(&UNITS[1..2])
        .tests("put_back::door::")
        .explained("CarelessDoor: skip hooks pre", "nobody has such scripts")
        .explained("CarelessDoor: drop lock node", "a lock that is needed needs no explanation");
    let outcome = explained.run();
    expect![[r#"[{"unit":"CarelessDoor","tried":12,"survivors":[{"defect":"drop lock node-res","tests":3,"explained":null},{"defect":"narrow lock node-res","tests":1,"explained":null},{"defect":"share lock node-res","tests":3,"explained":null},{"defect":"skip hooks pre","tests":3,"explained":"nobody has such scripts"},{"defect":"skip hooks post","tests":1,"explained":null},{"defect":"write before open_door","tests":3,"explained":null},{"defect":"forget release node-res","tests":3,"explained":null},{"defect":"forget downgrade node","tests":1,"explained":null}]}]"#]].assert_eq(&outcome.json().to_string());
    let failed = testlib::failure_of(|| drop(outcome.holds()));
    expect![[r#"
        defects put back: 7 defects survived: a test is missing, or what was taken away is not needed. See for yourself:
            LU_PUT_BACK='CarelessDoor: drop lock node-res' cargo test
        'CarelessDoor: drop lock node' is explained, but tests notice it or never meet it
        unit                 tried  caught
        CarelessDoor            12       4
            survived   drop lock node-res (3 tests)
            survived   narrow lock node-res (1 test)
            survived   share lock node-res (3 tests)
            explained  skip hooks pre: nobody has such scripts
            survived   skip hooks post (1 test)
            survived   write before open_door (3 tests)
            survived   forget release node-res (3 tests)
            survived   forget downgrade node (1 test)
    "#]]
    .assert_eq(&failed.message);
}
