//! What may be a tag.

use std::sync::LazyLock;

use regex::Regex;

/// Most characters in a tag (ganeti 3.1, constants: `MAX_TAG_LEN`).
pub const TAG_LEN_MAX: usize = 128;

/// Most tags on one object (ganeti 3.1, constants: `MAX_TAGS_PER_OBJ`).
pub const TAGS_PER_OBJECT_MAX: usize = 4096;

/// All that is not allowed. Python's `\w` is exactly the letters and numbers of Unicode and the underscore; Rust's
/// `is_alphanumeric` and `\w` have combining marks as well.
static FOREIGN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[^\p{L}\p{N}_.+*/:@-]").expect("a constant expression, compiled by a test"));

/// Checks a tag: 1 to 128 characters, letters and digits of any script and `_.+*/:@-` (ganeti 3.1, objects.py,
/// `TaggableObject.ValidateTag`).
///
/// # Errors
/// The text says what is wrong and shows the tag. A line end after an else good tag is refused as well; the reference
/// overlooks it.
///
/// ```
/// use cmdlib::params::validate_tag;
///
/// assert!(validate_tag("owner:köln/rack-7").is_ok());
/// assert!(validate_tag("two words").is_err());
/// ```
pub fn validate_tag(tag: &str) -> Result<(), String> {
    if tag.is_empty() {
        return Err("a tag can't be empty".to_owned());
    }
    let count = tag.chars().count();
    if count > TAG_LEN_MAX {
        return Err(format!("a tag has at most {TAG_LEN_MAX} characters, this one has {count}"));
    }
    match FOREIGN.find(tag) {
        None => Ok(()),
        Some(foreign) => Err(format!(
            "tag {tag:?} has the character {:?}; allowed are letters, digits and any of _.+*/:@-",
            foreign.as_str()
        )),
    }
}
