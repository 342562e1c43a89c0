//! Numbers as Python reads them: with white space around, single underscores between digits, and digits of any script.
//!
//! Values come from clients that were written against the reference, so what `int()` and `float()` of Python take is
//! taken here, and nothing else.

use serde_json::Number;

/// The zeros of all scripts that write decimal numbers (Unicode 15, general category Nd); nine digits follow each.
const ZEROS: [u32; 68] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
    0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0,
    0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x11f50,
    0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e950,
    0x1fbf0,
];

/// The value of a decimal digit of any script.
fn digit(c: char) -> Option<u32> {
    let code = u32::from(c);
    let after = ZEROS.partition_point(|zero| *zero <= code);
    let value = code - ZEROS.get(after.checked_sub(1)?)?;
    (value < 10).then_some(value)
}

/// Whether it is a decimal digit of any script.
pub(super) fn is_digit(c: char) -> bool {
    digit(c).is_some()
}

/// Reads a whole number as Python's `int` does; one that does not fit 64 bits is none.
pub(super) fn whole(text: &str) -> Option<Number> {
    let text = plain(text)?;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    fitting(text.parse().ok()?)
}

/// Reads a number as Python's `float` does; infinities and "not a number" are none, since JSON can't hold them.
pub(super) fn fraction(text: &str) -> Option<f64> {
    let number: f64 = plain(text)?.parse().ok()?;
    number.is_finite().then_some(number)
}

/// Cuts a number towards zero; one that does not fit 64 bits is none.
pub(super) fn truncated(number: f64) -> Option<Number> {
    // The cast saturates far outside of 64 bits, so that what does not fit is still seen not to.
    number.is_finite().then(|| fitting(number as i128))?
}

/// The number as JSON, if it fits 64 bits.
fn fitting(number: i128) -> Option<Number> {
    i64::try_from(number).map(Number::from).or_else(|_| u64::try_from(number).map(Number::from)).ok()
}

/// The text without surrounding white space and underscores, its digits in ASCII; none if an underscore is misplaced.
fn plain(text: &str) -> Option<String> {
    let text: String =
        text.trim().chars().map(|c| digit(c).and_then(|value| char::from_digit(value, 10)).unwrap_or(c)).collect();
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let misplaced = |(at, _): (usize, &str)| !is_digit(at.checked_sub(1)) || !is_digit(at.checked_add(1));
    if text.match_indices('_').any(misplaced) {
        return None;
    }
    Some(text.replace('_', ""))
}
