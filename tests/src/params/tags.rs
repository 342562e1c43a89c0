//! What may be a tag.

use cmdlib::params::{TAG_LEN_MAX, TAGS_PER_OBJECT_MAX, validate_tag};

#[track_caller]
fn refuses(tag: &str, part: &str) {
    let text = validate_tag(tag).expect_err("a bad tag");
    assert!(text.contains(part), "no {part:?} in: {text}");
}

#[test]
fn limits_are_those_of_the_reference() {
    assert_eq!((TAG_LEN_MAX, TAGS_PER_OBJECT_MAX), (128, 4096));
}

#[test]
fn ascii() {
    assert_eq!(validate_tag("azAZ09_.+*/:@-"), Ok(()));
}

#[test]
fn letters_and_digits_of_any_script() {
    for tag in ["köln", "日本", "٣", "²", "Ⅷ", "½"] {
        assert_eq!(validate_tag(tag), Ok(()), "{tag}");
    }
}

#[test]
fn the_empty_tag() {
    refuses("", "empty");
}

#[test]
fn length_is_counted_in_characters() {
    for count in [1, 127, 128] {
        assert_eq!(validate_tag(&"é".repeat(count)), Ok(()), "{count}");
    }
    refuses(&"é".repeat(129), "at most 128 characters, this one has 129");
}

#[test]
fn other_characters() {
    for tag in ["a b", "a,b", "a#", "ä!", "\u{0}", "😀", "e\u{301}", "Ⓐ", "ि"] {
        refuses(tag, "has the character");
    }
}

/// The reference's expression overlooks it, and a tag with a line end then breaks every list of tags.
#[test]
fn a_line_end() {
    refuses("tag\n", r#""\n""#);
}
