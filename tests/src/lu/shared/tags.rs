//! Tags that an object gets when it is made.

use std::collections::BTreeSet;

use cmdlib::error::Code;
use cmdlib::lu::shared::tags::check_tags;

#[test]
fn good_tags_are_returned_as_a_set() {
    assert_eq!(check_tags(["b", "a", "b"]), Ok(BTreeSet::from(["a", "b"].map(str::to_owned))));
}

#[test]
fn no_tags_are_good() {
    assert_eq!(check_tags([]), Ok(BTreeSet::new()));
}

#[test]
fn d02_a_bad_tag_among_good_ones_is_refused() {
    assert_eq!(check_tags(["a", "two words"]).map_err(|refusal| refusal.code), Err(Code::WrongInput));
}

#[test]
fn d02_an_empty_tag_is_refused() {
    assert_eq!(check_tags([""]).map_err(|refusal| refusal.code), Err(Code::WrongInput));
}

#[test]
fn repeated_tags_do_not_count_twice() {
    let tags: Vec<String> = (0..4096).map(|number| number.to_string()).collect();
    let twice = tags.iter().chain(&tags).map(String::as_str);
    assert_eq!(check_tags(twice).map(|tags| tags.len()), Ok(4096));
}
