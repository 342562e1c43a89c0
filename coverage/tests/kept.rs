//! Product files of the base with the tests of the change.

use coverage::changed::patch::Hunk;
use coverage::lines::Span;
use coverage::pinned::kept;

const OLD: &str = "fn f() -> u32 {\n    1\n}\n\n#[cfg(test)]\nmod tests {\n    fn a() {}\n}\n";

fn hunk(removed: Option<(u64, u64)>, added: Option<(u64, u64)>, behind: u64, after: u64) -> Hunk {
    let span = |(start, end)| Span { start, end };
    Hunk { removed: removed.map(span), added: added.map(span), behind, after }
}

#[test]
fn hunks_in_tests_are_kept_and_others_are_not() {
    let new = OLD.replace("    1\n", "    2\n").replace("fn a() {}\n", "fn b() {}\n    fn c() {}\n");
    let hunks = [hunk(Some((2, 2)), Some((2, 2)), 1, 1), hunk(Some((7, 7)), Some((7, 8)), 6, 6)];
    let text = kept(OLD, &new, &hunks).unwrap();
    assert_eq!(text, OLD.replace("fn a() {}\n", "fn b() {}\n    fn c() {}\n"));
}

#[test]
fn a_whole_module_of_tests_with_the_line_before_it_is_kept() {
    let base = "fn f() {}\n";
    let new = "fn f() {}\n\n#[cfg(test)]\nmod tests {}\n";
    assert_eq!(kept(base, new, &[hunk(None, Some((2, 4)), 1, 1)]).unwrap(), new);
}

#[test]
fn tests_taken_out_are_taken_out() {
    let new = OLD.replace("    fn a() {}\n", "");
    assert_eq!(kept(OLD, &new, &[hunk(Some((7, 7)), None, 6, 6)]).unwrap(), new);
}

#[test]
fn a_hunk_of_both_is_refused() {
    let base = "fn f() {}\n";
    let new = "fn g() {}\n#[cfg(test)]\nmod tests {}\n";
    let why = kept(base, new, &[hunk(Some((1, 1)), Some((1, 3)), 0, 0)]).unwrap_err();
    assert_eq!(why, "near line 1 one hunk changes product and tests together");
}

#[test]
fn what_is_no_rust_is_an_error() {
    assert!(kept("fn f(", "", &[]).is_err());
}
