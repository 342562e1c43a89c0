//! Golden texts of failures. Places that move are told relative to the call of `golden`, places elsewhere by their file only.

use expect_test::Expect;
use testlib::failure_of;

/// Fails as `expected`: the whole text of the failure, in front of it the line that the failure points to.
///
/// `here:+2` is the line two below the call of this function; lines of other files are left out.
#[track_caller]
pub(crate) fn golden<R>(fails: impl FnOnce() -> R, expected: Expect) {
    let at = std::panic::Location::caller();
    let failed = failure_of(|| drop(fails()));
    let here = Here { file: at.file(), line: i64::from(at.line()) };
    let place = format!("{}:{}", failed.file, failed.line);
    expected.assert_eq(&format!("panicked at {}\n{}\n", here.relative(&place), here.relative(&failed.message)));
}

struct Here<'a> {
    file: &'a str,
    line: i64,
}

impl Here<'_> {
    /// Makes the places in a text relative.
    fn relative(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(end) = rest.find(".rs:") {
            let begin = rest[..end].rfind(|it: char| it.is_whitespace() || "([`'".contains(it)).map_or(0, |at| at + 1);
            let file = &rest[begin..end + ".rs".len()];
            let number = &rest[end + ".rs:".len()..];
            let digits = number.find(|it: char| !it.is_ascii_digit()).unwrap_or(number.len());
            out += &rest[..begin];
            match number[..digits].parse::<i64>() {
                // A place is long or short; the whole of the short one ends the long one.
                Ok(line) if self.file.ends_with(file) => out += &format!("here:{:+}", line - self.line),
                _ => out += file.rsplit_once("src/").map_or(file, |(_, short)| short),
            }
            rest = &number[digits..];
        }
        out + rest
    }
}

#[test]
fn places_here_are_told_by_their_distance() {
    let here = Here { file: "tests/src/bench/golden.rs", line: 10 };
    assert_eq!(here.relative("(tests/src/bench/golden.rs:12) and [bench/golden.rs:9]"), "(here:+2) and [here:-1]");
}

#[test]
fn places_elsewhere_are_told_by_their_file() {
    let here = Here { file: "tests/src/bench/golden.rs", line: 10 };
    assert_eq!(here.relative("[processor/hooks.rs:64] x"), "[processor/hooks.rs] x");
}
