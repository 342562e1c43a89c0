//! Whether a NIC can have its parameters.

use serde_json::Value;

use super::super::Params;
use super::super::words::shown;

/// The modes of a NIC (ganeti 3.1, constants: `NIC_VALID_MODES`), and `auto`, which is decided later.
const MODES: &[&str] = &["auto", "bridged", "openvswitch", "pool", "routed"];

/// Checks the complete parameters of a NIC (ganeti 3.1, objects.py, `NIC.CheckParameterSyntax`).
///
/// # Errors
/// An unknown mode, or mode bridged without a link.
pub fn check_nic(params: &Params) -> Result<(), String> {
    let mode = params.get("mode").unwrap_or(&Value::Null);
    if !mode.as_str().is_some_and(|mode| MODES.contains(&mode)) {
        return Err(format!(
            "NIC parameter `mode` has the value {}, but must be one of {}",
            shown(mode),
            MODES.join(", ")
        ));
    }
    let linked = params.get("link").and_then(Value::as_str).is_some_and(|link| !link.is_empty());
    if mode == "bridged" && !linked {
        return Err("NIC parameter `link` must name the bridge, as the mode is bridged".to_owned());
    }
    Ok(())
}
