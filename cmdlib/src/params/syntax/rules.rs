//! What can be asked of a single value.

use std::net::Ipv4Addr;

use serde_json::Value;

use super::super::Params;
use super::super::words::shown;
use super::cpu_mask::{is_cpu_mask, is_cpu_masks};

/// A demand on a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    /// An absolute path in its shortest form.
    Path,
    /// Such a path, or the address of a file on a web or FTP server.
    PathOrUrl,
    /// Numbers and ranges of CPUs.
    CpuMask,
    /// A mask for each virtual CPU.
    CpuMasks,
    /// A whole number within these limits.
    Within(i64, i64),
    /// A whole number that is not negative.
    NotNegative,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// One of these numbers.
    OneNumberOf(&'static [i64]),
    /// The letters of drives, in the order in which Xen tries them.
    XenBootOrder,
    /// An IPv4 address.
    Ipv4,
}

impl Rule {
    /// Whether the value keeps the rule; none of another type does.
    pub(super) fn holds(self, value: &Value) -> bool {
        match self {
            Rule::Path => value.as_str().is_some_and(is_normal_path),
            Rule::PathOrUrl => value.as_str().is_some_and(|text| is_normal_path(text) || is_url(text)),
            Rule::CpuMask => value.as_str().is_some_and(is_cpu_mask),
            Rule::CpuMasks => value.as_str().is_some_and(is_cpu_masks),
            Rule::Within(least, most) => value.as_i64().is_some_and(|number| (least..=most).contains(&number)),
            Rule::NotNegative => value.is_u64(),
            Rule::OneOf(texts) => value.as_str().is_some_and(|text| texts.contains(&text)),
            Rule::OneNumberOf(numbers) => value.as_i64().is_some_and(|number| numbers.contains(&number)),
            Rule::XenBootOrder => {
                value.as_str().is_some_and(|text| !text.is_empty() && text.chars().all(|drive| "acdn".contains(drive)))
            }
            Rule::Ipv4 => value.as_str().is_some_and(|text| text.parse::<Ipv4Addr>().is_ok()),
        }
    }

    /// What is expected, to follow "must be".
    fn expected(self) -> String {
        match self {
            Rule::Path => "an absolute path without doubled slashes, `.` or `..`".to_owned(),
            Rule::PathOrUrl => format!("{} (or an http, https, ftp or ftps address)", Rule::Path.expected()),
            Rule::CpuMask => "CPU numbers and ranges separated by commas, as in 0-2,5".to_owned(),
            Rule::CpuMasks => "`all`, or CPU masks separated by colons, as in 0-2,5:all:3".to_owned(),
            Rule::Within(least, most) => format!("a whole number from {least} to {most}"),
            Rule::NotNegative => "a whole number that is not negative".to_owned(),
            Rule::OneOf(texts) => format!("one of {}", texts.join(", ")),
            Rule::OneNumberOf(numbers) => {
                let texts: Vec<String> = numbers.iter().map(i64::to_string).collect();
                format!("one of {}", texts.join(", "))
            }
            Rule::XenBootOrder => "one or more of the letters a, c, d and n".to_owned(),
            Rule::Ipv4 => "an IPv4 address".to_owned(),
        }
    }
}

/// A rule for a parameter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Check {
    name: &'static str,
    required: bool,
    rule: Rule,
}

/// A parameter that must be set.
pub(super) const fn required(name: &'static str, rule: Rule) -> Check {
    Check { name, required: true, rule }
}

/// A parameter that may also be null or the empty text.
pub(super) const fn optional(name: &'static str, rule: Rule) -> Check {
    Check { name, required: false, rule }
}

impl Check {
    /// Applies the rule to its parameter.
    pub(super) fn judge(self, params: &Params) -> Result<(), String> {
        let value = params.get(self.name).unwrap_or(&Value::Null);
        let unset = value.is_null() || value == "";
        if (unset && !self.required) || (!unset && self.rule.holds(value)) {
            Ok(())
        } else if unset {
            Err(format!("parameter `{}` must be set to {}", self.name, self.rule.expected()))
        } else {
            let expected = self.rule.expected();
            Err(format!("parameter `{}` has the value {}, but must be {expected}", self.name, shown(value)))
        }
    }
}

/// Whether Python's `normpath` leaves the path alone (ganeti 3.1, utils/io.py, `IsNormAbsPath`). Two slashes at the
/// beginning are a root of their own there (POSIX), three are not.
fn is_normal_path(path: &str) -> bool {
    let Some(below) = path.strip_prefix('/') else { return false };
    let below = below.strip_prefix('/').unwrap_or(below);
    below.is_empty() || below.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Whether it begins like an address of a file elsewhere (ganeti 3.1, utils/io.py, `IsUrl`).
fn is_url(text: &str) -> bool {
    ["http://", "https://", "ftp://", "ftps://"].iter().any(|scheme| text.starts_with(scheme))
}
