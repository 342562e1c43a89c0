//! The order in which people expect names.

use cmdlib::lu::shared::order::nice_key;

#[track_caller]
fn sorted<const N: usize>(mut names: [&str; N], wanted: [&str; N]) {
    names.sort_by_key(|name| nice_key(name));
    assert_eq!(names, wanted);
}

#[test]
fn numbers_count_as_numbers() {
    sorted(["node10", "node9", "node1"], ["node1", "node9", "node10"]);
}

#[test]
fn numbers_anywhere_count_as_numbers() {
    sorted(["a1b10c", "a1b9d", "a1b9c"], ["a1b9c", "a1b9d", "a1b10c"]);
}

#[test]
fn leading_zeros_do_not_matter() {
    assert_eq!(nice_key("node007"), nice_key("node7"));
}

#[test]
fn zeros_alone_are_zero() {
    sorted(["a1", "a000"], ["a000", "a1"]);
}

#[test]
fn numbers_may_be_of_any_length() {
    sorted(
        ["99999999999999999999999", "100000000000000000000000"],
        ["99999999999999999999999", "100000000000000000000000"],
    );
}

#[test]
fn a_shorter_name_comes_first() {
    sorted(["web1", "web"], ["web", "web1"]);
}

#[test]
fn numbers_come_before_letters() {
    sorted(["a", "1"], ["1", "a"]);
}

#[test]
fn text_is_compared_by_code_point() {
    sorted(["b", "B", "a"], ["B", "a", "b"]);
}

#[test]
fn the_eighth_change_between_digits_and_others_is_the_last_that_counts() {
    // What is left after eight runs counts as one text: "9x" comes after "10x".
    sorted(["a1a1a1a1a9x", "a1a1a1a1a10x"], ["a1a1a1a1a10x", "a1a1a1a1a9x"]);
    sorted(["a1a1a1a10x", "a1a1a1a9x"], ["a1a1a1a9x", "a1a1a1a10x"]);
}

#[test]
fn a_number_that_is_left_over_counts_as_one() {
    sorted(["1a1a1a1a10", "1a1a1a1a9"], ["1a1a1a1a9", "1a1a1a1a10"]);
}

#[test]
fn an_empty_name_comes_first() {
    sorted(["0", "a", ""], ["", "0", "a"]);
}
