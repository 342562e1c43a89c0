//! Falls that are known and borne for a time: `[[waiver]]` in the TOML.
//!
//! A waiver does not lower the baseline. Until its last day the fall is a note; after that it is red again, unless the
//! lines were covered or somebody gave a new date. One that nothing needs is red as well, so that none is left behind.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde::de::{Deserializer, Error};
use toml::value::Datetime;

use crate::judge::Finding;
use crate::percent::Percent;

pub use toml::value::Date;

/// `[[waiver]]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The path of the file that may have fallen, or the name of the product.
    #[serde(rename = "for", deserialize_with = "words")]
    pub subject: String,
    /// Why that is borne.
    #[serde(deserialize_with = "words")]
    pub reason: String,
    /// The last day of it.
    #[serde(deserialize_with = "day")]
    pub until: Date,
    /// What the subject must still reach.
    pub at_least: Option<Percent>,
}

fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() { Err(D::Error::custom("wanted words, not an empty text")) } else { Ok(text) }
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    only_day(Datetime::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("wanted a day such as 2026-12-31"))
}

fn only_day(moment: Datetime) -> Option<Date> {
    moment.date.filter(|_| moment.time.is_none() && moment.offset.is_none())
}

/// Reads a day.
///
/// # Errors
/// When it is none.
pub fn read_day(text: &str) -> Result<Date, String> {
    let day = text.parse().ok().and_then(only_day);
    day.ok_or_else(|| format!("`{text}` is no day: wanted one such as 2026-12-31"))
}

/// The day it is, in UTC.
#[must_use]
pub fn today() -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    day_number(seconds / 86_400)
}

/// The day so many days after 1970-01-01, by the Gregorian calendar.
#[must_use]
pub fn day_number(mut days: u64) -> Date {
    let is_leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let mut month = 1;
    for length in [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    // A clock that is set beyond year 65535 judges all waivers as expired.
    Date { year: u16::try_from(year).unwrap_or(u16::MAX), month, day: u8::try_from(days + 1).unwrap_or(31) }
}

/// What falls are waived, and what waivers are wrong.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// What stays red.
    pub findings: Vec<Finding>,
    /// What is borne.
    pub notes: Vec<String>,
}

/// Takes waived falls out of `falls`.
#[must_use]
pub fn apply(falls: Vec<Finding>, waivers: &[Waiver], today: Date) -> Applied {
    let mut applied = Applied::default();
    for waiver in waivers {
        if !falls.iter().any(|fall| fall.subject() == waiver.subject) {
            applied.findings.push(Finding::Unneeded { subject: waiver.subject.clone() });
        }
    }
    for fall in falls {
        let waiver = waivers.iter().find(|waiver| waiver.subject == fall.subject());
        match (fall, waiver) {
            (Finding::Fell { subject, before, now, .. }, Some(waiver)) => {
                let is_deeper = waiver.at_least.is_some_and(|least| now.percent < least);
                if today <= waiver.until && !is_deeper {
                    applied.notes.push(format!(
                        "{subject} fell from {} % to {} %, waived until {}: {}",
                        before.percent.exact(),
                        now.percent.exact(),
                        waiver.until,
                        waiver.reason
                    ));
                    continue;
                }
                let why = match waiver.at_least.filter(|_| is_deeper) {
                    Some(least) => format!("its waiver asks for {} %", least.brief()),
                    None => format!("its waiver ended with {}", waiver.until),
                };
                applied.findings.push(Finding::Fell { subject, before, now, waiver: Some(why) });
            }
            (fall, _) => applied.findings.push(fall),
        }
    }
    applied
}

/// Whether a fall of this subject is borne today.
#[must_use]
pub fn holds_for(subject: &str, waivers: &[Waiver], today: Date) -> bool {
    waivers.iter().any(|waiver| waiver.subject == subject && today <= waiver.until)
}
