//! MAC addresses and their prefixes.

use std::error::Error;
use std::fmt;

/// A text that is no MAC address, or no prefix of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacError {
    text: String,
    octets: usize,
}

impl fmt::Display for MacError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.octets == PREFIX_OCTETS { "prefix of a MAC address" } else { "MAC address" };
        let example = &"aa:00:0f:12:34:56"[..3 * self.octets - 1];
        write!(f, "{:?} is no {what}; {} octets are wanted, as in {example}", self.text, self.octets)
    }
}

impl Error for MacError {}

const PREFIX_OCTETS: usize = 3;

/// Reads the first three octets of a MAC address and returns them in lower case (ganeti 3.1, utils/text.py,
/// `NormalizeAndValidateThreeOctetMacPrefix`, which overlooks a line end; here it is refused).
///
/// # Errors
/// Anything but three pairs of hexadecimal digits with colons between.
///
/// ```
/// use cmdlib::net::mac_prefix;
///
/// assert_eq!(mac_prefix("AA:00:0f").as_deref(), Ok("aa:00:0f"));
/// assert!(mac_prefix("aa:00").is_err());
/// ```
pub fn mac_prefix(text: &str) -> Result<String, MacError> {
    octets(text, PREFIX_OCTETS)
}

/// Reads a MAC address of six octets and returns it in lower case (ganeti 3.1, utils/text.py,
/// `NormalizeAndValidateMac`).
///
/// # Errors
/// Anything but six pairs of hexadecimal digits with colons between.
pub fn mac_address(text: &str) -> Result<String, MacError> {
    octets(text, 6)
}

fn octets(text: &str, count: usize) -> Result<String, MacError> {
    let is_octet = |octet: &str| octet.len() == 2 && octet.bytes().all(|byte| byte.is_ascii_hexdigit());
    if text.split(':').count() == count && text.split(':').all(is_octet) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(MacError { text: text.to_owned(), octets: count })
    }
}
