//! Percentages without floating point, so that the same numbers give the same verdict everywhere.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error};

/// A percentage in hundredths, rounded down: 89.999 % is never shown or judged as 90 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u32);

impl Percent {
    /// 100 %.
    pub const FULL: Self = Self(10_000);

    /// So many of a hundred.
    #[must_use]
    pub const fn whole(percent: u8) -> Self {
        if percent > 100 { Self::FULL } else { Self(percent as u32 * 100) }
    }

    /// The share of `covered` in `total`; of nothing, all is covered.
    #[must_use]
    pub fn of(covered: u64, total: u64) -> Self {
        if total == 0 {
            return Self::FULL;
        }
        let hundredths = u128::from(covered) * 10_000 / u128::from(total);
        Self(u32::try_from(hundredths).unwrap_or(u32::MAX).min(10_000))
    }

    /// As a number between 0 and 100, for JSON.
    #[must_use]
    pub fn number(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// Without decimals that say nothing, as thresholds are written: `90`, `92.5`.
    #[must_use]
    pub fn brief(self) -> String {
        self.exact().trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// With both decimals, as the baseline has it.
    #[must_use]
    pub fn exact(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl fmt::Display for Percent {
    /// With one decimal, rounded down.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.0 / 100, self.0 % 100 / 10))
    }
}

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no percentage: wanted a number from 0 to 100 with at most two decimals");
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || decimals.len() > 2 {
            return Err(wrong());
        }
        let whole: u32 = whole.parse().map_err(|_| wrong())?;
        let hundredths: u32 = format!("{decimals:0<2}").parse().map_err(|_| wrong())?;
        match whole.checked_mul(100).and_then(|value| value.checked_add(hundredths)) {
            Some(value) if value <= 10_000 => Ok(Self(value)),
            _ => Err(wrong()),
        }
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // TOML tells integers from floats; both are percentages.
        let value = toml::Value::deserialize(deserializer)?;
        match value {
            toml::Value::Integer(number) => number.to_string().parse().map_err(D::Error::custom),
            toml::Value::Float(number) => number.to_string().parse().map_err(D::Error::custom),
            other => Err(D::Error::custom(format!("a percentage is a number, not {}", other.type_str()))),
        }
    }
}
