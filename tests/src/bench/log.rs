//! What a test says of log lines.

use expect_test::expect;
use testlib::LogKind;

use super::golden::golden;
use super::units::{How, bench, care};

#[test]
fn a_line_of_a_kind_was_logged() {
    bench().run(care(How::Talking)).logged(LogKind::Hint, "feed").succeeded();
}

#[test]
fn a_line_of_another_kind_fails_and_all_are_told() {
    golden(
        || bench().run(care(How::Talking)).logged(LogKind::Info, "feed").succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a line was not logged
                   wanted   info: ..feed..   (here:+1)
                   got      info: a pet was found in step 4
                   got      warning: it barks in step 5
                   got      hint: feed it in step 6
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 check      log     info: a pet was found   [bench/units.rs]
              5 check      log     warning: it barks   [bench/units.rs]
              6 check      log     hint: feed it   [bench/units.rs]
        "#]],
    );
}

#[test]
fn a_line_that_nobody_logged_fails() {
    golden(
        || bench().run(care(How::NotAtAll)).logged(LogKind::Info, "feed").succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a line was not logged
                   wanted   info: ..feed..   (here:+1)
                   got      nothing was logged
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_warning_was_logged() {
    bench().run(care(How::Talking)).warned("barks").succeeded();
}

#[test]
fn a_warning_with_another_text_fails() {
    golden(
        || bench().run(care(How::Talking)).warned("bites").succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a line was not logged
                   wanted   warning: ..bites..   (here:+1)
                   got      info: a pet was found in step 4
                   got      warning: it barks in step 5
                   got      hint: feed it in step 6
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 check      log     info: a pet was found   [bench/units.rs]
              5 check      log     warning: it barks   [bench/units.rs]
              6 check      log     hint: feed it   [bench/units.rs]
        "#]],
    );
}

#[test]
fn no_warning_was_logged() {
    bench().run(care(How::NotAtAll)).never_warned().succeeded();
}

#[test]
fn a_warning_where_there_should_be_none_fails() {
    golden(
        || bench().run(care(How::Talking)).never_warned().succeeded(),
        expect![[r#"
            panicked at here:+1
            PetCare(node2): success: null, but not as it should be
              1. a warning was logged
                   wanted   no warning   (here:+1)
                   got      it barks in step 5
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      lock    node/node2 exclusive
              3 locks      start   all locks are held
              4 check      log     info: a pet was found   [bench/units.rs]
              5 check      log     warning: it barks   [bench/units.rs]
              6 check      log     hint: feed it   [bench/units.rs]
        "#]],
    );
}
