//! The memory of instances, which was one parameter before it was two.

use serde_json::Value;

use super::Params;

/// Replaces the old parameter `memory` by `maxmem` and `minmem` (ganeti 3.1, objects.py, `UpgradeBeParams`).
///
/// Where the new ones are given as well, the old one wins. The value is moved as it is, so [`enforce`](super::enforce)
/// comes after.
///
/// ```
/// use cmdlib::params::{Params, upgrade_be};
///
/// let mut params = Params::from_iter([("memory".to_owned(), 512.into())]);
/// upgrade_be(&mut params);
/// assert_eq!(serde_json::Value::from(params).to_string(), r#"{"maxmem":512,"minmem":512}"#);
/// ```
pub fn upgrade_be(params: &mut Params) {
    // Not `remove`, which would move the last parameter to the gap.
    if let Some(memory) = params.shift_remove("memory") {
        params.insert("maxmem".to_owned(), memory.clone());
        params.insert("minmem".to_owned(), memory);
    }
}

/// Refuses a minimum above the maximum. To be asked of a complete set, after [`enforce`](super::enforce).
///
/// The reference accepts it, and the instance then fails in ways that do not tell why.
///
/// # Errors
/// The text names both sizes. What is not a number is not compared.
pub fn check_memory(params: &Params) -> Result<(), String> {
    let size = |name: &str| params.get(name).and_then(Value::as_f64);
    match (size("minmem"), size("maxmem")) {
        (Some(min), Some(max)) if min > max => {
            Err(format!("the minimum memory `minmem` ({min} MiB) is above the maximum `maxmem` ({max} MiB)"))
        }
        _ => Ok(()),
    }
}
