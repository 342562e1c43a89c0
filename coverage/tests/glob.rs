//! What patterns mean.

use coverage::glob::Glob;

#[test]
fn stars_stay_in_a_folder_and_double_stars_do_not() {
    for (pattern, path, wanted) in [
        ("a/*.rs", "a/b.rs", true),
        ("a/*.rs", "a/b/c.rs", false),
        ("a/**/*.rs", "a/b.rs", true),
        ("a/**/*.rs", "a/b/c/d.rs", true),
        ("lu/*/**/*.rs", "lu/mod.rs", false),
        ("lu/*/**/*.rs", "lu/tags/set.rs", true),
        ("lu/*/**/*.rs", "lu/tags/deep/set.rs", true),
        ("a/?.rs", "a/b.rs", true),
        ("a/?.rs", "a/bb.rs", false),
        ("**/x.rs", "x.rs", true),
        ("a/b.rs", "a/b.rs", true),
        ("a/b.rs", "a/b.rs.bak", false),
        ("a*c*e", "abcde", true),
    ] {
        assert_eq!(Glob::new(pattern).unwrap().matches(path), wanted, "{pattern} on {path}");
    }
}

#[test]
fn what_would_mean_something_else_elsewhere_is_refused() {
    for pattern in ["", "/a", "a//b", "../a", "./a", "a/[bc]", "a/{b,c}", "!a", "a\\b", "a/**b"] {
        assert!(Glob::new(pattern).is_err(), "`{pattern}` was taken");
    }
}

#[test]
fn the_folder_is_what_stands_before_the_first_star() {
    for (pattern, folder) in [("a/b/*.rs", "a/b"), ("**/*.rs", ""), ("a/b.rs", "a"), ("b.rs", "")] {
        assert_eq!(Glob::new(pattern).unwrap().folder(), folder);
    }
}
