//! Tags that an object gets when it is made.

use std::collections::BTreeSet;

use crate::error::Refusal;
use crate::params::{TAGS_PER_OBJECT_MAX, validate_tag};

/// Checks the tags of a new object; duplicates are one.
///
/// # Errors
/// `wrong_input`: no object may carry one of them (D02), or not so many (D03).
pub fn check_tags<'a>(tags: impl IntoIterator<Item = &'a str>) -> Result<BTreeSet<String>, Refusal> {
    let tags: BTreeSet<String> = tags.into_iter().map(str::to_owned).collect();
    tags.iter().try_for_each(|tag| validate_tag(tag)).map_err(Refusal::wrong_input)?;
    if tags.len() > TAGS_PER_OBJECT_MAX {
        let text = format!("an object may have {TAGS_PER_OBJECT_MAX} tags, {} are given", tags.len());
        return Err(Refusal::wrong_input(text));
    }
    Ok(tags)
}
