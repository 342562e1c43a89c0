//! Which allocator is asked.

use cmdlib::error::Code;
use cmdlib::iallocator::choose;
use testlib::MockConfig;

fn chosen(named: Option<&str>, default: &str) -> Option<String> {
    let mut config = MockConfig::new();
    config.default_iallocator(default);
    choose(named, &config.snapshot()).ok()
}

#[test]
fn the_one_that_is_named() {
    assert_eq!(chosen(Some("ours"), "hail").as_deref(), Some("ours"));
}

#[test]
fn the_one_that_is_named_where_there_is_no_default() {
    assert_eq!(chosen(Some("ours"), "").as_deref(), Some("ours"));
}

#[test]
fn the_default_if_none_is_named() {
    assert_eq!(chosen(None, "hail").as_deref(), Some("hail"));
}

#[test]
fn an_empty_name_is_none() {
    assert_eq!(chosen(Some(""), "hail").as_deref(), Some("hail"));
}

#[test]
fn d82_the_default_for_a_dot() {
    assert_eq!(chosen(Some("."), "hail").as_deref(), Some("hail"));
}

#[test]
fn without_any_it_is_wrong_input() {
    for named in [None, Some("."), Some("")] {
        let refusal = choose(named, &MockConfig::new().snapshot()).expect_err("there is none");
        assert_eq!(refusal.code, Code::WrongInput, "{named:?}");
    }
}
